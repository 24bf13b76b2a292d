"""Reference pages: the commands, what an institution can state, and what a check says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.change.model import CLASSES
from generator.check.rules import STATUS_LABELS
from generator.policy.records import Rule
from generator.policy.vocabulary import FIELD_TYPES, DataField, Entity
from generator.policy.wording import open_book, word_all
from generator.site.labels import word_checked
from generator.site.page import Page, facts, join, mark, section, table
from generator.site.shelf import Shelf

MEANINGS = {
    "fail": "违反了“应当”“不得”的规定，要改；退出状态为 1",
    "warn": "没有做到“原则上”的规定，说得出理由就可以",
    "unchecked": "数据不全，判断不了；写明缺哪一项",
    "by-hand": "数据回答不了，请人回答；写进 answers.yaml",
    "pass": "符合",
    "not-applicable": "条件不成立，写明哪个条件",
}
EXITS = {"0": "正常", "1": "有不符合的、写错的或指定类别的变化", "2": "用法不对，或数据读不了；什么也没有写出"}


@dataclass(frozen=True)
class Parameter:
    """An argument or option of a command: how it is written, and what it means."""

    name: str
    help: str


@dataclass(frozen=True)
class Command:
    """A command as its help tells it."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def pages(shelf: Shelf, commands: Sequence[Command]) -> Iterator[Page]:
    """Yield the reference pages."""
    yield tell_commands(commands)
    yield tell_fields(shelf)
    yield tell_findings(shelf)


def tell_commands(commands: Sequence[Command]) -> Page:
    """Return the page of the commands."""
    parts = []
    for command in commands:
        rows = [(f"`{parameter.name}`", mark(parameter.help)) for parameter in command.parameters]
        body = join(mark(command.help), table(["参数", "意思"], rows))
        parts.append(section(f"kaowu {command.name}", body, anchor=command.name.replace(" ", "-")))
    exits = section("退出状态", facts(EXITS.items()), anchor="exit")
    return Page("reference/commands.md", "命令", join(*parts, exits), boost=2)


def tell_fields(shelf: Shelf) -> Page:
    """Return the page of the data fields: all an institution can state, by entity."""
    note = "机构文件的键和表头用这些名字；别名也认。表头不同的，用 `columns:` 对应。"
    parts = [tell_entity(shelf, name, entity) for name, entity in shelf.policy.entities.items()]
    return Page("reference/fields.md", "数据字段", join(note, *parts), boost=2)


def tell_entity(shelf: Shelf, name: str, entity: Entity) -> str:
    """Return the fields of one entity, then what follows from them."""
    rows = [
        (mark(field.label), tell_type(shelf, field), mark("、".join(field.aliases)), mark(field.hint or ""), f"`{key}`")
        for key, field in entity.fields.items()
    ]
    derived = [
        (mark(one.label), "由其他项得出", "", mark(one.hint or ""), f"`{key}`") for key, one in entity.derived.items()
    ]
    sheets, more = "、".join(entity.sheets), "、".join(entity.additions)
    where = f"填在 `{entity.file}`" + (f" 的工作表 {mark(sheets)}" if sheets else "")
    where += f"，也可以在 `scores` 文件夹的工作表{mark(more)}里补填" if more else ""
    body = join(where, mark(entity.hint or ""), table(["字段", "类型", "别名", "说明", "编号"], [*rows, *derived]))
    return section(entity.label, body, anchor=name)


def tell_type(shelf: Shelf, field: DataField) -> str:
    """Return what may be written into a field."""
    told = FIELD_TYPES[field.type]
    if field.terms:
        told += f"：{mark('、'.join(shelf.policy.labels(field.terms).values()))}"
    if field.to:
        told += f"：{shelf.policy.entities[field.to].label}"
    unit = f"（{field.unit}）" if field.unit else ""
    return f"{told}{unit}{'，可多个' if field.many else ''}{'，必填' if field.required else ''}"


def tell_findings(shelf: Shelf) -> Page:
    """Return the page of what a check and a comparison say, with how many rules are checked in which way."""
    statuses = [(f"**{label}**", MEANINGS[status]) for status, label in STATUS_LABELS.items()]
    classes = [(f"**{name}**", meaning) for name, meaning in CLASSES.items()]
    ways = [count_ways(shelf, guideline.id) for guideline in shelf.guidelines]
    labels = list(shelf.policy.labels("checked").values())
    body = join(
        section("检查的结论", table(["结论", "意思"], statuses), anchor="statuses"),
        section("比较的类别", table(["类别", "意思"], classes), anchor="classes"),
        section("各份指引的规则怎样检查", table(["指引", "规则", *labels], ways), anchor="ways"),
        section("由其他项得出的事实", tell_derived(shelf), anchor="derived"),
    )
    return Page("reference/findings.md", "检查和比较的结论", body, boost=2)


def count_ways(shelf: Shelf, name: str) -> tuple[str, ...]:
    """Return how many rules of a guideline are checked in each way."""
    guideline = shelf.policy.guidelines[name]
    rules: list[Rule] = list(guideline.rules.values())
    told = [word_checked(shelf.policy, rule) for rule in rules]
    counts = [str(told.count(label)) for label in shelf.policy.labels("checked").values()]
    return (guideline.head.short, str(len(rules)), *counts)


def tell_derived(shelf: Shelf) -> str:
    """Return the facts that are tests of others, in words."""
    book = open_book(shelf.policy)
    rows = [
        (entity.label, mark(derived.label), mark(word_all(derived.holds, name, book)))
        for name, entity in shelf.policy.entities.items()
        for derived in entity.derived.values()
        if derived.holds
    ]
    return table(["属于", "事实", "什么时候为是"], rows)
