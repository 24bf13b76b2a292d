"""The word list of the search: terms and their other names, clauses, numbers with units; policy in, text out."""

import re
from collections.abc import Iterable

from generator.policy.load import Policy
from generator.site.shelf import say
from generator.site.words import numbers_in, other_names

WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")
FREQUENCY = 20000  # above every single sign, so that the word is not cut


def write_words(policy: Policy, own: Iterable[str]) -> str:
    """Return the list jieba reads: one word a line with its frequency."""
    terms = other_names(policy)
    labels = [term.label for vocabulary in policy.terms.values() for term in vocabulary.terms.values()]
    clauses = [at for guideline in policy.guidelines.values() for at in guideline.head.outline]
    texts = (say(rule) for guideline in policy.guidelines.values() for rule in guideline.rules.values())
    numbers = [number for text in texts for number in numbers_in(text)]
    words = {word for word in [*own, *terms, *labels, *clauses, *numbers] if WORD.fullmatch(word)}
    return "".join(f"{word} {FREQUENCY}\n" for word in sorted(words))
