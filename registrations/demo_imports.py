"""A transfer agent's list on the demo's desk: read, and a cell of it to be put right."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.base import ContentFile

from investors.models import Agreement, Job

from .services import imports, jobs
from .services.recording import When


def send_list(agreement: Agreement, started: date, when: When) -> None:
    """Four rows, two of them of an Investor who would be new, one with half a share."""
    on = started + timedelta(days=200)
    rows = [
        "Holder,Class,Shares,Issued,Certificate",
        f"Harbor Mutual Trust (invented),Common Stock,\"12,000\",{on},NC-101",
        f"Harbor Mutual Trust (invented),Warrants,500,{on},NW-7",
        f"\"Copper Basin Fund III, L.P.\",Common Stock,2500.5,{on},NC-102",
        f"Bluewater Capital LLC,Common Stock,800,{on},NC-103",
    ]  # fmt: skip
    of = imports.take_in(
        agreement=agreement,
        source="Continental Registrar (invented)",
        file=ContentFile("\n".join(rows).encode(), "continental-list.csv"),
        when=when,
    )
    imports.choose_columns(of=of, columns=of.reads["columns"], when=when)
    jobs.work(lambda: when.now, {Job.Kind.READ_IMPORT: imports.read})
