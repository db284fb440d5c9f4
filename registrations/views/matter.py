"""One matter as of a day, with all a page needs to speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from registrations.rules.days import BusinessDays
from registrations.rules.docket import Docket, demand_docket
from registrations.rules.findings import Standing, Window
from registrations.rules.matter import CompanyFacts, DemandFacts, House
from registrations.rules.states import standing
from registrations.rules.terms import Terms
from registrations.rules.waivers import NOTICE, binding

from .lanes import JOINS
from .words import Status, status_of

Facts = TypeVar("Facts", bound=DemandFacts | CompanyFacts)


@dataclass(frozen=True, slots=True)
class Matter(Generic[Facts]):
    """A matter as of a day, with all a page needs to speak of it."""

    ref: str
    number: int | str
    slug: str
    facts: Facts
    docket: Docket
    terms: Terms
    house: House
    open_days: BusinessDays
    day: date
    soon_days: int
    zone: str

    def supposing(self: Matter[DemandFacts], facts: DemandFacts) -> Docket:
        """The docket on other facts, everything else the same."""
        return demand_docket(facts, terms=self.terms, house=self.house, open_days=self.open_days)

    def stands(self, window: Window) -> Standing:
        return standing(window, today=self.day, soon_days=self.soon_days)

    def status(self, window: Window) -> Status:
        return status_of(self.stands(window), window.force)

    @property
    def file(self) -> Window | None:
        return self.docket.window("file")

    @property
    def effective(self) -> Window | None:
        return self.docket.window("effective")

    @property
    def joins(self) -> list[Window]:
        return [w for w in self.docket.windows if w.rule in JOINS]

    @property
    def received(self) -> list[date]:
        return sorted(a.received_on for a in self.docket.notices if a.received_on)

    @property
    def without_receipt(self) -> list[str]:
        not_owed = binding(self.facts.waivers, self.terms)[NOTICE]
        return [
            i.name
            for i, a in zip(self.facts.invited, self.docket.notices, strict=False)
            if a.received_on is None and i.investor not in not_owed
        ]

    @property
    def on_receipts_so_far(self: Matter[DemandFacts]) -> Window | None:
        """The filing window if the last receipt on record were the last of all, or nothing
        when its first day is known or nobody has received a copy.

        The rules are asked as if the Investor with that receipt were the only one.  What a
        reading gives that hangs on another receipt is taken from the record.
        """
        file = self.file
        if file is None or file.opens_on or file.done_on or not self.received:
            return None
        last = self.received[-1]
        only = next(
            i
            for i, a in zip(self.facts.invited, self.docket.notices, strict=True)
            if a.received_on == last
        )
        supposed = self.supposing(self.facts._replace(invited=(only,))).window("file")
        if supposed is None:
            return None
        real = {r.name: r for r in file.readings if not r.governs}
        return supposed._replace(readings=tuple(real.get(r.name, r) for r in supposed.readings))

    @property
    def lower_bound(self: Matter[DemandFacts]) -> date | None:
        """The first day to file on the receipts so far: it can only become later."""
        supposed = self.on_receipts_so_far
        return supposed.opens_on if supposed else None
