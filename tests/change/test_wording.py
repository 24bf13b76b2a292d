"""Predicates in plain Chinese: every kind is worded, with its numbers, by the labels of the dictionary."""

import re

import pytest

from generator.policy.predicates import KINDS
from generator.policy.wording import NO_VALUE, WORDERS, open_book, word_rule
from tests.change.test_real_policy import OURS


def test_every_kind_of_predicate_can_be_worded() -> None:
    assert set(WORDERS) == set(KINDS.values())


@pytest.mark.parametrize("guideline", sorted(OURS.policy.guidelines))
def test_the_words_of_every_rule_hold_no_identifier_and_lack_no_number(guideline: str) -> None:
    ours = OURS.policy.guidelines[guideline]
    book = open_book(OURS.policy, ours)
    for name, rule in ours.rules.items():
        when, require = word_rule(rule, book)
        assert bool(when) == bool(rule.when)
        assert bool(require) == bool(rule.require)
        assert NO_VALUE not in when + require, name
        assert not re.search(r"[a-z]+[_.#-][a-z]", when + require), (name, when, require)


def test_a_rule_reads_as_a_sentence() -> None:
    ours = OURS.policy.guidelines["jiangsu/school"]
    when, require = word_rule(ours.rules["publicity#result-publicity.period"], open_book(OURS.policy, ours))
    assert "公示开始日期至公示结束日期，首尾在内的工作日不少于 5 个工作日" in f"{when}{require}"
