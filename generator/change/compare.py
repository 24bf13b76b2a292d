"""Compare two editions of the policy, or two guidelines, duty by duty: editions in, a report of classed changes out.

Callable without the command line; nothing is printed and no clock is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from generator.change.comparisons import Comparison, apply_verdict
from generator.change.editions import Edition
from generator.change.entail import Direction, excludes
from generator.change.heads import compare_heads
from generator.change.model import (
    CLASSES,
    OF_DIRECTION,
    QUIET,
    Basis,
    Change,
    Class,
    Detail,
    Report,
    Side,
    Touched,
    strongest,
)
from generator.change.nodes import Nodes, Reading, lay_out
from generator.change.oracle import Cases, Court, direction_by, load_cases, try_cases
from generator.change.records import Shelf, compare_records
from generator.change.renames import Pair, pair_records
from generator.change.rules import BINDING, Editions, compare_rules, judge_named
from generator.change.shared import compare_shared
from generator.change.touched import touched_by
from generator.policy.export import fill_in
from generator.policy.load import Guideline
from generator.policy.predicates import CompleteTest, MeetsTest
from generator.policy.records import Record, Route, Rule, Step
from generator.policy.scopes import tests_in
from generator.policy.wording import open_book

KIND_LABELS: Mapping[str, str] = {
    "materials": "材料清单",
    "contents": "文书内容",
    "forms": "表单",
    "sheets": "评分表",
    "committees": "委员会",
    "routing": "办理路径",
    "schedule": "时限",
}
PARTLY = "数据只检查其中一部分，条文其余的变化要人看"
R = TypeVar("R", bound=Record)
SAME_TESTS = "条文变了，判断条件没有变：若是要求变了，判断条件漏改了"
TOGETHER: Mapping[bool, Class] = {True: "新增义务", False: "删除"}


@dataclass(frozen=True)
class Bench:
    """One guideline in two editions, with all that is needed to judge it."""

    old_edition: Edition
    new_edition: Edition
    old: Guideline
    new: Guideline

    @property
    def crossing(self) -> bool:
        """Return whether two different guidelines are compared, whose clauses and words differ anyway."""
        return self.old_edition.renames.guidelines.get(self.old.id, self.old.id) != self.new.id and (
            self.new_edition.renames.guidelines.get(self.old.id, self.old.id) != self.new.id
        )

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the recorded new names of the old edition's rules."""
        recorded = self.new_edition.renames
        return {**recorded.rules, **self.settled.counterparts}

    @cached_property
    def settled(self) -> Comparison:
        """Return what was settled about the two guidelines; nothing for two editions of one."""
        if not self.crossing:
            return Comparison(because="同一份指引", old=self.old.id, new=self.new.id)
        return self.new_edition.settled.between(self.old.id, self.new.id)

    @cached_property
    def given(self) -> Nodes:
        """Return what holds for whomever the old guideline addressed."""
        return lay_out(self.settled.assuming, Reading({}, {}))

    def applying(self, records: Mapping[str, R]) -> dict[str, R]:
        """Return the old records that can bind those the comparison is about."""
        return {
            name: record
            for name, record in records.items()
            if not excludes(self.given, lay_out(getattr(record, "when", None) or [], Reading({}, {})))
        }

    @cached_property
    def editions(self) -> Editions:
        """Return what both editions of a rule are read with."""
        books = open_book(self.old_edition.policy, self.old), open_book(self.new_edition.policy, self.new)
        return Editions(*books, self.names, self.given)

    @cached_property
    def shelf(self) -> Shelf:
        """Return what both editions of another record are read with."""
        periods = [edition.policy.terms["retention"].terms for edition in (self.old_edition, self.new_edition)]
        return Shelf(self.editions.old, self.editions.new, periods[0], periods[1], self.names, self.given)

    @cached_property
    def courts(self) -> tuple[Court, Court]:
        """Return both editions, able to judge each other's cases."""
        old, new = self.old_edition, self.new_edition
        own: tuple[Cases, Cases] = load_cases(old.cases, self.old.id), load_cases(new.cases, self.new.id)
        return (
            Court(old.policy, self.old, old.calendar, own[0], self.settled.assuming),
            Court(new.policy, self.new, new.calendar, own[1], self.settled.assuming),
        )

    def touched(self, pair: Pair) -> Touched:
        """Return what hangs on a record in either edition."""
        both = ((pair.old_name, self.old, self.old_edition), (pair.new_name, self.new, self.new_edition))
        sides = [
            touched_by(name, guideline, edition.templates, edition.policy.duties)
            for name, guideline, edition in both
            if name
        ]
        parts = {
            name: list(dict.fromkeys(item for side in sides for item in getattr(side, name)))
            for name in Touched.model_fields
        }
        return Touched(**parts)


def compare_editions(old: Edition, new: Edition) -> Report:
    """Return the changes from one edition to another; where a guideline is meant, of that one only."""
    changes: list[Change] = []
    if old.only or new.only:
        changes += compare_named(old, new, str(old.only or new.only), str(new.only or old.only))
    else:
        changes += compare_shared(old.policy, new.policy)
        moved = {new.renames.guidelines.get(name, name): name for name in old.policy.guidelines}
        for name in sorted({*moved, *new.policy.guidelines}):
            changes += compare_named(old, new, moved.get(name, name), name)
    sides = [Side(name=edition.name, title=edition.title) for edition in (old, new)]
    return Report(old=sides[0], new=sides[1], changes=changes)


def compare_named(old: Edition, new: Edition, old_name: str, new_name: str) -> list[Change]:
    """Return the changes of one guideline; one that only one edition has is a single change."""
    before, after = old.policy.guidelines.get(old_name), new.policy.guidelines.get(new_name)
    if before and after:
        return compare_guidelines(Bench(old, new, before, after))
    found = after or before
    return [whole(found, added=after is not None)] if found else []


def whole(guideline: Guideline, *, added: bool) -> Change:
    """Return the change that a guideline came or went."""
    told = f"{guideline.head.title}（{len(guideline.rules)} 条规则）"
    class_ = TOGETHER[added]
    made = Detail(what="指引", old=None if added else told, new=told if added else None, class_=class_)
    return Change(
        guideline=guideline.id,
        name=guideline.id,
        title=guideline.head.title,
        topic="指引",
        class_=class_,
        basis="增删",
        details=[made],
    )


def compare_guidelines(bench: Bench) -> list[Change]:
    """Return the changes of one guideline: its head, its rules, its other records."""
    found = [] if bench.crossing else list(compare_heads(bench.old, bench.new))
    found += compare_all_rules(bench)
    gone = {change.old_name or change.name for change in found if change.class_ == "删除"}
    come = {change.name for change in found if change.class_ in ("新增义务", "放宽") and change.basis == "增删"}
    for kind in KIND_LABELS:
        old, new = bench.applying(bench.old.of_kind(kind, Record)), bench.new.of_kind(kind, Record)
        for pair in pair_records(old, new, names_of_kind(kind, bench.names), guess=not bench.crossing):
            found += compare_pair(bench, kind, pair, gone | come)
    judged = bench.settled.judged
    return [apply_verdict(one, judged) for one in found if not (bench.crossing and one.class_ == "仅引注")]


def names_of_kind(kind: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the new names of the records of one kind, without the kind."""
    cut = {old.partition("#"): new for old, new in names.items()}
    return {old: new.partition("#")[2] for (of, _mark, old), new in cut.items() if of == kind}


def compare_all_rules(bench: Bench) -> Iterator[Change]:
    """Yield the changed rules."""
    for pair in pair_records(bench.applying(bench.old.rules), bench.new.rules, bench.names, guess=not bench.crossing):
        old = bench.old.rules[pair.old_name] if pair.old_name else None
        new = bench.new.rules[pair.new_name] if pair.new_name else None
        if old and new:
            yield from compare_rule(bench, pair, old, new)
        elif new:
            yield alone(bench, pair, new, added=True)
        elif old:
            yield alone(bench, pair, old, added=False)


def compare_rule(bench: Bench, pair: Pair, old: Rule, new: Rule) -> Iterator[Change]:
    """Yield the change of a rule that both editions have, if anything but its place in the file differs."""
    guessed = {str(pair.old_name): str(pair.new_name)} if pair.guessed else {}
    editions = Editions(bench.editions.old, bench.editions.new, {**bench.names, **guessed}, bench.given)
    details, basis = compare_rules(old, new, editions)
    if bench.crossing:
        details = [part for part in details if part.class_ != "仅引注" and part.what != "我们的理解"]
    details += renamed(pair)
    if not details:
        return
    class_ = strongest(details)
    if class_ == "方向不明" and old.require and new.require and (old.force, old.duty_of) == (new.force, new.duty_of):
        direction = judge_named(old, new, editions.names, given=bench.given)
        class_ = OF_DIRECTION.get(direction, "仅措辞" if plain_only(details) else class_)
    change = describe(bench, pair, details, class_, basis)
    if any(part.what == "条文" for part in details) and old.require and new.require:
        note = PARTLY if "partly" in (old.checked, new.checked) else None if bench.crossing else SAME_TESTS
        change = change.model_copy(update={"note": note if class_ in QUIET or note == PARTLY else None})
    yield confirm(bench, pair, change) if old.require and new.require else change


def plain_only(details: Iterable[Detail]) -> bool:
    """Return whether all that differs is judged by predicates, so that their verdict is the whole one."""
    return all(part.what in ("适用条件", "要求") or part.class_ in ("仅措辞", "仅引注") for part in details)


def renamed(pair: Pair) -> list[Detail]:
    """Return the detail that a record has a new name."""
    if pair.old_name == pair.new_name or pair.old_name is None:
        return []
    return [Detail(what="更名", old=pair.old_name, new=pair.new_name, class_="仅措辞")]


def confirm(bench: Bench, pair: Pair, change: Change) -> Change:
    """Return the change with what the cases prove: they settle what the predicates leave open, or contradict them."""
    worse, better = try_cases(bench.courts[0], str(pair.old_name), bench.courts[1], str(pair.new_name))
    if not worse and not better:
        return change
    if any(draws_on_others(side.guideline.rules[str(name)]) for side, name in courts_and_names(bench, pair)):
        return change  # a case may turn on the other rule, whose change is reported by itself
    by_cases = direction_by(worse, better)
    told = [*(f"原来可以，现在不行：{name}" for name in worse), *(f"原来不行，现在可以：{name}" for name in better)]
    change = change.model_copy(update={"witnesses": told})
    proven: Class = OF_DIRECTION[by_cases]
    both = {"收紧", "放宽"} <= {part.class_ for part in change.details}
    if change.class_ == "方向不明" and by_cases is not Direction.UNKNOWN and not both:
        return change.model_copy(update={"class_": proven, "basis": "用例"})
    if change.class_ in ("收紧", "放宽", "仅措辞", "仅引注") and change.class_ != proven:
        return change.model_copy(update={"class_": "方向不明", "basis": "用例", "note": "判断条件与用例的结论不一致"})
    return change


def courts_and_names(bench: Bench, pair: Pair) -> tuple[tuple[Court, str | None], tuple[Court, str | None]]:
    """Return each edition with the rule's name in it."""
    return (bench.courts[0], pair.old_name), (bench.courts[1], pair.new_name)


def draws_on_others(rule: Rule) -> bool:
    """Return whether a rule's predicates draw on another rule, or on what a document must contain."""
    return any(isinstance(test, MeetsTest | CompleteTest) for test in tests_in(rule))


def alone(bench: Bench, pair: Pair, rule: Rule, *, added: bool) -> Change:
    """Return the change of a rule that only one edition has; a permission that comes only loosens."""
    class_ = TOGETHER[added]
    if added and rule.force not in BINDING:
        class_ = "放宽" if rule.force == "may" else "仅措辞"
    says = fill_in(rule.says, rule.values)
    made = Detail(what="条文", old=None if added else says, new=says if added else None, class_=class_)
    change = describe(bench, pair, [made], class_, "增删")
    retired = bench.new_edition.renames.retired.get(str(pair.old_name)) if not added else None
    unbound = None if rule.force in BINDING else "不是必须做到的要求"
    return change.model_copy(update={"note": retired or unbound})


def describe(bench: Bench, pair: Pair, details: list[Detail], class_: Class, basis: Basis) -> Change:
    """Return the change of a rule with its words, clauses and what it touches."""
    old = bench.old.rules[pair.old_name] if pair.old_name else None
    new = bench.new.rules[pair.new_name] if pair.new_name else None
    name = str(pair.new_name or pair.old_name)
    policy = bench.new_edition.policy if new else bench.old_edition.policy
    topic = policy.topics.get(name.partition("#")[0])
    rule = new or old
    return Change(
        guideline=bench.new.id,
        name=name,
        old_name=pair.old_name if pair.old_name != pair.new_name else None,
        guessed=pair.guessed,
        title=policy.duties.get(name, name),
        topic=topic.title if topic else name.partition("#")[0],
        class_=class_,
        basis=basis,
        force=policy.labels("force")[rule.force] if rule else None,
        details=details,
        old_says=fill_in(old.says, old.values) if old else None,
        new_says=fill_in(new.says, new.values) if new else None,
        old_at=old.at if old else [],
        new_at=new.at if new else [],
        touched=bench.touched(pair),
    )


def compare_pair(bench: Bench, kind: str, pair: Pair, known: set[str]) -> Iterator[Change]:
    """Yield the change of another record; a step that comes or goes with its rule (``known``) is part of that."""
    old = bench.old.records.get(kind, {}).get(str(pair.old_name)) if pair.old_name else None
    new = bench.new.records.get(kind, {}).get(str(pair.new_name)) if pair.new_name else None
    if old and new:
        details = [*compare_records(old, new, bench.shelf), *renamed(pair)]
        if bench.crossing:
            details = [stated_by_rules(bench, part, old, new) for part in details]
            details = [part for part in details if part.class_ != "仅引注" and part.what != "我们的理解"]
    else:
        record = new or old
        if record is None or (isinstance(record, Step) and record.rule in known):
            return
        class_: Class = TOGETHER[new is not None]
        if isinstance(record, Step):
            class_ = "仅措辞" if bench.crossing else "改期"  # between two guidelines the duty says what moved
        title = title_of(record)
        made = Detail(what="条目", old=title if old else None, new=title if new else None, class_=class_)
        details = [made]
    if details:
        yield describe_record(bench, kind, pair, details, (old, new))


def stated_by_rules(bench: Bench, part: Detail, old: Record, new: Record) -> Detail:
    """Return a remark that one guideline has and rules of its own state as wording: the rules are compared."""
    lone = part.what == "备注" and None in (part.old, part.new)
    guideline, record = (bench.old, old) if part.new is None else (bench.new, new)
    cited = {place for rule in guideline.rules.values() for place in rule.at}
    return part.model_copy(update={"class_": "仅措辞"}) if lone and cited & set(record.at) else part


def describe_record(
    bench: Bench, kind: str, pair: Pair, details: list[Detail], sides: tuple[Record | None, Record | None]
) -> Change:
    """Return the change of a record that is no rule."""
    old, new = sides
    record = new or old
    names = [f"{kind}#{name}" if name else None for name in (pair.old_name, pair.new_name)]
    named = Pair(names[0], names[1], pair.guessed)
    return Change(
        guideline=bench.new.id,
        name=str(named.new_name or named.old_name),
        old_name=named.old_name if named.old_name != named.new_name else None,
        guessed=pair.guessed,
        title=title_of(record) if record else "",
        topic=KIND_LABELS[kind],
        class_=strongest(details),
        basis="数据" if old and new else "增删",
        details=details,
        old_at=old.at if old else [],
        new_at=new.at if new else [],
        touched=bench.touched(named),
    )


def title_of(record: Record) -> str:
    """Return what a record is called."""
    return str(record.matter if isinstance(record, Route) else getattr(record, "title", getattr(record, "name", "")))


def fails_on(report: Report, classes: Iterable[str]) -> list[Change]:
    """Return the changes that are of one of the classes."""
    wanted = set(classes) & set(CLASSES)
    return [change for change in report.changes if change.class_ in wanted]
