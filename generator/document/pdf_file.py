"""A PDF file from its objects: numbered values and streams in, the bytes of one file out, every stream deflated once.

Written in place of the library's own writer, which deflates every stream twice at the slowest level.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from struct import pack

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_LEVEL = 6


@dataclass(frozen=True)
class Value:
    """An object that is no stream, as PDF writes it."""

    data: bytes


@dataclass(frozen=True)
class Packed:
    """A stream: the entries of its dictionary but for ``Length``, and its data, filtered as the entries say."""

    entries: bytes
    data: bytes

    @property
    def body(self) -> bytes:
        """Return the object as PDF writes it."""
        return b"<<%b/Length %d>>stream\n%b\nendstream" % (self.entries, len(self.data), self.data)


def deflate(data: bytes, entries: bytes = b"", *, level: int = _LEVEL) -> Packed:
    """Return data as a deflated stream with further entries."""
    return Packed(entries + b"/Filter/FlateDecode", zlib.compress(data, level))


@dataclass(frozen=True)
class Bundle:
    """A stream that holds many values, deflated as one: their numbers in order, and the stream."""

    numbers: tuple[int, ...]
    stream: Packed


def bundle(values: Iterable[tuple[int, bytes]], *, level: int = _LEVEL) -> Bundle:
    """Return values by number as one stream."""
    numbers: list[int] = []
    index: list[bytes] = []
    data: list[bytes] = []
    position = 0
    for number, value in values:
        numbers.append(number)
        index.append(b"%d %d" % (number, position))
        data.append(value)
        position += len(value) + 1
    head = b" ".join(index)
    entries = b"/Type/ObjStm/N %d/First %d" % (len(data), len(head) + 1)
    return Bundle(tuple(numbers), deflate(b"\n".join((head, *data)), entries, level=level))


@dataclass(frozen=True)
class Trailer:
    """What closes a file: the numbers of its catalog and information, and its identifier."""

    root: int
    info: int
    identifier: bytes


def write_file(objects: Mapping[int, Value | Packed | Bundle], trailer: Trailer, *, level: int = _LEVEL) -> bytes:
    """Return the file of the objects by number (from 1, without gaps but for what bundles hold)."""
    values = [(number, made.data) for number, made in objects.items() if isinstance(made, Value)]
    bundles = [(number, made) for number, made in objects.items() if isinstance(made, Bundle)]
    bundles.append((max((*objects, *(made.numbers[-1] for _number, made in bundles))) + 1, bundle(values, level=level)))
    streams = [(number, made) for number, made in objects.items() if isinstance(made, Packed)]
    streams += ((number, made.stream) for number, made in bundles)
    parts = [_HEADER]
    position = len(_HEADER)
    places: dict[int, bytes] = {}
    for number, made in bundles:
        places.update((inner, pack(">BIH", 2, number, index)) for index, inner in enumerate(made.numbers))
    for number, stream in streams:
        part = b"%d 0 obj\n%b\nendobj\n" % (number, stream.body)
        places[number] = pack(">BIH", 1, position, 0)
        parts.append(part)
        position += len(part)
    places[bundles[-1][0] + 1] = pack(">BIH", 1, position, 0)
    parts.append(_references(places, trailer, position, level))
    return b"".join(parts)


def _references(places: Mapping[int, bytes], trailer: Trailer, position: int, level: int) -> bytes:
    """Return the cross-reference stream, which stands at ``position`` as the last object, and the end of the file."""
    number = len(places)
    rows = b"".join((pack(">BIH", 0, 0, 65535), *(places[index] for index in range(1, number + 1))))
    entries = b"/Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[(%b)(%b)]" % (
        number + 1,
        trailer.root,
        trailer.info,
        trailer.identifier,
        trailer.identifier,
    )
    body = deflate(rows, entries, level=level).body
    return b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, body, position)
