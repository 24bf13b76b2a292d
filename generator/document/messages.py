"""Errors of filling a template as problems in Chinese, with the nearest known name."""

import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2.exceptions import TemplateError, TemplateSyntaxError

from generator.document.environment import UnknownNameError
from generator.document.values import FILTERS, UnprintableError
from generator.problems import Place, Problem, nearest

FAULTS = (TemplateError, UnprintableError, TypeError)

_UNCLOSED = re.compile(r"The innermost block that needs to be closed is '(\w+)'")
_NO_FILTER = re.compile(r"No filter named '(.+)'")
_UNEXPECTED = re.compile(r"unexpected (.+)")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")


def error_line(error: BaseException, file_name: str) -> int:
    """Return the line of the template in which the error arose, 1 when unknown."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file_name]
    return (lines[-1] if lines else getattr(error, "lineno", None)) or 1


def explain(error: Exception, place: Place, context: Mapping[str, Any]) -> Problem:
    """Return an error of filling a template as a problem."""
    if isinstance(error, UnknownNameError):
        known = error.known or tuple(context)
        where = "资料里没有" if error.owner is None else "这一项里没有"
        return Problem(place, "unknown-name", f"{where}“{error.name}”", nearest(error.name, known))
    if isinstance(error, UnprintableError):
        return Problem(place, "unprintable", str(error), "请改正资料中的这一项")
    if isinstance(error, TemplateSyntaxError):
        return Problem(place, "template", f"模板语法有误：{explain_syntax(error)}")
    return Problem(place, "template", f"模板无法填写：{error}")


def explain_syntax(error: TemplateSyntaxError, filters: Iterable[str] = FILTERS) -> str:
    """Return what Jinja complains of, in Chinese where it is one of the usual faults."""
    message = error.message or ""
    if hit := _NO_FILTER.search(message):
        return f"没有过滤器“{hit[1]}”。{nearest(hit[1], filters)}"
    if hit := _UNCLOSED.search(message):
        return f"{hit[1]} 没有结束，缺少 end{hit[1]}"
    if hit := _UNKNOWN_TAG.search(message):
        return f"这里不该有标签“{hit[1]}”：没有对应的开头，或标签写错"
    if hit := _UNEXPECTED.search(message):
        return f"标签没有写完整，或多了符号 {hit[1]}"
    return message
