"""The record kinds of a guideline; each stands under its own id with ``at``, the places in the source it restates."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from generator.policy.locators import is_locator
from generator.policy.predicates import Path, Predicate, Strict, ValueName
from generator.policy.values import ValueField


def check_locator(text: object) -> object:
    """Return the locator; raise ValueError where the grammar does not know it."""
    if not isinstance(text, str) or not is_locator(text):
        raise ValueError(f"“{text}”不是出处写法，应如“五（五）2（1）”“材料清单 7”“第三十六条”")
    return text


Locator = Annotated[str, BeforeValidator(check_locator)]
Text = Annotated[str, Field(min_length=1)]
Force = Literal["must", "must-not", "in-principle", "may", "encouraged"]
Duty = Literal["institution", "candidate", "assessor", "expert", "authority"]
Checked = Literal["fully", "partly", "by-hand"]
Treatment = Literal["heading", "encoded", "informative", "external"]


class Record(Strict):
    """A record of a guideline: where the source says it, and how an unclear source is read."""

    at: Annotated[list[Locator], Field(min_length=1)]
    reading: Text | None = None


class Rule(Record):
    """One duty of one guideline: restated in ``says``, its numbers in ``values``, its check in ``require``."""

    says: Text
    values: dict[ValueName, ValueField] = {}
    force: Force
    duty_of: Duty
    checked: Checked
    misses: Text | None = None
    question: Text | None = None
    for_each: str = "round"
    when: list[Predicate] = []
    require: list[Predicate] = []
    remedy: Text | None = None

    @model_validator(mode="after")
    def is_honest(self) -> "Rule":
        """Refuse a rule whose claim to be checked does not fit what it holds."""
        if self.checked != "by-hand" and not self.require:
            raise ValueError(f"checked 为 {self.checked}，却没有 require；补上判断，或改为 by-hand 并写 question")
        if self.checked == "by-hand" and self.require:
            raise ValueError("checked 为 by-hand，却有 require；改为 fully 或 partly")
        if self.checked == "partly" and not self.misses:
            raise ValueError("checked 为 partly，须写 misses：可能漏查或多报什么")
        asked = self.force in ("must", "must-not", "in-principle") and self.duty_of == "institution"
        if self.checked == "by-hand" and asked and not self.question:
            raise ValueError("checked 为 by-hand，须写 question：请使用者回答的问题")
        if self.checked != "by-hand" and not self.remedy:
            raise ValueError("有检查的规则须写 remedy：不符合时怎么办")
        return self


class Material(Record):
    """A row of the official list of materials, or what the body asks for beside it (``no`` is null)."""

    no: int | None = None
    name: Text
    remark: Text | None = None
    retention: str | dict[str, str]
    when: list[Predicate] = []
    documents: list[str] = []
    supplied_by: Text | None = None
    medium: Text | None = None

    @model_validator(mode="after")
    def is_supplied(self) -> "Material":
        """Refuse a row that nobody supplies."""
        if not self.documents and not self.supplied_by:
            raise ValueError("缺少 documents（由哪些文书承载）或 supplied_by（由谁提供）")
        return self


class ContentItem(Strict):
    """One thing a document must contain, with the facts that carry it and the words that show it in the document."""

    at: Annotated[list[Locator], Field(min_length=1)]
    name: Text
    facts: list[Path] = []
    words: list[Text] = []
    when: list[Predicate] = []


class Content(Record):
    """What a plan, announcement, application or notice must contain."""

    title: Text
    document: str | None = None
    force: Force = "must"
    items: Annotated[list[ContentItem], Field(min_length=1)]


class FormField(Strict):
    """One labelled field of a form, in the form's own wording."""

    label: Text
    note: Text | None = None
    fact: Path | None = None
    group: Text | None = None


class Form(Record):
    """An official form or table: its title and labels in the order of the source."""

    title: Text
    document: str | None = None
    scope: Annotated[str, Field(description="fact 的起点实体")] = "candidate"
    fields: Annotated[list[FormField], Field(min_length=1)]
    repeats: bool = False
    note: Text | None = None


class Band(Strict):
    """A band of points with its descriptor."""

    at: list[Locator] = []
    points: ValueField
    says: Text


class SheetPart(Strict):
    """One of several numbered requirements that an item is assessed against."""

    at: Annotated[list[Locator], Field(min_length=1)]
    says: Text


class SheetItem(Strict):
    """One item of a sheet, with its bands of points or the requirement (or several) it is assessed against."""

    at: list[Locator] = []
    name: Text
    points: ValueField | None = None
    says: Text | None = None
    bands: list[Band] = []
    parts: list[SheetPart] = []
    note: Text | None = None


class SheetModule(Strict):
    """A module of a scoring or assessment sheet."""

    at: Annotated[list[Locator], Field(min_length=1)]
    name: Text
    points: ValueField | None = None
    items: Annotated[list[SheetItem], Field(min_length=1)]
    note: Text | None = None


class Sheet(Record):
    """A scoring or assessment sheet: modules, items, weights and bands."""

    title: Text
    document: str | None = None
    module: Annotated[Text | None, Field(description="由每位评委打分的评分表：是业绩评审的哪一模块")] = None
    points: ValueField | None = None
    columns: Annotated[list[Text], Field(description="表头各栏，照原表")] = []
    modules: Annotated[list[SheetModule], Field(min_length=1)]
    total: Annotated[Text | None, Field(description="末行合计栏的名称，照原表")] = None
    note: Text | None = None


class Seat(Strict):
    """A seat of a committee: who may hold it and how many there are."""

    at: Annotated[list[Locator], Field(min_length=1)]
    role: Text
    holder: Text | None = None
    qualification: Text | None = None
    at_least: ValueField | None = None
    exactly: ValueField | None = None
    supplied_by: Text | None = None


class Committee(Record):
    """A committee with its seats; the rules on size, share and votes are rules of their own."""

    title: Text
    document: str | None = None
    columns: Annotated[list[Text], Field(description="表头各栏，照原表")] = []
    seats: Annotated[list[Seat], Field(min_length=1)]


class Route(Record):
    """Who files with whom, who reviews and who approves, for which institutions."""

    matter: Text
    who: Text
    when: list[Predicate] = []
    to: Text
    with_: list[Text] = Field([], alias="with")
    reviewed_by: Text | None = None
    approved_by: Text | None = None
    reported_to: Text | None = None


class Step(Record):
    """A dated step: a number of days before or after an event, taken from a rule's value."""

    title: Text
    actor: Duty = "institution"
    rule: str | None = None
    value: ValueName | None = None
    counted: Literal["workdays", "workdays-after", "workdays-inclusive", "days", "months", "years"] = "workdays"
    before: Path | None = None
    after: Path | None = None
    next_day: bool = False
    bound: Literal["latest", "earliest"] = "latest"
    on: ValueField | None = None
    period: Text | None = None
    done: Path | None = None
    when: list[Predicate] = []

    @model_validator(mode="after")
    def is_dated(self) -> "Step":
        """Refuse a step without an anchor, or with two."""
        anchors = [anchor for anchor in (self.before, self.after, self.on, self.period) if anchor is not None]
        if len(anchors) != 1:
            raise ValueError("须恰有 before、after、on、period 之一")
        return self


class Clause(Strict):
    """A numbered clause of the source and how it is treated."""

    heading: Text
    treatment: Treatment
    because: Text | None = None

    @model_validator(mode="after")
    def is_accounted_for(self) -> "Clause":
        """Refuse an informative or external clause without a reason."""
        if self.treatment in ("informative", "external") and not self.because:
            raise ValueError(f"treatment 为 {self.treatment}，须写 because")
        return self


class Supersession(Strict):
    """A guideline that this one replaces, wholly or in part, and on what grounds."""

    guideline: str
    extent: Literal["whole", "part"] = "whole"
    because: Text


class Source(Strict):
    """The copy the encoding was made from."""

    file: Text
    part: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    verified: date


class GuidelineHead(Strict):
    """What identifies a guideline: title, issuer, number, dates, edition, source, and its outline."""

    title: Text
    short: Text
    province: Text
    issuer: Text | None
    number: Text | None
    issued: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None
    issued_because: Text | None = None
    effective: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    status: Literal["current", "partly-superseded", "superseded"]
    status_because: Text
    supersedes: list[Supersession] = []
    kinds: Annotated[list[str], Field(min_length=1)]
    retention_from: Path | None = None
    retention_because: Text | None = None
    source: Source
    outline: dict[Locator, Clause]
