"""What a Selling Investor does while a registration is carried through: stops offers when
asked to, and furnishes what the Company asks for (S4, S5)."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from investors.acts import Conflict
from registrations.facts import OwnStop, own_asking, own_stops
from registrations.facts.papers import prefilled
from registrations.forms.base import ActForm
from registrations.forms.information import AnswerForm
from registrations.forms.portal import SendForm
from registrations.models import SuspensionAnswer
from registrations.rules.information import PARTS
from registrations.services import information, selling

from .scope import PortalForm

CORRECTED = "Corrected by the Investor in the portal"


class OwnAct(PortalForm):
    """An act of the Investor's about one registration it knows of."""

    def find(self) -> None:
        self.matter = self.own(self.kwargs["demand"])
        self.agreement = self.investor.agreement


class Stopped(OwnAct):
    """May I sell today, what must I do, and what says that I did?"""

    template_name = "portal/stopped.html"
    saved = "Acknowledged. You may sell again once you have the revised prospectus."

    def find(self) -> None:
        super().find()
        self.mine: list[OwnStop] = [
            each
            for each in own_stops(self.investor, self.today)
            if each.demand.pk == self.matter.demand.pk
        ]

    @property
    def open(self) -> list[OwnStop]:
        """Those this Investor was asked to stop in and has not acknowledged."""
        return [s for s in self.mine if s.steps.asked and not s.steps.acknowledged_on]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(SendForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.answered(SendForm(request.POST))

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        if not self.open:
            raise Conflict("", "There is nothing left to acknowledge.")
        for each in self.open:
            selling.record_stop_answer(
                suspension=each.suspension,
                investors=[self.investor],
                kind=SuspensionAnswer.Kind.ACKNOWLEDGED,
                on=self.today,
                when=self.acting,
            )

    def lands_on(self, made: Any) -> str:
        return reverse("portal-stopped", args=[self.investor.public_id, self.kwargs["demand"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(mine=self.mine, open=self.open)
        return super().get_context_data(**kwargs)


class Questionnaire(OwnAct):
    """What does the Company still need from me?"""

    template_name = "portal/questionnaire.html"
    saved = "Saved. What is still missing is marked; come back to it at any time."

    def find(self) -> None:
        super().find()
        found = [
            each
            for each in own_asking(self.investor, self.today)
            if each.demand.pk == self.matter.demand.pk
        ]
        if not found:
            raise Http404
        self.asking = found[0]

    def form(self, *typed: Any) -> AnswerForm:
        record = self.asking.answered
        start = None if record else prefilled(self.matter.demand, self.investor, self.today)
        form = AnswerForm(*typed, record=record, start=start)
        for name in ("received_on", "reason"):
            form.fields.pop(name, None)
        for name in set(PARTS) - set(self.asking.asked.parts):
            form.fields[name].help_text = "Not asked for."
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.answered(self.form(request.POST))

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        answer, stood = cast(AnswerForm, form).answer(), self.asking.answered
        changed = stood is not None and any(
            before not in (None, "") and before != now
            for before, now in zip(information.said(stood), answer, strict=True)
        )
        return information.record_information(
            demand=self.matter.demand,
            investor=self.investor,
            answer=answer,
            received_on=self.today,
            reason=CORRECTED if changed else "",
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("portal-information", args=[self.investor.public_id, self.kwargs["demand"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            asking=self.asking,
            missing=[PARTS[part] for part in self.asking.stands.missing],
        )
        return super().get_context_data(**kwargs)
