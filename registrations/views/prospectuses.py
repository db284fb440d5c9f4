"""Who has which prospectus, and where each state stands (S2, S3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from registrations.facts.prospectus import state_facts
from registrations.models import ProspectusCopies, StateEntry
from registrations.rules.blue_sky import StateRow, grid
from registrations.rules.prospectus import Selling
from registrations.rules.selling import without

from .paging import pages
from .selling import ROWS, CarriedPage
from .words import Status, capital, count_words, listed, short_day


class Lacking(NamedTuple):
    """Who has none of a kind yet."""

    kind: str
    many: int
    names: str


class ProspectusesPage(CarriedPage):
    """Who has which prospectus, and who has none yet?"""

    template_name = "counsel/prospectuses.html"

    def fill(self, context: dict[str, Any]) -> None:
        every = (
            ProspectusCopies.objects.filter(statement__demand=self.demand)
            .select_related("investor", "suspension", "recorded_by", "replacement")
            .order_by("-pk")
        )
        standing = every.filter(replacement=None)
        if self.as_of is not None:
            standing = standing.filter(sent_on__lte=self.as_of) | standing.filter(
                sent_on=None, received_on__lte=self.as_of
            )
        page = pages(self.request, standing.count(), ROWS)
        lacking = [
            Lacking(str(ProspectusCopies.Kind(kind).label).lower(), len(who), _names(who))
            for kind, who in without(self.facts, self.terms).items()
        ]
        context.update(
            entries=list(standing[page.start : page.start + ROWS]),
            replaced=list(every.exclude(replacement=None)[:ROWS]) if self.as_of is None else [],
            pages=page,
            lacking=lacking,
            sellers=len(self.facts.sellers),
            clause=self.terms.clause("prospectuses"),
            summary=self.terms.summaries.get("prospectuses", ""),
            heading=_prospectuses_heading(lacking, self.facts, self.demand.reference),
        )


def _names(who: Sequence[Any]) -> str:
    return listed([s.name for s in who], 6)


def _prospectuses_heading(lacking: Sequence[Lacking], facts: Selling, ref: str) -> str:
    if not facts.sellers:
        return f"Nobody sells under {ref} yet."
    if not lacking:
        return f"{capital(count_words(len(facts.furnished), 'entry', 'entries'))} on record."
    short = [each for each in lacking if each.many]
    if not short:
        return f"Every Selling Investor of {ref} has its prospectuses."
    last = short[-1]
    return f"{capital(count_words(last.many, 'Selling Investor'))} of {ref} " + (
        f"{'has' if last.many == 1 else 'have'} no {last.kind} yet."
    )


# --- blue sky -------------------------------------------------------------------------------

STATE_STATUS = {
    StateEntry.Kind.REQUESTED: "soon",
    StateEntry.Kind.FILED: "open",
    StateEntry.Kind.CLEARED: "done",
    StateEntry.Kind.REFUSED: "missed",
    StateEntry.Kind.WITHDRAWN: "later",
    StateEntry.Kind.NOT_NEEDED: "done",
}


class GridRow(NamedTuple):
    """A state, where it stands and the entries that say so."""

    row: StateRow
    status: Status
    asked: str
    entries: Sequence[StateEntry]
    earlier: Sequence[StateEntry]


class BlueSkyPage(CarriedPage):
    """In which states may they sell?"""

    template_name = "counsel/blue_sky.html"

    def fill(self, context: dict[str, Any]) -> None:
        rows = grid(state_facts(self.statement), self.day) if self.statement else ()
        every: dict[str, list[StateEntry]] = {}
        entries = StateEntry.objects.filter(statement__demand=self.demand, on__lte=self.day)
        for entry in entries.select_related("recorded_by", "replacement", "investor").order_by(
            "on", "pk"
        ):
            every.setdefault(entry.state, []).append(entry)
        waiting = sum(row.open for row in rows)
        context.update(
            rows=[_grid_row(row, every.get(row.state, []), self.day) for row in rows],
            clause=self.terms.clause("blue_sky"),
            summary=self.terms.summaries.get("blue_sky", ""),
            heading=_states_heading(len(rows), waiting, self.demand.reference),
        )


def _grid_row(row: StateRow, every: Sequence[StateEntry], day: date) -> GridRow:
    kind = StateEntry.Kind(row.says.kind)
    return GridRow(
        row,
        Status(STATE_STATUS[kind], str(kind.label)),
        listed([f"{a.who}, {short_day(a.on, day)}" for a in row.asked], 4),
        [e for e in every if not hasattr(e, "replacement")],
        [e for e in every if hasattr(e, "replacement")],
    )


def _states_heading(total: int, waiting: int, ref: str) -> str:
    if not total:
        return f"No state was asked for under {ref}."
    if not waiting:
        return f"{ref}: nothing waits in {count_words(total, 'state')}."
    return (
        f"{ref}: {count_words(waiting, 'state')} of {total:,} "
        f"{'waits' if waiting == 1 else 'wait'} for the Company."
    )
