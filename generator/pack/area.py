"""The rows an area adds to the official lists: its shared folder in; rows, and sources for its own documents, out.

The notes under the official lists let a prefecture add rows. ``materials.yaml`` in the folder is written like the
list of a guideline; a row named like an official one may only lengthen how long that is kept.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from generator.document.expand import Lines
from generator.document.source import Source
from generator.pack.materials import ADDED, NOT_STATED
from generator.policy.load import Guideline, Policy, validate
from generator.policy.records import Material, Text
from generator.policy.vocabulary import Vocabulary
from generator.problems import KaowuError, Place, Problem, nearest
from generator.yaml_source import Document, load_yaml

FILE = "materials.yaml"
KIND = "materials"
LENGTHENED = "地区延长期限"
LENGTHENS_ONLY = {"name", "retention", "at"}


class AreaRow(Material):
    """A row of an area: as in a guideline's list, without number and conditions; ``at`` may name its document."""

    at: list[Text] = []
    name: Annotated[str, Field(pattern=r"^[^{}]+$")]

    @model_validator(mode="after")
    def is_supplied(self) -> "AreaRow":
        """Refuse what only the official list has; who supplies a row is seen to where official names are known."""
        if self.no is not None or self.when:
            raise ValueError("地区增设的行排在官方清单之后，不写 no 和 when")
        return self

    @property
    def lengthens_only(self) -> bool:
        """Return whether the row states nothing but how long something is kept."""
        return self.model_fields_set <= LENGTHENS_ONLY


@dataclass(frozen=True)
class Area:
    """An area's rows by id with the file they stand in, and the sources of the documents only it has."""

    rows: Mapping[str, AreaRow] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    document: Document | None = None

    def place(self, *path: str) -> Place:
        """Return where a row, or a part of it, stands."""
        assert self.document is not None
        return self.document.place(path)


def load_area(folder: Path | None, policy: Policy, sources: Mapping[str, Source]) -> Area:
    """Return the rows of a shared folder, none where it has no such file; raise KaowuError with every fault."""
    if folder is None or not (folder / FILE).is_file():
        return Area()
    document = load_yaml(folder / FILE)
    problems: list[Problem] = []
    stated: Mapping[str, AreaRow] = validate(document, dict[str, AreaRow], problems) or {}
    area = Area(stated, {}, document)
    own = {path.stem for path in folder.glob("*.docx")} - set(sources)
    problems += [problem for name in stated for problem in find_faults(area, name, policy, own | set(sources))]
    if problems:
        raise KaowuError(sorted(problems))
    rows = {name: with_term_ids(row, policy) for name, row in stated.items()}
    written = {name: word_source(name, row) for row in rows.values() for name in row.documents if name in own}
    return Area(rows, written, document)


def find_faults(area: Area, name: str, policy: Policy, documents: set[str]) -> Iterator[Problem]:
    """Yield what is wrong with a row whatever the guideline: unknown terms and documents, nobody who supplies it."""
    row = area.rows[name]
    periods = [row.retention] if isinstance(row.retention, str) else [*row.retention.values()]
    media = [] if isinstance(row.retention, str) else [*row.retention]
    for vocabulary, words in (("retention", periods), ("medium", [*media, *filter(None, [row.medium])])):
        for word in words:
            if policy.terms[vocabulary].find(word) is None:
                yield unknown(area.place(name, "retention"), word, policy.terms[vocabulary])
    for document in row.documents:
        if document not in documents:
            what = f"没有文书“{document}”，共用文件夹里也没有 {document}.docx"
            yield Problem(area.place(name, "documents"), "area-document", what, nearest(document, documents))
    official = {known.name for guideline in policy.guidelines.values() for known in guideline.materials.values()}
    if not row.documents and not row.supplied_by and row.name not in official:
        advice = nearest(row.name, official) or "补上 documents（由哪些文书承载）或 supplied_by（由谁提供）"
        yield Problem(area.place(name), "area-supplier", f"“{row.name}”没有文书，也没有写由谁提供", advice)


def unknown(place: Place, word: str, vocabulary: Vocabulary) -> Problem:
    """Return the problem of a word that is no term, with the nearest or all that there are."""
    labels = [term.label for term in vocabulary.terms.values()]
    advice = nearest(word, [*labels, *vocabulary.terms]) or f"可写：{'、'.join(labels)}"
    return Problem(place, "area-term", f"“{word}”不是{vocabulary.title}", advice)


def with_term_ids(row: AreaRow, policy: Policy) -> AreaRow:
    """Return the row with its terms, which may be written as labels, by id."""
    terms, media = policy.terms["retention"], policy.terms["medium"]
    kept = row.retention
    by_id = terms.find(kept) if isinstance(kept, str) else {media.find(m): terms.find(t) for m, t in kept.items()}
    medium = {"medium": media.find(row.medium)} if row.medium else {}
    return row.model_copy(update={"retention": by_id, **medium})


def word_source(name: str, row: AreaRow) -> Source:
    """Return the source of a document that is a Word template only: it has a title and is about the round."""
    body = f"<h1>{escape(row.name)}</h1>"
    return Source(Path(name), name, row.name, "round", Lines(body, (Place(FILE),)))


def extend(guideline: Guideline, area: Area, policy: Policy) -> Guideline:
    """Return the guideline with the area's rows in its list; raise KaowuError for one that asks less than it does."""
    rows: dict[str, Material] = dict(guideline.materials)
    names = {row.name: name for name, row in rows.items()}
    problems: list[Problem] = []
    for name, row in area.rows.items():
        if row.name in names:
            official = rows[names[row.name]]
            problems += compare(area, name, official, policy)
            rows[names[row.name]] = lengthen(official, row)
        elif not row.lengthens_only:
            rows[f"{ADDED}/{name}"] = row.model_copy(update={"at": [ADDED, *row.at]})
    if problems:
        raise KaowuError(sorted(problems))
    return replace(guideline, records={**guideline.records, KIND: rows})


def compare(area: Area, name: str, official: Material, policy: Policy) -> Iterator[Problem]:
    """Yield where a row asks for less than the official row of the same name, or for something else."""
    row = area.rows[name]
    for key in sorted(row.model_fields_set - LENGTHENS_ONLY):
        what = f"官方清单已有“{row.name}”，只能延长它的期限，不能改 {key}"
        yield Problem(area.place(name, key), "area-official", what, "删去这一项；另加材料的，换一个名称")
    labels = policy.labels("retention")
    for medium, period in periods_of(official).items():
        own = row.retention if isinstance(row.retention, str) else row.retention.get(medium)
        own_terms = [own] if own else [*periods_of(row).values()] if not medium else []
        shorter = [term for term in own_terms if months(term, policy) < months(period, policy)]
        if shorter or not own_terms:
            found = labels[shorter[0]] if shorter else f"没有写{policy.labels('medium').get(medium, medium)}的"
            what = f"“{row.name}”的保存期限{found}，短于官方清单的{labels[period]}"
            yield Problem(area.place(name, "retention"), "area-shorter", what, f"至少写{labels[period]}，或删去这一行")


def periods_of(row: Material) -> Mapping[str, str]:
    """Return medium → term; one that holds for every medium stands under an empty name."""
    return row.retention if isinstance(row.retention, dict) else {"": row.retention}


def months(term: str, policy: Policy) -> float:
    """Return how many months a term lasts: without end where it has no months, nought where nothing is stated."""
    stated = policy.terms["retention"].terms[term].months
    return 0 if term == NOT_STATED else math.inf if stated is None else stated


def lengthen(official: Material, row: AreaRow) -> Material:
    """Return the official row kept as long as the area asks for, each medium of it."""
    one = isinstance(row.retention, str) and isinstance(official.retention, dict)
    kept = dict.fromkeys(official.retention, row.retention) if one else row.retention
    changed = kept != official.retention
    return official.model_copy(update={"retention": kept, "at": [*official.at, LENGTHENED]}) if changed else official
