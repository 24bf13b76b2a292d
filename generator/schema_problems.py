"""Wording of schema faults: a pydantic error and the data it is about in, problems in Chinese out.

No value of a field is ever quoted, only keys, known names and places: values may be personal data.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypeAliasType

from generator.problems import Place, Problem, nearest

KeyPath = tuple[str | int, ...]


class Located(Protocol):
    """Plain data that knows the place of each value and key."""

    @property
    def data(self) -> Any:
        """Return the data that was validated."""

    def place(self, path: KeyPath = ()) -> Place:
        """Return the place of the value."""

    def key_place(self, path: KeyPath) -> Place:
        """Return the place of the key."""


_WRITE_DATE = "写成 2026-11-20 这样，且要真有这一天"
# Error type: what kind of value was expected, and how to write it. Several at one place are joined by 或.
_KINDS = {
    "string_type": ("文字", "数字、true、false 当文字用时加引号"),
    "int_type": ("整数", "只写数字，不加引号、单位和小数"),
    "int_parsing": ("整数", "只写数字，不加引号、单位和小数"),
    "int_from_float": ("整数", "去掉小数"),
    "float_type": ("数", "只写数字"),
    "float_parsing": ("数", "只写数字"),
    "decimal_type": ("数", "只写数字"),
    "decimal_parsing": ("数", "只写数字"),
    "bool_type": ("true 或 false", ""),
    "bool_parsing": ("true 或 false", ""),
    "date_type": ("日期", _WRITE_DATE),
    "date_parsing": ("日期", _WRITE_DATE),
    "date_from_datetime_parsing": ("日期", _WRITE_DATE),
    "date_from_datetime_inexact": ("日期", _WRITE_DATE),
    "time_type": ("时刻", "写成 09:30 这样"),
    "time_parsing": ("时刻", "写成 09:30 这样"),
    "datetime_type": ("日期和时刻", "写成 2026-11-20 09:30 这样"),
    "datetime_parsing": ("日期和时刻", "写成 2026-11-20 09:30 这样"),
    "datetime_from_date_parsing": ("日期和时刻", "写成 2026-11-20 09:30 这样"),
    "list_type": ("列表", "每项一行，以“- ”开头"),
    "tuple_type": ("列表", "每项一行，以“- ”开头"),
    "set_type": ("列表", "每项一行，以“- ”开头"),
    "frozen_set_type": ("列表", "每项一行，以“- ”开头"),
    "dict_type": ("一组“键: 值”", "冒号用半角，后面空一格"),
    "mapping_type": ("一组“键: 值”", "冒号用半角，后面空一格"),
    "model_type": ("一组“键: 值”", "冒号用半角，后面空一格"),
    "model_attributes_type": ("一组“键: 值”", "冒号用半角，后面空一格"),
    "dataclass_type": ("一组“键: 值”", "冒号用半角，后面空一格"),
    "none_required": ("空", "删去这个值"),
}
# Error type: words for a bound; the braces take pydantic's context.
_BOUNDS = {
    "too_short": "至少要有 {min_length} 项，现有 {actual_length} 项",
    "too_long": "至多 {max_length} 项，现有 {actual_length} 项",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "string_pattern_mismatch": "写法不合规定格式 {pattern}",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "multiple_of": "应是 {multiple_of} 的倍数",
    "finite_number": "应是有限的数",
}


def problems_from(error: ValidationError, document: Located, *, code: str, model: Any = None) -> list[Problem]:
    """Return the faults of a validation as problems, coded ``code-missing``, ``code-type`` and so on.

    ``model`` is what was validated against, a model or an annotation such as ``dict[str, Model]``; with it an
    unknown key is told the nearest known one.
    """
    grouped: dict[KeyPath, list[ErrorDetails]] = {}
    problems = []
    for details in error.errors(include_input=False, include_url=False):
        if details["type"] in _KINDS:
            grouped.setdefault(map_loc(document.data, details["loc"]), []).append(details)
        else:
            problems.append(_problem(details, document, code, model))
    problems += [_kind_problem(path, errors, document, code) for path, errors in grouped.items()]
    return sorted(problems)


def map_loc(data: Any, loc: Sequence[str | int]) -> KeyPath:
    """Return the longest path into ``data`` that reads along ``loc``, passing over elements not in the data.

    Pydantic puts the tags of unions into ``loc``. A tag may look like a key; a path that ends in the last
    element of ``loc`` therefore beats a longer one that does not.
    """
    return _best_path(data, tuple(loc))[1]


def _best_path(data: Any, loc: KeyPath) -> tuple[tuple[bool, int], KeyPath]:
    """Return the rank and the path of the best reading of ``loc``."""
    if not loc:
        return (False, 0), ()
    best = _best_path(data, loc[1:])
    if _holds(data, loc[0]):
        (reaches_last, length), rest = _best_path(data[loc[0]], loc[1:])
        rank = (reaches_last or len(loc) == 1, length + 1)
        best = max(best, (rank, (loc[0], *rest)), key=lambda reading: reading[0])
    return best


def _holds(data: Any, key: str | int) -> bool:
    """Return whether the key or index exists in the data."""
    if isinstance(data, dict):
        return key in data
    return isinstance(data, (list, tuple)) and isinstance(key, int) and 0 <= key < len(data)


def _value_at(data: Any, path: KeyPath) -> Any:
    """Return what stands at an existing path."""
    for key in path:
        data = data[key]
    return data


def _name(path: KeyPath) -> str:
    """Return how a message calls the value at the path: its key, with the number of the item in a list."""
    keys = [key for key in path if isinstance(key, str)]
    key = f"“{keys[-1]}”" if keys else "内容"
    return f"{key}第 {path[-1] + 1} 项" if path and isinstance(path[-1], int) else key


def _kind_problem(path: KeyPath, errors: list[ErrorDetails], document: Located, code: str) -> Problem:
    """Return one problem for a value that is none of the expected kinds."""
    kinds = list(dict.fromkeys(_KINDS[details["type"]] for details in errors))
    wanted = "或".join(dict.fromkeys(kind for kind, _ in kinds))
    remedy = kinds[0][1] if len(kinds) == 1 else ""
    if _value_at(document.data, path) is None:
        what = f"{_name(path)}是空的，应为{wanted}"
        return Problem(document.key_place(path), f"{code}-empty", what, remedy)
    return Problem(document.place(path), f"{code}-type", f"{_name(path)}应为{wanted}", remedy)


def _problem(details: ErrorDetails, document: Located, code: str, model: Any) -> Problem:
    """Return the problem for one error that is not about the kind of a value."""
    kind, loc, context = details["type"], details["loc"], details.get("ctx", {})
    path = map_loc(document.data, loc)
    if kind == "missing":
        return _missing(path, str(loc[-1]), document, code)
    if kind == "extra_forbidden":
        known = known_keys(model, loc[:-1])
        advice = nearest(str(loc[-1]), known) or "删去，或查对可用的键"
        return Problem(document.key_place(path), f"{code}-unknown-key", f"不认识“{loc[-1]}”", advice)
    if kind in {"literal_error", "enum"}:
        return _not_among(path, str(context["expected"]), document, code)
    if kind == "union_tag_invalid":
        key = str(context["discriminator"]).strip("'")
        inner = (*path, key) if _holds(_value_at(document.data, path), key) else path
        return _not_among(inner, str(context["expected_tags"]), document, code)
    if kind == "union_tag_not_found":
        return _untold_kind(path, str(context["discriminator"]), document, code)
    what = _BOUNDS[kind].format(**context) if kind in _BOUNDS else _own_words(details)
    return Problem(document.place(path), f"{code}-value", f"{_name(path)}：{what}")


def _missing(path: KeyPath, key: str, document: Located, code: str) -> Problem:
    """Return the problem of a key that is not there, at the record that lacks it."""
    while path and not isinstance(_value_at(document.data, path), dict):
        path = path[:-1]
    owner = f"{_name(path)}缺少" if path else "缺少"
    return Problem(document.key_place(path), f"{code}-missing", f"{owner}“{key}”", "补上这一键")


def _not_among(path: KeyPath, expected: str, document: Located, code: str) -> Problem:
    """Return the problem of a value outside a closed list, which pydantic words as ``'a', 'b' or 'c'``."""
    allowed = re.findall(r"'((?:[^'\\]|\\.)*)'", expected) or [expected]
    value = _value_at(document.data, path)
    advice = nearest(value, allowed) if isinstance(value, str) else ""
    what = f"{_name(path)}只能是：{'、'.join(allowed)}"
    return Problem(document.place(path), f"{code}-choice", what, advice)


def _untold_kind(path: KeyPath, discriminator: str, document: Located, code: str) -> Problem:
    """Return the problem of a record that does not say which of several kinds it is."""
    by_key = re.fullmatch(r"'(.+)'", discriminator)
    what = f"缺少“{by_key[1]}”" if by_key else "认不出是哪一种写法"
    return Problem(document.place(path), f"{code}-missing", f"{_name(path)}{what}", "查对可用的键")


def _own_words(details: ErrorDetails) -> str:
    """Return the message of a validator of ours, or the type of an error that has no Chinese words yet."""
    if details["type"] in {"value_error", "assertion_error"}:
        return str(details["ctx"]["error"])
    told = details["msg"]
    return told if told and not told.isascii() else f"不合要求（{details['type']}）"


def known_keys(model: Any, loc: KeyPath) -> list[str]:
    """Return the keys (aliases where there are any) of the models that ``loc`` may lead to from ``model``."""
    models = list(_models_in(model))
    for step in loc:
        inner = [found for each in models for found in _models_in(_fields(each).get(str(step)))]
        tagged = [each for each in models if step == each.__name__ or step in _literals(each)]
        models = inner or tagged or models
    return sorted({key for each in models for key in _fields(each)})


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return the annotation of each field by the key it is written with."""
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models an annotation is made of, however deep in unions, lists and mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    inside = [annotation.__value__] if isinstance(annotation, TypeAliasType) else get_args(annotation)
    for part in inside:
        yield from _models_in(part)


def _literals(model: type[BaseModel]) -> Iterable[object]:
    """Return every literal value the fields of the model allow: the tags it may go by."""
    annotations = _fields(model).values()
    return [value for each in annotations if get_origin(each) is Literal for value in get_args(each)]
