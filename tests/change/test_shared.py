"""What all guidelines share: periods, titles, labels, the calendar."""

from pathlib import Path

import pytest

from generator.change.compare import compare_editions
from tests.change.editing import lay_out, read

PERIOD = "{label: 3年, months: "
FULL_TIME = "full_time: {label: 全日制在校, type: "
DUTY = "panel-size: 考评组人数"
EDITS = [
    ("terms/retention.yaml", f"{PERIOD}36", f"{PERIOD}48", {"terms/retention#3-years": "收紧"}),
    ("terms/retention.yaml", f"{PERIOD}36", f"{PERIOD}24", {"terms/retention#3-years": "放宽"}),
    ("terms/sex.yaml", "label: 男", "label: 男性", {"terms/sex#male": "仅措辞"}),
    ("duties/staff.yaml", f"{DUTY}与组长", DUTY, {"duties#staff#panel-size": "仅措辞"}),
    ("fields/candidate.yaml", "phone: {label: 手机号码", "phone: {label: 手机", {"fields/candidate#phone": "仅措辞"}),
    ("fields/candidate.yaml", "label: 考生\ncoll", "label: 参评人员\ncoll", {"fields#candidate": "仅措辞"}),
    ("fields/candidate.yaml", f"{FULL_TIME}yes-no", f"{FULL_TIME}text", {"fields/candidate#full_time": "方向不明"}),
]


@pytest.mark.parametrize(("file", "old", "new", "only"), EDITS, ids=[f"{e[0]}: {e[2]}" for e in EDITS])
def test_a_shared_word_that_changes_is_reported_once(
    file: str, old: str, new: str, only: dict[str, str], tmp_path: Path
) -> None:
    before, after = lay_out(tmp_path / "old"), lay_out(tmp_path / "new")
    text = (after / file).read_text(encoding="utf-8")
    assert old in text
    (after / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    report = compare_editions(read(before), read(after))
    assert {change.name: change.class_ for change in report.changes} == only
    if "retention" in file:
        assert report.changes[0].touched.documents == ["成绩汇总表", "考场影像"]
