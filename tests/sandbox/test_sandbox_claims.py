"""The claims of a launch, and the ways to forge them."""

import pytest

from sandbox.claims import (
    AGS,
    GRADE_SYNC_ONLY,
    INSTRUCTOR,
    LEARNER,
    LTI,
    NRPS,
    SITE_ADMINISTRATOR,
    build_claims,
    roles_of,
)
from sandbox.people import ADMINISTRATOR, ASSISTANT, EDUCATOR, LEARNERS, PEOPLE, WITH_CARD
from sandbox.site import Site

NOW = 1_795_435_200.9

MOODLE_CLAIMS = {
    *("nonce", "iat", "exp", "iss", "aud", "sub", AGS, NRPS),
    *(
        LTI + name
        for name in (
            *("deployment_id", "target_link_uri", "lis", "roles", "context", "message_type"),
            *("resource_link", "ext", "launch_presentation", "tool_platform", "version"),
            "custom",
        )
    ),
}


def test_a_learners_claims_are_those_of_moodle_without_names() -> None:
    claims = build_claims(LEARNERS[0], "iframe", "n-1", NOW)
    assert set(claims) == MOODLE_CLAIMS
    assert claims["iss"] == "http://localhost:8090"
    assert claims["aud"] == "greyarea-sandbox"
    assert (claims["iat"], claims["exp"]) == (1_795_435_200, 1_795_435_260)
    assert claims["nonce"] == "n-1"
    assert claims[f"{LTI}roles"] == [LEARNER]
    assert claims[f"{LTI}deployment_id"] == "1"
    assert claims[f"{LTI}context"]["type"] == ["CourseSection"]
    assert claims[AGS]["lineitem"].endswith("/lineitems/1/lineitem?type_id=1")
    told = str(claims)
    assert LEARNERS[0].given_name not in told
    assert LEARNERS[0].email not in told


def test_names_come_only_when_asked_for() -> None:
    claims = build_claims(EDUCATOR, "same", "n", NOW, names=True)
    assert claims["name"] == "Priya Baluka"
    assert (claims["given_name"], claims["family_name"]) == ("Priya", "Baluka")
    assert claims["email"] == "educator@sandbox.invalid"
    assert claims[f"{LTI}ext"] == {"lms": "moodle-2", "user_username": "educator"}


@pytest.mark.parametrize(
    ("container", "target", "number"),
    [("same", "frame", "5"), ("iframe", "iframe", "2"), ("window", "window", "4")],
)
def test_presentation_follows_the_container(container: str, target: str, number: str) -> None:
    claims = build_claims(LEARNERS[0], container, "n", NOW, locale="de", sesskey="k")
    shown = claims[f"{LTI}launch_presentation"]
    assert shown == {
        "locale": "de",
        "document_target": target,
        "return_url": "http://localhost:8090/return"
        f"?course=2&launch_container={number}&instanceid=3&sesskey=k",
    }


def test_roles() -> None:
    assert roles_of(EDUCATOR) == roles_of(ASSISTANT) == [INSTRUCTOR]
    assert roles_of(ADMINISTRATOR) == SITE_ADMINISTRATOR
    for person in PEOPLE:
        assert roles_of(person, as_learner=True) == [LEARNER]


def test_services_that_the_site_does_not_permit_are_not_offered() -> None:
    without_columns = build_claims(LEARNERS[0], "same", "n", NOW, scopes=GRADE_SYNC_ONLY)
    assert not any(scope.endswith("/lineitem") for scope in without_columns[AGS]["scope"])
    nothing = build_claims(LEARNERS[0], "same", "n", NOW, scopes=())
    assert AGS not in nothing
    assert NRPS not in nothing
    assert "context_memberships_url" not in nothing[f"{LTI}custom"]


def test_lineitem_can_be_absent_or_empty() -> None:
    assert "lineitem" not in build_claims(LEARNERS[0], "same", "n", NOW, lineitem=None)[AGS]
    assert build_claims(LEARNERS[0], "same", "n", NOW, lineitem="")[AGS]["lineitem"] == ""


def test_addresses_follow_the_site() -> None:
    site = Site(issuer="http://localhost:9999/", tool_url="http://127.0.0.1:7777/")
    told = str(build_claims(LEARNERS[0], "same", "n", NOW, site=site))
    assert "8090" not in told
    assert "8080" not in told
    assert "http://localhost:9999/services/2/lineitems/1/lineitem?type_id=1" in told


def test_forging_replaces_and_removes_whole_claims() -> None:
    claims = build_claims(
        LEARNERS[0],
        "same",
        "n",
        NOW,
        custom={"pack": "core"},
        overrides={"aud": ["a", "b"], f"{LTI}version": "11.3"},
        without=["sub", "not there"],
    )
    assert claims["aud"] == ["a", "b"]
    assert claims[f"{LTI}version"] == "11.3"
    assert claims[f"{LTI}custom"]["pack"] == "core"
    assert "sub" not in claims


def test_the_roster_is_a_class_of_twenty_with_its_educator_and_administrator() -> None:
    assert len(LEARNERS) == 20
    assert len({person.sub for person in PEOPLE}) == len({person.id for person in PEOPLE}) == 22
    assert set(WITH_CARD) < {person.id for person in PEOPLE}
    assert all(person.id not in person.sub for person in PEOPLE)
    # Written down so that a change, which would orphan every record, does not slip through.
    assert LEARNERS[0].sub == "966aa4c8b172b546dacfb202"
