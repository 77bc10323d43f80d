"""The page for receipt codes: reached without a course, it withdraws or deletes and shows nothing.

Tries are counted in this process's memory, for a minute: an address is stored nowhere.
"""

from collections import deque
from threading import Lock

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from store import receipts
from web.services import services
from web.words import N_, _

pages = Blueprint("receipt", __name__)

MOST_TRIES = 20
WINDOW_SECONDS = 60.0
DONE = {
    "withdraw": N_(
        "Done: your answers are not part of the research any more. Figures already published are "
        "corrected at their next update, within seven days."
    ),
    "delete": N_("Done: everything you said is deleted."),
}
NOTHING = N_("Nothing of yours is stored any more.")


class Tries:
    """At most so many tries a minute and address; remembers nothing for longer."""

    def __init__(self) -> None:
        self._at: dict[str, deque[float]] = {}
        self._lock = Lock()

    def allow(self, address: str, now: float) -> bool:
        """Count a try; False if there have been too many."""
        with self._lock:
            for other in list(self._at):
                times = self._at[other]
                while times and times[0] <= now - WINDOW_SECONDS:
                    times.popleft()
                if not times:
                    del self._at[other]
            tried = self._at.setdefault(address, deque())
            if len(tried) >= MOST_TRIES:
                return False
            tried.append(now)
            return True


tries = Tries()


@pages.route("/receipt", methods=["GET", "POST"])
def show() -> Response:
    """The form; with a code what can be done with it; with an act as well, doing it."""
    here = services()
    typed, act = request.form.get("code", ""), request.form.get("act")
    if request.method == "GET":
        return _page()
    if act is not None and act not in receipts.ACTS:
        return _page(problem="unknown", status=422)
    if not tries.allow(request.remote_addr or "", here.clock().timestamp()):
        return _page(typed=typed, problem="too_often", status=429)
    with here.database.write() as session:
        person = receipts.find(session, typed)
        if person is None:
            return _page(typed=typed, problem="unknown", status=422)
        if act is None:
            return _page(typed=typed, known=True)
        left = receipts.carry_out(session, person, act, here.clock())
    return _page(done=_(DONE[act] if left else NOTHING))


def _page(
    *, typed: str = "", known: bool = False, problem: str = "", done: str = "", status: int = 200
) -> Response:
    page = render_template(
        "receipt.html", code=typed[:100], known=known, problem=problem, done=done
    )
    return make_response(page, status)
