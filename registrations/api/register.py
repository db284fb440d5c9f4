"""Acts on the register by REST: Investors, addresses, holdings (H1, H2, H6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Investor, LedgerEntry, ShareCount

from ..facts import lines_of
from ..services import ledger, register
from .agreements import Investors, investor_data
from .bodies import Body, Day, Whole, read_body, text
from .doors import Door
from .paging import Listing
from .shapes import AddressShape, InvestorShape, LedgerActShape


class InvestorBody(Body):
    name = serializers.CharField(max_length=200, help_text="As it signed.")
    kind = serializers.ChoiceField(Investor.Kind.choices, default=Investor.Kind.PERSON)
    party_from = Day(help_text="The day it signed.")
    address = text(2_000, help_text="As it goes on the envelope.")
    facsimile = text(40)
    contact_name = text(120)
    contact_email = text(254, help_text="Reminders go there. A reminder is not notice.")
    note = text()


class InvestorsAndAdd(Investors):
    """The Investors under an agreement."""

    @extend_schema(request=InvestorBody, responses={201: InvestorShape})
    def post(self, request: Request, slug: str) -> Response:
        """Put an Investor on the register."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(InvestorBody, request, agreement)
        investor = register.add_investor(agreement=agreement, **given, when=self.when)
        return Response(investor_data(investor), status=201)


class ShareCountShape(serializers.ModelSerializer):
    """A count of the Company’s shares or Units on a day, and the paper it is from."""

    class Meta:
        model = ShareCount
        fields = ["kind", "count", "on", "source", "recorded_at"]


class ShareCountBody(Body):
    kind = serializers.ChoiceField(ShareCount.Kind.choices)
    count = Whole()
    on = Day(help_text="The day the paper gives it for.")
    source = serializers.CharField(  # type: ignore[assignment]  # also a serializer's own word
        max_length=200, help_text="The paper it is from."
    )


class ShareCountFilter(filters.FilterSet):
    class Meta:
        model = ShareCount
        fields = {"kind": ["exact"], "on": ["gte", "lte"]}


class ShareCounts(Listing):
    """Counts of the Company’s shares, by the papers they are from (D11)."""

    serializer_class = ShareCountShape
    filterset_class = ShareCountFilter
    ordering_fields = ("on",)
    ordering = ("-on",)
    queryset = ShareCount.objects.none()

    def get_queryset(self) -> QuerySet[ShareCount]:
        agreement = self.agreement(self.kwargs["slug"])
        counts: QuerySet[ShareCount] = ShareCount.objects.standing().filter(agreement=agreement)
        return counts

    @extend_schema(request=ShareCountBody, responses={201: ShareCountShape})
    def post(self, request: Request, slug: str) -> Response:
        """Record a count of the Company’s shares, and the paper it is from (D11)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(ShareCountBody, request, agreement)
        count = register.record_share_count(agreement=agreement, **given, when=self.when)
        return Response(ShareCountShape(count).data, status=201)


class AddressBody(Body):
    lines = serializers.CharField(max_length=2_000, help_text="As it goes on the envelope.")
    in_force_from = Day(
        help_text="The day by which notice of it had been given to all other parties."
    )
    facsimile = text(40)


class ChangeAddress(Door):
    @extend_schema(request=AddressBody, responses={201: AddressShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Record an Investor’s new address for notices (N5)."""
        whose = self.investor(investor)
        self.may_record(whose.agreement)
        given, _ = read_body(AddressBody, request, whose.agreement)
        address = register.change_address(
            agreement=whose.agreement, investor=whose, **given, when=self.when
        )
        return Response(AddressShape(address).data, status=201)


class LedgerBody(Body):
    quantity = Whole(min_value=1)
    on = Day()
    note = text()


class LedgerAct(Door):
    """An act on one Investor’s holdings: reads the body, calls the service, shows the
    lines it entered, as they are after the actions up to their day."""

    def enter(
        self,
        public_id: UUID,
        body: type[Body],
        act: Callable[..., Sequence[LedgerEntry]],
        **renamed: str,
    ) -> Response:
        """``renamed`` gives the service’s own name for a field of the body."""
        whose = self.investor(public_id)
        self.may_record(whose.agreement)
        given, _ = read_body(body, self.request, whose.agreement)
        named: dict[str, Any] = {renamed.get(name, name): value for name, value in given.items()}
        lines = act(investor=whose, **named, when=self.when)
        return Response(
            {
                "act": str(lines[0].act),
                "kind": lines[0].kind,
                "lines": [
                    {
                        "investor": str(holder),
                        "security": line.security,
                        "change": line.change,
                        "on": line.on.isoformat(),
                        "expires_on": line.expires_on and line.expires_on.isoformat(),
                    }
                    for holder, line in lines_of(whose.agreement, lines)
                ],
            },
            status=201,
        )


class IssueUnits(LedgerAct):
    @extend_schema(request=LedgerBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Issue Units, broken into their parts; `quantity` is Units (H1)."""
        return self.enter(investor, LedgerBody, ledger.issue_units, quantity="units")


class Convert(LedgerAct):
    @extend_schema(request=LedgerBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Convert Preferred Stock into Common; `quantity` is Preferred shares (H1)."""
        return self.enter(investor, LedgerBody, ledger.convert_preferred, quantity="preferred")


class Exercise(LedgerAct):
    @extend_schema(request=LedgerBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Exercise Warrants, those that expire first first; `quantity` is Warrants (H1)."""
        return self.enter(investor, LedgerBody, ledger.exercise_warrants, quantity="warrants")


class Expiry(LedgerAct):
    @extend_schema(request=LedgerBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Take Warrants that had run out by `on` off the ledger; `quantity` is Warrants (H6)."""
        return self.enter(investor, LedgerBody, ledger.record_expiry, quantity="warrants")


class SaleBody(LedgerBody):
    under = serializers.ChoiceField(LedgerEntry.SoldUnder.choices)


class PublicSale(LedgerAct):
    @extend_schema(request=SaleBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Record a sale to the public; `quantity` is Common shares, held no more (H3)."""
        return self.enter(investor, SaleBody, ledger.record_public_sale, quantity="shares")


class CorrectionBody(Body):
    security = serializers.ChoiceField(LedgerEntry.Security.choices)
    quantity = Whole(min_value=-(10**15), help_text="So many more, or with a minus fewer.")
    on = Day(help_text="The day the ledger should have said so.")
    reason = text(help_text="Why the ledger is corrected. It stays on the record.")
    expires_on = Day(required=False, allow_null=True, help_text="For Warrants: the lot’s last day.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("expires_on") and attrs["security"] != LedgerEntry.Security.WARRANT:
            raise serializers.ValidationError({"expires_on": "Only Warrants expire."})
        return attrs


class CorrectLedger(LedgerAct):
    @extend_schema(request=CorrectionBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Put the ledger right with a line of its own; nothing is edited (H6)."""
        return self.enter(investor, CorrectionBody, ledger.correct_ledger, quantity="change")
