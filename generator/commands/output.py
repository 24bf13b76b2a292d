"""What the commands print with: one console, one way to print problems and findings.

The library that draws is loaded with the first thing printed, so that asking for help costs nothing.
"""

import sys
from collections.abc import Iterable
from functools import cached_property
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from generator.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST_PROBLEMS = 1000

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")  # a GBK console lacks rare characters


class Screen:
    """Standard output or standard error, as a console that is made when something is printed."""

    def __init__(self, *, stderr: bool = False) -> None:
        self.stderr = stderr

    @cached_property
    def console(self) -> "Console":
        """Return the console."""
        from rich.console import Console

        return Console(stderr=self.stderr, soft_wrap=True, highlight=False)

    def print(self, *things: object, **how: Any) -> None:
        """Print as the console prints."""
        self.console.print(*things, **how)


console = Screen()
errors = Screen(stderr=True)


def escape(text: str) -> str:
    """Return a text as markup that shows it as it is."""
    from rich.markup import escape as escape_markup

    return escape_markup(text)


def make_table(*headings: str, title: str | None = None) -> "Table":
    """Return an empty table whose cells are wrapped, never cut."""
    from rich.table import Column, Table

    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title)


def print_table(table: "Table") -> None:
    """Print a table within the width of the terminal."""
    console.print(table, soft_wrap=False)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print one problem a line on standard error; of very many, the first."""
    listed = list(problems)
    for problem in listed[:MOST_PROBLEMS]:
        errors.print(str(problem), markup=False)
    if len(listed) > MOST_PROBLEMS:
        errors.print(f"……另有 {len(listed) - MOST_PROBLEMS} 处，改好上面的再看", markup=False)
