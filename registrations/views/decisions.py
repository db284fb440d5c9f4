"""Counsel's decisions: which reading governs, what was decided and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from notices.models import Notice
from registrations.facts import (
    delays_of,
    docket_of,
    invited_of,
    terms_for,
    transfers_in_question,
)
from registrations.forms.base import ActForm
from registrations.forms.matters import DecideForm
from registrations.models import Decision, Demand, DocketEntry
from registrations.rules.days import say
from registrations.rules.delay import EFFECT_SAYS, EFFECTS
from registrations.rules.docket import Docket
from registrations.rules.findings import Reading, Reason
from registrations.rules.matter import Invited
from registrations.services import matters
from registrations.tables import Table

from .acts import MatterAct, find_demand
from .exports import ListPage
from .paging import pages
from .words import capital, days_words

READINGS = {
    "offered": "a majority of the Units offered",
    "issued": "a majority of the Units issued",
    "held": "a majority of the Units Investors hold now",
    "given": "counted from the day the Company Notice was given",
    "received": "counted from the day the Company Notice was received",
    "last_receipt": "counted from the last Investor’s receipt",
    "first_receipt": "counted from the first Investor’s receipt",
    "owed": "a Registration Notice is owed to every Investor",
    "excluded": "no Registration Notice is owed",
    "not_allowed": "the delay is not allowed, and moves no date",
    "demand_owed": "a demand is left",
    "demand_not_owed": "no demand is left",
    **EFFECT_SAYS,
    "left_out": "shares that sit in another registration are left out",
    "allowed": "this request may have shares that sit in another registration",
}


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
            names = terms_for(self.demand).filing_opens_from
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
        if self.about == "demand_left":
            chosen = self.standing.choice if self.standing else ""
            found = [
                Choice(name, capital(READINGS[f"demand_{name}"]), "", None, says, name == chosen)
                for name, says in (
                    ("owed", "Its clocks run."),
                    ("not_owed", "It starts no clock."),
                )
            ]
            said = "; ".join(r.text.rstrip(".") for r in self.left(docket))
            return f"{said}." if said else "", "is a demand left?", found
        if self.about == "notice_owed":
            found = [_choice(r, None, capital(f"{r.says}.")) for r in docket.ruling.readings]
            return "", "are Investors owed a Registration Notice?", found
        if self.about == "delay_effect":
            window = docket.window("file")
            found = [
                _choice(r, r.closes_on, f"The last day to file is {say(r.closes_on)}.")
                for r in (window.readings if window else ())
                if r.name in EFFECTS
            ]
            return "", "what does the delay do to the last day to file?", found
        if self.about.startswith("delay:"):
            return self.delay()
        request = _request(self.about)
        invited = next(
            i for i in invited_of(self.demand) if any(r.id == request for r in i.requests)
        )
        if self.demand.by_company:
            return self.twice(invited)
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

    def left(self, docket: Docket) -> tuple[Reason, ...]:
        """What used up the demands owed (D13)."""
        about = ("no_demand_left", "decide:demand_left")
        return next((c.because for c in docket.concerns if c.key in about), ())

    def delay(self) -> tuple[str, str, list[Choice]]:
        """Whether a delay is allowed (D15)."""
        numbered = dict(delays_of(Demand.objects.filter(pk=self.demand.pk)))
        record = numbered[int(self.about.removeprefix("delay:"))]
        chosen = self.standing.choice if self.standing else ""
        ground = f" Its ground: {record.other_ground}." if record.other_ground else ""
        found = [
            Choice(name, says, "", None, means, name == chosen)
            for name, says, means in (
                ("allowed", "The delay is allowed", "It puts the last day to file off."),
                ("not_allowed", "The delay is not allowed", "It moves no date."),
            )
        ]
        return (
            f"The Company directed it on {say(record.directed_on)}.{ground}",
            "may the Company delay it?",
            found,
        )

    def twice(self, invited: Invited) -> tuple[str, str, list[Choice]]:
        """Whether a request may have shares that sit in another registration (P8)."""
        request = next(r for r in invited.requests if r.id == _request(self.about))
        held, elsewhere = request.held or 0, request.committed
        chosen = self.standing.choice if self.standing else "left_out"
        found = [
            Choice(name, capital(READINGS[name]), "", None, means, name == chosen)
            for name, means in (
                ("left_out", f"It may have up to {max(0, held - elsewhere):,}."),
                ("allowed", f"It may have up to the {held:,} it held."),
            )
        ]
        return (
            f"{invited.name} held {held:,} Registrable Shares, of which {elsewhere:,} sit in "
            "another registration. The agreement does not say whether they may be in both.",
            f"may {invited.name} have the same shares in both registrations?",
            found,
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "readings": [(c.name, c.says) for c in self.readings],
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


class DecisionsPage(ListPage):
    """What must counsel decide and has not?"""

    template_name = "counsel/acts/decisions.html"
    listed = "made"
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
        shown = list(made.order_by("-pk")[page.start : page.stop])
        senders = _senders(shown)
        standing = transfers_in_question(self.agreement)
        count = len(open_now) + len(standing)
        kwargs.update(
            standing=standing,
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

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-decisions-{self.today}",
            ["Registration", "Question", "Reading chosen", "Why", "Decided on", "By", "Stands"],
            ([
                d.demand.reference, m.about, m.choice, d.reason, d.decided_on,
                str(d.recorded_by or ""), "no" if hasattr(d, "replacement") else "yes",
            ] for m in context["made"] for d in [m.decision]),
        )  # fmt: skip


def _request(about: str) -> int:
    """The request a question is about: the number after the colon."""
    return int(about.rpartition(":")[2])


def _senders(decisions: Sequence[Decision]) -> dict[int, str]:
    """Whose request each decision about one is on."""
    keys = [_request(d.about) for d in decisions if d.about.startswith(("request:", "both:"))]
    return {
        pk: name or ""
        for pk, name in Notice.objects.filter(pk__in=keys).values_list("pk", "sender__name")
    }


def _words(decision: Decision, senders: dict[int, str]) -> tuple[str, str]:
    about = {
        "eligibility": "Whether the demand is good",
        "filing_opens": "From whose receipt filing opens",
        "notice_owed": "Whether a Registration Notice is owed",
        "delay_effect": "What the delay does to the last day to file",
    }.get(decision.about)
    if decision.about == "demand_left":
        return "Whether a demand is left", capital(READINGS[f"demand_{decision.choice}"])
    if decision.about.startswith("delay:"):
        says = (
            "The delay is allowed" if decision.choice == "allowed" else "The delay is not allowed"
        )
        return "Whether the Company may delay it", says
    if about is None:
        name = senders.get(_request(decision.about), "an Investor")
        asked = "is in time" if decision.about.startswith("request:") else "may have shares twice"
        about = f"Whether {name}’s request {asked}"
    return about, capital(READINGS.get(decision.choice, decision.choice))
