"""Reading a project without the product's code: archive, XML and slices of text."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent
NS = {"q": "urn:QDA-XML:project:1.0"}
PROJECT = etree.XMLSchema(etree.parse(str(HERE / "Project.xsd")))
CODEBOOK = etree.XMLSchema(etree.parse(str(HERE / "Codebook.xsd")))


@dataclass(frozen=True, order=True)
class Segment:
    """A coded passage: whose, which code, in which text, and its characters."""

    coder: str
    code: str
    source: str
    text: str


class Project:
    """A project in memory."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.members["project.qde"])

    def find(self, path: str) -> list[etree._Element]:
        return list(self.root.iterfind(path, NS))

    def text_of(self, source: etree._Element) -> str:
        path = source.get("plainTextPath", "").removeprefix("internal://")
        return self.members[f"sources/{path}"].decode("utf-8")

    @property
    def codes(self) -> dict[str, str]:
        return {c.get("guid", ""): c.get("name", "") for c in self.find(".//q:Code")}

    @property
    def users(self) -> dict[str, str]:
        return {u.get("guid", ""): u.get("name", "") for u in self.find(".//q:User")}

    def segments(self, *, utf16: bool = False, crlf: bool = False) -> list[Segment]:
        """All coded passages, as a program would cut them out that counts in the given way."""
        out = []
        for source in self.find(".//q:TextSource"):
            text = self.text_of(source)
            if crlf:
                text = text.replace("\r\n", "\n")
            units = text.encode("utf-16-le") if utf16 else b""
            for selection in source.iterfind("q:PlainTextSelection", NS):
                start, end = (int(selection.get(k, "")) for k in ("startPosition", "endPosition"))
                cut = units[2 * start : 2 * end].decode("utf-16-le") if utf16 else text[start:end]
                for coding in selection.iterfind("q:Coding", NS):
                    ref = coding.find("q:CodeRef", NS)
                    assert ref is not None
                    out.append(
                        Segment(
                            self.users[coding.get("creatingUser", "")],
                            self.codes[ref.get("targetGUID", "")],
                            source.get("name", ""),
                            cut,
                        )
                    )
        return sorted(out)


def broken_rules(content: bytes) -> set[str]:
    """Which rules a project breaks that the schema does not know, by a short name each."""
    broken = set()
    project = Project(content)
    root = project.root
    if not PROJECT.validate(root):
        broken.add("schema")
    if not root.get("origin"):
        broken.add("origin")
    if project.find(".//q:PlainTextContent"):
        broken.add("plain text in a file")
    if any(not s.get("plainTextPath") for s in project.find(".//q:TextSource")):
        broken.add("plain text in a file")
    if any(not n.get("creationDateTime") for n in project.find(".//q:Note")):
        broken.add("date of a note")
    texts = [v for name, v in project.members.items() if name.startswith("sources/")]
    if any(v.startswith(b"\xef\xbb\xbf") or b"\r" in v for v in texts):
        broken.add("LF and no mark")
    names = [c.get("name", "").casefold() for c in project.find(".//q:Code")]
    if len(set(names)) < len(names):
        broken.add("unique codes")
    sources = [s.get("name") for s in project.find(".//q:TextSource")]
    if len(set(sources)) < len(sources):
        broken.add("unique sources")
    for selection in project.find(".//q:PlainTextSelection"):
        users = {c.get("creatingUser") for c in selection.iterfind("q:Coding", NS)}
        if users != {selection.get("creatingUser")} or None in users:
            broken.add("one selection a coder")
    of_cases = _variables(project, ".//q:Case/q:VariableValue/q:VariableRef")
    of_sources = _variables(project, ".//q:TextSource/q:VariableValue/q:VariableRef")
    if of_cases & of_sources:
        broken.add("variables of cases or of sources")
    if any(ord(c) < 32 and c not in "\n\t" for name in names for c in name):
        broken.add("control characters")
    if sum(1 for name in project.members if name.endswith(".qde")) != 1 or any(
        "/" in name and not name.startswith("sources/") for name in project.members
    ):
        broken.add("names in the archive")
    for element in root.iter("{*}CodeRef", "{*}SourceRef", "{*}NoteRef", "{*}VariableRef"):
        if not root.xpath(f"//*[@guid='{element.get('targetGUID')}']"):
            broken.add("a reference to nothing")
            break
    return broken


def _variables(project: Project, path: str) -> set[str | None]:
    return {ref.get("targetGUID") for ref in project.find(path)}


def rezipped(project: Project) -> bytes:
    """The archive again, after a test has changed the tree or the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in project.members.items():
            new = etree.tostring(project.root) if name.endswith(".qde") else content
            archive.writestr(name, new)
    return out.getvalue()
