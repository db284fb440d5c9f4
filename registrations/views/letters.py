"""The letters of a registration's notice: to print, to edit, and where they go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from investors.acts import Refused
from investors.models import Investor
from registrations.bundles import Letter, bundle_name, bundled, letters_of, to_go_of
from registrations.docx import DOCX, as_docx
from registrations.facts import addresses_of_record, terms_for, terms_of, texts_of
from registrations.letters import demand_form, times_to_answer
from registrations.occasions import occasions_of, papers_of
from registrations.pdf import as_pdf

from .acts import find_demand
from .files import PDF, download
from .scope import CounselPage
from .words import count_words

AT_ONCE = 25  # letters made while one waits; more are made by a worker


class OfLetters(CounselPage):
    """A page about the letters of one registration: by name, each dated the page's day."""

    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("letter-texts", self.agreement.slug)

    def find(self) -> list[Letter]:
        """The letter to each Investor the notice is owed to.  Raises ``Refused`` where none
        can be made of the words counsel gave it: the page then leads to those words."""
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference
        self.terms = terms_for(self.demand)
        self.docket, letters = letters_of(self.demand, self.terms, self.day)
        return letters


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
            occasions=occasions_of(self.demand, self.day),
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


class OccasionLetters(OfLetters, View):
    """The letters of one occasion, such as a delay, as one PDF or, with ``?as=docx``, as one
    Word document, each on a page of its own."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        demand = find_demand(self, kwargs["number"])
        found = occasions_of(demand, self.day)
        occasion = next((each for each in found if each.name == kwargs["occasion"]), None)
        if occasion is None:
            raise Http404
        papers = papers_of(demand, occasion, self.day)
        name = f"{self.agreement.slug}-{demand.reference}-{occasion.name}"
        if request.GET.get("as") == "docx":
            return download(as_docx(*papers, made_at=self.now), DOCX, f"{name}.docx")
        return download(as_pdf(*papers, made_at=self.now), PDF, f"{name}.pdf")


class DemandForm(OfLetters, View):
    """The form by which an Investor demands a registration, to send it: as a PDF or, with
    ``?as=docx``, as a Word document."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        investor = get_object_or_404(
            Investor, agreement=self.agreement, public_id=kwargs["investor"]
        )
        where = addresses_of_record(self.agreement, self.day)
        paper = demand_form(
            self.agreement, terms_of(self.agreement, max(self.day, self.agreement.dated_on)),
            investor.name, where.get(investor.pk), where.get(None), today=self.day,
            texts=texts_of(self.agreement),
        )  # fmt: skip
        name = f"{self.agreement.slug}-demand-notice"
        if request.GET.get("as") == "docx":
            return download(as_docx(paper, made_at=self.now), DOCX, f"{name}.docx")
        return download(as_pdf(paper, made_at=self.now), PDF, f"{name}.pdf")


class AllLetters(OfLetters, View):
    """Every letter that has not gone: one PDF to print, a Word document of each, labels for
    the envelopes, and the list of where they go, in one file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letters = to_go_of(self.find())
        if not letters:
            raise Http404
        if len(letters) > AT_ONCE:
            return redirect("make-letters", self.agreement.slug, self.demand.in_address)
        with bundled(self.demand, letters, made_at=self.now) as made:
            return download(made.read(), "application/zip", bundle_name(self.demand))
