"""The chat page as data: what was said, the open question, and the ways on."""

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.attempts import Line, state_of, transcript
from store.care import care_of
from store.cues import script_for
from store.inbox import pending
from store.models import Attempt, Event, Institution, Study
from study.care import SupportLine
from study.digressions import minutes_left
from study.effects import Option, Question
from study.language import Language
from study.questions import MENU, question
from study.rendering import Rendered, label, render
from study.script import Script
from study.state import End, State
from study.steps import Step
from study.wording import WORDING

AFTER_TWIST = frozenset(
    {
        Step.TWIST,
        Step.TWIST_REASON,
        Step.CLARITY,
        Step.POLICY_TEXT,
        Step.FINAL_STANCE,
        Step.CASE_CLOSE,
    }
)

ADDRESS = re.compile(r"https://\S+")

ASKED_OF_POLICY = frozenset({Step.CLARITY, Step.POLICY_TEXT})


@dataclass(frozen=True, slots=True)
class Button:
    """A button: the value it posts and its label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line of the conversation as shown."""

    anchor: str
    speaker: str
    text: str
    locale: str
    kind: str
    removed: bool = False
    href: str = ""
    """Where the line leads, if it gives an address."""


@dataclass(frozen=True, slots=True)
class CaseCard:
    """The case that is open, to be looked at again while answering."""

    title: str
    vignette: str
    change: str | None
    rule: "Rule | None"
    locale: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What was said of the use; ``whose`` is "elsewhere", "own" or "trial"."""

    text: str
    locale: str
    whose: str


@dataclass(frozen=True, slots=True)
class Chat:
    """Everything that the chat page shows.

    ``waiting``: a turn is saved but not yet answered. ``message_id`` is for the next
    submission, so that a double click posts the same message twice and counts once.
    ``foreign``: the cases do not come in the person's language.
    """

    attempt_id: str
    bubbles: tuple[Bubble, ...]
    shortened: bool
    step_id: str
    message_id: str
    question: str
    question_locale: str
    options: tuple[Button, ...]
    extra: tuple[Button, ...]
    menu: tuple[Button, ...]
    case: CaseCard | None
    foreign: bool
    position: int
    total: int
    minutes: int
    ended: bool
    end: str
    paused: bool
    support: bool
    support_lines: tuple[SupportLine, ...]
    waiting: bool
    text_allowed: bool
    notice: str = ""
    error: str = ""
    draft: str = ""

    @property
    def latest(self) -> tuple[Bubble, ...]:
        """What the assistant said since the person last did, but for what stands there anyway."""
        said: list[Bubble] = []
        for bubble in reversed(self.bubbles):
            if bubble.speaker == "you":
                break
            if bubble.kind == "said":
                said.append(bubble)
        return tuple(reversed(said))


MOST_UTTERANCES = 60
"""A page shows so many of the assistant's utterances; the rest is under My reflections."""


def chat_of(
    session: Session,
    attempt: Attempt,
    language: Language,
    *,
    seen: int = 0,
    error: str = "",
    draft: str = "",
) -> Chat:
    """The chat of an attempt as it stands in the record.

    ``language`` is that of the page. ``seen``: the newest utterance that the page has already;
    only what follows is given.
    """
    if _just_erased(session, attempt):
        seen = 0  # What is deleted goes from the page as well.
    after = max(0, seen, attempt.utterances - MOST_UTTERANCES)
    script = script_for(session, attempt)
    state = state_of(attempt)
    asked = question(state, script)
    open_question = _question(asked, script, attempt.locale, language)
    ended = asked.step is Step.ENDED and not state.choosing
    return Chat(
        attempt_id=attempt.public_id,
        bubbles=tuple(_bubble(line, language) for line in transcript(session, attempt, after)),
        shortened=seen == 0 and after > 0,
        step_id=asked.step_id,
        message_id=str(uuid.uuid4()),
        question=open_question.text,
        question_locale=open_question.locale,
        options=_buttons(asked.options, language),
        extra=_buttons(asked.extra, language),
        menu=_menu(ended, language),
        case=_case(state, script, attempt.locale),
        foreign=_is_foreign(script, attempt.locale),
        position=state.position + 1,
        total=len(state.order),
        minutes=minutes_left(state, script) if state.end is None else 0,
        ended=ended,
        end=state.end.value if state.end else "",
        paused=state.paused,
        support=state.supporting or state.end is End.DISTRESS,
        support_lines=_support_lines(session, attempt),
        waiting=bool(pending(session, attempt.id)),
        text_allowed=state.end not in (End.ERASED, End.COMPLETED) or not ended,
        error=error,
        draft=draft,
    )


def _support_lines(session: Session, attempt: Attempt) -> tuple[SupportLine, ...]:
    study = session.get_one(Study, attempt.study_id)
    return care_of(session.get_one(Institution, study.institution_id)).lines


def _just_erased(session: Session, attempt: Attempt) -> bool:
    query = select(Event.kind).where(Event.attempt_id == attempt.id, Event.seq == attempt.events)
    return session.scalar(query) in ("erased", "finished") and attempt.events > 0


def option_label(value: str) -> str:
    """What a button that was pressed said, as the learner's line in the conversation."""
    for key in (
        f"stance.{value}",
        f"menu.{value}",
        f"option.{value}",
        f"chosen.{value}",
        f"delete.option.{value.removeprefix('delete_')}",
    ):
        if key in WORDING:
            return WORDING[key]
    if value == "resume":
        return WORDING["option.carry_on"]
    return WORDING["chosen.delete_one"]


def _bubble(line: Line, language: Language) -> Bubble:
    text, locale = line.text, line.locale
    if line.key == "option":
        text, locale = language.gettext(option_label(text)), language.code
    kind = "question" if line.question else "title" if line.key == "case.title" else "said"
    if line.key == "case_intro":
        kind = "mark"
    elif line.key.startswith(("case.vignette", "case.changed_case", "case.policy_cue")):
        kind = "case"
    found = ADDRESS.search(text) if line.key == "policy.link" else None
    href = found[0] if found is not None else ""
    return Bubble(line.id, line.speaker, text, locale, kind, line.removed, href)


def _buttons(options: tuple[Option, ...], language: Language) -> tuple[Button, ...]:
    return tuple(Button(option.value, label(option, language)) for option in options)


def _menu(ended: bool, language: Language) -> tuple[Button, ...]:
    left_out = {"skip", "pause", "stop"} if ended else set()
    return tuple(
        Button(item, language.gettext(WORDING[f"menu.{item}"]))
        for item in MENU
        if item not in left_out
    )


def _question(asked: Question, script: Script, locale: str, language: Language) -> Rendered:
    if not asked.brief:
        return Rendered("", language.code)
    return render(asked.brief[-1], script, locale, language)


def _is_foreign(script: Script, locale: str) -> bool:
    wanted = locale.lower().split("-")[0]
    return any(
        item.text(locale).locale.lower().split("-")[0] != wanted
        for item in script.scenarios.values()
    )


def _case(state: State, script: Script, locale: str) -> CaseCard | None:
    if not state.current[1].in_case:
        return None
    texts, used = script.scenario(state.scenario).text(locale)
    changed = state.current[1] in AFTER_TWIST
    return CaseCard(
        title=texts.title,
        vignette=texts.part(f"vignette.{state.role_view}"),
        change=texts.changed_case if changed else None,
        rule=_rule_of(state, script, locale) if state.current[1] in ASKED_OF_POLICY else None,
        locale=used,
    )


def _rule_of(state: State, script: Script, locale: str) -> Rule:
    cue = script.cues.get(state.scenario)
    if cue is None:
        texts, used = script.scenario(state.scenario).text(locale)
        return Rule(texts.policy_cue, used, "elsewhere")
    return Rule(*cue.text(locale), "trial" if cue.trial else "own")
