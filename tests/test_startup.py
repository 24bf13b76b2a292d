"""A command loads only what it uses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROBE = """
import json, runpy, sys
sys.argv = ["kaowu", *{arguments!r}]
try:
    runpy.run_module("generator", run_name="__main__")
except SystemExit as left:
    status = left.code
print("\\n" + json.dumps([status or 0, sorted(sys.modules)]))
"""
PRINTING = ("weasyprint", "fontTools", "docxtpl", "docx", "jinja2", "xlsxwriter", "icalendar", "lxml")
READING = ("pydantic", "yaml", "python_calamine", "chinese_calendar", "stdnum")
OTHERS = ("mkdocs", "jieba", "distributed", "dask", "multiprocessing.pool", "asyncio")
# The parser of arguments brings pydantic, the reader of workbooks lxml.
COMMANDS = {
    "--help": (*PRINTING, *READING, *OTHERS, "rich", "generator.policy"),
    "build --help": (*PRINTING, *READING[1:], *OTHERS, "rich", "generator.policy"),
    "template --help": (*PRINTING, *READING[1:], *OTHERS, "rich", "generator.policy"),
    "check 示例技能竞赛中心": (*PRINTING[:-1], *OTHERS, "rich.markdown", "rich.progress", "generator.pack"),
    "dates 示例技能竞赛中心": (*OTHERS, *PRINTING[:4], "xlsxwriter", "rich.markdown", "rich.progress"),
}


def loaded_by(arguments: list[str]) -> set[str]:
    """Return the modules a command has loaded when it is done."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(arguments=arguments)],
        cwd=ROOT / "institutions",
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize(("command", "without"), COMMANDS.items(), ids=COMMANDS)
def test_a_command_loads_only_what_it_uses(command: str, without: tuple[str, ...]) -> None:
    loaded = loaded_by(command.split())

    assert "generator.cli" in loaded
    assert sorted(loaded & set(without)) == []
