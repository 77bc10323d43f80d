"""Token, roster, line items, scores and results, with Moodle's traps."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sandbox.app import create_app
from sandbox.claims import (
    ALL_SCOPES,
    GRADE_SYNC_ONLY,
    SCOPE_LINEITEM,
    SCOPE_LINEITEM_READ,
    SCOPE_NRPS,
    SCOPE_RESULT,
    SCOPE_SCORE,
)
from sandbox.keys import Keys, SigningKey
from sandbox.people import ADMINISTRATOR, ASSISTANT, EDUCATOR, LEARNERS, PEOPLE
from sandbox.platform import Platform
from sandbox.signing import sign
from sandbox.tokens import ASSERTION_TYPE
from werkzeug.test import TestResponse

MEMBERS = "/services/CourseSection/2/bindings/1/memberships"
ITEMS = "/services/2/lineitems?type_id=1"
ITEM = "/services/2/lineitems/1/lineitem?type_id=1"
SCORES = "/services/2/lineitems/1/lineitem/scores?type_id=1"
RESULTS = "/services/2/lineitems/1/lineitem/results?type_id=1"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

Call = Callable[..., TestResponse]


@pytest.fixture
def ask_token(client: FlaskClient, platform: Platform, tool_key: SigningKey) -> Call:
    """POST a token request; claims of the assertion and form fields can be replaced."""

    def ask(
        *, key: SigningKey = tool_key, without: str = "", claims: Any = None, **form: str
    ) -> TestResponse:
        now = int(platform.clock())
        assertion = {
            "iss": "greyarea-sandbox",
            "sub": "greyarea-sandbox",
            "aud": "http://localhost:8090/token",
            "iat": now,
            "exp": now + 60,
            "jti": "j-1",
            **(claims or {}),
        }
        assertion.pop(without, None)
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": sign(assertion, key),
            "scope": SCOPE_SCORE,
            **form,
        }
        return client.post("/token", data=fields)

    return ask


@pytest.fixture
def call(client: FlaskClient, platform: Platform) -> Call:
    """Call a service with a bearer token for all scopes."""

    def send(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        token = platform.tokens.issue(list(ALL_SCOPES))
        return client.open(
            path,
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {token}", **headers},
            content_type=headers.get("content_type"),
        )

    return send


def score(sub: str = LEARNERS[0].sub, **changes: Any) -> dict[str, Any]:
    sent = {
        "userId": sub,
        "scoreGiven": 1,
        "scoreMaximum": 1,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-23T12:00:00Z",
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def give(call: Call, **changes: Any) -> int:
    return call("POST", SCORES, score(**changes), content_type=SCORE_TYPE).status_code


def stored(call: Call) -> list[dict[str, Any]]:
    answer = call("GET", RESULTS)
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.ims.lis.v2.resultcontainer+json"
    found: list[dict[str, Any]] = json.loads(answer.data)
    return found


# Token


def test_a_good_assertion_gets_a_token_that_works(client: FlaskClient, ask_token: Call) -> None:
    answer = ask_token(scope=SCOPE_NRPS)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 3600
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.get(MEMBERS, headers=bearer).status_code == 200
    assert client.get(ITEMS, headers=bearer).status_code == 401


def test_scopes_that_are_not_permitted_are_dropped(ask_token: Call) -> None:
    answer = ask_token(scope=f"{SCOPE_SCORE} https://elsewhere.invalid/scope {SCOPE_RESULT}")
    assert answer.json is not None
    assert answer.json["scope"] == f"{SCOPE_SCORE} {SCOPE_RESULT}"


def test_without_a_permitted_scope_there_is_no_token(ask_token: Call) -> None:
    answer = ask_token(scope="openid")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_a_site_without_column_rights_gives_no_lineitem_scope(
    platform_key: SigningKey, tool_key: SigningKey
) -> None:
    platform = Platform(
        keys=Keys([platform_key]),
        scopes=GRADE_SYNC_ONLY,
        fetch=lambda _: {"keys": [tool_key.public_jwk()]},
    )
    now = int(platform.clock())
    claims = {"iss": platform.site.client_id, "sub": platform.site.client_id, "jti": "a"}
    claims |= {"aud": platform.site.token_url, "iat": now, "exp": now + 60}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": sign(claims, tool_key),
        "scope": SCOPE_LINEITEM,
    }
    answer = create_app(platform).test_client().post("/token", data=form)
    assert answer.json["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "unsupported_grant_type"),
        ({"scope": ""}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
    ],
)
def test_malformed_token_requests(ask_token: Call, form: dict[str, str], error: str) -> None:
    answer = ask_token(**form)
    assert (answer.status_code, answer.json["error"]) == (400, error)


@pytest.mark.parametrize("missing", ["iss", "sub", "aud", "iat", "exp", "jti"])
def test_assertions_need_all_claims(ask_token: Call, missing: str) -> None:
    assert ask_token(without=missing).json["error"] == "invalid_client"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"aud": "http://elsewhere.invalid/token"},
        {"exp": 1_795_435_200 - 61},
        {"iat": 1_795_435_200 + 61},
        {"nbf": 1_795_435_200 + 61},
        {"exp": 1_795_435_200 + 7200},
        {"exp": "soon"},
        {"jti": ["a"]},
    ],
)
def test_assertions_with_wrong_claims(ask_token: Call, claims: dict[str, Any]) -> None:
    assert ask_token(claims=claims).json["error"] == "invalid_client"


def test_the_issuer_is_an_audience_too(ask_token: Call) -> None:
    assert ask_token(claims={"aud": "http://localhost:8090"}).status_code == 200


def test_an_assertion_serves_once(ask_token: Call) -> None:
    assert ask_token().status_code == 200
    assert ask_token().json["error"] == "invalid_client"
    assert ask_token(claims={"jti": "j-2"}).status_code == 200


def test_another_key_is_refused(ask_token: Call, tool_key: SigningKey) -> None:
    stranger = SigningKey.generate()
    assert ask_token(key=stranger).json["error"] == "invalid_client"
    impostor = SigningKey(tool_key.kid, stranger.private)
    assert ask_token(key=impostor).json["error"] == "invalid_client"


def test_a_tool_without_keys_gets_no_token(platform_key: SigningKey, tool_key: SigningKey) -> None:
    def fetch(url: str) -> object:
        raise OSError("refused")

    client = create_app(Platform(keys=Keys([platform_key]), fetch=fetch)).test_client()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": sign({}, tool_key),
        "scope": SCOPE_SCORE,
    }
    assert client.post("/token", data=form).json["error"] == "invalid_client"


def test_a_token_expires(client: FlaskClient, platform: Platform, clock: Any) -> None:
    bearer = {"Authorization": f"Bearer {platform.tokens.issue([SCOPE_NRPS])}"}
    clock.now += 3599
    assert client.get(MEMBERS, headers=bearer).status_code == 200
    clock.now += 1
    assert client.get(MEMBERS, headers=bearer).status_code == 401


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer x", "Basic x"])
@pytest.mark.parametrize("path", [MEMBERS, ITEMS, ITEM, RESULTS])
def test_services_need_a_bearer_token(client: FlaskClient, path: str, value: str) -> None:
    answer = client.get(path, headers={"Authorization": value})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", ITEMS, SCOPE_LINEITEM_READ),
        ("PUT", ITEM, SCOPE_LINEITEM_READ),
        ("DELETE", ITEM, SCOPE_LINEITEM_READ),
        ("POST", SCORES, SCOPE_LINEITEM),
        ("GET", RESULTS, SCOPE_SCORE),
        ("GET", MEMBERS, SCOPE_RESULT),
    ],
)
def test_each_call_needs_its_scope(
    client: FlaskClient, platform: Platform, method: str, path: str, scope: str
) -> None:
    bearer = {"Authorization": f"Bearer {platform.tokens.issue([scope])}"}
    assert client.open(path, method=method, headers=bearer).status_code == 401


# Roster


def test_members_are_the_enrolled_with_short_roles_and_no_names(call: Call) -> None:
    answer = call("GET", MEMBERS)
    assert answer.content_type == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    body = json.loads(answer.data)
    assert body["context"]["id"] == "2"
    members = body["members"]
    assert [member["roles"] for member in members].count(["Learner"]) == 20
    assert members[0] == {
        "status": "Active",
        "roles": ["Learner"],
        "user_id": LEARNERS[0].sub,
        "lis_person_sourcedid": "SBX-learner-1",
    }
    assert ADMINISTRATOR.sub not in answer.text
    assert "Link" not in answer.headers


def test_paging_with_limit_reaches_everybody_once(call: Call) -> None:
    path, seen, pages = f"{MEMBERS}?limit=8&rlid=3", [], 0
    while path:
        answer = call("GET", path)
        seen += [member["user_id"] for member in json.loads(answer.data)["members"]]
        pages += 1
        link = answer.headers.get("Link", "")
        assert link == "" or link.endswith('>; rel="next"')
        path = link[1:].partition(">")[0].removeprefix("http://localhost:8090")
    assert pages == 3
    assert seen == [person.sub for person in PEOPLE if person.enrolled]


def test_an_exact_last_page_has_no_next(call: Call) -> None:
    assert "Link" not in call("GET", f"{MEMBERS}?limit=21").headers
    assert "Link" in call("GET", f"{MEMBERS}?limit=20").headers


@pytest.mark.parametrize(
    ("role", "count"),
    [
        ("Learner", 20),
        ("Instructor", 1),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership%23Instructor", 1),
        ("Mentor", 21),
    ],
)
def test_the_role_filter(call: Call, role: str, count: int) -> None:
    assert len(json.loads(call("GET", f"{MEMBERS}?role={role}").data)["members"]) == count


def test_the_resource_link_adds_its_message_and_a_strange_one_is_404(call: Call) -> None:
    member = json.loads(call("GET", f"{MEMBERS}?rlid=3").data)["members"][0]
    assert [*member["message"][0].values()] == ["LtiResourceLinkRequest"]
    assert call("GET", f"{MEMBERS}?rlid=99").status_code == 404
    assert call("GET", MEMBERS.replace("/2/", "/9/")).status_code == 404


def test_a_teacher_without_editing_rights_is_a_learner_here_and_cannot_be_graded(
    platform_key: SigningKey,
) -> None:
    platform = Platform(
        people=(*PEOPLE, ASSISTANT), keys=Keys([platform_key]), roster_names=True
    )
    client = create_app(platform).test_client()
    bearer = {"Authorization": f"Bearer {platform.tokens.issue(list(ALL_SCOPES))}"}
    members = json.loads(client.get(MEMBERS, headers=bearer).data)["members"]
    (member,) = (member for member in members if member["user_id"] == ASSISTANT.sub)
    assert member["roles"] == ["Learner"]
    assert member["name"] == "Emre Kumtepe"
    assert member["email"] == "assistant@sandbox.invalid"
    body = json.dumps(score(ASSISTANT.sub))
    answer = client.post(SCORES, data=body, headers=bearer, content_type=SCORE_TYPE)
    assert answer.status_code == 400


# Line items


def test_the_activity_has_a_column(call: Call) -> None:
    answer = call("GET", ITEMS)
    assert answer.content_type == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert json.loads(answer.data) == [json.loads(call("GET", ITEM).data)] == [
        {
            "id": f"http://localhost:8090{ITEM}",
            "label": "Grey areas of AI in assessment",
            "scoreMaximum": 100,
            "resourceId": "",
            "tag": "",
            "resourceLinkId": "3",
            "ltiLinkId": "3",
        }
    ]


def test_a_line_item_is_made_found_changed_and_removed(call: Call, platform: Platform) -> None:
    new = {"label": "Reflection", "scoreMaximum": 10, "tag": "completion", "resourceId": "core"}
    made = call("POST", ITEMS, {**new, "resourceLinkId": "3"}, content_type=LINEITEM_TYPE)
    assert made.status_code == 201
    address = json.loads(made.data)["id"].removeprefix("http://localhost:8090")
    for query, count in (("tag=completion", 1), ("resource_id=core", 1), ("tag=x", 0)):
        assert len(json.loads(call("GET", f"{ITEMS}&{query}").data)) == count
    assert len(json.loads(call("GET", f"{ITEMS}&resource_link_id=3").data)) == 2
    scores = address.replace("/lineitem?", "/lineitem/scores?")
    call("POST", scores, score(scoreGiven=0.5), content_type=SCORE_TYPE)
    changed = call("PUT", address, {**new, "scoreMaximum": 4}, content_type=LINEITEM_TYPE)
    assert changed.status_code == 200
    assert platform.gradebook.grades(2)[LEARNERS[0].sub].value == 2
    assert call("DELETE", address).status_code == 204
    assert call("GET", address).status_code == 404
    assert platform.gradebook.grades(2) == {}


def test_the_activitys_own_column_stays(call: Call) -> None:
    assert call("DELETE", ITEM).status_code == 403


def test_line_items_page(call: Call) -> None:
    call("POST", ITEMS, {"label": "B", "scoreMaximum": 1}, content_type=LINEITEM_TYPE)
    first = call("GET", f"{ITEMS}&limit=1")
    assert [item["scoreMaximum"] for item in json.loads(first.data)] == [100]
    following = first.headers["Link"][1:].partition(">")[0]
    second = call("GET", following.removeprefix("http://localhost:8090"))
    assert [item["label"] for item in json.loads(second.data)] == ["B"]
    assert "Link" not in second.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"label": "A"},
        {"scoreMaximum": 1},
        {"label": "A", "scoreMaximum": "1"},
        {"label": "A", "scoreMaximum": 0},
        {"label": "A", "scoreMaximum": float("nan")},
        {"label": "A", "scoreMaximum": True},
        {"label": "A", "scoreMaximum": 10**400},
    ],
)
def test_malformed_line_items(call: Call, platform: Platform, body: Any) -> None:
    for method, path in (("POST", ITEMS), ("PUT", ITEM)):
        assert call(method, path, body, content_type=LINEITEM_TYPE).status_code == 400
    assert [column.label for column in platform.gradebook.columns()] == [
        "Grey areas of AI in assessment"
    ]


def test_a_line_item_for_another_link_is_refused(call: Call) -> None:
    body = {"label": "A", "scoreMaximum": 1, "resourceLinkId": "77"}
    assert call("POST", ITEMS, body, content_type=LINEITEM_TYPE).status_code == 403
    assert call("PUT", ITEM, body).status_code == 403


def test_media_types_are_compared_exactly(call: Call) -> None:
    item = {"label": "A", "scoreMaximum": 1}
    for sent in (None, "application/json", f"{LINEITEM_TYPE}; charset=utf-8"):
        assert call("POST", ITEMS, item, content_type=sent).status_code == 400
    for sent in (None, "application/json", f"{SCORE_TYPE}; charset=utf-8"):
        assert call("POST", SCORES, score(), content_type=sent).status_code == 400
    assert call("GET", ITEMS, Accept="*/*").status_code == 400
    assert call("GET", RESULTS, Accept="application/json").status_code == 400


@pytest.mark.parametrize("path", [ITEMS, ITEM, RESULTS])
def test_the_tool_type_and_course_in_the_address_are_checked(call: Call, path: str) -> None:
    assert call("GET", path.replace("type_id=1", "")).status_code == 403
    assert call("GET", path.replace("type_id=1", "type_id=2")).status_code == 403
    assert call("GET", path.replace("/services/2/", "/services/9/")).status_code == 404
    if "/1/" in path:
        assert call("GET", path.replace("lineitems/1/", "lineitems/9/")).status_code == 404


# Scores and results


def test_a_score_is_rescaled_clamped_and_shown_with_its_comment(call: Call) -> None:
    assert give(call, scoreGiven=42, scoreMaximum=50, comment="Seen <b>all</b>") == 200
    (result,) = stored(call)
    assert result["userId"] == LEARNERS[0].sub
    assert (result["resultScore"], result["resultMaximum"]) == (84, 100)
    assert result["comment"] == "Seen <b>all</b>"
    assert result["timestamp"] == "2026-11-23T12:00:00+00:00"
    assert give(call, scoreGiven=9, timestamp="2026-11-23T12:00:01Z") == 200
    (result,) = stored(call)
    assert (result["resultScore"], result["comment"]) == (100, "")


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        ("2026-11-23T12:00:00Z", 409),
        ("2026-11-23T12:00:00.999999Z", 409),
        ("2026-11-23T13:00:00+02:00", 409),
        ("2026-11-23T12:00:01Z", 200),
        ("2026-11-23T14:00:01.250+02:00", 200),
        ("2027-01-01T00:00:00+00:00", 200),
    ],
)
def test_a_score_has_to_be_later_by_a_whole_second(
    call: Call, timestamp: str, status: int
) -> None:
    assert give(call) == 200
    answer = call("POST", SCORES, score(timestamp=timestamp), content_type=SCORE_TYPE)
    assert answer.status_code == status
    assert status == 200 or answer.text == "[]"


def test_after_a_future_timestamp_the_present_is_refused(call: Call) -> None:
    assert give(call, timestamp="2030-01-01T00:00:00Z") == 200
    assert give(call, timestamp="2026-11-23T12:30:00Z") == 409


def test_each_person_has_their_own_clock(call: Call) -> None:
    assert give(call) == 200
    assert give(call, sub=LEARNERS[1].sub) == 200
    only = json.loads(call("GET", f"{RESULTS}&user_id={LEARNERS[1].sub}").data)
    assert [result["userId"] for result in only] == [LEARNERS[1].sub]


@pytest.mark.parametrize("change", [{"gradingProgress": "Pending"}, {"scoreGiven": None}])
def test_a_score_that_is_not_final_erases_the_grade(call: Call, change: dict[str, Any]) -> None:
    give(call)
    assert len(stored(call)) == 1
    assert give(call, timestamp="2026-11-23T12:00:05Z", **change) == 200
    assert stored(call) == []


@pytest.mark.parametrize("sub", [EDUCATOR.sub, ADMINISTRATOR.sub, "nobody"])
def test_only_learners_of_the_course_can_be_graded(call: Call, sub: str) -> None:
    assert give(call, sub=sub) == 400
    assert stored(call) == []


@pytest.mark.parametrize(
    "change",
    [
        {"userId": None},
        {"userId": 7},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-23T12:00:00"},
        {"timestamp": 1_795_435_200},
        {"activityProgress": None},
        {"gradingProgress": None},
        {"scoreGiven": "1"},
        {"scoreGiven": float("inf")},
        {"scoreMaximum": 0},
        {"scoreMaximum": -1},
    ],
)
def test_malformed_scores(call: Call, change: dict[str, Any]) -> None:
    assert give(call, **change) == 400
    assert stored(call) == []


def test_scores_cannot_be_read_and_other_bodies_are_refused(call: Call) -> None:
    assert call("GET", SCORES).status_code == 405
    assert call("POST", SCORES, [score()], content_type=SCORE_TYPE).status_code == 400
    path = SCORES.replace("lineitems/1/", "lineitems/9/")
    assert call("POST", path, score(), content_type=SCORE_TYPE).status_code == 404


def test_a_grade_set_by_the_teacher_stays(call: Call, platform: Platform, clock: Any) -> None:
    give(call, comment="done")
    platform.gradebook.override(1, LEARNERS[0].sub, 55, clock())
    assert give(call, timestamp="2026-11-23T12:10:00Z") == 200
    (result,) = stored(call)
    assert (result["resultScore"], result["comment"]) == (55, "done")
    assert result["timestamp"] == "2026-11-23T12:10:00+00:00"
