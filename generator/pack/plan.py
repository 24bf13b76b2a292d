"""Plan the pack of a round: the rows that apply and the document sources in, the pieces to write out, in order.

A numbered row of the list gives ``01 …``, ``02 …``; what the body asks for beside the list follows as ``正文01 …``,
and what an area adds as ``地区增设01 …``.
A document that serves several rows stands at the first; a row without one gets a slip saying who supplies what.
Sources say in ``document.yaml`` (``part``) whether they are the front of each pack or the slip.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene, subjects
from generator.document.source import Source, load_source
from generator.files import safe_name
from generator.institution.world import Thing
from generator.pack.materials import ADDED, Row
from generator.policy.predicates import Predicate
from generator.problems import KaowuError, Place, Problem

FRONT = "front"
SLIP = "slip"
BODY = "正文"
BOUND = "（合订）"  # what follows the name of a folder in that of its volume
NO_TEMPLATE = "本版本还没有这份文书的模板，请按原格式自备"
CONDITIONS: TypeAdapter[list[Predicate]] = TypeAdapter(list[Predicate])


@dataclass(frozen=True)
class Piece:
    """One document to write: its source, the thing it is about, and its path in the pack without suffix."""

    source: Source
    thing: Thing
    stem: str
    row: Row | None = None


@dataclass(frozen=True)
class Line:
    """A line of the index: a row with its number, the pieces that carry it, and what else is to be said."""

    number: str
    row: Row
    pieces: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """All lines of a pack, and the pieces at its front."""

    lines: tuple[Line, ...]
    front: tuple[Piece, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield every piece once, the front last, for it speaks of the others."""
        seen: set[str] = set()
        for piece in (*(piece for line in self.lines for piece in line.pieces), *self.front):
            if piece.stem not in seen:
                seen.add(piece.stem)
                yield piece


def load_sources(folder: Path) -> dict[str, Source]:
    """Return every document source by id; raise KaowuError with all faults of all of them."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/document.yaml")):
        try:
            source = load_source(path.parent)
            sources[source.id] = replace(source, when=read_conditions(source))
        except KaowuError as error:
            problems.extend(error.problems)
    if problems:
        raise KaowuError(problems)
    return sources


def read_conditions(source: Source) -> list[Predicate]:
    """Return a source's ``when`` as predicates; raise KaowuError where it is none."""
    try:
        return CONDITIONS.validate_python(source.when or [])
    except ValidationError:
        place = Place(f"{source.folder.name}/document.yaml")
        raise KaowuError([Problem(place, "document-when", "when 不是判断的列表", "写法见 policy/README.md")]) from None


def plan_pack(rows: Iterable[Row], sources: Mapping[str, Source], scene: RuleScene, round_thing: Thing) -> Plan:
    """Return the plan of a round's pack."""
    lines: list[Line] = []
    placed: dict[str, str] = {}
    unnumbered: Counter[str] = Counter()
    for row in rows:
        series = ADDED if row.added else BODY
        unnumbered[series] += row.no is None
        number = f"{row.no:02d}" if row.no is not None else f"{series}{unnumbered[series]:02d}"
        lines.append(plan_line(number, row, (sources, scene, round_thing), placed))
    fronts = sorted(
        (s for s in sources.values() if s.extra.get("part") == FRONT), key=lambda s: str(s.extra.get("order"))
    )
    return Plan(tuple(lines), tuple(Piece(source, round_thing, f"00 {plain_title(source)}") for source in fronts))


Setting = tuple[Mapping[str, Source], RuleScene, Thing]


def plan_line(number: str, row: Row, setting: Setting, placed: dict[str, str]) -> Line:
    """Return the line of one row; ``placed`` remembers where each document stands."""
    sources, _scene, round_thing = setting
    if row.applies is False:
        return Line(number, row, (), f"不适用：{row.because}")
    pieces: list[Piece] = []
    notes: list[str] = []
    for name in row.documents:
        if name in placed:
            notes.append(f"见 {placed[name]}")
        elif name not in sources:
            notes.append(NO_TEMPLATE)
        else:
            found = list(plan_document(number, row, sources[name], setting))
            placed |= {name: number} if found else {}
            pieces += found
    if not pieces and not any(note.startswith("见") for note in notes):
        pieces += plan_slip(number, row, sources, round_thing)
    notes += [row.supplied_by] if row.supplied_by else []
    notes += [f"是否适用待定：{row.because}"] if row.applies is None else []
    return Line(number, row, tuple(pieces), "；".join(dict.fromkeys(notes)))


def plan_document(number: str, row: Row, source: Source, setting: Setting) -> Iterator[Piece]:
    """Yield the pieces of one document: one for each thing of its scope that it is about."""
    _sources, scene, round_thing = setting
    things = [
        thing
        for thing in subjects(round_thing.world, round_thing, source.scope)
        if evaluate_all(thing, source.when, scene).holds is not False
    ]
    name = safe_name(f"{number} {plain_title(source)}")
    for index, thing in enumerate(things, 1):
        single = len(things) == 1 and (thing is round_thing or thing.kind.collection is None)
        yield Piece(source, thing, name if single else f"{name}/{name_thing(thing, index)}", row)


def plan_slip(number: str, row: Row, sources: Mapping[str, Source], round_thing: Thing) -> Iterator[Piece]:
    """Yield the slip of a row that no document of ours carries."""
    for source in sources.values():
        if source.extra.get("part") == SLIP:
            yield Piece(source, round_thing, safe_name(f"{number} {row.name}（说明）"), row)


def plain_title(source: Source) -> str:
    """Return the name of a document for files: ``name`` of its description, else its title."""
    return str(source.extra.get("name") or source.title)


def name_thing(thing: Thing, index: int) -> str:
    """Return a file name for a document about one thing: its key, and what things of its kind are named by."""
    words = [thing.key or f"{index:03d}", "".join(tell_fact(thing, path) for path in thing.kind.named or ("name",))]
    return safe_name(" ".join(filter(None, words)))


def tell_fact(thing: Thing, path: str) -> str:
    """Return a fact as a document prints it; nothing where it is not stated or the kind has no such fact."""
    *way, name = path.split(".")
    holder = thing.follow(".".join(way)) if way else thing
    known = isinstance(holder, Thing) and name in holder.kind.fields and name in holder.facts
    return str(holder.show(name)) if known and isinstance(holder, Thing) else ""


def describe_plan(plan: Plan, unprinted: Mapping[str, str], beside: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the index as documents speak of it.

    ``unprinted`` gives the stems whose PDF is withheld, with the reason; ``beside`` the files that are no document of
    their own: volumes and workbooks.
    """
    return [
        {
            "编号": line.number,
            "名称": line.row.name,
            "份数": len(line.pieces) or "",
            "文件": "；".join(folders_of(line)),
            "适用": line.row.applies is not False,
            "说明": "；".join(dict.fromkeys(notes_of(line, unprinted, beside))),
            "出处": "、".join(line.row.at),
        }
        for line in plan.lines
    ]


def notes_of(line: Line, unprinted: Mapping[str, str], beside: Sequence[str]) -> Iterator[str]:
    """Yield what the index says of a line beside its files: who supplies it, what else there is, what is lacking."""
    yield from filter(None, [line.note])
    own = [path for path in beside if belongs_to(path, folders_of(line))]
    volumes = sum(path.endswith(f"{BOUND}.pdf") for path in own)
    yield from [f"另有合订本 {volumes} 个"] if volumes else []
    yield from (f"填写和计算用“{path.rpartition('/')[2]}”" for path in own if path.endswith(".xlsx"))
    yield from filter(None, (unprinted.get(piece.stem, "") for piece in line.pieces))


def folders_of(line: Line) -> list[str]:
    """Return the files and folders of a line's pieces, each once."""
    return [*dict.fromkeys(piece.stem.partition("/")[0] for piece in line.pieces)]


def belongs_to(path: str, folders: Iterable[str]) -> bool:
    """Return whether a file lies in one of the folders, or beside it under its name."""
    folder, inside, _name = path.partition("/")
    return (folder if inside else folder.rpartition(".")[0].removesuffix(BOUND)) in folders
