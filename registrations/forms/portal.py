"""Forms of the investors' portal: an answer, an account, a receipt to check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from investors.models import Representative, User

from .base import ActForm, PlainForm, ReasonForm
from .fields import WholeField

BROKER, PRIVATE, UNDERWRITTEN, OTHER = "broker", "private", "underwritten", "other"
WAYS = {
    BROKER: "Sale through a broker on the open market",
    PRIVATE: "Private sale to a buyer",
    UNDERWRITTEN: "Underwritten offering",
    OTHER: "Another way, in my own words",
}


class AnswerForm(ActForm):
    """How many shares an Investor wants in, and how it plans to sell them (D5, P3)."""

    shares = WholeField(
        label="How many Registrable Shares?",
        error_messages={"required": "Enter how many shares, or decline."},
    )
    way = forms.ChoiceField(
        label="How do you plan to sell them?",
        choices=list(WAYS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you plan to sell."},
    )
    words = forms.CharField(
        label="In your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed for another way; may add to the others.",
    )
    other_information = forms.CharField(
        label="Anything else the Company asked you for",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Leave empty if it asked for nothing.",
    )

    def __init__(self, *args: Any, held: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shares"].help_text = f"All or part. You hold {held:,}."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == OTHER and not data.get("words"):
            self.add_error("words", "Say how you plan to sell.")
        if data.get("shares") == 0:
            self.add_error("shares", "Enter 1 or more, or decline.")
        return data

    @property
    def distribution(self) -> str:
        """The intended method of distribution, as it goes to the Company."""
        way: str = self.cleaned_data.get("way", "")
        words: str = self.cleaned_data.get("words", "").strip()
        if way in ("", OTHER):
            return words
        return f"{WAYS[way]}. {words}".rstrip(". ") if words else WAYS[way]


def typed_of(distribution: str) -> dict[str, str]:
    """What the form would have to hold to say that method of distribution."""
    for way, says in WAYS.items():
        if way != OTHER and distribution.startswith(says):
            return {"way": way, "words": distribution.removeprefix(says).lstrip(". ")}
    return {"way": OTHER, "words": distribution} if distribution else {}


class NewAddressForm(ActForm):
    """Where notices are to reach an Investor from now on."""

    lines = forms.CharField(
        label="New address",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text="As it goes on the envelope.",
        error_messages={"required": "Enter the address as it goes on the envelope."},
    )
    facsimile = forms.CharField(label="Facsimile", required=False, max_length=40)


class SendForm(ActForm):
    """Nothing to fill in: the page says what is sent."""


class AuditorForm(ActForm):
    """A person asked to look over the agreement."""

    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Enter the person’s name."}
    )
    email = forms.CharField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter an e-mail address such as name@example.com."},
    )


class InviteForm(AuditorForm):
    """A person asked to act for an Investor in the portal."""

    role = forms.ChoiceField(
        label="What may the person do?",
        choices=[
            (Representative.Role.SIGNS, "Sign: send requests and answers for the Investor"),
            (Representative.Role.VIEWS, "View: look, and send nothing"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the person may sign or only view."},
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["others"] = forms.MultipleChoiceField(
                label="Also for these Investors",
                choices=others,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class EndForm(ReasonForm):
    """Why a person acts for an Investor, or audits the agreement, no longer."""


class AccountForm(PlainForm):
    """The account of an invited person who has none."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    password = forms.CharField(
        label="Password",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A sentence only you know is good.",
        error_messages={"required": "Enter a password."},
    )
    again = forms.CharField(
        label="The same password once more",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the password once more."},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", "The two passwords differ. Enter the same twice.")
        elif password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return data


class CheckForm(PlainForm):
    """A receipt's number and fingerprint, to be compared."""

    number = forms.CharField(
        label="Receipt number",
        max_length=20,
        error_messages={"required": "Enter the number on the receipt."},
    )
    sha256 = forms.CharField(
        label="SHA-256 fingerprint",
        max_length=80,
        error_messages={"required": "Enter the fingerprint on the receipt."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
