"""A small world for tests: an institution with a study, people and interviews."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import attempts, consent_texts, consents, lti_repository, participants, scripts
from store.attempts import Setting
from store.base import Base
from store.db import Database
from store.inbox import Message, receive
from store.models import (
    Attempt,
    Context,
    Deployment,
    Institution,
    Participant,
    Registration,
    Study,
    Turn,
)
from store.turns import apply_turn
from study.consent import Choices
from study.intents import ACT_OF_INTENT
from study.moves import Act
from study.state import State
from tests.study.interviews import shipped_library

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RESEARCH = Choices(take_part=True, research=True, quote=True)


@dataclass
class World:
    """One institution with everything that an interview needs."""

    database: Database
    institution: Institution
    registration: Registration
    deployment: Deployment
    study: Study
    context: Context

    def person(self, code: str = "a" * 32, choices: Choices = RESEARCH) -> Participant:
        """A participant who has given these choices."""
        with self.database.write() as session:
            study = session.get_one(Study, self.study.id)
            text = consent_texts.text_of(session, study)
            person = participants.find_or_add(session, study.id, code)
            consents.give(session, person.id, text, choices, NOW)
        return person

    def attempt(self, person: Participant, seed: int = 1, locale: str = "en") -> Attempt:
        """A fresh interview of that participant."""
        with self.database.write() as session:
            study = session.get_one(Study, self.study.id)
            pack = scripts.find(session, study.pack_id, study.pack_version)
            consent = consents.current(session, person.id)
            assert pack is not None and consent is not None
            setting = Setting("learner", "nursing", locale, self.context.id, None)
            return attempts.begin(session, person, study, pack, consent, setting, NOW, seed)

    def step_id(self, attempt: Attempt) -> str:
        """The open step as it stands in the record."""
        return self.state(attempt).step_id

    def state(self, attempt: Attempt) -> State:
        """The state as it stands in the record."""
        with self.database.read() as session:
            return attempts.state_of(session.get_one(Attempt, attempt.id))

    def send(
        self,
        attempt: Attempt,
        text: str | None = None,
        option: str | None = None,
        act: Act | None = None,
        heard: dict[str, Any] | None = None,
        step_id: str | None = None,
    ) -> Turn:
        """A turn received and applied, as the web tier and the action server do it."""
        message = Message(
            client_msg_id=str(uuid.uuid4()),
            step_id=step_id or self.step_id(attempt),
            text=text,
            option=option,
        )
        turn = receive(self.database, attempt.id, message, NOW)
        chosen = act or (ACT_OF_INTENT[message.intent] if message.intent else Act.ANSWER)
        with self.database.write() as session:
            return apply_turn(session, turn.public_id, chosen, heard, NOW)

    def rows[Model](self, model: type[Model]) -> list[Model]:
        """All rows of a table."""
        with self.database.read() as session:
            return list(session.scalars(select(model)))

    def everything(self) -> str:
        """Every value of every table, for looking for what should be gone."""
        with self.database.read() as session:
            return "\n".join(
                str(tuple(row))
                for table in Base.metadata.sorted_tables
                for row in _all(session, table)
            )


def _all(session: Session, table: Any) -> Any:
    return session.execute(table.select())


def make_world(database: Database, slug: str = "testville") -> World:
    """Tables, an institution with an LMS, and a study on the core pack."""
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        institution = lti_repository.add_institution(session, slug, "Testville")
        registration = lti_repository.add_registration(
            session,
            institution,
            issuer=f"https://{slug}.example.edu",
            client_id="client",
            urls=lti_repository.PlatformUrls(
                auth=f"https://{slug}.example.edu/auth",
                token=f"https://{slug}.example.edu/token",
                jwks=f"https://{slug}.example.edu/jwks",
            ),
        )
        deployment = lti_repository.approve_deployment(session, registration, "1", NOW)
        pack = scripts.publish(session, shipped_library(), "core", None)
        study = Study(
            institution_id=institution.id,
            slug="main",
            name="Main",
            pack_id=pack.pack_id,
            pack_version=pack.version,
        )
        context = Context(deployment_id=deployment.id, lms_id="course-1", title="Course")
        session.add_all([study, context])
        session.flush()
        return World(database, institution, registration, deployment, study, context)
