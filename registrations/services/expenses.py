"""Acts on the expense ledger of a registration, section 4 (S6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.core.files.base import File

from investors.acts import Conflict, Refused, act
from investors.models import Investor
from notices.evidence import Examined

from ..facts.papers import kinds_of, terms_of_matter
from ..models import Demand, Expense, Invoice
from ..rules.days import say
from ..rules.expenses import OTHER, REPAYMENT
from ..rules.money import EXPENSE_NAMES, expense_name, usd
from .evidence import looked_into
from .recording import MEANWHILE, When, fits, not_in_future, on_register

MOST_USD = Decimal(10**11)


class ExpenseIn(NamedTuple):
    """An expense as typed in: what ``Expense`` keeps of one.  ``amount`` in USD."""

    kind: str
    amount: Decimal
    on: date
    paid_by: str = ""
    payer: Investor | None = None
    about: Investor | None = None
    what: str = ""
    invoice: str = ""


def record_expense(
    *,
    demand: Demand,
    expense: ExpenseIn,
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Expense:
    """Record an expense of a registration, or a repayment between its parties (S6).

    Who should bear it is worked out, never refused: one that the wrong party paid is
    recorded as paid.  Raises ``Refused`` for an unknown kind, nothing paid, a day to come.
    """
    expense = _checked(demand, expense, when)
    if not expense.amount:
        raise Refused("amount", "Enter an amount above nothing.")
    with act(
        demand.agreement,
        "expense.recorded",
        by=when.by,
        says=f"Recorded {_named(expense)} of {usd(expense.amount)} in {demand.reference}",
    ):
        found = looked_into(files)
        return _record(demand, expense, found, when)


def correct_expense(
    *,
    replaces: Expense,
    expense: ExpenseIn,
    reason: str,
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Expense:
    """Correct an expense by an entry that replaces it and says why; of nothing where it
    should not be there.  Raises ``Conflict`` when the entry no longer stands."""
    demand = replaces.demand
    expense = _checked(demand, expense, when)
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    if expense == said(replaces) and not files:
        raise Refused("reason", "This is what is on record already.")
    with act(
        demand.agreement,
        "expense.corrected",
        by=when.by,
        says=f"Corrected {_named(said(replaces))} in {demand.reference}",
        reason=reason.strip(),
    ):
        if Expense.objects.filter(replaces=replaces).exists():
            raise Conflict("reason", MEANWHILE)
        found = looked_into(files)
        return _record(demand, expense, found, when, replaces=replaces, reason=reason.strip())


def said(record: Expense) -> ExpenseIn:
    """What an entry says."""
    return ExpenseIn(*(getattr(record, name) for name in ExpenseIn._fields))


def _named(expense: ExpenseIn) -> str:
    if expense.kind == OTHER:
        return f"“{expense.what}”"
    return "a repayment" if expense.kind == REPAYMENT else expense_name(expense.kind)


def _checked(demand: Demand, expense: ExpenseIn, when: When) -> ExpenseIn:
    """The expense with its words tidied.  Refuses what cannot be."""
    agreement = demand.agreement
    expense = expense._replace(what=expense.what.strip(), invoice=expense.invoice.strip())
    known = {*EXPENSE_NAMES, *kinds_of(terms_of_matter(demand)), OTHER, REPAYMENT}
    if expense.kind not in known:
        raise Refused("kind", "Choose a kind of expense, or “other” and say what for.", "4", "S6")
    fits("what", expense.what, 200)
    fits("invoice", expense.invoice, 60)
    if expense.kind == OTHER and not expense.what:
        raise Refused("what", "Say what it was for.")
    if not 0 <= expense.amount <= MOST_USD or expense.amount != round(expense.amount, 2):
        raise Refused("amount", "Enter an amount in dollars and whole cents, such as 1,250.00.")
    not_in_future("on", expense.on, when.today(agreement))
    if expense.on < agreement.dated_on:
        raise Refused("on", f"The agreement itself is of {say(agreement.dated_on)}. Check the day.")
    on_register("payer", agreement, expense.payer)
    on_register("about", agreement, expense.about)
    _check_parties(expense)
    return expense


def _check_parties(expense: ExpenseIn) -> None:
    if expense.paid_by not in ("", *Expense.PaidBy.values):
        raise Refused("paid_by", f"Choose one of: {', '.join(Expense.PaidBy.values)}.")
    if expense.paid_by == Expense.PaidBy.INVESTOR and expense.payer is None:
        raise Refused("payer", "Choose the Investor that paid it.")
    if expense.paid_by != Expense.PaidBy.INVESTOR and expense.payer is not None:
        raise Refused("payer", "Name an Investor here only where one Investor paid.")
    if expense.kind != REPAYMENT:
        return
    if expense.paid_by not in (Expense.PaidBy.COMPANY, Expense.PaidBy.INVESTOR):
        raise Refused("paid_by", "Choose who repaid: the Company, or one Investor.")
    if expense.payer == expense.about:
        raise Refused("about", "Choose who was repaid: somebody else than who paid.")


def _record(
    demand: Demand,
    expense: ExpenseIn,
    files: Sequence[tuple[File[bytes], Examined]],
    when: When,
    *,
    replaces: Expense | None = None,
    reason: str = "",
) -> Expense:
    record = Expense.objects.create(
        demand=demand,
        replaces=replaces,
        reason=reason,
        recorded_by=when.by,
        **expense._asdict(),
    )
    for file, found in files:
        Invoice.objects.create(expense=record, file=file, recorded_by=when.by, **found._asdict())
    return record
