"""What Selling Investors furnish about themselves: who has answered, what is missing, and
whom to chase (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View

from investors.models import Agreement, Investor
from registrations.docx import DOCX, table_as_docx
from registrations.facts.papers import (
    Furnishes,
    information_of,
    over_on,
    prefilled,
    terms_of_matter,
)
from registrations.forms.base import ActForm
from registrations.forms.information import AnswerForm, AskForm
from registrations.models import Demand, InformationAnswer, InformationRequest
from registrations.rules.days import in_full, say
from registrations.rules.information import PARTS, Answer
from registrations.services import information
from registrations.tables import Cell, Table

from .acts import MatterAct, find_demand
from .exports import ListPage, spreadsheet
from .files import download
from .paging import FORMATS, pages
from .scope import CounselPage
from .words import Status, count_words, days_words, listed, short_day

ROWS = 100


class InformationRow(NamedTuple):
    """One Selling Investor: how its answer stands, and what to do about it."""

    told: Furnishes
    status: Status
    detail: str


class InformationPage(ListPage):
    """Who has answered, who has parts missing, and who is chased?"""

    template_name = "counsel/information.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, kwargs.pop("number"))
        self.nav = demand.reference
        told = information_of(demand, self.today)
        terms = terms_of_matter(demand)
        page = pages(self.request, len(told), ROWS)
        ended_on = over_on(demand)
        late = [each for each in told if is_late(each)] if ended_on is None else []
        kwargs.update(
            demand=demand,
            clause=terms.clause("information"),
            summary=terms.summaries.get("information", ""),
            heading=_heading(demand, told, len(late)),
            rows=[
                InformationRow(each, status(each), detail(each, self))
                for each in told[page.start : page.stop]
            ],
            chased=[
                (each, days_words(each.stands.late), days_words(each.stands.since or 0))
                for each in sorted(late, key=lambda e: -e.stands.late)
            ][:ROWS],
            doubts=[concern for each in told for concern in each.doubts][:ROWS],
            pages=page,
            ended_on=ended_on,
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        def part(told: Furnishes, name: str) -> Any:
            return getattr(told.answered, name, None)

        return Table(
            f"{self.agreement.slug}-{context['demand'].reference}-information-{self.today}",
            ["Investor", "Answer", "Asked on", "Due on", "Received on", *PARTS.values()],
            ([
                r.told.investor.name, r.status.text,
                r.told.asked and r.told.asked.sent_on, r.told.asked and r.told.asked.due_on,
                r.told.answered and r.told.answered.received_on,
                *(part(r.told, name) for name in PARTS),
            ] for r in context["rows"]),
        )  # fmt: skip


class SellingHolders(CounselPage, View):
    """The table of selling security holders a prospectus has under Regulation S-K, Item 507,
    from what each furnished: as Word, or with ``?format=`` as CSV or Excel."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        demand = find_demand(self, kwargs["number"])
        table = selling_holders(self.agreement, demand, self.today)
        form = request.GET.get("format", "")
        if form in FORMATS:
            return spreadsheet(table, form, made_at=self.now)
        company = self.agreement.company.name
        says = [
            f"{demand.reference}, from what each holder had furnished by {in_full(self.today)}. "
            "A cell is empty where it furnished nothing."
        ]
        made = table_as_docx("Selling security holders", company, says, table, made_at=self.now)
        return download(made, DOCX, f"{table.name}.docx")


def selling_holders(agreement: Agreement, demand: Demand, today: date) -> Table:
    """A row for each Selling Investor, by name: what Item 507 asks for, and who decides over
    its shares.  Whole shares, and percent of the class."""

    def row(told: Furnishes) -> Sequence[Cell]:
        said = told.answered
        if said is None:
            return [told.investor.name, "", None, None, None, None, "", ""]
        return [
            said.name or told.investor.name, said.relationship, said.shares_before,
            said.shares_offered, said.shares_after, said.percent_after, said.control_persons,
            said.broker_dealer,
        ]  # fmt: skip

    return Table(
        f"{agreement.slug}-{demand.reference}-selling-holders",
        [
            "Name", "Relationship in the past three years", "Owned before", "Offered",
            "Owned after", "Percent after", "Who votes or disposes of the shares",
            "Broker-dealer or affiliated with one",
        ],
        [row(told) for told in information_of(demand, today)],
    )  # fmt: skip


def is_late(told: Furnishes) -> bool:
    """Whether an answer that is due has not come whole."""
    return told.stands.answer is not Answer.WHOLE and told.stands.late > 0


def _heading(demand: Demand, told: list[Furnishes], late: int) -> str:
    ref = demand.reference
    if not told:
        return f"{ref}: no Selling Investor to ask yet."
    whole = sum(each.stands.answer is Answer.WHOLE for each in told)
    said = f"{ref}: {whole:,} of {len(told):,} Selling Investors have answered"
    return (
        f"{said}; {count_words(late, 'answer')} {'is' if late == 1 else 'are'} overdue."
        if (late)
        else f"{said}."
    )


def status(told: Furnishes) -> Status:
    """How an answer stands, in the product's own vocabulary."""
    stands = told.stands
    if stands.answer is Answer.WHOLE:
        return Status("done", f"Answered {days_words(stands.late)} late" if stands.late else
                      "Answered")  # fmt: skip
    if stands.late:
        return Status("missed", f"{days_words(stands.late)} overdue")
    if stands.answer is Answer.IN_PART:
        return Status("soon", "Parts missing")
    if stands.answer is Answer.NONE:
        return Status("open", "Asked")
    return Status("wait", "Not asked yet")


def detail(told: Furnishes, page: CounselPage) -> str:
    """What stands behind the status: the days, and the parts that are missing."""
    said = []
    if told.asked is not None:
        said.append(
            f"Asked {short_day(told.asked.sent_on, page.today)}, due "
            f"{short_day(told.asked.due_on, page.today)}."
        )
    if told.answered is not None:
        said.append(f"Received {short_day(told.answered.received_on, page.today)}.")
        if told.stands.missing:
            said.append(f"Missing: {missing_words(told)}.")
    return " ".join(said)


def missing_words(told: Furnishes) -> str:
    """The parts an answer lacks, in words."""
    return listed([PARTS[part][:1].lower() + PARTS[part][1:] for part in told.stands.missing], 9)


class AnswerPage(CounselPage, TemplateView):
    """What did this Selling Investor furnish?  To be printed and put in the file."""

    template_name = "counsel/information_answer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, kwargs.pop("number"))
        self.nav = demand.reference
        told = next(
            (
                each
                for each in information_of(demand, self.today)
                if each.investor.public_id == kwargs["investor"]
            ),
            None,
        )
        if told is None:
            raise Http404
        answered = told.answered
        parts = [
            (PARTS[part], "" if part in told.stands.missing else in_words(answered, part))
            for part in (told.asked.parts if told.asked else PARTS)
        ]
        kwargs.update(
            demand=demand,
            told=told,
            parts=parts,
            status=status(told),
            detail=detail(told, self),
            clause=terms_of_matter(demand).clause("information"),
            asked=InformationRequest.objects.filter(demand=demand, investor=told.investor)
            .select_related("recorded_by")
            .order_by("-pk"),
            answers=InformationAnswer.objects.filter(demand=demand, investor=told.investor)
            .select_related("recorded_by")
            .order_by("-pk"),
            heading=f"{told.investor.name} in {demand.reference}: "
            + (
                "everything asked for is here."
                if answered and not told.stands.missing
                else f"{count_words(len(told.stands.missing), 'part')} missing."
                if answered
                else "no answer yet."
            ),
        )
        return super().get_context_data(**kwargs)


def in_words(answered: InformationAnswer | None, part: str) -> str:
    """One part of an answer as it is read."""
    value = getattr(answered, part, None)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}%"
    return f"{value:,}" if isinstance(value, int) else str(value or "")


# --- what may be recorded -------------------------------------------------------------------


class InformationAct(MatterAct):
    """An act on what a registration's Selling Investors furnish.  No date can move."""

    looks = False

    def find(self) -> None:
        super().find()
        self.clause = terms_of_matter(self.demand).clause("information")

    def consequences(self, form: ActForm) -> None:
        return None

    def lands_on(self, made: Any) -> str:
        return reverse("information", args=[self.agreement.slug, self.demand.in_address])

    def where(self) -> list[tuple[str, str]]:
        slug, ref = self.agreement.slug, self.demand
        return [
            ("Registrations", reverse("registrations", args=[slug])),
            (ref.reference, reverse("demand", args=[slug, ref.in_address])),
            ("Information", self.lands_on(None)),
        ]


class AskInformation(InformationAct):
    """The Company asked for information."""

    form_class = AskForm
    button = "Save request"
    saved = "Request saved."

    def find(self) -> None:
        super().find()
        self.told = information_of(self.demand, self.today)
        self.heading = f"Record that the Company asked for information for {self.demand.reference}"
        self.intro = "The Company may ask for what the registration needs, in writing."

    def form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "investors": [
                (
                    each.investor,
                    f", asked before, due {say(each.asked.due_on)}" if each.asked else "",
                )
                for each in self.told
            ],
            "again": any(each.asked for each in self.told),
        }
        if self.request.method == "GET":
            chosen = self.request.GET.getlist("investor")
            waits = [e for e in self.told if e.asked is None and e.answered is None]
            options["initial"] = {
                "investors": chosen or [str(e.investor.pk) for e in waits],
                "parts": list(PARTS),
            }
        return options

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(AskForm, form)
        data = typed.cleaned_data
        return information.ask_information(
            demand=self.demand,
            investors=typed.chosen(),
            sent_on=data["sent_on"],
            method=data["method"],
            due_on=data["due_on"],
            parts=data["parts"],
            reason=data.get("reason", ""),
            when=self.acting,
        )


class RecordInformation(InformationAct):
    """A Selling Investor answered, or more of its answer came."""

    form_class = AnswerForm
    button = "Save answer"
    saved = "Answer saved."

    def find(self) -> None:
        super().find()
        self.investor = get_object_or_404(
            Investor, Q(agreement=self.agreement), public_id=self.kwargs["investor"]
        )
        self.record = (
            InformationAnswer.objects.standing()
            .filter(demand=self.demand, investor=self.investor)
            .first()
        )
        self.heading = f"What {self.investor.name} furnished for {self.demand.reference}"
        self.intro = (
            "What was recorded before stays on record. Leave empty what it did not state."
            if self.record
            else "Filled in from its last answer, the register and its request: check each part "
            "against the paper, and empty what the paper does not state."
        )

    def form_options(self) -> dict[str, Any]:
        start = None
        if self.record is None and self.request.method == "GET":
            start = prefilled(self.demand, self.investor, self.today)
        return {"record": self.record, "start": start}

    def lands_on(self, made: Any) -> str:
        if made is None:
            return super().lands_on(made)
        slug = self.agreement.slug
        return reverse(
            "information-answer", args=[slug, self.demand.in_address, self.investor.public_id]
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(AnswerForm, form)
        return information.record_information(
            demand=self.demand,
            investor=self.investor,
            answer=typed.answer(),
            received_on=typed.cleaned_data["received_on"],
            reason=typed.cleaned_data.get("reason", ""),
            replaces=self.record,
            when=self.acting,
        )
