"""A source folder (``document.yaml`` and ``body.html``) into a checked Source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.document.author_rules import find_faults
from generator.document.environment import drop_breaks
from generator.document.expand import Lines, read_lines, spell_out
from generator.problems import KaowuError, Place, Problem
from generator.yaml_source import Document as YamlDocument
from generator.yaml_source import load_yaml

PAPERS = ("portrait", "landscape")
LOOKS = ("official", "form")
_KEYS = ("id", "title", "scope", "paper", "look", "when")
_REQUIRED = ("id", "title", "scope")


@dataclass(frozen=True, eq=False)
class Source:
    """One document as its author wrote it: what it is, and its body ready for Jinja.

    ``text`` has the form elements spelt out and still the author's lines; ``extra`` holds the keys
    of ``document.yaml`` that are the caller's business, such as ``serves`` and ``notes``.
    """

    folder: Path
    id: str
    title: str
    scope: str
    body: Lines
    paper: str = "portrait"
    look: str = "form"
    when: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the body as a Jinja template."""
        return self.body.text

    @property
    def compact(self) -> str:
        """Return the body without the line breaks of its source."""
        return drop_breaks(self.body.text)


def load_source(folder: Path, *, parts: Path | None = None) -> Source:
    """Return the checked source; ``parts`` defaults to the folder ``parts`` beside it.

    Raises KaowuError with every fault of the two files, each with file and line.
    """
    described = load_yaml(folder / "document.yaml")
    body = read_lines(folder / "body.html", parts or folder.parent / "parts")
    problems = [*_faults_of_description(described, folder), *find_faults(body)]
    if problems:
        raise KaowuError(problems)
    keys = {str(key): value for key, value in _mapping(described).items()}
    known = {key: keys.pop(key) for key in _KEYS if key in keys}
    return Source(folder=folder, body=Lines(spell_out(body.text), body.origins), extra=keys, **known)


def _mapping(described: YamlDocument) -> dict[str, Any]:
    return described.data if isinstance(described.data, dict) else {}


def _faults_of_description(described: YamlDocument, folder: Path) -> list[Problem]:
    data = _mapping(described)
    absent = [key for key in _REQUIRED if not isinstance(data.get(key), str)]
    problems = [Problem(described.place(), "document-key", f"缺少“{key}”") for key in absent]
    if isinstance(data.get("id"), str) and data["id"] != folder.name:
        problems.append(_wrong(described, "id", f"id 应与文件夹同名：{folder.name}"))
    for key, allowed in (("paper", PAPERS), ("look", LOOKS)):
        if data.get(key, allowed[0]) not in allowed:
            problems.append(_wrong(described, key, f"{key} 只能是：{'、'.join(allowed)}"))
    return problems


def _wrong(described: YamlDocument, key: str, what: str) -> Problem:
    place: Place = described.place((key,))
    return Problem(place, "document-key", what)
