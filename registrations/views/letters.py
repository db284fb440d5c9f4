"""The letters of a registration's notice: to print, to edit, and where they go."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView, View

from investors.models import Address, Investor
from registrations.docx import as_docx
from registrations.facts import addresses_in_force, facts_of, terms_for
from registrations.letters import notice_letter
from registrations.models import Demand
from registrations.pdf import Paper, as_pdf
from registrations.rules.matter import DemandFacts
from registrations.rules.notice import Arrival

from .acts import find_demand
from .audit import harmless
from .scope import CounselPage
from .words import count_words

_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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


def letters_of(page: CounselPage, demand: Demand) -> list[Letter]:
    """The letters of a registration's notice, by name; each dated the page's day."""
    facts, terms = facts_of(demand), terms_for(demand)
    owed = {each.investor: each for each in facts.invited}
    where = addresses_in_force(page.agreement, page.day)
    received_on = facts.post.arrival(terms).received_on if isinstance(facts, DemandFacts) else None
    found = []
    for investor in Investor.objects.filter(pk__in=owed).order_by("name", "pk"):
        post = owed[investor.pk].post
        address = where.get(investor.pk)
        paper = notice_letter(
            demand, terms, investor.name, address, where.get(None),
            received_on=received_on, today=page.day,
        )  # fmt: skip
        told = post.arrival(terms) if post.copies else None
        found.append(Letter(investor, address, told, paper))
    return found


class OfLetters(CounselPage):
    """A page about the letters of one registration."""

    kwargs: dict[str, Any]

    def find(self) -> list[Letter]:
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference
        return letters_of(self, self.demand)


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
            return download(as_docx(letter.paper, made_at=self.now), _DOCX, f"{letter.file}.docx")
        return download(as_pdf(letter.paper, made_at=self.now), _PDF, f"{letter.file}.pdf")


class AllLetters(OfLetters, View):
    """Every letter that has not gone: one PDF to print, a Word document of each, and the list
    of where they go, in one file."""

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
            kept.writestr("mailing-list.csv", mailing_list(to_go))
        name = f"{self.agreement.slug}-{self.demand.reference}-letters.zip"
        return download(out.getvalue(), "application/zip", name)


def mailing_list(letters: Sequence[Letter]) -> str:
    """Who gets a letter and where, as CSV that no spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["Investor", "Address", "Facsimile"])
    for each in letters:
        lines = each.address.lines if each.address else ""
        facsimile = each.address.facsimile if each.address else ""
        writer.writerow([harmless(each.investor.name), harmless(lines), harmless(facsimile)])
    return out.getvalue()


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
