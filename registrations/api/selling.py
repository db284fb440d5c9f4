"""Carrying a registration through by REST: who may sell, suspensions, prospectuses and blue
sky (S2, S3, S4).  Every act answers with the whole as it then stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Investor

from ..facts import facts_of, open_days, terms_for
from ..facts.prospectus import state_facts
from ..models import (
    Demand,
    ProspectusCopies,
    StateEntry,
    Statement,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from ..rules.blue_sky import grid
from ..rules.findings import ruling_data
from ..rules.selling import MAY, MUST_NOT, UNKNOWN, Steps, unlooked, who_may_sell, without
from .description import AS_OF
from .docket import AwaitedShape, ReadingShape, ReasonShape
from .doors import Door
from .shapes import PartyShape

ANSWERS = (MAY, MUST_NOT, UNKNOWN)
PROSPECTUSES = ("preliminary", "final")

# What an entry is about: its table, and the way from it to its matter.
ENTRIES: Mapping[str, tuple[Any, str]] = {
    "amendment": (SuspensionRecord, "suspension__statement__demand"),
    "notice": (SuspensionLetter, "suspension__statement__demand"),
    "answer": (SuspensionAnswer, "suspension__statement__demand"),
    "prospectus": (ProspectusCopies, "statement__demand"),
    "state": (StateEntry, "statement__demand"),
}


class StepsShape(serializers.Serializer):
    """One Selling Investor in one suspension.  ``told_on`` and ``asked_on`` are the days the
    notice was given to it; ``missing`` what is not on record, in words."""

    suspension = serializers.CharField()
    outcome = serializers.ChoiceField(ANSWERS)
    told_on = serializers.DateField(allow_null=True)
    asked_on = serializers.DateField(allow_null=True)
    acknowledged_on = serializers.DateField(allow_null=True)
    copies_out = serializers.IntegerField(allow_null=True)
    copies_returned = serializers.IntegerField(allow_null=True)
    revised_sent_on = serializers.DateField(allow_null=True)
    revised_received_on = serializers.DateField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())


class SellerShape(serializers.Serializer):
    """Whether one Selling Investor may sell on the day, and why."""

    investor = PartyShape()
    covered = serializers.IntegerField(allow_null=True, help_text="Registrable Shares.")
    outcome = serializers.ChoiceField(ANSWERS)
    because = ReasonShape(many=True)
    readings = ReadingShape(many=True)
    awaiting = AwaitedShape(many=True)
    suspensions = StepsShape(many=True)


class LackingShape(serializers.Serializer):
    """The Selling Investors nothing of a kind was furnished to yet."""

    kind = serializers.ChoiceField(PROSPECTUSES)
    investors = PartyShape(many=True)


class StateShape(serializers.Serializer):
    """Where a state stands by the latest entry; ``open`` while the Company has it to do."""

    state = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(StateEntry.Kind.choices)
    since = serializers.DateField()
    open = serializers.BooleanField()


class CarriedEntryShape(serializers.Serializer):
    """One entry on how the registration is carried through.  ``number`` counts those of its
    ``what`` from 1; one that ``stands`` can be corrected, by its number.  A field that is
    not of its kind is null."""

    what = serializers.ChoiceField(list(ENTRIES))
    number = serializers.IntegerField()
    stands = serializers.BooleanField()
    suspension = serializers.CharField(allow_null=True)
    investor = PartyShape(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    notice = serializers.UUIDField(allow_null=True)
    asks_to_stop = serializers.BooleanField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    on = serializers.DateField(allow_null=True)
    time = serializers.TimeField(allow_null=True)
    method = serializers.CharField(allow_null=True)
    sent_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    copies = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField(allow_null=True)


class SellingShape(serializers.Serializer):
    """Who may sell under a registration on a day, who has no prospectus, where each state
    stands, and every entry they rest on."""

    reference = serializers.CharField()
    as_of = serializers.DateField()
    sellers = SellerShape(many=True)
    without_prospectus = LackingShape(many=True)
    not_looked_at = serializers.ListField(
        child=serializers.CharField(),
        help_text="Terms that bear on selling and are not looked at: the days they hang on are "
        "not on record.",
    )
    states = StateShape(many=True)
    entries = CarriedEntryShape(many=True)


def selling_data(demand: Demand, day: date, today: date) -> dict[str, Any]:
    """All of it as JSON-ready data, as of a day."""
    as_of = day if day < today else None
    facts = facts_of(demand, as_of).selling.upto(day)
    terms = terms_for(demand)
    stands = who_may_sell(facts, terms, open_days(), day)
    lacking = without(facts, terms)
    parties = {i.pk: i for i in Investor.objects.filter(pk__in=[s.investor for s in facts.sellers])}
    statement = Statement.objects.filter(demand=demand).first()
    sent = {letter.id for s in facts.suspensions for letter in s.letters}
    sellers = [
        {
            **ruling_data(each.answer),
            "investor": parties[each.seller.investor],
            "covered": each.seller.covered,
            "suspensions": [_steps(step) for step in each.steps],
        }
        for each in stands
    ]
    states = grid(state_facts(statement), day) if statement else ()
    return dict(
        SellingShape(
            {
                "reference": demand.reference,
                "as_of": day,
                "sellers": sellers,
                "without_prospectus": [
                    {"kind": kind, "investors": [parties[s.investor] for s in some]}
                    for kind, some in lacking.items()
                ],
                "not_looked_at": unlooked(terms),
                "states": [
                    {
                        "state": row.state,
                        "name": row.name,
                        "status": row.says.kind,
                        "since": row.says.on,
                        "open": row.open,
                    }
                    for row in states
                ],
                "entries": list(_entries(demand, day, sent)),
            }
        ).data
    )


def _steps(step: Steps) -> dict[str, Any]:
    return {
        "suspension": step.suspension.reference,
        "outcome": step.outcome,
        "told_on": step.told.given_on if step.told else None,
        "asked_on": step.asked.given_on if step.asked else None,
        "acknowledged_on": step.acknowledged_on,
        "copies_out": step.out,
        "copies_returned": step.returned,
        "revised_sent_on": step.revised_sent_on,
        "revised_received_on": step.revised_on,
        "missing": list(step.missing),
    }


_FIELDS = (
    "kind", "asks_to_stop", "state", "on", "time", "method", "sent_on", "received_on", "copies",
    "note",
)  # fmt: skip


def entries_about(demand: Demand, what: str) -> list[Any]:
    """Every entry of a kind about a matter, from the first, with its ``number``."""
    model, to_matter = ENTRIES[what]
    related = [
        f.name
        for f in model._meta.concrete_fields
        if f.is_relation and f.name not in ("replaces", "id")
    ]
    found = list(
        model._default_manager.filter(**{to_matter: demand})
        .select_related(*related, "replacement")
        .order_by("pk")
    )
    for number, entry in enumerate(found, start=1):
        entry.number = number
    return found


def _entries(demand: Demand, day: date, sent: set[int]) -> Iterator[dict[str, Any]]:
    """The entries of a day or before; of notices, those of which a copy was ``sent``."""
    for what in ENTRIES:
        for entry in entries_about(demand, what):
            if _day_of(entry) > day:
                continue
            suspension = getattr(entry, "suspension", None)
            notice = getattr(entry, "notice", None)
            if notice is not None and notice.pk not in sent:
                continue
            yield {
                "what": what,
                "number": entry.number,
                "stands": not hasattr(entry, "replacement"),
                "suspension": suspension.reference if suspension else None,
                "investor": getattr(entry, "investor", None),
                "notice": notice.public_id if notice else None,
                **{name: getattr(entry, name, None) for name in _FIELDS},
                "reason": entry.reason,
                "recorded_at": entry.recorded_at,
                "recorded_by": entry.recorded_by.name if entry.recorded_by else None,
            }


def _day_of(entry: Any) -> date:
    """The day an entry is of; a notice's is of its copies."""
    day: date = (
        getattr(entry, "on", None)
        or getattr(entry, "sent_on", None)
        or getattr(entry, "received_on", None)
        or date.min
    )
    return day


class WhoMaySell(Door):
    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=SellingShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """Who may sell under a registration, Investor by Investor, as of a day (S4)."""
        matter = self.demand(demand)
        today = matter.agreement.day_of(self.now)
        return Response(selling_data(matter, self.day(matter.agreement), today))
