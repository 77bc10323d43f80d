"""The record as a Word document, with real headings and quotations."""

import io
from collections.abc import Sequence

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from analysis.own_record import InterviewRecord
from analysis.portfolio.content import Part, parts
from study.language import Language

STYLES = {
    "title": "Title",
    "interview": "Heading 1",
    "case": "Heading 2",
    "stance": "List Bullet",
    "answer": "Quote",
}
NOT_IN_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


def as_docx(interviews: Sequence[InterviewRecord], language: Language) -> bytes:
    """The document as DOCX."""
    document = Document()
    document.core_properties.title = language.gettext("My reflections")
    document.core_properties.author = ""
    document.core_properties.language = language.code
    for part in parts(interviews, language):
        _add(document, part, language)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: "Document", part: Part, language: Language) -> None:  # type: ignore[valid-type]
    paragraph = document.add_paragraph(style=STYLES.get(part.kind))  # type: ignore[attr-defined]
    run = paragraph.add_run(part.text.translate(NOT_IN_XML))
    run.italic = part.kind == "prompt" or None
    if part.lang and part.lang != language.code:
        mark = OxmlElement("w:lang")
        mark.set(qn("w:val"), part.lang)
        run._element.get_or_add_rPr().append(mark)
    if language.direction == "rtl":
        paragraph._element.get_or_add_pPr().append(OxmlElement("w:bidi"))
