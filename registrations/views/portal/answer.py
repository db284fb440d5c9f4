"""Join a demand, send a Piggy-back Request, decline, correct or withdraw: fill in, look at
what is sent, send, and get the receipt."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from notices.models import AnswerDraft, Receipt
from registrations.facts import own_position, would_arrive
from registrations.forms.base import ActForm
from registrations.forms.portal import AnswerForm, SendForm, typed_of
from registrations.services.answering import keep_draft, send_answer
from registrations.services.requests import AskIn

from .matters import mine
from .scope import PortalForm


class Answering(PortalForm):
    """What both kinds of answer share."""

    signs = True
    saved = "Your answer was received. This is its receipt."

    def find(self) -> None:
        self.matter = self.own(self.kwargs["demand"])
        self.agreement = self.investor.agreement
        soon_days = self.agreement.company.due_soon_days
        self.card = mine(self.matter, self.today, soon_days)
        self.held = own_position(self.investor, self.today).registrable
        self.arrives = would_arrive(self.investor, self.matter.demand, self.today)

    def send(self, ask: AskIn, *, declines: bool) -> Receipt:
        return send_answer(demand=self.matter.demand, ask=ask, declines=declines, when=self.acting)

    def lands_on(self, made: Any) -> str:
        return reverse("receipt", args=[self.investor.public_id, made.public_id])

    def page(self, form: ActForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                form=form,
                card=self.card,
                held=self.held,
                arrives=self.arrives,
                late=self.card.last is not None and self.today > self.card.last,
                **more,
            ),
            status=status,
        )


class Join(Answering):
    """How many, how, anything else; then look, then send."""

    template_name = "portal/answer.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(AnswerForm(held=self.held, initial=self.typed_before()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        if earlier := self.earlier():
            return earlier
        form = AnswerForm(request.POST, held=self.held)
        asked = request.POST.get("do", "look")
        if asked == "draft":
            return self.kept(form)
        if asked == "change":
            return self.page(form)
        if not form.is_valid():
            return self.page(form, status=422)
        if asked == "send":
            return self.save(form)
        self.keep(form)
        return self.page(
            form, checking=True, asked=form.cleaned_data["shares"], way=form.distribution,
            above=form.cleaned_data["shares"] > self.held,
        )  # fmt: skip

    def typed_before(self) -> dict[str, Any]:
        """The draft, or what was sent last, so that nothing is typed twice."""
        draft = AnswerDraft.objects.filter(
            investor=self.investor, answers=self.matter.demand.notice_id
        ).first()
        last = self.matter.answer.asks if self.matter.answer is not None else None
        kept = draft or last
        if kept is None:
            return {}
        return {
            "shares": kept.shares,
            "other_information": kept.other_information or "",
            **typed_of(kept.distribution),
        }

    def kept(self, form: AnswerForm) -> HttpResponse:
        """What was typed so far, as a draft; a number that is none comes back."""
        form.is_valid()
        if "shares" in form.errors and form.data.get("shares"):
            return self.page(form, status=422)
        self.keep(form)
        messages.success(self.request, "Draft kept. Nothing was sent yet.")
        return redirect("portal-home", self.investor.public_id)

    def keep(self, form: AnswerForm) -> None:
        data = form.cleaned_data
        keep_draft(
            demand=self.matter.demand,
            investor=self.investor,
            shares=data.get("shares"),
            distribution=form.distribution,
            other_information=data.get("other_information", ""),
            when=self.acting,
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        answer = cast(AnswerForm, form)
        data = answer.cleaned_data
        ask = AskIn(
            self.investor, None, data["shares"], answer.distribution,
            data["other_information"].strip(),
        )  # fmt: skip
        return self.send(ask, declines=False)


class Decline(Answering):
    """Say no, or take back what was asked: it can be changed until the last day."""

    template_name = "portal/decline.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(SendForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.answered(SendForm(request.POST))

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return self.send(AskIn(self.investor), declines=True)
