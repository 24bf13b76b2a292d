"""What tables say of their rows together."""

from pathlib import Path

import pytest

from generator.document.render import render
from generator.document.source import load_source
from generator.document.text import text_of
from generator.document.values import EMPTY
from generator.problems import KaowuError

ROWS = [
    {"评委": "甲", "得分": 9},
    {"评委": "甲", "得分": 0.5},
    {"评委": "乙", "得分": 10},
    {"评委": "丙", "得分": EMPTY},
]


def say(tmp_path: Path, expression: str) -> str:
    """Return what an expression prints for the rows."""
    (tmp_path / "document.yaml").write_text(f"id: {tmp_path.name}\ntitle: 试\nscope: round\n", encoding="utf-8")
    (tmp_path / "body.html").write_text(f"<p>{{{{ {expression} }}}}</p>", encoding="utf-8")
    return text_of(render(load_source(tmp_path), {"行": ROWS, "无": EMPTY})).strip()


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("行|合计('得分')", "19.5"),
        ("行|均分('得分', '评委')", "9.75"),
        ("行|selectattr('评委', '==', '甲')|均分('得分', '评委')", "9.5"),
        ("行|selectattr('评委', '==', '丙')|均分('得分', '评委')", ""),
        ("行|selectattr('评委', '==', '丁')|合计('得分')", ""),
        ("行|各项('评委')|顿号", "甲、甲、乙、丙"),
        ("行|各项('得分')|length", "3"),
        ("无|合计('得分')", ""),
        ("无|均分('得分', '评委')", ""),
    ],
)
def test_rows_are_added_up_and_shared_among_those_who_filled_them_in(
    tmp_path: Path, expression: str, text: str
) -> None:
    assert say(tmp_path, expression) == text


def test_a_mean_is_rounded_half_up_to_two_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judges = [{"评委": str(number), "得分": points} for number, points in enumerate((1, 1, 1, 1, 1, 1, 1, 2))]
    monkeypatch.setitem(globals(), "ROWS", judges)
    assert say(tmp_path, "行|均分('得分', '评委')") == "1.13"


def test_an_unknown_column_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KaowuError):
        say(tmp_path, "行|合计('分数')")
