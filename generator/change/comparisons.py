"""What a person settled about two guidelines compared: whom the old one addressed, what matches, which way words go.

In: ``policy/comparisons/``, one file per pair. A verdict holds for the words it was given on: it names their mark, and
lapses when they change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pydantic import Field

from generator.change.model import CLASSES, Change, Class, Detail, Report
from generator.policy.load import read_folder
from generator.policy.predicates import Predicate, Strict
from generator.policy.records import Text
from generator.problems import KaowuError, Problem

FOLDER = "comparisons"
LAPSED = "人工判定所据的文字已经变了，要重新判定"
MIXED = "有严有宽，逐项见上"


class Judged(Strict):
    """A person's verdict on what the data cannot tell: the class, why, and the mark of the words it was given on."""

    class_: Class = Field(alias="class")
    because: Text
    mark: str


class Comparison(Strict):
    """What was settled about two guidelines: ``assuming`` always holds for whoever the old one addressed."""

    because: Text
    old: str
    new: str
    assuming: list[Predicate] = []
    counterparts: dict[str, str] = {}
    judged: dict[str, Judged] = {}


@dataclass(frozen=True)
class Settled:
    """All that was settled, by the ids of both guidelines."""

    pairs: Mapping[tuple[str, str], Comparison] = field(default_factory=dict)

    def between(self, old: str, new: str) -> Comparison:
        """Return what was settled about two guidelines; an empty one where nothing was."""
        return self.pairs.get((old, new)) or Comparison(because="没有", old=old, new=new)


def load_settled(root: Path) -> Settled:
    """Return what was settled under a policy's root; raise KaowuError with the faults of the files."""
    problems: list[Problem] = []
    read = read_folder(root / FOLDER, Comparison, root, problems)
    if problems:
        raise KaowuError(problems)
    return Settled({(one.old, one.new): one for one in read.values()})


def mark_of(change: Change) -> str:
    """Return the mark of the words a person judges: both texts of a rule, else what is open in a record."""
    told = [f"{part.what}\t{part.old}\t{part.new}" for part in change.details if part.class_ == "方向不明"]
    says = [change.old_says, change.new_says] if change.old_says and change.new_says else told
    return sha256("\n".join(map(str, says)).encode()).hexdigest()[:8]


def apply_verdict(change: Change, judged: Mapping[str, Judged]) -> Change:
    """Return a change that the data leaves open, or takes for wording, as a person judged it."""
    verdict = judged.get(change.name)
    if verdict and change.class_ in ("方向不明", "仅措辞"):
        if verdict.mark != mark_of(change):
            return change.model_copy(update={"note": LAPSED})
        details = [give(part, change, verdict.class_) for part in change.details]
        told = {"details": details, "class_": verdict.class_, "basis": "人工", "note": verdict.because}
        return change.model_copy(update=told)
    mixed = change.class_ == "方向不明" and "方向不明" not in {part.class_ for part in change.details}
    return change.model_copy(update={"note": change.note or MIXED}) if mixed else change


def give(part: Detail, change: Change, class_: Class) -> Detail:
    """Return a difference with a person's class, where it is open, or is the text of what passes for wording."""
    meant = part.class_ == "方向不明" or (change.class_ == "仅措辞" and part.what == "条文")
    return part.model_copy(update={"class_": class_}) if meant else part


def write_open(report: Report) -> str:
    """Return what a person has yet to judge, as the lines of ``judged`` to be filled in."""
    lines = ["judged:"]
    for change in report.changes:
        if change.class_ == "方向不明" and any(part.class_ == "方向不明" for part in change.details):
            says = "；".join(f"{part.what} {part.old} → {part.new}" for part in change.details)
            lines += [
                f"  # {change.title}：{says}",
                f"  {change.name}: {{class: , because: , mark: {mark_of(change)}}}",
            ]
    return "\n".join([*lines, f"  # 类别：{'、'.join(CLASSES)}", ""])
