"""Two institutions on one installation: Aleph, who has something to hide, and Beth."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit, lti_repository, statements
from store.base import Base
from store.coding import coders, codes, codings
from store.lti_invites import create_invite
from store.models import (
    Attempt,
    Context,
    Deployment,
    Institution,
    Pilot,
    Registration,
    Response,
    StatementVersion,
    Turn,
)
from study.statements import PolicyStatement, Unit
from tests.web.conftest import Site, page_of
from tests.worlds import NOW, make_world

WORDS = "A quagga taught me this over plum marmalade, and I stand by it until I hear more."
CANARIES = (
    "Institution Aleph",
    "Aleph course",
    "quagga",
    "aleph-client",
    "aleph-place",
    "aleph-waiting",
    "aleph.example.edu",
    "aleph-embed",
    "aleph-change",
    "aleph wording",
    "aleph pilot",
    "aleph code",
)


@dataclass
class Tenants:
    """Two institutions on one installation, and what of Aleph's a request can name."""

    aleph: Site
    beth: Site
    shared_place: Deployment
    """Beth's deployment of Aleph's shared registration."""
    ids: dict[str, str]
    learner: str
    lead: str

    def snapshot(self) -> set[tuple[Any, ...]]:
        """Every row of every table, but the row of Beth's institution with its settings."""
        with self.aleph.world.database.read() as session:
            return {
                (table.name, *map(repr, row))
                for table in Base.metadata.sorted_tables
                for row in session.execute(table.select())
                if "beth" not in row
            }


def staged(site: Site) -> Tenants:
    """Beth beside the site's own institution, which is Aleph."""
    with site.world.database.write() as session:
        mine = session.get_one(Registration, site.world.registration.id)
        mine.client_id, mine.issuer = "aleph-client", "https://aleph.example.edu"
        mine.embed_origins = ["https://aleph-embed.example.edu"]
    beth = Site(site.app, make_world(site.world.database, "beth"), site.bot, site.keyring)
    learner = site.token("pupil")
    lead = site.lead("head")
    site.say(site.begin(learner), option="2")
    site.say(page_of(site.post("/app", learner)), text=WORDS)
    for number in range(6):  # enough for figures
        site.begin(site.token(f"other-{number}"))
    with site.world.database.write() as session:
        institution = session.get_one(Institution, site.world.institution.id)
        institution.name = "Institution Aleph"
        session.get_one(Institution, beth.world.institution.id).name = "Institution Beth"
        session.get_one(Context, site.world.context.id).title = "Aleph course"
        waiting = lti_repository.add_registration(
            session,
            institution,
            issuer="https://aleph.example.edu",
            client_id="aleph-client-2",
            urls=urls_of("https://aleph.example.edu"),
            active=False,
        )
        place = lti_repository.record_deployment(session, waiting, "aleph-place", NOW)
        shared = lti_repository.add_registration(
            session,
            institution,
            issuer="https://cloud.example.com",
            client_id="everybodys-client",
            urls=urls_of("https://cloud.example.com"),
        )
        shared.shared = True
        lti_repository.record_deployment(session, shared, "aleph-waiting", NOW)
        shared_place = lti_repository.approve_deployment(
            session,
            shared,
            "beth-place",
            NOW,
            institution=session.get_one(Institution, beth.world.institution.id),
        )
        create_invite(session, institution, NOW)
        audit.note(session, institution.id, audit.OPERATOR, "aleph-change", "", NOW)
        statement, pilot = policy_of(session, institution)
        attempt = session.scalars(select(Attempt).order_by(Attempt.id)).first()
        assert attempt is not None
        answer = session.scalars(select(Response).where(Response.words_id.is_not(None))).first()
        turn = session.scalars(select(Turn)).first()
        study_id = site.world.study.id
        coder = coders.coder_of(session, study_id, "c" * 32)
        code = codes.make(session, study_id, coder, "aleph code", NOW)
        assert answer is not None and turn is not None
        coding = codings.apply(session, study_id, coder, answer.public_id, code.public_id, NOW)
        ids = {
            "attempt": attempt.public_id,
            "interview": attempt.public_id,
            "code": code.public_id,
            "coding": coding.public_id,
            "theme": "grey",
            "answer": answer.public_id,
            "response": answer.public_id,
            "number": str(answer.number),
            "turn": turn.public_id,
            "step_id": turn.step_id,
            "message_id": turn.client_msg_id,
            "participant": str(attempt.participant_id),
            "study": site.world.study.public_id,
            "context": str(site.world.context.id),
            "link": str(attempt.resource_link_id),
            "resource_link": str(attempt.resource_link_id),
            "institution": institution.slug,
            "registration": waiting.key,
            "key": waiting.key,
            "deployment": str(place.id),
            "invite": "1",
            "line": answer.public_id,
            "statement": statement.public_id,
            "wording": statement.public_id,
            "pilot": pilot.public_id,
        }
    return Tenants(site, beth, shared_place, ids, learner, lead)


def policy_of(session: Session, institution: Institution) -> tuple[StatementVersion, Pilot]:
    """A statement about one use, and a pilot about another."""
    made = [
        statements.add(
            session,
            institution.id,
            PolicyStatement.of(use, name, "other", {"en": f"The aleph wording {name}."}),
            "a" * 32,
        )
        for use, name in (("stats_code", "One"), ("ideas_outline", "A"), ("ideas_outline", "B"))
    ]
    pilot = statements.start_pilot(
        session, institution.id, "aleph pilot", Unit.PERSON, made[1:], "a" * 32, NOW
    )
    return made[0], pilot


def urls_of(lms: str) -> lti_repository.PlatformUrls:
    """Where an LMS answers."""
    return lti_repository.PlatformUrls(f"{lms}/auth", f"{lms}/token", f"{lms}/jwks")
