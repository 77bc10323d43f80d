"""A gradebook behind an LMS without a network: columns that can be listed and made."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lti.services.http import Answer
from lti.services.line_items import LINEITEM, LINEITEM_READ
from lti.services.scores import RESULT, SCORE
from store.models import ResourceLink
from tests.lti.services.lms import TOKEN, Lms, Request, add_link
from tests.worlds import World

BASE = "https://testville.example.edu/mod/lti/services.php/2/lineitems"
ITEMS = f"{BASE}?type_id=1"
READ_ONLY = (SCORE, RESULT, LINEITEM_READ)
ALL = (*READ_ONLY, LINEITEM)
FILTERS = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}


@dataclass
class Gradebook:
    """Answers as AGS says. ``heeds``: whether the filters of a list are followed."""

    items: list[dict[str, Any]] = field(default_factory=list)
    heeds: bool = True
    pages: bool = False
    refuses: dict[str, Answer] = field(default_factory=dict)
    """Answers in place of its own, by what is asked: "list", "make", "show", "score"."""
    scores: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **properties: Any) -> str:
        with self._lock:
            address = f"{BASE}/{len(self.items) + 1}/lineitem?type_id=1"
            self.items.append({"id": address, **properties})
        return address

    def __call__(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        if path.endswith("/scores"):
            return self._of("score", lambda: self._score(request))
        if not path.endswith("/lineitems"):
            return self._of("show", lambda: Answer(200 if self._has(request.url) else 404))
        if request.method == "POST":
            return self._of("make", lambda: self._make(request))
        return self._of("list", lambda: self._list(request))

    def _of(self, asked: str, otherwise: Any) -> Answer:
        return self.refuses[asked] if asked in self.refuses else otherwise()

    def _has(self, address: str) -> bool:
        return any(item["id"] == address for item in self.items)

    def _score(self, request: Request) -> Answer:
        address = request.url.replace("/scores", "")
        if not self._has(address):
            return Answer(404)
        self.scores.append(address)
        return Answer(200)

    def _make(self, request: Request) -> Answer:
        sent = json.loads(request.body or b"")
        return Answer(201, {}, json.dumps({**sent, "id": self.add(**sent)}).encode())

    def _list(self, request: Request) -> Answer:
        query = dict(parse_qsl(urlsplit(request.url).query))
        wanted = {FILTERS[name]: value for name, value in query.items() if name in FILTERS}
        found = [
            item
            for item in self.items
            if not self.heeds or all(item.get(name) == value for name, value in wanted.items())
        ]
        if not self.pages:
            return Answer(200, {}, json.dumps(found).encode())
        start = int(query.get("from", 0))
        following = f"{request.url.partition('&from=')[0]}&from={start + 1}"
        more = {"link": f'<{following}>; rel="next"'} if start + 1 < len(found) else {}
        return Answer(200, more, json.dumps(found[start : start + 1]).encode())


def lms_of(gradebook: Gradebook) -> Lms:
    return Lms(token=lambda _: TOKEN, service=gradebook)


def ungraded(world: World, scopes: tuple[str, ...] = ALL, **link: Any) -> ResourceLink:
    """An activity of which launches name no column."""
    return add_link(world, lineitem=None, scopes=scopes, lineitems=ITEMS, **link)


def made(lms: Lms) -> list[Any]:
    """What was posted to the list of columns."""
    return [
        json.loads(request.body or b"")
        for request in lms.calls
        if request.method == "POST" and urlsplit(request.url).path.endswith("/lineitems")
    ]
