"""What the pages on learning platforms name is there: codes, commands, options, addresses."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
import typer.main
from werkzeug.routing import Map

import lti
from cli.main import commands
from lti.addresses import ToolAddresses
from lti.canvas import developer_key
from lti.errors import LtiError
from store.settings import PROJECT_ROOT
from tests.contract.campus import whole_app
from tests.lti.forge import World

FOLDER = PROJECT_ROOT / "docs" / "lms"
PAGES = sorted(FOLDER.glob("*.md"))
NAMES = ("README", "moodle", "canvas", "brightspace", "blackboard", "sakai", "problems")
MARKS = (PROJECT_ROOT / "docs" / "gradebook.md").read_text(encoding="utf-8")
NOT_CODES = {"context_id_history", "resource_link_id_history", "token_already_used"} | {
    "domain_targetlinkuri_mismatch"
}


def read(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def all_codes() -> set[str]:
    for module in pkgutil.iter_modules(lti.__path__, "lti."):
        importlib.import_module(module.name)

    def below(kind: type[LtiError]) -> Iterator[type[LtiError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    return {kind.code for kind in below(LtiError) if kind is not LtiError}


def test_every_page_is_there() -> None:
    assert {page.stem for page in PAGES} == set(NAMES)
    for name in set(NAMES) - {"README"}:
        assert f"({name}.md)" in read("README")


def test_every_code_is_explained() -> None:
    explained = set(re.findall(r"`([a-z][a-z0-9_]+)`", read("problems")))
    assert all_codes() - explained == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_code_is_made_up(name: str) -> None:
    named = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", read(name))) - NOT_CODES
    marks = set(re.findall(r"`([a-z]+_[a-z0-9_]+)`", MARKS))
    assert named - all_codes() - marks == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_is_there(name: str) -> None:
    text = read(name).replace("\\\n", " ")
    root = typer.main.get_command(commands)
    found = 0
    for words in re.findall(r"greyarea ([^`\n]+)", text):
        command, options = root, set()
        for word in words.split():
            if getattr(command, "commands", None):
                assert word in command.commands, words  # type: ignore[attr-defined]
                command = command.commands[word]  # type: ignore[attr-defined]
            elif word.startswith("--"):
                options.add(word)
        known = {opt for one in command.params for opt in (*one.opts, *one.secondary_opts)}
        assert options - known - {"--help"} == set(), words
        found += 1
    assert found or name == "problems"


@pytest.mark.parametrize("name", NAMES)
def test_every_address_is_answered(name: str, world: World) -> None:
    routes: Map = whole_app(world).url_map
    paths = set(re.findall(r"https://YOUR-HOST(/[^`\s]+)", read(name)))
    for path in paths:
        adapter = routes.bind("localhost")
        adapter.match(path, method=adapter.allowed_methods(path)[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", read(name)):
        assert (FOLDER / target).resolve().is_file(), target


@pytest.mark.parametrize("name", ["canvas", "brightspace", "blackboard", "sakai"])
def test_it_is_said_what_was_not_run(name: str) -> None:
    assert "Not run" in read(name).split("\n## ")[0]
    row = next(line for line in read("README").splitlines() if f"({name}.md)" in line)
    assert row.endswith("Not run |")


def test_canvas_by_hand_is_what_the_json_says() -> None:
    made = developer_key(ToolAddresses("https://YOUR-HOST", "KEY"))
    text = read("canvas")
    for field in ("oidc_initiation_url", "target_link_uri", "public_jwk_url"):
        assert f"`{made[field]}`" in text
    for name, value in made["custom_fields"].items():
        assert f"`{name}={value}`" in text
    for one in made["extensions"][0]["settings"]["placements"]:
        assert one["placement"].replace("_", " ").title() in text
