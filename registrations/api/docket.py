"""A matter's docket as JSON: the rules' own data, public ids for keys, states on a day.

The shapes below say what the data is; the data itself comes from the rules ready made, the
same as pages, flags and reminders show.  A matter of ten thousand Investors has as many
windows, and they are not passed through a serializer one by one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from ..as_data import docket_data
from ..facts import docket_of
from ..models import Demand
from ..rules.findings import Force, Party, State
from ..rules.statement import ALIVE, UNDETERMINED, USED_UP
from ..services.recording import Preview

OUTCOMES = ("good", "refused", "needs_decision", "unknown", "owed", "excluded")


class CountedFrom(serializers.Serializer):
    """The recorded fact a step counts from; ``on`` is null when it is not on record."""

    fact = serializers.CharField()
    on = serializers.DateField(allow_null=True)


class ReasonShape(serializers.Serializer):
    """One step of the reckoning.  ``text`` is the step in words fit for a letter."""

    rule = serializers.CharField()
    clause = serializers.CharField()
    text = serializers.CharField()
    counted_from = CountedFrom(allow_null=True)
    days = serializers.IntegerField(allow_null=True, help_text="How many of `unit`.")
    unit = serializers.CharField(allow_null=True)
    result = serializers.DateField(allow_null=True)


class ReadingShape(serializers.Serializer):
    """One meaning the words can bear, and the days it gives."""

    name = serializers.CharField()
    says = serializers.CharField()
    clause = serializers.CharField()
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)
    governs = serializers.BooleanField()


class AwaitedShape(serializers.Serializer):
    """A fact not on record yet, and whose."""

    fact = serializers.CharField()
    clause = serializers.CharField()
    who = serializers.CharField()


class DecidedShape(serializers.Serializer):
    """Counsel’s choice between readings, which governs."""

    choice = serializers.CharField()
    decided_on = serializers.DateField()
    reason = serializers.CharField()
    by = serializers.CharField()
    for_agreement = serializers.BooleanField(
        help_text="Whether it was chosen for every matter of the agreement."
    )


class RulingShape(serializers.Serializer):
    """Whether the demand is good, or a Registration Notice owed, with reasons and each
    reading’s answer."""

    outcome = serializers.ChoiceField(OUTCOMES)
    because = ReasonShape(many=True)
    readings = ReadingShape(many=True)
    awaiting = AwaitedShape(many=True)
    decision = DecidedShape(allow_null=True)


class WindowShape(serializers.Serializer):
    """The days on which an act must or may be done, both included, and where it stands.

    ``closes_on`` is judged by the strictest reading, ``lenient_on`` by the most lenient.
    ``practical_on`` is the last day EDGAR takes a filing.  ``days`` is how many days late,
    early, past or left, as ``state`` says.
    """

    key = serializers.CharField()
    act = serializers.CharField()
    rule = serializers.CharField()
    clause = serializers.CharField()
    party = serializers.ChoiceField([p.value for p in Party])
    force = serializers.ChoiceField([f.value for f in Force])
    investor = serializers.CharField(help_text="Name; empty when the window is nobody’s own.")
    investor_id = serializers.UUIDField(allow_null=True)
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)
    lenient_on = serializers.DateField(allow_null=True)
    practical_opens_on = serializers.DateField(allow_null=True)
    practical_on = serializers.DateField(allow_null=True)
    provisional_on = serializers.DateField(
        allow_null=True, help_text="If the awaited act came on its own last day: never judged by."
    )
    done_on = serializers.DateField(allow_null=True)
    done_as = serializers.CharField()
    superseded_on = serializers.DateField(
        allow_null=True, help_text="From this day nothing hangs on the window any more."
    )
    waived_on = serializers.DateField(
        allow_null=True, help_text="The day the party it protects waived it, for itself alone."
    )
    state = serializers.ChoiceField([s.value for s in State])
    days = serializers.IntegerField()
    because = ReasonShape(many=True)
    readings = ReadingShape(many=True)
    awaiting = AwaitedShape(many=True)
    decision = DecidedShape(allow_null=True)


class ConcernShape(serializers.Serializer):
    """Something to look at that is not itself a date, calling for action from ``since``."""

    key = serializers.CharField()
    kind = serializers.CharField()
    rule = serializers.CharField()
    clause = serializers.CharField()
    text = serializers.CharField()
    since = serializers.DateField()
    investor = serializers.CharField()
    investor_id = serializers.UUIDField(allow_null=True)
    because = ReasonShape(many=True)


class UseShape(serializers.Serializer):
    """Whether the one Demand Registration owed is used up by this demand (D13)."""

    outcome = serializers.ChoiceField([USED_UP, ALIVE, UNDETERMINED])
    because = ReasonShape(many=True)
    awaiting = AwaitedShape(many=True)


class ArrivalShape(serializers.Serializer):
    """When a notice was given and when received; null is not on record."""

    given_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)


class DocketShape(serializers.Serializer):
    """Everything that follows from a matter’s facts, as of the end of a day."""

    demand = serializers.UUIDField()
    reference = serializers.CharField()
    agreement = serializers.SlugField()
    time_zone = serializers.CharField()
    as_of = serializers.DateField()
    ruling = RulingShape()
    use = UseShape()
    demand_notice = ArrivalShape()
    windows = WindowShape(many=True)
    concerns = ConcernShape(many=True)


class PreviewShape(serializers.Serializer):
    """What an act would change.  Nothing was saved; ``before`` is null when the act would
    begin the matter."""

    saved = serializers.BooleanField()
    before = DocketShape(allow_null=True)
    after = DocketShape()


class MattersShape(serializers.Serializer):
    """What an act would change in the agreement’s matters, those it changes alone.  Nothing
    was saved."""

    saved = serializers.BooleanField()
    matters = PreviewShape(many=True)


def docket_on(demand: Demand, *, day: date, today: date) -> dict[str, Any]:
    """The docket as it stood at the end of ``day``; on everything recorded, for today."""
    docket = docket_of(demand, as_of=day if day < today else None)
    return docket_data(demand, docket, today=day)


def preview_data(previewed: Preview, *, today: date) -> dict[str, Any]:
    """A matter’s docket before and after an act that was not saved."""
    demand, before, after = previewed
    return {
        "saved": False,
        "before": None if before is None else docket_data(demand, before, today=today),
        "after": docket_data(demand, after, today=today),
    }
