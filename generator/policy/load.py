"""Read ``policy/`` into one typed :class:`Policy`; every fault is reported with its file and line.

In: the folder. Out: vocabularies, data dictionary, references and the guidelines asked for: given, or each read when it
is first asked for. The reader refuses what is not typed right; whether the parts fit together is for
:mod:`generator.policy.lint`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from generator.policy.dictionary import Dictionary
from generator.policy.records import (
    Committee,
    Content,
    Form,
    GuidelineHead,
    Material,
    Record,
    Route,
    Rule,
    Sheet,
    Step,
)
from generator.policy.vocabulary import Entity, Reference, Topic, Vocabulary
from generator.problems import KaowuError, Place, Problem, nearest
from generator.schema_problems import KeyPath, problems_from
from generator.yaml_source import Document, load_yaml

KINDS: Mapping[str, type[Record]] = {
    "materials": Material,
    "contents": Content,
    "forms": Form,
    "sheets": Sheet,
    "committees": Committee,
    "routing": Route,
    "schedule": Step,
}
HEAD = "guideline.yaml"
OUTLINE = "outline.yaml"
_KEY = re.compile(r"""^["']?([^\s#"':-][^:"']*)["']?:""", re.MULTILINE)  # of a record: the form puts it into column 1

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Guideline:
    """One guideline: its head and outline, its rules by ``topic#slug``, and its other records by kind and id."""

    id: str
    head: GuidelineHead
    rules: Mapping[str, Rule]
    records: Mapping[str, Mapping[str, Record]]
    documents: Mapping[str, Document] = field(repr=False, compare=False)

    @property
    def materials(self) -> Mapping[str, Material]:
        """Return the rows of the list of materials, in order."""
        return self.of_kind("materials", Material)

    @property
    def contents(self) -> Mapping[str, Content]:
        """Return what documents must contain."""
        return self.of_kind("contents", Content)

    @property
    def steps(self) -> Mapping[str, Step]:
        """Return the dated steps."""
        return self.of_kind("schedule", Step)

    def of_kind(self, kind: str, model: type[R]) -> Mapping[str, R]:
        """Return the records of one kind by id, in the order of the file."""
        return {name: record for name, record in self.records.get(kind, {}).items() if isinstance(record, model)}

    def all_records(self) -> Iterable[tuple[str, Record]]:
        """Yield every record with its name inside the guideline, rules first."""
        yield from self.rules.items()
        for kind, records in self.records.items():
            yield from ((f"{kind}#{name}", record) for name, record in records.items())

    def rule(self, slug: str) -> Rule:
        """Return the rule with this slug or ``topic#slug``; raise KeyError when the guideline has none."""
        if "#" in slug:
            return self.rules[slug]
        return self.rules[next(name for name in self.rules if name.partition("#")[2] == slug)]

    def place(self, name: str, *path: str | int) -> Place:
        """Return where the record ``topic#slug`` (or ``kind#id``), or a part of it, stands."""
        topic, _, slug = name.partition("#")
        return self.documents[topic].place((slug, *path))


@dataclass(frozen=True)
class Policy:
    """Everything in ``policy/``: vocabularies, duties, dictionary, references, guidelines by id."""

    root: Path
    terms: Mapping[str, Vocabulary]
    topics: Mapping[str, Topic]
    entities: Mapping[str, Entity]
    references: Mapping[str, Reference]
    guidelines: Mapping[str, Guideline]

    @cached_property
    def duties(self) -> Mapping[str, str]:
        """Return the register: ``topic#slug`` → Chinese title."""
        return {
            f"{topic}#{slug}": title for topic, entry in self.topics.items() for slug, title in entry.duties.items()
        }

    @cached_property
    def dictionary(self) -> Dictionary:
        """Return the data dictionary with its relations."""
        return Dictionary(self.entities)

    def labels(self, vocabulary: str) -> Mapping[str, str]:
        """Return a vocabulary's term id → Chinese label."""
        return self._labels[vocabulary]

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return all labels, reckoned once."""
        return {
            title: {name: term.label for name, term in vocabulary.terms.items()}
            for title, vocabulary in self.terms.items()
        }

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Return title and short title of every guideline → its id; one that is not read yet is only looked into."""
        read = read_already(self.guidelines)
        heads = {name: (g.head.title, g.head.short) for name, g in read.items()}
        heads |= {name: glance_at_titles(self.root, name) for name in self.guidelines if name not in read}
        return {title: name for name in self.guidelines for title in heads[name]}

    @cached_property
    def record_names(self) -> Mapping[str, frozenset[str]]:
        """Return kind → the names of its records in all guidelines; one that is not read yet is only looked into."""
        read = read_already(self.guidelines)
        unread = [name for name in self.guidelines if name not in read]
        return {
            kind: frozenset(name for guideline in read.values() for name in guideline.records.get(kind, {}))
            | frozenset(name for other in unread for name in glance_at_keys(self.root / other / f"{kind}.yaml"))
            for kind in KINDS
        }

    def guideline(self, name: str) -> Guideline:
        """Return the guideline with this id, title or short title; raise KaowuError naming the nearest."""
        if name in self.guidelines or name in self.titles:
            return self.guidelines[name if name in self.guidelines else self.titles[name]]
        known = ", ".join(self.guidelines)
        advice = nearest(name, self.guidelines) or f"现有：{known}"
        raise KaowuError([Problem(Place(name), "unknown-guideline", f"没有名为“{name}”的指引", advice)])


@dataclass(frozen=True)
class Unread(Mapping[str, Guideline]):
    """The guidelines under a root by id, each read when it is asked for; a faulty one then raises KaowuError."""

    root: Path
    names: tuple[str, ...]
    topics: Mapping[str, Topic]
    read: dict[str, Guideline] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Guideline:
        """Return a guideline."""
        if name not in self.names:
            raise KeyError(name)
        if name not in self.read:
            problems: list[Problem] = []
            guideline = load_guideline(self.root, name, self.topics, problems)
            if problems or guideline is None:
                raise KaowuError(problems)
            self.read[name] = guideline
        return self.read[name]

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a guideline, without reading it."""
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        """Yield the ids, without reading any."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return how many guidelines there are."""
        return len(self.names)


def read_already(guidelines: Mapping[str, Guideline]) -> Mapping[str, Guideline]:
    """Return those of the guidelines that are in memory."""
    return guidelines.read if isinstance(guidelines, Unread) else guidelines


def glance_at_titles(root: Path, name: str) -> tuple[str, str]:
    """Return title and short title of a guideline that is not read; raise KaowuError where the file is no YAML."""
    head = as_mapping(load_yaml(root / name / HEAD, root=root))
    return str(head.get("title", "")), str(head.get("short", ""))


def glance_at_keys(path: Path) -> list[str]:
    """Return the names of the records of a file that is not read; none where there is no file."""
    return _KEY.findall(path.read_text("utf-8", "replace")) if path.is_file() else []


def load_policy(root: Path, only: Iterable[str] | None = None) -> Policy:
    """Return the policy under ``root``, with the guidelines in ``only`` (all when None).

    Raises KaowuError with every fault found.
    """
    return read_policy(root, find_guidelines(root) if only is None else list(only))


def open_policy(root: Path) -> Policy:
    """Return the policy under ``root``, each guideline read when it is asked for.

    Raises KaowuError with every fault of what is shared; a fault of a guideline when it is asked for.
    """
    policy = read_policy(root, [])
    return replace(policy, guidelines=Unread(root, tuple(find_guidelines(root)), policy.topics))


def read_policy(root: Path, names: Iterable[str]) -> Policy:
    """Return what is shared and the guidelines named; raise KaowuError with every fault found."""
    problems: list[Problem] = []
    terms = read_folder(root / "terms", Vocabulary, root, problems)
    topics = read_folder(root / "duties", Topic, root, problems)
    references = read_mapping(root / "references.yaml", Reference, root, problems)
    entities = read_folder(root / "fields", Entity, root, problems)
    guidelines = {name: load_guideline(root, name, topics, problems) for name in names}
    if problems:
        raise KaowuError(problems)
    complete = {name: guideline for name, guideline in guidelines.items() if guideline}
    return Policy(root, terms, topics, entities, references, complete)


def find_guidelines(root: Path) -> list[str]:
    """Return the ids of all guidelines under ``root``, sorted."""
    return sorted(path.parent.relative_to(root).as_posix() for path in root.glob(f"*/*/{HEAD}"))


def load_guideline(root: Path, name: str, topics: Mapping[str, Topic], problems: list[Problem]) -> Guideline | None:
    """Return the guideline in folder ``name``, adding its faults to ``problems``; None when it cannot be read."""
    folder = root / name
    if not (folder / HEAD).is_file():
        known = find_guidelines(root)
        advice = nearest(name, known) or f"现有：{'、'.join(known)}"
        problems.append(Problem(Place(name), "unknown-guideline", f"没有指引“{name}”", advice))
        return None
    head = read_head(folder, root, problems)
    rules: dict[str, Rule] = {}
    records: dict[str, Mapping[str, Record]] = {}
    documents: dict[str, Document] = {}
    for path in sorted(folder.glob("*.yaml")):
        topic = path.stem
        if path.name in (HEAD, OUTLINE):
            documents[topic] = load_yaml(path, root=root)
        elif model := KINDS.get(topic):
            records[topic], documents[topic] = read_records(path, model, root, problems)
        elif topic in topics:
            found, documents[topic] = read_records(path, Rule, root, problems)
            rules |= {f"{topic}#{slug}": rule for slug, rule in found.items()}
        else:
            advice = nearest(topic, [*topics, *KINDS])
            what = f"“{path.name}”不是已登记的主题"
            problems.append(Problem(Place(path.relative_to(root).as_posix()), "unknown-topic", what, advice))
    return Guideline(name, head, rules, records, documents) if head else None


@dataclass(frozen=True)
class HeadDocument:
    """A guideline's head with its outline, which stands in a file of its own."""

    head: Document
    outline: Document

    @property
    def data(self) -> dict[str, Any]:
        """Return the head's mapping with the outline put in."""
        return {**as_mapping(self.head), "outline": as_mapping(self.outline)}

    def place(self, path: KeyPath = ()) -> Place:
        """Return where a value stands, in the one file or the other."""
        return self.outline.place(path[1:]) if path[:1] == ("outline",) else self.head.place(path)

    def key_place(self, path: KeyPath) -> Place:
        """Return where a key stands, in the one file or the other."""
        inside = path[:1] == ("outline",) and len(path) > 1
        return self.outline.key_place(path[1:]) if inside else self.head.key_place(path)


def read_head(folder: Path, root: Path, problems: list[Problem]) -> GuidelineHead | None:
    """Return the head with the outline put in; add each fault with its line and return None when there is one."""
    document = HeadDocument(load_yaml(folder / HEAD, root=root), load_yaml(folder / OUTLINE, root=root))
    try:
        return GuidelineHead.model_validate(document.data)
    except ValidationError as error:
        problems.extend(problems_from(error, document, code="guideline", model=GuidelineHead))
        return None


def as_mapping(document: Document) -> dict[str, Any]:
    """Return the document's mapping; raise KaowuError when it holds something else."""
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        raise KaowuError([Problem(document.place(()), "not-a-mapping", "文件内容应为“键: 值”")])
    return document.data


def read_records(path: Path, model: type[R], root: Path, problems: list[Problem]) -> tuple[Mapping[str, R], Document]:
    """Return the typed records of one file by id, in its order."""
    document = load_yaml(path, root=root)
    return validate(document, dict[str, model], problems) or {}, document  # type: ignore[valid-type]


M = TypeVar("M", bound=BaseModel)


def read_mapping(path: Path, model: type[M], root: Path, problems: list[Problem]) -> Mapping[str, M]:
    """Return a file that maps names to records of one kind; an absent file is empty."""
    if not path.is_file():
        return {}
    return validate(load_yaml(path, root=root), dict[str, model], problems) or {}  # type: ignore[valid-type]


def read_folder(folder: Path, model: type[M], root: Path, problems: list[Problem]) -> Mapping[str, M]:
    """Return the one record of each file in a folder, by the file's name."""
    paths = sorted(folder.glob("*.yaml"))
    read = {path.stem: validate(load_yaml(path, root=root), model, problems) for path in paths}
    return {name: record for name, record in read.items() if record is not None}


@cache
def adapter(shape: Any) -> TypeAdapter[Any]:
    """Return what validates a shape."""
    return TypeAdapter(shape)


def validate(document: Document, shape: Any, problems: list[Problem]) -> Any:
    """Return the document's data in its typed shape; add each fault with its line and return None when there is one."""
    try:
        return adapter(shape).validate_python(document.data or {})
    except ValidationError as error:
        problems.extend(problems_from(error, document, code="policy", model=shape))
        return None
