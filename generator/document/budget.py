"""What a template may use up: its syntax tree in, the same tree counting its loops and measuring its texts out.

Calls and arithmetic are refused anyway; what is left to run away is loop in loop, and text put to text.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

MOST_STEPS = 10_000_000
MOST_CHARACTERS = 50_000_000
LONGEST_TEXT = 1_000_000
_BATCH = 1000
_STEPS_PER_FILTER = 5
_CHARACTERS_PER_STEP = 50
_REFUSED = {
    nodes.AssignBlock: "set … endset",
    nodes.Block: "block",
    nodes.CallBlock: "call",
    nodes.Extends: "extends",
    nodes.FilterBlock: "filter",
    nodes.FromImport: "from",
    nodes.Import: "import",
    nodes.Include: "include",
    nodes.Macro: "macro",
}


class EndlessError(TemplateRuntimeError):
    """A template that would take too long or write too much."""


def bound(template: nodes.Template, own: frozenset[type[nodes.Node]] = frozenset()) -> nodes.Template:
    """Return the tree with counters in it; raise TemplateSyntaxError for what could call itself.

    ``own`` are statements that we write ourselves and may use.
    """
    refused = next(iter(template.find_all(tuple(_REFUSED.keys() - own))), None)
    if refused is not None:
        raise TemplateSyntaxError(f"这里不能用“{_REFUSED[type(refused)]}”", refused.lineno)
    bounded: nodes.Template = _Bounds().visit(template)
    return bounded


class _Bounds(NodeTransformer):
    """Puts a counter into every loop and every test of one, and a measure around texts put together."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - the library's way of naming
        self.generic_visit(node)
        weight = nodes.Const(_weigh(node), lineno=node.lineno)
        count = nodes.Filter(weight, "count_steps", [], [], None, None, lineno=node.lineno)
        node.body.insert(0, nodes.ExprStmt(count, lineno=node.lineno))
        if node.test is not None:
            node.test = nodes.And(count, node.test, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - as above
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)


def _weigh(loop: nodes.For) -> int:
    """Return what one turn of a loop costs, in steps; the turns of loops inside are counted by themselves."""
    text = sum(len(data.data) for data in loop.find_all(nodes.TemplateData))
    return 1 + text // _CHARACTERS_PER_STEP + _STEPS_PER_FILTER * sum(1 for _ in loop.find_all(nodes.Filter))


@pass_context
def count_steps(context: Context, weight: int) -> bool:
    """Return true; raise EndlessError when the template has had its steps."""
    steps: int = getattr(context, "steps", 0) + weight
    vars(context)["steps"] = steps
    if steps > MOST_STEPS:
        raise EndlessError("循环的次数太多，没有做完")
    return True


def join_texts(values: Iterable[Any], between: str = "") -> str:
    """Return the values put together; raise EndlessError for a text longer than any document needs."""
    texts = [str(value) for value in values]
    if sum(map(len, texts)) + len(texts) * len(str(between)) > LONGEST_TEXT:
        raise EndlessError(f"拼成的文字超过 {LONGEST_TEXT} 个字符")
    return str(between).join(texts)


def join_pieces(pieces: Iterable[str]) -> str:
    """Return what a template wrote; raise EndlessError when it does not stop writing."""
    if isinstance(pieces, list) and len(pieces) < _BATCH:
        return "".join(pieces)  # what stands in a block of ours, measured again where it is written
    size, kept, rest = 0, [], iter(pieces)
    while batch := list(islice(rest, _BATCH)):
        size += sum(map(len, batch))
        if size > MOST_CHARACTERS:
            raise EndlessError(f"写出的内容超过 {MOST_CHARACTERS} 个字符，没有写完")
        kept += batch
    return "".join(kept)


COUNTERS = {"count_steps": count_steps, "join": join_texts}
