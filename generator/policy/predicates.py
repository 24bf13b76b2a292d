"""Typed predicates: what a rule requires and when it applies; few kinds, no free expressions.

A predicate measures something (a fact, a count, a share, a span of time …) and bounds it, or says that facts are
present, ordered, distinct and so on. ``where`` and ``when`` are lists of the same predicates; a list means all of
them. A path such as ``round.first_exam_date`` or ``panel.staff`` names facts of the dictionary; numeric bounds name
an entry of the rule's ``values``.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Path = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", description="字段路径")]
ValueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="values 中的名字")]
Literals = Annotated[list[str], Field(min_length=1)]


class Strict(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class Bounded(Strict):
    """Bounds on a measured number; each names an entry of ``values``."""

    at_least: ValueName | None = None
    at_most: ValueName | None = None
    more_than: ValueName | None = None
    less_than: ValueName | None = None
    exactly: ValueName | None = None

    def bounds(self) -> dict[str, str]:
        """Return the stated numeric bounds: bound → value name."""
        names = ("at_least", "at_most", "more_than", "less_than", "exactly")
        return {name: bound for name in names if (bound := getattr(self, name)) is not None}


class FactTest(Bounded):
    """A fact is a given literal, one of several, or a number within bounds."""

    fact: Path
    is_: bool | str | None = Field(None, alias="is")
    one_of: Literals | None = None
    none_of: Literals | None = None
    among: ValueName | None = Field(None, description="取值须在 values 的这组文字之内")

    @model_validator(mode="after")
    def is_bounded(self) -> "FactTest":
        """Refuse a test that cannot fail."""
        if not self.bounds() and self.is_ is None and not (self.one_of or self.none_of or self.among):
            raise ValueError("缺少判断（is、one_of、none_of、among、at_least …）")
        return self


class Counted(Bounded):
    """A bounded count that may also be odd or even."""

    parity: Literal["odd", "even"] | None = None

    @model_validator(mode="after")
    def is_bounded(self) -> "Counted":
        """Refuse a test that cannot fail."""
        if not self.bounds() and self.parity is None:
            raise ValueError("缺少界限（at_least、at_most、exactly、parity …）")
        return self


class CountTest(Counted):
    """How many rows of a collection (those that meet ``where``)."""

    count: Path
    where: "list[Predicate]" = []


class DistinctCountTest(Counted):
    """How many different values a path leads to."""

    count_distinct: Path
    where: "list[Predicate]" = []


class ShareTest(Counted):
    """The share of a collection's rows that meet ``where``."""

    share: Path
    where: "list[Predicate]" = Field(min_length=1)


class RatioTest(Counted):
    """The size of the first collection over the size of the second; a number counts as itself."""

    ratio: Annotated[list[Path], Field(min_length=2, max_length=2)]


class SumTest(Counted):
    """The sum of the numbers a path leads to."""

    sum: Path
    where: "list[Predicate]" = []


class SpanTest(Counted):
    """The time from one date to another.

    ``workdays`` counts those strictly between the two days, ``workdays-after`` counts the last day as well,
    ``workdays-inclusive`` both; ``days`` is the difference, ``months`` and ``years`` count whole anniversaries.
    """

    span: Annotated[list[Path], Field(min_length=2, max_length=2)]
    unit: Literal["workdays", "workdays-after", "workdays-inclusive", "days", "months", "years"]


class PresentTest(Strict):
    """All these facts are stated."""

    present: Annotated[list[Path], Field(min_length=1)]


class AbsentTest(Strict):
    """None of these facts is stated, or they are empty."""

    absent: Annotated[list[Path], Field(min_length=1)]


class CompleteTest(Strict):
    """Every item of a ``contents`` record has its facts stated."""

    complete: str


class OrderTest(Strict):
    """Dates or numbers come in this order; equal neighbours are in order."""

    order: Annotated[list[Path], Field(min_length=2)]


class SameTest(Strict):
    """Both paths lead to the same value."""

    same: Annotated[list[Path], Field(min_length=2, max_length=2)]


class DistinctTest(Strict):
    """No value occurs twice along this path."""

    distinct: Path


class DisjointTest(Strict):
    """No value occurs along both paths."""

    disjoint: Annotated[list[Path], Field(min_length=2, max_length=2)]


class CoversTest(Strict):
    """Every value of the second path occurs along the first; or every literal of ``all_of_values`` does."""

    covers: Path
    of: Path | None = None
    words: ValueName | None = None


class GradedTest(Strict):
    """A score is the one, or lies in the band, that the table gives to the grade."""

    graded: Path
    by: Path
    table: ValueName


class MeanTest(Strict):
    """A score is the mean of the others."""

    mean: Annotated[list[Path], Field(min_length=2)]
    is_of: Path = Field(alias="is")


class WeightedTest(Strict):
    """A total is the sum of scores, each by its share of a hundred, exactly or to two decimals."""

    weighted: Annotated[list[Path], Field(min_length=2)]
    shares: Annotated[list[Path], Field(min_length=2)]
    is_of: Path = Field(alias="is")

    @model_validator(mode="after")
    def is_paired(self) -> "WeightedTest":
        """Refuse a score without its share."""
        if len(self.weighted) != len(self.shares):
            raise ValueError("weighted 和 shares 须一一对应")
        return self


class RankedTest(Strict):
    """A rank is the place of a score among those of some rows, the highest first; equals may share a rank or not."""

    ranked: Path
    of: Path
    by: Path


class RotationTest(Strict):
    """From one practical session or day to the next, at least a share of the people change."""

    rotation: Path
    by: Path
    across: Literal["adjacent-days", "consecutive-sessions"]
    at_least: ValueName


class EachTest(Strict):
    """Every row of a collection (those that meet ``where``) meets ``require``."""

    each: Path
    where: "list[Predicate]" = []
    require: "list[Predicate]" = Field(min_length=1)


class MeetsTest(Strict):
    """What another rule of the guideline requires (``topic#slug``) holds, whether or not that rule applies."""

    meets: Annotated[str, Field(pattern=r"^[a-z-]+#[a-z0-9.-]+$", description="主题#slug")]


class AllTest(Strict):
    """All of these hold."""

    all_of: "list[Predicate]" = Field(min_length=1)


class AnyTest(Strict):
    """At least one of these holds."""

    any_of: "list[Predicate]" = Field(min_length=1)


class NotTest(Strict):
    """These do not all hold."""

    not_: "list[Predicate]" = Field(alias="not", min_length=1)


KINDS: dict[str, type[Strict]] = {
    "fact": FactTest,
    "count": CountTest,
    "count_distinct": DistinctCountTest,
    "share": ShareTest,
    "ratio": RatioTest,
    "sum": SumTest,
    "span": SpanTest,
    "present": PresentTest,
    "absent": AbsentTest,
    "complete": CompleteTest,
    "order": OrderTest,
    "same": SameTest,
    "distinct": DistinctTest,
    "disjoint": DisjointTest,
    "covers": CoversTest,
    "graded": GradedTest,
    "mean": MeanTest,
    "weighted": WeightedTest,
    "ranked": RankedTest,
    "rotation": RotationTest,
    "each": EachTest,
    "meets": MeetsTest,
    "all_of": AllTest,
    "any_of": AnyTest,
    "not": NotTest,
}


def kind_of(raw: Any) -> str | None:
    """Return which kind of predicate a YAML mapping (or a typed predicate) is, by its leading key."""
    if isinstance(raw, dict):
        return next((key for key in raw if key in KINDS), None)
    return next((key for key, kind in KINDS.items() if type(raw) is kind), None)


Predicate = Annotated[
    Annotated[FactTest, Tag("fact")]
    | Annotated[CountTest, Tag("count")]
    | Annotated[DistinctCountTest, Tag("count_distinct")]
    | Annotated[ShareTest, Tag("share")]
    | Annotated[RatioTest, Tag("ratio")]
    | Annotated[SumTest, Tag("sum")]
    | Annotated[SpanTest, Tag("span")]
    | Annotated[PresentTest, Tag("present")]
    | Annotated[AbsentTest, Tag("absent")]
    | Annotated[CompleteTest, Tag("complete")]
    | Annotated[OrderTest, Tag("order")]
    | Annotated[SameTest, Tag("same")]
    | Annotated[DistinctTest, Tag("distinct")]
    | Annotated[DisjointTest, Tag("disjoint")]
    | Annotated[CoversTest, Tag("covers")]
    | Annotated[GradedTest, Tag("graded")]
    | Annotated[MeanTest, Tag("mean")]
    | Annotated[WeightedTest, Tag("weighted")]
    | Annotated[RankedTest, Tag("ranked")]
    | Annotated[RotationTest, Tag("rotation")]
    | Annotated[EachTest, Tag("each")]
    | Annotated[MeetsTest, Tag("meets")]
    | Annotated[AllTest, Tag("all_of")]
    | Annotated[AnyTest, Tag("any_of")]
    | Annotated[NotTest, Tag("not")],
    Discriminator(
        kind_of,
        custom_error_type="predicate_kind",
        custom_error_message="不是已知的判断；可用：" + "、".join(KINDS),
    ),
]

for kind in KINDS.values():
    kind.model_rebuild()
