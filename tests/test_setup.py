"""The set-up: the lock, the wheel and the check for system packages do what the make verbs rely on."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==([^ \\]+)", LOCK)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_names_no_host_and_no_index() -> None:
    assert not re.findall(r"://|(?m:^--(?!hash))|(?m:^\s+--(?!hash=))|@ ", LOCK)


def test_every_pin_carries_hashes() -> None:
    pins = re.split(r"(?m)^(?=\S)", LOCK)[1:]
    assert len(pins) == len(PINS) > 50
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    names = {normal(re.split(r"[<>=!~\[ ;]", line)[0]) for line in asked}
    assert names - {normal(name) for name, _ in PINS} == set()


def test_what_is_installed_is_what_the_lock_says() -> None:
    locked = {(normal(name), version) for name, version in PINS}
    installed = {(normal(item.name), item.version) for item in distributions()}
    names = {name for name, _ in locked}
    assert {pair for pair in installed if pair[0] in names} <= locked


def test_the_wheel_brings_policy_and_templates(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    found = subprocess.run(
        [sys.executable, "-c", "from generator.paths import *; print(policy_dir(), templates_dir(), sep='\\n')"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        text=True,
    )
    policy, templates = map(Path, found.stdout.splitlines())
    assert policy == tmp_path / "site/generator/_data/policy"
    assert relative_files(policy) == relative_files(ROOT / "policy")
    assert relative_files(templates) == relative_files(ROOT / "templates")


def relative_files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_the_validator_passes_a_sound_document_and_names_a_fault(
    ooxml_validator: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    document = docx.Document()
    alignment = document.add_paragraph("考务").paragraph_format.element.get_or_add_pPr().get_or_add_jc()
    alignment.set(qn("w:val"), "center")
    document.save(str(tmp_path / "sound.docx"))
    alignment.set(qn("w:val"), "middle")
    document.save(str(tmp_path / "faulty.docx"))
    assert ooxml_validator(tmp_path / "sound.docx") == []
    (fault,) = ooxml_validator(tmp_path / "faulty.docx")
    assert "middle" in fault


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_a_missing_tool_fails_in_ci_and_skips_elsewhere(
    tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BaseException, match=r"install .+ nodejs npm$") as caught:
        tool("node")
    assert caught.type.__name__ == outcome


@pytest.fixture
def poor_machine(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function running the system check where only a few commands can be found."""

    def run(verb: str, *, commands: str, apt: str = "") -> subprocess.CompletedProcess[str]:
        for name in commands.split():
            (tmp_path / name).symlink_to(subprocess.check_output(["which", name], text=True).strip())
        if apt:
            (tmp_path / "apt-get").write_text(apt, encoding="utf-8")
            (tmp_path / "apt-get").chmod(0o755)
        script = ROOT / "setup/system.sh"
        environment = {"PATH": str(tmp_path), "PYTHON": sys.executable, "LOG": str(tmp_path / "log")}
        bash = subprocess.check_output(["which", "bash"], text=True).strip()
        return subprocess.run([bash, script, verb], env=environment, capture_output=True, text=True, check=False)

    return run


def test_without_apt_the_missing_packages_are_named(
    poor_machine: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = poor_machine("test", commands="git")
    assert run.returncode == 1
    assert "nodejs npm poppler-utils libreoffice-writer-nogui libreoffice-calc-nogui" in run.stderr
    assert "git" not in run.stderr


def test_root_installs_what_is_missing_and_others_are_told_the_line(
    poor_machine: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    run = poor_machine(
        "test", commands="git node npm pdftotext pdftoppm chromium", apt='#!/bin/sh\necho "$@" >>"$LOG"\n'
    )
    line = "install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui"
    if os.geteuid() == 0:
        assert run.returncode == 0, run.stderr
        assert (tmp_path / "log").read_text(encoding="utf-8").splitlines()[-1].endswith(line)
    else:
        assert run.returncode == 1
        assert f"sudo apt-get update && sudo apt-get {line}" in run.stderr


def test_nothing_is_asked_of_a_machine_that_has_all(
    poor_machine: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = poor_machine("lint", commands="git", apt="#!/bin/sh\nexit 9\n")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
