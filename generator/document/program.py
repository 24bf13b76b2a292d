"""A source into the Jinja program that writes its ``document.xml``: everything laid out that no datum can change.

The markup is parsed and written once, with its tags in it; per document Jinja puts the values into XML that is ready.
What a datum can change beyond its own letters is left to filters, one for each place: an empty run is no run, equal
neighbours are one run, an empty blank is a control, a photo may be missing, a merge of one row is none. Three things
are settled by whoever runs the program, and marked in its result: see ``NEW_PAGE``, ``COUNT`` and ``NUMBER``.
Line breaks and tabs of the data stand in the result as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, groupby, repeat
from operator import itemgetter
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from generator.document.photos import read_photo
from generator.document.pieces import (
    PRINT,
    NoProgramError,
    Piece,
    as_jinja,
    depth_of,
    has_tags,
    is_certain,
    is_separate,
    plain,
    print_text,
    read_pieces,
)
from generator.document.style import WordStyle
from generator.document.tree import (
    Blank,
    Block,
    Cell,
    Continued,
    Group,
    Heading,
    Inline,
    PageBreak,
    Photo,
    Run,
    Table,
    Tag,
    lay_out,
)
from generator.document.values import print_value
from generator.document.word_blocks import (
    GAP,
    HEADINGS,
    columns_of,
    look_of,
    prefix_of,
    row_properties,
    style_in,
    write_cell,
    write_paragraph,
    write_table,
)
from generator.document.word_runs import Draft, write_control, write_inlines, write_picture

# What is marked with control characters, which no datum can hold
NEW_PAGE = "\x05"  # the next block begins a page
COUNT, NUMBER = "\x06", "\x07"  # count one on; write the count
_SEGMENT, _TEXT, _MERGE, _VALUE = "\x01", "\x02", "\x03", "\x04"

PICTURES = "#pictures"  # no name: templates cannot ask for it
_RESTART = '<w:vMerge w:val="restart"/>'


@dataclass
class Program:
    """The program as it is written: the look, and the filters that its text names."""

    style: WordStyle
    width: int
    filters: dict[str, Callable[..., str]] = field(default_factory=lambda: {PRINT: print_text})

    def __post_init__(self) -> None:
        self.draft = Draft(self.style, numbers=repeat(COUNT + NUMBER))

    def name(self, function: Callable[..., str]) -> str:
        """Return the name under which a filter is called."""
        self.filters[name := f"_{len(self.filters)}"] = function
        return name

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Return the program of blocks."""
        return "".join(map(self.block, blocks))

    def block(self, block: Block) -> str:
        """Return the program of one block."""
        if isinstance(block, Tag):
            return f"{{% {block.code} %}}"
        if isinstance(block, PageBreak):
            return NEW_PAGE
        if isinstance(block, Table):
            return self.table(block) + GAP
        style = HEADINGS[block.level] if isinstance(block, Heading) else block.kind.title()
        return write_paragraph(style, "", self.inlines(block.inlines, style))

    def table(self, table: Table) -> str:
        """Return the program of a table."""
        columns, prefix = columns_of(table.widths, self.width), prefix_of(table)
        groups = (Group((group,)) if isinstance(group, Tag) else group for group in table.groups)
        return write_table(table, columns, "".join(self.group(group, columns, prefix) for group in groups))

    def group(self, group: Group, columns: list[int], prefix: str) -> str:
        """Return the program of rows; where a merge may run to the end, it is known last how many rows there are."""
        parts = []
        for number, (row, cells) in enumerate(lay_out(group)):
            if isinstance(row, Tag):
                parts.append(f"{{% {row.code} %}}")
                continue
            written = "".join(self.cell(cell, columns, prefix, _merge(cell, group, number)) for cell in cells)
            parts.append(f"<w:tr>{row_properties(row, heading=group.heading)}{written}</w:tr>")
        rows = "".join(parts)
        return f"{{% filter {self.name(settle_merges)} %}}{rows}{{% endfilter %}}" if _MERGE in rows else rows

    def cell(self, cell: Cell | Continued, columns: list[int], prefix: str, merge: str) -> str:
        """Return the program of a cell."""
        own = cell.cell if isinstance(cell, Continued) else cell
        width, look = sum(columns[own.column : own.column + own.columns]), look_of(own)
        continued = write_cell(width, own.columns, "<w:vMerge/>" + look, GAP)
        if isinstance(cell, Continued):
            return continued
        written = write_cell(width, own.columns, merge + look, self.content(own, prefix))
        return f"{{% if loop.first %}}{written}{{% else %}}{continued}{{% endif %}}" if own.per_loop else written

    def content(self, cell: Cell, prefix: str) -> str:
        """Return the program of what is in a cell: an empty paragraph where its tags leave nothing."""
        if not cell.blocks:
            return GAP
        written, depth, certain = [], 0, False
        for block in cell.blocks:
            if isinstance(block, Tag):
                depth += depth_of(block.code)
                written.append(f"{{% {block.code} %}}")
                continue
            style, align = style_in(cell, block.kind, prefix)
            written.append(write_paragraph(style, align, self.inlines(block.inlines, style)))
            certain = certain or not depth
        whole = "".join(written)
        if certain:
            return whole
        style, align = style_in(cell, "cell", prefix)
        empty = write_paragraph(style, align, "")
        return f"{{% filter {self.name(lambda text: text or empty)} %}}{whole}{{% endfilter %}}"

    def inlines(self, inlines: Sequence[Inline], style: str) -> str:
        """Return the program of the runs of a paragraph."""
        if all(is_separate(run) for run in inlines) and not _may_join(inlines):
            return "".join(self.inline(inline, style) for inline in inlines)
        looks = dict.fromkeys(replace(run, text="") for run in inlines if isinstance(run, Run))
        keys = {look: str(number) for number, look in enumerate(looks)}
        writers = {key: self.run(look, style) for look, key in keys.items()}
        stream = "".join(self.segments(inlines, style, keys))
        return f"{{% filter {self.name(Joined(writers).join)} %}}{stream}{{% endfilter %}}"

    def inline(self, inline: Inline, style: str) -> str:
        """Return the program of an inline that nothing joins."""
        if isinstance(inline, Run):
            pieces = read_pieces(inline.text)
            certain = is_certain(pieces)
            return (
                self.around(pieces, self.run(inline, style), certain=certain)
                if has_tags(pieces)
                else self.fixed(inline, style)
            )
        if isinstance(inline, Blank) and has_tags(pieces := _blank_pieces(inline)):
            return self.around(pieces, self.blank(inline, style))
        if isinstance(inline, Photo) and inline.source:
            return f"{{{{ ({inline.source.strip('{} ')})|{self.name(self.photo(inline, style))} }}}}"
        return self.fixed(inline, style)

    def fixed(self, inline: Inline, style: str) -> str:
        """Return an inline without tags as XML."""
        return write_inlines((inline,), style, self.draft)

    def around(self, pieces: Sequence[Piece], write: Callable[[str], str], *, certain: bool = False) -> str:
        """Return the program of a text inside of what ``write`` puts around it; ``certain`` says it is never empty."""
        if certain:
            return write(_VALUE).replace(_VALUE, "".join(map(as_jinja, pieces)))
        if len(pieces) == 1:
            return f"{{{{ ({pieces[0].code})|{self.name(printing(write))} }}}}"
        return f"{{% filter {self.name(write)} %}}{''.join(map(as_jinja, pieces))}{{% endfilter %}}"

    def run(self, run: Run, style: str) -> Callable[[str], str]:
        """Return what puts a run of this look around a text; around none, nothing."""
        before, after = self.fixed(replace(run, text=_VALUE), style).split(_VALUE)
        return lambda text: before + text + after if text else ""

    def blank(self, blank: Blank, style: str) -> Callable[[str], str]:
        """Return what puts a blank around a text: a control that gives its hint while it is empty."""
        look = next(part for part in blank.inlines if isinstance(part, Run))
        filled, held = self.run(look, style), replace(blank, inlines=(replace(look, text=_VALUE),))
        before, after = write_control(held, style, self.draft, COUNT + NUMBER).split(_VALUE)
        return lambda text: f"{before}{text}{after}" if blank.hint and not text.strip() else filled(text)

    def photo(self, photo: Photo, style: str) -> Callable[[Context, Any], str]:
        """Return what shows a photo, or its label where there is none."""
        if any(has_tags(read_pieces(part.text)) for part in photo.label if isinstance(part, Run)):
            raise NoProgramError("a label with tags")
        label, picture = write_inlines(photo.label, style, self.draft), COUNT + write_picture(photo, NUMBER)

        @pass_context
        def show(context: Context, value: Any) -> str:
            source = print_value(value)
            if not source:
                return label
            pictures = context[PICTURES]
            pictures.shown.append(read_photo(pictures.folder, source))
            return picture

        return show

    def segments(self, inlines: Sequence[Inline], style: str, keys: Mapping[Run, str]) -> Iterator[str]:
        """Yield the program of inlines as a stream for ``Joined``, the text of runs under the key of their look."""
        for inline in inlines:
            if isinstance(inline, Photo):
                raise NoProgramError("a photo among runs that may join")
            if isinstance(inline, Run):
                key = keys[replace(inline, text="")]
                yield from (_as_segment(key, piece) for piece in read_pieces(inline.text))
            else:
                yield f"{_SEGMENT}{_TEXT}{self.inline(inline, style)}"


@dataclass(frozen=True)
class Joined:
    """Joins a stream of segments: neighbours of one key become one run, empty ones none; without key all is written."""

    writers: Mapping[str, Callable[[str], str]]

    def join(self, stream: str) -> str:
        """Return the runs."""
        segments = [segment.partition(_TEXT) for segment in stream.split(_SEGMENT)[1:]]
        stated = [(key, text) for key, _, text in segments if text or not key]
        together = groupby(stated, itemgetter(0))
        joined = ((key, "".join(text for _, text in group)) for key, group in together)
        return "".join(self.writers[key](text) if key else text for key, text in joined)


def printing(write: Callable[[str], str]) -> Callable[[object], str]:
    """Return what prints a value and writes it."""

    def printed(value: object) -> str:
        return write(value if type(value) is str and plain(value) else print_text(value))

    return printed


def settle_merges(rows: str) -> str:
    """Return the rows, merges that run to their end begun where another row follows."""
    first, *parts = rows.split(_MERGE)
    follows = ["<w:tr>" in "".join(parts[number:]) for number in range(len(parts))]
    return first + "".join((_RESTART if more else "") + part for more, part in zip(follows, parts, strict=True))


def _as_segment(key: str, piece: Piece) -> str:
    return as_jinja(piece) if piece.kind == "tag" else f"{_SEGMENT}{key}{_TEXT}{as_jinja(piece)}"


def _blank_pieces(blank: Blank) -> tuple[Piece, ...]:
    pieces = [read_pieces(part.text) for part in blank.inlines if isinstance(part, Run)]
    if any(map(has_tags, pieces)) and len(blank.inlines) > 1:
        raise NoProgramError("a blank of several looks")
    return pieces[0] if pieces else ()


def _may_join(inlines: Sequence[Inline]) -> bool:
    """Return whether two runs of one look may become neighbours, when those between them are empty."""
    for first, last in combinations(range(len(inlines)), 2):
        between = inlines[first + 1 : last]
        one, other = inlines[first], inlines[last]
        if not (isinstance(one, Run) and isinstance(other, Run) and replace(one, text=other.text) == other):
            continue
        if all(isinstance(run, Run) and not is_certain(read_pieces(run.text)) for run in between):
            return True
    return False


def _merge(cell: Cell | Continued, group: Group, number: int) -> str:
    """Return how a cell of a row begins a merge."""
    if isinstance(cell, Continued):
        return ""
    earlier, later = group.rows[:number], group.rows[number + 1 :]
    if cell.per_loop:
        words = [row.code.partition(" ")[0] for row in (*earlier[-1:], *later[:1]) if isinstance(row, Tag)]
        if words not in (["for", "endfor"], ["for", "else"]):
            raise NoProgramError("a merge over part of a loop")
        return f"{{% if not loop.last %}}{_RESTART}{{% endif %}}"
    if cell.rows > len(later) + 1:
        raise NoProgramError("a merge beyond the end")
    if cell.rows == 0 and any(isinstance(row, Tag) for row in group.rows):
        return _MERGE
    return _RESTART if cell.rows != 1 else ""
