"""Acts on a registration: filing, effectiveness, sale of all, corrections."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from registrations.facts import facts_of, terms_for
from registrations.forms.base import ActForm
from registrations.forms.matters import (
    CorrectStatementForm,
    DayForm,
    EventForm,
    FilingForm,
    OtherStatementForm,
    Part,
)
from registrations.models import Demand, Statement, StatementRecord
from registrations.rules.days import say
from registrations.rules.joining import answers
from registrations.services import matters

from .following import Consequences
from .recording import ActPage
from .scope import CounselPage


def find_demand(page: CounselPage, number: int | str) -> Demand:
    """A matter of the page's agreement, or 404: a demand by its number, a registration the
    Company makes by its reference."""
    kind = Demand.Kind.DEMAND
    if isinstance(number, str):
        kind, number = Demand.Kind.COMPANY, int(number.removeprefix("CR-"))
    demand = get_object_or_404(
        Demand.objects.select_related("notice"), agreement=page.agreement, kind=kind, number=number
    )
    demand.agreement = page.agreement
    return demand


class MatterAct(ActPage):
    """An act on one registration."""

    demand: Demand

    def find(self) -> None:
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_matter(form, self.demand)

    def lands_on(self, made: Any) -> str:
        return reverse("demand", args=[self.agreement.slug, self.demand.in_address])

    def where(self) -> list[tuple[str, str]]:
        return [
            ("Registrations", reverse("registrations", args=[self.agreement.slug])),
            (self.demand.reference, self.lands_on(None)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("demand", self.demand)
        kwargs.setdefault("back", self.lands_on(None))
        return super().get_context_data(**kwargs)


def parts_of(demand: Demand) -> list[Part]:
    """Everybody who asked to be in a registration, and for how much (D10)."""
    facts = facts_of(demand)
    terms = terms_for(demand)
    parts = [
        Part(
            i.investor,
            i.name,
            i.shares,
            _asked(i.shares, "in the Demand Notice"),
        )
        for i in facts.initiators
    ]
    for invited in facts.invited:
        answered = answers(invited, terms)
        if not answered or answered[-1][1].declines:
            continue
        day, request = answered[-1]
        parts.append(
            Part(
                invited.investor,
                invited.name,
                request.shares,
                _asked(request.shares, f"in its request received {say(day)}"),
            )
        )
    return parts


def _asked(shares: int | None, where: str) -> str:
    if shares is None:
        return f"States no number of shares {where}."
    return f"Asked for {shares:,} {where}."


class RecordFiling(MatterAct):
    """The Company filed."""

    template_name = "counsel/acts/filing.html"
    form_class = FilingForm
    button = "Save filing"
    saved = "Filing saved."

    def find(self) -> None:
        super().find()
        self.clause = "3(a)" if self.demand.by_company else "1(a)"
        self.heading = f"Record the filing of {self.demand.reference}"
        self.intro = (
            "A filing outside its window is recorded as what it is. What it covers is checked "
            "against what each Investor asked for in time."
        )

    def form_options(self) -> dict[str, Any]:
        return {"parts": parts_of(self.demand)}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        filing = cast(FilingForm, form)
        data = filing.cleaned_data
        return matters.record_filing(
            demand=self.demand,
            on=data["on"],
            covers=filing.covers(),
            form=data["form"],
            file_number=data["file_number"],
            when=self.acting,
        )


class RecordEffectiveness(MatterAct):
    """The statement became effective."""

    form_class = DayForm
    button = "Save effectiveness"
    saved = "Effectiveness saved."

    def find(self) -> None:
        super().find()
        self.heading = f"When did {self.demand.reference} become effective?"

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return matters.record_effectiveness(
            demand=self.demand, on=form.cleaned_data["on"], when=self.acting
        )


class RecordAllSold(MatterAct):
    """Nothing is left to keep the statement effective for."""

    form_class = DayForm
    button = "Save sale"
    saved = "Saved."

    def find(self) -> None:
        super().find()
        self.heading = f"When had all shares in {self.demand.reference} been sold?"

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return matters.record_all_sold(
            demand=self.demand, on=form.cleaned_data["on"], when=self.acting
        )


class CorrectStatement(MatterAct):
    """What was recorded of a statement was wrong."""

    template_name = "counsel/acts/filing.html"
    form_class = CorrectStatementForm
    button = "Save correction"
    saved = "Correction saved."

    def find(self) -> None:
        self.record = get_object_or_404(
            StatementRecord.objects.select_related("statement__demand__notice").prefetch_related(
                "covers"
            ),
            pk=self.kwargs["pk"],
            statement__agreement=self.agreement,
        )
        self.record.statement.agreement = self.agreement
        if self.record.statement.demand is not None:
            self.demand = self.record.statement.demand
            self.demand.agreement = self.agreement
            self.nav = self.demand.reference
        self.heading = f"Correct “{self.record.get_kind_display()}” of {self.record.statement}"
        self.intro = f"On record: {say(self.record.on)}. That entry stays, marked as replaced."

    @property
    def covering(self) -> bool:
        """Whether the entry says what a statement for a demand covers."""
        statement = self.record.statement
        return self.record.kind in StatementRecord.COVERING and statement.demand is not None

    def form_options(self) -> dict[str, Any]:
        covered = {c.investor_id: c.shares for c in self.record.covers.all()}
        return {
            "details": details_of(self.record.kind),
            "detail": self.record.detail,
            "on": self.record.on,
            "file_number": self.record.file_number,
            "parts": parts_of(self.demand) if self.covering else (),
            "covered": covered if self.covering else None,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        correction = cast(CorrectStatementForm, form)
        return matters.correct_statement_record(
            replaces=self.record,
            on=correction.cleaned_data["on"],
            reason=correction.cleaned_data["reason"],
            covers=correction.covers() if self.covering else None,
            detail=correction.cleaned_data.get("detail"),
            file_number=correction.cleaned_data.get("file_number"),
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        if self.record.statement.demand is not None:
            return super().consequences(form)
        return self.in_all_matters(form)

    def lands_on(self, made: Any) -> str:
        return reverse("statement", args=[self.agreement.slug, self.record.statement.public_id])

    def where(self) -> list[tuple[str, str]]:
        return statement_path(self.record.statement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("demand", self.record.statement.demand)
        return super(MatterAct, self).get_context_data(**{"back": self.lands_on(None), **kwargs})


def details_of(kind: str) -> list[tuple[str, str]]:
    """The choices a kind of event asks for, in words."""
    return [
        (name, str(StatementRecord.Detail(name).label))
        for name in StatementRecord.DETAILS.get(kind, ())
    ]


def statement_path(statement: Statement) -> list[tuple[str, str]]:
    """The way to a statement’s page."""
    slug = statement.agreement.slug
    return [
        ("Registrations", reverse("registrations", args=[slug])),
        ("Statements", reverse("statements", args=[slug])),
        (statement.name, reverse("statement", args=[slug, statement.public_id])),
    ]


def find_statement(page: CounselPage, public_id: UUID) -> Statement:
    """A statement of the page’s agreement, or 404."""
    statement = get_object_or_404(
        Statement.objects.select_related("demand__notice"),
        agreement=page.agreement,
        public_id=public_id,
    )
    statement.agreement = page.agreement
    if statement.demand is not None:
        statement.demand.agreement = page.agreement
    return statement


class RecordEvent(ActPage):
    """Something happened to a statement."""

    template_name = "counsel/acts/filing.html"
    form_class = EventForm
    nav = "registrations"
    saved = "Saved."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("kind"):
            statement = find_statement(self, self.kwargs["statement"])
            return redirect("statement", self.agreement.slug, statement.public_id)
        return super().get(request, *args, **kwargs)

    def find(self) -> None:
        self.statement = find_statement(self, self.kwargs["statement"])
        self.kind = self.request.GET.get("kind", "")
        if self.kind not in self.statement.recordable:
            raise Http404
        self.heading = f"{StatementRecord.Kind(self.kind).label}: {self.statement.name}"

    def form_options(self) -> dict[str, Any]:
        demand = self.statement.demand
        covering = self.kind in StatementRecord.COVERING and demand is not None
        parts = parts_of(demand) if covering and demand is not None else []
        filing = facts_of(demand).filing if parts and demand is not None else None
        covered = (filing.covers_now if filing else None) or {}
        return {"details": details_of(self.kind), "parts": parts, "covered": covered}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        event = cast(EventForm, form)
        data = event.cleaned_data
        return matters.record_event(
            statement=self.statement,
            kind=self.kind,
            on=data["on"],
            detail=data.get("detail", ""),
            note=data["note"],
            covers=event.covers(),
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        if self.statement.demand is not None:
            return self.in_matter(form, self.statement.demand)
        return self.in_all_matters(form)

    def lands_on(self, made: Any) -> str:
        return reverse("statement", args=[self.agreement.slug, self.statement.public_id])

    def where(self) -> list[tuple[str, str]]:
        return statement_path(self.statement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"back": self.lands_on(None), **kwargs})


class RecordStatement(ActPage):
    """Another registration statement of the Company became effective (D14)."""

    form_class = OtherStatementForm
    nav = "registrations"
    heading = "Record another registration statement"
    intro = (
        "For some time after another statement of the Company became effective, no registration "
        "need be effected."
    )
    clause = "1(c)"
    button = "Save statement"
    saved = "Statement saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return matters.record_other_statement(
            agreement=self.agreement,
            name=data["name"],
            effective_on=data["effective_on"],
            form=data["form"],
            file_number=data["file_number"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form)

    def lands_on(self, made: Any) -> str:
        return reverse("registrations", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("Registrations", self.lands_on(None))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["back"] = self.lands_on(None)
        return super().get_context_data(**kwargs)
