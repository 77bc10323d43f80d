"""Canvas's student view and its like: the whole way in and through, and nothing is kept."""

import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from analysis.export.log import write_csv
from lti.claims import (
    AGS_ENDPOINT,
    CONTEXT,
    CUSTOM,
    DEPLOYMENT_ID,
    MESSAGE_TYPE,
    RESOURCE_LINK,
    ROLES,
    TARGET_LINK_URI,
    TOOL_PLATFORM,
    VERSION,
)
from lti.roles import Role
from lti.services.scores import SCORE
from sandbox.signing import sign
from store.models import (
    Attempt,
    GradeOutbox,
    PlatformKey,
    Registration,
    ResourceLink,
    Response,
    Study,
    Turn,
    Utterance,
    Words,
)
from tests.lti.forge import MEMBERSHIP
from tests.lti.key_server import public_jwk, signing_key
from tests.lti.services.lms import ITEM
from tests.web.conftest import Site, page_of
from tests.worlds import NOW
from worker.purge import purge_session_records

TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
CANARY = "the heron stood on one leg behind the ward"


def launch(site: Site, sub: str, roles: list[str]) -> TestResponse:
    """Login and launch through the pages, as Canvas would have it; the first page."""
    tool = site.app.extensions["greyarea"].settings.public_url
    with site.world.database.write() as session:
        row = session.get_one(Registration, site.world.registration.id)
        if not site.world.rows(PlatformKey):
            key = PlatformKey(registration_id=row.id, kid="key-1", jwk=public_jwk("key-1"))
            key.fetched_at = NOW
            session.add(key)
    client = site.client()
    login = {"iss": row.issuer, "login_hint": sub, "target_link_uri": f"{tool}/lti/launch"}
    first = client.post(f"/lti/login/{row.key}", data=login)
    asked = client.get(first.headers["Location"]).headers["Location"]
    query = parse_qs(urlsplit(asked).query)
    moment = int(site.now.timestamp())
    claims = {
        "iss": row.issuer,
        "aud": row.client_id,
        "sub": sub,
        "iat": moment,
        "exp": moment + 60,
        "nonce": query["nonce"][0],
        DEPLOYMENT_ID: site.world.deployment.deployment_id,
        MESSAGE_TYPE: "LtiResourceLinkRequest",
        VERSION: "1.3.0",
        TARGET_LINK_URI: f"{tool}/lti/launch",
        ROLES: roles,
        RESOURCE_LINK: {"id": "activity"},
        CONTEXT: {"id": "course-1", "title": "Course"},
        CUSTOM: {"pack": "core", "completion": "on"},
        TOOL_PLATFORM: {"product_family_code": "canvas"},
        AGS_ENDPOINT: {"scope": [SCORE], "lineitem": ITEM},
    }
    token = sign(claims, signing_key("key-1"))
    form = {"id_token": token, "state": query["state"][0]}
    answer = client.post("/lti/launch", data=form)
    assert answer.status_code == 200, answer.text
    return answer


def interview(site: Site, answer: TestResponse) -> None:
    """Agree to everything, answer, and stop."""
    token = page_of(answer).form("/app/consent").fields["session"]
    page = site.begin(token)
    page = page_of(site.say(page, option="2"))
    page = page_of(site.say(page, text=CANARY))
    site.say(page, option="stop")


def exported(site: Site) -> str:
    out = io.StringIO()
    with site.world.database.read() as session:
        write_csv(session, session.get_one(Study, site.world.study.id), out)
    return out.getvalue()


def took_part(site: Site) -> str:
    text = " ".join(site.post("/app/class", site.token("teacher", Role.EDUCATOR)).text.split())
    return text.partition("Took part</dt>")[2].partition("</dd>")[0].strip()


def test_a_learner_of_the_same_course_is_kept(site: Site) -> None:
    interview(site, launch(site, "7", [MEMBERSHIP + "Learner"]))
    assert CANARY in exported(site)
    assert len(site.world.rows(GradeOutbox)) == 1


@pytest.mark.parametrize("more", [[], [MEMBERSHIP + "Learner"], ["Learner"]], ids=len)
def test_o08_a_test_learner_leaves_nothing(site: Site, more: list[str]) -> None:
    for number in range(5):
        site.say(site.begin(site.token(str(number))), option="stop")
    figure, csv = took_part(site), exported(site)
    assert figure.endswith("5")
    answer = launch(site, "test-student", [TEST_USER, *more])
    assert "completion is reported" not in answer.text
    interview(site, answer)
    assert CANARY in site.world.everything()
    assert took_part(site) == figure
    assert exported(site) == csv
    assert site.world.rows(GradeOutbox) == []
    # What they said goes with the day, like that of all who are not in the study.
    assert purge_session_records(site.world.database, NOW + timedelta(hours=24)) == 1
    assert CANARY not in site.world.everything()
    assert took_part(site) == figure


def test_declining_as_a_test_learner_reports_nothing(site: Site) -> None:
    form = page_of(launch(site, "test-student", [TEST_USER])).form("/app/consent")
    site.client().post("/app/consent", data={**form.fields, "answer": "no"})
    assert site.world.rows(GradeOutbox) == []


def test_a_preview_never_joins_the_study_later(site: Site) -> None:
    # The same account: first a test learner, later a learner who agrees to research.
    interview(site, launch(site, "7", [TEST_USER]))
    page = site.begin(site.token("7", activity="another"))
    site.say(page, option="2")
    kept = {row.lms_role: row.keep for row in site.world.rows(Attempt)}
    assert kept == {"test_learner": "session", "learner": "study"}
    assert CANARY not in exported(site)


def test_a_preview_takes_no_interview_out_of_the_study(site: Site) -> None:
    interview(site, launch(site, "7", [MEMBERSHIP + "Learner"]))
    before = exported(site)
    site.begin(site.token("7", Role.PREVIEW, activity="another"))
    kept = {row.lms_role: row.keep for row in site.world.rows(Attempt)}
    assert kept == {"learner": "study", "preview": "session"}
    assert exported(site) == before


def test_the_product_family_is_learned_from_the_launch(site: Site) -> None:
    launch(site, "7", [MEMBERSHIP + "Learner"])
    assert site.world.rows(Registration)[0].product_family == "canvas"
    with site.world.database.write() as session:
        session.get_one(Registration, site.world.registration.id).product_family = "moodle"
    launch(site, "7", [MEMBERSHIP + "Learner"])
    assert site.world.rows(Registration)[0].product_family == "moodle"


def test_a_purged_test_learner_is_gone_from_every_table_of_the_record(site: Site) -> None:
    interview(site, launch(site, "test-student", [TEST_USER]))
    purge_session_records(site.world.database, NOW + timedelta(hours=24))
    for table in (Attempt, Response, Turn, Utterance, Words):
        assert site.world.rows(table) == []
    assert len(site.world.rows(ResourceLink)) == 1
