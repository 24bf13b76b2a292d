"""The names a template uses against the data: every unknown one, in branches taken or not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, nodes
from jinja2.runtime import Undefined

from generator.document.environment import UnknownName, names_of
from generator.document.values import is_missing
from generator.problems import nearest

_PASSING = frozenset({"pad", "list", "selectattr", "rejectattr"})
_PICKING = frozenset({"first", "last"})
_LOOP = ("index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem")


class _Anything:
    """Stands for what the data do not tell: every name below it may exist."""


_ANYTHING = _Anything()


@dataclass(frozen=True, order=True)
class Misnomer:
    """A line of a template and what is wrong with a name in it, with advice."""

    line: int
    what: str
    remedy: str = ""


def find_unknown_names(environment: Environment, source: str, context: Mapping[str, Any]) -> list[Misnomer]:
    """Return every name of the template that the sample data do not have; raise TemplateSyntaxError.

    Of a list the first element tells the names; of a missing fact or an empty list any name is accepted.
    """
    reader = _Reader(environment)
    reader.read(environment.parse(source).body, dict(context))
    return sorted(set(reader.found))


class _Reader:
    """Walks the statements with the names known at each place."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.found: list[Misnomer] = []

    def read(self, body: Iterable[nodes.Node], scope: dict[str, Any]) -> None:
        for node in body:
            if isinstance(node, nodes.For):
                self._read_loop(node, scope)
            elif isinstance(node, nodes.Assign):
                _bind(node.target, self._value(node.node, scope), scope)
            elif isinstance(node, nodes.Expr):
                self._value(node, scope)
            else:
                self.read(node.iter_child_nodes(), scope)

    def _read_loop(self, node: nodes.For, scope: dict[str, Any]) -> None:
        inner = {**scope, "loop": dict.fromkeys(_LOOP, _ANYTHING)}
        _bind(node.target, _first(self._value(node.iter, scope)), inner)
        if node.test:
            self._value(node.test, inner)
        self.read(node.body, inner)
        self.read(node.else_, scope)

    def _value(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        if isinstance(node, nodes.Name):
            return self._known(node, node.name, scope, None)
        if isinstance(node, nodes.Getattr):
            return self._known(node, node.attr, None, self._value(node.node, scope))
        if isinstance(node, nodes.Filter):
            return self._filtered(node, scope)
        if isinstance(node, nodes.Call):
            self.found.append(Misnomer(node.lineno, "模板里不能调用函数"))
        values = [self._value(child, scope) for child in node.iter_child_nodes()]
        is_slice = isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice)
        return values[0] if is_slice else _ANYTHING

    def _filtered(self, node: nodes.Filter, scope: dict[str, Any]) -> Any:
        values = [self._value(child, scope) for child in node.iter_child_nodes()]
        if node.name in _PASSING:
            return values[0]
        return _first(values[0]) if node.name in _PICKING else _ANYTHING

    def _known(self, node: nodes.Node, name: str, scope: dict[str, Any] | None, owner: Any) -> Any:
        if owner is _ANYTHING or (scope is None and is_missing(owner)):
            return _ANYTHING
        value = self._look_up(name, scope, owner)
        if not isinstance(value, Undefined):
            return value
        known = scope if scope is not None else names_of(owner)
        where = "资料里没有" if scope is not None else "这一项里没有"
        self.found.append(Misnomer(node.lineno, f"{where}“{name}”", nearest(name, known)))
        return _ANYTHING

    def _look_up(self, name: str, scope: dict[str, Any] | None, owner: Any) -> Any:
        if scope is not None:
            return scope.get(name, UnknownName(name=name))
        return self._environment.getattr(owner, name)


def _bind(target: nodes.Node, value: Any, scope: dict[str, Any]) -> None:
    names = [node.name for node in ([target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name))]
    scope.update(dict.fromkeys(names, _ANYTHING) if len(names) > 1 else {names[0]: value})


def _first(value: Any) -> Any:
    """Return the first element of a list of the data, or anything."""
    if isinstance(value, str | Mapping | _Anything) or is_missing(value):
        return _ANYTHING
    elements: Iterator[Any] = iter(value) if isinstance(value, Iterable) else iter(())
    return next(elements, _ANYTHING)
