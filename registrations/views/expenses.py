"""The expense ledger of a registration: what it cost, who bears it, and who owes whom (S6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import Investor
from registrations.facts.papers import account_of, kinds_of, party_names, terms_of_matter
from registrations.forms.base import ActForm
from registrations.forms.expenses import ExpenseForm
from registrations.models import Demand, Expense, Invoice
from registrations.rules.days import say
from registrations.rules.expenses import REPAYMENT, SELLERS, Account, Burden, Line
from registrations.rules.findings import Awaited
from registrations.rules.money import dollars
from registrations.services import expenses
from registrations.tables import Cell, Table

from .acts import MatterAct, find_demand
from .exports import ListPage
from .paging import pages
from .words import capital

ROWS = 100
MOST_DEBTS = 12
BURDENS = {
    Burden.COMPANY: "The Company bears",
    Burden.SELLERS: "The sellers bear",
    Burden.INCURRING: "Whoever incurred it bears",
    Burden.UNKNOWN: "Not placed by the terms",
}
BORNE_BY = {
    Burden.COMPANY: "The Company",
    Burden.SELLERS: "The sellers",
    Burden.INCURRING: "Whoever incurred it",
    Burden.UNKNOWN: "Not known",
}


class ExpenseRow(NamedTuple):
    """One entry that stands: who paid, whose it is and what is owed for it, in words."""

    expense: Expense
    paid_by: str
    bearers: Sequence[tuple[str, int, str]]
    owed: Sequence[str]
    invoices: Sequence[Invoice]


class PartyRow(NamedTuple):
    """One party: what it bears, has paid, owes and is owed, whole cents."""

    name: str
    href: str
    bears: int
    paid: int
    owes: int
    owed: int


class ExpensesPage(ListPage):
    """What did the registration cost, who bears it, and who owes whom?"""

    template_name = "counsel/expenses.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.demand = find_demand(self, self.kwargs["number"])
        self.nav = self.demand.reference
        self.entries = list(
            Expense.objects.filter(demand=self.demand)
            .select_related("payer", "about", "recorded_by", "replacement")
            .order_by("on", "pk")
        )
        self.standing = [e for e in self.entries if not hasattr(e, "replacement")]
        self.account = account_of(self.demand, self.standing)
        self.names = party_names(self.agreement)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = pages(self.request, len(self.standing), ROWS)
        shown = self.standing[page.start : page.stop]
        lines = {line.cost.id: line for line in self.account.lines}
        invoices = invoices_by_entry(self.entries)
        terms = terms_of_matter(self.demand)
        parties = self.parties()
        parties_page = pages(self.request, len(parties), ROWS, "parties")
        kwargs.update(
            demand=self.demand,
            heading=heading(self.demand, self.account),
            account=self.account,
            clause=terms.clause("expenses"),
            summary=terms.summaries.get("expenses", ""),
            unknowns=[(each, *self.mends(each)) for each in self.account.awaiting],
            totals=[(BURDENS[b], cents) for b, cents in self.account.totals.items()],
            rows=[
                ExpenseRow(
                    e,
                    paid_by(e),
                    bearers(lines[e.pk]),
                    owed_words(lines[e.pk], self.names),
                    invoices.get(e.pk, ()),
                )
                for e in shown
            ],
            debts=[debt_words(debt, self.names) for debt in self.account.debts[:MOST_DEBTS]],
            more_debts=max(0, len(self.account.debts) - MOST_DEBTS),
            parties=parties[parties_page.start : parties_page.stop],
            parties_page=parties_page,
            replaced=[e for e in reversed(self.entries) if hasattr(e, "replacement")],
            pages=page,
        )
        return super().get_context_data(**kwargs)

    def mends(self, awaited: Awaited) -> tuple[str, str]:
        """Where what is not known can be put on record: an address, and its words."""
        slug, matter = self.agreement.slug, self.demand.in_address
        if awaited.fact.startswith("the shares"):
            return reverse("demand", args=[slug, matter]), self.demand.reference
        if awaited.fact.startswith("Who pays") and not self.demand.by_company:
            return reverse("record-circumstances", args=[slug, matter]), "Fill it in"
        return reverse("change-term", args=[slug, "expenses"]), "The term"

    def parties(self) -> list[PartyRow]:
        """Each party that bears or paid something, the Company first and then by name."""
        owes: dict[int, int] = defaultdict(int)
        owed: dict[int, int] = defaultdict(int)
        for debt in self.account.debts:
            owes[debt.debtor] += debt.cents
            owed[debt.creditor] += debt.cents
        held = {*self.account.bears, *self.account.paid, *owes, *owed}
        public = dict(
            Investor.objects.filter(pk__in=[w for w in held if w > 0]).values_list(
                "pk", "public_id"
            )
        )
        rows = [
            PartyRow(
                capital(self.names[who]),
                reverse("holder", args=[self.agreement.slug, public[who]]) if who > 0 else "",
                self.account.bears.get(who, 0),
                self.account.paid.get(who, 0),
                owes[who],
                owed[who],
            )
            for who in sorted(held, key=lambda who: (who > 0, self.names[who]))
        ]
        return [row for row in rows if any(row[2:])]

    def table(self, context: dict[str, Any]) -> Table:
        """The entries that stand, with whose each is; one that a cap divides, in two rows."""
        lines = {line.cost.id: line for line in self.account.lines}

        def rows() -> Iterator[Sequence[Cell]]:
            for e in self.standing:
                told: list[tuple[str, Cell, str, str]] = [
                    (BORNE_BY[p.burden], _dollars(p.cents), p.because.text, p.because.clause)
                    for p in lines[e.pk].parts
                ]
                for by, borne, why, clause in told or [("", None, "", "")]:
                    yield [
                        e.on, e.called, e.what, e.amount, paid_by(e),
                        e.about.name if e.about else "", by, borne, why, clause, e.invoice,
                    ]  # fmt: skip

        return Table(
            f"{self.agreement.slug}-{self.demand.reference}-expenses",
            ["On", "Kind", "What for", "Amount, USD", "Paid by", "Whose own or repaid to",
             "Borne by", "Borne, USD", "Why", "Clause", "Invoice"],
            rows(),
        )  # fmt: skip


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def heading(demand: Demand, account: Account) -> str:
    """The page's answer."""
    if not account.lines:
        return f"{demand.reference}: no expense is on record."
    owed = sum(debt.cents for debt in account.debts)
    said = f"{demand.reference} has cost {dollars(account.total)}"
    if owed:
        return f"{said}; {dollars(owed)} of it is owed between the parties."
    if account.awaiting:
        return f"{said}; not all of it has a bearer."
    return f"{said}; nothing is owed between the parties."


def paid_by(expense: Expense) -> str:
    """Who paid an expense, in words."""
    if expense.payer is not None:
        return expense.payer.name
    return {"company": "The Company", "sellers": "The sellers together"}.get(
        expense.paid_by, "Not paid yet"
    )


def bearers(line: Line) -> list[tuple[str, int, str]]:
    """Whose an expense is: who, how much, why."""
    if line.cost.kind == REPAYMENT:
        return []
    return [(BORNE_BY[p.burden], p.cents, p.because.text) for p in line.parts]


def owed_words(line: Line, names: Mapping[int, str]) -> list[str]:
    """What is owed for one expense, the first of it where many owe."""
    told = [debt_words(debt, names) for debt in line.owed[:3]]
    if more := line.owed[3:]:
        told.append(f"{len(more):,} more owe {dollars(sum(debt.cents for debt in more))}")
    return told


def debt_words(debt: Any, names: Mapping[int, str]) -> str:
    """Birch owes the Company $630.00"""
    owes = "owe" if debt.debtor == SELLERS else "owes"
    return f"{capital(names[debt.debtor])} {owes} {names[debt.creditor]} {dollars(debt.cents)}"


def invoices_by_entry(entries: Sequence[Expense]) -> dict[int, list[Invoice]]:
    """The invoices of each entry, those of the entries it replaced included."""
    found: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.filter(expense__in=entries).order_by("pk"):
        found[invoice.expense_id].append(invoice)
    for entry in sorted(entries, key=lambda e: e.pk):
        if entry.replaces_id is not None and entry.replaces_id in found:
            found[entry.pk] = [*found[entry.replaces_id], *found[entry.pk]]
    return found


# --- what may be recorded -------------------------------------------------------------------


class ExpenseAct(MatterAct):
    """An act on the ledger; it comes back to it.  No date can move."""

    form_class = ExpenseForm
    looks = False
    multipart = True
    record: Expense | None = None

    def consequences(self, form: ActForm) -> None:
        return None

    def form_options(self) -> dict[str, Any]:
        return {
            "investors": list(
                Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
            ),
            "kinds": kinds_of(terms_of_matter(self.demand)),
            "record": self.record,
        }

    def lands_on(self, made: Any) -> str:
        return reverse("expenses", args=[self.agreement.slug, self.demand.in_address])

    def where(self) -> list[tuple[str, str]]:
        slug, ref = self.agreement.slug, self.demand
        return [
            ("Registrations", reverse("registrations", args=[slug])),
            (ref.reference, reverse("demand", args=[slug, ref.in_address])),
            ("Expenses", self.lands_on(None)),
        ]


class RecordExpense(ExpenseAct):
    """An expense was incurred or paid."""

    button = "Save expense"
    saved = "Expense saved."

    def find(self) -> None:
        super().find()
        self.heading = f"Record an expense of {self.demand.reference}"
        self.intro = (
            "Enter what was paid and by whom. Who bears it, and what is owed, is worked out from "
            "the agreement’s terms."
        )
        self.clause = terms_of_matter(self.demand).clause("expenses")

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(ExpenseForm, form)
        return expenses.record_expense(
            demand=self.demand,
            expense=typed.expense(),
            files=() if trying else typed.cleaned_data["files"],
            when=self.acting,
        )


class CorrectExpense(ExpenseAct):
    """What was recorded of an expense was wrong, or has changed: it is paid now."""

    button = "Save correction"
    saved = "Correction saved."

    def find(self) -> None:
        super().find()
        self.record = get_object_or_404(
            Expense.objects.select_related("payer", "about"),
            demand=self.demand,
            pk=self.kwargs["pk"],
        )
        self.record.demand = self.demand
        self.heading = f"Correct “{self.record.called}”"
        self.intro = (
            f"On record: ${self.record.amount:,.2f} on {say(self.record.on)}. That entry stays, "
            "marked as replaced. Enter 0 where it should not be there."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        typed = cast(ExpenseForm, form)
        assert self.record is not None
        return expenses.correct_expense(
            replaces=self.record,
            expense=typed.expense(),
            reason=typed.cleaned_data["reason"],
            files=() if trying else typed.cleaned_data["files"],
            when=self.acting,
        )
