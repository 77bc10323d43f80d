"""What an LMS may read of this tool without asking anybody: its public keys, its description."""

from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, jsonify

from lti.addresses import ToolAddresses
from lti.canvas import developer_key
from lti.keys import public_key_set
from store.lti_repository import find_institution_of_key
from web.launch import Collaborators

pages = Blueprint("published", __name__)

KEY_SET_SECONDS = 3600


@pages.get("/lti/jwks/<key>.json")
def key_set(key: str) -> Response:
    """The public keys of the institution whose registration has that key."""
    with _tool().database.read() as session:
        institution = find_institution_of_key(session, key)
        if institution is None:
            abort(404)
        return _cached(public_key_set(session, institution))


@pages.get("/lti/jwks.json")
def shared_key_set() -> Response:
    """The public keys of all institutions, for LMSs that were told this address."""
    with _tool().database.read() as session:
        return _cached(public_key_set(session))


@pages.get("/lti/config/<key>/canvas.json")
def canvas(key: str) -> Response:
    """The registration with that key, or the next one by hand, as Canvas wants it described."""
    tool = _tool()
    with tool.database.read() as session:
        if find_institution_of_key(session, key) is None:
            abort(404)
    return jsonify(developer_key(ToolAddresses(tool.settings.public_url, key)))


def _tool() -> Collaborators:
    return cast(Collaborators, current_app.extensions["greyarea"])


def _cached(keys: dict[str, Any]) -> Response:
    response = jsonify(keys)
    response.headers["Cache-Control"] = f"public, max-age={KEY_SET_SECONDS}"
    return response
