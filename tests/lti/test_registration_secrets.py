"""Invites and registration tokens: in no log, on no page, in no table."""

import logging

import pytest
from sqlalchemy import select

from store.models.lti import Registration, RegistrationInvite
from tests.lti.enrolling import CONFIGURATION, TIMEOUT, TOKEN, Enrolment, configuration
from tests.lti.forge import World
from web import errors


@pytest.fixture
def enrolment(world: World) -> Enrolment:
    return Enrolment(world)


def test_neither_token_nor_invite_is_logged_or_stored(
    enrolment: Enrolment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret_url = f"{CONFIGURATION}?token=in-the-address"
    for document, status in ((TIMEOUT, 200), (configuration(), 401), (configuration(), 200)):
        enrolment.lms.document, enrolment.lms.status = document, status
        enrolment.lms.answer = {"client_id": "c"} if status == 200 else TOKEN.encode()
        page = enrolment.open(url=secret_url).text
        for secret in (TOKEN, enrolment.invite, "in-the-address"):
            assert secret not in page
    assert "lti registered: key=" in caplog.text
    assert "code=registration_refused" in caplog.text
    for secret in (TOKEN, enrolment.invite, "in-the-address"):
        assert secret not in caplog.text
    with enrolment.world.database.read() as session:
        for model in (Registration, RegistrationInvite):
            for row in session.execute(select(model.__table__)):
                assert not {TOKEN, enrolment.invite} & set(map(str, row))


def test_a_failure_of_ours_logs_no_address(
    enrolment: Enrolment, caplog: pytest.LogCaptureFixture
) -> None:
    enrolment.lms.document = RuntimeError(TOKEN)
    errors.install(enrolment.app)
    response = enrolment.open()
    assert response.status_code == 500
    assert "page failed: /lti/register/<invite> RuntimeError" in caplog.text
    for secret in (TOKEN, enrolment.invite):
        assert secret not in caplog.text and secret not in response.text
