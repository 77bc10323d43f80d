"""Fetching of scenario and pack files from a folder; all judgement is in ``study``."""

from pathlib import Path

from study.pack_loading import PackErrors, load_library
from study.packs import Library
from study.yaml_source import MAX_BYTES, Problem

MAX_FILES = 1_000


def load_folder(path: Path) -> Library:
    """The library of all ``*.yml`` files directly in a folder.

    Hidden files, folders and files of other kinds are left aside; ``*.yaml`` is refused,
    so that a misnamed scenario does not go missing in silence.

    Raises:
        PackErrors: a file cannot be read or breaks a rule; nothing is loaded.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        names = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise PackErrors([Problem(path.name, 1, "", _reason(error))]) from error
    data_files = [name for name in names if name.endswith((".yml", ".yaml"))]
    if len(data_files) > MAX_FILES:
        raise PackErrors([Problem(path.name, 1, "", f"more than {MAX_FILES} files")])
    for name in data_files:
        if name.endswith(".yaml"):
            problems.append(Problem(name, 1, "", "the file name must end in .yml"))
            continue
        content = b""
        try:
            with (path / name).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                problems.append(Problem(name, 1, "", f"larger than {MAX_BYTES} bytes"))
            else:
                texts[name] = content.decode("utf-8")
        except OSError as error:
            problems.append(Problem(name, 1, "", _reason(error)))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            problems.append(Problem(name, line, "", "not UTF-8 text; save the file as UTF-8"))
    return load_library(texts, problems)


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or type(error).__name__}"
