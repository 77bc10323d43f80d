"""Codings made elsewhere on our own export come home, as a layer of another coder.

They are matched by the names of sources and codes. Whatever does not match is listed with its
reason, and nothing is guessed: not where a passage begins, not which code was meant.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.book import book_of, guid
from analysis.export.choosing import Chosen
from analysis.export.transcripts import Passage, Transcript, transcripts
from analysis.importing.archive import BOM, Coded, Foreign
from store.coding import codings
from store.coding.coders import layer
from store.coding.journal import CodingError, lock
from store.models import Code, Coder, Coding, Study

UNNAMED = "no name"
LF_COUNTED = ("maxqda", "atlas", "qualcoder", "grey area", "taguette")
"""Programs that count an end of line once, and code points."""
UTF16_COUNTED = ("nvivo",)
"""Programs that count UTF-16 units, and an end of line as it is in the file."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A coding that stays outside, and why."""

    coded: Coded
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import. ``known`` are codings that were ours already."""

    imported: int
    known: int
    coders: tuple[str, ...]
    unmatched: tuple[Unmatched, ...]


def bring_home(session: Session, study: Study, foreign: Foreign, now: datetime) -> Report:
    """Add a project's codings, all that match in one transaction.

    Call it inside ``Database.write()``.

    Raises:
        CodingError: the name of a coder is too long.
    """
    lock(session, study.id)
    book = book_of(session, study)
    by_name: dict[str, Code] = {code.name.casefold(): code for code in book.codes.values()}
    wanted = {coded.source for coded in foreign.codings}
    texts = {
        made.name: made for made in transcripts(session, study, Chosen()) if made.name in wanted
    }
    unmatched: list[Unmatched] = []
    layers: set[str] = set()
    here = _Here(session, study)
    imported = known = 0
    for coded in foreign.codings:
        if coded.guid in here.guids:
            known += 1
            continue
        found = _match(coded, foreign, texts, by_name)
        if isinstance(found, str):
            unmatched.append(Unmatched(coded, found))
            continue
        passage, start, end, code = found
        if (coded.coder, passage.response_id, code.id, start, end) in here.places:
            # Ours, by a program that gives new identifiers.
            known += 1
            continue
        coder = layer(session, study.id, coded.coder or UNNAMED)
        try:
            made = codings.apply(
                session,
                study.id,
                coder,
                passage.public_id,
                code.public_id,
                now,
                start=start,
                end=end,
                origin="import",
            )
        except CodingError as error:
            unmatched.append(Unmatched(coded, str(error)))
            continue
        layers.add(coder.label)
        # The same file twice changes nothing the second time.
        imported, known = imported + (made.id not in here.ids), known + (made.id in here.ids)
        here.ids.add(made.id)
    return Report(imported, known, tuple(sorted(layers)), tuple(unmatched))


class _Here:
    """What has been coded here: by identifier in exports, by row, and for what stands by coder,
    answer, code, and from where to where."""

    def __init__(self, session: Session, study: Study) -> None:
        self.guids: set[str] = set()
        self.ids: set[int] = set()
        self.places: set[tuple[str, int, int, int, int]] = set()
        query = select(Coder.label, Coding).join(Coder, Coder.id == Coding.coder_id)
        for label, one in session.execute(query.where(Coding.study_id == study.id)):
            self.guids.add(guid(study.public_id, "coding", one.public_id))
            self.ids.add(one.id)
            if one.removed_at is None:
                self.places.add((label, one.response_id, one.code_id, one.start, one.end))


def _match(
    coded: Coded,
    foreign: Foreign,
    texts: Mapping[str, Transcript],
    by_name: Mapping[str, Code],
) -> tuple[Passage, int, int, Code] | str:
    """The passage of an answer that a coding is about, and its code; or why there is none."""
    code = by_name.get(" ".join(coded.code.split()).casefold())
    if code is None:
        return "there is no code of that name"
    if not code.codable:
        return "that code is a folder here"
    made = texts.get(coded.source)
    if made is None:
        return "there is no interview of that name, or the person has withdrawn"
    theirs = foreign.texts[coded.source]
    if _lf(theirs) != made.text:
        return "its text is not what was exported, or has changed since"
    count = _counting(foreign.origin, theirs)
    if count is None:
        return "the text has characters or ends of lines that programs count differently"
    start, end = count(coded.start), count(coded.end)
    for passage in made.passages.values():
        if passage.start <= start < end <= passage.end:
            return (
                passage,
                bisect_left(passage.places, start),
                bisect_left(passage.places, end),
                code,
            )
    return "it is not within one answer in words"


def _lf(text: str) -> str:
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def _counting(origin: str, text: str) -> Callable[[int], int] | None:
    """How places in the other program's text become places in ours; None if it cannot be told."""
    body = text.removeprefix(BOM)
    program = origin.casefold()
    if "\r" not in body and all(ord(character) < 0x10000 for character in body):
        return lambda place: place
    if any(name in program for name in UTF16_COUNTED):
        units: list[int] = []
        at = 0
        for place, character in enumerate(body):
            units += [at] * (2 if ord(character) > 0xFFFF else 1)
            at += not (character == "\r" and body[place + 1 : place + 2] == "\n")
        units.append(at)
        return lambda place: units[min(place, len(units) - 1)]
    if any(name in program for name in LF_COUNTED):
        return lambda place: place
    return None
