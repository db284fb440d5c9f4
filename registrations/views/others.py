"""Other Holders: who else has a place in a demand, section 1(b) (D12)?"""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from registrations.facts import others_of, terms_for
from registrations.forms.base import ActForm
from registrations.forms.others import InclusionForm, OtherHolderForm
from registrations.models import Inclusion, OtherHolder
from registrations.rules.others import Place, placed
from registrations.services import others
from registrations.tables import Table

from .acts import MatterAct, find_demand
from .exports import ListPage
from .recording import ActPage
from .words import capital, count_words

PLACES = {
    Place.NOT_OFFERED: ("later", "Not offered"),
    Place.OFFERED: ("wait", "No answer yet"),
    Place.DECLINED: ("later", "Declined"),
    Place.NOT_ACCEPTED: ("soon", "Has not accepted the terms"),
    Place.INCLUDED: ("done", "Has a place"),
}


class OthersPage(ListPage):
    """Who else has a place in this demand?"""

    template_name = "counsel/others.html"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demand = find_demand(self, self.kwargs["number"])
        self.nav = demand.reference
        if demand.by_company:
            raise Http404
        terms = terms_for(demand)
        found = placed(others_of(demand, self.day), self.day, terms)
        included = [s.other for s in found if s.place is Place.INCLUDED]
        said = count_words(len(included), "Other Holder")
        kwargs.update(
            demand=demand,
            rows=[(s, *PLACES[s.place]) for s in found],
            heading=f"{capital(said)} {'has' if len(included) == 1 else 'have'} a place in "
            f"{demand.reference}."
            if included
            else f"No Other Holder has a place in {demand.reference}.",
            clause=terms.clause("other_holders"),
            summary=terms.summaries.get("other_holders", "")
            or "The agreement’s terms on record say nothing of Other Holders.",
            shares=sum(o.shares or 0 for o in included),
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-{context['demand'].reference}-other-holders-{self.day}",
            ["Holder", "Its right", "Entitled to", "Shares", "Offered on", "Answered on",
             "Terms accepted on", "Stands", "Why"],
            ([
                s.other.name, s.other.paper, s.other.entitled, s.other.shares, s.other.offered_on,
                s.other.answered_on, s.other.terms_accepted_on, says, s.because.text,
            ] for s, _, says in context["rows"]),
        )  # fmt: skip


class RecordOtherHolder(ActPage):
    """Somebody else has a contractual right to be registered."""

    form_class = OtherHolderForm
    nav = "holders"
    heading = "Record an Other Holder"
    intro = "A holder of the Company’s securities with a right to registration under another paper."
    clause = "1(b)"
    button = "Save holder"
    saved = "Holder saved."
    looks = False
    record: OtherHolder | None = None

    def form_options(self) -> dict[str, Any]:
        return {"record": self.record}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = dict(form.cleaned_data)
        named = {n: data[n] for n in ("name", "paper", "from_on", "shares")}
        return others.record_other_holder(
            agreement=self.agreement,
            **named,
            replaces=self.record,
            reason=data.get("reason", ""),
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("registrations", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("Registrations", reverse("registrations", args=[self.agreement.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("back", self.lands_on(None))
        return super().get_context_data(**kwargs)


class CorrectOtherHolder(RecordOtherHolder):
    """What is on record of an Other Holder's right is wrong, or has changed."""

    button = "Save correction"

    def find(self) -> None:
        self.record = get_object_or_404(
            OtherHolder.objects.standing(),
            agreement=self.agreement,
            public_id=self.kwargs["holder"],
        )
        self.heading = f"Correct the right of {self.record.name}"


class RecordInclusion(MatterAct):
    """An Other Holder was offered a place, answered, or accepted the terms."""

    form_class = InclusionForm
    clause = "1(b)"
    button = "Save"
    saved = "Saved."

    def find(self) -> None:
        super().find()
        if self.demand.by_company:
            raise Http404
        self.holder = get_object_or_404(
            OtherHolder.objects.standing(),
            agreement=self.agreement,
            public_id=self.kwargs["holder"],
        )
        self.record = (
            Inclusion.objects.standing()
            .filter(demand=self.demand, holder=self.holder.public_id)
            .first()
        )
        self.heading = f"{self.holder.name} in {self.demand.reference}"
        self.intro = (
            "The Company offers a place on the Investors’ behalf, and may require that the "
            "holder accept the terms of the section."
        )

    def form_options(self) -> dict[str, Any]:
        return {"record": self.record}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return others.record_inclusion(
            demand=self.demand,
            holder=self.holder.public_id,
            inclusion=cast(InclusionForm, form).inclusion(),
            reason=form.cleaned_data.get("reason", ""),
            replaces=self.record,
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("others", args=[self.agreement.slug, self.demand.number])
