"""What documents can speak of: the facts of one round and the guideline's words, under Chinese names.

``单位 备案 批次`` and the thing a document is about (``考生``, ``场次`` …) are things of the dictionary. ``指引 规定
内容 材料 日程 表单 评分表 委员会`` come from the guideline; its numbers are asked as ``规定.panel_size.members``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.check.rules import RuleScene, connect, say
from generator.institution.missing import MISSING
from generator.institution.world import Thing, World
from generator.pack.materials import Row, close_up
from generator.policy.load import Guideline, Policy
from generator.policy.records import Committee, Content, Form, Rule, Sheet
from generator.policy.values import Table, Value
from generator.problems import nearest
from generator.schedule import DatedStep

Context = dict[str, Any]
RANGE, PRINTED_RANGE = "~", "～"


@dataclass(frozen=True)
class Book:
    """Records under names; a name that is registered but absent here is missing, an unknown one is refused."""

    what: str
    entries: Mapping[str, Any]
    registered: frozenset[str] = frozenset()

    def known_names(self) -> set[str]:
        """Return every name that may be asked for."""
        return {*self.entries, *self.registered}

    def __getattr__(self, name: str) -> Any:
        """Return the record; raise AttributeError with the nearest name for an unknown one."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.entries:
            return self.entries[name]
        if name in self.registered:
            return MISSING
        raise AttributeError(f"{self.what}没有“{name}”。{nearest(name, self.known_names())}")


def name_of(slug: str) -> str:
    """Return a slug or id as a name templates can write: ``pass-mark.theory`` → ``pass_mark_theory``."""
    return slug.replace("-", "_").replace(".", "_")


def describe_guideline(policy: Policy, guideline: Guideline) -> Context:
    """Return the guideline's own names: ``指引 规定 内容 表单 评分表 委员会``."""
    head = guideline.head
    registered = frozenset(name_of(duty.partition("#")[2]) for duty in policy.duties)
    rules = {name_of(name.partition("#")[2]): tell_rule(policy, name, rule) for name, rule in guideline.rules.items()}
    return {
        "指引": {
            "题名": head.title,
            "简称": head.short,
            "省份": head.province,
            "文号": head.number or MISSING,
            "编号": guideline.id,
            "发布": head.issued or MISSING,
            "机构类型": tuple(policy.labels("institution-kind").get(kind, kind) for kind in head.kinds),
        },
        "规定": Book("规定", rules, registered),
        "内容": tell_all(policy, guideline, Kind("内容", "contents", Content, tell_content)),
        "表单": tell_all(policy, guideline, Kind("表单", "forms", Form, tell_form)),
        "评分表": tell_all(policy, guideline, SHEETS),
        "参考评分表": tell_reference_sheets(policy, guideline),
        "委员会": tell_all(policy, guideline, Kind("委员会", "committees", Committee, tell_committee)),
    }


@dataclass(frozen=True)
class Kind:
    """A kind of record: its Chinese name, its file, its model, and how one is told."""

    label: str
    file: str
    model: Any
    tell: Callable[[Any], Context]


def tell_reference_sheets(policy: Policy, guideline: Guideline) -> Book:
    """Return the sheets of the guidelines that this one superseded, which it may have left as a reference."""
    earlier = [policy.guidelines[old.guideline] for old in guideline.head.supersedes]
    told = {name: sheet for other in earlier for name, sheet in tell_all(policy, other, SHEETS).entries.items()}
    return Book("参考评分表", told, tell_all(policy, guideline, SHEETS).registered)


def tell_all(policy: Policy, guideline: Guideline, kind: Kind) -> Book:
    """Return a guideline's records of one kind; what only other guidelines have is missing."""
    told = {name_of(name): kind.tell(record) for name, record in guideline.of_kind(kind.file, kind.model).items()}
    return Book(kind.label, told, frozenset(map(name_of, policy.record_names[kind.file])))


def tell_rule(policy: Policy, name: str, rule: Rule) -> Book:
    """Return a rule as documents speak of it: its title, words, clause, and values by name."""
    words = close_up(say(rule)).replace(RANGE, PRINTED_RANGE)
    told = {"标题": policy.duties.get(name, name), "要求": words, "出处": "、".join(rule.at)}
    return Book(f"规定“{name}”", {**told, **{key: tell_value(value) for key, value in rule.values.items()}})


def tell_value(value: Value) -> Any:
    """Return a value as documents print it; a table as rows of ``名称`` and ``数值``."""
    if isinstance(value, Table):
        return [{"名称": label, "数值": word_value(cell)} for label, cell in value.rows]
    return word_value(value)


def tell_content(content: Content) -> Context:
    """Return what a document must contain."""
    return {"标题": content.title, "各项": [{"名称": item.name, "出处": "、".join(item.at)} for item in content.items]}


def tell_form(form: Form) -> Context:
    """Return a form's title and labels."""
    fields = [{"标签": field.label, "说明": field.note or "", "组": field.group or ""} for field in form.fields]
    return {"标题": form.title, "栏目": fields, "注": form.note or "", "出处": "、".join(form.at)}


def tell_sheet(sheet: Sheet) -> Context:
    """Return a sheet's modules with their items and bands."""
    modules = [
        {
            "名称": module.name,
            "分值": points(module.points),
            "注": module.note or "",
            "细项": [item.name for item in module.items],
            "项目": [
                {
                    "名称": item.name,
                    "分值": points(item.points),
                    "要求": close_up(item.says or ""),
                    "注": item.note or "",
                    "档": [{"分值": points(band.points), "说明": close_up(band.says)} for band in item.bands],
                    "细目": [part.says for part in item.parts],
                }
                for item in module.items
            ],
        }
        for module in sheet.modules
    ]
    head = {"标题": sheet.title, "分值": points(sheet.points), "注": sheet.note or "", "出处": "、".join(sheet.at)}
    items = [item.name for module in sheet.modules for item in module.items]
    return {**head, "表头": list(sheet.columns), "模块": modules, "细项": items}


def points(value: Value | None) -> str:
    """Return points with their unit, or nothing."""
    return f"{word_value(value)}{value.unit}" if value is not None else ""


def word_value(value: Value) -> str:
    """Return a value as official documents print it: a range with the sign that is as wide as a character."""
    return str(value).replace(RANGE, PRINTED_RANGE)


SHEETS = Kind("评分表", "sheets", Sheet, tell_sheet)


def tell_committee(committee: Committee) -> Context:
    """Return a committee's seats."""
    seats = [
        {
            "职务": seat.role,
            "人选": seat.holder or "",
            "资格": close_up(seat.qualification or ""),
            "人数": f"不少于{points(seat.at_least)}" if seat.at_least else points(seat.exactly),
            "说明": seat.supplied_by or "",
        }
        for seat in committee.seats
    ]
    return {"标题": committee.title, "席位": seats, "出处": "、".join(committee.at)}


def tell_rows(rows: Iterable[Row]) -> list[Context]:
    """Return the rows of the list of materials as the retention checklist speaks of them."""
    return [
        {
            "序号": row.no if row.no is not None else "",
            "增设": row.added,
            "名称": row.name,
            "备注": row.remark,
            "出处": "、".join(row.at),
            "适用": row.applies is not False,
            "不适用原因": row.because,
            "说明": row.supplied_by,
            "保存": [
                {
                    "介质": keeping.medium,
                    "期限": keeping.period,
                    "起算": keeping.starts_with,
                    "起算日": keeping.starts or MISSING,
                    "可销毁日": keeping.destroy_from or MISSING,
                    "永久": keeping.for_ever,
                }
                for keeping in row.keeping
            ],
        }
        for row in rows
    ]


def tell_periods(policy: Policy, rows: Iterable[Row]) -> list[Context]:
    """Return the periods of keeping, longest first, each with the names of the rows of the list kept so long."""
    kept: dict[str, list[str]] = {term.label: [] for term in policy.terms["retention"].terms.values()}
    for row in rows:
        if row.applies is not False:
            for keeping in row.keeping:
                kept[keeping.period].append(row.name + (f"（{keeping.medium}）" if len(row.keeping) > 1 else ""))
    return [{"期限": period, "材料": names} for period, names in kept.items() if names]


def tell_steps(policy: Policy, steps: Iterable[DatedStep]) -> list[Context]:
    """Return the dated steps as documents speak of them."""
    actors = policy.labels("duty-of")
    return [
        {
            "事项": step.title,
            "责任": actors.get(step.actor, step.actor),
            "日期": step.due or MISSING,
            "最早": step.bound == "earliest",
            "依据": close_up(step.distance),
            "出处": "、".join(step.at),
            "暂定": step.provisional,
            "还需": step.needs,
            "办理日期": step.done or MISSING,
            "逾期": bool(step.late),
        }
        for step in steps
    ]


def facts_for(thing: Thing) -> Context:
    """Return the things a document about ``thing`` speaks of: itself, those above it and the single ones beside."""
    world = thing.world
    names = world.dictionary.above(thing.entity)
    return {world.entities[name].label: world.ascend(thing, name) for name in names}


def empty_thing(world: World, scene: RuleScene, entity: str) -> Thing:
    """Return a thing of which nothing is stated, in a world of its own, for the blank face of a document."""
    blank = World(world.dictionary, world.labels)
    connect(blank, scene)
    above: Thing | None = None
    for name in reversed(list(chain(world, entity))):
        above = blank.add(Thing(blank, name, above))
    assert above is not None
    blank.stated.clear()
    return above


def chain(world: World, entity: str) -> Iterable[str]:
    """Yield an entity and those above it."""
    name: str | None = entity
    while name is not None:
        yield name
        name = world.entities[name].parent
