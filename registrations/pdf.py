"""A paper as a PDF: tagged, in the archive's form, the same bytes for the same words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import typst

_FOLDER = Path(__file__).parent / "typst"
_PAPERS, _LABELS = ((_FOLDER / f"{name}.typ").read_bytes() for name in ("paper", "labels"))
_FOR_ARCHIVE_AND_SCREEN_READER: list[typst.PDFStandard] = ["a-2a", "ua-1"]


class Paper(NamedTuple):
    """What stands on a paper: ``above`` are blocks of lines before the heading, ``rows``
    pairs of a name and what it is, ``below`` paragraphs after them, ``small`` the notes."""

    title: str
    author: str
    heading: str
    above: Sequence[Sequence[str]] = ()
    paragraphs: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    below: Sequence[str] = ()
    small: Sequence[str] = ()


def as_pdf(*papers: Paper, made_at: datetime) -> bytes:
    """One or more papers as a PDF made at an instant, each from a page of its own.

    Letters our own typeface lacks are set from whatever the machine has; the PDF is then a
    plain one, as the archive's form forbids a letter that cannot be shown.
    """
    return _set(_PAPERS, [paper._asdict() for paper in papers], made_at)


def labels_as_pdf(
    title: str, author: str, labels: Sequence[Sequence[str]], *, made_at: datetime
) -> bytes:
    """Labels for envelopes, each the lines of one address: thirty on a letter sheet."""
    return _set(_LABELS, {"title": title, "author": author, "labels": labels}, made_at)


def _set(source: bytes, told: Any, made_at: datetime) -> bytes:
    inputs = {"told": json.dumps(told)}
    try:
        return _made(source, inputs, made_at, _FOR_ARCHIVE_AND_SCREEN_READER)
    except typst.TypstError:
        return _made(source, inputs, made_at, [])


def _made(
    source: bytes, told: dict[str, str], made_at: datetime, standards: list[typst.PDFStandard]
) -> bytes:
    compiler = typst.Compiler(
        source, root=_FOLDER, ignore_system_fonts=bool(standards), sys_inputs=told
    )
    return cast(
        bytes,
        compiler.compile(format="pdf", pdf_standards=standards, timestamp=int(made_at.timestamp())),
    )
