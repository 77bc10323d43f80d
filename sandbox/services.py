"""What the tool's server calls: keys, tokens, roster, line items, scores, results."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from sandbox import roster
from sandbox.claims import (
    SCOPE_LINEITEM,
    SCOPE_LINEITEM_READ,
    SCOPE_NRPS,
    SCOPE_RESULT,
    SCOPE_SCORE,
)
from sandbox.errors import ServiceRefusedError, TokenRefusedError
from sandbox.gradebook import Column
from sandbox.platform import Platform
from sandbox.scores import number, read_object, read_score
from sandbox.site import Site

NRPS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINEITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


def service_endpoints(platform: Platform) -> Blueprint:
    """The machine-facing endpoints."""
    blueprint = Blueprint("services", __name__)
    site, gradebook = platform.site, platform.gradebook
    memberships_path = "/services/CourseSection/<course>/bindings/<binding>/memberships"
    items_path = "/services/<course>/lineitems"
    item_path = f"{items_path}/<int:column_id>/lineitem"

    @blueprint.errorhandler(ServiceRefusedError)
    def refused(error: ServiceRefusedError) -> Response:
        # The reason goes into the status line, as Moodle does; the body says nothing.
        response = Response("[]", f"{error.status} {error}", content_type="application/json")
        if error.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response

    @blueprint.get("/jwks.json")
    def jwks() -> Response:
        return jsonify(platform.keys.jwks())

    @blueprint.post("/token")
    def token() -> tuple[Response, int]:
        try:
            return jsonify(platform.tokens.grant(request.form)), 200
        except TokenRefusedError as error:
            return jsonify(error=error.code, error_description=str(error)), 400

    def admit(*scopes: str) -> None:
        """Raise ServiceRefusedError 401 unless the bearer token has one of ``scopes``."""
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        held = platform.tokens.scopes(bearer.strip()) if scheme.lower() == "bearer" else set()
        if not held & set(scopes):
            raise ServiceRefusedError(401, "no valid token with the needed scope")

    def in_course(course: str) -> None:
        """Raise ServiceRefusedError: 404 for another course, 403 for another tool type."""
        if not any(known.id == course for known in platform.courses.all):
            raise ServiceRefusedError(404, "no such course")
        if platform.site_of_deployment(request.args.get("type_id")) is None:
            raise ServiceRefusedError(403, "type_id is not this tool's")

    def known_link(link_id: str) -> bool:
        """Whether an activity has this resource link."""
        return any(
            activity.id == link_id
            for course in platform.courses.all
            for activity in course.activities
        )

    def here() -> Site:
        """The course with the tool whose address this is."""
        return platform.site_of_deployment(request.args.get("type_id")) or site

    @blueprint.get(memberships_path)
    def memberships(course: str, binding: str) -> Response:
        admit(SCOPE_NRPS)
        bound = platform.site_of_deployment(binding)
        if bound is None or not any(known.id == course for known in platform.courses.all):
            raise ServiceRefusedError(404, "no such course")
        link_id = request.args.get("rlid")
        if link_id is not None and not known_link(link_id):
            raise ServiceRefusedError(404, "no such resource link")
        role = request.args.get("role")
        limit, start = _whole("limit"), _whole("from")
        people = roster.select(platform.people.values(), role)
        members, following = roster.page(people, start, limit)
        body = roster.container(members, bound, names=platform.roster_names, link_id=link_id)
        response = _json(body, NRPS_TYPE)
        if following is not None:
            query = {"limit": limit, "from": following, "role": role, "rlid": link_id}
            kept = {name: value for name, value in query.items() if value is not None}
            response.headers["Link"] = f'<{bound.memberships_url}?{urlencode(kept)}>; rel="next"'
        return response

    @blueprint.get(items_path)
    def lineitems(course: str) -> Response:
        admit(SCOPE_LINEITEM, SCOPE_LINEITEM_READ)
        in_course(course)
        _exactly(request.headers.get("Accept"), LINEITEMS_TYPE, optional=True)
        asked = {
            name: request.args.get(name) for name in ("tag", "resource_id", "resource_link_id")
        }
        found = [
            column
            for column in gradebook.columns()
            if all(wanted in {None, getattr(column, name)} for name, wanted in asked.items())
        ]
        limit, start = _whole("limit"), _whole("from")
        shown = found[start : start + limit] if limit else found
        response = _json([describe(column) for column in shown], LINEITEMS_TYPE)
        if limit and start + limit < len(found):
            kept = {name: wanted for name, wanted in asked.items() if wanted is not None}
            more = urlencode({**kept, "limit": limit, "from": start + limit})
            response.headers["Link"] = f'<{here().lineitems_url}&{more}>; rel="next"'
        return response

    @blueprint.post(items_path)
    def add_lineitem(course: str) -> Response:
        admit(SCOPE_LINEITEM)
        in_course(course)
        _exactly(request.headers.get("Content-Type"), LINEITEM_TYPE)
        sent = read_object(request.get_data())
        column = gradebook.add(resource_link_id=linked(sent), **_properties(sent))
        return _json({**sent, "id": here().lineitem_url(column.id)}, LINEITEM_TYPE, 201)

    @blueprint.get(item_path)
    def lineitem(course: str, column_id: int) -> Response:
        admit(SCOPE_LINEITEM, SCOPE_LINEITEM_READ)
        in_course(course)
        return _json(describe(gradebook.column(column_id)), LINEITEM_TYPE)

    @blueprint.put(item_path)
    def change_lineitem(course: str, column_id: int) -> Response:
        admit(SCOPE_LINEITEM)
        in_course(course)
        gradebook.column(column_id)
        sent = read_object(request.get_data())
        linked(sent)
        gradebook.change(column_id, **_properties(sent))
        return _json({**sent, "id": here().lineitem_url(column_id)}, LINEITEM_TYPE)

    @blueprint.delete(item_path)
    def remove_lineitem(course: str, column_id: int) -> Response:
        admit(SCOPE_LINEITEM)
        in_course(course)
        gradebook.remove(column_id)
        return Response(status=204)

    @blueprint.post(f"{item_path}/scores")
    def add_score(course: str, column_id: int) -> Response:
        admit(SCOPE_SCORE)
        _exactly(request.headers.get("Content-Type"), SCORE_TYPE)
        in_course(course)
        gradebook.column(column_id)
        score = read_score(request.get_data())
        person = platform.gradable(score.user_id)
        gradebook.record(column_id, person.sub, score)
        return Response(status=200, content_type=SCORE_TYPE)

    @blueprint.get(f"{item_path}/results")
    def results(course: str, column_id: int) -> Response:
        admit(SCOPE_RESULT)
        in_course(course)
        _exactly(request.headers.get("Accept"), RESULTS_TYPE, optional=True)
        column = gradebook.column(column_id)
        address = here().lineitem_url(column_id)
        path, _, query = address.partition("?")
        only = request.args.get("user_id")
        body = [
            {
                "id": f"{path}/results?{query}&user_id={sub}",
                "userId": sub,
                "resultScore": grade.value,
                "resultMaximum": column.maximum,
                "comment": grade.comment,
                "scoreOf": address,
                "timestamp": _iso(grade.timestamp),
            }
            for sub, grade in gradebook.grades(column_id).items()
            if only in {None, sub}
        ]
        return _json(body, RESULTS_TYPE)

    def describe(column: Column) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": here().lineitem_url(column.id),
            "label": column.label,
            "scoreMaximum": column.maximum,
            "resourceId": column.resource_id,
            "tag": column.tag,
        }
        if column.resource_link_id is not None:
            shown["resourceLinkId"] = shown["ltiLinkId"] = column.resource_link_id
        return shown

    def linked(sent: dict[str, Any]) -> str | None:
        """The resource link of a line item; raises ServiceRefusedError 403 for another's."""
        link_id = sent.get("resourceLinkId", sent.get("ltiLinkId"))
        if link_id is None:
            return None
        if not known_link(str(link_id)):
            raise ServiceRefusedError(403, "no such resource link")
        return str(link_id)

    return blueprint


def _properties(sent: dict[str, Any]) -> dict[str, Any]:
    label, maximum = sent.get("label"), number(sent.get("scoreMaximum"))
    if not isinstance(label, str) or not label or maximum is None or maximum <= 0:
        raise ServiceRefusedError(400, "label and scoreMaximum are needed")
    return {
        "label": label,
        "maximum": maximum,
        "resource_id": str(sent.get("resourceId") or ""),
        "tag": str(sent.get("tag") or ""),
    }


def _exactly(sent: str | None, wanted: str, *, optional: bool = False) -> None:
    """Moodle compares the whole header, so that ``; charset=utf-8`` is refused."""
    if sent != wanted and not (optional and not sent):
        raise ServiceRefusedError(400, f"the media type has to be {wanted}")


def _whole(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _json(body: Any, media_type: str, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type=media_type)
