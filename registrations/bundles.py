"""The letters of a registration, all of them in one file to print, edit and post."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, NamedTuple

from django.core.files.base import File

from investors.acts import Refused
from investors.models import Address, Investor, Job

from .docx import as_docx
from .facts import addresses_of_record, docket_of, facts_of, terms_for, texts_of
from .letters import notice_letter, on_envelope
from .models import Demand
from .pdf import Paper, as_pdf, labels_as_pdf
from .rules.docket import Docket
from .rules.notice import Arrival
from .rules.terms import Terms
from .rules.waivers import NOTICE, binding
from .services import jobs
from .services.recording import When
from .tables import Table, as_csv


class Letter(NamedTuple):
    """One letter: to whom, where, and whether the notice was given already."""

    investor: Investor
    address: Address | None
    told: Arrival | None
    paper: Paper

    @property
    def file(self) -> str:
        """The name of its file, without an ending."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", self.investor.name).strip("-").lower()
        return f"{plain or 'letter'}-{str(self.investor.public_id)[:8]}"


def letters_of(demand: Demand, terms: Terms, day: date) -> tuple[Docket, list[Letter]]:
    """The docket, and the letter to each Investor the notice is owed to: to none while the
    demand is not good, or the Company's own registration owes no notice, and to none that
    waived it.  Raises ``Refused`` where counsel's words cannot be used."""
    facts = facts_of(demand)
    docket = docket_of(demand, supposing=facts, terms=terms)
    waived = binding(facts.waivers, terms)[NOTICE]
    told = {
        each.investor: (arrival if each.post.copies else None)
        for each, arrival in zip(facts.invited, docket.notices, strict=False)
        if each.investor not in waived
    }
    where = addresses_of_record(demand.agreement, day)
    texts = texts_of(demand.agreement)
    found = []
    for investor in Investor.objects.filter(pk__in=told).order_by("name", "pk"):
        address = where.get(investor.pk)
        paper = notice_letter(
            demand, terms, investor.name, address, where.get(None),
            received_on=docket.demand.received_on, today=day, texts=texts,
        )  # fmt: skip
        found.append(Letter(investor, address, told[investor.pk], paper))
    return docket, found


def to_go_of(letters: Sequence[Letter]) -> list[Letter]:
    """Those that have not gone; all of them once every one has."""
    return [each for each in letters if each.told is None] or list(letters)


def bundled(
    demand: Demand,
    letters: Sequence[Letter],
    *,
    made_at: datetime,
    progress: Callable[[int, int, str], None] = lambda done, total, says: None,
) -> IO[bytes]:
    """One PDF to print, a Word document of each letter, labels for the envelopes, and the
    list of where they go: a ZIP archive, open for reading."""
    out, company = tempfile.TemporaryFile(), demand.agreement.company.name  # noqa: SIM115
    total = len(letters)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        progress(0, 0, "Setting the letters")
        papers = [each.paper for each in letters]
        kept.writestr("letters.pdf", as_pdf(*papers, made_at=made_at))
        for done, each in enumerate(letters):
            progress(done, total, "Writing Word documents")
            kept.writestr(f"{each.file}.docx", as_docx(each.paper, made_at=made_at))
        labels = [on_envelope(e.investor.name, e.address) for e in letters if e.address]
        if labels:
            sheet = labels_as_pdf("Address labels", company, labels, made_at=made_at)
            kept.writestr("labels.pdf", sheet)
        with as_csv(mailing_list(letters)) as addresses:
            kept.writestr("mailing-list.csv", addresses.read())
    out.seek(0)
    return out


def make(job: Job, progress: jobs.Progress, when: When) -> Mapping[str, Any]:
    """Make the letters of a registration that have not gone.

    Raises ``Refused`` where there is none to make.
    """
    demand = Demand.objects.select_related("agreement__company").get(pk=job.about["demand"])
    _, found = letters_of(demand, terms_for(demand), when.today(demand.agreement))
    letters = to_go_of(found)
    if not letters:
        raise Refused("", "No letter is owed to anybody.")
    with bundled(demand, letters, made_at=when.now, progress=progress) as made:
        jobs.keep_file(job, bundle_name(demand), File(made))
    return {"says": f"{len(letters):,} letters."}


def bundle_name(demand: Demand) -> str:
    """What the archive is called."""
    return f"{demand.agreement.slug}-{demand.reference}-letters.zip"


def mailing_list(letters: Sequence[Letter]) -> Table:
    """Who gets a letter, and where."""
    return Table(
        "mailing-list",
        ["Investor", "Address", "Facsimile"],
        (
            [
                each.investor.name,
                each.address.lines if each.address else "",
                each.address.facsimile if each.address else "",
            ]
            for each in letters
        ),
    )
