"""Word predicates in plain Chinese: typed conditions and a rule's values in, phrases with the numbers filled in out.

For the site, ``explain`` and reports of changes. A path is worded by the labels of the dictionary, a term by its
label, a bound by its value with the unit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.policy import predicates as kinds
from generator.policy.dictionary import Dictionary
from generator.policy.load import Guideline, Policy
from generator.policy.predicates import Bounded, Predicate
from generator.policy.records import Rule
from generator.policy.scopes import rows_entity
from generator.policy.values import Day, Value

NUMBER_BOUNDS: Mapping[str, str] = {
    "at_least": "不少于",
    "at_most": "不超过",
    "more_than": "多于",
    "less_than": "少于",
    "exactly": "为",
}
DAY_BOUNDS: Mapping[str, str] = {
    "at_least": "不早于",
    "at_most": "不晚于",
    "more_than": "晚于",
    "less_than": "早于",
    "exactly": "为",
}
PARITY: Mapping[str, str] = {"odd": "单数", "even": "双数"}
SPANS: Mapping[str, str] = {
    "workdays": "之间的完整工作日",
    "workdays-after": "之后的工作日",
    "workdays-inclusive": "首尾在内的工作日",
    "days": "相隔的天数",
    "months": "相隔的月数",
    "years": "相隔的周年",
}
ACROSS: Mapping[str, str] = {"adjacent-days": "相邻两天", "consecutive-sessions": "连续两场"}
NO_VALUE = "（没有数值）"


@dataclass(frozen=True)
class Book:
    """What wording needs: the dictionary, labels of terms, titles of duties and contents, and a rule's values."""

    dictionary: Dictionary
    labels: Callable[[str], Mapping[str, str]]
    titles: Mapping[str, str]
    values: Mapping[str, Value]

    def with_values(self, values: Mapping[str, Value]) -> "Book":
        """Return the same book for another rule's values."""
        return replace(self, values=values)

    def bound(self, name: str) -> str:
        """Return a value with its unit."""
        return word_value(self.values[name]) if name in self.values else NO_VALUE

    def path(self, entity: str, path: str) -> str:
        """Return a path in Chinese; as it is written where the dictionary does not know it."""
        try:
            return self.dictionary.label_path(entity, path)
        except KeyError:
            return path

    def term(self, entity: str, path: str, word: object) -> str:
        """Return the label of a word that a fact may take."""
        if isinstance(word, bool):
            return "是" if word else "否"
        try:
            field = self.dictionary.trace(entity, path)[-1].field
        except KeyError:
            return str(word)
        return self.labels(field.terms).get(str(word), str(word)) if field and field.terms else str(word)


def open_book(policy: Policy, guideline: Guideline | None = None) -> Book:
    """Return the book of a policy; with a guideline it knows the titles of its contents as well."""
    contents = {name: content.title for name, content in guideline.contents.items()} if guideline else {}
    return Book(policy.dictionary, policy.labels, {**policy.duties, **contents}, {})


def word_value(value: Value) -> str:
    """Return a value with its unit, such as ``3 人``, ``80%``, ``1/3`` or ``2023年12月31日``."""
    unit = value.unit if value.unit != "%" else ""
    return f"{value} {unit}".rstrip()


def word_rule(rule: Rule, book: Book) -> tuple[str, str]:
    """Return when a rule applies and what it requires; each is empty where nothing is stated."""
    inner = book.with_values(rule.values)
    return word_all(rule.when, rule.for_each, inner), word_all(rule.require, rule.for_each, inner)


def word_all(tests: Sequence[Predicate], entity: str, book: Book) -> str:
    """Return all the conditions in one phrase."""
    return "，且".join(word(test, entity, book) for test in tests)


Word = Callable[[Any, str, Book], str]
WORDERS: dict[type, Word] = {}


def words(kind: type) -> Callable[[Word], Word]:
    """Return a decorator that registers the function wording one kind of predicate."""

    def register(function: Word) -> Word:
        WORDERS[kind] = function
        return function

    return register


def word(test: Predicate, entity: str, book: Book) -> str:
    """Return one predicate in plain Chinese."""
    return WORDERS[type(test)](test, entity, book)


def word_bounds(test: Bounded, book: Book) -> str:
    """Return the bounds (and parity) of a measured number."""
    told = []
    for name, value in test.bounds().items():
        table = DAY_BOUNDS if isinstance(book.values.get(value), Day) else NUMBER_BOUNDS
        told.append(f"{table[name]} {book.bound(value)}")
    parity = getattr(test, "parity", None)
    return "且".join([*told, *([f"为{PARITY[parity]}"] if parity else [])])


def word_rows(test: Any, path: str, entity: str, book: Book) -> str:
    """Return the rows a path leads to, with the condition that picks among them."""
    label = book.path(entity, path)
    inner = rows_entity(test, entity, book.dictionary) or entity
    return f"{label}中（{word_all(test.where, inner, book)}）的" if test.where else label


def quote_all(names: Sequence[str]) -> str:
    """Return labels in quotation marks, enumerated."""
    return "、".join(f"“{name}”" for name in names)


@words(kinds.FactTest)
def word_fact(test: kinds.FactTest, entity: str, book: Book) -> str:
    """Word a test of one fact."""
    label = f"“{book.path(entity, test.fact)}”"
    told = []
    if test.is_ is not None:
        told.append(f"为{book.term(entity, test.fact, test.is_)}")
    for words_, form in ((test.one_of, "为{}之一"), (test.none_of, "不是{}")):
        if words_:
            told.append(form.format("、".join(book.term(entity, test.fact, item) for item in words_)))
    if test.among:
        told.append(f"在“{book.bound(test.among)}”之内")
    if test.bounds():
        told.append(word_bounds(test, book))
    return label + "且".join(told)


@words(kinds.CountTest)
def word_count(test: kinds.CountTest, entity: str, book: Book) -> str:
    """Word a count of rows."""
    return f"{word_rows(test, test.count, entity, book)}数量{word_bounds(test, book)}"


@words(kinds.DistinctCountTest)
def word_count_distinct(test: kinds.DistinctCountTest, entity: str, book: Book) -> str:
    """Word a count of different values."""
    return f"{word_rows(test, test.count_distinct, entity, book)}不同取值的数量{word_bounds(test, book)}"


@words(kinds.ShareTest)
def word_share(test: kinds.ShareTest, entity: str, book: Book) -> str:
    """Word a share of rows."""
    inner = rows_entity(test, entity, book.dictionary) or entity
    picked = word_all(test.where, inner, book)
    return f"{book.path(entity, test.share)}中{picked}的比例{word_bounds(test, book)}"


@words(kinds.RatioTest)
def word_ratio(test: kinds.RatioTest, entity: str, book: Book) -> str:
    """Word a ratio of two numbers."""
    part, whole = (book.path(entity, path) for path in test.ratio)
    return f"{part}与{whole}之比{word_bounds(test, book)}"


@words(kinds.SumTest)
def word_sum(test: kinds.SumTest, entity: str, book: Book) -> str:
    """Word a sum."""
    return f"{word_rows(test, test.sum, entity, book)}合计{word_bounds(test, book)}"


@words(kinds.SpanTest)
def word_span(test: kinds.SpanTest, entity: str, book: Book) -> str:
    """Word the time between two dates."""
    first, last = (book.path(entity, path) for path in test.span)
    return f"{first}至{last}，{SPANS[test.unit]}{word_bounds(test, book)}"


@words(kinds.PresentTest)
def word_present(test: kinds.PresentTest, entity: str, book: Book) -> str:
    """Word that facts are stated."""
    return f"有{quote_all([book.path(entity, path) for path in test.present])}"


@words(kinds.AbsentTest)
def word_absent(test: kinds.AbsentTest, entity: str, book: Book) -> str:
    """Word that nothing is stated."""
    return f"没有{quote_all([book.path(entity, path) for path in test.absent])}"


@words(kinds.CompleteTest)
def word_complete(test: kinds.CompleteTest, _entity: str, book: Book) -> str:
    """Word that a document has all it must contain."""
    return f"“{book.titles.get(test.complete, test.complete)}”的内容齐全"


@words(kinds.OrderTest)
def word_order(test: kinds.OrderTest, entity: str, book: Book) -> str:
    """Word an order of dates or numbers."""
    return "不晚于".join(f"“{book.path(entity, path)}”" for path in test.order)


@words(kinds.SameTest)
def word_same(test: kinds.SameTest, entity: str, book: Book) -> str:
    """Word that two values are the same."""
    return f"{'与'.join(f'“{book.path(entity, path)}”' for path in test.same)}相同"


@words(kinds.DistinctTest)
def word_distinct(test: kinds.DistinctTest, entity: str, book: Book) -> str:
    """Word that nothing is repeated."""
    return f"“{book.path(entity, test.distinct)}”不重复"


@words(kinds.DisjointTest)
def word_disjoint(test: kinds.DisjointTest, entity: str, book: Book) -> str:
    """Word that two sides share nothing."""
    return f"{'与'.join(f'“{book.path(entity, path)}”' for path in test.disjoint)}没有相同的"


@words(kinds.CoversTest)
def word_covers(test: kinds.CoversTest, entity: str, book: Book) -> str:
    """Word that one side holds all of the other."""
    needed = f"“{book.path(entity, test.of)}”" if test.of else f"“{book.bound(str(test.words))}”"
    return f"“{book.path(entity, test.covers)}”涵盖{needed}"


@words(kinds.GradedTest)
def word_graded(test: kinds.GradedTest, entity: str, book: Book) -> str:
    """Word that a score follows its grade."""
    score, grade = (book.path(entity, path) for path in (test.graded, test.by))
    return f"“{score}”与“{grade}”对应（{book.bound(test.table)}）"


@words(kinds.MeanTest)
def word_mean(test: kinds.MeanTest, entity: str, book: Book) -> str:
    """Word that a score is the mean of others."""
    parts = "、".join(f"“{book.path(entity, path)}”" for path in test.mean)
    return f"“{book.path(entity, test.is_of)}”为{parts}的平均值"


@words(kinds.WeightedTest)
def word_weighted(test: kinds.WeightedTest, entity: str, book: Book) -> str:
    """Word that a total is made up of scores by their shares."""
    pairs = zip(test.weighted, test.shares, strict=True)
    parts = "、".join(f"“{book.path(entity, score)}”按“{book.path(entity, share)}”" for score, share in pairs)
    return f"“{book.path(entity, test.is_of)}”由{parts}合成（可保留两位小数）"


@words(kinds.RankedTest)
def word_ranked(test: kinds.RankedTest, entity: str, book: Book) -> str:
    """Word that a rank follows from a score."""
    rank, rows, score = (book.path(entity, path) for path in (test.ranked, test.of, test.by))
    return f"“{rank}”与“{score}”在“{rows}”中从高到低的次序一致"


@words(kinds.RotationTest)
def word_rotation(test: kinds.RotationTest, entity: str, book: Book) -> str:
    """Word how many people change from one session to the next."""
    people = book.path(entity, f"{test.rotation}.{test.by}")
    return f"{people}在{ACROSS[test.across]}之间更换的比例不少于 {book.bound(test.at_least)}"


@words(kinds.EachTest)
def word_each(test: kinds.EachTest, entity: str, book: Book) -> str:
    """Word what holds for each row."""
    inner = rows_entity(test, entity, book.dictionary) or entity
    return f"每一{word_rows(test, test.each, entity, book)}都满足：{word_all(test.require, inner, book)}"


@words(kinds.MeetsTest)
def word_meets(test: kinds.MeetsTest, _entity: str, book: Book) -> str:
    """Word that another duty is met."""
    return f"符合“{book.titles.get(test.meets, test.meets)}”"


@words(kinds.AllTest)
def word_all_of(test: kinds.AllTest, entity: str, book: Book) -> str:
    """Word that all hold."""
    return f"（{word_all(test.all_of, entity, book)}）"


@words(kinds.AnyTest)
def word_any_of(test: kinds.AnyTest, entity: str, book: Book) -> str:
    """Word that at least one holds."""
    return f"（{'，或'.join(word(part, entity, book) for part in test.any_of)}）"


@words(kinds.NotTest)
def word_not(test: kinds.NotTest, entity: str, book: Book) -> str:
    """Word that not all hold; a single test is worded as its opposite."""
    turned = opposite(test.not_[0]) if len(test.not_) == 1 else None
    return word(turned, entity, book) if turned else f"并非（{word_all(test.not_, entity, book)}）"


def opposite(test: Predicate) -> Predicate | None:
    """Return the test that holds where ``test`` does not, for what plain words can turn round."""
    if isinstance(test, kinds.AnyTest):
        turned = [opposite(part) for part in test.any_of]
        return kinds.AllTest(all_of=[part for part in turned if part]) if all(turned) else None
    if isinstance(test, kinds.FactTest) and not (test.among or test.bounds()):
        if isinstance(test.is_, bool):
            return test.model_copy(update={"is_": not test.is_})
        if test.none_of:
            return test.model_copy(update={"none_of": None, **chosen(test.none_of)})
        return test.model_copy(update={"is_": None, "one_of": None, "none_of": test.one_of or [test.is_]})
    return None


def chosen(words_: Sequence[str]) -> dict[str, Any]:
    """Return what a fact is tested for: the one word, or one of several."""
    return {"is_": words_[0]} if len(words_) == 1 else {"one_of": words_}
