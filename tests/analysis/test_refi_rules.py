"""What other programs trip over: each rule is broken once, to see that the check notices."""

from collections.abc import Callable

import pytest
from lxml import etree

from tests.analysis.cohort import World
from tests.analysis.test_refi import coded, exported
from tests.refi.reading import NS, Project, broken_rules, rezipped

RULES: dict[str, Callable[[Project], None]] = {}


def rule(name: str) -> Callable[[Callable[[Project], None]], Callable[[Project], None]]:
    def keep(breaks: Callable[[Project], None]) -> Callable[[Project], None]:
        RULES[name] = breaks
        return breaks

    return keep


@rule("origin")
def _(project: Project) -> None:
    del project.root.attrib["origin"]


@rule("plain text in a file")
def _(project: Project) -> None:
    source = project.find(".//q:TextSource")[0]
    text = project.text_of(source)
    del source.attrib["plainTextPath"]
    content = etree.Element(f"{{{NS['q']}}}PlainTextContent")
    content.text = text
    source.insert(0, content)


@rule("date of a note")
def _(project: Project) -> None:
    del project.find(".//q:Note")[0].attrib["creationDateTime"]


@rule("LF and no mark")
def _(project: Project) -> None:
    name = next(name for name in project.members if name.startswith("sources/"))
    project.members[name] = b"\xef\xbb\xbf" + project.members[name]


@rule("unique codes")
def _(project: Project) -> None:
    inner, outer = (c for c in project.find(".//q:Code") if c.get("name") in ("Deep", "Folder"))
    inner.set("name", str(outer.get("name")))


@rule("unique sources")
def _(project: Project) -> None:
    one, other = project.find(".//q:TextSource")[:2]
    one.set("name", str(other.get("name")))


@rule("one selection a coder")
def _(project: Project) -> None:
    del project.find(".//q:PlainTextSelection")[0].attrib["creatingUser"]


@rule("variables of cases or of sources")
def _(project: Project) -> None:
    one = project.find(".//q:Case/q:VariableValue/q:VariableRef")[0]
    other = project.find(".//q:TextSource/q:VariableValue/q:VariableRef")[0]
    one.set("targetGUID", str(other.get("targetGUID")))


@rule("names in the archive")
def _(project: Project) -> None:
    name = next(name for name in project.members if name.startswith("sources/"))
    project.members["texts/" + name.split("/")[1]] = project.members.pop(name)


@rule("a reference to nothing")
def _(project: Project) -> None:
    project.find(".//q:CodeRef")[0].set("targetGUID", "0" * 8 + "-0000-0000-0000-" + "0" * 12)


@rule("schema")
def _(project: Project) -> None:
    project.find(".//q:Code")[0].set("isCodable", "perhaps")


@pytest.fixture(scope="module")
def sample(shared_world: World) -> bytes:
    """A project with everything in it."""
    coded(shared_world)
    return exported(shared_world)[0]


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_project_that_breaks_a_rule_is_noticed(sample: bytes, name: str) -> None:
    assert broken_rules(sample) == set()
    project = Project(sample)
    RULES[name](project)
    assert name in broken_rules(rezipped(project))
