"""Files made to do harm, by name: bombs, damage, and what is no file at all."""

import io
import os
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generator.files import zip_bytes
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook

MEGABYTE = 1024 * 1024
HEADINGS = ("考场编号", "考场名称", "考场地点", "工位数")
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def rooms(rows: int = 1) -> bytes:
    """Return a workbook of exam rooms."""
    columns = [ColumnSpec(heading, text=True) for heading in HEADINGS]
    return write_workbook([SheetSpec("考场", columns, [(f"R{n}", "教室", "一楼", "10") for n in range(1, rows + 1)])])


def parts_of(archive: bytes) -> dict[str, bytes]:
    """Return the parts of an office file."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def changed(part: str, change: Callable[[bytes], bytes], archive: bytes | None = None) -> bytes:
    """Return an office file (the workbook of rooms by default) with one part changed."""
    parts = parts_of(archive or rooms())
    before = parts[part]
    parts[part] = change(before)
    assert parts[part] != before
    return zip_bytes(parts)


def sheet(change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook of rooms with its sheet changed."""
    return changed("xl/worksheets/sheet1.xml", change)


def declared(entities: str, xml: bytes, text: str) -> bytes:
    """Return XML with a document type and an entity in the first value."""
    head, _, rest = xml.partition(b"?>")
    return head + b"?>" + entities.encode() + rest.replace(b"</v>", f"{text}</v>".encode(), 1)


def sparse(size: int) -> bytes:
    """Return a zip whose one part unpacks to ``size`` megabytes of nothing."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/a.xml", "w") as part,
    ):
        for _ in range(size):
            part.write(bytes(MEGABYTE))
    return target.getvalue()


def lying(parts: dict[str, bytes], name: str, size: int) -> bytes:
    """Return an archive with a part more that says it is small, checksum and all, and unpacks to ``size`` megabytes."""
    said = bytes(100)
    raw = bytearray(zip_bytes({**parts, name: bytes(size * MEGABYTE)}))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        start = archive.getinfo(name).header_offset
    entry = raw.index(b"PK\x01\x02", raw.rindex(name.encode()) - 46)
    for place in (start + 14, entry + 16):
        struct.pack_into("<I", raw, place, zlib.crc32(said))
        struct.pack_into("<I", raw, place + 8, len(said))
    return bytes(raw)


def twice(parts: dict[str, bytes], name: str) -> bytes:
    """Return an archive in which one part is there twice, and differs."""
    target = io.BytesIO(zip_bytes(parts))
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, b"<other/>")
    return target.getvalue()


def overlapping(copies: int) -> bytes:
    """Return a zip whose directory names the same 10 MB of content ``copies`` times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(10 * MEGABYTE))
        archive.filelist += [archive.filelist[0]] * copies
    return target.getvalue()


def png(width: int, height: int, *, rows: int = 1) -> bytes:
    """Return a PNG that claims a size and holds only some of its rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compressobj(9)
    body = b"".join(pixels.compress(bytes(1 + 3 * width)) for _ in range(rows)) + pixels.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """Return a JPEG that claims a size and holds nothing."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(8) + b"\xff\xd9"


def noise(raw: bytes, seed: int) -> bytes:
    """Return the bytes with a hundredth of them changed."""
    drawn, damaged = random.Random(seed), bytearray(raw)
    for _ in range(max(1, len(raw) // 100)):
        damaged[drawn.randrange(len(raw))] = drawn.randrange(256)
    return bytes(damaged)


def many_sheets(number: int) -> bytes:
    """Return a workbook of very many sheets."""
    return write_workbook([SheetSpec(f"表{n}", [ColumnSpec("甲")]) for n in range(number)])


def deep(levels: int) -> Callable[[bytes], bytes]:
    """Return what puts elements one in another into a part, before its last tag."""
    nested = b"<x>" * levels + b"</x>" * levels
    return lambda xml: xml[: xml.rindex(b"</")] + nested + xml[xml.rindex(b"</") :]


def wide(path: Path, size: int) -> None:
    """Write a CSV file of one endless line, without taking the room on the disk."""
    with path.open("wb") as file:
        file.write(f"{','.join(HEADINGS)}\nR1,".encode())
        os.truncate(file.fileno(), size)


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"hello",
    "cut in half": lambda: (raw := rooms())[: len(raw) // 2],
    "first byte only": lambda: b"P",
    "no parts": lambda: zip_bytes({}),
    "zip of something else": lambda: zip_bytes({"a.txt": b"a"}),
    "bomb": lambda: sparse(350),
    "lying about its size": lambda: lying(parts_of(rooms()), "xl/worksheets/zz.xml", 400),
    "the same content again and again": lambda: overlapping(200),
    "a part that is there twice": lambda: twice(parts_of(rooms()), "xl/worksheets/sheet1.xml"),
    "a cell far out": lambda: sheet(lambda xml: xml.replace(b'r="A2"', b'r="XFD1048576"')),
    "a dimension far out": lambda: sheet(lambda xml: xml.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')),
    "a row number beyond all": lambda: sheet(lambda xml: xml.replace(b'r="A2"', b'r="A4294967297"')),
    "entities that multiply": lambda: sheet(lambda xml: declared(DOCTYPE, xml, "&l11;")),
    "entities in the names": lambda: changed("xl/workbook.xml", lambda xml: declared(DOCTYPE, xml, "").replace(
        "考场".encode(), b"&l11;")),
    "a file of the machine": lambda: changed("xl/workbook.xml", lambda xml: declared(
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', xml, "").replace("考场".encode(), b"&f;")),
    "deep": lambda: sheet(deep(200_000)),
    "deep in the list of sheets": lambda: changed("xl/workbook.xml", deep(200_000)),
    "sheets that are not there": lambda: changed("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(
        b"worksheets/", b"../../../../etc/")),
    "a shared text that is not there": lambda: sheet(lambda xml: xml.replace(b"<v>0</v>", b"<v>99999999999</v>")),
    "merged without end": lambda: sheet(lambda xml: xml.replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    **{f"noise {seed}": partial(noise, rooms(20), seed) for seed in range(12)},
}  # fmt: skip

TEXTS: dict[str, bytes] = {
    "nothing": b"",
    "no text": bytes(range(256)) * 40,
    "quotes that do not close": ",".join(HEADINGS).encode() + b'\nR1,"' + b"a,\n" * 400_000,
    "a cell without end": ",".join(HEADINGS).encode() + b"\nR1," + b"a" * (20 * MEGABYTE),
    "columns without end": b"," * (5 * MEGABYTE) + b"a",
    "lines without end": ",".join(HEADINGS).encode() + b"\n" + b"\n" * (20 * MEGABYTE) + b"R1",
    "rows without end": ",".join(HEADINGS).encode() + b"\n" + b"R1,a,b,1\n" * 300_000,
    "nul": ",".join(HEADINGS).encode() + b"\nR1,\0,b,1\n",
    "utf-16 cut": b"\xff\xfe" + "考场编号".encode("utf-16-le") + b"\x00",
}

BOMB_LINES = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
YAML: dict[str, bytes] = {
    "aliases that multiply": b"a0: &a0 [x, x]\n" + BOMB_LINES.encode(),
    "deep lists": b"[" * 200_000,
    "deep mappings": b"{a: " * 100_000,
    "deep lines": b"".join(b" " * n + b"a:\n" for n in range(1000)),
    "tags": '单位名称: !!python/object/apply:os.system ["touch hit"]\n'.encode(),
    "a tag of its own": b'%TAG ! tag:yaml.org,2002:python/\n--- !object/apply:os.system ["touch hit"]\n',
    "merge keys": b"a: &a {<<: *a}\n",
    "a number without end": "单位名称: ".encode() + b"9" * 900_000,
    "one key without end": b"a" * 900_000 + b": 1",
    "keys without end": b"".join(b"k%d: 1\n" % n for n in range(80_000)),
    "documents without end": b"---\na: 1\n" * 90_000,
    "anchors without end": b"".join(b"k%d: &a 1\n" % n for n in range(60_000)),
    "a comment without end": b"#" * 900_000,
    "a file without end": b"a: 1\n" * 4_000_000,
    "quotes that do not close": b'a: "' + b"x\n" * 400_000,
    "utf-16": "单位名称: 甲".encode("utf-16"),
    "nothing but zeros": bytes(900_000),
}
