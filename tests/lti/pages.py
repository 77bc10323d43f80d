"""Reading the pages of a login; logins without cookies, and launches at the same time."""

import threading
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from sandbox.site import Site
from tests.lti.forge import Begun, World, new_client


class Page(HTMLParser):
    """Hidden fields, forms and the data of the storage element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.form: dict[str, str | None] = {}
        self.storage: dict[str, str | None] = {}
        self.inline = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input":
            self.fields[str(named["name"])] = named.get("value") or ""
        elif tag == "form":
            self.form = named
        elif named.get("id") == "lti-storage":
            self.storage = named
        if tag == "style" or "style" in named or (tag == "script" and "src" not in named):
            self.inline += 1


def proceed(world: World, **changes: Any) -> tuple[TestResponse, Page]:
    """The second step in a browser that has dropped the cookie of the first."""
    location = world.login(**changes).headers["Location"]
    response = new_client(world.app).get(location)
    return response, Page(response.text)


class Storage:
    """A login and launch in a browser without cookies, up to the confirmation page."""

    def __init__(
        self,
        world: World,
        changes: dict[str, object] | None = None,
        site: Site | None = None,
    ) -> None:
        _, put = proceed(world, site=site, lti_storage_target="_parent")
        self.put = put.storage
        self.begun = Begun(str(self.put["data-next"]))
        self.client = new_client(world.app)
        self.token = world.forge(self.begun, changes)
        self.response = world.launch(self.token, self.begun.state, self.client)
        self.page = Page(self.response.text)

    def confirm(self, secret: str) -> TestResponse:
        form = {"ticket": self.page.fields["ticket"], "secret": secret}
        return self.client.post(str(self.page.form["action"]), data=form)


THREADS = 8


def post_at_once(world: World, posts: list[tuple[str, Begun]]) -> list[tuple[int, str]]:
    """All posts from one browser, started together; status and text of each."""
    cookies = [(cookie.key, cookie.value) for cookie in world.client._cookies.values()]
    together = threading.Barrier(len(posts))
    results: list[tuple[int, str]] = []

    def post(token: str, begun: Begun) -> None:
        client = new_client(world.app)
        for name, value in cookies:
            client.set_cookie(name, value)
        together.wait()
        response = world.launch(token, begun.state, client)
        results.append((response.status_code, response.text))

    threads = [threading.Thread(target=post, args=arguments) for arguments in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
