"""The shared vocabularies: terms, the register of duties, the data dictionary and the references."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from generator.policy.predicates import Path, Predicate, Strict
from generator.policy.records import Text

Label = Annotated[str, Field(min_length=1)]
FIELD_TYPES = {
    "text": "文字",
    "number": "数字",
    "date": "日期",
    "time": "时间",
    "yes-no": "是否",
    "term": "词",
    "ref": "引用",
    "id": "证件号",
    "credit-code": "统一社会信用代码",
    "phone": "电话",
    "photo": "照片",
}


class Term(Strict):
    """One entry of a closed vocabulary: its Chinese label, the English term, and other words for it."""

    label: Label
    english: Text | None = None
    aliases: list[Label] = []
    months: int | None = None
    note: Text | None = None


class Vocabulary(Strict):
    """A closed vocabulary: what it is for, and its terms by id, in order."""

    title: Text
    terms: dict[str, Term]

    def find(self, word: str) -> str | None:
        """Return the id of the term with this id, label or alias."""
        return self._words.get(word)

    @cached_property
    def _words(self) -> dict[str, str]:
        """Return word → id; of two terms that claim a word the first has it."""
        words: dict[str, str] = {}
        for name, term in self.terms.items():
            for word in (name, term.label, *term.aliases):
                words.setdefault(word, name)
        return words


class Topic(Strict):
    """A topic and the duties registered under it: slug → Chinese title."""

    title: Text
    duties: dict[str, Text]


class DataField(Strict):
    """One fact an institution can state: label, other headings for it, type, and what to write."""

    label: Annotated[str, Field(pattern=r"^[\w]+$")]
    aliases: list[Label] = []
    type: Literal["text", "number", "date", "time", "yes-no", "term", "ref", "id", "credit-code", "phone", "photo"]
    terms: str | None = None
    to: str | None = None
    many: bool = False
    unit: Text | None = None
    highest: int | None = None
    required: bool = False
    hint: Text | None = None
    example: Text | int | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the label and the aliases."""
        return frozenset((self.label, *self.aliases))

    @model_validator(mode="after")
    def is_closed(self) -> "DataField":
        """Refuse a term without its vocabulary and a reference without its entity."""
        if (self.type == "term") != (self.terms is not None):
            raise ValueError("type 为 term 时须写 terms（词表名），其他类型不写")
        if (self.type == "ref") != (self.to is not None):
            raise ValueError("type 为 ref 时须写 to（被引用的实体），其他类型不写")
        return self


class Derived(Strict):
    """A fact that follows from others: rows picked, the earliest or latest, a count, the first stated, or a test."""

    label: Annotated[str, Field(pattern=r"^[\w]+$")]
    rows: Path | None = None
    where: list[Predicate] = []
    earliest: Path | None = None
    latest: Path | None = None
    holds: list[Predicate] = []
    count: Path | None = None
    first: list[Path] = []
    hint: Text | None = None

    @model_validator(mode="after")
    def is_defined(self) -> "Derived":
        """Refuse a derived fact with no definition, or with two."""
        stated = [item for item in (self.rows, self.earliest, self.latest, self.count) if item]
        if len(stated) + bool(self.holds) + bool(self.first) != 1:
            raise ValueError("须恰有 rows、earliest、latest、count、first、holds 之一")
        return self


class Doubt(Strict):
    """What must hold among the facts of one thing under any guideline; where it does not, some datum is wrong."""

    says: Text
    when: list[Predicate] = []
    require: Annotated[list[Predicate], Field(min_length=1)]
    remedy: Text


class Entity(Strict):
    """A kind of thing with facts: where it is filled in, what it belongs to, and its fields.

    ``additions`` are sheets that state more of rows that stand elsewhere, each with the fields it holds beside the key;
    ``named`` are the facts that name the file of a document about one thing, where that is not its ``name``.
    """

    label: Annotated[str, Field(pattern=r"^[\w]+$")]
    collection: str | None = None
    collection_label: Text | None = None
    parent: str | None = None
    file: Text
    sheets: dict[str, dict[str, str]] = {}
    additions: dict[str, list[str]] = {}
    key: str | None = None
    named: list[Path] = []
    hint: Text | None = None
    fields: dict[str, DataField]
    derived: dict[str, Derived] = {}
    doubts: dict[str, Doubt] = {}

    @model_validator(mode="after")
    def adds_known_fields(self) -> "Entity":
        """Refuse an addition to rows without key, or of a field that is not there."""
        unknown = [name for names in self.additions.values() for name in names if name not in self.fields]
        if unknown or (self.additions and self.key is None):
            raise ValueError(f"additions 里没有这一项：{unknown[0]}" if unknown else "additions 须有 key")
        return self

    @cached_property
    def labels(self) -> frozenset[str]:
        """Return the labels and aliases of the fields."""
        return frozenset(label for field in self.fields.values() for label in (field.label, *field.aliases))

    @cached_property
    def headings(self) -> dict[str, str]:
        """Return label, id or alias → field; a field's own label goes before another's alias."""
        aliases = {alias: name for name, field in reversed(self.fields.items()) for alias in field.aliases}
        ids = {name: name for name in self.fields}
        return aliases | ids | {field.label: name for name, field in self.fields.items()}


class Reference(Strict):
    """A text that a source cites and the project does not hold."""

    title: Text
    number: Text | None = None
    issuer: Text | None = None
    note: Text | None = None
