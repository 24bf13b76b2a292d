"""Make ``git diff`` and ``git log -p`` read the policy as clauses: a repository in, its settings out."""

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from generator.files import write_whole
from generator.problems import KaowuError, Place, Problem

DRIVER = "clause"
PATTERN = "policy/**/*.yaml"
ATTRIBUTES = ".gitattributes"


def settings(command: list[str]) -> dict[str, str]:
    """Return the settings by name; ``command`` runs this program."""
    read = shlex.join([*command, "policy", "read"])
    return {
        f"diff.{DRIVER}.textconv": read,
        f"diff.{DRIVER}.xfuncname": "^【.*",
        "difftool.kaowu.cmd": f'{read} "$LOCAL" "$REMOTE"',
        "core.quotepath": "false",
    }


def install(repository: Path, command: list[str]) -> Iterator[str]:
    """Set up a repository and yield what was set; raise KaowuError where it is none."""
    for name, value in settings(command).items():
        done = subprocess.run(
            ["git", "-C", str(repository), "config", "--local", name, value], capture_output=True, check=False
        )
        if done.returncode != 0:
            what = f"git 设置没有成功：{done.stderr.decode('utf-8', 'replace').strip()}"
            raise KaowuError([Problem(Place(repository.name), "no-repository", what, "在 git 仓库里运行")])
        yield f"{name} = {value}"
    attributes = repository / ATTRIBUTES
    text = attributes.read_text(encoding="utf-8") if attributes.is_file() else ""
    if f"diff={DRIVER}" not in text:
        text += "" if text.endswith("\n") or not text else "\n"
        write_whole(attributes, f"{text}{PATTERN} diff={DRIVER}\n".encode())
        yield f"{ATTRIBUTES}：{PATTERN} diff={DRIVER}"
