"""The letters of a registration's notice: to print, to edit, and where they go."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView, View

from investors.models import Address, Investor
from registrations.docx import DOCX, as_docx
from registrations.facts import addresses_of_record, docket_of, facts_of, terms_for
from registrations.letters import notice_letter, on_envelope, times_to_answer
from registrations.pdf import Paper, as_pdf, labels_as_pdf
from registrations.rules.notice import Arrival
from registrations.rules.waivers import NOTICE, binding
from registrations.tables import Table, as_csv

from .acts import find_demand
from .files import PDF, download
from .scope import CounselPage
from .words import count_words


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


class OfLetters(CounselPage):
    """A page about the letters of one registration: by name, each dated the page's day."""

    kwargs: dict[str, Any]

    def find(self) -> list[Letter]:
        """The letter to each Investor the notice is owed to: to none while the demand is not
        good, or the Company's own registration owes no notice, and to none that waived it."""
        self.demand = demand = find_demand(self, self.kwargs["number"])
        self.nav = demand.reference
        self.terms = terms = terms_for(demand)
        facts = facts_of(demand)
        self.docket = docket = docket_of(demand, supposing=facts, terms=terms)
        waived = binding(facts.waivers, terms)[NOTICE]
        told = {
            each.investor: (arrival if each.post.copies else None)
            for each, arrival in zip(facts.invited, docket.notices, strict=False)
            if each.investor not in waived
        }
        where = addresses_of_record(self.agreement, self.day)
        found = []
        for investor in Investor.objects.filter(pk__in=told).order_by("name", "pk"):
            address = where.get(investor.pk)
            paper = notice_letter(
                demand, terms, investor.name, address, where.get(None),
                received_on=docket.demand.received_on, today=self.day,
            )  # fmt: skip
            found.append(Letter(investor, address, told[investor.pk], paper))
        return found


class LettersPage(OfLetters, TemplateView):
    """Which letters go out, and to which address?"""

    template_name = "counsel/letters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letters = self.find()
        to_go = [each for each in letters if each.told is None]
        name = "Registration Notice" if self.demand.by_company else "Company Notice"
        kwargs.update(
            demand=self.demand,
            letters=letters,
            to_go=to_go,
            nowhere=[each for each in to_go if each.address is None],
            notice=name,
            times=times_to_answer(self.demand, self.terms),
            why_not=[reason.text for reason in self.docket.ruling.because] if not letters else [],
            heading=f"The {name} of {self.demand.reference} is to go to "
            f"{count_words(len(to_go), 'Investor')}."
            if to_go
            else f"Every Investor was sent the {name} of {self.demand.reference}."
            if letters
            else f"The {name} of {self.demand.reference} is owed to nobody.",
        )
        return super().get_context_data(**kwargs)


class LetterFile(OfLetters, View):
    """One letter, as a PDF or, with ``?as=docx``, as a Word document."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = kwargs["investor"]
        letter = next((each for each in self.find() if each.investor.public_id == wanted), None)
        if letter is None:
            raise Http404
        if request.GET.get("as") == "docx":
            return download(as_docx(letter.paper, made_at=self.now), DOCX, f"{letter.file}.docx")
        return download(as_pdf(letter.paper, made_at=self.now), PDF, f"{letter.file}.pdf")


class AllLetters(OfLetters, View):
    """Every letter that has not gone: one PDF to print, a Word document of each, labels for
    the envelopes, and the list of where they go, in one file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letters = self.find()
        to_go = [each for each in letters if each.told is None] or letters
        if not to_go:
            raise Http404
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
            papers = [each.paper for each in to_go]
            kept.writestr("letters.pdf", as_pdf(*papers, made_at=self.now))
            for each in to_go:
                kept.writestr(f"{each.file}.docx", as_docx(each.paper, made_at=self.now))
            labels = [on_envelope(e.investor.name, e.address) for e in to_go if e.address]
            if labels:
                company = self.agreement.company.name
                sheet = labels_as_pdf("Address labels", company, labels, made_at=self.now)
                kept.writestr("labels.pdf", sheet)
            with as_csv(mailing_list(to_go)) as addresses:
                kept.writestr("mailing-list.csv", addresses.read())
        name = f"{self.agreement.slug}-{self.demand.reference}-letters.zip"
        return download(out.getvalue(), "application/zip", name)


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
