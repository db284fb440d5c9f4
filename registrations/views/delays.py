"""The Company's delay of a demand: recorded, and put right (D15)."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404

from registrations.facts import delays_of, terms_for
from registrations.forms.base import ActForm
from registrations.forms.delays import DelayForm
from registrations.models import DelayRecord, Demand
from registrations.rules.asking import needed_by
from registrations.rules.delay import counted_from
from registrations.services import delays

from .acts import MatterAct


class RecordDelay(MatterAct):
    """The Company directed a delay: does the agreement allow it, and until when?"""

    form_class = DelayForm
    button = "Save delay"
    saved = "Delay saved."
    record: DelayRecord | None = None

    def find(self) -> None:
        super().find()
        self.terms = terms_for(self.demand)
        self.clause = self.terms.clause("delay")
        self.heading = f"Record a delay of {self.demand.reference}"
        self.intro = self.terms.summaries.get("delay", "") or (
            "The agreement gives the Company no right to delay a demand. What it directed is "
            "recorded, and moves no date."
        )

    def form_options(self) -> dict[str, Any]:
        term = self.terms.values.get("delay")
        return {
            "words": delays.circumstance_words(self.demand),
            "counted_from": counted_from(self.terms),
            "offering": any(n.word == "days_to_offering" for n in needed_by(term)),
            "record": self.record,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        delay = cast(DelayForm, form)
        return delays.record_delay(
            demand=self.demand,
            delay=delay.delay(),
            replaces=self.record,
            reason=delay.cleaned_data.get("reason", ""),
            when=self.acting,
        )


class CorrectDelay(RecordDelay):
    """What is on record of a delay is wrong, or more of it is known now."""

    button = "Save correction"
    saved = "Correction saved."

    def find(self) -> None:
        super().find()
        numbered = dict(delays_of(Demand.objects.filter(pk=self.demand.pk)))
        self.record = numbered.get(self.kwargs["delay"])
        if self.record is None:
            raise Http404
        self.heading = f"Complete or correct the delay of {self.demand.reference}"
