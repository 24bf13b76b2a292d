"""The text of an unrendered source in pieces: letters, expressions, tags, and what is known of them beforehand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from generator.document.tree import Inline, Run
from generator.document.values import print_value

PRINT = "_"  # the filter that prints a value
_PIECE = re.compile(r"\{\{(.*?)\}\}|\{%\s*(.*?)\s*%\}", re.DOTALL)
plain = re.compile(r"[^&<>\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]*").fullmatch
_DEPTH = {"if": 1, "for": 1, "endif": -1, "endfor": -1}


class NoProgramError(Exception):
    """The source says something that only the tree of each document can settle."""


@dataclass(frozen=True)
class Piece:
    """A piece of text with tags in it: letters, an expression to print, or the code of a tag."""

    kind: Literal["text", "print", "tag"]
    code: str


def read_pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a text with tags in it."""
    pieces, end = [], 0
    for hit in _PIECE.finditer(text):
        pieces.append(Piece("text", text[end : hit.start()]))
        pieces.append(Piece("tag", hit[2]) if hit[1] is None else Piece("print", hit[1].strip()))
        end = hit.end()
    pieces.append(Piece("text", text[end:]))
    if any(piece.kind == "tag" and piece.code.startswith("set ") for piece in pieces):
        raise NoProgramError("a name given inside of a paragraph")
    return tuple(piece for piece in pieces if piece.code)


def has_tags(pieces: Iterable[Piece]) -> bool:
    """Return whether the data have a say in the text."""
    return any(piece.kind != "text" for piece in pieces)


def as_jinja(piece: Piece) -> str:
    """Return the piece in XML for Jinja."""
    if piece.kind == "text":
        return escape(piece.code)
    return f"{{{{ ({piece.code})|{PRINT} }}}}" if piece.kind == "print" else f"{{% {piece.code} %}}"


def depth_of(code: str) -> int:
    """Return 1 for a tag that opens a pair, -1 for one that closes it, else 0."""
    return _DEPTH.get(code.partition(" ")[0], 0)


def _depths(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, int]]:
    depth = 0
    for piece in pieces:
        depth += depth_of(piece.code) if piece.kind == "tag" else 0
        yield piece, depth


def is_certain(pieces: Iterable[Piece]) -> bool:
    """Return whether the text has letters that always print."""
    return any(piece.kind == "text" and not depth for piece, depth in _depths(pieces))


def is_separate(inline: Inline) -> bool:
    """Return whether no pair of tags reaches out of the inline."""
    if not isinstance(inline, Run):
        return True
    depth = 0
    for piece, after in _depths(read_pieces(inline.text)):
        if piece.kind == "tag" and not depth and not after:
            return False  # it goes between a pair that was opened elsewhere
        depth = after
        if depth < 0:
            return False
    return not depth


def print_text(value: object) -> str:
    """Return a value as it stands in XML text."""
    return value if type(value) is str and plain(value) else escape(print_value(value))
