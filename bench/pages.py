"""How long the server takes for a learner's pages, and how much of them is sent.

``python -m bench pages`` starts the real processes, goes through a conversation, and asks for
each page again and again over one connection, as a browser would. It prints JSON: the median and
the 95th percentile in milliseconds, and sizes after gzip.
"""

import gzip
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.turns import conversation
from tests.installation import Installation
from tests.launching import Visitor

TIMES = 200
TURNS = 12
TARGET_MS = 15
TARGET_HTML = 30_000
TARGET_FILES = 25_000
STATIC = Path(__file__).resolve().parents[1] / "web" / "static"
FILES = ("greyarea.css", "chat.js", "forms.js", "keys.js", "storage.js")
PAGES = {
    "chat": ("/app", {}),
    "plain form": ("/app", {"view": "plain"}),
    "my reflections": ("/app/reflections", {}),
}


def measure(visitor: Visitor, tool: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
    """Ask for one page often; figures."""
    token = visitor.page.form("/app/turn").fields["session"]
    times, size = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = visitor.http.post(f"{tool}{path}", data={"session": token, **fields}, timeout=30)
        times.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
        size = max(size, len(gzip.compress(answer.content)))
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "gzip_bytes": size,
    }


def main() -> int:
    """Measure and print; 0 when the targets are met, 1 when not."""
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder), learners=1) as made:
        first = Visitor(made.course)
        first.launch("learner-5")
        first.consent()
        pages = {"chat, first page": measure(first, made.tool, "/app", {})}
        conversation(made.course, "learner-6", TURNS)
        later = Visitor(made.course)
        later.launch("learner-6")
        for name, (path, fields) in PAGES.items():
            pages[name] = measure(later, made.tool, path, fields)
    files = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in FILES)
    result = {
        "pages": pages,
        "css_and_js_gzip_bytes": files,
        "target_median_ms": TARGET_MS,
        "target_html_bytes": TARGET_HTML,
        "target_files_bytes": TARGET_FILES,
    }
    print(json.dumps(result, indent=2))
    met = (
        all(page["median_ms"] < TARGET_MS for page in pages.values())
        and all(page["gzip_bytes"] < TARGET_HTML for page in pages.values())
        and files < TARGET_FILES
    )
    return 0 if met else 1
