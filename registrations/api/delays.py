"""The Company’s delay of a demand, by REST (D15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..facts import delays_of
from ..models import DelayRecord, Demand
from ..services import delays
from ..services.delays import DelayIn
from .acting import Act, documented
from .bodies import Body, Day, read_body, text
from .matters import DemandShape, demand_data


class DelayBody(Body):
    """A delay the Company directed.  Leave out of `circumstances` what is not known."""

    directed_on = Day()
    what = text(200, help_text="The offering or activity.")
    circumstances = serializers.DictField(
        child=serializers.BooleanField(),
        default=dict,
        help_text="What is so and what is not, by the words the agreement’s term hangs on.",
    )
    planned_on = Day(required=False, allow_null=True, default=None)
    counted_from_on = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="The day the longest delay is counted from, once it has come.",
    )
    until_on = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="The last day the Company asked for; leave out for as long as it may.",
    )
    other_ground = text(300, help_text="A ground the agreement does not define.")


class DelayCorrectionBody(DelayBody):
    delay = serializers.IntegerField(min_value=1, help_text="The number of the delay.")
    reason = text(help_text="Why. It stays on the record.")


def _delay(given: dict[str, Any]) -> DelayIn:
    return DelayIn(**{name: given.pop(name) for name in DelayIn._fields})


class Delays(Act):
    @documented(DelayBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the Company directed a delay, allowed or not (D15)."""
        matter = self.matter(demand)
        given, _ = read_body(DelayBody, request, matter.agreement)
        delay = _delay(given)

        def attempt() -> Any:
            return delays.record_delay(demand=matter, delay=delay, when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class DelayCorrections(Act):
    @documented(DelayCorrectionBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Complete or correct what is on record of a delay, such as the day its offering
        became effective (D15)."""
        matter = self.matter(demand)
        given, _ = read_body(DelayCorrectionBody, request, matter.agreement)
        stands = _numbered(matter, given.pop("delay"))
        delay = _delay(given)

        def attempt() -> Any:
            return delays.record_delay(
                demand=matter, delay=delay, replaces=stands, **given, when=self.when
            )

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


def _numbered(matter: Demand, number: int) -> DelayRecord:
    found = dict(delays_of(Demand.objects.filter(pk=matter.pk)))
    if number not in found:
        raise serializers.ValidationError({"delay": "There is no delay of this number."})
    return found[number]
