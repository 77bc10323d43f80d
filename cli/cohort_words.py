"""Sentences of synthetic learners, made up for the demo, with the themes that stand in them."""

from study.steps import Step

Sentence = tuple[str, tuple[str, ...]]
"""The words, and the study themes that a reader would hear in them."""

ACCEPTING: tuple[Sentence, ...] = (
    ("It is a tool like any other, and we will all work with it after we qualify.", ("embrace",)),
    ("The thinking is still theirs; only the wording got help.", ()),
    ("I would rather see people learn to use it well here than in secret.", ("embrace",)),
    ("Someone who writes in a third language gets a fair chance this way.", ("embrace",)),
    ("If the mark is for the reasoning, the wording should not decide it.", ("rethink",)),
    ("I do much the same with a colleague who reads my drafts.", ()),
)
TORN: tuple[Sentence, ...] = (
    ("It depends on what the task is meant to show, and nobody has told us that.", ("grey",)),
    ("I can see both sides, and two of my tutors would give two answers.", ("grey",)),
    ("Where does help end and doing it for you begin? I could not draw that line.", ("grey",)),
    ("It would be fine if it were declared, but there is no box to declare it in.", ("grey",)),
    ("For practice yes, for the final mark I am not so sure.", ("grey", "rethink")),
    ("Perhaps the task itself is the problem if this gets you through it.", ("rethink",)),
)
REFUSING: tuple[Sentence, ...] = (
    ("It makes things up and sounds sure of itself, and they might not notice.", ("fallible",)),
    ("I could not trust that summary without reading the papers myself.", ("fallible",)),
    ("The point of the work was to struggle with it, and that part is gone.", ()),
    ("It is unfair on those who did it themselves over three weekends.", ()),
    ("With patients involved I would not put any of it into a website.", ()),
    ("Then the mark says something about the program, not about the person.", ("rethink",)),
)
REASONS: dict[Step, tuple[Sentence, ...]] = {
    Step.TWIST_REASON: (
        ("Now somebody else could be harmed by a mistake in it.", ("fallible",)),
        ("Being open about it changes most of it for me.", ("grey",)),
        ("Nothing much, the same thing bothers me as before.", ()),
        ("The stakes are higher, so I want to see their own work.", ("rethink",)),
        ("It is still their judgement that gets assessed.", ()),
    ),
    Step.POLICY_TEXT: (
        ("It settles that you must say so, and leaves open how much is too much.", ("grey",)),
        ("The word “substantial” could mean anything.", ("grey",)),
        ("It is clear on cheating and says nothing on help.", ("grey",)),
        ("It settles the matter for me, I would know what to do.", ()),
        ("I would still ask the module lead before I handed it in.", ("grey",)),
    ),
    Step.CASE_CLOSE: (
        ("No.", ()),
        ("Whether the others in the group knew about it.", ()),
        ("What it costs, because not everyone can pay for the better one.", ("embrace",)),
        ("Nothing I can think of.", ()),
    ),
    Step.SESSION_COMMON: (
        ("In each of them nobody had said beforehand what was all right.", ("grey",)),
        ("They all ask what the assessment is for.", ("rethink",)),
        ("Somebody used it quietly because asking felt risky.", ("grey", "embrace")),
        ("Checking what comes out of it is always left to the person.", ("fallible",)),
    ),
    Step.SESSION_CLEARER: (
        ("A short list with examples, course by course, of what is fine.", ("grey",)),
        ("How to declare it, in one place, without being treated as a suspect.", ("grey",)),
        ("What happens if a detector is wrong about me.", ("fallible",)),
        ("That we are taught to use it, not only told off.", ("embrace",)),
    ),
}
BRIEF: tuple[Sentence, ...] = (
    ("Not sure.", ()),
    ("Feels wrong to me.", ()),
    ("Fine by me.", ()),
    ("It is only wording.", ()),
    ("Depends on the task.", ("grey",)),
    ("They should have asked.", ()),
)
QUESTIONS: tuple[tuple[str, str], ...] = (
    ("ask_data_visibility", "Does my tutor get to see what I write here?"),
    ("ask_graded", "Is this marked?"),
    ("ask_are_you_ai", "Am I talking to a person?"),
    ("ask_duration", "How much longer will this take?"),
    ("ask_policy", "What are the rules here, then?"),
    ("ask_bot_opinion", "What do you think about it?"),
    ("confused", "I do not understand the question."),
)
POINTS: dict[int, str] = {
    1: "completely unacceptable",
    2: "somewhat unacceptable",
    4: "somewhat acceptable",
    5: "completely acceptable",
}
STOPPING = "I would like to stop here, please."

LEANING: dict[str, float] = {
    "S01": 1.1,
    "S02": 0.4,
    "S03": 0.1,
    "S04": 0.7,
    "S05": -1.0,
    "S06": -0.8,
    "S07": 0.3,
    "S08": -0.2,
    "S09": 0.5,
    "S10": -0.6,
    "S11": -0.9,
    "S12": 1.3,
}
"""How far from the middle of the scale synthetic answers to a scenario lie; made up."""
