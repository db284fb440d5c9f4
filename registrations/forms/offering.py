"""An offering to be cut back, as counsel describes it in the address of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.acts import Refused
from registrations.models import Allocation
from registrations.rules.cutback import Order
from registrations.services.offering import OF_RECORD, CutbackIn, OtherIn, Seller

from .base import ActForm, PlainForm
from .cutback import OFFERINGS, conditions, said
from .fields import DayField, WholeField, read_day

MOST_OTHERS = 200
AGAIN = {"": None, "yes": True, "no": False}


class OfferingForm(PlainForm):
    """The underwriters' maximum, the Company's own shares, and who else sells.

    ``sellers`` are those the record has; a request on record may be left out and one that
    is not in good standing let in.  Other selling holders are typed in, a row each.
    """

    maximum = WholeField(
        label="Underwriters’ maximum, in shares",
        error_messages={"required": "Enter how many shares the underwriters will take."},
    )
    company = WholeField(label="The Company’s own shares", required=False)
    on = DayField(label="Holdings and requests as of", required=False)

    def __init__(
        self,
        data: Any,
        *,
        orders: Mapping[str, Order],
        order: Order,
        sellers: Sequence[Seller],
        today: date,
    ) -> None:
        if data is not None:  # an address that leaves these out means what stands here
            data = data.copy()
            data.setdefault("on", DayField().prepare_value(today))
            data.setdefault("again", "yes" if order.shared_again[0] else "no")
        super().__init__(data, label_suffix="", initial={"on": today})
        self.sellers, self.order, self.today = sellers, order, today
        if not any("company" in tier.who for tier in order.tiers):
            del self.fields["company"]
        if len(orders) > 1:
            self.fields["offering"] = forms.ChoiceField(
                label="What is registered",
                choices=[(name, OFFERINGS.get(name, said(name))) for name in orders],
                required=False,
            )
        if named := [(where, said(where)) for where in conditions({"": order})]:
            self.fields["where"] = forms.MultipleChoiceField(
                label="Of this offering",
                choices=named,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if len(order.shared_again) > 1:
            governing = "yes" if order.shared_again[0] else "no"
            self.fields["again"] = forms.ChoiceField(
                label="Room a holder cannot use",
                choices=[("yes", "Shared again"), ("no", "Left unused")],
                required=False,
                initial=governing,
                widget=forms.RadioSelect,
            )
        for seller in sellers:
            away = seller.came in OF_RECORD
            self.fields[f"{'out' if away else 'in'}_{seller.id}"] = forms.BooleanField(
                label=f"{'Leave out' if away else 'Let in'}", required=False
            )
            self.fields[f"with_{seller.id}"] = _word(f"{seller.name} counts with", seller.group)
        self.other_rows = range(1, _rows_typed(data) + 2)
        for n in self.other_rows:
            self.fields[f"name_{n}"] = forms.CharField(
                label="Other selling holder", required=False, max_length=200
            )
            self.fields[f"holds_{n}"] = WholeField(label="Holds", required=False)
            self.fields[f"asks_{n}"] = WholeField(label="Asks for", required=False)
            self.fields[f"group_{n}"] = _word("Counts with")

    def given(self) -> CutbackIn:
        """What was typed in."""
        data = self.cleaned_data
        counted = {
            s.id: s.came not in OF_RECORD
            for s in self.sellers
            if data.get(f"{'out' if s.came in OF_RECORD else 'in'}_{s.id}")
        }
        return CutbackIn(
            maximum=data["maximum"],
            on=data["on"] or self.today,
            company=data.get("company") or 0,
            offering=data.get("offering", ""),
            where=frozenset(data.get("where", ())),
            shared_again=AGAIN[data.get("again", "")],
            counted=counted,
            groups={s.id: word for s in self.sellers if (word := data[f"with_{s.id}"].strip())},
            others=tuple(
                OtherIn(
                    data[f"name_{n}"],
                    data[f"holds_{n}"] or 0,
                    data[f"asks_{n}"] or 0,
                    data[f"group_{n}"],
                )
                for n in self._typed()
            ),
        )

    def _typed(self) -> list[int]:
        """The rows of other holders in which something was typed."""
        return [
            n
            for n in self.other_rows
            if any(self.cleaned_data.get(f"{part}_{n}") for part in ("name", "holds", "asks"))
        ]

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the field it is about."""
        name = refusal.field
        if name.startswith("others."):
            _, n, part = name.split(".")
            part = {"held": "holds", "asked": "asks"}.get(part, part)
            name = f"{part}_{self._typed()[int(n)]}"
        self.add_error(name if name in self.fields else None, refusal.message)


def _word(label: str, registered: str = "") -> forms.CharField:
    """A group's name; what the register has is shown where nothing is typed."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"size": 8, "autocomplete": "off", "placeholder": registered}),
    )


def _rows_typed(data: Any) -> int:
    """How many rows of other holders a query has, up to the last with something in it."""
    numbers = [
        int(n)
        for key in data or ()
        if (n := key.partition("_")[2]).isdecimal()
        and key.startswith(("name_", "holds_", "asks_"))
        and len(n) < 4
        and data[key].strip()
    ]
    return min(MOST_OTHERS, max(numbers, default=0))


def day_typed(data: Any, today: date) -> date:
    """The day a query asks for, or today where it names none that can be read."""
    try:
        return read_day(data["on"]) if data.get("on", "").strip() else today
    except ValidationError:
        return today


class SaveForm(ActForm):
    """Save an allocation, in place of the one that stands where one does."""

    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stood: Allocation | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"replaces": stood.pk if stood else None}
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label="Why it replaces the one saved before" if stood else "Note",
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="It stays in the audit trail.",
        )
