"""What is asked for in an underwritten offering, holder by holder; nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor
from registrations.rules.cutback import Claim

from .fields import WholeField


class CutbackForm(forms.Form):
    """The underwriters' maximum, the Company's own shares, and what each holder asks.

    ``holders`` are the Investors with the Registrable Shares each holds.
    """

    use_required_attribute = False

    maximum = WholeField(
        label="Underwriters’ maximum, shares",
        error_messages={"required": "Enter how many shares the underwriters will take."},
    )
    company = WholeField(label="The Company’s own shares", required=False)

    def __init__(self, data: Any, *, holders: Sequence[tuple[Investor, int]]) -> None:
        super().__init__(data, label_suffix="")
        self.holders = holders
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for investor, held in self.holders:
            asked = cleaned.get(f"asks_{investor.pk}")
            if asked is not None and asked > held:
                self.add_error(
                    f"asks_{investor.pk}",
                    f"{investor.name} holds {held:,} Registrable Shares on this day and can ask "
                    "for no more. §3(a)",
                )
        return cleaned

    def claims(self) -> list[Claim]:
        """The holders who ask for something, those of one group counted together.

        Groups are told apart by what was typed, whatever the case.
        """
        names: dict[str, int] = {}
        claims = []
        for investor, held in self.holders:
            asked = self.cleaned_data.get(f"asks_{investor.pk}")
            if not asked:
                continue
            name = self.cleaned_data.get(f"group_{investor.pk}", "").strip().casefold()
            group = names.setdefault(name, len(names)) if name else None
            claims.append(Claim(investor.pk, held, asked, group))
        return claims
