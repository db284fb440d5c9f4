"""Registration statements: what was filed, what became of it, and what can be recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch, Sum
from django.views.generic import TemplateView

from registrations.facts import docket_of, facts_of, terms_for
from registrations.models import Demand, EdgarAnswer, EdgarProposal, Statement, StatementRecord
from registrations.rules.days import say
from registrations.rules.filing import timely
from registrations.rules.joining import Answers, answers
from registrations.rules.matter import CompanyFacts
from registrations.rules.piggyback import participating
from registrations.rules.statement import ALIVE, UNDETERMINED, USED_UP, Event, unanswered
from registrations.rules.states import standing
from registrations.tables import Table

from .acts import find_statement
from .exports import ListPage
from .lanes import JOINS
from .paging import pages
from .scope import CounselPage
from .words import status_of

SHOWN_BY_PAGE = 50
# What of EDGAR an entry rests on.
EVIDENCE = Prefetch("edgar", EdgarAnswer.objects.select_related("proposal").order_by("pk"))


class StatementRow(NamedTuple):
    """One statement, what stands of it and what that replaced."""

    statement: Statement
    records: Sequence[StatementRecord]
    earlier: Sequence[StatementRecord]

    @property
    def kinds(self) -> set[str]:
        return {r.kind for r in self.records}


class CoverRow(NamedTuple):
    """What one Investor asked for in time, held, and is covered for now; whole shares."""

    name: str
    asked: int | None
    held: int | None
    covered: int

    @property
    def missing(self) -> int:
        return max(0, (self.asked or 0) - self.covered)

    @property
    def above(self) -> int:
        return max(0, self.covered - self.held) if self.held is not None else 0


class StatementPage(CounselPage, TemplateView):
    """What became of one statement, what is due, and whom does it cover?"""

    template_name = "counsel/statement.html"
    nav = "registrations"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        statement = find_statement(self, kwargs.pop("statement"))
        every = list(
            statement.records.select_related("recorded_by", "replacement")
            .prefetch_related(EVIDENCE)
            .annotate(covered=Sum("covers__shares"))
            .order_by("on", "pk")
        )
        row = StatementRow(
            statement,
            [r for r in every if not hasattr(r, "replacement")],
            [r for r in every if hasattr(r, "replacement")],
        )
        if statement.demand is not None:
            kwargs.update(self.of_demand(statement.demand))
        kwargs.update(
            row=row,
            statement=statement,
            heading=f"{statement.name}: {_last_said(row.records)}",
            edgar_waits=EdgarProposal.objects.filter(
                agreement=self.agreement,
                answer=None,
                replacement=None,
                file_number__in={r.file_number for r in row.records if r.file_number},
            ).count(),
            comments_on=unanswered(Event(r.kind, r.on) for r in row.records),
            recordable=[
                (kind.value, kind.label)
                for kind in statement.recordable
                if not (kind in StatementRecord.ONCE and kind in row.kinds)
            ],
        )
        return super().get_context_data(**kwargs)

    def of_demand(self, demand: Demand) -> dict[str, Any]:
        """What is due under a statement of a matter, and share by share what it covers (D9,
        D10, D13, P4, S1)."""
        terms = terms_for(demand)
        facts = facts_of(demand)
        docket = docket_of(demand, supposing=facts)
        soon_days = self.agreement.company.due_soon_days
        windows = [w for key in ("effective", "keep_effective") if (w := docket.window(key))]
        joined = {w.investor: w for w in docket.windows if w.rule in JOINS and w.investor}
        answered: Mapping[int, Answers] = {i.investor: answers(i, terms) for i in facts.invited}
        if isinstance(facts, CompanyFacts):
            answered = participating(facts, answered)
        covers = (facts.filing.covers_now if facts.filing else None) or {}
        asked = timely(facts, joined, answered) if joined else []
        return {
            "due": [
                (w, status_of(standing(w, today=self.today, soon_days=soon_days), w.force))
                for w in windows
            ],
            "use": docket.use,
            "use_says": "" if demand.by_company else USE_WORDS[docket.use.outcome],
            "cover_rows": [
                CoverRow(who.name, shares, held, covers.get(who.investor, 0))
                for who, shares, held in asked
            ],
        }


USE_WORDS = {
    USED_UP: "The one demand is used up.",
    ALIVE: "The one demand is alive.",
    UNDETERMINED: "Whether the one demand is used up is undetermined.",
}


def _last_said(records: Sequence[StatementRecord]) -> str:
    if not records:
        return "nothing on record."
    last = records[-1]
    return f"{last.get_kind_display().lower()} on {say(last.on)}."


class StatementsPage(ListPage):
    """What has been filed, and what became of it?"""

    template_name = "counsel/statements.html"
    nav = "registrations"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Statement.objects.filter(agreement=self.agreement).select_related("demand")
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        records = (
            StatementRecord.objects.select_related("recorded_by", "replacement")
            .prefetch_related(EVIDENCE)
            .annotate(covered=Sum("covers__shares"))
            .order_by("on", "pk")
        )
        rows = []
        for statement in found.prefetch_related(Prefetch("records", records)).order_by("-pk")[
            page.start : page.stop
        ]:
            every = list(statement.records.all())
            rows.append(
                StatementRow(
                    statement,
                    [r for r in every if not hasattr(r, "replacement")],
                    [r for r in every if hasattr(r, "replacement")],
                )
            )
        kwargs.update(
            rows=rows,
            pages=page,
            heading=f"{page.total:,} registration statement{'' if page.total == 1 else 's'} "
            "on record."
            if page.total
            else "No registration statement is on record.",
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-statements-{self.today}",
            ["Statement", "Form", "Registration", "What happened", "On", "Shares covered"],
            ([
                r.statement.name, r.statement.form,
                r.statement.demand.reference if r.statement.demand else "",
                record.get_kind_display(), record.on, record.covered,
            ] for r in context["rows"] for record in r.records),
        )  # fmt: skip
