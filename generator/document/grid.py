"""Rows as written onto the grid of their table: which column each cell starts in, how far each merge runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.document.tree import Cell, Row, Tag

_TO_THE_END = 1_000_000


class GridError(ValueError):
    """Rows that do not fit their table; ``line`` is that of the markup, the message Chinese."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class _Open:
    """A cell that reaches into later rows: where it is kept, and how many rows are left."""

    row: int
    index: int
    left: int


def place_cells(rows: Sequence[Row | Tag], columns: int, lines: Sequence[int]) -> tuple[Row | Tag, ...]:
    """Return the rows with every cell's column and span settled.

    A cell of -1 rows continues the one above it; 0 rows runs to the end and is counted out
    unless tags stand between the rows. Raises GridError with the line of the faulty row.
    """
    placed: list[list[Cell]] = []
    open_cells: list[_Open | None] = [None] * columns
    for number, row in enumerate(rows):
        placed.append([])
        if isinstance(row, Tag):
            if any(cell and cell.left < _TO_THE_END // 2 for cell in open_cells):
                raise GridError(lines[number], '写明行数的合并单元格（rowspan）不能跨过循环或条件，请用 rowspan="0"')
            continue
        _place_row(row, placed, open_cells, lines[number])
        open_cells = [_next(cell) for cell in open_cells]
    counted = not any(isinstance(row, Tag) for row in rows)
    return tuple(
        row if isinstance(row, Tag) else replace(row, cells=tuple(cells if not counted else _counted(cells, left)))
        for row, cells, left in zip(rows, placed, range(len(rows), 0, -1), strict=True)
    )


def _place_row(row: Row, placed: list[list[Cell]], open_cells: list[_Open | None], line: int) -> None:
    column = 0
    for cell in row.cells:
        while column < len(open_cells) and open_cells[column]:
            column += 1
        end = column + cell.columns
        if end > len(open_cells) or any(open_cells[column:end]):
            raise GridError(line, "这一行的单元格超出了表格的列数")
        if cell.rows < 0:
            _continue(placed, open_cells, column, line)
        else:
            placed[-1].append(replace(cell, column=column))
            kept = _Open(len(placed) - 1, len(placed[-1]) - 1, (cell.rows or _TO_THE_END))
            open_cells[column:end] = [kept] * cell.columns
        column = end
    if not all(open_cells):
        raise GridError(line, f"这一行没有填满表格的 {len(open_cells)} 列")


def _continue(placed: list[list[Cell]], open_cells: list[_Open | None], column: int, line: int) -> None:
    rows = range(len(placed) - 2, -1, -1)
    above = next(((r, i) for r in rows for i, c in enumerate(placed[r]) if c.column == column), None)
    if above is None:
        raise GridError(line, 'merge="loop" 的单元格上方没有可合并的单元格')
    cell = placed[above[0]][above[1]]
    placed[above[0]][above[1]] = replace(cell, rows=len(placed) - above[0])
    open_cells[column : column + cell.columns] = [_Open(*above, 1)] * cell.columns


def _next(cell: _Open | None) -> _Open | None:
    return replace(cell, left=cell.left - 1) if cell and cell.left > 1 else None


def _counted(cells: list[Cell], rows_left: int) -> list[Cell]:
    return [replace(cell, rows=min(cell.rows or rows_left, rows_left)) for cell in cells]
