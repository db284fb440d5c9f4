"""A paper or a table as a Word document, for counsel to edit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from docx import Document
from docx.document import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement

from .pdf import Paper
from .tables import Table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def table_as_docx(
    title: str, author: str, paragraphs: Sequence[str], table: Table, *, made_at: datetime
) -> bytes:
    """A table under a heading as a Word document on its side, the first row repeated on every
    page.  Everything in it is plain text."""
    document: Opened = Document()
    _said_of(document, title, author, made_at)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.add_heading(title, level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    for cell, name in zip(grid.rows[0].cells, table.columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            number = isinstance(value, int | Decimal)
            cell.text = f"{value:,}" if number else "" if value is None else str(value)
            if number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _saved(document)


def _said_of(document: Opened, title: str, author: str, made_at: datetime) -> None:
    kept = document.core_properties
    kept.title, kept.author, kept.comments = title, author, ""
    kept.created = kept.modified = made_at.replace(tzinfo=None)


def _saved(document: Opened) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_docx(*papers: Paper, made_at: datetime) -> bytes:
    """One or more papers as a Word document made at an instant, each from a page of its own.
    Everything in them is plain text."""
    document: Opened = Document()
    _said_of(document, papers[0].title, papers[0].author, made_at)
    for n, paper in enumerate(papers):
        if n:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for block in paper.above:
            document.add_paragraph("\n".join(block))
        document.add_heading(paper.heading, level=1)
        for text in paper.paragraphs:
            document.add_paragraph(text)
        for name, what in paper.rows:
            row = document.add_paragraph()
            row.add_run(f"{name}\n").bold = True
            row.add_run(what)
        for text in (*paper.below, *paper.small):
            document.add_paragraph(text)
    return _saved(document)
