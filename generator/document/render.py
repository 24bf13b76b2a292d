"""A source and the data into a document tree."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, Template
from jinja2.exceptions import TemplateError

from generator.document.environment import SourceBreaks, UnknownNameError, make_environment
from generator.document.parse import parse
from generator.document.source import Source
from generator.document.tree import Block, Document, Heading, Paragraph, Row, Run, Table
from generator.document.values import UnprintableError
from generator.problems import KaowuError, Place, Problem, nearest

Cite = Callable[[str], str]


def render(source: Source, context: Mapping[str, Any], *, face: str = "filled", cite: Cite | None = None) -> Document:
    """Return the document; face ``annotated`` adds ``cite(rule)`` after each block that carries rules.

    Raises KaowuError with file and line for an unknown name and for a value that cannot print.
    """
    blocks = parse(_fill(source, _template_of(source), context))
    if face == "annotated" and cite:
        blocks = tuple(_annotated(blocks, cite))
    title = " ".join(_fill_title(source, context).split())
    return Document(blocks, title, source.look, source.paper)


@cache
def _environment() -> Environment:
    return make_environment(extensions=(SourceBreaks,))


@cache
def _template_of(source: Source) -> Template:
    environment = _environment()
    code = environment.compile(source.text, name=source.id, filename=_file_name(source))
    return Template.from_code(environment, code, {})


def _file_name(source: Source) -> str:
    return f"<{source.id}>"


def _fill(source: Source, template: Template, context: Mapping[str, Any]) -> str:
    try:
        return template.render(context)
    except (TemplateError, UnprintableError, TypeError) as error:
        line = error_line(error, _file_name(source))
        raise KaowuError([explain(error, source.body.place(line), context)]) from error


def _fill_title(source: Source, context: Mapping[str, Any]) -> str:
    if "{" not in source.title:
        return source.title
    try:
        return _title_environment().from_string(source.title).render(context)
    except (TemplateError, UnprintableError, TypeError) as error:
        place = Place(str(source.folder / "document.yaml"))
        raise KaowuError([explain(error, place, context)]) from error


@cache
def _title_environment() -> Environment:
    return make_environment(markup=False)


def error_line(error: BaseException, file_name: str) -> int:
    """Return the line of the template in which the error arose, 1 when unknown."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file_name]
    return (lines[-1] if lines else getattr(error, "lineno", None)) or 1


def explain(error: Exception, place: Place, context: Mapping[str, Any]) -> Problem:
    """Return an error of filling a template as a problem with the nearest known name."""
    if isinstance(error, UnknownNameError):
        known = error.known or tuple(context)
        where = "资料里没有" if error.owner is None else "这一项里没有"
        return Problem(place, "unknown-name", f"{where}“{error.name}”", nearest(error.name, known))
    if isinstance(error, UnprintableError):
        return Problem(place, "unprintable", str(error), "请改正资料中的这一项")
    if isinstance(error, TemplateError):
        return Problem(place, "template", f"模板无法填写：{error.message}")
    return Problem(place, "template", f"模板无法填写：{error}")


def _annotated(blocks: tuple[Block, ...], cite: Cite) -> Iterator[Block]:
    for block in blocks:
        yield block
        notes = "；".join(dict.fromkeys(cite(rule) for rule in _rules_of(block)))
        if notes:
            yield Paragraph("citation", (Run(f"依据：{notes}"),))


def _rules_of(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph | Table):
        yield from block.rules
    if isinstance(block, Table):
        rows = (row for group in block.groups for row in getattr(group, "rows", ()) if isinstance(row, Row))
        for row in rows:
            yield from row.rules
            for cell in row.cells:
                for inner in cell.blocks:
                    yield from inner.rules if isinstance(inner, Paragraph) else ()
