"""The numbers of a guideline: exact quantities with their unit, ranges, days, words and tables of them.

In YAML a value is one short text: ``3 人``, ``1/3``, ``85~100 分``, ``2023-11-10``, ``Y``; a list of words;
or a table from a label to a quantity or range (``优: 85 分``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

NUMBER = r"-?\d+(?:\.\d+|/\d+)?"
QUANTITY = re.compile(rf"({NUMBER})(?:\s*(%)|\s+(\S+))?")
RANGE = re.compile(rf"({NUMBER})~({NUMBER})(?:\s*(%)|\s+(\S+))?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Quantity:
    """An exact number with its unit; ``80 %`` counts as 4/5 in comparisons."""

    number: Fraction
    unit: str = ""

    @property
    def amount(self) -> Fraction:
        """Return the number to compare with: a percentage as its fraction."""
        return self.number / 100 if self.unit == "%" else self.number

    def __str__(self) -> str:
        """Return the number as a sentence shows it, without the unit."""
        return f"{write_number(self.number)}{'%' if self.unit == '%' else ''}"

    def exported(self) -> str | int | float:
        """Return the number for JSON; a ratio stays an exact text such as ``1/3``."""
        return export_number(self.number)


@dataclass(frozen=True)
class Range:
    """A closed interval of exact numbers with their unit."""

    low: Fraction
    high: Fraction
    unit: str = ""

    def __str__(self) -> str:
        """Return ``85~100``."""
        return f"{write_number(self.low)}~{write_number(self.high)}"

    def exported(self) -> dict[str, str | int | float]:
        """Return both ends for JSON."""
        return {"low": export_number(self.low), "high": export_number(self.high)}


@dataclass(frozen=True)
class Day:
    """A calendar day that the source fixes."""

    day: date
    unit: str = ""

    def __str__(self) -> str:
        """Return ``2023年11月10日``."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"

    def exported(self) -> str:
        """Return the ISO date for JSON."""
        return self.day.isoformat()


@dataclass(frozen=True)
class Words:
    """One word or several that the source fixes, such as a certificate prefix."""

    words: tuple[str, ...]
    unit: str = ""

    def __str__(self) -> str:
        """Return the words joined as an enumeration."""
        return "、".join(self.words)

    def exported(self) -> str | list[str]:
        """Return the word, or the list of words, for JSON."""
        return self.words[0] if len(self.words) == 1 else list(self.words)


@dataclass(frozen=True)
class Table:
    """Labels with a quantity or range each, such as grades with their scores."""

    rows: tuple[tuple[str, Quantity | Range], ...]

    @property
    def unit(self) -> str:
        """Return the unit the rows share."""
        return self.rows[0][1].unit

    def find(self, label: str) -> Quantity | Range | None:
        """Return the row with this label, if any."""
        return dict(self.rows).get(label)

    def __str__(self) -> str:
        """Return ``优 85、良 75``."""
        return "、".join(f"{label} {value}" for label, value in self.rows)

    def exported(self) -> dict[str, Any]:
        """Return label → exported row for JSON."""
        return {label: value.exported() for label, value in self.rows}


Value = Quantity | Range | Day | Words | Table


def write_number(number: Fraction) -> str:
    """Return ``3``, ``84.5`` or ``1/3``: a number above one as a decimal where it is a finite one, else as a ratio."""
    if number.denominator == 1:
        return str(number.numerator)
    finite = not 1000 % number.denominator
    return str(float(number)) if finite and abs(number) > 1 else str(number)


def export_number(number: Fraction) -> str | int | float:
    """Return an int where the number is whole, else its exact text."""
    return number.numerator if number.denominator == 1 else write_number(number)


def parse_value(raw: object) -> object:
    """Return the typed value that a YAML scalar, list or mapping stands for.

    Raises ValueError (in Chinese) for a date that does not exist or a table row that is no number.
    """
    if isinstance(raw, Mapping):
        return Table(tuple((str(label), parse_amount(cell)) for label, cell in raw.items()))
    if isinstance(raw, list):
        return Words(tuple(str(word) for word in raw))
    text = str(raw)
    if DAY.fullmatch(text):
        return Day(parse_day(text))
    return parse_number(text) or Words((text,))


def parse_amount(raw: object) -> Quantity | Range:
    """Return a quantity or range; raise ValueError for anything else."""
    found = parse_number(str(raw))
    if found is None:
        raise ValueError(f"“{raw}”不是数量或区间，应写成“85 分”或“85~100 分”")
    return found


def parse_number(text: str) -> Quantity | Range | None:
    """Return the quantity or range written in ``text``, or None when it is words."""
    if match := RANGE.fullmatch(text):
        return Range(Fraction(match[1]), Fraction(match[2]), match[3] or match[4] or "")
    if match := QUANTITY.fullmatch(text):
        return Quantity(Fraction(match[1]), match[2] or match[3] or "")
    return None


def parse_day(text: str) -> date:
    """Return the date written as YYYY-MM-DD; raise ValueError in Chinese when there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"没有“{text}”这一天") from None


VALUE_SCHEMA = {
    "description": "数值带单位（3 人、1/3、85~100 分）、日期、文字、文字列表，或“名称: 数值”的表",
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
    ],
}
ValueField = Annotated[
    InstanceOf[Quantity] | InstanceOf[Range] | InstanceOf[Day] | InstanceOf[Words] | InstanceOf[Table],
    BeforeValidator(parse_value),
    WithJsonSchema(VALUE_SCHEMA),
]
