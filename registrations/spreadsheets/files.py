"""The rows of a CSV file, a workbook or an Open Cap Format file as text, one at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import BinaryIO

MOST_COLUMNS, MOST_ROWS, LONGEST_CELL = 100, 1_000_000, 32_767
# Of a workbook or an Open Cap Format file, which are ZIP archives: files in it, bytes they say
# they hold, and how many times more that is than what they take.
MOST_FILES, MOST_BYTES, MOST_TIMES = 100, 50 * 1024**2, 100


class Unreadable(Exception):
    """The file cannot be read; the text says why, and what to do."""


Rows = Iterator[tuple[int, list[str]]]


def rows_of(file: BinaryIO, form: str) -> Rows:
    """Every row that says something, with its number as a spreadsheet shows it.

    Raises ``Unreadable`` for a file that is not what it says, that has more columns or rows
    than a register has, or that would unpack to more than is reasonable.
    """
    last = 0
    for number, cells in _READERS[form](file):
        if number > MOST_ROWS + 1:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                f"Row {number} has more than {MOST_COLUMNS} columns. Leave in the file the "
                "columns of the register."
            )
        if any(cells):
            yield number, cells
            last = number
    if not last:
        raise Unreadable("The file is empty.")


def _csv(file: BinaryIO) -> Rows:
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        first = text.readline(1_000_000)
        text.seek(0)
        delimiter = max(",;\t|", key=first.count)
        yield from enumerate(csv.reader(text, delimiter=delimiter), 1)
    except UnicodeDecodeError:
        raise Unreadable(
            "The file is not UTF-8 text. In Excel, save it as “CSV UTF-8”, or as a workbook."
        ) from None
    except csv.Error as wrong:
        raise Unreadable(
            f"The rows cannot be told apart ({wrong}). Is a quotation mark left open?"
        ) from None


def _encoding(file: BinaryIO) -> str:
    head = file.read(4)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        raise Unreadable("This is a workbook and not CSV. Give its name the ending .xlsx.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig"


def _workbook(file: BinaryIO) -> Rows:
    refuse_bombs(file)
    from defusedxml import DefusedXmlException  # only where it is needed
    from openpyxl import load_workbook  # it takes longer than a CSV file does
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise Unreadable("The workbook has no sheet.")
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            told = [_text(cell) for cell in cells[: MOST_COLUMNS + 1]]
            while told and not told[-1]:
                told.pop()
            yield number, told
    except DefusedXmlException:
        raise Unreadable("The workbook defines entities, which no spreadsheet does.") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as wrong:
        if isinstance(wrong, UnicodeError):
            raise
        raise Unreadable("The workbook cannot be read. Open it and save it again.") from None


def refuse_bombs(file: BinaryIO) -> None:
    """Refuse an archive that would unpack to more than is reasonable, unread."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise Unreadable("The file is not what its name says.") from None
    finally:
        file.seek(0)
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > MOST_FILES:
        raise Unreadable(f"The file holds more than {MOST_FILES} files.")
    if size > MOST_BYTES or size > MOST_TIMES * max(packed, 10_000):
        raise Unreadable(
            "The file would unpack to over 50 MB, so it was not opened. "
            "Send a long register as CSV."
        )


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)


def _open_cap_format(file: BinaryIO) -> Rows:
    from .ocf_rows import rows_of_package  # only where it is needed

    return rows_of_package(file)


_READERS = {"csv": _csv, "xlsx": _workbook, "ocf": _open_cap_format}


def head_and_sample(rows: Rows, lines: int = 5) -> tuple[int, list[str], list[list[str]]]:
    """The number of the first row that says something, that row, and a few after it."""
    number, head = next(rows)
    sample = []
    for _, cells in rows:
        sample.append([cell[:80] for cell in cells[: len(head)]])
        if len(sample) == lines:
            break
    return number, [cell.strip()[:80] for cell in head], sample
