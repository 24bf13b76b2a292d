"""What tables say of their rows together: a column, its sum, and its mean over those who filled it in."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from generator.document.values import is_missing

_CENTS = Decimal("0.01")


def add_up(rows: Iterable[Any], name: str) -> Decimal | str:
    """Return the sum of the numbers the rows state under a name; nothing where none does."""
    numbers = _numbers(rows, name)
    return _round(sum(numbers, Decimal(0))) if numbers else ""


def share_out(rows: Iterable[Any], name: str, by: str) -> Decimal | str:
    """Return the sum under a name divided by how many different ``by`` the rows have (points per judge)."""
    stated = [row for row in rows if not is_missing(getattr(row, name))]
    sharers = {id(getattr(row, by)) for row in stated}
    return _round(sum(_numbers(stated, name), Decimal(0)) / len(sharers)) if sharers else ""


def pick_out(rows: Iterable[Any], name: str) -> list[Any]:
    """Return what the rows state under a name."""
    return [value for row in rows if not is_missing(value := getattr(row, name))]


def _numbers(rows: Iterable[Any], name: str) -> list[Decimal]:
    return [Decimal(str(value)) for value in pick_out(rows, name)]


def _round(number: Decimal) -> Decimal:
    """Return the number to two places, half up, without idle zeros."""
    rounded = number.quantize(_CENTS, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()


FIGURES = {"各项": pick_out, "合计": add_up, "均分": share_out}
