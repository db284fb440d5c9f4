"""What EDGAR says: to look at, accept or set aside; and when it was asked."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from registrations.edgar import set_up
from registrations.facts.edgar import Place, awaiting_filing, places
from registrations.forms.base import ActForm, ReasonForm
from registrations.forms.edgar import AcceptForm, AskEdgarForm, CikForm
from registrations.models import EdgarAsking, EdgarProposal, StatementRecord
from registrations.rules.days import say
from registrations.services import edgar
from registrations.tables import Table

from .acts import details_of, parts_of
from .exports import ListPage
from .following import Consequences
from .paging import pages
from .recording import ActPage
from .words import count_words

IN_A_PAGE = 25


def proposals_of(agreement_id: int) -> QuerySet[EdgarProposal]:
    """Every proposal of an agreement with what counsel made of it, the latest day first."""
    found: QuerySet[EdgarProposal] = EdgarProposal.objects.filter(agreement=agreement_id)
    return found.select_related(
        "answer__recorded_by", "answer__record__statement", "answer__withdrawal__demand",
        "replaces__answer",
    ).order_by("-on", "-pk")  # fmt: skip


class EdgarPage(ListPage):
    """What does EDGAR say that we have not looked at?"""

    template_name = "counsel/edgar.html"
    nav = "registrations"
    listed = "answered"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = proposals_of(self.agreement.pk)
        waiting = every.filter(answer=None, replacement=None)
        answered = every.exclude(answer=None)
        page = pages(self.request, waiting.count(), IN_A_PAGE)
        seen_page = pages(self.request, answered.count(), IN_A_PAGE, "seen")
        company = self.agreement.company
        asking = EdgarAsking.objects.filter(company=company).first()
        soon = bool(
            asking
            and asking.wanted_at
            and (asking.asked_at is None or asking.wanted_at > asking.asked_at)
        )
        kwargs.update(
            waiting=places(self.agreement, waiting[page.start : page.stop]),
            pages=page,
            answered=answered[seen_page.start : seen_page.stop],
            seen_pages=seen_page,
            asking=asking,
            soon=soon,
            set_up=set_up(),
            ask_form=AskEdgarForm(),
            heading=_heading(page.total),
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-edgar-{self.today}",
            ["What", "On", "Form", "Accession number", "File number", "Answer"],
            ([
                p.get_kind_display(), p.on, p.form, p.accession, p.file_number,
                p.answer.reason or "accepted",
            ] for p in context["answered"]),
        )  # fmt: skip


def _heading(many: int) -> str:
    if not many:
        return "Nothing from EDGAR waits to be looked at."
    return f"EDGAR: {count_words(many, 'thing')} to look at."


class OnEdgar(ActPage):
    """An act about EDGAR."""

    nav = "registrations"

    def lands_on(self, made: Any) -> str:
        return reverse("edgar", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        slug = self.agreement.slug
        return [
            ("Registrations", reverse("registrations", args=[slug])),
            ("EDGAR", reverse("edgar", args=[slug])),
        ]


class SetCik(OnEdgar):
    """The Company's number at the SEC."""

    form_class = CikForm
    looks = False
    heading = "Which number has the Company at the SEC?"
    intro = "EDGAR lists a company’s filings under its CIK. It is the same for every agreement."
    button = "Save the CIK"
    saved = "CIK saved."

    def form_options(self) -> dict[str, Any]:
        return {"cik": self.agreement.company.cik}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return edgar.set_cik(
            agreement=self.agreement, cik=data["cik"], reason=data["reason"], when=self.acting
        )


class AskEdgar(OnEdgar):
    """EDGAR is asked now, by the worker."""

    form_class = AskEdgarForm
    looks = False
    heading = "Ask EDGAR now?"
    intro = "The worker asks within minutes. What is new appears on the page before this."
    button = "Ask EDGAR now"
    saved = "EDGAR is asked within minutes. What is new appears here."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return edgar.ask_soon(agreement=self.agreement, when=self.acting)


class OnProposal(OnEdgar):
    """An act on one proposal that waits."""

    template_name = "counsel/acts/edgar.html"
    place: Place

    def find(self) -> None:
        proposal = get_object_or_404(
            EdgarProposal.objects.select_related("replaces"),
            agreement=self.agreement,
            public_id=self.kwargs["proposal"],
        )
        proposal.agreement = self.agreement
        (self.place,) = places(self.agreement, [proposal])
        self.proposal = proposal

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        if hasattr(self.proposal, "answer") or hasattr(self.proposal, "replacement"):
            return redirect("edgar", self.agreement.slug)
        return self.page(self.form_class(**self.form_options()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("place", self.place)
        kwargs.setdefault("proposal", self.proposal)
        return super().get_context_data(**kwargs)


class AcceptEdgar(OnProposal):
    """Record what EDGAR says, with its accession number."""

    form_class = AcceptForm

    def find(self) -> None:
        super().find()
        proposal, how = self.proposal, self.place.how
        if how == "note":
            raise Http404
        self.heading = f"{proposal.get_kind_display()} {say(proposal.on)}, as EDGAR says?"
        if len(proposal.days) > 1:
            self.heading = f"{proposal.get_kind_display()}: on which of the days?"
        self.button = "Record it"
        self.saved = "Recorded, with EDGAR’s accession number as evidence."
        if how == "same":
            self.heading = "Keep EDGAR’s number as evidence?"
            self.intro = f"On record already: {self.place.record or 'the withdrawal'}."
            self.button = "Keep the number"
            self.saved = "EDGAR’s accession number is kept as evidence."
        elif how == "unplaced":
            self.intro = "No statement on record has this file number."

    def form_options(self) -> dict[str, Any]:
        how, proposal = self.place.how, self.proposal
        if how in ("same", "other"):
            return {}
        options: dict[str, Any] = {"days": proposal.days}
        statement = self.place.statement
        if how == "unplaced":
            demands = awaiting_filing(self.agreement)
            options["demands"] = demands
            if len(demands) == 1:
                demands[0].agreement = self.agreement
                options["parts"] = parts_of(demands[0])
        elif proposal.kind == EdgarProposal.Kind.WITHDRAWN and statement is not None:
            if statement.demand is not None and statement.demand.by_company:
                options["ask_why"] = True
            else:
                options["details"] = details_of(StatementRecord.Kind.WITHDRAWN)
        return options

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        chosen = cast(AcceptForm, form)
        return edgar.accept(
            proposal=self.proposal,
            on=chosen.day(),
            demand=chosen.demand(),
            covers=chosen.covers(),
            detail=chosen.cleaned_data.get("detail", ""),
            reason=chosen.cleaned_data.get("reason", ""),
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form)


class SetAsideEdgar(OnProposal):
    """Nothing is recorded of what EDGAR says."""

    form_class = ReasonForm
    looks = False
    button = "Set it aside"
    saved = "Set aside."

    def find(self) -> None:
        super().find()
        self.heading = f"Set aside “{self.proposal.get_kind_display()}”?"
        self.intro = "Nothing is recorded of it. It stays among what was looked at."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return edgar.set_aside(
            proposal=self.proposal, reason=form.cleaned_data["reason"], when=self.acting
        )
