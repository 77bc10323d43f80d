"""The neutral probes, in four wordings of each kind, and the echo before them.

Descriptive probes ask for more of the picture, idiographic ones for an instance, clarifying ones
for what exactly is meant, explanatory ones for the reason. None names a theme, suggests an answer
or judges one; a part of :mod:`study.wording`.
"""

PROBES: dict[str, str] = {
    "probe.echo": "You wrote: {echo}",
    "probe.echo_part": "You began: {echo} …",
    "echo.quoted": "“{words}”",
    "probe.descriptive.1": "Could you describe in a bit more detail what you have in mind?",
    "probe.descriptive.2": "What is the part of this that matters most to you?",
    "probe.descriptive.3": "What do you notice first when you picture the situation?",
    "probe.descriptive.4": "How would you put that to a colleague who has not read the case?",
    "probe.idiographic.1": (
        "Is there a moment from your own work or study that comes to mind here? Please leave out "
        "names."
    ),
    "probe.idiographic.2": "When, if ever, have you come across something like this yourself?",
    "probe.idiographic.3": "What in your own setting, if anything, shapes how you see this?",
    "probe.idiographic.4": "Can you think of one instance that shows what you mean, without names?",
    "probe.clarifying.1": "Which detail of the case is your view about, if it is one detail?",
    "probe.clarifying.2": "What, if anything, would have to differ for you to see it another way?",
    "probe.clarifying.3": "Where in the case does your view begin to hold?",
    "probe.clarifying.4": "What, if anything, are you unsure about here?",
    "probe.explanatory.1": "Could you say a little more about what makes you see it that way?",
    "probe.explanatory.2": "What is behind that view for you?",
    "probe.explanatory.3": "How did you arrive at that?",
    "probe.explanatory.4": "What speaks for it, and what, if anything, against it?",
}
