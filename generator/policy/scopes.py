"""Walk the predicates of a record with the entity each is read on: for lint, wording and comparison."""

from collections.abc import Iterator, Sequence

from generator.policy.dictionary import Dictionary
from generator.policy.predicates import EachTest, Predicate, RotationTest, Strict
from generator.policy.records import Content, Form, Material, Record, Route, Rule, Step

PATHS = (
    *("fact", "count", "count_distinct", "share", "sum", "distinct", "covers"),
    *("of", "graded", "ranked", "by", "each", "is_of"),
)
LISTS = ("ratio", "mean", "weighted", "shares", "span", "present", "absent", "order", "same", "disjoint")
NESTED = ("require", "all_of", "any_of", "not_", "where")
Found = tuple[str, str, Strict | None]


def tests_in(record: Rule | Material | Step | Route) -> Iterator[Strict]:
    """Yield every predicate of a record, outermost first."""
    yield from walk([*getattr(record, "when", []), *getattr(record, "require", [])])


def walk(tests: Sequence[Strict]) -> Iterator[Strict]:
    """Yield the predicates and those nested in them."""
    for test in tests:
        yield test
        for name in NESTED:
            yield from walk(getattr(test, name, None) or [])


def paths_in(record: Record, scope: str, dictionary: Dictionary) -> Iterator[Found]:
    """Yield (entity, path, predicate) for every path a record names."""
    yield from paths_of([*getattr(record, "when", []), *getattr(record, "require", [])], scope, dictionary)
    if isinstance(record, Content):
        for item in record.items:
            yield from ((scope, path, None) for path in item.facts)
            yield from paths_of(item.when, scope, dictionary)
    if isinstance(record, Form):
        yield from ((record.scope, field.fact, None) for field in record.fields if field.fact)
    if isinstance(record, Step):
        yield from ((scope, path, None) for path in (record.before, record.after, record.done) if path)


def paths_of(tests: Sequence[Predicate], entity: str, dictionary: Dictionary) -> Iterator[Found]:
    """Yield (entity, path, predicate) for predicates read on an entity, and for those nested in them."""
    for test in tests:
        yield from ((entity, path, test) for path in own_paths(test))
        inner = rows_entity(test, entity, dictionary)
        for name in NESTED:
            at_rows = name == "where" or (name == "require" and isinstance(test, EachTest))
            yield from paths_of(getattr(test, name, None) or [], inner if at_rows and inner else entity, dictionary)


def own_paths(test: Predicate) -> Iterator[str]:
    """Yield the paths a predicate itself names, those nested in it left out."""
    if isinstance(test, RotationTest):
        yield str(test.rotation)
        yield f"{test.rotation}.{test.by}"
        return
    yield from (path for name in PATHS if isinstance(path := getattr(test, name, None), str))
    yield from (path for name in LISTS for path in getattr(test, name, None) or [])


def rows_entity(test: Predicate, entity: str, dictionary: Dictionary) -> str | None:
    """Return the entity of the rows that a predicate's ``where`` or ``require`` is read on."""
    path = next((p for name in ("count", "share", "each") if (p := getattr(test, name, None))), None)
    if path is None:
        whole = next((p for name in ("sum", "count_distinct") if (p := getattr(test, name, None))), None)
        path = whole.rpartition(".")[0] if whole else None
    try:
        return dictionary.trace(entity, path)[-1].entity if path else None
    except KeyError:
        return None
