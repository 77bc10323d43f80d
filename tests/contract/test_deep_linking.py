"""Choosing activities (rows D): from the LMS's request to an answer that its own check takes."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lti.claims import DEEP_LINKING, LAUNCH_PRESENTATION, MESSAGE_TYPE, RESOURCE_LINK, ROLES
from lti.keys import ensure_tool_keys, public_key_set
from lti.messages import DEEP_LINKING_REQUEST
from sandbox.choices import read_choice, settings
from sandbox.courses import Item
from sandbox.errors import ToolJwtError
from sandbox.people import EDUCATOR
from sandbox.tool_jwt import ToolJwts
from store.db import Database
from store.lti_repository import find_institution
from store.models import Attempt, Participant
from tests.contract.campus import make_campus, post
from tests.contract.rows import Row, variant
from tests.contract.test_moodle import ANEW, recorded
from tests.lti.forge import ISSUER, MEMBERSHIP, MISSING, World

BACK = f"{ISSUER}/choice?course=2&sesskey=abc"
INSTRUCTOR = [MEMBERSHIP + "Instructor"]


@pytest.fixture
def campus(database: Database) -> World:
    """The whole tool, with a teacher at the LMS."""
    world = make_campus(database)
    world.person = EDUCATOR
    # A refusal is answered too, signed with the institution's key.
    with database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        ensure_tool_keys(session, world.keyring, institution, world.clock())
    world.before = world.counts()
    return world


def request_with(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The claims of a choice, its settings changed."""
    asked = {**settings(BACK, "Grey Area"), **(changes or {})}
    return {
        MESSAGE_TYPE: DEEP_LINKING_REQUEST,
        RESOURCE_LINK: MISSING,
        ROLES: INSTRUCTOR,
        LAUNCH_PRESENTATION: {"locale": "en"},
        DEEP_LINKING: {name: value for name, value in asked.items() if value is not MISSING},
    }


def token_of(campus: World, changes: dict[str, Any] | None = None) -> str:
    """A choice that has begun; the session's token."""
    response = campus.run(request_with(changes))
    assert response.status_code == 200 and "Choose the cases" in response.text, response.text
    return campus.entered[-1][1]


def choose(campus: World, token: str, **values: Any) -> TestResponse:
    form = {"which": "pack:core", "policy": "follow", **values}
    return campus.app.test_client().post("/app/deep-link", data={"session": token, **form})


def jwt_of(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    return jwt_in(answer)


def jwt_in(answer: TestResponse) -> str:
    """The answer to the LMS in a page, whose form goes to the LMS."""
    assert f'action="{html.escape(BACK)}"' in answer.text
    found = re.search(r'name="JWT" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


def taken(campus: World, answer: TestResponse) -> tuple[list[Item], str]:
    """What the sandbox LMS makes of an answer: its check is as strict as Moodle's."""
    _, items, message = read_choice(checker(campus), jwt_of(answer))
    return items, message


def checker(campus: World) -> ToolJwts:
    def keys(_: str) -> Any:
        with campus.database.read() as session:
            return public_key_set(session)

    return ToolJwts(campus.platform.site_of, keys, lambda: campus.clock().timestamp())


@pytest.mark.case("D01")
def test_a_good_request_leads_to_a_choice_and_back(campus: World) -> None:
    (item,), message = taken(campus, choose(campus, token_of(campus), number="2"))
    assert item.custom == {"pack": "core", "pack_version": "follow", "cases": "2"}
    assert message == "" and item.line_item is None


@pytest.mark.case("D01")
def test_the_request_of_a_real_moodle(campus: World) -> None:
    claims = recorded("teacher1-deeplinking")
    asked = {**claims[DEEP_LINKING], "deep_link_return_url": BACK}
    verbatim = {name: value for name, value in claims.items() if name not in ANEW}
    response = campus.run({**verbatim, RESOURCE_LINK: MISSING, DEEP_LINKING: asked})
    assert "Choose the cases" in response.text
    result, token = campus.entered[-1]
    assert (result.kind, result.role, result.resource_link) == ("deep_link", "educator", None)
    answer = choose(campus, token, which="single", case=["S01", "S02"], separate="yes")
    items, _ = taken(campus, answer)
    assert len(items) == 2
    database = campus.database.engine.url.database
    campus.database.engine.dispose()
    assert database is not None
    stored = Path(database).read_bytes()
    for person in ("Tess", "Teacher", "teacher1@example.invalid", "lux3WNdiSj", "abc&"):
        assert person.encode() not in stored.replace(b"Teachers", b"")


REFUSED = [
    variant("D02", {"deep_link_return_url": MISSING}),
    variant("D02", {"deep_link_return_url": ""}),
    variant("D03", {"deep_link_return_url": "https://evil.example/back"}),
    variant("D03", {"deep_link_return_url": ISSUER.replace("https", "http") + "/back"}),
    variant("D03", {"deep_link_return_url": "javascript:alert(1)"}),
    variant("D03", {"deep_link_return_url": f"{ISSUER}@evil.example/"}),
    variant("D03", {"deep_link_return_url": f"{ISSUER}.evil.example/"}),
    variant("D03", {"deep_link_return_url": "//lms.example.edu/back"}),
    variant("D04", {"accept_types": MISSING}),
    variant("D04", {"accept_types": []}),
    variant("D05", {"accept_types": ["link", "file"]}),
    variant("D06", {"accept_presentation_document_targets": MISSING}),
    variant("D06", {"accept_presentation_document_targets": []}),
]


@pytest.mark.parametrize("changes", REFUSED)
def test_refused(campus: World, row: Row, changes: dict[str, Any]) -> None:
    response = campus.run(request_with(changes))
    row.refuses(campus, response, next(iter(row.refusals)))
    if row.id == "D03":
        assert "evil.example" not in response.headers["Content-Security-Policy"]


@pytest.mark.case("D05")
def test_a_refusal_has_a_way_back(campus: World) -> None:
    response = campus.run(request_with({"accept_types": ["link"]}))
    _, items, message = read_choice(checker(campus), jwt_in(response))
    assert items == [] and "does not take activities" in message


@pytest.mark.case("D03b")
def test_markup_in_the_return_address_is_text(campus: World) -> None:
    hostile = f'{ISSUER}/b?"><script>alert(1)</script>'
    token = token_of(campus, {"deep_link_return_url": hostile})
    page = choose(campus, token)
    assert page.status_code == 200 and "<script>alert" not in page.text
    assert f'action="{html.escape(hostile, quote=True).replace("&#x27;", "&#39;")}"' in (
        page.text.replace("&#34;", "&quot;")
    )
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


@pytest.mark.case("D07")
@pytest.mark.parametrize("data", ["", "csrftoken:c7fbba78", '{"a": ["ü", "&"]}', "x" * 4000])
def test_data_comes_back_unaltered(campus: World, data: str) -> None:
    answer = jwt_of(choose(campus, token_of(campus, {"data": data})))
    assert payload(answer)["https://purl.imsglobal.org/spec/lti-dl/claim/data"] == data


@pytest.mark.case("D07")
def test_no_data_sends_no_data(campus: World) -> None:
    answer = payload(jwt_of(choose(campus, token_of(campus))))
    assert "https://purl.imsglobal.org/spec/lti-dl/claim/data" not in answer


@pytest.mark.case("D08")
def test_one_where_one_is_accepted(campus: World) -> None:
    token = token_of(campus, {"accept_multiple": False})
    answer = choose(campus, token, which="single", case=["S01", "S02"], separate="yes")
    (item,), _ = taken(campus, answer)
    assert item.custom["scenarios"] == "S01,S02"


@pytest.mark.case("D09")
@pytest.mark.parametrize(("accepts", "sent"), [(False, False), (True, True), (MISSING, True)])
def test_a_column_where_it_may_be_taken(campus: World, accepts: Any, sent: bool) -> None:
    token = token_of(campus, {"accept_lineitem": accepts})
    (item,), _ = taken(campus, choose(campus, token, completion="yes"))
    assert (item.line_item is not None) is sent
    if item.line_item is not None:
        assert (item.line_item.maximum, item.line_item.tag) == (1, "completion")


@pytest.mark.case("D10")
@pytest.mark.parametrize("name", ["Learner", "Mentor", "Instructor#TeachingAssistant", "Nobody"])
def test_for_those_who_teach_or_design(campus: World, row: Row, name: str) -> None:
    named = MEMBERSHIP + name
    if "#" in name:
        named = MEMBERSHIP.replace("#", "/") + name
    row.refuses(campus, campus.run(request_with() | {ROLES: [named]}))


@pytest.mark.case("D11")
def test_the_second_answer_is_refused(campus: World, row: Row) -> None:
    token = token_of(campus)
    assert taken(campus, choose(campus, token))[0]
    again = choose(campus, token)
    ((code, status),) = row.refusals.items()
    assert again.status_code == status and f"<code>{code} " in again.text
    assert 'name="JWT"' not in again.text


@pytest.mark.case("D11")
def test_an_answer_serves_the_lms_once(campus: World) -> None:
    answer, check = jwt_of(choose(campus, token_of(campus))), checker(campus)
    read_choice(check, answer)
    with pytest.raises(ToolJwtError, match="used before"):
        read_choice(check, answer)


@pytest.mark.case("D11")
def test_sessions_do_what_they_were_opened_for(campus: World) -> None:
    token = token_of(campus)
    for path in ("/app", "/app/class", "/app/consent", "/app/activity/choose"):
        assert post(campus, path, token).status_code == 403
    assert campus.run({ROLES: INSTRUCTOR}).status_code == 200
    assert choose(campus, campus.entered[-1][1]).status_code == 403
    assert choose(campus, "no token").status_code == 401
    assert campus.count(Attempt) == campus.count(Participant) == 0


@pytest.mark.case("D12")
def test_nothing_chosen_is_an_answer_too(campus: World) -> None:
    items, message = taken(campus, choose(campus, token_of(campus), cancel="yes"))
    assert items == [] and message == "Nothing was added."


MALFORMED: list[Any] = [None, [], 7, "x", {}, {"accept_types": "ltiResourceLink"}]


@pytest.mark.parametrize("claim", [*MALFORMED, {"accept_multiple": "yes"}, {"data": {"a": 1}}])
def test_malformed_settings_are_refused(campus: World, claim: Any) -> None:
    whole = claim
    if isinstance(claim, dict) and claim:
        whole = {**settings(BACK, "t"), **claim}
    response = campus.run({**request_with(), DEEP_LINKING: whole})
    assert response.status_code == 400 and campus.entered == []


def payload(token: str) -> dict[str, Any]:
    """The claims of an answer; the sandbox checks signatures elsewhere."""
    from sandbox.forging import read_part

    found = read_part(token, 1)
    assert json.dumps(found)
    return found
