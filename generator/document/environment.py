"""The strict Jinja environment of every template, ours and the users'.

Sandboxed and autoescaped, without globals and without calls; an unknown name is an error, and whatever
prints has been cleaned. ``place`` of an error is added by whoever knows the lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from types import BuiltinMethodType, CodeType, MethodType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import escape

from generator.document.budget import COUNTERS, bound, join_pieces
from generator.document.figures import FIGURES
from generator.document.values import FILTERS, print_value

_KEPT_FILTERS = ("length", "first", "last", "list", "selectattr", "rejectattr")
_METHODS = (MethodType, BuiltinMethodType)  # the base class looks into these
_DICT = frozenset(dir(dict))
_OPERATORS = frozenset({"+", "-", "*", "/", "//", "**", "%"})
_SOURCE_BREAK = re.compile(r"(<[^>]*>?)|[ \t\r]*\n\s*")
_PLAIN = re.compile(r"[^&<>\"'\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]*")


class UnknownNameError(UndefinedError):
    """A name in a template that the data do not have; ``owner`` is the object asked, None for the context."""

    def __init__(self, name: str, owner: object, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.owner, self.known = name, owner, known


class UnknownName(StrictUndefined):
    """Stands for a name the data do not have; any use raises UnknownNameError."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        owner = None if self._undefined_obj is missing else self._undefined_obj
        known = () if owner is None else tuple(names_of(owner))
        raise UnknownNameError(str(self._undefined_name), owner, known)

    __iter__ = __str__ = __len__ = _fail_with_undefined_error
    __eq__ = __ne__ = __bool__ = __hash__ = __contains__ = _fail_with_undefined_error
    __call__ = __getitem__ = __html__ = _fail_with_undefined_error

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        self._fail_with_undefined_error()


class SourceBreaks(Extension):
    """Drops the line breaks of the source, so that every line break in the result comes from the data."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens with cleaned text."""
        for token in stream:
            yield Token(token.lineno, "data", drop_breaks(token.value)) if token.type == "data" else token


class StrictEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox without calls and arithmetic: both belong into the data, and neither can run away."""

    intercepted_binops = _OPERATORS
    own_statements: frozenset[type[nodes.Node]] = frozenset()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what the base class returns, by a shorter way for keys of a plain dict and names known to be safe."""
        if type(obj) is dict:
            if attribute in obj and attribute not in _DICT:
                return obj[attribute]
        elif self._safe.get((type(obj), attribute)):
            value = getattr(obj, attribute, missing)
            if value is not missing and not isinstance(value, _METHODS):
                return value
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return what the base class returns: it asks the type and the name only, so each pair is asked once."""
        known = self._safe.get((type(obj), attr))
        if known is None:
            known = self._safe[type(obj), attr] = super().is_safe_attribute(obj, attr, value)
        return known

    concat = staticmethod(join_pieces)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        with _within_reason():
            return super()._parse(source, name, filename)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        with _within_reason():
            return super()._generate(bound(source, self.own_statements), name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> CodeType:
        with _within_reason():
            return super()._compile(source, filename)

    def call_binop(self, _context: Any, operator: str, _left: Any, _right: Any) -> Any:
        """Refuse arithmetic."""
        raise SecurityError(f"模板里不能做运算“{operator}”")

    def call(self, _context: Any, _called: Any, /, *_args: Any, **_kwargs: Any) -> Any:
        """Refuse calls."""
        raise SecurityError("模板里不能调用函数")


@contextmanager
def _within_reason() -> Iterator[None]:
    """Turn what Python cannot take (loops in loops beyond number, endless digits) into a fault of the template."""
    try:
        yield
    except (RecursionError, SyntaxError, ValueError, OverflowError, MemoryError) as error:
        raise TemplateSyntaxError("标签套得太深，或数字太长", 1) from error


def make_environment(
    *,
    extensions: Iterable[type[Extension]] = (),
    filters: Mapping[str, Callable[..., Any]] | None = None,
    passed: tuple[type, ...] = (),
    markup: bool = True,
) -> StrictEnvironment:
    """Return the strict environment, for XML unless ``markup`` is off.

    ``filters`` adds to ours; objects of the ``passed`` types print themselves.
    """
    themselves = (UnknownName, *passed)

    def finalize(value: Any) -> Any:
        if type(value) is str and _PLAIN.fullmatch(value):
            return value
        if isinstance(value, themselves):
            return value
        return str(escape(print_value(value))) if markup else print_value(value)

    environment = StrictEnvironment(
        autoescape=False,  # whatever prints is escaped above, once
        undefined=UnknownName,
        finalize=finalize,
        extensions=list(extensions),
        keep_trailing_newline=True,
    )
    kept = {name: environment.filters[name] for name in _KEPT_FILTERS}
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update({**kept, **COUNTERS, **FILTERS, **FIGURES, **(filters or {})})
    for name in ("defined", "undefined", "filter", "test", "callable"):
        del environment.tests[name]
    return environment


def names_of(owner: object) -> Iterable[str]:
    """Return the names an object of the context offers to templates."""
    known = getattr(owner, "known_names", None)
    if callable(known):
        return [str(name) for name in known()]
    if isinstance(owner, Mapping):
        return [str(key) for key in owner]
    if is_dataclass(owner):
        return [field.name for field in fields(owner)]
    return [name for name in dir(owner) if not name.startswith("_")]


def drop_breaks(text: str) -> str:
    """Return source text without line breaks and the space around them; inside tags they are spaces."""
    return _SOURCE_BREAK.sub(lambda hit: " ".join(hit[1].split()) if hit[1] else "", text)
