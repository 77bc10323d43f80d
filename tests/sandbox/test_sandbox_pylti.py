"""An independent tool, stock PyLTI1p3, against a served sandbox over real HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests
from flask import Flask, jsonify, request
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.exception import LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.tool_config import ToolConfDict

from sandbox.app import create_app
from sandbox.keys import Keys, SigningKey
from sandbox.people import LEARNERS, PEOPLE
from sandbox.platform import Platform
from sandbox.site import Site


class Cache:
    """What the library wants of a cache."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def get(self, key: str) -> object:
        return self._values.get(key)

    def set(self, key: str, value: object, exp: int | None = None) -> None:
        self._values[key] = value


class Tool:
    """A tool on the stock library; keeps the launches that it accepted."""

    def __init__(self, site: Site, key: SigningKey) -> None:
        self.launches: list[FlaskMessageLaunch] = []
        registration = {
            "client_id": site.client_id,
            "auth_login_url": site.auth_url,
            "auth_token_url": site.token_url,
            "key_set_url": site.jwks_url,
            "deployment_ids": [site.deployment_id],
        }
        config = ToolConfDict({site.issuer: registration})
        config.set_private_key(site.issuer, key.private_pem)
        config.set_public_key(site.issuer, key.public_pem.decode())
        storage = FlaskCacheDataStorage(Cache())
        self.app = Flask("tool")
        self.app.secret_key = "only for this test"

        @self.app.route("/lti/login/sandbox", methods=["GET", "POST"])
        def login() -> object:
            oidc = FlaskOIDCLogin(FlaskRequest(), config, launch_data_storage=storage)
            return oidc.redirect(request.values["target_link_uri"])

        @self.app.post("/lti/launch")
        def launch() -> object:
            message = FlaskMessageLaunch(FlaskRequest(), config, launch_data_storage=storage)
            data = message.get_launch_data()
            self.launches.append(message)
            return jsonify(data)

        @self.app.get("/lti/jwks/sandbox.json")
        def jwks() -> object:
            keys = config.get_jwks(site.issuer)["keys"]
            return jsonify({"keys": [{**key, "alg": "RS256", "use": "sig"} for key in keys]})


@pytest.fixture
def open_activity(
    platform_key: SigningKey,
    tool_key: SigningKey,
    free_port: Callable[[], int],
    serve: Callable[[Flask, int], None],
    form: Callable,
) -> Callable[..., tuple[Platform, FlaskMessageLaunch, dict]]:
    """Serve both sides, walk through a launch by hand, and give what the tool accepted."""

    def walk(who: str, container: str = "window", **options: str) -> tuple:
        port, tool_port = free_port(), free_port()
        site = Site(f"http://localhost:{port}", f"http://127.0.0.1:{tool_port}")
        platform = Platform(site, keys=Keys([platform_key]))
        tool = Tool(site, tool_key)
        serve(create_app(platform), port)
        serve(tool.app, tool_port)
        browser = requests.Session()
        address = f"{site.issuer}/launch/{who}/{container}"
        login = form(browser.get(address, params=options, timeout=20).text)
        # The tool redirects to /auth, which answers with the form for the tool.
        auth = form(browser.post(login.action, data=login.fields, timeout=20).text)
        answer = browser.post(auth.action, data=auth.fields, timeout=20)
        assert answer.status_code == 200, answer.text
        return platform, tool.launches[-1], answer.json()

    return walk


@pytest.mark.parametrize("container", ["same", "iframe", "window"])
def test_a_launch_is_accepted(open_activity: Callable, container: str) -> None:
    _, message, data = open_activity("learner-20", container, names="on")
    assert data["sub"] == LEARNERS[19].sub
    assert data["name"] == LEARNERS[19].name
    assert message.check_student_access()
    assert not message.check_teacher_access()
    assert message.has_ags()
    assert message.has_nrps()


def test_the_educator_is_seen_as_teacher(open_activity: Callable) -> None:
    _, message, _ = open_activity("educator")
    assert message.check_teacher_access()


def test_scores_line_items_results_and_roster(open_activity: Callable) -> None:
    platform, message, _ = open_activity("learner-1")
    ags = message.get_ags()

    def grade(value: int) -> Grade:
        sent = Grade().set_score_given(value).set_score_maximum(50).set_comment("done")
        sent.set_activity_progress("Completed").set_grading_progress("FullyGraded")
        return sent.set_timestamp(datetime.now(UTC).isoformat()).set_user_id(LEARNERS[0].sub)

    score = grade(42)
    ags.put_grade(score)
    with pytest.raises(LtiServiceException, match="409"):
        ags.put_grade(score)
    item = LineItem({"label": "Extra", "scoreMaximum": 1, "tag": "extra"})
    ags.put_grade(grade(50), item)
    assert [(column.label, column.tag) for column in platform.gradebook.columns()] == [
        ("Grey areas of AI in assessment", ""),
        ("Extra", "extra"),
    ]
    (result,) = ags.get_grades()
    assert (result["resultScore"], result["comment"]) == (84, "done")
    assert platform.gradebook.grades(2)[LEARNERS[0].sub].value == 1
    members = message.get_nrps().get_members()
    assert [member["user_id"] for member in members] == [
        person.sub for person in PEOPLE if person.enrolled
    ]
    # The library keeps its tokens for one object; a second object asks anew.
    assert len(message.get_nrps().get_members()) == 21
