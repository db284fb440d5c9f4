"""Corporate actions by REST: splits, stock dividends, exchanges of a whole class (H2, H6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement, CorporateAction

from ..facts import action_of
from ..services import actions
from ..services.actions import INTO, MOST, MOST_IN_A_DAY, OF, ActionIn
from .bodies import Body, Day, Whole, read_body, text
from .doors import Door

_CLASSES = CorporateAction.Class.choices
_KINDS = [(kind.value, kind.label) for kind in OF]
_INTO = [(name, label) for name, label in _CLASSES if name in INTO]


class ActionShape(serializers.ModelSerializer):
    """One entry about an action.  ``stands`` is false for one a later entry replaced, and
    for the one that says it never happened; ``says`` is it in words."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(CorporateAction.Kind.choices)
    says = serializers.SerializerMethodField()
    stands = serializers.SerializerMethodField()
    replaces = serializers.UUIDField(source="replaces.public_id", allow_null=True, default=None)
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = CorporateAction
        fields = [
            "id", "kind", "security", "into", "numerator", "denominator", "on", "place",
            "fractions", "rates_follow", "note", "says", "stands", "replaces", "reason",
            "recorded_at", "recorded_by",
        ]  # fmt: skip

    def get_says(self, row: CorporateAction) -> str:
        return "never happened" if row.kind == CorporateAction.Kind.VOID else action_of(row).words

    def get_stands(self, row: CorporateAction) -> bool:
        return row.kind != CorporateAction.Kind.VOID and not hasattr(row, "replacement")


class ActionBody(Body):
    """`numerator` for each `denominator` held: in a dividend besides what was held, else
    instead of it.  Leave out `into` unless one class is exchanged for another."""

    kind = serializers.ChoiceField(_KINDS)
    security = serializers.ChoiceField(_CLASSES)
    numerator = Whole(help_text=f"From 1 to {MOST:,}.")
    denominator = Whole(help_text=f"From 1 to {MOST:,}.")
    on = Day(help_text="It takes effect at the start of this day.")
    fractions = serializers.ChoiceField(CorporateAction.Fractions.choices)
    into = serializers.ChoiceField(_INTO, allow_blank=True, default="")
    place = serializers.IntegerField(
        default=1, min_value=1, max_value=MOST_IN_A_DAY, help_text="Among the actions of that day."
    )
    rates_follow = serializers.BooleanField(
        default=True, help_text="Whether conversion and exercise rates are adjusted with it."
    )
    note = text()


class ActionsAndRecord(Door):
    """What happened to whole classes of shares under an agreement."""

    @extend_schema(responses=ActionShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every entry about an action, the latest day first."""
        return Response([action_data(row) for row in _of(self.agreement(slug))])

    @extend_schema(request=ActionBody, responses={201: ActionShape})
    def post(self, request: Request, slug: str) -> Response:
        """Record a split, a stock dividend or an exchange: one entry, after which every
        holding is worked out (H2)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(ActionBody, request, agreement)
        row = actions.record_action(agreement=agreement, action=ActionIn(**given), when=self.when)
        return Response(action_data(row), status=201)


class ActionCorrectionBody(Body):
    """The action as it should have been recorded, or `null` when it never happened."""

    action = ActionBody(allow_null=True)
    reason = text(help_text="Why. It stays on the record.")


class CorrectAction(Door):
    @extend_schema(request=ActionCorrectionBody, responses={201: ActionShape})
    def post(self, request: Request, action: UUID) -> Response:
        """Replace an entry about an action, with a reason (H6)."""
        visible = CorporateAction.objects.filter(
            agreement__in=Agreement.objects.visible_to(self.user)
        )
        stood = get_object_or_404(visible.select_related("agreement__company"), public_id=action)
        self.may_record(stood.agreement)
        given, _ = read_body(ActionCorrectionBody, request, stood.agreement)
        typed = given["action"]
        row = actions.correct_action(
            replaces=stood,
            action=ActionIn(**typed) if typed is not None else None,
            reason=given["reason"],
            when=self.when,
        )
        return Response(action_data(row), status=201)


def _of(agreement: Agreement) -> Any:
    return (
        CorporateAction.objects.filter(agreement=agreement)
        .select_related("recorded_by", "replacement", "replaces")
        .order_by("-on", "-place", "-pk")
    )


def action_data(row: CorporateAction) -> dict[str, Any]:
    return dict(ActionShape(row).data)
