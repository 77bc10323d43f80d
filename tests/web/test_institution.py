"""The institution's page: who opens it, and what its lead can and cannot do there."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from lti.roles import Role
from store import lti_repository
from store.lti_invites import create_invite, find_open_invite
from store.models import (
    AuditEvent,
    Deployment,
    Grant,
    Institution,
    Registration,
    RegistrationInvite,
)
from tests.launching import Page
from tests.lti.enrolling import CONFIGURATION, LMS, Lms, add_registration_page
from tests.web.conftest import Site, page_of
from tests.worlds import NOW
from web.institution import MAX_OPEN_INVITES

PAGE = "/app/institution"
TYPED = {
    "issuer": "https://new.example.edu",
    "client_id": "new-client",
    "auth_url": "https://new.example.edu/auth",
    "token_url": "https://new.example.edu/token",
    "jwks_url": "https://new.example.edu/jwks",
}


def edit(site: Site, model: type[Any], **values: Any) -> None:
    """Change every row of a table."""
    with site.world.database.write() as session:
        for row in session.scalars(select(model)):
            for name, value in values.items():
                setattr(row, name, value)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("role", list(Role))
def test_the_right_opens_the_page_whatever_the_role(site: Site, role: Role) -> None:
    token = site.token("7", role)
    assert site.post(PAGE, token).status_code == 403
    site.grant(token, "researcher")
    assert site.post(PAGE, token).status_code == 403
    assert PAGE not in site.post("/app", token).text
    site.grant(token, "institution_lead")
    assert site.post(PAGE, token).status_code == 200
    assert page_of(site.post("/app", token)).form(PAGE).fields["session"] == token
    edit(site, Grant, revoked_at=NOW)
    assert site.post(PAGE, token).status_code == 403


def test_a_right_in_another_study_opens_nothing(site: Site) -> None:
    token = site.lead()
    edit(site, Grant, pseudonym="f" * 32)
    assert site.post(PAGE, token).status_code == 403


def test_everything_of_the_institution_is_there(site: Site) -> None:
    edit(site, Registration, embed_origins=["https://pages.example.edu"])
    answer = site.post(PAGE, site.lead())
    text = words(answer.text)
    registration = site.world.registration
    for part in (
        "Testville",
        registration.issuer,
        "client",
        "https://pages.example.edu",
        "switched on; first seen 2 March 2026",
    ):
        assert part in text, part
    for part in ("login/{}", "jwks/{}.json", "config/{}/canvas.json"):
        assert f'value="http://127.0.0.1:8080/lti/{part.format(registration.key)}"' in answer.text
    assert "<script" not in answer.text  # the whole page works without one


def invite_of(answer: Any) -> str:
    (address,) = re.findall(r'value="(http://127\.0\.0\.1:8080/lti/register/[^"]+)"', answer.text)
    return str(address)


def test_an_invite_is_shown_once_and_stored_as_a_hash(site: Site) -> None:
    token = site.lead()
    answer = site.post(f"{PAGE}/invite", token)
    address = invite_of(answer)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert 'id="invite_address"' in answer.text and "readonly" in answer.text
    secret = address.rpartition("/")[2]
    assert secret not in site.world.everything()
    again = site.post(PAGE, token)
    assert "/lti/register/" not in again.text
    assert "open until 4 March 2026, 10:00 UTC" in again.text
    with site.world.database.read() as session:
        found = find_open_invite(session, secret, NOW)
        assert found is not None and found.institution_id == site.world.institution.id
        # Neither exception can be had here, whatever is posted.
        assert not found.allow_private_network and found.issuer_host is None


def test_no_form_gives_an_exception(site: Site) -> None:
    posted = {"allow_private_network": "yes", "issuer_host": "evil.example", "institution": "other"}
    site.post(f"{PAGE}/invite", site.lead(), **posted)
    (row,) = site.world.rows(RegistrationInvite)
    assert (row.allow_private_network, row.issuer_host) == (False, None)
    site.post(f"{PAGE}/by-hand", site.lead(), **TYPED, **posted, shared="yes", active="yes")
    (made,) = [row for row in site.world.rows(Registration) if row.client_id == "new-client"]
    assert not any((made.allow_private_network, made.allow_unbound_launch, made.shared))
    assert not made.active and made.institution_id == site.world.institution.id


def test_an_invite_is_ended(site: Site) -> None:
    token = site.lead()
    address = invite_of(site.post(f"{PAGE}/invite", token))
    (row,) = site.world.rows(RegistrationInvite)
    answer = site.post(f"{PAGE}/invite/end", token, invite=str(row.id))
    assert answer.status_code == 200 and "The invite is ended" in answer.text
    assert site.world.rows(RegistrationInvite) == []
    query = urlencode({"openid_configuration": CONFIGURATION})
    opened = site.client().get(f"{urlsplit(address).path}?{query}")
    assert opened.status_code == 403 and "invite_invalid" in opened.text
    for number in (str(row.id), "-1", "a", "", "9" * 30):
        assert site.post(f"{PAGE}/invite/end", token, invite=number).status_code == 404


def test_not_invites_without_end(site: Site) -> None:
    token = site.lead()
    for _ in range(MAX_OPEN_INVITES):
        assert site.post(f"{PAGE}/invite", token).status_code == 200
    answer = site.post(f"{PAGE}/invite", token)
    assert answer.status_code == 422 and "too many open invites" in answer.text
    assert len(site.world.rows(RegistrationInvite)) == MAX_OPEN_INVITES


def register(site: Site, **options: Any) -> Registration:
    """An LMS registers itself with an invite; the operator's may have exceptions."""
    token = site.lead()
    if options:
        with site.world.database.write() as session:
            institution = session.get_one(Institution, site.world.institution.id)
            secret = create_invite(session, institution, NOW, **options)
    else:
        secret = invite_of(site.post(f"{PAGE}/invite", token)).rpartition("/")[2]
    lms = add_registration_page(site.app.extensions["greyarea"], Lms())
    query = urlencode({"openid_configuration": CONFIGURATION})
    answer = lms.test_client().get(f"/lti/register/{secret}?{query}")
    assert answer.status_code == 200, answer.text
    (made,) = [row for row in site.world.rows(Registration) if row.issuer == LMS]
    return made


def test_what_registered_itself_is_switched_on_by_the_lead(site: Site) -> None:
    made = register(site)
    token = site.lead()
    page = site.post(PAGE, token)
    assert "not switched on" in page.text and "a learning platform, with an invite" in page.text
    posted = {"key": made.key, "do": "on"}
    assert "switched on." in words(site.post(f"{PAGE}/registration", token, **posted).text)
    (row,) = [row for row in site.world.rows(Deployment) if row.registration_id == made.id]
    site.post(f"{PAGE}/deployment", token, deployment=str(row.id), do="on")
    (made,) = [row for row in site.world.rows(Registration) if row.id == made.id]
    (row,) = [found for found in site.world.rows(Deployment) if found.id == row.id]
    assert made.active and row.active


@pytest.mark.parametrize(
    "options", [{"allow_private_network": True}, {"issuer_host": "moodle.example.edu"}]
)
def test_what_came_by_an_exception_is_the_operators_to_switch_on(
    site: Site, options: dict[str, Any]
) -> None:
    made = register(site, **options)
    token = site.lead()
    assert "waits for the operator of Grey Area" in site.post(PAGE, token).text
    answer = site.post(f"{PAGE}/registration", token, key=made.key, do="on")
    assert answer.status_code == 403
    assert not any(row.active for row in site.world.rows(Registration) if row.id == made.id)


def test_by_hand(site: Site) -> None:
    token = site.lead()
    page = page_of(site.post(PAGE, token))
    form = page.form(f"{PAGE}/by-hand")
    assert set(TYPED) < set(form.fields)
    with site.world.database.read() as session:
        kept = session.get_one(Institution, site.world.institution.id).manual_key
    assert f"/lti/login/{kept}" in page.html
    given = {name: f"  {value}\n" for name, value in TYPED.items()}
    answer = site.post(f"{PAGE}/by-hand", token, **{**given, "deployment_id": "7"})
    assert answer.status_code == 200
    assert f"waits for the operator of Grey Area, who knows it by the key {kept}" in answer.text
    (made,) = [row for row in site.world.rows(Registration) if row.key == kept]
    assert (made.issuer, made.client_id) == (TYPED["issuer"], TYPED["client_id"])
    # Not even by a forged form: nothing shows yet that the LMS is the institution's.
    assert site.post(f"{PAGE}/registration", token, key=kept, do="on").status_code == 403
    # The fields are empty again, and the next connection has addresses of its own.
    assert kept not in page_of(answer).form(f"{PAGE}/by-hand").fields.values()
    assert TYPED["issuer"] not in page_of(answer).form(f"{PAGE}/by-hand").fields.values()


def test_by_hand_refused_keeps_what_was_typed(site: Site) -> None:
    token = site.lead()
    wrong = {**TYPED, "jwks_url": 'http://new.example.edu/"><script>x'}
    answer = site.post(f"{PAGE}/by-hand", token, **wrong)
    assert answer.status_code == 422
    assert "the key set address has to begin with https://" in answer.text
    assert "<script" not in answer.text
    fields = page_of(answer).form(f"{PAGE}/by-hand").fields
    assert {name: fields[name] for name in TYPED} == wrong
    for posted in ({}, {**TYPED, "issuer": "x" * 3000}, {**TYPED, "client_id": "a\0b"}):
        assert site.post(f"{PAGE}/by-hand", token, **posted).status_code == 422
    assert len(site.world.rows(Registration)) == 1


def test_taking_back_a_typing_error(site: Site) -> None:
    token = site.lead()
    site.post(f"{PAGE}/by-hand", token, **TYPED)
    (made,) = [row for row in site.world.rows(Registration) if row.needs_operator]
    posted = {"key": made.key, "do": "withdraw"}
    assert "is taken back" in site.post(f"{PAGE}/registration", token, **posted).text
    assert len(site.world.rows(Registration)) == 1
    own = {"key": site.world.registration.key, "do": "withdraw"}
    assert site.post(f"{PAGE}/registration", token, **own).status_code == 422
    assert len(site.world.rows(Registration)) == 1


def test_nobody_locks_themselves_out(site: Site) -> None:
    token = site.lead()
    page = site.post(PAGE, token)
    assert not [form for form in page_of(page).forms if form.fields.get("do") == "off"]
    key, row = site.world.registration.key, str(site.world.deployment.id)
    assert site.post(f"{PAGE}/registration", token, key=key, do="off").status_code == 403
    assert site.post(f"{PAGE}/deployment", token, deployment=row, do="off").status_code == 403
    assert site.post(PAGE, token).status_code == 200


def test_switching_a_place_off_ends_its_sessions(site: Site) -> None:
    token = site.lead()
    with site.world.database.write() as session:
        registration = session.get_one(Registration, site.world.registration.id)
        second = lti_repository.approve_deployment(session, registration, "2", NOW)
    visitor = site.token("9", place=second)
    assert site.post("/app", visitor).status_code == 200
    answer = site.post(f"{PAGE}/deployment", token, deployment=str(second.id), do="off")
    assert "The place is switched off" in answer.text
    assert site.post("/app", visitor).status_code == 401
    site.post(f"{PAGE}/deployment", token, deployment=str(second.id), do="on")
    assert site.post("/app", visitor).status_code == 200


@pytest.mark.parametrize("path", ["registration", "deployment"])
def test_only_what_the_page_offers_can_be_done(site: Site, path: str) -> None:
    posted = {"key": site.world.registration.key, "deployment": str(site.world.deployment.id)}
    for do in ("", "delete", "on\0"):
        answer = site.post(f"{PAGE}/{path}", site.lead(), **posted, do=do)
        assert answer.status_code == 400


def test_rules_and_thresholds(site: Site) -> None:
    token = site.lead()
    assert "checked" not in site.post(PAGE, token).text
    answer = site.post(f"{PAGE}/rules", token, assistants_limited="yes", invented="yes")
    assert answer.text.count("checked") == 1
    assert site.world.rows(Institution)[0].settings == {
        "assistants_limited": True,
        "refuse_unknown_roles": False,
    }
    answer = site.post(f"{PAGE}/thresholds", token, min_count="8", min_quote="15")
    assert answer.status_code == 200
    for wrong in ({"min_count": "7", "min_quote": "15"}, {"min_count": "8"}, {"min_count": "x"}):
        answer = site.post(f"{PAGE}/thresholds", token, **wrong)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)
    (stored,) = site.world.rows(Institution)
    assert (stored.min_count, stored.min_quote) == (8, 15)


def test_every_change_is_written_down(site: Site) -> None:
    token = site.lead()
    code = site.code(token)
    for path, values in (
        ("invite", {}),
        ("invite/end", {"invite": "1"}),
        ("by-hand", TYPED),
        ("rules", {"refuse_unknown_roles": "yes"}),
        ("thresholds", {"min_count": "6", "min_quote": "10"}),
    ):
        assert site.post(f"{PAGE}/{path}", token, **values).status_code == 200, path
    (made,) = [row for row in site.world.rows(Registration) if row.needs_operator]
    site.post(f"{PAGE}/registration", token, key=made.key, do="withdraw")
    rows = site.world.rows(AuditEvent)
    assert {(row.actor, row.created_at, row.institution_id) for row in rows} == {
        (code, NOW, site.world.institution.id)
    }
    assert [(row.action, row.subject) for row in rows] == [
        ("invite made", "for 48 hours"),
        ("invite ended", "before it was used"),
        ("connection added by hand", made.key),
        ("role rules set", "refuse_unknown_roles"),
        ("thresholds set", "6, 10"),
        ("connection taken back", made.key),
    ]
    text = words(site.post(PAGE, token).text)
    assert "2 March 2026, 10:00 UTC, you: thresholds set: 6, 10" in text
    other = words(site.post(PAGE, site.lead("another")).text)
    assert f"10:00 UTC, {code}: thresholds set: 6, 10" in other


def test_what_is_refused_leaves_no_line(site: Site) -> None:
    token = site.lead()
    site.post(f"{PAGE}/by-hand", token)
    site.post(f"{PAGE}/registration", token, key=site.world.registration.key, do="off")
    site.post(f"{PAGE}/thresholds", token, min_count="1", min_quote="1")
    assert site.world.rows(AuditEvent) == []


def test_forms_need_the_session_in_them(site: Site) -> None:
    """A cookie alone shows the page and changes nothing: another site cannot post for a lead."""
    token = site.lead()
    client = site.client()
    client.set_cookie("__Host-greyarea", token, secure=True)
    assert client.get(PAGE, base_url="https://localhost").status_code == 200
    answer = client.post(f"{PAGE}/invite", base_url="https://localhost")
    assert answer.status_code == 401
    assert site.world.rows(RegistrationInvite) == []


def test_the_code_to_be_given_a_right_is_on_the_persons_own_page(site: Site) -> None:
    token = site.token("9", Role.EDUCATOR)
    way: Page = page_of(site.post("/app/class", token))
    shown = site.client().post("/app/reflections", data=way.form("/app/reflections").fields)
    assert site.code(token) in shown.text
