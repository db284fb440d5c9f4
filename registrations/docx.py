"""A paper as a Word document, for counsel to edit."""

from __future__ import annotations

import io
from datetime import datetime

from docx import Document
from docx.document import Document as Opened

from .pdf import Paper


def as_docx(paper: Paper, *, made_at: datetime) -> bytes:
    """The paper as a Word document made at an instant.  Everything in it is plain text."""
    document: Opened = Document()
    kept = document.core_properties
    kept.title, kept.author, kept.comments = paper.title, paper.author, ""
    kept.created = kept.modified = made_at.replace(tzinfo=None)
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
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
