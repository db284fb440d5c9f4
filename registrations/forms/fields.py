"""Days, whole numbers and files as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from investors.acts import Refused
from notices.evidence import examined
from registrations.rules.days import say

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST = 10**15  # more shares than any company has; keeps a slip of the key out of the ledger
MOST_USD = 10**11  # as much as any column takes
_FORMS = ("%Y-%m-%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,.]+", re.IGNORECASE)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOW = "Write it as Jun 5, 2003 or 2003-06-05."


def read_day(typed: str) -> date:
    """A day from the ways people write one.

    Raises ``ValidationError`` when it cannot be read, can be read two ways (6/5/2003),
    or names a weekday that day was not.
    """
    text = " ".join(typed.split())
    weekday = _WEEKDAY.match(text)
    bare = text[weekday.end() :] if weekday else text
    if slashed := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", bare):
        day = _slashed(*(int(part) for part in slashed.groups()), typed=text)
    else:
        day = _written(bare, typed=text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            f"The year of “{text[:40]}” lies outside {FIRST_YEAR} to {LAST_YEAR}. {HOW}"
        )
    if weekday and weekday[1].lower() != _NAMES[day.weekday()]:
        raise ValidationError(f"That day is {say(day)}. Check the day and the weekday.")
    return day


def _slashed(first: int, second: int, year: int, *, typed: str) -> date:
    found = set()
    for month, day in ((first, second), (second, first)):
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    if len(found) == 2:
        raise ValidationError(
            f"“{typed}” can be read two ways: {' or '.join(say(d) for d in sorted(found))}. "
            "Write the month in words, such as Jun 5, 2003, or as 2003-06-05."
        )
    if not found:
        raise ValidationError(f"“{typed[:40]}” is not a day. {HOW}")
    return found.pop()


def _written(text: str, *, typed: str) -> date:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.replace(",", " ").replace(".", " "))
    plain = " ".join(plain.split()).replace("Sept ", "Sep ")
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    raise ValidationError(f"“{typed[:40]}” is not a day. {HOW}")


class DayField(forms.Field):
    """A day typed in any of the usual ways, echoed back in its long form."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": f"Enter the day. {HOW}"})
        super().__init__(**kwargs)
        self.widget.attrs.update(autocomplete="off", maxlength="40", size="18")

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        text = str(value or "").strip()
        return read_day(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """A date as Jun 5, 2003; what was typed as it was typed."""
        return say(value).split(", ", 1)[1] if isinstance(value, date) else value


class WholeField(forms.Field):
    """A whole number of Units, shares or days, with or without thousands separators."""

    widget = forms.TextInput

    def __init__(self, *, signed: bool = False, most: int = MOST, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Enter a whole number."})
        super().__init__(**kwargs)
        self.signed, self.most = signed, most
        self.widget.attrs.update(inputmode="numeric", autocomplete="off", maxlength="24")

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        text = re.sub(r"[\s,\u00a0\u202f]", "", str(value or "")).replace("\u2212", "-")
        if not text:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,20}" if self.signed else r"[0-9]{1,20}", text):
            raise ValidationError(
                f"“{str(value)[:40]}” is not a whole number. Write it as 1,350,000."
            )
        number = int(text)
        if abs(number) > self.most:
            raise ValidationError(f"This is more than {self.most:,}. Check the number.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class UsdField(forms.Field):
    """An amount in US dollars to the cent, with or without a dollar sign and separators."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Enter an amount, such as 1,250.00."})
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", maxlength="24")

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        text = re.sub(r"[\s,\u00a0\u202f]", "", str(value or "")).removeprefix("$")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", text):
            raise ValidationError(
                f"“{str(value)[:40]}” is not an amount in dollars and cents. Write it as 1,250.00."
            )
        amount = Decimal(text)
        if amount > MOST_USD:
            raise ValidationError(f"This is more than ${MOST_USD:,}. Check the amount.")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}" if isinstance(value, Decimal) else value


class PickField(forms.ChoiceField):
    """A choice whose wrong answers the service refuses in its own words, with the clause."""

    def valid_value(self, value: Any) -> bool:
        return True


class FilesInput(forms.ClearableFileInput):
    """Reads every file sent under one name."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else []
        return found


class FilesField(forms.FileField):
    """Any number of files, each looked into before anything is kept.

    All are examined before the act begins, so that a bad second file does not leave a
    first one behind in the store.
    """

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", "Evidence")
        super().__init__(**kwargs)
        # A part of the page that is drawn anew keeps the files already chosen.
        self.widget.attrs.update(
            {"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff", "hx-preserve": "true"}
        )

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise ValidationError("Choose a file.")
        wrong = []
        for file in given:
            try:
                examined(file)
            except Refused as refusal:
                wrong.append(refusal.message)
        if wrong:
            raise ValidationError(wrong)
        return list(given)


def choices_of(names: Mapping[str, str], blank: str = "") -> list[tuple[str, str]]:
    """Choices in the order given, with an empty one first if it has words."""
    return [*([("", blank)] if blank else []), *names.items()]
