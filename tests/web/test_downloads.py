"""What a person takes along: everything they said, nothing deleted, nothing of anybody else."""

import io
import json
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from store.models import Attempt, Response
from tests.web.conftest import Site, page_of

WORDS = "The heliotrope canary, <b>because</b> nobody = has said *what* the #rule is."
FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def started(site: Site, sub: str = "7", words: str = WORDS) -> str:
    token = site.token(sub)
    page = page_of(site.say(site.begin(token), option="2"))
    site.say(page, text=words)
    return token


def taken(site: Site, token: str, kind: str) -> bytes:
    answer = site.post("/app/reflections/download", token, format=kind)
    assert answer.status_code == 200 and answer.mimetype == FORMATS[kind]
    assert f'filename="my-reflections.{kind}"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data()


def text_of(kind: str, body: bytes) -> str:
    if kind == "pdf":
        pages = PdfReader(io.BytesIO(body)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    if kind == "docx":
        return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(body)).paragraphs)
    return json.dumps(json.loads(body), ensure_ascii=False)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_words_are_there_as_they_were_said(site: Site, kind: str) -> None:
    token = started(site)
    started(site, "8", "Another person's quagga.")
    text = text_of(kind, taken(site, token, kind))
    assert WORDS in text and "quagga" not in text
    assert "Somewhat unacceptable" in text
    title = site.world.rows(Attempt)[0].start_state["order"]
    assert title  # the case that was met is named in the document
    answer = next(r for r in site.world.rows(Response) if r.kind == "text")
    assert answer.prompt_text in text


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_deleted_is_in_no_download(site: Site, kind: str) -> None:
    token = started(site)
    attempt = site.world.rows(Attempt)[0].public_id
    answer = next(r for r in site.world.rows(Response) if r.kind == "text")
    number = str(answer.number)
    site.post("/app/reflections/delete", token, attempt=attempt, number=number)
    assert "heliotrope" not in text_of(kind, taken(site, token, kind))


@pytest.mark.parametrize("kind", FORMATS)
def test_who_has_said_nothing_gets_an_empty_one(site: Site, kind: str) -> None:
    text_of(kind, taken(site, site.token("nobody"), kind))
    agreed = site.token("agreed")
    site.begin(agreed)
    text_of(kind, taken(site, agreed, kind))


@pytest.mark.parametrize("kind", ["", "exe", "../pdf", "PDF"])
def test_another_format_is_refused(site: Site, kind: str) -> None:
    assert site.post("/app/reflections/download", started(site), format=kind).status_code == 422


@pytest.mark.parametrize("kind", FORMATS)
def test_any_words_can_be_set(site: Site, kind: str) -> None:
    """Nothing that is written is taken for markup, and no character breaks a document."""
    hostile = '#read("/etc/passwd") $x$ \\ ]]> & مرحبا 你好 👩‍⚕️ é \x0b {{7*7}} ' + "w" * 3000
    text = text_of(kind, taken(site, started(site, words=hostile), kind))
    assert '#read("/etc/passwd") $x$' in text.replace('\\"', '"') and "{{7*7}}" in text
    assert "root:" not in text


def test_the_pdf_is_tagged_and_names_its_language(site: Site) -> None:
    token = started(site)
    site.post("/app/language", token, locale="de", here="reflections")
    reader = PdfReader(io.BytesIO(taken(site, token, "pdf")))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "de" and root["/MarkInfo"]["/Marked"]
    assert "Meine Reflexionen" in reader.pages[0].extract_text()


def test_the_data_holds_every_answer_and_every_consent(site: Site) -> None:
    token = started(site)
    found = json.loads(taken(site, token, "json"))
    assert found["format"] == "greyarea.own_record/1"
    assert [one["research"] for one in found["consents"]] == [True]
    assert "computer program" in found["consents"][0]["text"]
    (interview,) = found["interviews"]
    (case,) = interview["cases"]
    assert [answer["value"] for answer in case["answers"]] == [2, None]
    assert case["answers"][1]["text"] == WORDS
    shown = json.dumps(found)
    for inferred in ("themes", "thin", "score", "intent", "reading"):
        assert f'"{inferred}"' not in shown
