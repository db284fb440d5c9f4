"""A list as a file for a spreadsheet: CSV or XLSX, in which no cell is ever a formula or a link.

Days and numbers stay days and numbers; everything else is text, as it is on record.
"""

from __future__ import annotations

import csv
import io
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | None

# The most a sheet and a cell of it hold, by the format itself.
ROWS_OF_A_SHEET, LETTERS_OF_A_CELL = 1_048_576 - 1, 32_767
_STARTS_A_FORMULA = "=+-@\t\r\n"


class Table(NamedTuple):
    """What a file has in it: ``name`` is the file's, without an ending."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def as_csv(table: Table) -> IO[bytes]:
    """The table in a file open for reading, every cell quoted; text a spreadsheet would take
    for a formula stands behind an apostrophe."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever sends it
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    text.detach()
    out.seek(0)
    return out


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] and cell[0] in _STARTS_A_FORMULA else cell
    return cell.isoformat() if isinstance(cell, date) else f"{cell}"


def as_xlsx(table: Table, *, made_at: datetime) -> IO[bytes]:
    """The table as a workbook made at an instant, in a file open for reading.  Its rows are
    written as they come, so that a long table takes no more memory than a short one; past
    what a sheet holds they go on in the next."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever sends it
    book = Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": table.name, "created": made_at.replace(tzinfo=None)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    rows = iter(table.rows)
    first: list[Sequence[Cell]] = []
    while first or not book.worksheets():
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(table.columns):
            sheet.set_column(at, at, min(40, max(12, len(name) + 2)))
            sheet.write_string(0, at, name, bold)
        height = 0
        for row in itertools.islice(itertools.chain(first, rows), ROWS_OF_A_SHEET):
            height += 1
            for at, cell in enumerate(row):
                _write(sheet, height, at, cell, day)
        sheet.autofilter(0, 0, height, max(0, len(table.columns) - 1))
        first = list(itertools.islice(rows, 1))
    book.close()
    out.seek(0)
    return out


def _write(sheet: Worksheet, row: int, at: int, cell: Cell, day: object) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        text = cell if len(cell) <= LETTERS_OF_A_CELL else f"{cell[: LETTERS_OF_A_CELL - 1]}…"
        sheet.write_string(row, at, text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, day)
    else:
        sheet.write_number(row, at, cell)
