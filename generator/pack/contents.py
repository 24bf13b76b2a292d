"""Whether documents contain what their guideline requires: the pieces of a pack and their texts in, what lacks out.

An item of ``contents`` is shown by the values of its facts and by its ``words``; an item with neither, by its own name.
A document about one candidate, session or occupation has to show what belongs to that one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene
from generator.document.text import text_of
from generator.document.tree import Document
from generator.document.values import format_date, format_month_day, is_missing, print_value
from generator.institution.world import Thing, names_in, referred, step
from generator.pack.plan import Piece
from generator.policy.records import Content, ContentItem


@dataclass(frozen=True)
class Lack:
    """One thing that a guideline requires of a document and that does not stand in it."""

    stem: str
    content: str
    item: str
    what: str


def find_lacks(
    pieces: Iterable[Piece], read: Callable[[Piece], str], scene: RuleScene, round_thing: Thing
) -> Iterator[Lack]:
    """Yield what lacks in the documents of a round; ``read`` gives the text of a piece."""
    contents = scene.guideline.of_kind("contents", Content)
    for piece in pieces:
        asked = {name: content for name, content in contents.items() if content.document == piece.source.id}
        text = close_text(read(piece)) if asked else ""
        for name, content in asked.items():
            for item in items_for(content, scene, round_thing):
                lacking = (forms for forms in shown_by(item, piece.thing, round_thing) if not stands(forms, text))
                yield from (Lack(piece.stem, name, item.name, forms[0]) for forms in lacking)


def items_for(content: Content, scene: RuleScene, round_thing: Thing) -> Iterator[ContentItem]:
    """Yield the items of a content that a round needs: those whose condition does not fail."""
    yield from (item for item in content.items if evaluate_all(round_thing, item.when, scene).holds is not False)


def shown_by(item: ContentItem, thing: Thing, round_thing: Thing) -> list[list[str]]:
    """Return what has to stand in a document about ``thing``, each in the forms it may take."""
    values = [value for path in item.facts for value in values_for(path, thing, round_thing)]
    words = item.words if item.facts else item.words or [item.name]
    return [*filter(None, map(forms_of, values)), *([word] for word in words)]


def values_for(path: str, thing: Thing, round_thing: Thing) -> Iterator[object]:
    """Yield the values a path from the round leads to, of them those that belong to ``thing``."""
    *way, name = names_in(path)
    found: list[object] = [round_thing]
    for station in way:
        reached = step(found, station)
        found = [item for item in as_list(reached) if isinstance(item, Thing) and belongs(item, thing)]
    for holder in found:
        if isinstance(holder, Thing):
            yield from (value for value in as_list(holder.show(name)) if not foreign(value, thing))


def as_list(value: object) -> list[object]:
    """Return several values as a list, one as a list of it."""
    return list(value) if isinstance(value, list | tuple) else [value]


def foreign(value: object, thing: Thing) -> bool:
    """Return whether a value is a thing that has nothing to do with ``thing``."""
    return isinstance(value, Thing) and not belongs(value, thing)


def belongs(item: Thing, thing: Thing) -> bool:
    """Return whether an item concerns ``thing``: it is that, or neither leads to another of the other's kind."""
    if item.entity == thing.entity:
        return item is thing
    ours = [above for above in ascend(item) if above.entity == thing.entity]
    theirs = [above for above in ascend(thing) if above.entity == item.entity]
    return (not ours or thing in ours) and (not theirs or item in theirs)


def ascend(thing: Thing) -> list[Thing]:
    """Return the things above a thing: what it belongs to and refers to, and what those do."""
    found: list[Thing] = []
    waiting = [thing]
    while waiting:
        for above in (*([parent] if (parent := waiting[0].parent) else ()), *referred(waiting[0])):
            if not any(above is other for other in found):
                found.append(above)
                waiting.append(above)
        waiting.pop(0)
    return found


def forms_of(value: object) -> list[str]:
    """Return how a value may be printed (a thing by any of its facts); nothing for what is missing or a mere yes."""
    if is_missing(value) or isinstance(value, bool):
        return []
    if isinstance(value, Thing):
        return [text for text in (str(value), *map(str, value.facts.values())) if text]
    if isinstance(value, date):
        return [format_date(value), format_month_day(value)]
    return [print_value(value)]


def stands(forms: Iterable[str], text: str) -> bool:
    """Return whether one of the forms stands in a text without white space."""
    return any(close_text(form) in text for form in forms)


def read_document(document: Document) -> str:
    """Return the text of a document and the pictures it shows, each by its name."""
    pictures = re.findall(r"Photo\(source='([^']+)'", repr(document))
    return text_of(document) + "".join(f"照片{name}\n" for name in pictures)


def close_text(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())
