"""What the terms of a demand hang on beside its papers: for counsel to fill in."""

from __future__ import annotations

from typing import Any, cast

from registrations.facts import terms_for
from registrations.forms.base import ActForm
from registrations.forms.worksheet import CircumstancesForm
from registrations.models import Circumstances
from registrations.services.circumstances import asked_of, record_circumstances

from .acts import MatterAct


class RecordCircumstances(MatterAct):
    """What else do its dates hang on?"""

    form_class = CircumstancesForm
    button = "Save"
    saved = "Saved."

    def find(self) -> None:
        super().find()
        self.terms = terms_for(self.demand)
        self.record = Circumstances.objects.standing().filter(demand=self.demand).first()
        self.heading = f"What the terms of {self.demand.reference} hang on"
        self.intro = (
            "What the papers of the matter do not answer. Leave empty what is not known: the "
            "dates that hang on it stay unknown."
            if asked_of(self.terms)
            else "The papers of the matter answer everything its terms hang on."
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "needed": asked_of(self.terms),
            "defined": self.terms.values.get("defined_words", {}),
            "told": self.record.told if self.record else None,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return record_circumstances(
            demand=self.demand,
            told=cast(CircumstancesForm, form).facts(),
            reason=form.cleaned_data.get("reason", ""),
            replaces=self.record,
            when=self.acting,
        )
