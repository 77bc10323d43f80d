"""The record as a tagged PDF, set by typst from a template; what people wrote is data to it."""

from collections.abc import Sequence
from pathlib import Path

from analysis.own_record import InterviewRecord
from analysis.portfolio.content import parts
from analysis.typesetting import set_pdf
from study.language import Language

TEMPLATE = Path(__file__).with_name("portfolio.typ")


def as_pdf(interviews: Sequence[InterviewRecord], language: Language) -> bytes:
    """The document as PDF.

    The fonts are those that come with typst and those of the machine; a script that none of
    them has is shown as boxes, and the DOCX is the better choice then.
    """
    rows = [
        {"kind": part.kind, "text": part.text, "lang": part.lang.split("-")[0]}
        for part in parts(interviews, language)
    ]
    data = {
        "lang": language.code.split("-")[0],
        "rtl": language.direction == "rtl",
        "parts": rows,
    }
    return set_pdf(TEMPLATE, data)
