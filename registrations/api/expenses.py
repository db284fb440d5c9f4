"""The expense ledger of a registration by REST (S6): amounts in USD as text, to the cent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from investors.acts import Conflict

from ..facts.papers import account_of
from ..models import Demand, Expense, Invoice
from ..rules.expenses import COMPANY, SELLERS, Account, Burden, Debt, Line
from ..rules.findings import reason_data
from ..services import expenses
from ..services.expenses import ExpenseIn
from ..services.recording import MEANWHILE
from .bodies import Body, Day, InvestorField, read_body, text
from .docket import AwaitedShape, ReasonShape
from .doors import Door
from .shapes import PartyShape

PARTIES = ("company", "investor", "sellers")


def usd(**kwargs: Any) -> serializers.DecimalField:
    """An amount in USD, as text such as "1250.00"."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, **kwargs)


class PartyOfAccount(serializers.Serializer):
    """The Company, one Investor, or the sellers together while each part is not known."""

    party = serializers.ChoiceField(PARTIES)
    investor = PartyShape(allow_null=True)


class PartShape(serializers.Serializer):
    """An expense or, where a cap divides it, a part of it: whose it is and why."""

    borne_by = serializers.ChoiceField([b.value for b in Burden])
    amount = usd()
    because = ReasonShape(many=True)


class DebtShape(serializers.Serializer):
    """What one party owes another, USD."""

    debtor = PartyOfAccount()
    creditor = PartyOfAccount()
    amount = usd()


class InvoiceShape(serializers.ModelSerializer):
    """A file kept as proof of an expense."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Invoice
        fields = ["id", "name", "media_type", "size", "sha256", "recorded_at"]


class ExpenseShape(serializers.ModelSerializer):
    """One entry of the ledger.  ``number`` counts the registration’s entries from 1; one
    that ``stands`` can be corrected, by its number."""

    number = serializers.IntegerField()
    stands = serializers.BooleanField()
    called = serializers.CharField()
    paid_by = serializers.ChoiceField([("", "Nobody yet"), *Expense.PaidBy.choices])
    payer = PartyShape(allow_null=True)
    about = PartyShape(allow_null=True)
    parts = PartShape(many=True)
    owed = DebtShape(many=True)
    invoices = InvoiceShape(many=True)
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = Expense
        fields = [
            "number", "stands", "kind", "called", "what", "amount", "on", "paid_by", "payer",
            "about", "invoice", "parts", "owed", "invoices", "reason", "recorded_at",
            "recorded_by",
        ]  # fmt: skip


class BurdenTotal(serializers.Serializer):
    """What the Company, the sellers, whoever incurred it, or nobody known bears."""

    borne_by = serializers.ChoiceField([b.value for b in Burden])
    amount = usd()


class PartyTotal(PartyOfAccount):
    """What one party bears and has paid."""

    bears = usd()
    paid = usd()


class ExpensesShape(serializers.Serializer):
    """A registration’s expenses added up: who bears them, and who owes whom."""

    entries = ExpenseShape(many=True)
    total = usd()
    unpaid = usd()
    totals = BurdenTotal(many=True)
    parties = PartyTotal(many=True)
    debts = DebtShape(many=True)
    awaiting = AwaitedShape(many=True)
    assumes = ReasonShape(many=True)


def expenses_data(demand: Demand) -> dict[str, Any]:
    """The ledger of a matter as JSON-ready data."""
    entries = list(
        Expense.objects.filter(demand=demand)
        .select_related("payer", "about", "recorded_by", "replacement")
        .prefetch_related("invoices")
        .order_by("pk")
    )
    standing = [e for e in entries if not hasattr(e, "replacement")]
    told = account_of(demand, standing)
    named = {
        i.pk: {"public_id": i.public_id, "name": i.name}
        for i in demand.agreement.investors.filter(
            pk__in={
                who
                for line in told.lines
                for who in (*_involved(line), *told.bears, *told.paid)
                if who > COMPANY
            }
        )
    }
    lines = {line.cost.id: line for line in told.lines}
    for number, entry in enumerate(entries, start=1):
        line = lines.get(entry.pk)
        entry.number = number  # type: ignore[attr-defined]
        entry.stands = line is not None  # type: ignore[attr-defined]
        entry.parts = [_part(p) for p in line.parts] if line else []  # type: ignore[attr-defined]
        entry.owed = [_debt(d, named) for d in line.owed] if line else []  # type: ignore[attr-defined]
    return {
        "entries": ExpenseShape(entries, many=True).data,
        "total": _usd(told.total),
        "unpaid": _usd(told.unpaid),
        "totals": [{"borne_by": b.value, "amount": _usd(c)} for b, c in told.totals.items()],
        "parties": PartyTotal(_parties(told, named), many=True).data,
        "debts": DebtShape([_debt(d, named) for d in told.debts], many=True).data,
        "awaiting": [{"fact": a.fact, "clause": a.clause, "who": a.who} for a in told.awaiting],
        "assumes": [reason_data(reason) for reason in told.assumes],
    }


def _involved(line: Line) -> set[int]:
    return {who for debt in line.owed for who in (debt.debtor, debt.creditor)}


def _usd(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _party(who: int, named: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if who > COMPANY:
        return {"party": "investor", "investor": named[who]}
    return {"party": "sellers" if who == SELLERS else "company", "investor": None}


def _part(part: Any) -> dict[str, Any]:
    return {
        "borne_by": part.burden.value,
        "amount": _usd(part.cents),
        "because": [reason_data(part.because)],
    }


def _debt(debt: Debt, named: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "debtor": _party(debt.debtor, named),
        "creditor": _party(debt.creditor, named),
        "amount": _usd(debt.cents),
    }


def _parties(told: Account, named: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **_party(who, named),
            "bears": _usd(told.bears.get(who, 0)),
            "paid": _usd(told.paid.get(who, 0)),
        }
        for who in sorted({*told.bears, *told.paid})
    ]


class ExpenseBody(Body):
    """An expense, or a repayment: `repayment` by the Company or one Investor to `about`, or
    where that is left out to the Company.  `payer` only where `paid_by` is `investor`."""

    kind = serializers.CharField(
        max_length=40, help_text="Such as company_counsel; `other` needs `what`."
    )
    amount = usd(min_value=0)
    on = Day()
    paid_by = serializers.ChoiceField(
        Expense.PaidBy.choices, required=False, allow_blank=True, default=""
    )
    payer = InvestorField(required=False, allow_null=True, default=None)
    about = InvestorField(required=False, allow_null=True, default=None)
    what = text(200)
    invoice = text(60)


class ExpenseCorrectionBody(ExpenseBody):
    """What an entry should have said, whole."""

    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry this replaces, as you last read it."
    )
    reason = text(help_text="Why. It stays on the record.")


def _expense(given: dict[str, Any]) -> ExpenseIn:
    return ExpenseIn(**{name: given[name] for name in ExpenseIn._fields})


class Expenses(Door):
    @extend_schema(responses=ExpensesShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """What a registration cost, who bears it, and who owes whom (S6)."""
        return Response(expenses_data(self.demand(demand)))

    @extend_schema(request=ExpenseBody, responses={201: ExpensesShape})
    def post(self, request: Request, demand: UUID) -> Response:
        """Record an expense of a registration, or a repayment between its parties (S6)."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(ExpenseBody, request, matter.agreement)
        expenses.record_expense(demand=matter, expense=_expense(given), when=self.when)
        return Response(expenses_data(matter), status=201)


class ExpenseCorrections(Door):
    @extend_schema(request=ExpenseCorrectionBody, responses={201: ExpensesShape})
    def post(self, request: Request, demand: UUID) -> Response:
        """Correct an expense by an entry that replaces it; of 0 where it should not be
        there."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(ExpenseCorrectionBody, request, matter.agreement)
        entries = list(
            Expense.objects.filter(demand=matter)
            .select_related("replacement", "payer", "about")
            .order_by("pk")
        )
        if given["replaces"] > len(entries):
            raise ValidationError({"replaces": f"There are {len(entries)} entries."})
        replaced = entries[given["replaces"] - 1]
        if hasattr(replaced, "replacement"):
            raise Conflict("replaces", MEANWHILE)
        replaced.demand = matter
        expenses.correct_expense(
            replaces=replaced, expense=_expense(given), reason=given["reason"], when=self.when
        )
        return Response(expenses_data(matter), status=201)
