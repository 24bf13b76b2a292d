"""Words people type that a page does not use: other names of terms, numbers in Chinese; texts in, words out."""

import re
from collections.abc import Iterator, Mapping

from generator.policy.load import Policy

DIGITS = "零一二三四五六七八九"
NUMBER = re.compile(r"(?<![\d.~/])(\d{1,3}) ?(个?工作日|个月|学时|课时|人|名|年|天|日|次|分|项|倍|场|小时|分钟)")
PEOPLE = ("人", "名")
SPANS = ("个工作日", "工作日", "个月", "年", "天", "日")
TENS, HUNDRED = 10, 100


def number_words(number: int) -> str:
    """Return a number under a thousand in Chinese: 15 → 十五, 105 → 一百零五."""
    hundreds, rest = divmod(number, HUNDRED)
    tens, ones = divmod(rest, TENS)
    told = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        told += f"{'' if tens == 1 and not hundreds else DIGITS[tens]}十"
    elif hundreds and ones:
        told += "零"
    return told + (DIGITS[ones] if ones else "") or DIGITS[0]


def numbers_in(text: str) -> Iterator[str]:
    """Yield each number with its unit as it is written elsewhere, and what it counts: ``十五个工作日``, ``期限``."""
    for digits, unit in dict.fromkeys(NUMBER.findall(text)):
        yield f"{digits}{unit}"
        yield f"{number_words(int(digits))}{unit}"
        yield from ["人数"] * (unit in PEOPLE) + ["期限"] * (unit in SPANS)


def other_names(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Return for every label of a term its other names, those of two signs or more."""
    found: dict[str, list[str]] = {}
    for vocabulary in policy.terms.values():
        for term in vocabulary.terms.values():
            names = [term.label, *(alias for alias in term.aliases if len(alias) > 1)]
            if len(names) > 1 and len(term.label) > 1:
                for name in names:
                    found.setdefault(name, []).extend(other for other in names if other != name)
    return {name: tuple(dict.fromkeys(others)) for name, others in found.items()}


def also_said(text: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the words that people may type for what a text says and the text does not have."""
    said = [other for name, others in names.items() if name in text for other in others]
    return [word for word in dict.fromkeys([*numbers_in(text), *said]) if word not in text]
