"""What all pages draw on: the policy, the document sources, and where each thing has its page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.calendar import WorkCalendar
from generator.change.touched import BOOKS, RULES, carriers
from generator.document.source import Source
from generator.pack.context import name_of
from generator.pack.plan import plain_title
from generator.policy.export import fill_in
from generator.policy.load import Guideline, Policy
from generator.policy.records import Record, Rule
from generator.site.page import link

STATUS_ORDER = ("current", "partly-superseded", "superseded")
CITED = re.compile(r"(规定|内容|表单|评分表|委员会)\.([A-Za-z0-9_]+)")


@dataclass(frozen=True)
class Shelf:
    """The policy, the document sources by id, the working-day calendar, and the files of the gallery by document."""

    policy: Policy
    sources: Mapping[str, Source]
    calendar: WorkCalendar
    gallery: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms: Mapping[str, int] = field(default_factory=dict)

    @property
    def guidelines(self) -> list[Guideline]:
        """Return the guidelines: those in force first, by province, then by kind of institution."""
        provinces = list(self.policy.labels("province").values())
        kinds = list(self.policy.labels("institution-kind"))

        def place(guideline: Guideline) -> tuple[int, int, int]:
            head = guideline.head
            province = provinces.index(head.province) if head.province in provinces else len(provinces)
            return STATUS_ORDER.index(head.status), province, min(map(kinds.index, head.kinds))

        return sorted(self.policy.guidelines.values(), key=place)

    def for_kind(self, kind: str) -> list[Guideline]:
        """Return the guidelines for one kind of institution, those in force first."""
        return [guideline for guideline in self.guidelines if kind in guideline.head.kinds]

    @cached_property
    def followers(self) -> Mapping[str, list[str]]:
        """Return for each superseded guideline those that replaced it."""
        found: dict[str, list[str]] = {}
        for guideline in self.policy.guidelines.values():
            for link_ in guideline.head.supersedes:
                found.setdefault(link_.guideline, []).append(guideline.id)
        return found

    @cached_property
    def speaking(self) -> Mapping[str, frozenset[str]]:
        """Return for each document the names of the records it cites or draws its words from."""
        kinds = {label: kind for kind, label in BOOKS.items()}
        found = {}
        for name, source in self.sources.items():
            cited = {rule for group in RULES.findall(source.text) for rule in group.split()}
            asked = {f"{kinds.get(book, '')}#{slug}" for book, slug in CITED.findall(source.text)}
            found[name] = frozenset(cited | asked)
        return found

    def documents_of(self, guideline: Guideline) -> list[str]:
        """Return the documents that a guideline's records name and we have, in order."""
        named = (name for _id, record in guideline.all_records() for name in carriers(record))
        return [name for name in dict.fromkeys(named) if name in self.sources]

    def users_of(self, document: str) -> list[Guideline]:
        """Return the guidelines that name a document."""
        return [guideline for guideline in self.guidelines if document in self.own[guideline.id]]

    @cached_property
    def own(self) -> Mapping[str, list[str]]:
        """Return the documents of each guideline by its id."""
        return {guideline.id: self.documents_of(guideline) for guideline in self.policy.guidelines.values()}

    def carrying(self, guideline: Guideline, name: str, record: Record) -> list[str]:
        """Return the documents of a guideline that carry a record."""
        kind, _, slug = name.partition("#")
        asked = f"{kind if kind in BOOKS else ''}#{name_of(slug)}"
        spoken = (d for d in self.own[guideline.id] if {name, asked} & self.speaking[d])
        named = (d for d in carriers(record) if d in self.sources)
        return list(dict.fromkeys([*named, *spoken]))

    def title_of(self, document: str) -> str:
        """Return the name of a document."""
        title = plain_title(self.sources[document])
        return document if "{" in title else title

    def link_document(self, document: str, *, here: str) -> str:
        """Return a link to a document's page."""
        return link(self.title_of(document), document_path(document), here=here)

    def link_documents(self, documents: list[str], *, here: str) -> str:
        """Return links to documents, enumerated."""
        return "、".join(self.link_document(document, here=here) for document in documents)

    def link_rule(self, guideline: Guideline, name: str, *, here: str) -> str:
        """Return a link to a rule's page under the title of its duty."""
        return link(self.policy.duties.get(name, name), rule_path(guideline, name), here=here)

    def link_guideline(self, guideline: Guideline, *, here: str) -> str:
        """Return a link to a guideline's page."""
        return link(guideline.head.short, guideline_path(guideline), here=here)

    def topics_of(self, guideline: Guideline) -> Iterator[tuple[str, dict[str, Rule]]]:
        """Yield each topic a guideline has rules under, in the order of the register, with its rules."""
        for topic in self.policy.topics:
            rules = {name: rule for name, rule in guideline.rules.items() if name.partition("#")[0] == topic}
            if rules:
                yield topic, rules


def say(rule: Rule) -> str:
    """Return a rule's words with its numbers."""
    return fill_in(rule.says, rule.values)


def guideline_path(guideline: Guideline) -> str:
    """Return where a guideline has its page."""
    return f"guidelines/{guideline.id}.md"


def rule_path(guideline: Guideline, name: str) -> str:
    """Return where a rule has its page, for ever."""
    return f"rules/{guideline.id}/{name.replace('#', '/')}.md"


def document_path(document: str) -> str:
    """Return where a document has its page."""
    return f"documents/{document}.md"


def topic_path(topic: str) -> str:
    """Return where a topic is compared."""
    return f"compare/{topic}.md"


def duty_anchor(slug: str) -> str:
    """Return the anchor of a duty on the page of its topic."""
    return slug.replace(".", "-")
