"""The roster: its pages as LMSs link them, and who of it counts."""

import json
from typing import Any

import pytest
from flask import Response

from lti.services.http import ServiceRefused
from lti.services.roster import fetch_learners
from sandbox.people import ASSISTANT, LEARNERS, PEOPLE
from store.db import Database
from tests.contract.rows import variant
from tests.contract.serving import Served, served_world

MEMBERSHIPS = "/memberships"
EVERYBODY = {person.sub for person in LEARNERS}


def learners(served: Served, query: str = "?limit=7", link_id: str | None = None) -> set[str]:
    url = served.world.platform.site.memberships_url + query
    return fetch_learners(served.door, served.registration, url, str, link_id=link_id)


def relink(form: str) -> Any:
    """Write the honest Link header in another way."""

    def change(response: Response) -> None:
        link = response.headers.pop("Link", None)
        if link is not None:
            address = link.partition(">")[0].removeprefix("<")
            path = address.partition("/services")[1] + address.partition("/services")[2]
            query = "?" + address.partition("?")[2]
            for header in form.format(address=address, path=path, query=query).split("\n"):
                response.headers.add("Link", header)

    return change


@pytest.mark.parametrize(
    "form",
    [
        variant("V08", '<{address}>; rel="next"'),
        variant("V08", "<{address}>; rel=next"),
        variant("V08", '<{address}>; REL="Next"'),
        variant("V08", "<{path}>;rel=next"),
        variant("V08", '<{query}>; rel="next"'),
        variant("V08", '</first>; rel="first"\n<{address}>; rel="next"\n</last>; rel="last"'),
        variant("V08", '</first>; rel="first", <{address}>; rel="next", </last>; rel="last"'),
        variant("V08", '<{address}>; title="x, y"; rel="prev next"'),
    ],
)
def test_all_pages_are_read(served: Served, form: str) -> None:
    served.faults.change(MEMBERSHIPS, relink(form))
    assert learners(served) == EVERYBODY
    # Twenty learners and a teacher, seven a page; one token for all of them.
    pages = served.faults.asked(MEMBERSHIPS)
    assert [call.query for call in pages] == ["limit=7", "limit=7&from=7", "limit=7&from=14"]
    assert len(served.faults.asked("/token")) == 1
    accepted = {call.headers["accept"] for call in pages}
    assert accepted == {"application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}


@pytest.mark.case("V08")
def test_letters_of_the_address_stay_as_they_are(served: Served) -> None:
    served.faults.change(MEMBERSHIPS, relink("<{address}&Page=Two>; rel=NEXT"))
    assert learners(served) == EVERYBODY
    assert served.faults.asked(MEMBERSHIPS)[1].query == "limit=7&from=7&Page=Two"


@pytest.mark.parametrize(
    "form", [variant("V08", '</a>; rel="differences"'), variant("V08", "</a>; rel=nextish")]
)
def test_other_links_lead_nowhere(served: Served, form: str) -> None:
    served.faults.change(MEMBERSHIPS, relink(form))
    assert len(learners(served)) == 7
    assert len(served.faults.asked(MEMBERSHIPS)) == 1


@pytest.mark.parametrize(
    "address",
    [
        variant("V08", "https://elsewhere.example/2"),
        variant("V08", "//elsewhere.example/2"),
        variant("V08", "http://127.0.0.1:9/2"),
        variant("V08", "http://localhost/2"),
        variant("V08", "file:///etc/passwd"),
        variant("V08", "http://127.0.0.1@elsewhere.example/2"),
    ],
)
def test_no_token_goes_elsewhere(served: Served, address: str) -> None:
    served.faults.change(MEMBERSHIPS, relink(f'<{address}>; rel="next"'))
    with pytest.raises(ServiceRefused, match="foreign_page"):
        learners(served)
    assert len(served.faults.asked(MEMBERSHIPS)) == 1


@pytest.mark.parametrize(
    ("form", "pages"),
    [
        variant("V08", "<?limit=7>; rel=next", 1),
        variant("V08", "<?limit=7&from=7>; rel=next", 2),
    ],
)
def test_a_circle_of_pages_ends(served: Served, form: str, pages: int) -> None:
    served.faults.change(MEMBERSHIPS, relink(form))
    with pytest.raises(ServiceRefused, match="page_loop"):
        learners(served)
    assert len(served.faults.asked(MEMBERSHIPS)) == pages


@pytest.mark.case("V08")
def test_pages_without_end_are_given_up(served: Served) -> None:
    def endless(response: Response) -> None:
        count = len(served.faults.asked(MEMBERSHIPS))
        response.headers["Link"] = f'<?limit=1&from={count % 9}&p={count}>; rel="next"'

    served.faults.change(MEMBERSHIPS, endless)
    with pytest.raises(ServiceRefused, match="too_many_pages"):
        learners(served, "?limit=1")
    assert len(served.faults.asked(MEMBERSHIPS)) == 20


def members(*listed: Any) -> Any:
    """Put these in the place of the honest members."""

    def change(response: Response) -> None:
        container = json.loads(response.get_data())
        honest = container["members"]
        container["members"] = [
            {**honest[0], **one} if isinstance(one, dict) else one for one in listed
        ]
        for one in container["members"]:
            if isinstance(one, dict):
                for name in [name for name, value in one.items() if value == "ABSENT"]:
                    del one[name]
        response.set_data(json.dumps(container))

    return change


V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


@pytest.mark.parametrize(
    "member",
    [
        variant("V09", {"status": "Inactive"}),
        variant("V09", {"status": "Deleted"}),
        variant("V09", {"status": "http://purl.imsglobal.org/vocab/lti/system/status#Inactive"}),
        variant("V09", {"roles": "ABSENT"}),
        variant("V09", {"roles": []}),
        variant("V09", {"roles": None}),
        variant("V09", {"roles": "Learner"}),
        variant("V09", {"roles": [7, None]}),
        variant("V09", {"roles": ["Unheard of"]}),
        variant("V09", {"roles": ["Instructor"]}),
        variant("V09", {"roles": ["Learner", "Instructor"]}),
        variant("V09", {"roles": ["Mentor"]}),
        variant("V09", {"roles": ["Learner", TEST_USER]}),
        variant("V09", {"roles": [V2 + "institution/person#Student"]}),
        variant("V09", {"user_id": "ABSENT"}),
        variant("V09", {"user_id": 7}),
        variant("V09", {"user_id": ""}),
        variant("V09", {"user_id": "x" * 300}),
        variant("V09", "no member"),
        variant("V09", None),
    ],
)
def test_who_is_not_counted(served: Served, member: Any) -> None:
    served.faults.change(MEMBERSHIPS, members(member, {"user_id": "another"}))
    assert learners(served, "") == {"another"}


@pytest.mark.parametrize(
    "member",
    [
        variant("V09", {}),
        variant("V09", {"status": "ABSENT"}),
        variant("V09", {"status": "active"}),
        variant("V09", {"roles": [V2 + "membership#Learner"]}),
        variant("V09", {"message": [{"custom": {}}, 5]}),
        variant("V09", {"roles": ["Learner", V2 + "institution/person#Administrator"]}),
    ],
)
def test_who_is_counted(served: Served, member: Any) -> None:
    served.faults.change(MEMBERSHIPS, members(member))
    assert learners(served, "") == {LEARNERS[0].sub}


@pytest.mark.case("V09")
def test_the_message_of_the_activity(database: Database) -> None:
    with served_world(database, people=(*PEOPLE, ASSISTANT), roster_names=True) as served:
        site = served.world.platform.site
        # The teacher without editing rights is a learner to Moodle's roster.
        expected = EVERYBODY | {ASSISTANT.sub}
        assert learners(served, "", site.resource_link_id) == expected
        (call,) = served.faults.asked(MEMBERSHIPS)
        assert call.query == f"rlid={site.resource_link_id}"
        # An activity that the LMS does not know: the course.
        assert learners(served, "", "unknown") == expected
