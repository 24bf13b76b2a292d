"""What the commands print with: one console, one way to print problems and findings."""

import sys
from collections.abc import Iterable
from io import TextIOWrapper

from rich.console import Console
from rich.table import Column, Table

from generator.problems import Problem

MOST_PROBLEMS = 1000

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")  # a GBK console lacks rare characters

console = Console(soft_wrap=True, highlight=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False)


def make_table(*headings: str, title: str | None = None) -> Table:
    """Return an empty table whose cells are wrapped, never cut."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title)


def print_table(table: Table) -> None:
    """Print a table within the width of the terminal."""
    console.print(table, soft_wrap=False)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print one problem a line on standard error; of very many, the first."""
    listed = list(problems)
    for problem in listed[:MOST_PROBLEMS]:
        errors.print(str(problem), markup=False)
    if len(listed) > MOST_PROBLEMS:
        errors.print(f"……另有 {len(listed) - MOST_PROBLEMS} 处，改好上面的再看", markup=False)
