"""What hangs on a record: the documents that speak of it, the rules whose check draws on it, the steps it dates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.change.model import Touched
from generator.document.source import load_source
from generator.policy.load import Guideline
from generator.policy.predicates import CompleteTest, MeetsTest
from generator.policy.records import Committee, Content, Form, Material, Record, Sheet
from generator.policy.scopes import tests_in
from generator.problems import KaowuError, Place

RULES = re.compile(r'rule="([^"]*)"')
LOGIC, FILLED, MARKUP = re.compile(r"{%.*?%}"), re.compile(r"{{.*?}}"), re.compile(r"<[^>]*>")
NEAR, FIRST = 3, 24
BOOKS = {"contents": "内容", "forms": "表单", "sheets": "评分表", "committees": "委员会"}


@dataclass(frozen=True)
class Passage:
    """A line of a document source that speaks of a record: where it stands, and its first words."""

    place: Place
    words: str


@dataclass(frozen=True)
class Template:
    """A document source as text: its id, its name, its body with the shared parts put in, where each line stands."""

    id: str
    name: str
    text: str
    origins: tuple[Place, ...] = ()

    def speaks_of(self, name: str) -> bool:
        """Return whether it cites a record or draws on its words."""
        return any(speaks(line, name) for line in self.text.split("\n"))

    def passages(self, name: str) -> Iterator[Passage]:
        """Yield the lines that cite a record or draw on its words."""
        lines = self.text.split("\n")
        for number, (line, place) in enumerate(zip(lines, self.origins, strict=False)):
            if speaks(line, name):
                yield Passage(place, first_words("\n".join(lines[number : number + NEAR])))


def speaks(line: str, name: str) -> bool:
    """Return whether a line of a document source cites a record or draws on its words."""
    kind, _, slug = name.partition("#")
    asked = re.escape(f"{BOOKS.get(kind, '规定')}.{slug.replace('-', '_').replace('.', '_')}")
    cited = {rule for group in RULES.findall(line) for rule in group.split()}
    return name in cited or re.search(rf"{asked}(?![A-Za-z0-9_])", line) is not None


def first_words(text: str) -> str:
    """Return the first words of a passage as a reader sees them: tags dropped, what is filled in shown as “…”."""
    told = "".join(MARKUP.sub("", FILLED.sub("…", LOGIC.sub("", text))).split())
    return re.sub("…+", "…", told)[:FIRST]


def load_templates(folder: Path | None) -> dict[str, Template]:
    """Return the document sources by id; one that cannot be read is left out, for it makes no document."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*/document.yaml")) if folder else ():
        try:
            source = load_source(path.parent)
            name = str(source.extra.get("name") or (source.id if "{" in source.title else source.title))
            found[source.id] = Template(source.id, name, source.text, source.body.origins)
        except KaowuError:
            continue
    return found


def touched_by(
    name: str, guideline: Guideline, templates: Mapping[str, Template], titles: Mapping[str, str]
) -> Touched:
    """Return what hangs on the record ``topic#slug`` or ``kind#id`` of a guideline."""
    record = dict(guideline.all_records()).get(name)
    carried = {document for _name, one in guideline.all_records() for document in carriers(one)}
    speaking = (template.id for template in templates.values() if template.id in carried and template.speaks_of(name))
    documents = dict.fromkeys([*carriers(record), *speaking])
    rules = list(dependents(name, guideline))
    return Touched(
        documents=[title_of(document, guideline, templates) for document in documents],
        rules=rules,
        checks=[titles.get(rule, rule) for rule in rules],
        steps=[step.title for step in guideline.steps.values() if step.rule == name],
    )


def carriers(record: Record | None) -> Iterator[str]:
    """Yield the documents a record itself names."""
    if isinstance(record, Material):
        yield from record.documents
    if isinstance(record, Content | Form | Sheet | Committee) and record.document:
        yield record.document


def dependents(name: str, guideline: Guideline) -> Iterator[str]:
    """Yield the rules whose predicates draw on a rule or on what a document must contain, at any remove."""
    seen = {name}
    pending = [name]
    while pending:
        asked = pending.pop()
        for other, rule in guideline.rules.items():
            if other not in seen and any(asked in targets(test) for test in tests_in(rule)):
                seen.add(other)
                pending.append(other)
                yield other


def targets(test: object) -> Iterable[str]:
    """Return the names of records a predicate draws on."""
    if isinstance(test, MeetsTest):
        return (test.meets,)
    return (f"contents#{test.complete}",) if isinstance(test, CompleteTest) else ()


def title_of(document: str, guideline: Guideline, templates: Mapping[str, Template]) -> str:
    """Return the name of a document: that of its source, else of the row of the list it carries."""
    if document in templates:
        return templates[document].name
    return next((row.name for row in guideline.materials.values() if document in row.documents), document)
