"""What was waived in a registration, by each party for itself alone (S8)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import Investor
from registrations.facts import terms_for
from registrations.forms.base import ActForm
from registrations.forms.waivers import CorrectWaiverForm, WaiverForm
from registrations.models import Waiver
from registrations.rules.waivers import OF_THE_COMPANY, RIGHTS, bind_alone, said_of
from registrations.services import waivers

from .acts import MatterAct, find_demand
from .scope import CounselPage
from .words import capital, count_words


class WaiversPage(CounselPage, TemplateView):
    """Who gave up what, in this registration?"""

    template_name = "counsel/waivers.html"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, self.kwargs["number"])
        self.nav = demand.reference
        terms = terms_for(demand, self.as_of)
        every = (
            Waiver.objects.filter(demand=demand, signed_on__lte=self.day)
            .select_related("investor", "recorded_by", "replacement", "paper")
            .order_by("investor__name", "right", "-pk")
        )
        standing = [w for w in every if not hasattr(w, "replacement") and not w.taken_back]
        kwargs.update(
            demand=demand,
            standing=[(w, {**RIGHTS, **OF_THE_COMPANY}[w.right], _by(w)) for w in standing],
            earlier=[(w, _said(w)) for w in every if w not in standing],
            clause=terms.clause("amendment"),
            alone=bind_alone(terms),
            heading=f"{capital(count_words(len(standing), 'waiver'))} on record in "
            f"{demand.reference}."
            if standing
            else f"Nobody waived anything in {demand.reference}.",
        )
        return super().get_context_data(**kwargs)


def _by(waiver: Waiver) -> str:
    """Who signed it; empty where it was the Company."""
    return waiver.investor.name if waiver.investor and waiver.right in RIGHTS else ""


def _said(waiver: Waiver) -> str:
    return said_of(waiver.right, waiver.investor.name if waiver.investor else "")


class RecordWaiver(MatterAct):
    """A party signed a waiver."""

    form_class: type[ActForm] = WaiverForm
    button = "Save waiver"
    saved = "Waiver saved. It binds whoever signed it, in this matter alone."
    multipart = True

    def find(self) -> None:
        super().find()
        self.heading = f"{self.demand.reference}: record a waiver"
        self.clause = terms_for(self.demand).clause("amendment")
        self.intro = (
            "A waiver binds only the party that signed it, for its own benefit and in this matter. "
            "Nothing changes for any other."
        )

    def form_options(self) -> dict[str, Any]:
        parties = Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
        may = waivers.rights_in(self.demand)
        rights = [
            (right, f"{by}: {says[right]}")
            for by, says in (("By an Investor", RIGHTS), ("By the Company", OF_THE_COMPANY))
            for right in may
            if right in says
        ]
        return {"investors": list(parties), "rights": rights}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return waivers.record_waiver(
            demand=self.demand,
            investor=data["investor"],
            right=data["right"],
            signed_on=data["signed_on"],
            reason=data["reason"],
            files=() if trying else data["files"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("waivers", args=[self.agreement.slug, self.demand.in_address])

    def where(self) -> list[tuple[str, str]]:
        slug, address = self.agreement.slug, self.demand.in_address
        return [
            ("Registrations", reverse("registrations", args=[slug])),
            (self.demand.reference, reverse("demand", args=[slug, address])),
            ("Waivers", reverse("waivers", args=[slug, address])),
        ]


class CorrectWaiver(RecordWaiver):
    """What is on record of a waiver is wrong, or there is none."""

    form_class = CorrectWaiverForm
    button = "Save correction"
    saved = "Correction saved. What was recorded before stays on the record."

    def find(self) -> None:
        super().find()
        found = (
            Waiver.objects.standing()
            .filter(demand=self.demand, pk=self.kwargs["pk"])
            .select_related("investor")
            .first()
        )
        if found is None:
            raise Http404
        self.waiver: Waiver = found
        self.waiver.demand = self.demand
        self.heading = (
            f"{self.demand.reference}: correct the waiver of {_by(found) or 'the Company'}"
        )
        self.intro = f"On record: {_said(found)}."

    def form_options(self) -> dict[str, Any]:
        return {"waiver": self.waiver}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return waivers.correct_waiver(
            waiver=self.waiver,
            signed_on=data["signed_on"],
            taken_back=data["taken_back"],
            reason=data["reason"],
            files=() if trying else data["files"],
            when=self.acting,
        )
