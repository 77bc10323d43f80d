"""How long a turn takes through web, bot and actions, with one learner.

Run it with ``make bench``, or alone with ``python -m bench turns``. It starts the real
processes on ports of their own, goes through the sandbox's launch, and times the POST of
each turn as a browser would see it. It prints JSON: the median and the 95th percentile in
milliseconds, the median around the 5th and around the 60th turn of one conversation, and
their ratio.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.installation import Installation
from tests.launching import Visitor

WARM_UP = 10
TURNS = 64
RUNS = 3
EARLY = slice(2, 8)
LATE = slice(57, 63)
ANSWERS = (
    "I would want to know what the mark is for, because that decides what help is fair.",
    "It depends on how much of the thinking the tool did, and whether anybody was told.",
    "how long does this take",
)


def conversation(sandbox: str, person: str, turns: int) -> list[float]:
    """Milliseconds of each turn of a fresh interview that never comes to its end.

    Only digressions and changes of the first answer are made, so that one conversation
    can last: the length of the conversation is then the only thing that grows.
    """
    visitor = Visitor(sandbox)
    visitor.launch(person)
    if any(form.action.endswith("/app/consent") for form in visitor.page.forms):
        visitor.consent()
    visitor.seen = 0  # from here on as the page's own script posts
    visitor.option("2")
    times = []
    for number in range(turns):
        form = visitor.page.form("/app/turn")
        values = (
            {"option": "change_answer"}
            if number % 3 == 0
            else {"text": ANSWERS[0] if number % 3 == 1 else ANSWERS[2]}
        )
        began = time.perf_counter()
        visitor.post(form, **values)
        times.append((time.perf_counter() - began) * 1000)
        if visitor.status != 200 or "cannot be reached" in visitor.page.text:
            raise SystemExit(f"turn {number + 1} failed with {visitor.status}")
    return times


def main() -> int:
    """Measure and print; 0 when the targets of the design are met, 1 when not."""
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder), learners=1) as made:
        conversation(made.course, "learner-5", WARM_UP)
        runs = [conversation(made.course, f"learner-{6 + run}", TURNS) for run in range(RUNS)]
    flat = sorted(time for run in runs for time in run)
    early = statistics.median(time for run in runs for time in run[EARLY])
    late = statistics.median(time for run in runs for time in run[LATE])
    result = {
        "turns": len(flat),
        "median_ms": round(statistics.median(flat), 1),
        "p95_ms": round(flat[int(len(flat) * 0.95)], 1),
        "around_turn_5_ms": round(early, 1),
        "around_turn_60_ms": round(late, 1),
        "ratio_60_to_5": round(late / early, 2),
        "target_median_ms": 80,
        "target_ratio": 1.2,
    }
    print(json.dumps(result, indent=2))
    return 0 if result["median_ms"] < 80 and late <= 1.2 * early else 1
