"""Typed choices: a stance, a clarity, what to delete; and how much was written."""

import re
from typing import Literal

from study.lexicon_fold import fold_words
from study.typed_scale import Scale, ScaleReading
from study.typed_words import is_empty, thin, word_count

__all__ = [
    "StanceReading",
    "is_empty",
    "read_clarity",
    "read_delete_choice",
    "read_stance",
    "thin",
    "word_count",
]

StanceReading = ScaleReading

_STANCE = Scale(
    positive=r"ac+ept[aei]ble|ok|okay|o k|fine|alright|all right|aceptable|bien|esta bien"
    r"|akzeptabel"
    r"|in ordnung|vertretbar|annehmbar|okey",
    negative=r"un ?ac+ept[aei]ble|inac+eptable|inaceptable|inakzeptabel|unakzeptabel|unannehmbar"
    r"|not ok|not okay",
    middle=r"neither(?: one| nor| of (?:them|the two))?|neither ac+eptable n?or un ?ac+eptable"
    r"|neutral"
    r"|(?:in |right in )?the middle|middle|ni aceptable ni inaceptable|ninguna de las dos|ninguno"
    r"|ni lo uno ni lo otro|en (?:el )?medio|weder noch|weder akzeptabel noch inakzeptabel"
    r"|teils teils|mittel|in der mitte|neither here nor there",
)
_CLARITY = Scale(
    positive=r"clear|claro|clara|klar|verstandlich|deutlich",
    negative=r"unclear|confusing|vague|poco clar[oa]|confus[oa]|unklar|unverstandlich|undeutlich",
    middle=r"neither(?: one| nor)?|neither clear n?or unclear|neutral|(?:in |right in )?the middle"
    r"|middle|ni clar[oa] ni (?:poco clar[oa]|confus[oa])|ninguna de las dos|ni lo uno ni lo otro"
    r"|en (?:el )?medio|weder noch|weder klar noch unklar|teils teils|mittel|in der mitte",
)

_DELETE = {
    "none": re.compile(
        r"no|nope|none|nothing|neither|cancel|never ?mind|nvm"
        r"|keep (?:it(?: all)?|everything|them(?: all)?|all)"
        r"|leave it(?: all)?|delete nothing|(?:dont|do not) delete(?: (?:it|that|anything|them"
        r"|my answers?))?|nada|ningun[oa]|no borres nada|no borrar nada|dejalo|cancelar"
        r"|nein|nichts|nichts loschen|abbrechen|behalten"
    ),
    "answer": re.compile(
        r"(?:no )?(?:it|that|this) (?:was|is) (?:(?:just |only |really )?(?:an|my|the) )?answer"
        r"|(?:no )?(?:an|my|just an|just my) answer|thats (?:my|an) answer|its (?:my|an) answer"
        r"|it was an answer|no|nope|none|nothing|neither|cancel|never ?mind|nvm|keep (?:it"
        r"|everything|"
        r"them|all)|(?:dont|do not) delete(?: (?:it|that|anything|them|my answers?))?|leave it"
        r"|delete nothing|(?:no )?(?:era|es|fue) (?:una|mi) respuesta|nada|ningun[oa]"
        r"|no borres nada"
        r"|no borrar nada|dejalo|cancelar|(?:nein )?(?:es|das) (?:war|ist) (?:eine|meine) antwort"
        r"|nein|nichts|nichts loschen|abbrechen|behalten"
    ),
    "last": re.compile(
        r"(?:only |just )?(?:the |my )?(?:very )?last(?: (?:one|answer|message|bit|reply|thing"
        r"|part))?"
        r"(?: only)?|(?:only|just) (?:that|this|it|that one|this one|the answer)"
        r"|the previous (?:one|"
        r"answer)|my answer just now|what i just said|(?:solo |solamente )?(?:la |el "
        r"|mi )?ultim[oa]"
        r"(?: (?:respuesta|mensaje))?|solo (?:eso|esa|esta)|(?:nur )?(?:die |meine )?letzte"
        r"(?: (?:antwort|nachricht))?|nur (?:das|die|diese)"
    ),
    "case": re.compile(
        r"(?:only |just )?(?:all (?:of |about )?)?(?:this|the|the whole|the entire|this whole|my"
        r" answers (?:to|in|on) (?:this|the)) (?:case|scenario|story)(?: only)?|(?:the )?case"
        r"|everything (?:in|about|on) this case|(?:solo )?(?:todo )?(?:este|el|todo el|todo este)"
        r" caso|(?:nur )?(?:den|diesen|dieser|der|das ganze|den ganzen|diesen ganzen) fall|fall"
        r"|caso"
    ),
    "all": re.compile(
        r"(?:really |absolutely |just )?(?:everything|all|all of (?:it|them)|it all|the lot"
        r"|the whole"
        r" thing|(?:all )?(?:of )?my (?:answers|data)|all (?:the )?answers|everything i (?:said"
        r"|wrote"
        r"|typed))|todo|todo todo|todas(?: mis respuestas)?|todos mis datos|todo lo que (?:dije"
        r"|he dicho|escribi)|alles|alles was ich (?:gesagt|geschrieben) habe|alle(?: meine)?"
        r" (?:antworten|daten)|wirklich alles"
    ),
}
_VERBS = re.compile(
    r"^(?:(?:please|pls|por favor|bitte|ok|okay|yes|si|ja|well|i want to|i would like to"
    r"|id like to|can"
    r" you|could you|i want you to|quiero|puedes|ich mochte|kannst du|delete|erase|remove|wipe"
    r"|borra"
    r"|borrar|elimina|eliminar|losche|loeschen|loschen) )+"
)
_REFUSAL = re.compile(r"^(?:(?:no|nope|nothing|none|nada|nein|nichts) )+")
_END = re.compile(r"(?: (?:please|pls|thanks|thank you|now|por favor|gracias|bitte|danke|loschen"
                  r"|loeschen))+$")  # fmt: skip


def read_stance(text: str) -> StanceReading | None:
    """The stance that was typed (1 completely unacceptable … 5 completely acceptable).

    A bare "acceptable" or "unacceptable" leaves two points open. None for words that are
    not plainly a stance, and for more than eight words without a number or label in front.
    """
    return _STANCE.read(text)


def read_clarity(text: str) -> ScaleReading | None:
    """The clarity that was typed (1 very unclear … 5 very clear), as :func:`read_stance`."""
    return _CLARITY.read(text)


def read_delete_choice(text: str) -> Literal["last", "case", "all", "answer", "none"] | None:
    """What is to be deleted: the last answer, this case, everything, or "answer" if nothing
    is since the words were an answer; None when it is not one of these."""
    words = fold_words(text)
    for form in (words, _END.sub("", _VERBS.sub("", words))):
        if _DELETE["none"].fullmatch(_REFUSAL.sub("", form) or form):
            return "none"
        if _DELETE["answer"].fullmatch(form):
            return "answer"
        if _DELETE["last"].fullmatch(form):
            return "last"
        if _DELETE["case"].fullmatch(form):
            return "case"
        if _DELETE["all"].fullmatch(form):
            return "all"
    return None
