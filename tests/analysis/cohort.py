"""A course full of learners, written straight into the record."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from analysis.class_view import ClassView, ScenarioView, class_view
from store import consent_texts, consents, scripts
from store.base import Base
from store.db import Database
from store.lti_sessions import upsert_resource_link
from store.models import (
    Attempt,
    Context,
    Deployment,
    Institution,
    Participant,
    Registration,
    Response,
    Study,
    Turn,
    Words,
)
from study.consent import Choices
from tests.study.interviews import shipped_library

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RESEARCH = Choices(take_part=True, research=True, quote=True)

Answer = int | str | None

STEPS = ("stance", "twist", "final_stance")


@dataclass(frozen=True)
class World:
    """An institution with an LMS and a study; courses are added as needed."""

    database: Database
    deployment_id: int
    study_id: int


def make_world(database: Database, slug: str = "testville") -> World:
    """Tables, an institution, its LMS, and a study on the core pack."""
    Base.metadata.create_all(database.engine)
    address = f"https://{slug}.example.edu"
    with database.write() as session:
        institution = Institution(slug=slug, name="Testville")
        session.add(institution)
        session.flush()
        registration = Registration(
            key=slug,
            institution_id=institution.id,
            issuer=address,
            client_id="client",
            auth_url=address,
            token_url=address,
            jwks_url=address,
        )
        session.add(registration)
        session.flush()
        deployment = Deployment(
            registration_id=registration.id, institution_id=institution.id, deployment_id="1"
        )
        pack = scripts.publish(session, shipped_library(), "core", None)
        study = Study(
            institution_id=institution.id,
            slug="main",
            name="Main",
            pack_id=pack.pack_id,
            pack_version=pack.version,
        )
        session.add_all([deployment, study])
        session.flush()
        return World(database, deployment.id, study.id)


@dataclass
class Course:
    """A course of a world; the clock stands still unless moved."""

    world: World
    now: datetime = NOW
    study_id: int = 0
    context_id: int = 0
    written: int = 0

    def __post_init__(self) -> None:
        with self.world.database.write() as session:
            context = Context(
                deployment_id=self.world.deployment_id,
                lms_id=f"lms-{secrets.token_hex(8)}",
                title="Secret title",
            )
            session.add(context)
            session.flush()
            self.context_id = context.id
            self.study_id = self.study_id or self.world.study_id

    def person(self, choices: Choices = RESEARCH, *, synthetic: bool = False) -> int:
        """A new participant with these choices; the row id."""
        with self.world.database.write() as session:
            study = session.get_one(Study, self.study_id)
            text = consent_texts.text_of(session, study)
            row = Participant(
                study_id=study.id, pseudonym=secrets.token_hex(16), synthetic=synthetic
            )
            session.add(row)
            session.flush()
            consents.give(session, row.id, text, choices, self.now)
            return row.id

    def take(
        self,
        *answers: Answer,
        person: int | None = None,
        status: str = "completed",
        role: str = "learner",
        ordinal: int = 1,
        scenario: str = "S01",
        choices: Choices = RESEARCH,
        synthetic: bool = False,
        activity: str | None = None,
        clarity: Answer | None = None,
        view: str = "learner",
        profession: str = "nursing",
    ) -> int:
        """One interview with stances before, on the changed case and after; its row id."""
        participant = person or self.person(choices, synthetic=synthetic)
        self.now += timedelta(seconds=1)
        with self.world.database.write() as session:
            study = session.get_one(Study, self.study_id)
            pack = scripts.find(session, study.pack_id, study.pack_version)
            assert pack is not None
            attempt = Attempt(
                participant_id=participant,
                study_id=study.id,
                context_id=self.context_id,
                resource_link_id=self.link(session, activity) if activity else None,
                pack_version_id=pack.id,
                ordinal=ordinal,
                role_view=view,
                lms_role=role,
                profession=profession,
                locale="en",
                seed=1,
                keep=choices.keep,
                start_state={},
                state={},
                open_step="closing",
                status=status,
                started_at=self.now,
                last_turn_at=self.now,
                ended_at=None if status == "open" else self.now,
                synthetic=synthetic,
            )
            session.add(attempt)
            session.flush()
            for number, (step, answer) in enumerate(zip(STEPS, answers, strict=False), start=1):
                if answer is not None:
                    session.add(self.response(attempt, number, step, answer, scenario))
            if clarity is not None:
                row = self.response(attempt, len(STEPS) + 1, "clarity", clarity, scenario)
                row.kind = "clarity"
                session.add(row)
            return attempt.id

    def link(self, session: Session, lms_id: str, custom: dict[str, str] | None = None) -> int:
        """An activity of the course; its row id."""
        row = upsert_resource_link(session, self.world.deployment_id, f"{self.context_id}/{lms_id}")
        row.context_id = self.context_id
        if custom is not None:
            row.custom = custom
        session.flush()
        return row.id

    def response(
        self, attempt: Attempt, number: int, step: str, answer: Answer, scenario: str
    ) -> Response:
        """An unsaved stance."""
        value = answer if isinstance(answer, int) else 3 if answer == "depends" else None
        return Response(
            attempt_id=attempt.id,
            participant_id=attempt.participant_id,
            number=number,
            position=0,
            scenario_id=scenario,
            scenario_version=2,
            scenario_hash="0" * 64,
            step=step,
            kind="stance",
            prompt_text="How acceptable?",
            options=["no", "rather not", "neither", "rather", "yes", "can't say"],
            value=value,
            flags=[answer] if isinstance(answer, str) else [],
            submitted_at=self.now,
            locale="en",
            act="answer",
            synthetic=attempt.synthetic,
        )

    def write(
        self,
        attempt_id: int,
        text: str,
        themes: dict[str, str] | None = None,
        scenario: str = "S01",
    ) -> str:
        """An answer in words, with the themes that a program heard; the response's public id."""
        with self.world.database.write() as session:
            attempt = session.get_one(Attempt, attempt_id)
            words = Words(participant_id=attempt.participant_id, attempt_id=attempt.id, body=text)
            session.add(words)
            session.flush()
            self.written += 1
            row = self.response(attempt, 9 + self.written, "open", None, scenario)
            if themes is not None:
                row.themes, row.model_version = dict(themes), "test"
                attempt.recount = True
            row.kind, row.words_id, row.options = "text", words.id, []
            session.add(row)
            session.flush()
            return row.public_id

    def ask(self, attempt_id: int, intent: str, act: str = "inform") -> None:
        """The person asks the assistant something in that interview."""
        with self.world.database.write() as session:
            count = select(func.count()).where(Turn.attempt_id == attempt_id)
            number = 100 + (session.scalar(count) or 0)
            session.add(
                Turn(
                    attempt_id=attempt_id,
                    client_msg_id=secrets.token_hex(8),
                    step_id="s",
                    kind="text",
                    received_at=self.now,
                    status="done",
                    number=number,
                    move={"number": number, "act": act, "reading": {"intent": intent}},
                )
            )
            session.get_one(Attempt, attempt_id).recount = True

    def leave(self, attempt_id: int) -> None:
        """The person of that interview withdraws from research."""
        with self.world.database.write() as session:
            attempt = session.get_one(Attempt, attempt_id)
            consents.withdraw(session, attempt.participant_id, self.now)

    def come_back(self, attempt_id: int) -> None:
        """The withdrawal is undone."""
        with self.world.database.write() as session:
            attempt = session.get_one(Attempt, attempt_id)
            consents.restore(session, attempt.participant_id, self.now)

    def change(self, attempt_id: int, step: str, answer: Answer) -> None:
        """The person chooses another point, or skips (None): a new row supersedes the old."""
        with self.world.database.write() as session:
            attempt = session.get_one(Attempt, attempt_id)
            old = self._current(session, attempt_id, step)
            new = self.response(attempt, old.number, step, answer, str(old.scenario_id))
            new.revision_no, new.supersedes_id = old.revision_no + 1, old.id
            new.kind = "skip" if answer is None else "stance"
            old.superseded = attempt.recount = True
            session.add(new)

    def erase(self, attempt_id: int, step: str) -> None:
        """The person deletes one stance."""
        with self.world.database.write() as session:
            row = self._current(session, attempt_id, step)
            session.execute(
                update(Response).where(Response.id == row.id).values(value=None, erased_at=self.now)
            )
            session.get_one(Attempt, attempt_id).recount = True

    def look(self, k: int = 5, days: float = 0, by: str = "") -> ClassView:
        """What an educator sees, after so many days, by groups of a kind or together."""
        self.now += timedelta(days=days)
        with self.world.database.write() as session:
            study = session.get_one(Study, self.study_id)
            return class_view(session, study, self.context_id, k, self.now, by=by)

    @staticmethod
    def _current(session: Session, attempt_id: int, step: str) -> Response:
        query = select(Response).where(
            Response.attempt_id == attempt_id, Response.step == step, Response.superseded.is_(False)
        )
        return session.scalars(query).one()


def case(view: ClassView, scenario: str = "S01") -> ScenarioView:
    """One case of the view."""
    return next(found for found in view.scenarios if found.id == scenario)


def shown(cells: object) -> dict[str, int | None]:
    """The values of a figure's cells."""
    assert hasattr(cells, "items")
    return {point: cell.value for point, cell in cells.items()}
