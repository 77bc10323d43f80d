"""Typed commands: stop, withdraw consent, delete.

A message is a command only as a whole, once politeness and punctuation are off: "please
stop" is one, "stop calling it cheating" is an answer.
"""

import re
from typing import Literal

from study.lexicon_fold import fold

Command = Literal["stop", "withdraw_consent", "delete_data"]

LONGEST = 120
"""Characters; what is longer is no command."""

_BEFORE = re.compile(
    r"(?:please|pls|plz|plse|ok|okay|hi|hello|hey|sorry|actually|now|just|and|so|yes|no|well|right"
    r"|(?:can|could|would|will) (?:you|u|we|i)|may i|i (?:really |just |now )?(?:want|need|wish"
    r"|would"
    r" like|have) (?:you )?to|i (?:really |just )?wanna|id (?:really )?like (?:you )?to|i wanna"
    r"|let me"
    r"|lets|i said|go ahead and|por favor|porfa|hola|perdon|quiero|quisiera|deseo|me gustaria"
    r"|puedes"
    r"|podrias|puede|podria|necesito|ahora|vale|bueno|bitte|hallo|entschuldigung|kannst du"
    r"|konnen sie"
    r"|konnten sie|konntest du|ich (?:mochte|moechte|will|wurde gerne?)|jetzt|also|gut|ja) "
)
_AFTER = re.compile(
    r" (?:please|pls|plz|thanks|thank you|thank u|thx|ty|cheers|now|right now|immediately|today"
    r"|then"
    r"|ok|okay|sorry|for me|asap|at once|already|here|por favor|porfa|gracias|ahora|ya|ahora mismo"
    r"|aqui|bitte|danke|jetzt|sofort|hier|mal|vielen dank|bitte jetzt)$"
)
_POLITE = re.compile(
    r"(?:please|pls|plz|thanks|thank you|thx|ty|sorry|ok|okay|now|por favor|gracias|perdon|bitte"
    r"|danke|bye|adios|tschuss|goodbye)?"
)

_CHAT = (
    r"(?:this|the|this whole|the whole|my) (?:chat|interview|conversation|session|survey|thing"
    r"|questions|questionnaire|study|case|cases|bot|talk)"
)
_STUDY = r"(?:this|the|your) (?:study|research|project|trial|survey)"
_MINE = r"(?:my|all my|all of my) (?:answers?|data|responses?|replies|words|information|messages?)"

_STOP = (
    rf"(?:stop|quit|end|exit|finish|close)(?: (?:it|this|that|all this|{_CHAT}))?",
    rf"(?:leave|abort)(?: {_CHAT})?|i want out",
    r"(?:stop|quit)(?: stop| quit){1,5}",
    r"(?:stop|quit) (?:asking(?: me)?(?: (?:questions|things|stuff))?|talking(?: to me)?)",
    r"(?:be )?(?:finished|done) with (?:this|it|the chat|this chat|this interview|the questions)",
    rf"(?:im|i am) (?:done|finished) with (?:this|it|{_CHAT})",
    r"i (?:quit|stop|am stopping|am leaving)|im (?:stopping|leaving|out|quitting)",
    r"enough|thats enough|that is enough|ive had enough|i have had enough|enough (?:of this"
    r"|already)",
    r"no more(?: questions)?|no more of this",
    rf"i (?:dont|do not) (?:want to|wanna) (?:continue|go on|carry on|do this|do {_CHAT}|answer any"
    r" ?more questions|keep going|talk)(?: with (?:this|it|the chat))?(?: any ?more| any longer)?",
    rf"get me out(?: of (?:here|this|{_CHAT}))?",
    r"parar|para (?:ya|esto|aqui|el chat|la entrevista)|parar esto|deten(?:te|er|erlo|ga|gase)?"
    r"|terminar(?: (?:esto|aqui|la entrevista|el chat|ya))?|termina(?: esto)?|salir(?: de aqui)?"
    r"|dejarlo|basta(?: ya)?|acabar(?: esto| la entrevista)?|no mas preguntas|abandonar"
    r"|(?:ya )?no (?:quiero )?(?:seguir|continuar)(?: mas| con esto)?"
    r"|cancelar|finalizar(?: (?:esto|la entrevista))?|stop ya|lo dejo",
    r"stopp|stoppen|aufhoren|aufhoeren|hor auf|hoer auf|horen sie auf|aufhoren damit|beenden"
    r"|(?:das |dieses? |den |die )?(?:gesprach|interview|chat|umfrage|befragung)?(?:s)? ?(?:beenden"
    r"|abbrechen|stoppen)|beende (?:das|das gesprach|das interview|den chat)|abbrechen|abbruch"
    r"|schluss(?: damit| machen)|keine (?:weiteren )?fragen mehr|es reicht|mir reichts|das reicht"
    r"|nicht (?:mehr )?weitermachen|nicht mehr weiter(?:machen)?|ich hore (?:jetzt )?auf|raus hier",
)
_LOCAL_STOP = {
    "en": r"halt|end|im done|i am done",
    "es": r"para|alto|fin|salir|ya basta|ya no mas|ya esta bien",
    "de": r"halt|ende|schluss|raus|ich bin raus|genug",
}
_WITHDRAW = (
    rf"withdraw(?: (?:me|my (?:consent|answers?|data|participation)|consent|{_MINE}))?"
    rf"(?: (?:from|out of) (?:it|{_STUDY}|this))?",
    r"(?:i )?(?:withdraw|revoke|take back|retract|cancel) (?:my )?consent",
    rf"i (?:withdraw|am withdrawing)(?: from {_STUDY})?|im withdrawing",
    r"i (?:dont|do not|no longer|didnt|did not|never) (?:consent|agree|agreed)(?: to (?:this|it))?"
    r"(?: any ?more| any longer)?",
    rf"(?:remove|exclude|drop|withdraw) me(?: (?:from|out of) (?:{_STUDY}|it|this))?",
    rf"(?:take|pull|get|leave|keep) (?:me|{_MINE}) out(?: of (?:{_STUDY}|it|this))?",
    rf"(?:take|remove|pull|exclude|drop) (?:me|{_MINE}) (?:from|out of|off) (?:{_STUDY}|it|this)",
    rf"exclude {_MINE}",
    rf"take out {_MINE}",
    rf"(?:delete|erase) (?:me|{_MINE}) (?:from|out of) {_STUDY}",
    rf"(?:dont|do not|stop) (?:use|using|keep|keeping) {_MINE}(?: for {_STUDY}| in {_STUDY})?",
    rf"(?:leave|quit|exit|be out of|out of|i want out of|stop being in"
    rf"|stop taking part in) {_STUDY}",
    rf"i (?:dont|do not) (?:want to|wanna) (?:be in|be part of|take part in|participate in) "
    rf"(?:{_STUDY}|it|this)(?: any ?more| any longer)?",
    r"i (?:dont|do not) (?:want to|wanna) (?:take part|participate)(?: any ?more)?",
    r"opt(?: me)? out(?: of (?:it|this|the study|this study))?",
    r"(?:retirar(?:me)?|retiro|retira|revocar|revoco) (?:mi (?:consentimiento|participacion)|mis"
    r" (?:datos|respuestas))(?: del estudio)?|retirarme(?: (?:del|de este) estudio)?"
    r"|(?:salir|darme de baja|sacame|sacadme|borrame|quitame) (?:del|de este) (?:estudio)"
    r"|(?:saca|sacar|quita|quitar|retira|retirar) mis (?:respuestas|datos)(?: del estudio)?"
    r"|(?:ya )?no (?:doy mi consentimiento|consiento)(?: mas)?"
    r"|no (?:quiero )?(?:participar|estar en (?:el|este) estudio)(?: mas)?"
    r"|ya no quiero participar(?: en (?:el|este) estudio)?|no (?:useis|uses"
    r"|usen) mis (?:respuestas|datos)",
    r"(?:meine )?einwilligung (?:widerrufen|zuruckziehen|zurueckziehen)"
    r"|ich (?:widerrufe|ziehe) (?:meine )?(?:einwilligung|zustimmung)(?: zuruck| zurueck)?"
    r"|(?:meine )?(?:teilnahme|zustimmung) (?:widerrufen|zuruckziehen|beenden)"
    r"|(?:aus|von) (?:der|dieser) (?:studie|forschung) (?:zurucktreten|zuruecktreten|aussteigen"
    r"|austreten|raus)|(?:ich )?nicht mehr (?:teilnehmen|an der studie teilnehmen|mitmachen"
    r"|bei der studie mitmachen)|(?:nimm|nehmen sie) (?:mich|meine (?:antworten"
    r"|daten)) aus der studie"
    r"(?: raus| heraus)?|ich stimme nicht mehr zu|meine (?:antworten|daten) aus der studie"
    r" (?:nehmen|entfernen|loschen)",
)
_LAST = (
    r"(?:the |my |that )?(?:very )?last (?:one|answer|message|bit|part|thing|reply|response"
    r"|line|comment)"
)
_DELETE = (
    rf"(?:delete|erase|remove|wipe|clear|destroy|unsend)(?: (?:it|that|this|that one|everything"
    rf"|it all"
    rf"|all|all of (?:it|this|that)|{_MINE}|{_LAST}|that last (?:bit|part|one)"
    rf"|what ive (?:just )?(?:said"
    r"|written|typed)|(?:that|this|my|the) (?:answer|message|bit|part|comment|reply|case)"
    r"|(?:what|everything|all|the things|the thing|all the things)(?: that)? (?:i|ive|i have)"
    r"(?: just| ever)? (?:said|wrote|written|typed|told you|sent|put|entered)))"
    r"(?: i (?:just )?(?:said|wrote|typed|sent))?(?: about me)?",
    r"(?:delete|erase|wipe)(?: me)?|delete delete",
    rf"get rid of (?:it|that|this|everything|{_MINE}|{_LAST}|what i (?:just )?said)",
    r"i want (?:everything|it all|that|it|my answers|my data) (?:gone|deleted|erased|removed"
    r"|wiped)",
    rf"i want {_MINE} (?:gone|deleted|erased|removed|wiped)",
    r"(?:elimina|eliminar|borra|borrar|suprime|suprimir|quita|quitar|borralo|eliminalo|borrad|borre"
    r"|elimine)(?: (?:eso|esto|todo|todo esto|mis (?:datos|respuestas|mensajes)|todos mis datos"
    r"|todas mis respuestas|mi (?:ultima )?(?:respuesta|mensaje)|(?:la|el|mi) ultim[oa]"
    r"(?: (?:respuesta|mensaje|parte))?|(?:todo )?lo que (?:acabo de (?:decir|escribir)|he (?:dicho"
    r"|escrito)|dije|escribi)|esta respuesta|este mensaje))?",
    r"(?:losche|loesche|loschen sie|loeschen sie|entferne|entfernen sie) (?:das|alles|es"
    r"|bitte alles"
    r"|(?:alle )?meine (?:daten|antworten|nachrichten|(?:letzte )?(?:antwort|nachricht))|die letzte"
    r" (?:antwort|nachricht)|was ich (?:gerade )?(?:gesagt|geschrieben) habe|alles was ich"
    r" (?:gesagt|geschrieben) habe|diese antwort)",
    r"(?:das|alles|(?:alle )?meine (?:daten|antworten|nachrichten|(?:letzte )?(?:antwort"
    r"|nachricht))|die"
    r" letzte (?:antwort|nachricht)|diese antwort) (?:wieder )?(?:loschen|loeschen|entfernen)"
    r"|loschen"
    r"|loeschen",
)


def _whole(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


_COMMANDS: tuple[tuple[Command, re.Pattern[str]], ...] = (
    ("withdraw_consent", _whole(_WITHDRAW)),
    ("delete_data", _whole(_DELETE)),
    ("stop", _whole(_STOP)),
)
_LOCAL = {locale: re.compile(words) for locale, words in _LOCAL_STOP.items()}


def find_command(text: str, locale: str) -> Command | None:
    """The command that the whole of ``text`` is, or None.

    Several sentences are a command when each is a command or mere politeness; the one that
    takes most with it is returned (withdraw before delete before stop).
    """
    if len(text) > LONGEST:
        return None
    whole = fold(text).replace(" . ", " ").strip(" .")
    found = _one(whole, locale)
    if found is not None:
        return found
    heard: set[Command] = set()
    for part in re.split(r"[.!?;,:\n\u2026\u2013\u2014]+", text):
        words = fold(part)
        command = _one(words, locale)
        if command is not None:
            heard.add(command)
        elif not _POLITE.fullmatch(words):
            return None
    return next((command for command, _ in _COMMANDS if command in heard), None)


def _one(words: str, locale: str) -> Command | None:
    language = _LOCAL.get(locale[:2].lower())
    # At each step with fewer courtesies about the words: "no more" must not lose its "no".
    tried: set[str] = set()
    waiting = [words]
    while waiting:
        words = waiting.pop(0)
        if words in tried:
            continue
        tried.add(words)
        for command, pattern in _COMMANDS:
            if pattern.fullmatch(words):
                return command
        if language is not None and language.fullmatch(words):
            return "stop"
        before, after = _BEFORE.match(words), _AFTER.search(words)
        if before:
            waiting.append(words[before.end() :])
        if after:
            waiting.append(words[: after.start()])
    return None
