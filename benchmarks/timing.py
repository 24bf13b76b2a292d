"""Time variants in turn: callables in, the median seconds of each and its ratio to the first out."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Row = tuple[str, ...]


def time_in_turn(variants: Mapping[str, Callable[[], object]], rounds: int = 7) -> dict[str, float]:
    """Return the median seconds per call of each variant; one warm-up each, then asked in turn."""
    for call in variants.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, call in variants.items():
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return {name: median(times) for name, times in seconds.items()}


def as_rows(content: str, medians: Mapping[str, float]) -> list[Row]:
    """Return one row per variant: content, variant, milliseconds, how many times as fast as the first."""
    first = next(iter(medians.values()))
    return [(content, name, f"{1000 * took:.2f} ms", f"{first / took:.1f}×") for name, took in medians.items()]


def print_table(title: str, rows: Sequence[Row]) -> None:
    """Print rows under a title, in columns."""
    widths = [max(width(row[index]) for row in rows) for index in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        line = "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        print(f"  {line}", flush=True)


def as_markdown(rows: Sequence[Row]) -> str:
    """Return rows as a table in Markdown; the first gives the headings where it has no figure in it."""
    headed = not any(char.isascii() and char.isdigit() for cell in rows[0] for char in cell)
    head, body = (rows[0], rows[1:]) if headed else (("",) * len(rows[0]), rows)
    lines = (head, ("---",) * len(head), *body)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
