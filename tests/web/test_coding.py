"""Reading and coding on the pages: what a coder does, and what nobody may."""

import re

import pytest
from sqlalchemy import select

from lti.roles import Role
from store.coding.journal import history
from store.models import (
    AppSession,
    Attempt,
    AuditEvent,
    Code,
    Coding,
    Memo,
    Response,
    TeacherSeen,
    Words,
)
from tests.analysis.cohort import Course
from tests.web.conftest import Site
from tests.web.research_stage import course_of, researcher
from tests.worlds import make_world

PAGE = "/app/coding"
TEXT = "It depends 😀 on who\r\nwas told, it depends <b>."


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def course(site: Site) -> Course:
    return course_of(site)


@pytest.fixture
def answer(course: Course) -> str:
    return course.write(course.take(4, 2), TEXT, {"grey": "open"})


def interview_of(site: Site, response: str) -> str:
    with site.world.database.read() as session:
        query = select(Response).where(Response.public_id == response)
        row = session.scalars(query).one()
        return session.get_one(Attempt, row.attempt_id).public_id


def code_named(site: Site, name: str) -> Code:
    with site.world.database.read() as session:
        return session.scalars(select(Code).where(Code.name == name)).one()


def passages(site: Site) -> list[tuple[str, str]]:
    """(code, passage) of all codings that stand."""
    with site.world.database.read() as session:
        query = (
            select(Code.name, Coding.start, Coding.end, Words.body)
            .join(Code, Code.id == Coding.code_id)
            .join(Response, Response.id == Coding.response_id)
            .join(Words, Words.id == Response.words_id)
            .where(Coding.removed_at.is_(None))
            .order_by(Coding.id)
        )
        return [(row[0], row[3][row[1] : row[2]]) for row in session.execute(query)]


def test_a_coder_reads_codes_and_takes_back(site: Site, answer: str) -> None:
    token, interview = researcher(site), interview_of(site, answer)
    listed = site.post(PAGE, token)
    assert "1 interview" in words(listed.text) and "You are Coder 1" in words(listed.text)
    place = {"interview": interview, "response": answer}
    page = site.post(f"{PAGE}/read", token, interview=interview)
    assert "It depends 😀 on who\nwas told, it depends &lt;b&gt;." in page.text
    assert "A machine suggests A grey area ." in words(page.text)
    grey = code_named(site, "A grey area").public_id
    # A selection, as the script sends it: in code points, with LF at the ends of lines.
    done = site.post(f"{PAGE}/code", token, **place, code=grey, start="11", end="23")
    assert "Coded with “A grey area”." in words(done.text) and "<mark" in done.text
    # Typed words, across the end of a line; a new code in place; all of it.
    site.post(f"{PAGE}/code", token, **place, code=grey, passage="who\nwas told")
    site.post(f"{PAGE}/code", token, **place, new=" Telling ", passage="told")
    site.post(f"{PAGE}/code", token, **place, code=grey)
    assert passages(site) == [
        ("A grey area", "😀 on who\r\nwas"),
        ("A grey area", "who\r\nwas told"),
        ("Telling", "told"),
        ("A grey area", TEXT),
    ]
    page = site.post(f"{PAGE}/read", token, interview=interview)
    assert "A machine suggests" not in page.text, "it is coded so already"
    coding = re.findall(r'name="coding" value="([0-9a-f]{32})"', page.text)[0]
    site.post(f"{PAGE}/uncode", token, **place, coding=coding)
    assert len(passages(site)) == 3
    site.post(f"{PAGE}/memo", token, **place, memo="Think <i>again</i>.")
    assert "Think &lt;i&gt;again&lt;/i&gt;." in site.post(f"{PAGE}/read", token, **place).text
    assert "1 1" in words(site.post(PAGE, token).text), "one answer, with codes"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"passage": "not there"}, "these words are not in the answer"),
        ({"passage": "t depends"}, "more than once"),
        ({"start": "5", "end": "5"}, "does not lie within"),
        ({"start": "-4", "end": "99999"}, "does not lie within"),
        ({"start": "x", "end": "4"}, "does not lie within"),
        ({"code": "f" * 32}, "there is no such code"),
        ({"new": "x" * 121}, "1 to 120 characters"),
        ({"new": "a grey AREA"}, "already"),
    ],
)
def test_what_cannot_be_coded(site: Site, answer: str, fields: dict[str, str], why: str) -> None:
    token, interview = researcher(site), interview_of(site, answer)
    site.post(PAGE, token)
    code = code_named(site, "A grey area").public_id
    given = {"interview": interview, "response": answer, "code": code, **fields}
    done = site.post(f"{PAGE}/code", token, **given)
    assert done.status_code == 422 and why in words(done.text)
    assert passages(site) == [] and "Nothing was coded" in words(done.text)


def test_suggestions_are_not_codes_until_somebody_takes_them(site: Site, answer: str) -> None:
    one, other, interview = researcher(site), researcher(site, "s"), interview_of(site, answer)
    site.post(PAGE, one)
    assert passages(site) == []
    grey = code_named(site, "A grey area").public_id
    place = {"interview": interview, "response": answer, "theme": "grey", "code": grey}
    done = site.post(f"{PAGE}/suggestion", one, **place, do="yes")
    assert "from a suggestion" in words(done.text) and passages(site) == [("A grey area", TEXT)]
    done = site.post(f"{PAGE}/suggestion", other, **place, do="no")
    assert "A machine suggests" not in done.text and "A grey area" not in words(
        re.sub(r"<select.*?</select>", "", done.text, flags=re.DOTALL)
    )
    assert site.post(f"{PAGE}/suggestion", one, **place, do="perhaps").status_code == 422
    refused = site.post(f"{PAGE}/suggestion", one, **{**place, "theme": "embrace"}, do="yes")
    assert refused.status_code == 422 and len(passages(site)) == 1


def test_coders_do_not_see_each_others_codes(site: Site, answer: str) -> None:
    one, other, interview = researcher(site), researcher(site, "s"), interview_of(site, answer)
    place = {"interview": interview, "response": answer}
    page = site.post(f"{PAGE}/code", one, **place, new="Mine", passage="told")
    coding = re.findall(r'name="coding" value="([0-9a-f]{32})"', page.text)[0]
    page = site.post(f"{PAGE}/read", other, interview=interview)
    assert "<mark" not in page.text and coding not in page.text
    refused = site.post(f"{PAGE}/uncode", other, **place, coding=coding)
    assert refused.status_code == 422 and passages(site) == [("Mine", "told")]


def test_nobody_else_reads_and_no_teacher_reads_their_own_course(
    site: Site, course: Course, answer: str
) -> None:
    interview = interview_of(site, answer)
    for token in (site.token("t", Role.EDUCATOR), site.lead(), site.token("7", Role.LEARNER)):
        for path in ("", "/read", "/code", "/uncode", "/suggestion", "/memo"):
            assert site.post(PAGE + path, token, interview=interview).status_code == 403
        assert site.post("/app/codebook", token).status_code == 403
    token = researcher(site)
    assert site.post(f"{PAGE}/read", token, interview=interview).status_code == 200
    with site.world.database.write() as session:
        user = session.scalars(
            select(AppSession.lti_user_id).order_by(AppSession.id.desc()).limit(1)
        ).one()
        session.add(TeacherSeen(context_id=course.context_id, lti_user_id=user))
    assert "0 interviews" in words(site.post(PAGE, token).text)
    for path in ("/read", "/code", "/suggestion", "/memo"):
        fields = {"interview": interview, "response": answer, "do": "yes"}
        assert site.post(PAGE + path, token, **fields).status_code == 404
    exported = site.post("/app/research/export", token, form="jsonl")
    assert exported.data == b""
    assert "It depends" not in site.post("/app/lines", token).text
    # Moodle names whoever runs it an instructor of every course that they open.
    with site.world.database.write() as session:
        for one in session.scalars(select(AppSession).where(AppSession.lti_user_id == user)):
            one.administrator = True
    assert "1 interview" in words(site.post(PAGE, token).text)
    assert site.post(f"{PAGE}/read", token, interview=interview).status_code == 200


def test_another_institutions_interviews_are_not_there(site: Site, answer: str) -> None:
    beth = Site(site.app, make_world(site.world.database, "beth"), site.bot, site.keyring)
    token = researcher(beth)
    interview = interview_of(site, answer)
    assert beth.post(f"{PAGE}/read", token, interview=interview).status_code == 404
    assert "0 interviews" in words(beth.post(PAGE, token).text)
    for typed in ("", "x", "f" * 32, "\x00", "9" * 5000):
        assert beth.post(f"{PAGE}/read", token, interview=typed).status_code == 404


def test_opening_is_written_down_once_an_hour(site: Site, answer: str) -> None:
    token, interview = researcher(site), interview_of(site, answer)
    for _ in range(3):
        site.post(f"{PAGE}/read", token, interview=interview)
    with site.world.database.read() as session:
        query = select(AuditEvent.subject).where(AuditEvent.action == "interview opened")
        assert session.scalars(query).all() == [interview]


def test_restricted_and_deleted_words_are_not_shown(
    site: Site, course: Course, answer: str
) -> None:
    token, interview = researcher(site), interview_of(site, answer)
    with site.world.database.write() as session:
        row = session.scalars(select(Response).where(Response.public_id == answer)).one()
        session.get_one(Words, row.words_id).restricted = True
    page = site.post(f"{PAGE}/read", token, interview=interview)
    assert "It depends" not in page.text and "kept back" in page.text


def test_the_codebook_is_changed_and_conflicts_are_said(site: Site, answer: str) -> None:
    token = researcher(site)
    book = "/app/codebook"
    page = site.post(book, token)
    assert "A grey area" in page.text and "came with the study" in page.text
    done = site.post(f"{book}/make", token, name="Trust", definition="Whom.", parent="")
    assert "“Trust” is in the codebook." in words(done.text)
    assert site.post(f"{book}/make", token, name="trust").status_code == 422
    site.post(f"{book}/make", token, name="Theme", folder="on")
    trust, theme = code_named(site, "Trust"), code_named(site, "Theme")
    fields = {"code": trust.public_id, "revision": "1", "name": "Trusting", "definition": "Who."}
    done = site.post(f"{book}/change", token, **fields, parent=theme.public_id, do="keep")
    assert "“Trusting” is kept." in words(done.text)
    stale = site.post(f"{book}/change", token, **fields, parent="", do="keep")
    assert stale.status_code == 422 and "somebody has changed “Trusting”" in words(stale.text)
    for act in ("", "drop"):
        assert site.post(f"{book}/change", token, **fields, do=act).status_code == 422
    fields["revision"] = "2"
    refused = site.post(f"{book}/change", token, **fields, do="merge")
    assert refused.status_code == 422 and "choose the code" in words(refused.text)
    interview = interview_of(site, answer)
    place = {"interview": interview, "response": answer, "code": trust.public_id}
    site.post(f"{PAGE}/code", token, **place)
    refused = site.post(f"{book}/change", token, **fields, do="retire")
    assert refused.status_code == 422 and "merge it" in words(refused.text)
    grey = code_named(site, "A grey area").public_id
    site.post(f"{book}/change", token, **fields, into=grey, do="merge")
    assert passages(site) == [("A grey area", TEXT)]
    site.post(
        f"{book}/change", token, code=theme.public_id, revision="1", name="Theme", do="retire"
    )
    with site.world.database.read() as session:
        layers = history(session, site.world.study.id)
        assert layers.codes[theme.public_id].retired and layers.codes[trust.public_id].merged_into
        assert session.scalars(select(Memo)).all() == []


def test_a_codes_passages_by_person_and_a_split(site: Site, course: Course, answer: str) -> None:
    token, interview = researcher(site), interview_of(site, answer)
    course.write(course.take(1, 5), "Nobody told us.")
    place = {"interview": interview, "response": answer}
    for passage in ("who\nwas told", "<b>"):
        site.post(
            f"{PAGE}/code", token, **place, new="Mixed" if passage == "<b>" else "", passage=passage
        )
    mixed = code_named(site, "Mixed").public_id
    site.post(f"{PAGE}/code", token, **place, code=mixed, passage="who\nwas told")
    page = site.post("/app/codebook/passages", token, code=mixed)
    text = words(page.text)
    assert "Of 2 people with answers in words, 1 has passages" in text and "&lt;b&gt;" in page.text
    codings = re.findall(r'name="coding" value="([0-9a-f]{32})"', page.text)
    assert len(codings) == 2
    split = "/app/codebook/split"
    refused = site.post(split, token, code=mixed, name="Signs")
    assert refused.status_code == 422 and "tick the passages first" in words(refused.text)
    refused = site.post(split, token, code=mixed, name="Signs", coding="f" * 32)
    assert refused.status_code == 422 and "not coded so any more" in words(refused.text)
    refused = site.post(split, token, code=mixed, name="a grey area", coding=codings[0])
    assert refused.status_code == 422
    done = site.post(split, token, code=mixed, name="Signs", coding=codings[0])
    assert "1 passage is coded with “Signs” now." in words(done.text)
    assert sorted(name for name, _ in passages(site))[-2:] == ["Mixed", "Signs"]
    with site.world.database.read() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("passages opened") == 2, "once an hour for each code"


def test_a_case_that_its_pack_has_not_is_named_by_its_id(site: Site, answer: str) -> None:
    with site.world.database.write() as session:
        row = session.scalars(select(Response).where(Response.public_id == answer)).one()
        row.scenario_version = 99
    token = researcher(site)
    page = site.post(f"{PAGE}/read", token, interview=interview_of(site, answer))
    assert page.status_code == 200 and "S01, version 99" in page.text
    exported = site.post("/app/research/export", token, form="qdpx")
    assert exported.status_code == 200
