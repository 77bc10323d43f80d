"""Codings and memos: a passage gets a code, by one coder, and everything can be taken back."""

import hashlib
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from store import consents
from store.coding import codes
from store.coding.journal import CodingError, NotFoundError, lock, note
from store.models import (
    Attempt,
    Coder,
    Coding,
    Consent,
    Memo,
    Response,
    SuggestionAnswer,
    Words,
)
from study.coding import TEXT_LENGTH, Kind


def answer_of(session: Session, study_id: int, public_id: str) -> tuple[Response, str]:
    """An answer in words that may be coded, and its words.

    Raises:
        NotFoundError: it is not of this study, was deleted or changed, or its author has left.
    """
    query = (
        select(Response, Words.body)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Words, Words.id == Response.words_id)
        .join(Consent, and_(Consent.id == consents.newest_of_response(), Consent.research))
        .where(
            Attempt.study_id == study_id,
            Attempt.keep == "study",
            Response.public_id == public_id,
            Response.superseded.is_(False),
            Response.erased_at.is_(None),
            Words.body.is_not(None),
        )
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFoundError("this answer is not there any more")
    return found[0], str(found[1])


def apply(
    session: Session,
    study_id: int,
    coder: Coder,
    response: str,
    code: str,
    now: datetime,
    *,
    start: int = 0,
    end: int | None = None,
    origin: str = "human",
) -> Coding:
    """Give a passage a code; without an end the whole answer. The same twice is one coding.

    Raises:
        CodingError: the passage is empty or not within the answer, or the code is a folder.
        NotFoundError: see :func:`answer_of` and :func:`store.coding.codes.find`.
    """
    lock(session, study_id)
    row, words = answer_of(session, study_id, response)
    what = codes.find(session, study_id, code)
    if not what.codable:
        raise CodingError(f"“{what.name}” is a folder: nothing is coded with it")
    stop = len(words) if end is None else end
    if not 0 <= start < stop <= len(words) or not words[start:stop].strip():
        raise CodingError("the passage does not lie within the answer")
    same = select(Coding).where(
        Coding.response_id == row.id,
        Coding.code_id == what.id,
        Coding.coder_id == coder.id,
        Coding.start == start,
        Coding.end == stop,
        Coding.removed_at.is_(None),
    )
    found = session.scalars(same).first()
    if found is not None:
        return found
    made = Coding(
        study_id=study_id,
        response_id=row.id,
        code_id=what.id,
        coder_id=coder.id,
        start=start,
        end=stop,
        origin=origin,
    )
    session.add(made)
    session.flush()
    data = {
        "coding": made.public_id,
        "response": row.public_id,
        "start": start,
        "end": stop,
        "code": what.public_id,
        "origin": origin,
    }
    note(session, study_id, coder, Kind.CODED, data, now)
    return made


def remove(session: Session, study_id: int, coder: Coder, public_id: str, now: datetime) -> None:
    """Take back a coding of one's own.

    Raises:
        NotFoundError: it is not there, or another coder's.
    """
    lock(session, study_id)
    query = select(Coding).where(
        Coding.study_id == study_id,
        Coding.public_id == public_id,
        Coding.coder_id == coder.id,
        Coding.removed_at.is_(None),
    )
    row = session.scalars(query).first()
    if row is None:
        raise NotFoundError("this is not a coding of yours")
    row.removed_at = now
    session.flush()
    note(session, study_id, coder, Kind.UNCODED, {"coding": row.public_id}, now)


def answer_suggestion(
    session: Session,
    study_id: int,
    coder: Coder,
    response: str,
    theme: str,
    now: datetime,
    *,
    code: str | None,
) -> None:
    """Say yes (with the code to give the whole answer) or no to what a machine heard.

    Raises:
        CodingError: the machine has suggested no such theme. Or as :func:`apply`.
    """
    lock(session, study_id)
    row, _ = answer_of(session, study_id, response)
    if theme not in row.themes:
        raise CodingError("nothing like it was suggested for this answer")
    query = select(SuggestionAnswer).where(
        SuggestionAnswer.response_id == row.id,
        SuggestionAnswer.theme == theme,
        SuggestionAnswer.coder_id == coder.id,
    )
    found = session.scalars(query).first()
    accepted = code is not None
    if found is None:
        found = SuggestionAnswer(
            study_id=study_id, response_id=row.id, theme=theme, coder_id=coder.id, accepted=accepted
        )
        session.add(found)
    elif found.accepted == accepted:
        return
    found.accepted = accepted
    session.flush()
    data = {"response": row.public_id, "theme": theme, "accepted": accepted}
    note(session, study_id, coder, Kind.SUGGESTION_ANSWERED, data, now)
    if code is not None:
        apply(session, study_id, coder, response, code, now, origin="accepted")


def write_memo(
    session: Session,
    study_id: int,
    coder: Coder,
    body: str,
    now: datetime,
    *,
    code: str | None = None,
    response: str | None = None,
) -> Memo | None:
    """Keep a coder's memo about a code, an answer, or else the study; an empty one is removed.

    Raises:
        CodingError: it is too long. NotFoundError: there is no such code or answer.
    """
    lock(session, study_id)
    text = body.replace("\r\n", "\n").strip()
    if len(text) > TEXT_LENGTH:
        raise CodingError(f"a memo has up to {TEXT_LENGTH} characters")
    about = "code" if code else "response" if response else "study"
    of_code = codes.find(session, study_id, code).id if code else None
    of_response = answer_of(session, study_id, response)[0].id if response else None
    found = session.scalars(
        select(Memo).where(
            Memo.study_id == study_id,
            Memo.coder_id == coder.id,
            Memo.about == about,
            Memo.code_id.is_not_distinct_from(of_code),
            Memo.response_id.is_not_distinct_from(of_response),
            Memo.removed_at.is_(None),
        )
    ).first()
    if found is not None and found.body == text:
        return found
    if not text:
        if found is not None:
            found.removed_at, found.body = now, ""
            note(session, study_id, coder, Kind.MEMO_REMOVED, {"memo": found.public_id}, now)
        return None
    if found is None:
        found = Memo(
            study_id=study_id,
            coder_id=coder.id,
            about=about,
            code_id=of_code,
            response_id=of_response,
            body=text,
            changed_at=now,
        )
        session.add(found)
    found.body, found.changed_at = text, now
    session.flush()
    data = {
        "memo": found.public_id,
        "about": about,
        "of": code or response,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    note(session, study_id, coder, Kind.MEMO_WRITTEN, data, now)
    return found
