"""Forms for carrying a statement through: suspensions, prospectuses and blue sky."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.acts import Refused
from notices.models import Method
from registrations.models import (
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.blue_sky import STATES
from registrations.rules.prospectus import Seller
from registrations.rules.selling import clock
from registrations.rules.terms import Terms
from registrations.services.deliveries import CopyIn
from registrations.services.prospectuses import Sent

from .base import ActForm, ReasonForm
from .deliveries import method_choices
from .fields import DayField, PickField, WholeField, choices_of

MANY = 300  # above this the Selling Investors are not ticked one by one
MOST_COPIES = 10**6
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\s*([ap])?\.?m?\.?", re.IGNORECASE)


class ClockField(forms.Field):
    """A time of day: 4:10 pm, or 16:10."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", "At what time?")
        kwargs.setdefault("help_text", "Such as 4:10 pm. Leave empty where not known.")
        super().__init__(**kwargs)
        self.widget.attrs.update(autocomplete="off", maxlength="12", size="10")

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise ValidationError(f"“{text[:20]}” is not a time of day. Write it as 4:10 pm.")
        hour, half = int(found[1]), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        try:
            return time(hour, int(found[2]))
        except ValueError as wrong:
            raise ValidationError(
                f"“{text[:20]}” is not a time of day. Write it as 4:10 pm."
            ) from wrong

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, time) else value


def _note(label: str, required: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": required},
    )


class SellersMixin:
    """Which Selling Investors: each ticked, or where there are too many for that, all of
    them or one."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    sellers: Sequence[Seller]
    aliases: Mapping[str, str] = {"investors": "to"}

    def add_sellers(self, sellers: Sequence[Seller], label: str, chosen: Sequence[int]) -> None:
        self.sellers = sellers
        missing = {"required": "Choose the Selling Investors."}
        if len(sellers) > MANY:
            self.fields["to"] = forms.ChoiceField(
                label=label,
                choices=[("all", "All of them"), *((str(s.investor), s.name) for s in sellers)],
            )
            return
        self.fields["to"] = forms.MultipleChoiceField(
            label=label,
            choices=[(str(s.investor), s.name) for s in sellers],
            widget=forms.CheckboxSelectMultiple,
            initial=[str(pk) for pk in chosen],
            error_messages=missing,
        )

    def to(self) -> list[int]:
        """The Investors chosen, by key."""
        given = self.cleaned_data["to"]
        if given == "all":
            return [s.investor for s in self.sellers]
        return [int(pk) for pk in ([given] if isinstance(given, str) else given)]


class AmendedForm(ActForm):
    """The prospectus is amended."""

    on = DayField(
        label="Amended on",
        help_text="The day it was amended or, if sales are to stop first, the day it was found "
        "to need it.",
    )
    time = ClockField()
    note = _note("What is amended, and why?", "Say what is amended in the prospectus.")


class LetterForm(SellersMixin, ActForm):
    """Selling Investors were told, or asked to stop."""

    def __init__(
        self,
        *args: Any,
        terms: Terms,
        sellers: Sequence[Seller],
        waiting: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asks_to_stop"] = forms.BooleanField(
            label="It asks them to stop offers and return their copies",
            required=False,
            help_text="Being told is one fact, being asked to stop another.",
        )
        self.fields["method"] = PickField(
            label="How did it travel?",
            choices=method_choices(terms),
            error_messages={"required": "Choose how it travelled."},
        )
        self.fields["sent_on"] = DayField(label="Sent on", required=False)
        self.fields["received_on"] = DayField(
            label="Received on", required=False, help_text="Leave empty while not known."
        )
        self.fields["time"] = ClockField(label="At what time did it ask?")
        self.add_sellers(sellers, "To whom", waiting)
        self.fields["note"] = _note("Note", help_text="For the file. Nobody outside sees it.")

    def refuse(self, refusal: Refused) -> None:
        """One way and day for all: a fault of one copy is a fault of the line they share."""
        base = refusal.field.rsplit("_", 1)[0]
        if refusal.field not in self.fields and base in self.fields:
            refusal.field = base
        super().refuse(refusal)

    def copy(self) -> CopyIn:
        data = self.cleaned_data
        return CopyIn(data["method"], data["sent_on"], data["received_on"])


class StopAnswerForm(SellersMixin, ActForm):
    """Selling Investors acknowledged, or sent copies back."""

    def __init__(
        self,
        *args: Any,
        kind: str,
        sellers: Sequence[Seller],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        returned = kind == SuspensionAnswer.Kind.RETURNED
        self.add_sellers(sellers, "From whom", ())
        self.fields["on"] = DayField(label="Came back on" if returned else "Acknowledged on")
        if returned:
            self.fields["copies"] = WholeField(
                label="Copies that came back from each",
                required=False,
                most=MOST_COPIES,
                help_text="Leave empty where nobody counted them.",
            )


class ReleaseForm(ActForm):
    """The Company took its request back."""

    on = DayField(label="Taken back on")
    time = ClockField()
    note = _note("How, and why?", "Say how the Company took it back, and why.")


class FurnishForm(SellersMixin, ActForm):
    """Prospectuses were furnished."""

    def __init__(
        self,
        *args: Any,
        sellers: Sequence[Seller],
        waiting: Sequence[int],
        suspensions: Sequence[Suspension],
        revises: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (kind.value, str(kind.label))
            for kind in ProspectusCopies.Kind
            if suspensions or kind != ProspectusCopies.Kind.REVISED
        ]
        self.fields["kind"] = forms.ChoiceField(
            label="Which prospectus?",
            choices=kinds,
            widget=forms.RadioSelect,
            initial="revised" if revises else None,
            error_messages={"required": "Choose which prospectus."},
        )
        if suspensions:
            self.fields["suspension"] = forms.ChoiceField(
                label="What does a revised one carry?",
                choices=choices_of(
                    {str(s.number): f"The amendment of {s.reference}" for s in suspensions},
                    blank="It is not a revised one",
                ),
                required=False,
                initial=str(revises) if revises else "",
            )
        self.fields["copies"] = WholeField(
            label="Copies to each",
            required=False,
            most=MOST_COPIES,
            help_text="Leave empty where nobody counted them.",
        )
        self.fields["method"] = _any_method()
        self.fields["sent_on"] = DayField(label="Sent on", required=False)
        self.fields["received_on"] = DayField(
            label="Received on", required=False, help_text="Leave empty while not known."
        )
        self.add_sellers(sellers, "To whom", waiting)


def _any_method() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="How did it travel?",
        choices=choices_of(dict(Method.choices), blank="Choose how it travelled"),
        error_messages={"required": "Choose how it travelled."},
    )


def sent_of(data: dict[str, Any]) -> Sent:
    """How prospectuses travelled, as a form read it."""
    return Sent(data["method"], data["copies"], data["sent_on"], data["received_on"])


class StateForm(ActForm):
    """A state was asked for, or something was done there."""

    def __init__(self, *args: Any, sellers: Sequence[Seller], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            label="Which state?",
            choices=choices_of(STATES, blank="Choose the state"),
            error_messages={"required": "Choose the state."},
        )
        self.fields["kind"] = forms.ChoiceField(
            label="What happened?", choices=list(StateEntry.Kind.choices)
        )
        self.fields["investor"] = forms.ChoiceField(
            label="Who asked?",
            choices=choices_of(
                {str(s.investor): s.name for s in sellers}, blank="Nobody: it is not a request"
            ),
            required=False,
            help_text="Only for a request.",
        )
        self.fields["on"] = DayField(label="On")
        self.fields["note"] = _note(
            "Note", help_text="Such as the file number. Needed where it is not needed there: why."
        )


# --- corrections ----------------------------------------------------------------------------


class _Correction(ReasonForm):
    """What an entry should have said, filled in with what it says."""

    names: Sequence[str] = ()

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        initial = {name: getattr(record, name) for name in self.names}
        super().__init__(*args, initial=initial, **kwargs)
        self.record = record
        self.order_fields(["once", "seen", *self.names, "reason"])


class CorrectAmendedForm(_Correction):
    """The amendment or the release was otherwise."""

    names = ("on", "time", "note")
    record: SuspensionRecord

    on = DayField(label="On")
    time = ClockField()
    note = _note("What it was about", "Say what it was about.")


class CorrectLetterForm(_Correction):
    """The notice asks something else."""

    names = ("asks_to_stop", "time")
    record: SuspensionLetter

    asks_to_stop = forms.BooleanField(
        label="It asks them to stop offers and return their copies", required=False
    )
    time = ClockField(label="At what time did it ask?")


class CorrectAnswerForm(_Correction):
    """An Investor acknowledged, or sent copies back, otherwise."""

    names = ("on", "copies")
    record: SuspensionAnswer

    on = DayField(label="On")
    copies = WholeField(label="Copies that came back", required=False, most=MOST_COPIES)

    def __init__(self, *args: Any, record: SuspensionAnswer, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record.kind == SuspensionAnswer.Kind.ACKNOWLEDGED:
            del self.fields["copies"]


class CorrectFurnishedForm(_Correction):
    """Prospectuses came, or went otherwise."""

    names = ("received_on", "method", "copies", "sent_on")
    record: ProspectusCopies

    received_on = DayField(label="Received on", required=False)
    copies = WholeField(label="Copies", required=False, most=MOST_COPIES)
    sent_on = DayField(label="Sent on", required=False)

    def __init__(self, *args: Any, record: ProspectusCopies, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.fields["method"] = _any_method()
        self.fields["reason"].required = False
        self.fields["reason"].help_text = "Needed only when something already recorded changes."
        self.order_fields(["once", "seen", *self.names, "reason"])


class CorrectStateForm(_Correction):
    """An entry about a state was of another day."""

    names = ("on", "note")
    record: StateEntry

    on = DayField(label="On")
    note = _note("Note")
