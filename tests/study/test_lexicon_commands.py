"""Commands: a whole message may be one, words of an answer never are."""

import pytest

from study.lexicon import scan

COMMANDS = {
    "stop": [
        "stop",
        "Stop!",
        "please stop",
        "stop now please",
        "can you stop",
        "i want to stop now",
        "I'd like to stop here, thanks",
        "stop the interview",
        "let's stop",
        "I want to finish now",
        "quit",
        "exit",
        "enough",
        "no more questions thx",
        "that's enough",
        "I don't want to continue",
        "i dont want to do this anymore",
        "stop asking me questions",
        "stoooop",
        "Stop. I want to stop.",
        "quiero parar",
        "basta ya",
        "no quiero continuar",
        "terminar la entrevista, por favor",
        "bitte aufh\u00f6ren",
        "ich m\u00f6chte aufh\u00f6ren",
        "das Gespr\u00e4ch beenden",
        "keine Fragen mehr bitte",
    ],
    "withdraw_consent": [
        "withdraw me from the study",
        "I withdraw my consent",
        "i want to withdraw",
        "take my answers out",
        "take my answers out of the study please",
        "remove me pls",
        "remove me from the research",
        "I dont consent anymore",
        "i no longer consent",
        "i didnt agree to this",
        "don't use my answers",
        "please take me out of the study",
        "I don't want to take part any more",
        "opt me out",
        "retiro mi consentimiento",
        "ya no quiero participar en el estudio",
        "saca mis respuestas del estudio",
        "Einwilligung widerrufen",
        "ich widerrufe meine Einwilligung",
        "ich m\u00f6chte nicht mehr teilnehmen",
    ],
    "delete_data": [
        "delete everything i said",
        "remove that",
        "Remove that, please.",
        "delete my data",
        "can you erase what i just said",
        "remove that last bit",
        "i want everything gone",
        "delete all my answers",
        "delete the last one",
        "could you delete it please",
        "erase everything",
        "get rid of my answers",
        "borra todo",
        "elimina mis datos por favor",
        "borra lo que acabo de decir",
        "l\u00f6sche alles",
        "bitte meine Daten l\u00f6schen",
        "kannst du das l\u00f6schen",
    ],
}

ANSWERS = [
    "stop calling it cheating",
    "stop calling it cheating, it's a tool",
    "stop at grammar",
    "they should stop",
    "delete the essay format altogether",
    "delete the declaration and it is fine",
    "remove that barrier and people will tell",
    "remove that sentence and I am fine with it",
    "withdraw the assignment instead",
    "she should withdraw from the course",
    "take my answers with a pinch of salt",
    "keep my answers",
    "leave me out of your politics",
    "I want to stop people being punished for it",
    "I would stop her there and ask",
    "enough is enough with these detectors",
    "enough time was given",
    "no more essays",
    "exit exams would solve it",
    "quit using it when it invents a dose",
    "I finished the course before AI",
    "I don't want to continue a system that punishes",
    "delete everything AI wrote and start again",
    "I said everything",
    "please",
    "thanks",
    "no",
    "",
    "...",
    "skip",
    "skip to the real issue",
    "pause",
    "consent matters here",
    "the patients did not consent to this",
    "parar\u00eda ah\u00ed",
    "para m\u00ed es aceptable",
    "basta con declararlo",
    "borrar los ensayos no ayuda",
    "eliminar el examen ser\u00eda mejor",
    "halt dich an die Regeln",
    "aufh\u00f6ren, so zu tun, als w\u00e4re es neu",
    "das l\u00f6schen viele vor der Abgabe",
    "end of life care essays are hard",
    "an end",
    "finish line",
    "stop " * 40,
]


@pytest.mark.parametrize(
    ("command", "text"), [(c, text) for c, texts in COMMANDS.items() for text in texts]
)
def test_a_whole_message_can_be_a_command(command: str, text: str) -> None:
    assert scan(text).command == command
    assert scan(f"  {text.upper()} \u200b").command == command


@pytest.mark.parametrize("text", ANSWERS)
def test_words_of_an_answer_are_no_command(text: str) -> None:
    assert scan(text).command is None


def test_short_words_are_a_command_only_in_their_own_language() -> None:
    assert scan("para", "es").command == "stop"
    assert scan("para", "en").command is None
    assert scan("ende", "de-AT").command == "stop"
    assert scan("ende", "es").command is None


def test_of_several_commands_the_one_that_takes_most_is_carried_out() -> None:
    assert scan("Stop. Delete everything.").command == "delete_data"
    assert scan("delete my data, withdraw me from the study, thanks").command == "withdraw_consent"
    assert scan("stop. it is not cheating").command is None


def test_the_list_of_commands_is_long_enough() -> None:
    assert sum(map(len, COMMANDS.values())) >= 60
