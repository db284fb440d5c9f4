"""The papers of the demo's registration of 2003: invented expenses, a claim, and what the
Selling Investors furnished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from investors.models import Investor

from .models import Demand
from .services import claims, expenses, information
from .services.claims import ClaimIn, ContributionIn, PartyIn
from .services.expenses import ExpenseIn
from .services.information import InformationIn
from .services.recording import When


def load_papers(demand: Demand, investors: Mapping[str, Investor], when: When) -> None:
    """Expenses of all three bearers, one paid by the wrong party; a claim noticed late, with
    its contribution; one answer whole, one with parts missing."""
    ridgeline, voss = investors["Ridgeline Family Trust"], investors["Eleanor R. Voss"]
    for kind, amount, day, paid_by, payer in (
        ("sec_filing_fee", "1840.00", date(2003, 7, 15), "company", None),
        ("company_counsel", "46500.00", date(2003, 8, 8), "company", None),
        ("blue_sky", "3250.00", date(2003, 8, 20), "investor", ridgeline),
        ("underwriting_discount", "12600.00", date(2003, 10, 1), "company", None),
        ("investor_counsel", "9000.00", date(2003, 10, 20), "investor", voss),
    ):
        expenses.record_expense(
            demand=demand,
            expense=ExpenseIn(kind, Decimal(amount), day, paid_by, payer),
            when=when,
        )
    claim = claims.record_claim(
        demand=demand,
        claim=ClaimIn(
            claimant="selling_investor",
            claimant_investor=ridgeline,
            about="A buyer says the prospectus left out a loan to a director. Invented.",
            amount=Decimal("180000.00"),
            known_on=date(2004, 3, 1),
            notice_method="certified_mail",
            notice_sent_on=date(2004, 3, 15),
            notice_received_on=date(2004, 3, 18),
            counsel="Hart & Lowell LLP",
        ),
        stated_on=date(2004, 3, 18),
        when=when,
    )
    claims.record_contribution(
        claim=claim,
        contribution=ContributionIn(
            Decimal("180000.00"),
            "net_proceeds_and_fault",
            [
                PartyIn(None, Decimal("0.00"), fault=7_000),
                PartyIn(ridgeline, Decimal("85500.00"), Decimal("90000.00"), 3_000),
            ],
            limit="gross",
        ),
        stated_on=date(2004, 4, 1),
        when=when,
    )
    asked = [ridgeline, voss]
    information.ask_information(
        demand=demand,
        investors=asked,
        sent_on=date(2003, 6, 20),
        method="regular_mail",
        due_on=date(2003, 7, 3),
        when=when,
    )
    information.record_information(
        demand=demand,
        investor=ridgeline,
        answer=InformationIn(
            "Ridgeline Family Trust",
            "None",
            None,
            300_000,
            None,
            None,
            "Sale on the open market",
            "The trustee alone",
        ),
        received_on=date(2003, 6, 30),
        when=when,
    )
