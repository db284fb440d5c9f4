"""Stories: sequences of acts on one agreement, drawn at random, many of them contradictions.

An act is a name and four numbers; who, what and when they mean is worked out from what is
there when its turn comes, so that any shortened story is still a story.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from investors.acts import Refused
from investors.models import ElectronicConsent, Investor, LedgerEntry
from notices.models import DeliveryRecord, RequestRecord
from registrations import sweep
from registrations.models import Demand, StatementRecord
from registrations.services import (
    company,
    correspondence,
    deliveries,
    ledger,
    matters,
    register,
    requests,
    transfers,
)
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn
from tests import world as tell

START = date(2003, 6, 1)
DAY = timedelta(days=1)
METHODS = ("certified_mail", "registered_mail", "personal", "facsimile", "regular_mail", "portal")
HOLDINGS = {"Alder": 1_400_000, "Birch": 900_000, "Cedar": 500_000, "Dale": 200_000}

LEDGER = ("issue", "convert", "exercise", "transfer", "sell", "correct")
PAPERS = ("demand", "company_notice", "receipt", "request", "decline", "complete")
COURSE = ("file", "effective", "all_sold", "correct_statement", "decide", "other_statement")
COMPANY = ("propose", "change", "accept", "withdraw_company")
REGISTER = ("address", "consent", "withdraw", "newcomer")


def acts(*names: str) -> st.SearchStrategy[tuple[str, tuple[int, int, int, int]]]:
    small = st.integers(0, 11)
    return st.tuples(st.sampled_from(names), st.tuples(small, small, small, small))


class Story:
    """One agreement as it goes on.  ``in_real_time``: each thing is entered on the day it
    happens, and nothing is corrected."""

    def __init__(self, world: tell.World, *, in_real_time: bool = False) -> None:
        self.world, self.today, self.in_real_time = world, START, in_real_time
        self.done, self.refused = 0, 0

    def do(self, act: tuple[str, tuple[int, int, int, int]]) -> bool:
        """Do it; ``False`` when there was nothing to do it to, or it was refused."""
        name, numbers = act
        try:
            with transaction.atomic():
                happened = getattr(self, name)(*numbers) is not False
        except Refused:
            self.refused += 1
            return False
        self.done += happened
        return happened

    # --- what the numbers mean

    @property
    def when(self) -> Any:
        return self.world.at(self.today)

    def back(self, n: int) -> date:
        return self.today - (n % 9) * DAY * (not self.in_real_time)

    def investor(self, n: int) -> Investor:
        return self.world.investors[sorted(self.world.investors)[n % len(self.world.investors)]]

    def party(self, n: int) -> Investor | None:
        return None if n == 0 else self.investor(n)

    def matter(self, n: int) -> Demand | None:
        known = list(self.world.agreement.demands.order_by("pk"))
        return known[n % len(known)] if known else None

    def copy(self, method: int, sent: int, received: int) -> CopyIn:
        """In real time a copy is sent and received the same day, or its receipt is not yet
        known; else the days are any, in any order, or not given."""
        sent_on = None if sent == 11 and not self.in_real_time else self.back(sent)
        received_on = None if received > 6 else self.back(received)
        return CopyIn(METHODS[method % len(METHODS)], sent_on, received_on)

    # --- the ledger

    def issue(self, who: int, many: int, back: int, _: int) -> None:
        ledger.issue_units(
            investor=self.investor(who), units=many * 10_000, on=self.back(back), when=self.when
        )

    def convert(self, who: int, many: int, back: int, _: int) -> None:
        ledger.convert_preferred(
            investor=self.investor(who), preferred=many * 100_000, on=self.back(back),
            when=self.when,
        )  # fmt: skip

    def exercise(self, who: int, many: int, back: int, _: int) -> None:
        ledger.exercise_warrants(
            investor=self.investor(who), warrants=many * 100_000, on=self.back(back),
            when=self.when,
        )  # fmt: skip

    def transfer(self, who: int, many: int, back: int, to: int) -> None:
        transfers.record_transfer(
            investor=self.investor(who), to=self.investor(to), quantity=many * 50_000,
            on=self.back(back), when=self.when,
        )  # fmt: skip

    def sell(self, who: int, many: int, back: int, _: int) -> None:
        ledger.record_public_sale(
            under="statement",
            investor=self.investor(who),
            shares=many * 300_000,
            on=self.back(back),
            when=self.when,
        )

    def correct(self, who: int, many: int, back: int, which: int) -> None:
        securities = LedgerEntry.Security.values
        ledger.correct_ledger(
            investor=self.investor(who), security=securities[which % 4],
            change=(many - 5) * 70_000, on=self.back(back), reason="A miscount.", when=self.when,
        )  # fmt: skip

    # --- papers

    def demand(self, who: int, method: int, sent: int, received: int) -> None:
        correspondence.record_demand_notice(
            agreement=self.world.agreement,
            asks=[
                AskIn(self.investor(n), None, 1_000_000 * (n % 3) or None, "Brokers" * (n % 2))
                for n in range(who % 3 + 1)
            ],
            copy=self.copy(method, sent, received),
            when=self.when,
        )

    def company_notice(self, which: int, method: int, sent: int, received: int) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        starting = set(matter.notice.requests.values_list("investor_id", flat=True))
        correspondence.record_company_notice(
            demand=matter,
            copies=[
                (investor, self.copy(method + n, sent, received + 3 * n))
                for n, investor in enumerate(self.world.investors.values())
                if (which + n) % 4 and investor.pk not in starting
            ],
            when=self.when,
        )
        return None

    def receipt(self, which: int, back: int, change: int, method: int) -> bool | None:
        """Fill in a receipt, or (by a reason) correct how a copy travelled."""
        records = DeliveryRecord.objects.standing().order_by("pk")
        if self.in_real_time:
            records = records.filter(received_on=None)
        known = list(records)
        if not known:
            return False
        stands = known[which % len(known)]
        copy = CopyIn(stands.method, stands.sent_on, self.back(back))
        if change < 3 and not self.in_real_time:
            copy = self.copy(method, back, change)
        deliveries.record_delivery(
            replaces=stands,
            copy=copy,
            reason="" if change > 5 or self.in_real_time else "Misread.",
            when=self.when,
        )
        return None

    def request(self, which: int, who: int, many: int, received: int) -> bool | None:
        return self._answer(which, who, many, received, declines=False)

    def decline(self, which: int, who: int, many: int, received: int) -> bool | None:
        return self._answer(which, who, many, received, declines=True)

    def _answer(
        self, which: int, who: int, many: int, received: int, *, declines: bool
    ) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        correspondence.record_answer(
            demand=matter,
            ask=AskIn(self.investor(who))
            if declines
            else AskIn(
                self.investor(who), None, many * 200_000 or None, "Brokers" * (many % 2),
                "None" if many % 3 else None,
            ),
            copy=self.copy(many, received + 1, received),
            declines=declines,
            when=self.when,
        )  # fmt: skip
        return None

    def complete(self, which: int, many: int, back: int, change: int) -> bool | None:
        known = list(RequestRecord.objects.standing().order_by("pk"))
        if not known:
            return False
        stands = known[which % len(known)]
        keeps = self.in_real_time or change > 2
        requests.complete_request(
            notice=stands.notice,
            ask=AskIn(
                stands.investor,
                stands.units,
                stands.shares if keeps and stands.shares is not None else many * 100_000,
                stands.distribution or "Brokers",
                stands.other_information or "None",
            ),
            stated_on=self.back(back),
            reason="" if keeps else "The letter says so.",
            when=self.when,
        )
        return None

    # --- the course of a registration

    def file(self, which: int, back: int, who: int, many: int) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        covers = {self.investor(who).pk: many * 100_000} if many else None
        matters.record_filing(demand=matter, on=self.back(back), covers=covers, when=self.when)
        return None

    def effective(self, which: int, back: int, _: int, __: int) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        matters.record_effectiveness(demand=matter, on=self.back(back), when=self.when)
        return None

    def all_sold(self, which: int, back: int, _: int, __: int) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        matters.record_all_sold(demand=matter, on=self.back(back), when=self.when)
        return None

    def correct_statement(self, which: int, back: int, _: int, __: int) -> bool | None:
        known = list(StatementRecord.objects.standing().order_by("pk"))
        if not known:
            return False
        matters.correct_statement_record(
            replaces=known[which % len(known)], on=self.back(back), reason="Misread.",
            when=self.when,
        )  # fmt: skip
        return None

    def decide(self, which: int, about: int, choice: int, back: int) -> bool | None:
        matter = self.matter(which)
        if matter is None:
            return False
        open_to_choice = sorted(matters.choices(matter).items())
        question, readings = open_to_choice[about % len(open_to_choice)]
        matters.decide(
            demand=matter, about=question, choice=readings[choice % len(readings)],
            decided_on=self.back(back), reason="A memo.", when=self.when,
        )  # fmt: skip
        return None

    def other_statement(self, back: int, far: int, _: int, __: int) -> None:
        on = self.back(back)
        if not self.in_real_time:
            on -= far * 20 * DAY
        matters.record_other_statement(
            agreement=self.world.agreement, name="Form S-3", effective_on=on, when=self.when
        )

    # --- a registration of the Company's own

    def proposal(self, n: int) -> company.ProposalIn:
        return company.ProposalIn(
            f"Offering {n}",
            form_allows=(True, True, None, False)[n % 4],
            only_for="stock_plan" if n % 7 == 6 else "",
            underwritten=n % 2 == 1,
            planned_on=self.today + n * DAY if n % 5 else None,
        )

    def offering(self, n: int) -> Demand | None:
        known = list(self.world.agreement.demands.filter(kind="company").order_by("pk"))
        return known[n % len(known)] if known else None

    def propose(self, what: int, back: int, memo: int, _: int) -> None:
        company.propose_registration(
            agreement=self.world.agreement, proposal=self.proposal(what),
            proposed_on=self.back(back), memo="A memo." * (memo % 3 > 0), when=self.when,
        )  # fmt: skip

    def change(self, which: int, what: int, back: int, _: int) -> bool | None:
        matter = self.offering(which)
        if matter is None:
            return False
        company.change_proposal(
            demand=matter, proposal=self.proposal(what), stated_on=self.back(back),
            reason="It changed.", when=self.when,
        )  # fmt: skip
        return None

    def accept(self, which: int, who: int, back: int, why: int) -> bool | None:
        matter = self.offering(which)
        if matter is None:
            return False
        company.record_acceptance(
            demand=matter, investor=self.investor(who), on=self.back(back),
            reason="Misread." * (why % 2 * (not self.in_real_time)), when=self.when,
        )  # fmt: skip
        return None

    def withdraw_company(self, which: int, back: int, sure: int, _: int) -> bool | None:
        matter = self.offering(which)
        if matter is None or sure < 9:
            return False
        company.withdraw_registration(
            demand=matter, on=self.back(back), reason="The market fell.", when=self.when
        )
        return None

    # --- the register

    def address(self, who: int, back: int, _: int, __: int) -> None:
        register.change_address(
            agreement=self.world.agreement, investor=self.party(who), lines="2 New Street",
            in_force_from=self.back(back), when=self.when,
        )  # fmt: skip

    def consent(self, who: int, back: int, _: int, __: int) -> None:
        register.record_consent(
            agreement=self.world.agreement, investor=self.party(who), signed_on=self.back(back),
            when=self.when,
        )  # fmt: skip

    def withdraw(self, which: int, back: int, _: int, __: int) -> bool | None:
        known = list(ElectronicConsent.objects.standing().filter(withdrawn_on=None).order_by("pk"))
        if not known:
            return False
        register.withdraw_consent(
            consent=known[which % len(known)], withdrawn_on=self.back(back), reason="",
            when=self.when,
        )  # fmt: skip
        return None

    def newcomer(self, many: int, back: int, _: int, __: int) -> None:
        name = f"Newcomer {len(self.world.investors)}"
        self.world.investors[name] = register.add_investor(
            agreement=self.world.agreement, name=name, kind="person",
            party_from=self.back(back), address="9 Newcomer Street", when=self.when,
        )  # fmt: skip

    # --- time

    def days_pass(self, days: int, _: int, __: int, ___: int) -> None:
        self.today += days * DAY
        sweep.sweep(tell.noon(self.today))
