"""Build a world from nested plain data, as cases state it: facts, references by key or in place, collections.

The same typing serves every source of data: :func:`parse_fact` turns what was written into what a field holds.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from generator.identity import mask_ids_in
from generator.institution.missing import MISSING
from generator.institution.world import Thing, World
from generator.policy.vocabulary import DataField, Vocabulary

TRUE = {"是", "true", "有", "√", "对", "已", "Y", "y", "1"}
FALSE = {"否", "false", "无", "×", "没有", "未", "N", "n", "0"}
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
TIME = re.compile(r"(\d{1,2})[:：时](\d{2})分?")
SEPARATOR = re.compile(r"[、，,；;\n]")
STRONG_SEPARATOR = re.compile(r"[；;\n]")
NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15}|/\d{1,15})?(e-?\d{1,2})?")
YEARLESS = re.compile(r"\d{1,2}[-/.月]\d{1,2}日?")
DAYLESS = re.compile(r"\d{4}[-/.年]\d{1,2}月?")
EPOCH = date(1899, 12, 30)  # day 0 of Excel
SERIALS = range(20_000, 80_000)  # 1954 to 2119
PERCENT = "%"
LONGEST_QUOTE = 40
LIKE_AN_ID = re.compile(r"\d(?:[\s-]{0,3}\d){13,}[\s-]{0,3}[XxＸｘ]?")  # one digit short, or spaced, is still one


def parse_fact(raw: object, field: DataField, terms: Mapping[str, Vocabulary]) -> object:
    """Return the typed fact that ``raw`` stands for (references stay text); MISSING for nothing.

    Raises ValueError, in Chinese, when it cannot be read as the field's type.
    """
    if raw is None or (isinstance(raw, str | list) and not raw):
        return MISSING
    if field.many:
        parts = raw if isinstance(raw, list) else split_values(str(raw), sentences=field.type == "text")
        return tuple(parse_one(part, field, terms) for part in parts if str(part).strip())
    return parse_one(raw, field, terms)


def split_values(text: str, *, sentences: bool) -> list[str]:
    """Return the several values written in one text; between sentences, a semicolon or a new line beats a comma."""
    strong = sentences and STRONG_SEPARATOR.search(text)
    return (STRONG_SEPARATOR if strong else SEPARATOR).split(text)


def parse_one(raw: object, field: DataField, terms: Mapping[str, Vocabulary]) -> object:
    """Return one typed value of a field."""
    if isinstance(raw, list | dict):
        raise ValueError("应是一个值")  # noqa: TRY004  (a fault of data, not of types)
    if field.type == "date":
        return parse_date(raw)
    if field.type == "number":
        return parse_number(raw, field.unit or "")
    if field.type == "yes-no":
        return parse_yes_no(raw)
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
    if field.type == "time":
        return parse_time(text)
    if field.type == "term":
        return parse_term(text, terms[str(field.terms)])
    return text


def parse_date(raw: object) -> date:
    """Return the date; text may use -, /, . or 年月日."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    match = DATE.fullmatch(text)
    if not match:
        raise ValueError(f"不是日期{guess_date(text)}")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError("没有这一天") from None


def guess_date(text: str) -> str:
    """Return, in brackets, what a text that is no date may have meant; an empty text where nobody knows."""
    if YEARLESS.fullmatch(text):
        return "（缺年份）"
    if DAYLESS.fullmatch(text):
        return "（缺哪一日）"
    if text.isdigit() and len(text) == len("20261120"):
        return f"（是否想写 {text[:4]}-{text[4:6]}-{text[6:]}？）"
    if text.isdigit() and int(text) in SERIALS:
        return f"（Excel 的日期序号 {text} 是 {EPOCH + timedelta(days=int(text))}）"
    return ""


def parse_number(raw: object, unit: str = "") -> Fraction:
    """Return the exact number; its unit may be written after it. A percentage is the number before its sign."""
    written = unicodedata.normalize("NFKC", str(raw)).strip()
    text = written.removesuffix(unicodedata.normalize("NFKC", unit)).strip()
    try:
        if isinstance(raw, bool) or not NUMBER.fullmatch(text):
            raise ValueError
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError("不是数字") from None
    if unit == PERCENT and text == written and 0 < number <= 1:
        raise ValueError(f"像是小数：百分之几写 {float(number * 100):g} 或 {float(number * 100):g}%")
    return number


def quote(raw: object) -> str:
    """Return what was written as a message may show it: one short line without ID numbers."""
    text = "、".join(map(str, raw)) if isinstance(raw, list | dict) else str(raw)
    text = hide_ids(" ".join(text.split()))
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def mask(text: str) -> str:
    """Return the text with ID numbers masked, so that they can be told apart, and broken ones hidden."""
    return hide_ids(mask_ids_in(text))


def hide_ids(text: str) -> str:
    """Return the text with the digits of whatever may be an ID number, also a broken one, starred."""
    return LIKE_AN_ID.sub(lambda found: re.sub(r"\w", "*", found[0]), text)


def parse_yes_no(raw: object) -> bool:
    """Return whether it says yes."""
    text = str(raw).strip()
    if isinstance(raw, bool) or text in TRUE | FALSE:
        return raw if isinstance(raw, bool) else text in TRUE
    raise ValueError("不是“是”或“否”")


def parse_time(text: str) -> str:
    """Return the time of day as HH:MM."""
    match = TIME.match(unicodedata.normalize("NFKC", text))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError("不是时间")
    return f"{int(match[1]):02d}:{match[2]}"


def parse_term(text: str, vocabulary: Vocabulary) -> str:
    """Return the id of the term; raise ValueError when it is none of the vocabulary's."""
    found = vocabulary.find(text)
    if found is None:
        raise ValueError(f"不在“{vocabulary.title}”之内")
    return found


def place_given(world: World, entity: str, given: Mapping[str, Any], terms: Mapping[str, Vocabulary]) -> Thing:
    """Return the thing of ``entity`` that nested data describes, with all it mentions put into the world.

    Keys are the thing's facts and derived facts, its collections (lists), and the names of the entities above it.
    Raises KeyError for a name the dictionary lacks.
    """
    above = chain_above(world, entity, given, terms)
    thing = world.add(Thing(world, entity, above.get(world.entities[entity].parent or "")))
    for beside in above.values():
        if world.entities[beside.entity].parent == entity:
            beside.parent = thing
    fill(thing, {name: value for name, value in given.items() if name not in above}, terms)
    return thing


def chain_above(
    world: World, entity: str, given: Mapping[str, Any], terms: Mapping[str, Vocabulary]
) -> dict[str, Thing]:
    """Return the things above (always) and the single ones beside them (where given), filled with what is given."""
    above: dict[str, Thing] = {}
    for name in sorted(world.dictionary.above(entity), key=lambda other: len(world.dictionary.above(other))):
        single = world.entities[name].collection is None and world.entities[name].parent is not None
        if name != entity and (not single or name in given):
            above[name] = world.add(Thing(world, name, above.get(world.entities[name].parent or "")))
    for name, thing in above.items():
        fill(thing, given.get(name) or {}, terms)
    return above


def fill(thing: Thing, given: Mapping[str, Any], terms: Mapping[str, Vocabulary]) -> None:
    """Put what is given into a thing: facts, derived facts stated outright, and its collections."""
    for name, raw in given.items():
        if field := thing.kind.fields.get(name):
            thing.facts[name] = link(thing, raw, field, terms) if field.to else parse_fact(raw, field, terms)
        elif name in thing.kind.derived:
            thing.facts[name] = parse_stated(raw)
        else:
            add_rows(thing, name, raw, terms)


def parse_stated(raw: Any) -> object:
    """Return a derived fact that a case states outright: a date, yes or no, or a number."""
    if isinstance(raw, bool):
        return raw
    return parse_date(raw) if DATE.fullmatch(str(raw)) else parse_number(raw)


def add_rows(thing: Thing, collection: str, rows: Any, terms: Mapping[str, Vocabulary]) -> None:
    """Add the rows of a collection, each belonging or referring to the thing."""
    world = thing.world
    entity = world.dictionary.find_collection(thing.entity, collection)
    if entity is None:
        raise KeyError(f"{thing.entity} 没有“{collection}”")
    world.stated.add(entity)
    kind = world.entities[entity]
    refers = next((name for name, field in kind.fields.items() if field.to == thing.entity), None)
    for row in rows:
        parent = thing if kind.parent == thing.entity else above_of(thing, kind.parent)
        made = world.add(Thing(world, entity, parent))
        if refers and kind.parent != thing.entity and refers not in row:
            made.facts[refers] = (thing,) if kind.fields[refers].many else thing
        fill(made, row, terms)


def above_of(thing: Thing, entity: str | None) -> Thing | None:
    """Return the thing above of an entity, if there is one."""
    found = thing.world.ascend(thing, entity) if entity else MISSING
    return found if isinstance(found, Thing) else None


def link(thing: Thing, raw: Any, field: DataField, terms: Mapping[str, Vocabulary]) -> object:
    """Return the thing(s) a reference names by key, or describes in place; made when not there yet."""
    parts = raw if isinstance(raw, list) else [raw]
    found = tuple(refer(thing, part, str(field.to), terms) for part in parts if part is not None)
    if field.many:
        return found or MISSING
    return found[0] if found else MISSING


def refer(thing: Thing, raw: Any, entity: str, terms: Mapping[str, Vocabulary]) -> Thing:
    """Return the thing with this key, or the one described in place."""
    world = thing.world
    kind = world.entities[entity]
    described = raw if isinstance(raw, Mapping) else {str(kind.key): raw}
    key = str(described.get(str(kind.key), ""))
    found = world.find(entity, key, thing) if key else None
    if found is None:
        found = world.add(Thing(world, entity, above_of(thing, kind.parent)))
    fill(found, described, terms)
    return found
