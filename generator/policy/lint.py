"""Whether the parts of the policy fit together: a loaded policy in, every fault with its place out.

The loader refuses what is mistyped; here each check is one idea run over every record: registered slugs, clauses
accounted for, paths and words the dictionary knows, numbers that stand in ``values``, files in canonical form.
"""

import string
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from generator.policy.canonical import check_form
from generator.policy.load import Guideline, Policy
from generator.policy.predicates import Bounded, CompleteTest, CoversTest, FactTest, MeetsTest, SpanTest, Strict
from generator.policy.records import Material, Record, Rule, Step
from generator.policy.scopes import Found, paths_in, paths_of, tests_in
from generator.policy.values import Quantity, Range, Table, Value
from generator.problems import Place, Problem, nearest

Message = tuple[str, str]
Check = Callable[[Policy, Guideline], Iterator[Problem]]


def lint_policy(policy: Policy) -> list[Problem]:
    """Return every fault found, sorted by place."""
    problems = [problem for path in policy_files(policy) for problem in check_form(path, policy.root)]
    problems += check_dictionary(policy)
    for guideline in policy.guidelines.values():
        problems += [problem for check in CHECKS for problem in check(policy, guideline)]
    return sorted(set(problems))


def policy_files(policy: Policy) -> list[Path]:
    """Return the YAML files under the policy's root, sorted."""
    return sorted(policy.root.rglob("*.yaml"))


def fault(guideline: Guideline, name: str, path: tuple[str | int, ...], code: str, message: tuple[str, str]) -> Problem:
    """Return a problem placed at a part of a record."""
    return Problem(guideline.place(name, *path), code, *message)


def check_slugs(policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield rules whose slug is not registered under their topic."""
    for name in guideline.rules:
        if name not in policy.duties:
            topic = name.partition("#")[0]
            known = [duty.partition("#")[2] for duty in policy.duties if duty.startswith(f"{topic}#")]
            advice = nearest(name.partition("#")[2], known) or f"先在 duties/{topic}.yaml 登记"
            yield fault(guideline, name, (), "unknown-slug", (f"“{name}”没有登记", advice))


def check_citations(_policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield citations of clauses that the outline lacks."""
    outline = guideline.head.outline
    for name, record in guideline.all_records():
        for path, locator in locators_in(record):
            if locator not in outline:
                advice = nearest(locator, outline) or "在 outline.yaml 补上这个条款"
                yield fault(guideline, name, path, "unknown-clause", (f"目录里没有“{locator}”", advice))


def locators_in(record: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every locator cited in a record or its parts, with its path."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name == "at":
            yield from (((*path, name, index), locator) for index, locator in enumerate(value))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from locators_in(item, (*path, name, index))


def cited(guideline: Guideline) -> set[str]:
    """Return every locator that some record cites."""
    return {locator for _name, record in guideline.all_records() for _path, locator in locators_in(record)}


def check_outline(_policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield clauses said to be encoded that nobody cites, cited ones said not to be, and headings without children."""
    cites = cited(guideline)
    outline = guideline.head.outline
    for locator, clause in outline.items():
        place = guideline.documents["outline"].key_place((locator,))
        children = any(is_below(other, locator) for other in outline)
        if clause.treatment == "encoded" and locator not in cites:
            yield Problem(
                place, "clause-not-encoded", f"“{locator}”标为 encoded，却没有记录引用", "编码它，或改 treatment"
            )
        if clause.treatment == "heading" and not children:
            yield Problem(
                place, "empty-heading", f"“{locator}”标为 heading，却没有下级条款", "改为 encoded 或 informative"
            )
        if clause.treatment == "heading" and locator in cites:
            yield Problem(place, "heading-cited", f"“{locator}”标为 heading，却有记录引用", "改为 encoded")


def is_below(locator: str, above: str) -> bool:
    """Return whether a locator lies under another."""
    return locator != above and locator.startswith(above)


def check_numbers(policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield names that ``values`` lacks, values nobody uses, and units no one knows."""
    units = policy.terms["unit"].terms
    for name, rule in guideline.rules.items():
        used = set(placeholders(rule.says)) | {bound for test in tests_in(rule) for bound in bounds_in(test)}
        for missing in sorted(used - set(rule.values)):
            advice = nearest(missing, rule.values)
            yield fault(guideline, name, (), "unknown-value", (f"values 里没有“{missing}”", advice))
        says = set(placeholders(rule.says))
        for idle in sorted(set(rule.values) - says):
            yield fault(
                guideline, name, ("values", idle), "silent-value", (f"“{idle}”没有写进 says", "写成 {" + idle + "}")
            )
        for key, value in rule.values.items():
            for unit in units_of(value):
                if unit and unit not in units and policy.terms["unit"].find(unit) is None:
                    yield fault(
                        guideline,
                        name,
                        ("values", key),
                        "unknown-unit",
                        (f"词表没有单位“{unit}”", nearest(unit, units)),
                    )


def placeholders(says: str) -> list[str]:
    """Return the names in braces in a restatement."""
    return [name for _text, name, _spec, _conversion in string.Formatter().parse(says) if name]


def bounds_in(test: BaseModel) -> list[str]:
    """Return the value names a predicate uses."""
    names = [*test.bounds().values()] if isinstance(test, Bounded) else []
    names += [str(getattr(test, name)) for name in ("among", "words", "table") if getattr(test, name, None)]
    if not isinstance(test, Bounded) and getattr(test, "at_least", None):
        names.append(str(getattr(test, "at_least")))  # noqa: B009  (only rotations have it)
    return names


def units_of(value: Value) -> list[str]:
    """Return the units a value is written with."""
    if isinstance(value, Table):
        return [row.unit for _label, row in value.rows]
    return [value.unit] if isinstance(value, Quantity | Range) else []


def check_paths(policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield paths the dictionary does not know, and words their vocabulary lacks."""
    for name, record in guideline.all_records():
        scope = record.for_each if isinstance(record, Rule) else "round"
        if scope not in policy.entities:
            advice = nearest(scope, policy.entities)
            yield fault(guideline, name, ("for_each",), "unknown-entity", (f"没有实体“{scope}”", advice))
            continue
        for entity, path, test in paths_in(record, scope, policy.dictionary):
            yield from check_path(policy, guideline, name, (entity, path, test))


def check_path(policy: Policy, guideline: Guideline, name: str, item: tuple[str, str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with one path, and with the words compared with it."""
    entity, path, test = item
    try:
        station = policy.dictionary.trace(entity, path)[-1]
    except KeyError as error:
        yield fault(guideline, name, (), "unknown-path", (f"“{path}”：{error.args[0]}", ""))
        return
    if not isinstance(test, FactTest) or path != test.fact:
        return
    words = [word for word in [test.is_, *(test.one_of or []), *(test.none_of or [])] if isinstance(word, str)]
    vocabulary = policy.terms.get(station.field.terms) if station.field and station.field.terms else None
    for word in words:
        if vocabulary and word not in vocabulary.terms:
            what = f"“{path}”没有取值“{word}”"
            yield fault(guideline, name, (), "unknown-term", (what, nearest(word, vocabulary.terms)))
    if station.field and station.field.type == "yes-no" and words:
        yield fault(guideline, name, (), "not-a-word", (f"“{path}”是是非字段", "写 is: true 或 is: false"))


def check_links(policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield links to records that are not there: contents, rules of steps, retention words, superseded guidelines."""
    for name, record in guideline.all_records():
        yield from (
            fault(guideline, name, (), code, message) for code, message in broken_links(policy, guideline, record)
        )
    for index, link in enumerate(guideline.head.supersedes):
        if not (policy.root / link.guideline / "guideline.yaml").is_file():
            place = guideline.documents["guideline"].place(("supersedes", index, "guideline"))
            yield Problem(place, "unknown-guideline", f"没有指引“{link.guideline}”")


def broken_links(policy: Policy, guideline: Guideline, record: Record) -> Iterator[tuple[str, Message]]:
    """Yield (code, message) for each link of one record that leads nowhere."""
    if isinstance(record, Rule):
        for test in tests_in(record):
            yield from broken_test(guideline, test)
    if isinstance(record, Step) and record.rule is not None:
        yield from broken_step(guideline, record.rule, record.value)
    if isinstance(record, Material):
        periods = record.retention if isinstance(record.retention, dict) else {"": record.retention}
        retention = policy.terms["retention"].terms
        for period in sorted(set(periods.values()) - set(retention)):
            yield "unknown-retention", (f"词表没有保存期限“{period}”", nearest(period, retention))


def broken_test(guideline: Guideline, test: Strict) -> Iterator[tuple[str, Message]]:
    """Yield links of a predicate to records that are not there."""
    if isinstance(test, CompleteTest) and test.complete not in guideline.contents:
        yield "unknown-content", (f"contents 里没有“{test.complete}”", nearest(test.complete, guideline.contents))
    if isinstance(test, MeetsTest) and test.meets not in guideline.rules:
        yield "unknown-rule", (f"没有规则“{test.meets}”", nearest(test.meets, guideline.rules))
    if isinstance(test, CoversTest) and (test.of is None) == (test.words is None):
        yield "covers-what", ("covers 须恰有 of、words 之一", "")


def broken_step(guideline: Guideline, name: str, value: str | None) -> Iterator[tuple[str, Message]]:
    """Yield a step's link to a rule or value that is not there."""
    rule = guideline.rules.get(name)
    if rule is None:
        yield "unknown-rule", (f"没有规则“{name}”", nearest(name, guideline.rules))
    elif value is not None and value not in rule.values:
        yield "unknown-value", (f"规则“{name}”没有数值“{value}”", nearest(value, rule.values))


def check_documents(_policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield records that name the same official row twice."""
    seen: dict[int, str] = {}
    for name, row in guideline.materials.items():
        if row.no is not None and row.no in seen:
            what = f"材料清单第 {row.no} 行已由“{seen[row.no]}”编码"
            yield fault(guideline, f"materials#{name}", ("no",), "row-twice", (what, ""))
        seen |= {row.no: name} if row.no is not None else {}


def check_dictionary(policy: Policy) -> list[Problem]:
    """Return what refers to entities, vocabularies or facts that are not there."""
    problems = []
    for name, entity in policy.entities.items():
        place = Place(f"fields/{name}.yaml")
        for field_name, field in entity.fields.items():
            if field.terms and field.terms not in policy.terms:
                what = f"“{field_name}”的词表“{field.terms}”不存在"
                problems.append(Problem(place, "unknown-vocabulary", what, nearest(field.terms, policy.terms)))
            if field.to and field.to not in policy.entities:
                what = f"“{field_name}”引用的实体“{field.to}”不存在"
                problems.append(Problem(place, "unknown-entity", what, nearest(field.to, policy.entities)))
    return problems or [*check_reckoned(policy)]


def check_reckoned(policy: Policy) -> Iterator[Problem]:
    """Yield the derived facts and doubts of the dictionary that name a fact there is not."""
    dictionary = policy.dictionary
    for name, entity in policy.entities.items():
        place = Place(f"fields/{name}.yaml")
        for key, derived in entity.derived.items():
            paths = filter(None, (derived.rows, derived.earliest, derived.latest, derived.count, *derived.first))
            rows = derived.rows or derived.count
            inner = dictionary.trace(name, rows)[-1].entity if rows else name
            tests = [*paths_of(derived.holds, name, dictionary), *paths_of(derived.where, str(inner), dictionary)]
            yield from unknown_facts(policy, place, key, [*((name, path, None) for path in paths), *tests])
        for key, doubt in entity.doubts.items():
            found = paths_of([*doubt.when, *doubt.require], name, dictionary)
            yield from unknown_facts(policy, place, key, found)


def unknown_facts(policy: Policy, place: Place, key: str, found: Iterable[Found]) -> Iterator[Problem]:
    """Yield the paths that lead nowhere."""
    for entity, path, _test in found:
        try:
            policy.dictionary.trace(entity, path)
        except KeyError:
            yield Problem(place, "unknown-fact", f"“{key}”里的“{path}”在{policy.entities[entity].label}上不存在")


def check_steps(_policy: Policy, guideline: Guideline) -> Iterator[Problem]:
    """Yield dated steps that count days in another way than the rule whose number they take."""
    for name, step in guideline.steps.items():
        rule = guideline.rules.get(step.rule or "")
        tests = [test for test in tests_in(rule) if isinstance(test, SpanTest)] if rule else []
        units = {test.unit for test in tests if step.value in test.bounds().values()}
        if units and step.counted not in units:
            what = f"这一步按 {step.counted} 数日子，规则“{step.rule}”按 {'、'.join(sorted(units))} 数"
            yield fault(guideline, f"schedule#{name}", (), "counted-otherwise", (what, "两处改成一致"))


CHECKS: tuple[Check, ...] = (
    check_slugs,
    check_citations,
    check_outline,
    check_numbers,
    check_paths,
    check_links,
    check_documents,
    check_steps,
)


def coverage(guideline: Guideline) -> dict[str, int]:
    """Return how many clauses each treatment has, and how many rules each way of checking has."""
    counts: dict[str, int] = {}
    for clause in guideline.head.outline.values():
        counts[clause.treatment] = counts.get(clause.treatment, 0) + 1
    for rule in guideline.rules.values():
        counts[rule.checked] = counts.get(rule.checked, 0) + 1
    return counts
