"""Privacy: a canary's ID number is in the forms that need it, and in no message, report, name or trace."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import print_crash
from tests.check.schools import FILES, IDS, write_school
from tests.institutions.support import ROOT

WRONG = ("320000200901010014", "32000020090101001", "320000 20090101 0021")  # a bad digit, one short, and spaced
CANDIDATES = (
    "考生编号,姓名,身份证号,认定项目,学制类别,符合的申报条件,原证书编号,学籍号,性别\n"
    f"001,王𠮷,{IDS[0]},P1,中级技工班,{IDS[0]},{IDS[0]},{IDS[0]},女\n"
    f"002,刘䶮,{IDS[0]},P1,中级技工班,,{IDS[1]},,男\n"
    + "".join(f"{number:03},某{number},{wrong},P1,中级技工班,,,,\n" for number, wrong in enumerate(WRONG, 3))
)
STAFF = f"人员编号,姓名,身份证号\n{IDS[2]},张伟,{IDS[2]}\nK02,李静,{IDS[3]}\n"
PAGE = FILES["批次/round.yaml"] + f"主考: '{IDS[2]}'\n报名须知: 咨询 {IDS[3]}\n"
PANEL = f"场次,人员,考评职务,回避考生\nC1,{IDS[2]},考评组长,001\nC1,K02,考评人员,\n"
ANSWERS = f"- {{规则: 'staff#panel-size', 回答: 是, 说明: '{IDS[1]}', 日期: 2026-11-19, 签名: '{IDS[2]}'}}\n"
WAIVERS = (
    f"- {{规则: 'eligibility#eligibility-standard', 理由: '{IDS[1]}', 批准人: '{IDS[2]}', 有效期至: 2026-12-31}}\n"
)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a school whose data hold canaries in every place a number may stray into."""
    return write_school(
        tmp_path_factory.mktemp("privacy"),
        **{
            "批次/考生.csv": CANDIDATES,
            "批次/round.yaml": PAGE,
            "批次/考评组.csv": PANEL,
            "考评人员.csv": STAFF,
            "answers.yaml": ANSWERS,
            "waivers.yaml": WAIVERS,
        },
    )


def leaks(text: str) -> list[str]:
    """Return the canaries, and the beginnings of them that identify, that a text shows."""
    plain = re.sub(r"[\s-]", "", text)
    return [number for number in (*IDS, *WRONG) if re.sub(r"\s", "", number)[:17] in plain]


def kaowu(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=900, check=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--all", "--candidates", "--coverage", "--centre"),
        ("check", "--format", "json", "--candidates"),
        ("check", "--format", "markdown", "--all"),
        ("dates", "--from-today", "--keep"),
        ("scores",),
    ],
    ids=" ".join,
)
def test_no_output_of_a_command_shows_an_id(school: Path, arguments: tuple[str, ...]) -> None:
    run = kaowu(arguments[0], school, *arguments[1:], "--today=2026-11-20" if arguments[0] != "scores" else "--")
    assert run.returncode in (0, 1), run.stderr
    assert len(run.stdout) > 20
    assert not leaks(run.stdout)
    assert not leaks(run.stderr)


def test_the_questionnaire_and_the_report_as_a_document_show_no_id(school: Path, tmp_path: Path) -> None:
    run = kaowu("check", school, "--format", "docx", "--to", tmp_path, "--questions", "--today", "2026-11-20")
    assert not leaks(run.stdout + run.stderr)
    added = (school / "answers.yaml").read_text("utf-8").removeprefix(ANSWERS.rstrip("\n"))
    assert "# - {规则" in added
    assert not leaks(added)
    (path,) = tmp_path.iterdir()
    assert not leaks(path.name)


def test_files_that_cannot_be_used_are_refused_without_their_ids(tmp_path: Path) -> None:
    broken = CANDIDATES.replace("中级技工班", IDS[0]).replace("P1", IDS[1])
    folder = write_school(tmp_path, **{"批次/考生.csv": broken, "批次/round.yaml": PAGE})
    run = kaowu("check", folder)
    assert run.returncode == 2
    assert run.stderr.count("考生.csv") >= 5
    assert not leaks(run.stdout + run.stderr)


def test_the_manifest_and_the_names_of_a_pack_show_no_id(school: Path, tmp_path: Path) -> None:
    run = kaowu("build", school, "--to", tmp_path, "--format", "docx", "--only", "sign-in", "--only", "pack-index")
    assert run.returncode == 0, run.stderr
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not leaks(run.stdout + run.stderr + "".join(map(str, paths)))
    assert not leaks("".join(path.read_text("utf-8") for path in paths if path.suffix in (".json", ".ics", ".txt")))
    assert any(path.suffix == ".json" for path in paths)


def test_the_trace_of_a_crash_shows_no_id(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise RuntimeError(f"row {IDS[0]} {WRONG[2]}")
    except RuntimeError as error:
        print_crash(type(error), error, error.__traceback__)
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert not leaks(told)
