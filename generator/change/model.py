"""What a comparison says: changes by duty, each with its class, old and new values, clauses and what it touches."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from generator.change.entail import Direction
from generator.policy.predicates import Strict

Class = Literal["收紧", "新增义务", "放宽", "删除", "改期", "方向不明", "仅措辞", "仅引注"]
Basis = Literal["判断", "用例", "文字", "增删", "数据", "人工"]
CLASSES: Mapping[Class, str] = {
    "收紧": "以前符合的，现在可能不符合",
    "新增义务": "以前没有的要求",
    "放宽": "以前不符合的，现在可能符合",
    "删除": "以前的要求没有了",
    "改期": "日期、期限或它的起算变了",
    "方向不明": "有变化，但有严有宽，或判断不出是严是宽，需要人看",
    "仅措辞": "说法、检查方式或承载的文书变了，要求没有变",
    "仅引注": "只有出处变了",
}
BASES: Mapping[Basis, str] = {
    "判断": "由判断条件推得",
    "用例": "由两版互跑的边界用例推得",
    "文字": "由条文里界限的说法推得",
    "增删": "由条目的增减推得",
    "数据": "由数据比较得出",
    "人工": "由人读两边的文字判定",
}
QUIET: tuple[Class, ...] = ("仅措辞", "仅引注")
OF_DIRECTION: Mapping[Direction, Class] = {
    Direction.TIGHTER: "收紧",
    Direction.LOOSER: "放宽",
    Direction.UNKNOWN: "方向不明",
}


class Detail(Strict):
    """One thing that differs: what, the old and the new value (null where there is none), and its class."""

    what: str
    old: str | None = None
    new: str | None = None
    class_: Class = Field(alias="class")


class Touched(Strict):
    """What hangs on a changed record: documents, rules whose check draws on it, and steps of the schedule."""

    documents: list[str] = []
    rules: list[str] = Field([], description="主题#slug")
    checks: list[str] = Field([], description="同上，名称")
    steps: list[str] = []


def address_of(data: dict[str, Any]) -> str:
    """Return the address of a change, the same in every report on it: guideline, name, and the name it had before."""
    before = {None: "", data["name"]: "/gone"}.get(data["old_name"], f"/{data['old_name']}")
    return re.sub(r"[^a-z0-9]+", "-", f"{data['guideline']}/{data['name']}{before}")


class Change(Strict):
    """One changed duty or record."""

    guideline: str
    name: str = Field(description="主题#slug，或 种类#编号")
    old_name: str | None = Field(None, description="更名以前的名字")
    guessed: bool = Field(False, description="更名是由相似度推测的")
    title: str
    topic: str
    class_: Class = Field(alias="class")
    basis: Basis
    force: str | None = None
    details: list[Detail]
    old_says: str | None = None
    new_says: str | None = None
    old_at: list[str] = []
    new_at: list[str] = []
    touched: Touched = Touched()
    witnesses: list[str] = Field([], description="证明方向的用例")
    note: str | None = None
    id: str = Field(default_factory=address_of, description="同一处变化在各次报告中的地址")


class Side(Strict):
    """One of the two editions compared: how it was named, and the guideline's title where only one is compared."""

    name: str
    title: str | None = None


class Report(Strict):
    """The changes from one edition to another, by guideline, topic and duty."""

    old: Side
    new: Side
    changes: list[Change]

    def count(self) -> dict[Class, int]:
        """Return how many changes are in each class; every class is there."""
        return {name: sum(change.class_ == name for change in self.changes) for name in CLASSES}

    def of_class(self, name: Class) -> list[Change]:
        """Return the changes of one class."""
        return [change for change in self.changes if change.class_ == name]


def strongest(details: Iterable[Detail]) -> Class:
    """Return the class of several details together: what tightens and loosens at once has no one direction."""
    found = {detail.class_ for detail in details}
    loud = found - set(QUIET)
    if {"收紧", "放宽"} <= loud or "方向不明" in loud:
        return "方向不明"
    return next(name for name in CLASSES if name in (loud or found))
