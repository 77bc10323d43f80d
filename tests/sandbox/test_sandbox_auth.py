"""Launch and authentication: what is posted to the tool, and what is not."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

import jwt
import pytest
from flask.testing import FlaskClient

from sandbox.claims import AGS, INSTRUCTOR, LEARNER, LTI
from sandbox.hints import MAX_OPEN, Hints, Launch
from sandbox.options import LaunchOptions
from sandbox.people import EDUCATOR, LEARNERS
from sandbox.platform import Platform

REDIRECT = "http://127.0.0.1:8080/lti/launch"


@pytest.fixture
def start(client: FlaskClient, form: Callable) -> Callable[..., dict[str, str]]:
    """Start a launch and give the authentication request that a good tool would send."""

    def begin(who: str = "learner-1", container: str = "window", **options: str) -> dict[str, str]:
        login = form(client.post(f"/launch/{who}/{container}", data=options).text).fields
        return {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": login["client_id"],
            "redirect_uri": REDIRECT,
            "login_hint": login["login_hint"],
            "lti_message_hint": login["lti_message_hint"],
            "state": 's"&<é',
            "nonce": "n-1",
        }

    return begin


def decode(platform: Platform, token: str) -> dict:
    key = jwt.PyJWKSet.from_dict(platform.keys.jwks())[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience="greyarea-sandbox",
        issuer="http://localhost:8090",
        # The platform's clock stands still, so the real one is not asked.
        options={"verify_exp": False, "verify_iat": False},
    )


@pytest.mark.parametrize("container", ["same", "iframe", "window"])
def test_login_initiation(client: FlaskClient, form: Callable, container: str) -> None:
    answer = client.get(f"/launch/learner-7/{container}")
    page = form(answer.text)
    assert page.action == "http://127.0.0.1:8080/lti/login/sandbox"
    assert page.buttons == 1
    hint = json.loads(page.fields.pop("lti_message_hint"))
    assert hint["cmid"] == 4
    assert hint["launchid"].startswith("ltilaunch4_")
    assert page.fields == {
        "iss": "http://localhost:8090",
        "target_link_uri": REDIRECT,
        "login_hint": LEARNERS[6].sub,
        "client_id": "greyarea-sandbox",
        "lti_deployment_id": "1",
    }
    assert page.target == ("contentframe" if container == "iframe" else "")
    assert ('name="contentframe"' in answer.text) == (container == "iframe")


@pytest.mark.parametrize(
    ("storage", "container", "target"),
    [
        ("off", "iframe", None),
        ("parent", "iframe", "_parent"),
        ("frame", "iframe", "lti_storage_frame"),
        ("frame", "window", "lti_storage_frame"),
        ("parent", "same", None),
        ("nonsense", "iframe", None),
    ],
)
def test_storage_target(
    client: FlaskClient, form: Callable, storage: str, container: str, target: str | None
) -> None:
    page = form(client.get(f"/launch/educator/{container}?storage={storage}").text)
    assert page.fields.get("lti_storage_target") == target


@pytest.mark.parametrize("path", ["/launch/nobody/window", "/launch/learner-1/popup", "/launch"])
def test_unknown_launches_are_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_good_request_posts_id_token_and_state(
    client: FlaskClient, platform: Platform, form: Callable, start: Callable, method: str
) -> None:
    request = start()
    if method == "get":
        answer = client.get(f"/auth?{urlencode(request)}")
    else:
        answer = client.post("/auth", data=request)
    page = form(answer.text)
    assert answer.status_code == 200
    assert page.action == REDIRECT
    assert page.buttons == 1
    assert set(page.fields) == {"id_token", "state"}
    assert page.fields["state"] == 's"&<é'
    claims = decode(platform, page.fields["id_token"])
    assert claims["sub"] == LEARNERS[0].sub
    assert claims["nonce"] == "n-1"
    assert claims["exp"] - claims["iat"] == 60
    assert claims[f"{LTI}roles"] == [LEARNER]
    assert "name" not in claims


def test_the_options_of_the_launch_reach_the_token(
    client: FlaskClient, platform: Platform, form: Callable, start: Callable
) -> None:
    request = start("educator", "iframe", names="on", locale="ar", role="learner")
    token = form(client.post("/auth", data=request).text).fields["id_token"]
    claims = decode(platform, token)
    assert claims["sub"] == EDUCATOR.sub
    assert claims[f"{LTI}roles"] == [LEARNER]
    assert claims["name"] == "Priya Baluka"
    assert claims[f"{LTI}launch_presentation"]["locale"] == "ar"
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "iframe"


def test_without_options_the_educator_is_an_instructor(
    client: FlaskClient, platform: Platform, form: Callable, start: Callable
) -> None:
    token = form(client.post("/auth", data=start("educator")).text).fields["id_token"]
    assert decode(platform, token)[f"{LTI}roles"] == [INSTRUCTOR]


@pytest.mark.parametrize(
    "change",
    [
        {"scope": "openid email"},
        {"scope": ""},
        {"response_type": "code"},
        {"nonce": ""},
        {"client_id": ""},
        {"login_hint": ""},
        {"lti_message_hint": ""},
        {"lti_message_hint": "[1]"},
        {"lti_message_hint": '{"launchid": ["a"]}'},
        {"redirect_uri": f"{REDIRECT}?x=1"},
        {"redirect_uri": f"{REDIRECT}/"},
        {"redirect_uri": "https://elsewhere.invalid/"},
    ],
)
def test_what_is_answered_by_the_platforms_own_page(
    client: FlaskClient, start: Callable, change: dict[str, str]
) -> None:
    answer = client.post("/auth", data={**start(), **change})
    assert answer.status_code == 404
    assert "Invalid request" in answer.text
    assert "<form" not in answer.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "another"}, "unauthorized_client"),
        ({"login_hint": EDUCATOR.sub}, "access_denied"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"response_mode": ""}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
    ],
)
def test_what_is_posted_to_the_tool_as_an_error(
    client: FlaskClient, form: Callable, start: Callable, change: dict[str, str], error: str
) -> None:
    answer = client.post("/auth", data={**start(), **change})
    page = form(answer.text)
    assert answer.status_code == 200
    assert page.action == REDIRECT
    assert page.fields["error"] == error
    assert page.fields["state"] == 's"&<é'
    assert "id_token" not in page.fields


def test_prompt_may_be_absent(client: FlaskClient, form: Callable, start: Callable) -> None:
    request = start()
    del request["prompt"]
    assert "id_token" in form(client.post("/auth", data=request).text).fields


def test_a_hint_serves_once(client: FlaskClient, start: Callable) -> None:
    request = start()
    assert client.post("/auth", data=request).status_code == 200
    assert client.post("/auth", data=request).status_code == 404


def test_a_refused_request_uses_the_hint_up_as_well(client: FlaskClient, start: Callable) -> None:
    request = start()
    assert client.post("/auth", data={**request, "prompt": "login"}).status_code == 200
    assert client.post("/auth", data=request).status_code == 404


def test_open_launches_are_bounded() -> None:
    hints = Hints(4)
    launch = Launch(EDUCATOR, "same", LaunchOptions())
    issued = [hints.issue(launch) for _ in range(MAX_OPEN + 1)]
    assert hints.consume(issued[0]) is None
    assert hints.consume(issued[-1]) == launch


def test_the_lineitem_of_a_launch_follows_the_gradebook(platform: Platform) -> None:
    launch = Launch(LEARNERS[0], "same", LaunchOptions())
    link = platform.site.resource_link_id
    assert platform.claims(launch, "n")[AGS]["lineitem"] == platform.site.lineitem_url(1)
    platform.gradebook.add("Second", 1, resource_link_id=link)
    assert "lineitem" not in platform.claims(launch, "n")[AGS]
    ungraded = Platform(keys=platform.keys, clock=platform.clock, graded=False)
    assert "lineitem" not in ungraded.claims(launch, "n")[AGS]
    ungraded.gradebook.add("By the tool", 1, resource_link_id=link)
    assert ungraded.claims(launch, "n")[AGS]["lineitem"] == ""
