"""Forms for the expense ledger of a registration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor
from registrations.models import Expense
from registrations.rules.expenses import OTHER, REPAYMENT
from registrations.rules.money import EXPENSE_NAMES, expense_name
from registrations.services.expenses import ExpenseIn

from .base import ActForm
from .evidence import FILES_HINT
from .fields import DayField, FilesField, UsdField, choices_of

INVESTOR = "investor:"


class ExpenseForm(ActForm):
    """One expense, or a repayment.  ``investors`` are those who may have paid or whose own
    it may be; ``kinds`` what the agreement's terms name beside the usual ones."""

    aliases = {"payer": "paid_by"}

    def __init__(
        self,
        *args: Any,
        investors: Sequence[Investor],
        kinds: Sequence[str] = (),
        record: Expense | None = None,
        **kwargs: Any,
    ) -> None:
        if record is not None:
            kwargs["initial"] = _typed(record)
        super().__init__(*args, **kwargs)
        self.investors = {i.pk: i for i in investors}
        names = {kind: _capital(expense_name(kind)) for kind in (*EXPENSE_NAMES, *kinds)}
        parties = {f"{INVESTOR}{i.pk}": i.name for i in investors}
        self.fields["kind"] = forms.ChoiceField(
            label="Kind",
            choices=choices_of(
                {**names, OTHER: "Other", REPAYMENT: "Repayment of what another paid"},
                blank="Choose the kind of expense",
            ),
            help_text="Of a discount or commission, enter only the part on the Investors’ shares.",
            error_messages={"required": "Choose the kind of expense."},
        )
        self.fields["what"] = forms.CharField(
            label="What for",
            max_length=200,
            required=False,
            help_text="Needed for “Other”. Else whatever helps to find it again.",
        )
        self.fields["amount"] = UsdField(label="Amount, USD")
        self.fields["on"] = DayField(
            label="On", help_text="The day it was incurred or, once paid, paid."
        )
        self.fields["paid_by"] = forms.ChoiceField(
            label="Paid by",
            choices=choices_of(
                {
                    "company": "The Company",
                    "sellers": "The sellers together, out of their proceeds",
                    **parties,
                },
                blank="Nobody yet",
            ),
            required=False,
        )
        self.fields["about"] = forms.ChoiceField(
            label="Whose own it is, or who was repaid",
            choices=choices_of(parties, blank="All sellers together; of a repayment, the Company"),
            required=False,
            help_text="Such as the Investor whose sale a commission was on.",
        )
        self.fields["invoice"] = forms.CharField(
            label="Invoice number", max_length=60, required=False
        )
        self.fields["files"] = FilesField(label="Invoice", help_text=FILES_HINT)
        if record is not None:
            self.fields["reason"] = forms.CharField(
                label="Why",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="It stays in the audit trail beside what was recorded before.",
                error_messages={"required": "Say why. It stays on the record."},
            )

    def expense(self) -> ExpenseIn:
        """What was typed in."""
        data = self.cleaned_data
        payer = self._investor(data["paid_by"])
        return ExpenseIn(
            data["kind"],
            data["amount"],
            data["on"],
            Expense.PaidBy.INVESTOR.value if payer else data["paid_by"],
            payer,
            self._investor(data["about"]),
            data["what"],
            data["invoice"],
        )

    def _investor(self, chosen: str) -> Investor | None:
        if not chosen.startswith(INVESTOR):
            return None
        return self.investors[int(chosen.removeprefix(INVESTOR))]


def _typed(record: Expense) -> dict[str, Any]:
    paid_by = f"{INVESTOR}{record.payer_id}" if record.payer_id else record.paid_by
    return {
        "kind": record.kind,
        "what": record.what,
        "amount": record.amount,
        "on": record.on,
        "paid_by": paid_by,
        "about": f"{INVESTOR}{record.about_id}" if record.about_id else "",
        "invoice": record.invoice,
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
