"""Acts that carry a statement through: the suspension, prospectuses furnished, states (S2–S4).

Each stands under its registration's own address, because a statement that was filed for
none of the Investors has no sellers among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from investors.models import Investor
from registrations.facts import facts_of, terms_for
from registrations.forms import selling as forms
from registrations.forms.base import ActForm
from registrations.models import (
    Statement,
    Suspension,
    SuspensionAnswer,
)
from registrations.rules.prospectus import Seller, Selling
from registrations.rules.selling import in_suspension
from registrations.services import prospectuses, selling

from .acts import MatterAct
from .following import Consequences


class Unfiled(Http404):
    """Nothing is filed yet under the registration."""


class CarriedAct(MatterAct):
    """An act on the statement of a registration; it comes back to the page it is ``shown_on``."""

    shown_on = "selling"
    clause = "2"
    statement: Statement

    def find(self) -> None:
        super().find()
        statement = Statement.objects.filter(demand=self.demand).first()
        if statement is None:
            raise Unfiled
        statement.agreement, statement.demand = self.agreement, self.demand
        self.statement = statement
        self.found()

    def found(self) -> None:
        """What else the act is about, and what the page is called."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Unfiled:  # the page says so
            return redirect(self.shown_on, self.agreement.slug, self.demand.in_address)

    def lands_on(self, made: Any) -> str:
        return reverse(self.shown_on, args=[self.agreement.slug, self.demand.in_address])

    def where(self) -> list[tuple[str, str]]:
        matter = MatterAct.lands_on(self, None)
        return [
            ("Registrations", reverse("registrations", args=[self.agreement.slug])),
            (self.demand.reference, matter),
            (NAMES[self.shown_on], self.lands_on(None)),
        ]

    def suspension(self) -> Suspension:
        """The suspension the address names."""
        found = get_object_or_404(
            Suspension, statement=self.statement, number=self.kwargs["suspension"]
        )
        found.statement = self.statement
        return found

    def selling(self) -> Selling:
        """The Selling Investors, and all that was done."""
        return facts_of(self.demand).selling

    def chosen(self, form: ActForm) -> list[Investor]:
        """The Investors ticked, in the order of the register."""
        keys = cast(forms.SellersMixin, form).to()
        found = list(
            Investor.objects.filter(agreement=self.agreement, pk__in=keys).order_by("name", "pk")
        )
        for investor in found:
            investor.agreement = self.agreement
        return found


NAMES = {"selling": "Who may sell", "prospectuses": "Prospectuses", "blue-sky": "Blue sky"}


class BeginSuspension(CarriedAct):
    """The prospectus is amended."""

    form_class = forms.AmendedForm
    button = "Save amendment"
    saved = "Amendment saved. Record the notice to the Selling Investors next."

    def found(self) -> None:
        self.heading = f"The prospectus of {self.demand.reference} is amended"
        self.intro = (
            "The Company promptly tells every Selling Investor. They stop offers only where it "
            "also asks them to: record the notice next, and whether it asks."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return selling.begin_suspension(
            statement=self.statement,
            on=data["on"],
            time=data["time"],
            note=data["note"],
            when=self.acting,
        )


class NotifySellers(CarriedAct):
    """The Company told Selling Investors, or asked them to stop."""

    form_class = forms.LetterForm
    button = "Save notice"
    saved = "Notice saved."

    def found(self) -> None:
        self.about = self.suspension()
        self.heading = f"Whom did the Company tell of {self.about.reference}?"
        self.intro = (
            "One notice to those it went to the same way on the same day; each receipt is "
            "recorded on the notice. From the day a request to stop is given, sales must stop."
        )

    def form_options(self) -> dict[str, Any]:
        facts, terms = self.selling(), self.terms()
        suspension = next(s for s in facts.suspensions if s.id == self.about.pk)
        steps = [(s, in_suspension(suspension, s, facts, terms, self.today)) for s in facts.sellers]
        waiting = [s.investor for s, step in steps if step.told is None]
        return {"terms": terms, "sellers": facts.sellers, "waiting": waiting}

    def terms(self) -> Any:
        return terms_for(self.demand)

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        letter = cast(forms.LetterForm, form)
        data = letter.cleaned_data
        return selling.record_letter(
            suspension=self.about,
            copies=[(investor, letter.copy()) for investor in self.chosen(form)],
            asks_to_stop=data["asks_to_stop"],
            time=data["time"],
            note=data["note"],
            when=self.acting,
        )


class RecordStopAnswer(CarriedAct):
    """Selling Investors acknowledged that they stopped, or sent copies back."""

    form_class = forms.StopAnswerForm
    button = "Save"

    def found(self) -> None:
        self.about = self.suspension()
        given = self.request.GET.get("kind", SuspensionAnswer.Kind.ACKNOWLEDGED.value)
        if given not in SuspensionAnswer.Kind.values:
            raise Http404
        self.kind = SuspensionAnswer.Kind(given)
        returned = self.kind == SuspensionAnswer.Kind.RETURNED
        self.heading = (
            f"Who sent prospectuses back in {self.about.reference}?"
            if returned
            else f"Who acknowledged {self.about.reference}?"
        )
        self.intro = (
            "They come back at the Company’s cost."
            if returned
            else "That it stopped offers. Sales must stop whether or not it says so."
        )
        self.saved = "Return saved." if returned else "Acknowledgement saved."

    def form_options(self) -> dict[str, Any]:
        facts = self.selling()
        suspension = next(s for s in facts.suspensions if s.id == self.about.pk)
        acknowledged = self.kind == SuspensionAnswer.Kind.ACKNOWLEDGED
        done = suspension.acknowledged if acknowledged else {}
        return {
            "kind": self.kind,
            "sellers": [s for s in facts.sellers if s.investor not in done],
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return selling.record_stop_answer(
            suspension=self.about,
            investors=self.chosen(form),
            kind=self.kind,
            on=data["on"],
            copies=data.get("copies"),
            when=self.acting,
        )


class Release(CarriedAct):
    """The Company took its request to stop back."""

    form_class = forms.ReleaseForm
    button = "Save"
    saved = "Saved. Whoever was asked to stop may resume."

    def found(self) -> None:
        self.about = self.suspension()
        self.heading = f"The request to stop in {self.about.reference} is taken back"
        self.intro = "Everybody who was asked may resume, revised prospectus or not."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return selling.release(
            suspension=self.about,
            on=data["on"],
            time=data["time"],
            note=data["note"],
            when=self.acting,
        )


class Furnish(CarriedAct):
    """Prospectuses went to Selling Investors (S2)."""

    shown_on = "prospectuses"
    clause = "2(c)"
    form_class = forms.FurnishForm
    button = "Save prospectuses"
    saved = "Prospectuses saved."

    def found(self) -> None:
        self.heading = f"Which prospectuses of {self.demand.reference} went to whom?"
        self.intro = (
            "Those that went the same way on the same day. In a suspension, offers resume on "
            "receipt of a revised one."
        )
        self.suspensions = list(self.statement.suspensions.order_by("-number"))
        given = self.request.GET.get("revises", "")
        known = {str(s.number): s for s in self.suspensions}
        self.revises = known.get(given)

    def form_options(self) -> dict[str, Any]:
        facts = self.selling()
        return {
            "sellers": facts.sellers,
            "waiting": self.waiting(facts),
            "suspensions": self.suspensions,
            "revises": self.revises.number if self.revises else None,
        }

    def waiting(self, facts: Selling) -> list[int]:
        """Who has none: of the revised one, if it is about one, else of any."""
        wanted = self.revises.pk if self.revises else None
        have = {f.investor for f in facts.furnished if wanted is None or f.revises == wanted}
        return [s.investor for s in facts.sellers if s.investor not in have]

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        number = data.get("suspension")
        return prospectuses.furnish(
            statement=self.statement,
            investors=self.chosen(form),
            kind=data["kind"],
            sent=forms.sent_of(data),
            suspension=next((s for s in self.suspensions if str(s.number) == number), None),
            when=self.acting,
        )


class RecordState(CarriedAct):
    """A state was asked for, or something was done there (S3)."""

    shown_on = "blue-sky"
    clause = "2(d)"
    form_class = forms.StateForm
    looks = False
    button = "Save entry"
    saved = "Entry saved."

    def found(self) -> None:
        self.heading = f"What happened with a state under {self.demand.reference}?"
        self.intro = "The latest entry says where a state stands; none is changed."

    def form_options(self) -> dict[str, Any]:
        sellers: Sequence[Seller] = self.selling().sellers
        asked = {n: self.request.GET.get(n, "") for n in ("state", "kind")}
        return {"sellers": sellers, "initial": {n: v for n, v in asked.items() if v}}

    def consequences(self, form: ActForm) -> Consequences | None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        investor = None
        if data["investor"]:
            investor = get_object_or_404(Investor, agreement=self.agreement, pk=data["investor"])
        return prospectuses.record_state(
            statement=self.statement,
            state=data["state"],
            kind=data["kind"],
            on=data["on"],
            investor=investor,
            note=data["note"],
            when=self.acting,
        )
