"""Run by test_network.py in an interpreter of its own: everything with the network forbidden."""

import socket
import sys
from typing import Any


def forbidden(*_: Any, **__: Any) -> Any:
    """Stands for every way to the network."""
    raise AssertionError("the network was asked")


socket.socket.connect = forbidden  # type: ignore[method-assign]
socket.socket.connect_ex = forbidden  # type: ignore[method-assign]
socket.socket.sendto = forbidden  # type: ignore[method-assign, assignment]
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    setattr(socket, name, forbidden)

from study.redaction import KINDS  # noqa: E402
from tests.redaction.labelled import answers  # noqa: E402
from web.redactor import shared_redactor  # noqa: E402


def main() -> None:
    """Start the redactor and mask every answer of the labelled set; print the kinds seen."""
    redactor = shared_redactor()
    redactor.load()
    seen: set[str] = set()
    for name in ("identifiers", "names", "clean"):
        for answer in answers(name):
            seen |= set(redactor.mask(answer.text, "en").counts)
    assert seen == set(KINDS), set(KINDS) - seen
    print("worked through", ", ".join(sorted(seen)))


if __name__ == "__main__":
    sys.exit(main())
