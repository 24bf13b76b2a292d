"""A roster of 100,000 candidates with their scores: reading its cells against reading, validating and checking it."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from benchmarks.timing import Row
from generator.calendar import WorkCalendar
from generator.check.report import report_round
from generator.check.rules import connect, open_scene
from generator.cli import tune_collector
from generator.institution.folders import find_targets
from generator.institution.load import load_institution
from generator.paths import policy_dir
from generator.policy.load import load_policy
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook

SIZES = (1_000, 10_000, 100_000)
GUIDELINE = "jiangsu/school"
INSTITUTION = (
    "单位名称: 示例学校\n统一社会信用代码: '123200000000000192'\n省份: 江苏\n机构类型: 院校\n院校类型: 技师学院\n"
)
ROUND = """批次名称: 大批次
指引: jiangsu/school
认定项目:
  - {项目编号: P1, 职业: 电工, 等级: 四级, 理论考试形式: 机考}
考场:
  - {考场编号: R1, 考场名称: 一号}
场次:
  - {场次编号: C1, 认定项目: P1, 科目: 操作技能考核, 考试日期: 2026-11-24, 考场: R1}
  - {场次编号: C2, 认定项目: P1, 科目: 理论知识考试, 考试日期: 2026-11-25, 考场: R1}
"""
ROSTER = ("考生编号", "姓名", "身份证号", "出生日期", "认定项目", "学制类别", "符合的申报条件", "操作场次", "理论场次")
SCORES = ("考生", "姓名", "理论成绩", "操作成绩")
BORN = date(2006, 1, 1)


def measure_roster() -> list[Row]:
    """Return rows: candidates, plain reading, reading and validating, checking, and the peak memory of each."""
    return [row for size in SIZES for row in measure_size(size)]


def measure_size(size: int) -> Iterator[Row]:
    """Yield what each step takes for one size, each measured in a process of its own for its peak of memory."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "示例学校"
        write_school(folder, size)
        plain = 0.0
        for step in STEPS:
            command = [sys.executable, "-m", "benchmarks.roster", step, str(folder)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            seconds, peak = float(told[0]), float(told[1])
            plain = plain or seconds
            yield f"{size} 人", step, f"{seconds:.2f} s", f"{seconds / plain:.1f}×", f"最多 {peak:.0f} MB"


def write_school(folder: Path, size: int) -> None:
    """Write an institution with one round of so many candidates, each with a score."""
    rounds = folder / "批次"
    (rounds / "scores").mkdir(parents=True)
    (folder / "institution.yaml").write_text(INSTITUTION, "utf-8")
    (rounds / "round.yaml").write_text(ROUND, "utf-8")
    (rounds / "round.xlsx").write_bytes(book("考生", ROSTER, [candidate(number) for number in range(size)]))
    scores = [(f"{number:06}", f"考生{number:06}", 60 + number % 40, 50 + number % 50) for number in range(size)]
    (rounds / "scores" / "成绩.xlsx").write_bytes(book("成绩", SCORES, scores))


def candidate(number: int) -> tuple[str, ...]:
    """Return one row of the roster; the number of its ID is valid, and no card bears the area code."""
    born = date.fromordinal(BORN.toordinal() + number // 500)
    body = f"320000{born:%Y%m%d}{number % 500:03}"
    number_ = body + ric.calc_check_digit(body + "0")
    return (f"{number:06}", f"考生{number:06}", number_, born.isoformat(), "P1", "中级技工班", "五级", "C1", "C2")


def book(sheet: str, headings: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> bytes:
    """Return a workbook of one sheet."""
    return write_workbook([SheetSpec(sheet, [ColumnSpec(heading) for heading in headings], rows)])


def read_plainly(folder: Path) -> None:
    """Read the cells of the files, and nothing more."""
    for path in folder.rglob("*.xlsx"):
        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def read_and_validate(folder: Path) -> None:
    """Read the institution: types, references, IDs, doubts."""
    (target,) = find_targets([folder])
    load_institution(target.folder, target.rounds, load_policy(policy_dir(), only=[GUIDELINE]))


def read_and_check(folder: Path) -> None:
    """Read the institution and run every rule of its guideline."""
    policy = load_policy(policy_dir(), only=[GUIDELINE])
    (target,) = find_targets([folder])
    institution = load_institution(target.folder, target.rounds, policy)
    scene = open_scene(policy, policy.guideline(GUIDELINE), WorkCalendar.load(policy_dir() / "calendar"))
    connect(institution.world, scene)
    for thing in institution.rounds.values():
        report_round(institution, thing, scene, today=BORN)


STEPS = {"只读单元格": read_plainly, "读取并核对": read_and_validate, "读取、核对并检查": read_and_check}


if __name__ == "__main__":
    tune_collector()
    start = time.process_time()  # of this process alone: the machine may be busy with others
    STEPS[sys.argv[1]](Path(sys.argv[2]))
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
