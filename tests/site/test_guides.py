"""Every command in the guides runs, in the order a reader would run it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "site/guides").glob("*.md"))
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FINE = (0, 1)  # 1: there are findings, or changes, and that is what the guide shows


def commands_in(guide: Path) -> list[str]:
    """Return the commands of a guide, in order."""
    text = guide.read_text(encoding="utf-8")
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if line.strip()]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command line of ``kaowu`` in a folder."""
    program, *words = command.split()
    assert program == "kaowu", f"only kaowu is run by a guide, not {program}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    line = [sys.executable, "-m", "generator", *words]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_of_a_guide_runs(guide: Path, tmp_path: Path) -> None:
    example = next(path for path in sorted((ROOT / "institutions").iterdir()) if (path / "institution.yaml").is_file())
    shutil.copytree(example, tmp_path / "各机构" / example.name)
    for command in commands_in(guide):
        done = run(command, tmp_path)
        assert done.returncode in FINE, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, command


def test_the_guides_have_commands() -> None:
    assert sum(len(commands_in(guide)) for guide in GUIDES) > 20


def test_a_command_that_is_wrong_would_be_seen(tmp_path: Path) -> None:
    assert run("kaowu check 没有这个文件夹", tmp_path).returncode not in FINE
