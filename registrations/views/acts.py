"""Acts on a registration: filing, effectiveness, sale of all, corrections, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from notices.models import Notice
from registrations.facts import began_on, demand_facts, docket_of, terms_of
from registrations.forms.base import ActForm
from registrations.forms.matters import (
    CorrectStatementForm,
    DayForm,
    DecideForm,
    FilingForm,
    OtherStatementForm,
    Part,
)
from registrations.models import Decision, Demand, DocketEntry, StatementRecord
from registrations.rules.days import say
from registrations.rules.findings import Reading
from registrations.rules.joining import answers
from registrations.services import matters

from .following import Consequences, of_matter, of_register
from .paging import pages
from .recording import ActPage
from .scope import CounselPage
from .words import capital, days_words

READINGS = {
    "offered": "a majority of the Units offered",
    "issued": "a majority of the Units issued",
    "held": "a majority of the Units Investors hold now",
    "given": "counted from the day the Company Notice was given",
    "received": "counted from the day the Company Notice was received",
    "last_receipt": "counted from the last Investor’s receipt",
    "first_receipt": "counted from the first Investor’s receipt",
}


def find_demand(page: CounselPage, number: int) -> Demand:
    """A demand of the page's agreement, or 404."""
    demand = get_object_or_404(
        Demand.objects.select_related("notice"), agreement=page.agreement, number=number
    )
    demand.agreement = page.agreement
    return demand


class MatterAct(ActPage):
    """An act on one Demand Registration."""

    demand: Demand

    def find(self) -> None:
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference

    def consequences(self, form: ActForm) -> Consequences | None:
        return of_matter(
            lambda: self.perform(form, trying=True),
            demand=self.demand,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("demand", args=[self.agreement.slug, self.demand.number])

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
    facts = demand_facts(demand)
    terms = terms_of(demand.agreement, began_on(demand))
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
    clause = "1(a)"

    def find(self) -> None:
        super().find()
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

    def form_options(self) -> dict[str, Any]:
        filed = self.record.kind == StatementRecord.Kind.FILED
        covered = {c.investor_id: c.shares for c in self.record.covers.all()}
        return {
            "on": self.record.on,
            "file_number": self.record.file_number,
            "parts": parts_of(self.demand) if filed else (),
            "covered": covered if filed else None,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        correction = cast(CorrectStatementForm, form)
        filed = self.record.kind == StatementRecord.Kind.FILED
        return matters.correct_statement_record(
            replaces=self.record,
            on=correction.cleaned_data["on"],
            reason=correction.cleaned_data["reason"],
            covers=correction.covers() if filed else None,
            file_number=correction.cleaned_data.get("file_number"),
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        if self.record.statement.demand is not None:
            return super().consequences(form)
        return of_register(
            lambda: self.perform(form, trying=True),
            agreement=self.agreement,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def lands_on(self, made: Any) -> str:
        if self.record.statement.demand is None:
            return reverse("registrations", args=[self.agreement.slug])
        return super().lands_on(made)

    def where(self) -> list[tuple[str, str]]:
        if self.record.statement.demand is None:
            return [("Registrations", self.lands_on(None))]
        return super().where()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("demand", self.record.statement.demand)
        return super(MatterAct, self).get_context_data(**{"back": self.lands_on(None), **kwargs})


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
        return of_register(
            lambda: self.perform(form, trying=True),
            agreement=self.agreement,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("registrations", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("Registrations", self.lands_on(None))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["back"] = self.lands_on(None)
        return super().get_context_data(**kwargs)


# --- decisions --------------------------------------------------------------------------


class Choice(NamedTuple):
    """One reading side by side with the others: its words, its day, what it would mean."""

    name: str
    says: str
    clause: str
    day: date | None
    means: str
    governs: bool


class Decide(MatterAct):
    """Which reading governs (N8)?"""

    template_name = "counsel/acts/decide.html"
    form_class = DecideForm
    button = "Save decision"
    saved = "Decision saved. It governs from now on."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("about"):
            find_demand(self, self.kwargs["number"])
            return redirect("decisions", self.agreement.slug)
        return super().get(request, *args, **kwargs)

    def find(self) -> None:
        super().find()
        self.about = self.request.GET.get("about", "")
        if self.about not in matters.choices(self.demand):
            raise Http404
        self.standing = (
            Decision.objects.standing().filter(demand=self.demand, about=self.about).first()
        )
        self.subject, self.question, self.readings = self.side_by_side()
        self.heading = f"{self.demand.reference}: {self.question}"

    def side_by_side(self) -> tuple[str, str, list[Choice]]:
        """What the decision is about, the question, and each reading with what it gives."""
        docket = docket_of(self.demand)
        if self.about == "eligibility":
            found = [_choice(r, None, r.says) for r in docket.ruling.readings]
            return "", "is the demand good?", found
        if self.about == "filing_opens":
            window = docket.window("file")
            readings = window.readings if window else ()
            names = terms_of(self.demand.agreement, began_on(self.demand)).filing_opens_from
            found = [
                _choice(
                    r,
                    r.opens_on,
                    f"The Company may file from {say(r.opens_on)}."
                    if r.opens_on
                    else "The first day to file is not known yet.",
                )
                for r in readings
                if r.name in names
            ]
            return "", "from whose receipt does filing open?", found
        request = int(self.about.removeprefix("request:"))
        facts = demand_facts(self.demand)
        invited = next(i for i in facts.invited if any(r.id == request for r in i.requests))
        window = docket.window(f"join:{invited.investor}")
        found = []
        for reading in window.readings if window else ():
            means = "Its last day is not known yet."
            if reading.closes_on and window and window.done_on:
                late = (window.done_on - reading.closes_on).days
                means = (
                    f"Last day {say(reading.closes_on)}: {days_words(late)} late, and left out."
                    if late > 0
                    else f"Last day {say(reading.closes_on)}: in time, and included."
                )
            found.append(_choice(reading, reading.closes_on, means))
        came = f" It came on {say(window.done_on)}." if window and window.done_on else ""
        return (
            f"{invited.name}’s request.{came}",
            f"is {invited.name}’s request in time?",
            found,
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "readings": [(c.name, capital(READINGS.get(c.name, c.says))) for c in self.readings],
            "standing": self.standing.choice if self.standing else "",
            "today": self.today,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return matters.decide(
            demand=self.demand,
            about=self.about,
            choice=data["choice"],
            decided_on=data["decided_on"],
            reason=data["reason"],
            when=self.acting,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(readings=self.readings, subject=self.subject, standing=self.standing)
        return super().get_context_data(**kwargs)


def _choice(reading: Reading, day: date | None, means: str) -> Choice:
    return Choice(
        reading.name,
        capital(READINGS.get(reading.name, reading.says)),
        reading.clause,
        day,
        means,
        reading.governs,
    )


class Made(NamedTuple):
    """A decision on record, in words."""

    decision: Decision
    about: str
    choice: str


class DecisionsPage(CounselPage, TemplateView):
    """What must counsel decide and has not?"""

    template_name = "counsel/acts/decisions.html"
    nav = "decisions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_now = list(
            DocketEntry.objects.filter(
                agreement=self.agreement, kind="concern", key__startswith="decide:"
            )
            .select_related("demand")
            .order_by("flag_on", "pk")
        )
        made: QuerySet[Decision] = Decision.objects.filter(
            demand__agreement=self.agreement
        ).select_related("demand", "recorded_by", "replacement")
        page = pages(self.request, made.count(), 50)
        shown = list(made.order_by("-pk")[page.start : page.start + 50])
        senders = _senders(shown)
        count = len(open_now)
        kwargs.update(
            open_now=[(e, e.key.removeprefix("decide:")) for e in open_now],
            made=[Made(d, *_words(d, senders)) for d in shown],
            pages=page,
            heading="Nothing to decide."
            if not count
            else "One question waits for counsel’s decision."
            if count == 1
            else f"{count} questions wait for counsel’s decision.",
        )
        return super().get_context_data(**kwargs)


def _senders(decisions: Sequence[Decision]) -> dict[int, str]:
    """Whose request each decision about one is on."""
    keys = [
        int(d.about.removeprefix("request:")) for d in decisions if d.about.startswith("request:")
    ]
    return {
        pk: name or ""
        for pk, name in Notice.objects.filter(pk__in=keys).values_list("pk", "sender__name")
    }


def _words(decision: Decision, senders: dict[int, str]) -> tuple[str, str]:
    about = {
        "eligibility": "Whether the demand is good",
        "filing_opens": "From whose receipt filing opens",
    }.get(decision.about)
    if about is None:
        name = senders.get(int(decision.about.removeprefix("request:")), "an Investor")
        about = f"Whether {name}’s request is in time"
    return about, capital(READINGS.get(decision.choice, decision.choice))
