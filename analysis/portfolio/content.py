"""What stands in a portfolio document, whatever its format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from analysis.own_record import Answer, InterviewRecord
from study.language import Language


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the document; ``kind`` is title, interview, case, paragraph, note, stance,
    prompt or answer, and ``lang`` a BCP 47 tag where it is not the document's language.
    """

    kind: str
    text: str
    lang: str = ""


def stance_names(language: Language) -> dict[str, str]:
    """When each stance was taken, in words."""
    say = language.gettext
    return {
        "stance": say("At first"),
        "twist": say("With the change"),
        "final_stance": say("In the end"),
    }


def parts(interviews: Sequence[InterviewRecord], language: Language) -> Iterator[Part]:
    """The document from top to bottom; deleted answers are left out."""
    say = language.gettext
    yield Part("title", say("My reflections"))
    yield Part(
        "note",
        say(
            "Short cases about AI in assessment, and how I saw them. There were no right answers, "
            "and nothing was marked."
        ),
    )
    for interview in interviews:
        yield Part(
            "interview", say("Begun on %(date)s") % {"date": day(interview.started, language)}
        )
        for case in interview.cases:
            yield Part("case", case.title, case.locale)
            yield Part("paragraph", case.vignette, case.locale)
            yield Part("paragraph", case.changed_case, case.locale)
            names = stance_names(language)
            for step, label in case.stances:
                if label:
                    yield Part("stance", f"{names[step]}: {label}")
            yield from _answers(case.answers)
        if any(not answer.removed for answer in interview.closing):
            yield Part("case", say("Looking back"))
            yield from _answers(interview.closing)
    if not interviews:
        yield Part("paragraph", say("You have not said anything yet."))


def day(moment: datetime, language: Language) -> str:
    """A date as the language writes it."""
    return format_date(moment.date(), "long", locale=babel_locale(language))


def babel_locale(language: Language) -> str:
    """The locale by which Babel writes dates; made-up languages have those of English."""
    return language.code if language.code in ("es", "de") else "en_GB"


def _answers(answers: Sequence[Answer]) -> Iterator[Part]:
    for answer in answers:
        if answer.removed or not answer.text or answer.kind == "stance":
            continue
        yield Part("prompt", answer.prompt, answer.prompt_locale)
        yield Part("answer", answer.text)
