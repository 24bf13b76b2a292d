"""Replace words in the cells of an .xlsx, and names of its sheets, without touching anything else in it.

In: the bytes of a workbook and what is to be replaced where. Out: its bytes with only the parts changed that hold
those words, or None where that cannot be done without a loss: a formula, words in several formats, a name that
formulas use.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, unescape

from generator.archives import ArchiveError, unpack
from generator.workbook_guard import sheet_names

BOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
CELL = r'<c\b(?=[^<>]*\sr="{reference}")[^<>]*?(?:/>|>.*?</c>)'
ITEM = re.compile(r"<si\b[^<>]*?(?:/>|>.*?</si>)", re.DOTALL)
TEXT = re.compile(r"(<t\b[^<>]*>)([^<]*)(</t>)")
INDEX = re.compile(r"<v>\s*(\d+)\s*</v>")
COUNT = re.compile(r'(<sst\b[^<>]*?\buniqueCount=")(\d+)(")')
USES = re.compile(r"<(?:\w+:)?(f|definedName|formula1|formula2)\b[^<>]*>([^<]*)<")
QUOTES = {'"': "&quot;"}


@dataclass(frozen=True)
class Word:
    """A cell of a sheet whose whole text becomes another one."""

    sheet: str
    cell: str
    old: str
    new: str


def rewrite(raw: bytes, words: Sequence[Word], sheets: Mapping[str, str]) -> bytes | None:
    """Return the workbook with the words and the names of sheets replaced; None where that would lose something."""
    try:
        parts = unpack(raw)
        names = {sheet: part for part, sheet in sheet_names(parts).items()}
        texts = {part: parts[part].decode("utf-8") for part in {BOOK, *names.values(), STRINGS} if part in parts}
    except (ArchiveError, KeyError, UnicodeDecodeError):
        return None
    tables = {part: xml.decode("utf-8", "replace") for part, xml in parts.items() if part.startswith("xl/tables/")}
    used = [unescape(told[2]) for xml in (*texts.values(), *tables.values()) for told in USES.finditer(xml)]
    renamed = [*sheets, *(word.old for word in words if any(f'"{word.old}"' in xml for xml in tables.values()))]
    if any(name in formula for name in renamed for formula in used):
        return None
    done = all(replace_word(texts, names.get(word.sheet, ""), word) for word in words)
    done = done and all(rename_sheet(texts, old, new) for old, new in sheets.items())
    for word in words:
        tables = {part: xml.replace(f' name="{word.old}"', f' name="{word.new}"') for part, xml in tables.items()}
    changed = {part: xml.encode() for part, xml in {**texts, **tables}.items() if xml.encode() != parts[part]}
    return pack(raw, changed) if done else None


def replace_word(texts: dict[str, str], part: str, word: Word) -> bool:
    """Replace the text of one cell; return whether it could be done."""
    found = re.search(CELL.format(reference=word.cell), texts.get(part, ""), re.DOTALL)
    if found is None or "<f" in found[0]:
        return False
    if 't="inlineStr"' in found[0]:
        new = swap(found[0], word)
    elif 't="s"' in found[0] and (index := INDEX.search(found[0])) and STRINGS in texts:
        number = add_string(texts, int(index[1]), word)
        new = None if number is None else found[0].replace(index[0], f"<v>{number}</v>")
    else:
        new = None
    if new is not None:
        texts[part] = texts[part][: found.start()] + new + texts[part][found.end() :]
    return new is not None


def swap(xml: str, word: Word) -> str | None:
    """Return a string with its words replaced, their format kept; None where they stand in several runs."""
    runs = [run for run in TEXT.finditer(xml) if unescape(run[2], {"&quot;": '"'}).strip() == word.old]
    whole = "".join(unescape(run[2]) for run in TEXT.finditer(xml)).strip()
    if len(runs) != 1 or whole != word.old:
        return None
    return xml[: runs[0].start(2)] + escape(word.new) + xml[runs[0].end(2) :]


def add_string(texts: dict[str, str], index: int, word: Word) -> int | None:
    """Add a copy of a shared string with its words replaced, for others may use the old one; return its number."""
    items = ITEM.findall(texts[STRINGS])
    new = swap(items[index], word) if index < len(items) else None
    if new is None:
        return None
    if new in items:
        return items.index(new)
    end = texts[STRINGS].rindex("</sst>")
    told = texts[STRINGS][:end] + new + texts[STRINGS][end:]
    texts[STRINGS] = COUNT.sub(lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}", told, count=1)
    return len(items)


def rename_sheet(texts: dict[str, str], old: str, new: str) -> bool:
    """Give a sheet its new name; return whether it could be done."""
    name = f' name="{escape(old, QUOTES)}"'
    pattern = re.compile(rf"(<(?:\w+:)?sheet\b[^<>]*){re.escape(name)}")
    told, number = pattern.subn(lambda found: f'{found[1]} name="{escape(new, QUOTES)}"', texts[BOOK])
    texts[BOOK] = told
    return number == 1


def pack(raw: bytes, changed: Mapping[str, bytes]) -> bytes | None:
    """Return the archive with some parts changed, all others as they were, in the same order; None if they are not."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, changed.get(entry.filename, old.read(entry)), entry.compress_type)
    made = written.getvalue()
    return made if unpack(made) == {**unpack(raw), **changed} else None
