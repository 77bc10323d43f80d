"""The answers and questions of the figures in words."""

from study.wording import WORDING

LABELS = {
    **{point: WORDING[f"stance.{point}"] for point in ("1", "2", "3", "4", "5")},
    "unacceptable": "Unacceptable (completely or somewhat)",
    "depends": "It depends",
    "acceptable": "Acceptable (completely or somewhat)",
    "cant_say": "Can’t say, or rather not say",
    "towards": "moved towards acceptable",
    "stayed": "stayed where they were",
    "away": "moved away from acceptable",
}
CLEAR_LABELS = {
    **{point: WORDING[f"clarity.{point}"] for point in ("1", "2", "3", "4", "5")},
    "unclear": "Unclear (very or rather)",
    "clear": "Clear (rather or very)",
    "cant_say": LABELS["cant_say"],
}
ASKED_LABELS = {
    "ask_policy": "whether something is allowed in their own work",
    "ask_data_visibility": "who sees their answers",
    "ask_graded": "whether it is marked",
    "ask_definition": "what a word means",
    "ask_example": "for an example answer",
    "ask_duration": "how long it takes",
    "ask_bot_opinion": "what the assistant thinks itself",
    "ask_are_you_ai": "whether they talk with a person",
    "accessibility_language": "about language, length or reading aids",
}
THEME_LABELS = {
    "embrace": "AI is here and has to be embraced",
    "rethink": "A chance to rethink assessment",
    "grey": "It is a grey area",
    "fallible": "AI is fallible",
}
