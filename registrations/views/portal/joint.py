"""A demand several Investors prepare together: one begins it and shares its address, each
signs, and it goes once they may demand together, or not at all (D1)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from investors import sight
from investors.acts import Refused
from investors.models import Investor, User
from notices.models import Receipt
from registrations.facts import own_position, terms_of
from registrations.forms.base import ActForm
from registrations.forms.portal import AnswerForm
from registrations.models import JointDemand
from registrations.services.joint import begin_joint, reached, sign_joint, take_back
from registrations.services.requests import AskIn

from .scope import PortalForm


@login_required
def joint_demand(request: HttpRequest, joint: Any) -> HttpResponse:
    """The address a demand is shared by: to the Investor of its agreement the person acts
    for, or a choice where there are several.  To anybody else it does not exist."""
    found = get_object_or_404(JointDemand, public_id=joint)
    mine = list(
        Investor.objects.represented_by(cast(User, request.user))
        .filter(agreement=found.agreement_id)
        .select_related("agreement__company")
        .order_by("name", "pk")
    )
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect("portal-joint", mine[0].public_id, found.public_id)
    return render(request, "portal/choose.html", {"investors": mine, "joint": found})


class Signing(PortalForm):
    """What beginning a demand and signing one share."""

    def find(self) -> None:
        self.agreement = self.investor.agreement
        self.held = own_position(self.investor, self.today).registrable

    def form(self, *typed: Any) -> AnswerForm:
        return AnswerForm(*typed, held=self.held)

    def ask(self, form: ActForm) -> AskIn:
        answer = cast(AnswerForm, form)
        data = answer.cleaned_data
        return AskIn(
            self.investor, None, data["shares"], answer.distribution,
            data["other_information"].strip(),
        )  # fmt: skip

    def lands_on(self, made: Any) -> str:
        return reverse("portal-joint", args=[self.investor.public_id, made.public_id])

    def page(self, form: ActForm | None, *, status: int = 200) -> HttpResponse:
        terms = terms_of(self.agreement, max(self.today, self.agreement.dated_on))
        context = self.get_context_data(
            form=form,
            held=self.held,
            clause=terms.clause("demand_threshold"),
            summary=terms.summaries.get("demand_threshold", ""),
        )
        return self.render_to_response(context, status=status)


class BeginJoint(Signing):
    """Begin a demand for others to sign."""

    template_name = "portal/joint_begin.html"
    signs = True
    saved = "Signed. Share the address with the Investors you want to sign with you."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.answered(self.form(request.POST))

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return begin_joint(investor=self.investor, ask=self.ask(form), when=self.acting)


class JointPage(Signing):
    """Who signed, how far have we come, and did it go?"""

    template_name = "portal/joint.html"
    saved = "Signed."

    def find(self) -> None:
        super().find()
        with sight.whole(self.agreement.pk):  # who signs with others is known to those
            found = (
                JointDemand.objects.filter(public_id=self.kwargs["joint"], agreement=self.agreement)
                .select_related("begun_by")
                .first()
            )
            if found is None:
                raise Http404
            signed = found.signatures.filter(taken_back_at=None).select_related("investor")
            self.signed = list(signed.order_by("pk"))
        found.agreement = self.agreement
        self.joint: JointDemand = found
        self.mine = next((s for s in self.signed if s.investor_id == self.investor.pk), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(None if self.mine or not self.joint.open else self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        if request.POST.get("do") != "back":
            return self.answered(self.form(request.POST))
        try:
            take_back(joint=self.joint, investor=self.investor, when=self.acting)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Your signature was taken back. Nothing was sent.")
        return redirect("portal-joint", self.investor.public_id, self.joint.public_id)

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return sign_joint(joint=self.joint, ask=self.ask(form), when=self.acting)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["joint"] = self.joint
        kwargs.update(
            signed=self.signed,
            mine=self.mine,
            began=self.joint.begun_by_id == self.investor.pk,
            # How far they came is told to those who signed, who agreed to that by signing.
            reached=reached(self.joint, self.acting) if self.mine and self.joint.open else None,
            address=self.request.build_absolute_uri(
                reverse("joint-demand", args=[self.joint.public_id])
            ),
            receipt=Receipt.objects.filter(
                notice=self.joint.notice_id, investor=self.investor
            ).first()
            if self.joint.notice_id
            else None,
        )
        return super().get_context_data(**kwargs)
