"""What is one fault to a reader is told once, and nothing of it is lost."""

from dataclasses import replace

import pytest

from generator.check.alike import gather_alike
from generator.check.rules import Finding
from generator.problems import Place

HERE, THERE = Place("round.yaml", 3, 1), Place("round.yaml", 9, 1)
PREFIX = Finding("certificates#prefix", "证书号开头", "fail", "批次", ("六",), "以 Y 开头", ("为 S",), places=(HERE,))
VARIANT = replace(
    PREFIX, rule="certificates#prefix.apprentice", title="学徒证书号", subject="考生“001”", at=("八（四）",)
)
MARK = replace(PREFIX, rule="scoring#pass-mark", title="合格分数", subject="考生“001”", at=("五",), found=("59 分",))
ALL = replace(MARK, rule="scoring#all-subjects", title="各科均合格", places=(THERE,), rests_on=("scoring#pass-mark",))
SEAL = replace(MARK, rule="retention#seal", title="盖章", at=("七",))
BLANK = Finding("staff#a", "督导到场", "unchecked", "场次“C1”", ("六",), "", missing=("场次“C1”的“督导”",))
WAITS = replace(BLANK, rule="staff#b", title="不得兼任", at=("七",))


@pytest.mark.parametrize(("host", "guest"), [(PREFIX, VARIANT), (MARK, ALL), (MARK, SEAL), (BLANK, WAITS)])
def test_one_fault_under_two_rules_is_told_once_and_names_the_other(host: Finding, guest: Finding) -> None:
    (told,) = gather_alike([host, guest])
    assert told == replace(host, also=(f"{guest.title}（{guest.at[0]}）",))


@pytest.mark.parametrize(
    "other",
    [
        replace(VARIANT, places=(THERE,)),
        replace(VARIANT, rule="scoring#prefix"),
        replace(SEAL, found=("60 分",)),
        replace(ALL, subject="考生“002”"),
        replace(ALL, rests_on=()),
        replace(WAITS, missing=("场次“C2”的“督导”",)),
        replace(VARIANT, waiver="已豁免"),
    ],
)
def test_two_faults_are_told_apart(other: Finding) -> None:
    assert len(gather_alike([PREFIX, MARK, BLANK, other])) == 4


def test_the_same_of_several_things_is_told_once_with_their_places() -> None:
    second = replace(MARK, subject="考生“002”", places=(THERE,))
    (told,) = gather_alike([MARK, second])
    assert (told.subject, told.number, told.places) == ("考生“001”、考生“002”", 2, (HERE, THERE))
