"""Values as they print: cleaning of every datum, and the filters of the templates.

A missing fact is any object with ``__kaowu_missing__``; it is false, prints nothing and loops over nothing.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

_SPACE = "　"
_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\v\f\u2028\u2029]")
_DIGITS = "零一二三四五六七八九"
_MOST_ROWS = 10_000
_MOST_WIDTH = 1000
_MOST_DIGITS = 9
_UNITS = ("", "十", "百", "千")


class UnprintableError(ValueError):
    """A value that no document can hold; the message is Chinese and says which character or type."""


class EmptyRecord:
    """A record of which nothing is known: any attribute is empty again."""

    __kaowu_missing__ = True

    def __getattr__(self, name: str) -> "EmptyRecord":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> "EmptyRecord":
        return self

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __str__(self) -> str:
        return ""


EMPTY = EmptyRecord()


def is_missing(value: object) -> bool:
    """Return whether the value is a fact that was not stated."""
    return value is None or getattr(value, "__kaowu_missing__", False) is True


def clean_text(text: str) -> str:
    r"""Return the text with line ends as ``\n``; raise UnprintableError for what XML cannot hold."""
    if bad := _NOT_IN_XML.search(text):
        raise UnprintableError(f"含有无法写入文档的字符 U+{ord(bad[0]):04X}（第 {bad.start() + 1} 个字符）")
    return _LINE_END.sub("\n", text)


def print_value(value: object) -> str:
    """Return a datum as it prints; raise UnprintableError for what has no printed form."""
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, str | int | Decimal | Fraction):
        return clean_text(str(value))
    if type(value).__str__ is object.__str__ or isinstance(value, Iterable):
        raise UnprintableError(f"这里要一个值，得到的是一组内容（{type(value).__name__}）")
    return clean_text(str(value))


def format_date(value: object) -> str:
    """Return ``2026年1月5日`` without padding; a missing date gives room to write one."""
    if is_missing(value) or value == "":
        return f"{_SPACE * 3}年{_SPACE * 2}月{_SPACE * 2}日"
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else print_value(value)


def format_month_day(value: object) -> str:
    """Return ``1月5日``; a missing date gives room to write one."""
    if is_missing(value) or value == "":
        return f"{_SPACE * 2}月{_SPACE * 2}日"
    return f"{value.month}月{value.day}日" if isinstance(value, date) else print_value(value)


def spell_number(value: Any) -> str:
    """Return 0 to 9999 in Chinese numerals (12 → 十二, 105 → 一百零五); anything else as it prints."""
    if is_missing(value) or not isinstance(value, int) or not 0 <= value <= 9999:
        return print_value(value)
    digits = str(value)
    units = reversed(_UNITS[: len(digits)])
    parts = [_DIGITS[int(d)] + unit if d != "0" else "零" for d, unit in zip(digits, units, strict=True)]
    spelt = re.sub("零+", "零", "".join(parts)).rstrip("零") or "零"
    return re.sub("^一十", "十", spelt)


def number_item(value: Any, level: int = 1) -> str:
    """Return the number of a clause by level: 一、 （一） 1. （1）."""
    form = ("{spelt}、", "（{spelt}）", "{plain}.", "（{plain}）")[level - 1]
    return form.format(spelt=spell_number(value), plain=print_value(value))


def join_names(values: Iterable[object]) -> str:
    """Return the stated values joined by 、."""
    return "、".join(text for value in values if (text := print_value(value)))


def pad_rows(values: Iterable[Any], least: object) -> list[Any]:
    """Return the values, filled up with empty records to at least ``least`` (a guideline's number prints as text)."""
    rows = list(values)
    number = print_value(least)
    wanted = bounded(int(number[:_MOST_DIGITS]), _MOST_ROWS) if number.isdecimal() else 0
    return rows + [EMPTY] * (wanted - len(rows))


def bounded(number: int, most: int) -> int:
    """Return a number of rows or characters that a template asks for; raise UnprintableError for one beyond reason."""
    if number > most:
        raise UnprintableError(f"要补足到 {number}，超过 {most}")
    return number


def split_lines(value: object, least: int = 1) -> list[str]:
    """Return the lines of a text, at least ``least`` of them."""
    lines = print_value(value).split("\n")
    return lines + [""] * (bounded(least, _MOST_ROWS) - len(lines))


def fill_blank(value: object, width: int = 4) -> str:
    """Return the value set in a blank ``width`` characters wide, with full-width spaces around it.

    It ends in a no-break space: Word and LibreOffice let other spaces at a line's end hang out, line and all.
    """
    text = print_value(value)
    room = int(bounded(width, _MOST_WIDTH) - sum(0.5 if ord(char) < 0x2E80 else 1 for char in text))
    return f"{_SPACE * (room // 2)}{text}{_SPACE * (room - room // 2)}\u00a0" if room > 0 else text


def ask_for(value: object, what: str = "") -> str:
    """Return the value as it prints; where it was not stated, room to write it in and what is needed."""
    return print_value(value) or f"{'＿' * 6}（{what}）"


FILTERS = {
    "pad": pad_rows,
    "日期": format_date,
    "月日": format_month_day,
    "中文数字": spell_number,
    "序号": number_item,
    "待填": ask_for,
    "顿号": join_names,
    "空白": fill_blank,
    "分行": split_lines,
}
