"""A person without a browser: launches from the sandbox and posts the pages' forms."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """A form of a page: where it posts, its fields, and its buttons (name, value)."""

    action: str
    id: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The forms and the text of a page."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.html = url, html
        self.forms: list[Form] = []
        self.text = ""
        self._box: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms, fields and buttons."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self.url, given.get("action", "")), given.get("id", "")))
        elif not self.forms or "name" not in given:
            return  # what has no name is not sent
        elif tag == "input" and given.get("type", "text") in ("hidden", "text"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button":
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._box = given["name"]
            self.forms[-1].fields[given["name"]] = ""

    def handle_endtag(self, tag: str) -> None:
        """Close a text box."""
        if tag == "textarea":
            self._box = None

    def handle_data(self, data: str) -> None:
        """Collect text, and what stands in a text box."""
        if self._box is not None:
            self.forms[-1].fields[self._box] += data
        self.text += data

    def form(self, path: str) -> Form:
        """The form that posts to a path; raises LookupError with the page's text."""
        for found in self.forms:
            if found.action.split("?")[0].endswith(path):
                return found
        raise LookupError(f"no form to {path} on {self.url}: {' '.join(self.text.split())[:400]}")


class Visitor:
    """Somebody who launches and takes part, over HTTP."""

    def __init__(self, sandbox: str) -> None:
        self.sandbox = sandbox
        self.http = requests.Session()
        self.http.trust_env = False
        self.page, self.status = Page(sandbox, ""), 0
        self.seen: int | None = None
        """With a number, posts as the page's script does and gets what is new."""

    def post(self, form: Form, **values: str) -> Page:
        """Post a form with its fields and these values; the page that comes back."""
        return self._follow("POST", form.action, {**form.fields, **values})

    def _follow(self, method: str, url: str, data: dict[str, str] | None = None) -> Page:
        """Request and follow redirects, sending Secure cookies to http://127.0.0.1 too.

        Browsers count that address as secure enough; requests does not.
        """
        for _ in range(10):
            answer = self.http.request(
                method,
                url,
                data=data,
                timeout=30,
                allow_redirects=False,
                headers={} if self.seen is None else {"X-Greyarea-Seen": str(self.seen)},
            )
            for cookie in self.http.cookies:
                cookie.secure = False
            if not answer.is_redirect:
                break
            method, data = "GET", None
            url = urljoin(answer.url, answer.headers["Location"])
        self.page, self.status = Page(answer.url, answer.text), answer.status_code
        if self.seen is not None:
            said = re.findall(r'<li id="u(\d+)"', answer.text)
            self.seen = max(self.seen, *map(int, said)) if said else self.seen
        return self.page

    def launch(self, person: str, container: str = "window") -> Page:
        """Go through login and launch, as the auto-posted forms would."""
        self._follow("GET", f"{self.sandbox}/launch/{person}/{container}")
        for path in ("/lti/login/sandbox", "/lti/launch"):
            self.post(self.page.form(path))
        return self.page

    def consent(self, role_view: str = "learner") -> Page:
        """Agree to everything and begin."""
        form = self.page.form("/app/consent")
        values = {"take_part": "yes", "research": "yes", "quote": "yes", "answer": "yes"}
        return self.post(form, **values, role_view=role_view, profession="nursing")

    def option(self, value: str) -> Page:
        """Press a button of the open question."""
        return self.post(self.page.form("/app/turn"), option=value)

    def write(self, text: str) -> Page:
        """Send words."""
        return self.post(self.page.form("/app/turn"), text=text)

    @property
    def options(self) -> list[str]:
        """The values of the buttons that can be pressed now."""
        return [value for name, value in self.page.form("/app/turn").buttons if name == "option"]
