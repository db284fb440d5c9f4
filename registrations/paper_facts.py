"""Rows in, facts out, for the papers of a registration: expenses, claims and information."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from investors.models import Investor

from .facts import filing_of, terms_for
from .models import Demand, Expense
from .rules.expenses import COMPANY, SELLERS, Account, Cost, account
from .rules.money import Expenses
from .rules.terms import Terms


def registered_of(demand: Demand) -> Mapping[int, int] | None:
    """The Registrable Shares the statement of a matter covers for each Selling Investor, as
    last amended; ``None`` while no filing that says is on record."""
    filing = filing_of(demand)
    return filing.covers_now if filing is not None else None


def terms_of_matter(demand: Demand) -> Terms:
    """The terms a matter is judged by: those in force when it began."""
    return terms_for(demand)


def account_of(demand: Demand, expenses: Iterable[Expense] | None = None) -> Account:
    """A registration's expenses added up (S6); ``expenses`` are its standing entries, where
    they are read already."""
    if expenses is None:
        expenses = Expense.objects.standing().filter(demand=demand)
    terms = terms_of_matter(demand)
    held: Expenses | None = terms.values.get("expenses")
    by_day = sorted(expenses, key=lambda e: (e.on, e.pk))
    return account(
        [cost_of(e) for e in by_day],
        held,
        registered=registered_of(demand) if by_day else None,
        clause=terms.clause("expenses"),
    )


def cost_of(expense: Expense) -> Cost:
    """An entry of the ledger as the rules know it."""
    paid_by = {"company": COMPANY, "sellers": SELLERS, "investor": expense.payer_id, "": None}
    return Cost(
        expense.pk,
        expense.kind,
        int(expense.amount * 100),
        paid_by[expense.paid_by],
        expense.about_id,
    )


def kinds_of(terms: Terms) -> tuple[str, ...]:
    """The kinds of expense a ledger takes beside the program's own: those the terms name."""
    held: Expenses | None = terms.values.get("expenses")
    return () if held is None else (*held.company, *held.sellers, *held.caps)


def party_names(agreement: Any) -> dict[int, str]:
    """What each party of an account is called, by its key."""
    names = dict(Investor.objects.filter(agreement=agreement).values_list("pk", "name"))
    return {**names, COMPANY: "the Company", SELLERS: "the sellers together"}
