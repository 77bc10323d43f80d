"""Words about a name that tell of a person, and words that never are one."""

from web.names.lists import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


TITLES = _set(
    """
    mr mrs ms mx miss dr prof sir dame madam rev revd herr frau senor senora monsieur madame mme
    """
)
"""Followed by a name whatever it looks like, a few words apart (see NOT_AFTER_TITLE)."""

OFFICES = _set(
    """
    professor doctor nurse sister matron lady lord father aunt auntie uncle granny grandma coach
    captain judge pastor rabbi imam sheikh
    """
)
"""Titles that are also words for what a person is ("the nurse will …")."""

RELATIONS = _set(
    """
    tutor supervisor mentor teacher lecturer examiner marker assessor educator instructor
    trainer demonstrator convenor convener coordinator dean boss manager lead leader consultant
    registrar surgeon anaesthetist psychiatrist dentist pharmacist physio physiotherapist
    paramedic radiographer dietitian psychologist midwife nurse doctor gp sister carer patient
    pt client resident baby colleague friend mate buddy pal neighbour neighbor flatmate
    housemate roommate classmate coursemate teammate partner wife husband son daughter brother
    mum mom dad mother father nan gran granny grandmother grandfather grandad aunt auntie uncle
    cousin niece nephew boyfriend girlfriend fiance fiancee student peer learner trainee fy1 fy2
    f1 f2 sho rep girl guy lad bloke woman man lady boy kid someone somebody person people
    participant librarian secretary administrator author
    """
)
"""Words for a person after which a name may follow: "my tutor Sarah", "a patient called …"."""

PERSON_WORDS = TITLES | OFFICES | RELATIONS

POSSESSIVES = _set("my our your his her their")
DETERMINERS = POSSESSIVES | _set(
    """
    the a an this that these those each every another any some no which what whose one other
    many
    """
)
CALLED = _set("called named")
CALLED_SO = _set("is was s shes hes he she who they she's he's")
SIGNED = _set("signed regards")
NAME_WORDS = _set("name names")

PARTICLES = _set(
    """
    van von der den de del della di da dos das do du la le les bin ibn ben al el ul ur ter ten
    st ap mac mc ni nic ui o y e
    """
)
"""Parts of family names that are written small, or stand between a given and a family name."""

FUNCTION_WORDS = _set(
    """
    a about above across after again against all almost alone along already also although always
    am among an and another any anybody anyone anything are around as asked asks at away back be
    because been before being below best better between both but by call called came can cannot
    cant come comes could couldnt day decided did didnt do does doesnt doing done dont down
    during each either else end enough even ever every everyone everything except far few fine
    first for from further gave get gets getting give given gives go goes going gone good got
    had hadnt has hasnt have havent having he hello her here hers herself hi him himself his how
    however i id if ill im in indeed instead into is isnt it its itself ive just keeps kept kind
    knew know knows last later lets like liked likes little look looked looks lot made make
    makes many may maybe me mean means might mine more most much must my myself need needs
    neither never new next nice no nobody none nor not nothing now of off often ok okay old on
    once one ones only onto or other others ought our ours out over own perhaps please quite
    rather read reads really right said same saw say saying says see seem seems seen sees set
    shall she should shouldnt show showed shows since so some somebody someone something
    sometimes soon still such sure take taken takes than thank thanks that thats the their
    theirs them themselves then there therefore these they theyre thing things think thinks this
    those though thought through thus to today together told tells tell too took toward towards
    tried tries try twice two under unless until up upon us use used uses using very via want
    wanted wants was wasnt way we well went were werent what whatever when where wherever
    whether which while who whole whom whose why will wish with within without wont work works
    would wouldnt write writes wrote wrong yeah yes yesterday yet you your youre yours yourself
    theyve weve youve everybody whoever whomever whichever shes hes theyd wed theres whats
    wheres whos hows youd youll theyll arent hadn wouldn couldn btw lol lmao omg tbh ngl idk idc
    imo imho pls plz thx cuz coz cos bc wanna gonna gotta dunno innit ppl hmm erm um uh oh ah
    hey yep nope nah alot aswell prob probs def obvs esp etc eg ie vs uni ai asap fyi sth smth
    """
)
"""Never a name in small letters; capitalised only with a context. See :func:`is_function_word`."""

NOT_AFTER_TITLE = _set(
    """
    google and or who is was will would can could should has had did does said says told tells
    in on at of to the a an no not never ever as but by for from with that this which when where
    so also just only always might may must thinks thought wants wanted know knew right wrong
    appointment appointments visit letter letters notes note surgery office signed signs
    prescribed wrote writes clinic time out oh ok lol about asked asks came comes went goes up
    down if because than then strange nobody anybody somebody men bean x y z
    """
)

SPEAKS = _set(
    """
    said says told tells thinks thought asked asks wrote writes uses used did does was is has
    had would will could knows knew wants wanted got gets went goes lets let made makes taught
    teaches showed shows marked marks gave gives put failed passed works worked and or who also
    just never always only agreed agrees hates loves likes
    """
)
"""Words that often follow the name of a person."""

SPEAKS_ONLY = _set(
    """
    said says told thinks thought asked wrote knows knew wants wanted taught teaches showed
    agreed agrees disagrees hates loves admitted laughed cried complained shrugged insisted
    reckons believes feels felt emailed texted warned promised retired lied signed
    """
)
"""Words that follow hardly anything but a person."""

MET = _set(
    """
    asked ask told met meet emailed texted phoned rang thanked phoning asking telling meeting
    """
)
"""Words that stand before hardly anything but a person."""

AFTER_PERSON = _set(
    """
    and about if whether to for because but what how he she they who why yesterday today once
    last
    """
) | {""}
"""Words that may follow a person who was asked or told something."""

MET_WITH = _set(
    """
    worked working spoke speaking talked talking chatted sat argued agree agreed disagree
    disagreed went studied met live lived share shared listened wrote written complained
    apologised thanks
    """
)
"""With "with", "to" or "by", they stand before a person as a rule."""

USES = _set(
    """
    use used uses using via in on through open opened try tried version install installed app
    tool software platform site website programme program called the an a
    """
)
"""Words that often stand before the name of a tool."""


def is_function_word(word: str) -> bool:
    """Whether a folded word is one of FUNCTION_WORDS, or one with an ending ("I'd", "she'll")."""
    head, apostrophe, _ = word.partition("'")
    return word in FUNCTION_WORDS or (
        bool(apostrophe) and (head in FUNCTION_WORDS or word.endswith("n't"))
    )
