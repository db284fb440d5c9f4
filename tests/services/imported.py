"""An import as counsel do it, with the worker beside them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from investors.models import Import, Job
from registrations.services import imports, jobs
from registrations.tasks import DOES
from tests import world as tell

ON = date(2003, 6, 10)
HEAD = ["Investor", "Type", "Security", "Quantity", "Issue date", "Certificate"]
AGENT = "Continental Transfer"
ROWS = [
    ["Elm Partners", "Partnership", "Common Stock", "12,000", "2003-03-31", "C-1"],
    ["Elm Partners", "Partnership", "Warrants", "500", "2003-03-31", "W-1"],
    ["Fir Trust", "Trust", "Preferred Stock", "300", "2003-04-01", "P-1"],
    ["Alder", "LLC", "Units", "100", "2003-04-02", "U-1"],
]


def csv_file(rows: list[list[str]], head: list[str] = HEAD, name: str = "register.csv") -> Any:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (head, *rows)]
    return ContentFile(("\r\n".join(lines) + "\r\n").encode(), name)


def workbook(rows: list[list[Any]], head: list[str] = HEAD, name: str = "register.xlsx") -> Any:
    book, out = Workbook(), io.BytesIO()
    for row in (head, *rows):
        book.active.append(row)
    book.save(out)
    return ContentFile(out.getvalue(), name)


def sent(world: tell.World, file: Any, source: str = AGENT) -> Import:
    return imports.take_in(agreement=world.agreement, source=source, file=file, when=world.at(ON))


def read(world: tell.World, of: Import, **chosen: Any) -> Import:
    """Its columns as they were guessed, or as chosen, and read by the worker."""
    chosen = {k: v for k, v in of.reads.items() if k in ("columns", "dates", "security")} | chosen
    imports.choose_columns(of=of, when=world.at(ON), **chosen)
    work(world)
    return Import.objects.get(pk=of.pk)


def written(world: tell.World, of: Import) -> Import:
    imports.confirm(of=of, when=world.at(ON))
    work(world)
    return Import.objects.get(pk=of.pk)


def work(world: tell.World) -> Job | None:
    """A round of the worker; the job it did last."""
    jobs.work(lambda: tell.noon(ON), DOES)
    return Job.objects.order_by("-pk").first()
