"""Distress: what must be heard, and what only looks like it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.lexicon import Distress, LexiconHit, scan
from study.lexicon_fold import fold

HIGH = [
    "I want to die",
    "i wanna die",
    "honestly i just want to die right now",
    "I wish I was dead",
    "I don't want to live anymore",
    "i dont wanna be here anymore",
    "I really don\u2019t want to be here any more",
    "i don\u00b4t want to exist",
    "i dont want to exist",
    "I want to end it all",
    "sometimes I think about ending it all",
    "kms",
    "ugh i might as well kms",
    "I want to kill myself",
    "im going to kil my self",
    "thinking of killing myself tonight",
    "I have been cutting myself again",
    "I hurt myself when I am stressed",
    "i self-harm",
    "I started self harming again last month",
    "I feel suicidal",
    "im sucidal",
    "I've been having suicidal thoughts since the exam",
    "I keep thinking about suicide",
    "i have been considering suicide",
    "I tried to commit suicide last year",
    "I'm going to end my life",
    "i want to take my own life",
    "everyone would be better off without me",
    "I'd be better off dead",
    "I have no reason to live",
    "what's the point of living",
    "I wish I had never been born",
    "I hope I don't wake up tomorrow",
    "i want to go to sleep and never wake up",
    "my life isn't worth living",
    "I am so tired of living",
    "I took an overdose on Sunday",
    "i think about jumping, i want to jump off a bridge",
    "I want to hang myself",
    "I want to unalive myself",
    "I can't stop thinking about killing myself",
    "I dont know if i want to kill myself",
    "The case is fine. But I want to die.",
    "I don't care about Amira\nI WANT TO DIE!!!",
    "I want to kill my supervisor",
    "I feel like hurting someone",
    "im gonna stab him",
    "i keep thinking about killing my flatmate",
    "I want to hurt people",
    "quiero morir",
    "me quiero morir",
    "Ya no quiero estar aqu\u00ed",
    "no quiero vivir m\u00e1s",
    "no quiero seguir viviendo",
    "voy a suicidarme",
    "me voy a matar",
    "quiero quitarme la vida",
    "estar\u00edan mejor sin m\u00ed",
    "ojal\u00e1 estuviera muerta",
    "tengo pensamientos suicidas",
    "kiero morirme",
    "quiero acabar con todo",
    "me autolesiono desde hace meses",
    "quiero matar a mi tutor",
    "ich will sterben",
    "Ich m\u00f6chte nicht mehr leben",
    "ich will nicht mehr da sein",
    "ich will mich umbringen",
    "ich bringe mich um",
    "ich habe Selbstmordgedanken",
    "ich denke oft an Suizid",
    "weil ich nicht mehr leben will",
    "ich w\u00fcnschte, ich w\u00e4re tot",
    "ohne mich w\u00e4ren alle besser dran",
    "ich will mir das Leben nehmen",
    "ich ritze mich wieder",
    "ich moechte tot sein",
    "ich will meinen Chef umbringen",
]

MODERATE = [
    "I feel completely overwhelmed",
    "im so stressed",
    "I'm really stressed about this",
    "crying at my desk lol not lol",
    "I can't cope any more",
    "i cant do this anymore",
    "I feel like giving up",
    "i feel like giving up uni",
    "I had a panic attack before the viva",
    "im panicking",
    "what's the point of me",
    "I hate my life",
    "I am burnt out",
    "I keep crying",
    "this makes me feel sick after what happened to me",
    "I am not suicidal, only tired",
    "I don't want to kill myself, I am just sad",
    "I don't want to be here",
    "estoy agobiada",
    "no puedo m\u00e1s",
    "tuve un ataque de p\u00e1nico",
    "tengo ganas de llorar",
    "quiero rendirme",
    "ich bin v\u00f6llig \u00fcberfordert",
    "ich kann nicht mehr",
    "ich halte das nicht mehr aus",
    "ich hatte eine Panikattacke",
    "ich sitze hier und weine",
]

CALM = [
    "I was dying to finish this essay",
    "this module is killing me",
    "marking forty scripts is killing me",
    "this essay will be the death of me",
    "I could have died of embarrassment",
    "I nearly died laughing",
    "a dessert to die for",
    "I wrote an assisted suicide essay last term",
    "the essay was about suicide prevention",
    "I thought about suicide prevention as a topic",
    "I considered suicide risk assessment for my project",
    "a patient who wanted to die",
    "He told me he did not want to live any more",
    "She wanted to kill herself and the chatbot missed it",
    "the patient said: I want to die",
    "If a student types 'I want to kill myself' who answers?",
    "A client told me that I want to die is what she hears",
    "I look after people with suicidal thoughts",
    "We assess suicidal patients every night",
    "he took an overdose of paracetamol",
    "Self-harm is common among adolescents",
    "they cut themselves and hide it",
    "I shot myself in the foot by leaving it late",
    "I'm shooting myself in the foot here",
    "I cut myself some slack and used the tool",
    "I have been killing myself over this portfolio",
    "we live ten kms from campus",
    "I cycle 12 kms a day",
    "I could kill for a coffee",
    "my supervisor will kill me",
    "AI could kill the essay",
    "I want to kill two birds with one stone",
    "I am afraid AI will harm patients",
    "I do not want to hurt anyone",
    "I don't want to hurt my chances",
    "I want to hurt her feelings less",
    "it ends my life as a typist",
    "I want to take my life back",
    "the essay is dead",
    "deadline is tomorrow",
    "I don't want to live in London",
    "I don't want to wake up early for it",
    "there is no point in living near campus",
    "students are overwhelmed by rules",
    "Amira felt overwhelmed",
    "it is a crying shame",
    "the field is crying out for rules",
    "patients often cry",
    "people can't cope with so many tools",
    "I would not panic about it",
    "she had a panic attack",
    "I can't take this policy seriously",
    "giving up the essay would be a loss",
    "I stopped using it when it invented a dose",
    "the trolley problem asks who should die",
    "it helps me to stop and think",
    "me muero de ganas de terminar",
    "me muero de verg\u00fcenza",
    "quiero morirme de risa",
    "este ensayo me mata",
    "el paciente quer\u00eda morir",
    "el suicidio asistido es otro tema",
    "no quiero vivir en Madrid",
    "no puedo m\u00e1s que estar de acuerdo",
    "quiero matar el tiempo",
    "los estudiantes est\u00e1n agobiados",
    "der Aufsatz bringt mich um den Schlaf",
    "ich sterbe vor Langeweile",
    "Der Patient wollte sterben",
    "er wollte sich umbringen",
    "die Regeln will ich nicht verletzen",
    "ich habe eine Arbeit \u00fcber Suizid geschrieben",
    "das Thema Sterbehilfe ist schwierig",
    "die Studierenden sind \u00fcberfordert",
    "ich will nicht sterben lassen, was gut ist",
    "Die Note ist mir egal",
    "",
    "\U0001f642",
]


@pytest.mark.parametrize("text", HIGH)
def test_high_distress_is_heard(text: str) -> None:
    assert scan(text).distress is Distress.HIGH


@pytest.mark.parametrize("text", MODERATE)
def test_moderate_distress_is_heard(text: str) -> None:
    assert scan(text).distress is Distress.MODERATE


@pytest.mark.parametrize("text", CALM)
def test_idioms_and_words_about_others_are_no_distress(text: str) -> None:
    assert scan(text).distress is Distress.NONE


@pytest.mark.parametrize("locale", ["en", "es", "de", "fr", ""])
def test_distress_is_heard_in_any_locale(locale: str) -> None:
    for text in ("I want to die", "quiero morir", "ich will sterben"):
        assert scan(text, locale).distress is Distress.HIGH


def test_the_lists_are_long_enough() -> None:
    assert min(len(HIGH), len(CALM)) >= 60


@settings(derandomize=True, max_examples=300)
@given(st.text(alphabet=st.characters(), max_size=200), st.text(max_size=5))
def test_any_string_can_be_scanned(text: str, locale: str) -> None:
    assert isinstance(scan(text, locale), LexiconHit)


@settings(derandomize=True, max_examples=200)
@given(st.sampled_from(HIGH), st.text(alphabet="abcdefgh ,\n", max_size=40))
def test_high_distress_is_heard_anywhere_in_a_text(words: str, other: str) -> None:
    assert scan(f"{other}.\n{words}.\n{other}").distress is Distress.HIGH


@pytest.mark.parametrize(
    "unit", ["i ", "i want ", "ich ", "me ", "a", "end it ", "my ", ". ", "\u0301"]
)
def test_long_text_is_folded_to_words_of_bounded_length(unit: str) -> None:
    folded = fold(unit * (20_000 // len(unit)))
    assert max(map(len, folded.split()), default=0) <= 30
    assert scan(unit * (20_000 // len(unit))).distress is Distress.NONE
