"""What judges score: the items of a round's merit review in order, and doubts about the points given.

The enterprise's own items (``score_items``) go before the sheets of the guideline, and those before the sheets that a
guideline it supersedes left as a reference; a sheet that judges fill says which module of the review it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.check.rules import RuleScene, subjects
from generator.institution.missing import MISSING
from generator.institution.world import Thing, write_fact
from generator.policy.load import Guideline, Policy
from generator.policy.records import Sheet
from generator.policy.values import Quantity
from generator.problems import Problem, nearest

JUDGED = "judge_score"
OWN = "score_items"


@dataclass(frozen=True)
class Item:
    """One item that a judge gives points for, the most there are, and in how many bands (none: 0)."""

    module: str
    name: str
    most: Fraction | None = None
    bands: tuple[str, ...] = ()


def list_items(policy: Policy, guideline: Guideline, round_thing: Thing) -> list[Item]:
    """Return the items of a round's merit review, module by module."""
    modules = items_of_sheets(policy, guideline)
    for module, items in items_stated(round_thing).items():
        modules[module] = items
    return [item for items in modules.values() for item in items]


def items_stated(round_thing: Thing) -> dict[str, list[Item]]:
    """Return the items the enterprise lists itself, by module."""
    found: dict[str, list[Item]] = {}
    stated = round_thing.one(OWN)
    for row in stated if isinstance(stated, list) else []:
        most = row.facts.get("points")
        item = Item(str(row.facts["module"]), str(row.facts["name"]), most if isinstance(most, Fraction) else None)
        found.setdefault(item.module, []).append(item)
    return found


def items_of_sheets(policy: Policy, guideline: Guideline) -> dict[str, list[Item]]:
    """Return the items of the sheets that judges fill, by module: the guideline's own, else those left to refer to."""
    for source in (guideline, *(policy.guidelines[old.guideline] for old in guideline.head.supersedes)):
        sheets = [sheet for sheet in source.of_kind("sheets", Sheet).values() if sheet.module]
        if sheets:
            return {str(sheet.module): [*items_of(sheet)] for sheet in sheets}
    return {}


def items_of(sheet: Sheet) -> Iterator[Item]:
    """Yield the items of one sheet."""
    for module in sheet.modules:
        for item in module.items:
            most = item.points.number if isinstance(item.points, Quantity) else None
            bands = tuple(f"{band.points}{band.points.unit}" for band in item.bands)
            yield Item(str(sheet.module), item.name, most, bands if len(bands) > 1 else ())


def doubt_judges(root: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield what is doubtful about the points of judges: items nobody knows, too many points, what was left out."""
    rows = subjects(root.world, root, JUDGED)
    if not rows:
        return
    items = {item.name: item for item in list_items(scene.policy, scene.guideline, root)}
    for row in rows:
        yield from doubt_row(row, items)
    yield from doubt_strangers(root, rows)
    yield from doubt_gaps(rows, items)


def doubt_strangers(root: Thing, rows: Sequence[Thing]) -> Iterator[Problem]:
    """Yield, once each, the judges who have no vote in the committee."""
    voters = root.one("voters")
    seats = {voter.facts.get("staff") for voter in voters} if isinstance(voters, list) else set()
    first = {row.facts.get("judge"): row for row in reversed(rows)}
    for judge, row in first.items() if seats else ():
        if judge not in seats:
            what = f"{row.title}：评委不是有表决权的委员"
            yield Problem(row.locate("judge"), "doubtful-judge", what, "核对评委编号和“委员会”表")


def doubt_row(row: Thing, items: Mapping[str, Item]) -> Iterator[Problem]:
    """Yield what is doubtful about one row."""
    name, points = str(row.facts.get("item", "")), row.facts.get("points")
    if items and name not in items:
        what = f"{row.title}：评分表里没有“{name}”这一项，不会计入模块成绩"
        advice = nearest(name, items) or f"可写：{'、'.join(items)}"
        yield Problem(row.locate("item"), "doubtful-item", what, advice)
        return
    most = items[name].most if items else None
    if most is not None and isinstance(points, Fraction) and points > most:
        what = f"{row.title}：“{name}”得 {write_fact(points)} 分，超过配分 {write_fact(most)} 分"
        yield Problem(row.locate("points"), "doubtful-number", what, "核对评分表后更正")


def doubt_gaps(rows: list[Thing], items: Mapping[str, Item]) -> Iterator[Problem]:
    """Yield who was scored by a judge on some items and not on others."""
    given: dict[tuple[object, object], dict[str, Thing]] = {}
    for row in rows:
        if isinstance(row.facts.get("points"), Fraction):
            pair = (row.facts.get("candidate", MISSING), row.facts.get("judge", MISSING))
            given.setdefault(pair, {})[str(row.facts.get("item", ""))] = row
    for (candidate, judge), scored in given.items():
        left = [name for name in items if name not in scored]
        if left and isinstance(candidate, Thing) and isinstance(judge, Thing):
            what = f"评委“{judge}”给{candidate.title}打分不全，缺{'、'.join(left)}"
            place = next(iter(scored.values())).place
            yield Problem(place, "doubtful-gap", what, "对照评分表补填；平均分按已填的计算")
