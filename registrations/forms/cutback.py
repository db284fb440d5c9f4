"""What is asked for in an underwritten offering, holder by holder; nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from investors.models import Investor
from registrations.rules.cutback import Claim, Order

from .base import PlainForm
from .fields import WholeField

COMPANY = 0  # no Investor has this key
OFFERINGS = {
    "company": "The Company’s own registration",
    "demand": "A demand of the Investors",
    "secondary": "A registration for other holders",
}


class CutbackForm(PlainForm):
    """The kind of offering, the underwriters' maximum, the Company's own shares, and what
    each holder asks.

    ``holders`` are the Investors with the Registrable Shares each holds, ``orders`` the
    agreement's orders of claims by kind of offering.
    """

    maximum = WholeField(
        label="Underwriters’ maximum, shares",
        error_messages={"required": "Enter how many shares the underwriters will take."},
    )
    company = WholeField(label="The Company’s own shares", required=False)

    def __init__(
        self,
        data: Any,
        *,
        holders: Sequence[tuple[Investor, int]],
        orders: Mapping[str, Order],
    ) -> None:
        super().__init__(data, label_suffix="")
        self.holders = holders
        self.orders = orders
        if len(orders) > 1:
            self.fields["offering"] = forms.ChoiceField(
                label="What is registered",
                choices=[(name, said(OFFERINGS.get(name, name))) for name in orders],
            )
        self.classes = _classes(orders)
        named = [(where, said(where)) for where in conditions(orders)]
        if named:
            self.fields["where"] = forms.MultipleChoiceField(
                label="Of this offering",
                choices=named,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for investor, _ in holders:
            self.fields[f"asks_{investor.pk}"] = WholeField(
                label=f"{investor.name} asks for", required=False
            )
            self.fields[f"group_{investor.pk}"] = forms.CharField(
                label=f"{investor.name} counts with",
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"size": 8, "autocomplete": "off"}),
            )
            if len(self.classes) > 1:
                self.fields[f"who_{investor.pk}"] = forms.ChoiceField(
                    label=f"{investor.name} comes as",
                    choices=[(who, said(who)) for who in self.classes],
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for investor, held in self.holders:
            asked = cleaned.get(f"asks_{investor.pk}")
            if asked is not None and asked > held:
                self.add_error(
                    f"asks_{investor.pk}",
                    f"{investor.name} holds {held:,} Registrable Shares on this day and can ask "
                    "for no more.",
                )
            who = cleaned.get(f"who_{investor.pk}")
            if asked and who and "offering" not in self.errors and who not in self._places():
                self.add_error(
                    f"who_{investor.pk}",
                    f"This kind of registration gives {said(who).lower()} no place in the order.",
                )
        return cleaned

    @property
    def order(self) -> Order:
        """The order of claims of the kind of offering chosen."""
        chosen = self.cleaned_data.get("offering") or next(iter(self.orders))
        return self.orders[chosen]

    def _places(self) -> set[str]:
        return {who for tier in self.order.tiers for who in tier.who}

    def claims(self) -> list[Claim]:
        """The Company, where it sells, and the holders who ask for something; those of one
        group counted together.  Groups are told apart by what was typed, whatever the case.
        """
        names: dict[str, int] = {}
        claims = []
        if (own := self.cleaned_data["company"]) and "company" in self._places():
            claims.append(Claim(COMPANY, 0, own, who="company"))
        for investor, held in self.holders:
            asked = self.cleaned_data.get(f"asks_{investor.pk}")
            if not asked:
                continue
            name = self.cleaned_data.get(f"group_{investor.pk}", "").strip().casefold()
            group = names.setdefault(name, len(names)) if name else None
            who = self.cleaned_data.get(f"who_{investor.pk}") or self.classes[0]
            claims.append(Claim(investor.pk, held, asked, group, who))
        return claims


def _classes(orders: Mapping[str, Order]) -> list[str]:
    """The classes an Investor may come as, Investors as such first."""
    found = dict.fromkeys(
        who for order in orders.values() for tier in order.tiers for who in tier.who
    )
    return sorted((who for who in found if who != "company"), key=lambda who: who != "investors")


def conditions(orders: Mapping[str, Order]) -> list[str]:
    """What an order asks to know of the offering, such as whether it is the first."""
    found: dict[str, None] = {}
    for order in orders.values():
        if order.floor is not None and order.floor.unless:
            found[order.floor.unless] = None
        for tier in order.tiers:
            found |= dict.fromkeys(where for where in tier.ceiling if where != "otherwise")
    return list(found)


def said(name: str) -> str:
    """A name of a class or a condition in words."""
    if name == "ipo":
        return "It is the initial public offering"
    words = name.replace("_", " ")
    return words[0].upper() + words[1:]
