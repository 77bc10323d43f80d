"""The page for receipt codes: reached without a course, it withdraws or deletes and shows nothing.

Tries are not counted: a code has 100 bits, and the address of who tries is looked at nowhere.
"""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from store import receipts
from web.services import services
from web.words import N_, _

pages = Blueprint("receipt", __name__)

DONE = {
    "withdraw": N_(
        "Done: your answers are not part of the research any more. Figures already published are "
        "corrected at their next update, within seven days."
    ),
    "delete": N_("Done: everything you said is deleted."),
}
NOTHING = N_("Nothing of yours is stored any more.")


@pages.route("/receipt", methods=["GET", "POST"])
def show() -> Response:
    """The form; with a code what can be done with it; with an act as well, doing it."""
    here = services()
    typed, act = request.form.get("code", ""), request.form.get("act")
    if request.method == "GET":
        return _page()
    if act is not None and act not in receipts.ACTS:
        return _page(problem=True, status=422)
    with here.database.write() as session:
        person = receipts.find(session, typed)
        if person is None:
            return _page(typed=typed, problem=True, status=422)
        if act is None:
            return _page(typed=typed, known=True)
        left = receipts.carry_out(session, person, act, here.clock())
    return _page(done=_(DONE[act] if left else NOTHING))


def _page(
    *,
    typed: str = "",
    known: bool = False,
    problem: bool = False,
    done: str = "",
    status: int = 200,
) -> Response:
    page = render_template(
        "receipt.html", code=typed[:100], known=known, problem=problem, done=done
    )
    return make_response(page, status)
