"""How a body is read: known fields only, whole numbers, ISO days, Investors by public id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from investors.models import Address, Agreement, Investor

from ..services.deliveries import CopyIn
from ..services.requests import AskIn

# More than any company has; ten times it still fits the database's whole numbers.
MOST = 10**15
MOST_INVESTORS = 20_000
# A year outside these is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Body(serializers.Serializer):
    """A body that is refused when it carries a field nobody reads."""

    def to_internal_value(self, data: Any) -> Any:
        read = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else ()
        if unknown:
            raise ValidationError(
                {str(name): [ErrorDetail("There is no such field.", "unknown")] for name in unknown}
            )
        return read

    def to_representation(self, instance: Any) -> Any:
        raise NotImplementedError("bodies are read, not written")


class Register:
    """The Investors and addresses of one agreement by what a body may call them, each
    read once whatever the number of copies."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement

    @cached_property
    def investors(self) -> dict[UUID, Investor]:
        return {i.public_id: i for i in Investor.objects.filter(agreement=self.agreement)}

    @cached_property
    def addresses(self) -> dict[tuple[int | None, date], Address]:
        """Standing addresses by party, the Company being ``None``, and first day."""
        standing = Address.objects.standing().filter(agreement=self.agreement).order_by("pk")
        return {(a.investor_id, a.in_force_from): a for a in standing}


@extend_schema_field(OpenApiTypes.UUID)
class InvestorField(serializers.UUIDField):
    """An Investor under the agreement, by its public id."""

    def to_internal_value(self, data: Any) -> Any:
        register: Register = self.context["register"]
        found = register.investors.get(super().to_internal_value(data))
        if found is None:
            raise ValidationError("This Investor is not on the agreement’s register.")
        return found


class Whole(serializers.IntegerField):
    """A whole number of securities, as a JSON number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(max_value=MOST, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise ValidationError("Give a whole number, without quotes.")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day in the agreement’s zone, as 2003-09-11."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Check the year: {day.year}.")
        return day


def text(most: int = 10_000, **kwargs: Any) -> serializers.CharField:
    """A text that may be left out, of at most so many characters."""
    kwargs.setdefault("default", "")
    return serializers.CharField(max_length=most, allow_blank=True, **kwargs)


class CopyBody(Body):
    """How a copy travelled.  Days are days in the agreement’s zone; leave out the day it
    was received until it is known."""

    method = serializers.CharField(
        max_length=16, help_text="A method the agreement lists, such as certified_mail."
    )
    sent_on = Day(required=False, allow_null=True)
    received_on = Day(required=False, allow_null=True)
    address_from = Day(
        required=False,
        allow_null=True,
        help_text="The first day of the address it was sent to. Left out: the address of "
        "record that day.",
    )


class AskBody(Body):
    """What an Investor asks to have registered: whole Units and Registrable Shares.  A part
    not stated is left out."""

    investor = InvestorField()
    units = Whole(required=False, allow_null=True)
    shares = Whole(required=False, allow_null=True, help_text="Registrable Shares.")
    distribution = text(help_text="The intended method of distribution, in its words.")
    other_information = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=10_000
    )


def read_body(
    body: type[Body], request: Request, agreement: Agreement
) -> tuple[dict[str, Any], Register]:
    """What a request’s body says, checked for form; and the register it was read by."""
    register = Register(agreement)
    given = body(data=request.data, context={"register": register})
    given.is_valid(raise_exception=True)
    return given.validated_data, register


def copy_of(
    given: Mapping[str, Any], register: Register, addressee: Investor | None, path: str = ""
) -> CopyIn:
    """The copy a body describes; ``path`` is where in the body it stands."""
    return CopyIn(
        given["method"],
        given.get("sent_on"),
        given.get("received_on"),
        address_of(given.get("address_from"), register, addressee, path),
    )


def address_of(
    first_day: date | None, register: Register, addressee: Investor | None, path: str = ""
) -> Address | None:
    """The addressee’s address that came into force on a day; ``None`` for no day."""
    if first_day is None:
        return None
    found = register.addresses.get((addressee.pk if addressee else None, first_day))
    if found is None:
        raise ValidationError(
            {f"{path}address_from": "No address of this party came into force on that day."}
        )
    return found


def ask_of(given: Mapping[str, Any]) -> AskIn:
    """The request a body describes."""
    return AskIn(
        given["investor"],
        given.get("units"),
        given.get("shares"),
        given.get("distribution", ""),
        given.get("other_information"),
    )
