"""A long list as a workbook and as CSV against the least a workbook is: its XML written by
hand and deflated, without formats, without care for what a cell says."""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from tempfile import TemporaryFile
from typing import Any

from bench.measure import Result, Side, compare, growing
from registrations.tables import Table, as_csv, as_xlsx

SIZES = (10_000, 100_000)
COLUMNS = [f"Column {n}" for n in range(10)]
NOON = datetime(2003, 6, 2, 16, tzinfo=UTC)
_LETTERS = "ABCDEFGHIJ"
_HEAD = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main"><sheetData>'
)


def rows(n: int) -> Iterator[list[Any]]:
    """Names, counts and days, as a register has them."""
    on = date(2003, 3, 30)
    for i in range(n):
        yield [
            f"Holder {i} Capital Partners", "partnership", i, i * 3, i * 2, i, on,
            f"{i} Main Street", "Alma, Michigan", f"C-{i}",
        ]  # fmt: skip


def results() -> Iterator[Result]:
    lines: dict[str, list[Result]] = {"workbook": [], "CSV": []}
    for n in SIZES:
        base = _rss()
        for what, ours in (("workbook", workbook), ("CSV", plain)):
            result = compare(
                f"a list as a {what}",
                Side(what, lambda n=n, ours=ours: ours(n)),
                Side("its XML by hand", lambda n=n: by_hand(n)),
                n=n,
                pairs=3,
                target=12,
            )
            notes = {"mb_over_baseline": _rss() - base}
            lines[what].append(result._replace(notes=result.notes | notes))
    for what in lines:
        yield from growing(lines[what])


def workbook(n: int) -> None:
    as_xlsx(Table("list", COLUMNS, rows(n)), made_at=NOON).close()


def plain(n: int) -> None:
    as_csv(Table("list", COLUMNS, rows(n))).close()


def by_hand(n: int) -> None:
    with (
        TemporaryFile() as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        sheet.write(_HEAD.encode())
        for number, row in enumerate(rows(n), 1):
            sheet.write(_row(number, row).encode())
        sheet.write(b"</sheetData></worksheet>")


def _row(number: int, row: list[Any]) -> str:
    cells = [
        f'<c r="{letter}{number}"><v>{cell}</v></c>'
        if isinstance(cell, int)
        else f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip(_LETTERS, row, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _rss() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
