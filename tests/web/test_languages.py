"""The language: from the launch, changeable at any time, and a notice where a text is missing."""

import pytest
from sqlalchemy import select

from store.consent_texts import ConsentSettings
from store.models import (
    Attempt,
    Consent,
    ConsentText,
    Institution,
    ResourceLink,
    Response,
    Utterance,
)
from store.scripts import publish
from tests.study.interviews import shipped_library
from tests.web.conftest import Site, page_of

SAID = {
    "en": ("Before you begin", "Start", "How acceptable do you find", "Completely acceptable"),
    "es": ("Antes de empezar", "Empezar", "¿Hasta qué punto le parece", "Completamente aceptable"),
    "de": ("Bevor Sie anfangen", "Anfangen", "Wie akzeptabel finden Sie", "Völlig akzeptabel"),
}


def speak(site: Site, token: str, locale: str, **values: str) -> str:
    return site.post("/app/language", token, locale=locale, **values).get_data(as_text=True)


@pytest.mark.parametrize("locale", SAID)
def test_the_whole_way_in_each_language(site: Site, locale: str) -> None:
    title, start, question, point = SAID[locale]
    token = site.token()
    information = speak(site, token, locale)
    assert title in information and start in information and f'<html lang="{locale}"' in information
    assert ("no ha aprobado" in information or "nicht freigegeben" in information) == (
        locale != "en"
    )
    page = site.begin(token)
    assert question in page.text and point in page.text
    others = {text for other in SAID if other != locale for text in SAID[other]}
    assert not [text for text in others if text in page.text]
    # The record holds the question and the points as they were read.
    page_of(site.say(page, option="5"))
    (answer,) = site.world.rows(Response)
    assert answer.prompt_text.startswith(question) and point in answer.options
    assert site.world.rows(Attempt)[0].locale == locale
    # What was agreed to is the text in the language in which it was read.
    read = {text.id: text.locale for text in site.world.rows(ConsentText)}
    assert read[site.world.rows(Consent)[0].consent_text_id] == locale


def test_a_change_of_language_leaves_what_was_said(site: Site) -> None:
    token = site.token()
    site.say(site.begin(token), option="2")
    page = speak(site, token, "de")
    assert "Ihre Antwort" in page and "How acceptable do you find" in page
    site.say(page_of(site.post("/app", token)), text="Ich finde, es kommt auf die Note an.")
    said = [row.text for row in site.world.rows(Utterance)]
    assert any(text.startswith("How acceptable") for text in said)
    newest = site.world.rows(Utterance)[-1]
    assert newest.locale == "de" and site.world.rows(Attempt)[0].locale == "de"
    assert "Meine Reflexionen" in speak(site, token, "de", here="reflections")


@pytest.mark.parametrize("locale", ["fr", "", "../en", "de-AT-x-long", "x" * 3000, "DE"])
def test_another_language_changes_nothing(site: Site, locale: str) -> None:
    token = site.token()
    site.begin(token)
    assert '<html lang="en"' in speak(site, token, locale)
    assert site.world.rows(Attempt)[0].locale == "en"


def test_an_approved_translation_is_no_draft(site: Site) -> None:
    token = site.token()
    assert "nicht freigegeben" in speak(site, token, "de")
    with site.world.database.write() as session:
        institution = session.get_one(Institution, site.world.institution.id)
        ConsentSettings(approved={"de": "3"}).store(institution)
    assert "nicht freigegeben" not in speak(site, token, "de")
    with site.world.database.write() as session:
        institution = session.get_one(Institution, site.world.institution.id)
        ConsentSettings(approved={"de": "2"}).store(institution)  # that of an earlier text
    assert "nicht freigegeben" in speak(site, token, "de")


def test_a_changed_text_is_read_again_before_it_is_agreed_to(site: Site) -> None:
    token = site.token()
    page = page_of(site.post("/app", token))
    form = page.form("/app/consent")
    with site.world.database.write() as session:
        institution = session.get_one(Institution, site.world.institution.id)
        ConsentSettings("2", {"en": "Our own words."}).store(institution)
    given = {"take_part": "yes", "research": "yes", "role_view": "learner", "answer": "yes"}
    answer = site.client().post("/app/consent", data={**form.fields, **given})
    assert "has changed" in answer.text and "Our own words." in answer.text
    assert site.world.rows(Consent) == []


def test_an_own_text_in_another_language_is_marked_as_such(site: Site) -> None:
    with site.world.database.write() as session:
        institution = session.get_one(Institution, site.world.institution.id)
        ConsentSettings("2", {"en": "Our own words."}).store(institution)
    page = speak(site, site.token(), "de")
    assert '<div class="prose" lang="en" dir="auto">' in page and "Our own words." in page


def test_a_pack_without_the_language_says_so(site: Site) -> None:
    token = site.token()
    with site.world.database.write() as session:
        for link in session.scalars(select(ResourceLink)):
            link.custom = {"pack": "core", "pack_version": "1"}
        publish(session, shipped_library(), "core", 1)
    speak(site, token, "de")
    page = site.begin(token)
    assert "Nicht alle Fälle gibt es in Ihrer Sprache" in page.text
    assert "How acceptable do you find" in page.text and "Völlig akzeptabel" in page.text


def test_made_up_languages_are_not_in_production(site: Site) -> None:
    token = site.token()
    assert "[Before" not in speak(site, token, "en")
    assert 'dir="rtl"' in speak(site, token, "ar-XB")
    site.app.config["PSEUDO_LANGUAGES"] = False
    assert 'dir="rtl"' not in site.post("/app", token).text
    assert 'dir="rtl"' not in speak(site, site.token("9"), "ar-XB")


def test_the_language_menu_offers_the_others(site: Site) -> None:
    page = site.post("/app", site.token()).text
    for code, name in (("es", "Español"), ("de", "Deutsch")):
        assert f'value="{code}" lang="{code}"' in page and name in page
    assert "Pseudo" not in page


@pytest.mark.parametrize(("locale", "marks"), [("en", "“”"), ("es", "«»"), ("de", "„“")])
def test_what_is_quoted_back_stands_in_the_marks_of_its_language(
    site: Site, locale: str, marks: str
) -> None:
    token = site.token()
    speak(site, token, locale)
    page = page_of(site.say(site.begin(token), option="2"))
    said = "Because the mark is for the thinking and {not} the commas, whoever writes them."
    shown = page_of(site.say(page, text=said)).text
    assert f"{marks[0]}Because the mark is for the thinking" in shown
    # A change of language leaves it as it was said.
    speak(site, token, "en")
    assert f"{marks[0]}Because" in site.post("/app", token).get_data(as_text=True)
