"""Put rows of tables into things: many rows say the same, so a column remembers what its texts have been read as."""

from collections import Counter
from dataclasses import dataclass, field

from generator.identity import normalise_id
from generator.institution.facts import (
    NUMBERED,
    Reading,
    Reference,
    doubts_of,
    fill_fact,
    fill_thing,
    find_field,
    reject_label,
)
from generator.institution.given import parse_fact
from generator.institution.missing import MISSING
from generator.institution.sources import Entry, Head, RawRow
from generator.institution.world import Thing
from generator.policy.vocabulary import DataField, Entity

MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table that holds a field, and the facts its texts have been read as."""

    number: int
    label: str
    name: str
    field: DataField
    known: dict[str, object]


@dataclass
class RowReader:
    """Reads rows into things; the headings of each table are looked up once."""

    reading: Reading
    columns: dict[Head, list[Column]] = field(default_factory=dict)

    def fill(self, thing: Thing, raw: RawRow) -> None:
        """Put the facts of the first row that tells of a thing into it."""
        columns = self.columns_of(thing.kind, raw.head)
        if not columns:
            fill_thing(self.reading, thing, raw)
            return
        thing.head, thing.row = raw.head, raw.number
        for column in columns:
            value = raw.values[column.number]
            if value is not None:
                self.fill_cell(thing, column, value)

    def fill_cell(self, thing: Thing, column: Column, value: object) -> None:
        """Put the fact of one cell into a thing."""
        name, field_ = column.name, column.field
        if field_.to is not None:
            self.reading.references.append(Reference(thing, name, column.label, value))
            return
        fact = column.known.get(value) if isinstance(value, str) else None
        if fact is not None:
            thing.facts[name] = fact
            return
        told = self.parse(column, value)
        if told is None:
            place = thing.locate(name)
            fill_fact(self.reading, thing, name, Entry(column.label, value, place, place))
            thing.places.clear()  # the head of the table tells them
        elif told is not MISSING:
            thing.facts[name] = told
            if isinstance(value, str) and len(column.known) < MOST_KNOWN and field_.type not in NUMBERED:
                column.known[value] = told

    def parse(self, column: Column, value: object) -> object | None:
        """Return the fact of a cell; None where there is something to be said about it."""
        if column.field.type in NUMBERED:
            text = str(value)
            return None if doubts_of(column.field, text) else normalise_id(text)
        try:
            return parse_fact(value, column.field, self.reading.policy.terms)
        except ValueError:
            return None

    def columns_of(self, kind: Entity, head: Head) -> list[Column]:
        """Return the columns of a table that hold fields; none where two hold the same, which must be compared."""
        if head not in self.columns:
            named = [(find_field(kind, label), label, cell) for label, cell in head.cells]
            twice = max(Counter(name for name, _label, _cell in named if name).values(), default=0) > 1
            for name, label, cell in named:
                if name is None and not twice:
                    entry = Entry(label, None, cell.place, cell.place)
                    reject_label(self.reading, kind, entry, is_row=True, beside=head.labels)
            columns = [Column(cell.column, label, name, kind.fields[name], {}) for name, label, cell in named if name]
            self.columns[head] = [] if twice else columns
            head.facts = {column.name: column.number for column in columns}
        return self.columns[head]
