"""Parts into a DOCX file whose bytes depend on nothing but the parts."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

_FIRST = "[Content_Types].xml"
_LOCAL = struct.Struct("<4s5H3L2H")  # the three records of a ZIP (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16)
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MADE_BY = 3 << 8 | 20  # a Unix
_UTF8 = 0x800
_EPOCH = (0, 0x21)  # the time and day of 1980-01-01
_MODE = 0o644 << 16
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)
CORE_PART = "docProps/core.xml"


@dataclass(frozen=True)
class Member:
    """A part as it lies in the ZIP: its name, the checksum and size of its content, the content deflated."""

    name: str
    checksum: int
    size: int
    deflated: bytes


def deflate(name: str, content: bytes, level: int = 3) -> Member:
    """Return a part ready for the ZIP; above level 3 the time doubles for a tenth of the size."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL + 1)
    return Member(name, zlib.crc32(content), len(content), packer.compress(content) + packer.flush())


def deflate_once(parts: Mapping[str, bytes]) -> dict[str, Member]:
    """Return parts that go unchanged into many packages, as small as they get."""
    return {name: deflate(name, content, 9) for name, content in parts.items()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a ZIP: sorted behind the content types, dated 1980-01-01, no trace of the machine."""
    return join(deflate(name, content) for name, content in parts.items())


def join(members: Iterable[Member]) -> bytes:
    """Return deflated parts as a ZIP, in the order of ``pack``."""
    bodies: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in sorted(members, key=lambda member: (member.name != _FIRST, member.name)):
        name = member.name.encode()
        flags = 0 if name.isascii() else _UTF8
        sizes = (member.checksum, len(member.deflated), member.size, len(name), 0)
        facts = (20, flags, zipfile.ZIP_DEFLATED, *_EPOCH, *sizes)
        bodies += (_LOCAL.pack(b"PK\3\4", *facts), name, member.deflated)
        directory += (_CENTRAL.pack(b"PK\1\2", _MADE_BY, *facts, 0, 0, 0, _MODE, offset), name)
        offset += _LOCAL.size + len(name) + len(member.deflated)
    count, size = len(directory) // 2, sum(map(len, directory))
    return b"".join((*bodies, *directory, _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)))


def core_properties(title: str, day: date, author: str = "") -> bytes:
    """Return the core properties part; Word caps each text at 255 characters."""
    return _CORE.format(title=escape(title[:255]), author=escape(author[:255]), day=day.isoformat()).encode()
