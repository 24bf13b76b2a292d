"""A small school to be made faulty: its files as text, written where a test wants them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.check.report import Report, report_round
from generator.check.rules import RuleScene, open_scene
from generator.institution.load import Institution
from generator.institution.world import Thing
from tests.institutions.support import GUIDELINE, calendar, load, whole_policy

TODAY = date(2026, 11, 20)
IDS = ("320000200901010013", "320000200901040079", "320000200901020057", "320000200901030036")
FILES: Mapping[str, str] = {
    "institution.yaml": "单位名称: 示例学校\n统一社会信用代码: '123200000000000192'\n省份: 江苏\n机构类型: 院校\n",
    "批次/round.yaml": (
        "批次名称: 第一批\n指引: jiangsu/school\n"
        "认定项目:\n  - {项目编号: P1, 职业: 电工, 等级: 四级, 理论考试形式: 机考}\n"
        "场次:\n  - {场次编号: C1, 认定项目: P1, 科目: 操作技能考核, 考试日期: 2026-12-18}\n"
    ),
    "批次/考生.csv": (
        "考生编号,姓名,身份证号,认定项目,学制类别,符合的申报条件\n"
        f"001,王𠮷,{IDS[0]},P1,中级技工班,五级满一年\n002,刘䶮,{IDS[1]},P1,中级技工班,五级满一年\n"
    ),
    "批次/scores/成绩.csv": "考生,姓名,理论成绩,操作成绩,拟发证\n001,王𠮷,80,81,是\n002,刘䶮,59,90,否\n",
}


def write_school(folder: Path, **changed: str) -> Path:
    """Write the school with some files changed or added (an empty text leaves one out) and return its folder."""
    for name, text in {**FILES, **changed}.items():
        path = folder / "示例学校" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, "utf-8")
    return folder / "示例学校"


@dataclass(frozen=True)
class Opened:
    """A loaded school with the scene of its guideline."""

    institution: Institution
    scene: RuleScene

    @property
    def rounds(self) -> list[Thing]:
        """Return its rounds."""
        return list(self.institution.rounds.values())

    def reports(self, today: date = TODAY, *, for_authority: bool = False) -> Iterator[Report]:
        """Yield the report on each round."""
        for thing in self.rounds:
            yield report_round(self.institution, thing, self.scene, today=today, for_authority=for_authority)


def open_school(folder: Path) -> Opened:
    """Return the loaded school."""
    return Opened(load(folder), open_scene(whole_policy(), whole_policy().guideline(GUIDELINE), calendar()))
