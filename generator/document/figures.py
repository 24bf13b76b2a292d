"""What tables say of their rows together: a column, its sum, and its mean over those who filled it in."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import Any

from jinja2 import Environment, pass_environment

from generator.document.values import is_missing

_CENTS = Decimal("0.01")


@pass_environment
def pick_out(environment: Environment, rows: Iterable[Any], name: str) -> list[Any]:
    """Return what the rows state under a name; the environment says which names a template may ask for."""
    return [value for row in rows if not is_missing(value := environment.getattr(row, name))]


@pass_environment
def add_up(environment: Environment, rows: Iterable[Any], name: str) -> Decimal | str:
    """Return the sum of the numbers the rows state under a name; nothing where none does."""
    numbers = pick_out(environment, rows, name)
    return _round(_total(numbers)) if numbers else ""


@pass_environment
def share_out(environment: Environment, rows: Iterable[Any], name: str, by: str) -> Decimal | str:
    """Return the sum under a name divided by how many different ``by`` the rows have (points per judge)."""
    stated = [row for row in rows if not is_missing(environment.getattr(row, name))]
    sharers = {id(environment.getattr(row, by)) for row in stated}
    return _round(_total(pick_out(environment, stated, name)) / len(sharers)) if sharers else ""


@pass_environment
def put_in_order(environment: Environment, rows: Iterable[Any], name: str) -> list[Any]:
    """Return the rows by the number they state under a name, the lowest first; those without it come last."""
    placed = [(environment.getattr(row, name), row) for row in rows]
    stated = [(Decimal(str(value)), row) for value, row in placed if not is_missing(value)]
    ordered = [row for _value, row in sorted(stated, key=itemgetter(0))]
    return [*ordered, *(row for value, row in placed if is_missing(value))]


def _total(numbers: Iterable[Any]) -> Decimal:
    return sum((Decimal(str(number)) for number in numbers), Decimal(0))


def _round(number: Decimal) -> Decimal:
    """Return the number to two places, half up, without idle zeros."""
    rounded = number.quantize(_CENTS, ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()


FIGURES = {"各项": pick_out, "合计": add_up, "均分": share_out, "升序": put_in_order}
