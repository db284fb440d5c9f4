"""Who acts for the Investors in the portal: invited, let in, ended; and looking as one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View

from investors.acts import Refused
from investors.models import Auditor, Investor, Invitation, Representative
from registrations.forms.base import ActForm
from registrations.forms.portal import AuditorForm, EndForm, InviteForm
from registrations.services import people
from registrations.tables import Table

from .exports import ListPage
from .holders import find_investor
from .portal.scope import LOOKS_AS
from .recording import ActPage
from .register import OfHolder
from .scope import CounselPage, RecordingPage


class PeoplePage(ListPage):
    """Who may act for whom here, and who was asked to?"""

    template_name = "counsel/people.html"
    listed = "acting"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acting = list(
            Representative.objects.filter(investor__agreement=self.agreement, ended_at=None)
            .select_related("investor", "user")
            .order_by("investor__name", "user__name", "pk")
        )
        asked = list(
            Invitation.objects.filter(agreement=self.agreement, accepted_at=None, revoked_at=None)
            .prefetch_related("investors")
            .order_by("-sent_at")
        )
        kwargs.update(
            acting=acting,
            auditors=list(
                Auditor.objects.filter(agreement=self.agreement, ended_at=None)
                .select_related("user")
                .order_by("user__name", "pk")
            ),
            waiting=[(i, i.open_at(self.now)) for i in asked],
            without=list(
                Investor.objects.filter(agreement=self.agreement)
                .exclude(pk__in=[r.investor_id for r in acting])
                .order_by("name")[:50]
            ),
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-people-{self.today}",
            ["Person", "E-mail", "Investor", "May"],
            ([r.user.name, r.user.email, r.investor.name, r.get_role_display()]
             for r in context["acting"]),
        )  # fmt: skip


class InvitePerson(OfHolder):
    """Ask a person to act for an Investor."""

    form_class = InviteForm
    button = "Send invitation"
    saved = "Invitation sent. Its link is good for 14 days and works once."
    looks = False

    def find(self) -> None:
        super().find()
        self.heading = f"Invite a person to act for {self.investor.name}"
        self.intro = (
            "The person gets a link by e-mail, makes an account, and sees in the portal what "
            "this Investor has here and nothing of any other."
        )

    def form_options(self) -> dict[str, Any]:
        others = Investor.objects.filter(agreement=self.agreement).exclude(pk=self.investor.pk)
        return {"others": [(str(i.public_id), i.name) for i in others.order_by("name")[:200]]}

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        also = Investor.objects.filter(
            agreement=self.agreement, public_id__in=data.get("others") or []
        )
        return people.invite(
            agreement=self.agreement,
            investors=[self.investor, *also.order_by("name")],
            name=data["name"],
            email=data["email"],
            role=data["role"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        if made is None:
            return super().lands_on(made)
        return reverse("people", args=[self.agreement.slug])


class OnPeople(ActPage):
    """An act that leads back to the people of the agreement."""

    nav = "holders"
    looks = False

    def lands_on(self, made: Any) -> str:
        return reverse("people", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("People", self.lands_on(None))]


class InviteAuditor(OnPeople):
    """Ask a person to look over the agreement."""

    form_class = AuditorForm
    button = "Send invitation"
    saved = "Invitation sent. Its link is good for 14 days and works once."
    heading = "Invite an auditor"
    intro = (
        "The person sees everything recorded under this agreement and every date that follows, "
        "nothing of the Company’s other agreements, and records nothing."
    )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return people.invite_auditor(
            agreement=self.agreement, name=data["name"], email=data["email"], when=self.acting
        )


class EndAuditor(OnPeople):
    """A person audits the agreement no longer."""

    form_class = EndForm
    button = "End it"
    saved = "Ended. The person sees this agreement no longer."

    def find(self) -> None:
        self.auditor = get_object_or_404(
            Auditor.objects.select_related("agreement", "user"),
            agreement=self.agreement,
            pk=self.kwargs["pk"],
            ended_at=None,
        )
        self.heading = f"{self.auditor.user} is auditor no longer?"
        self.intro = "That they looked stays on record."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return people.end_auditor(
            auditor=self.auditor, reason=form.cleaned_data["reason"], when=self.acting
        )


class EndPerson(OnPeople):
    """A person acts for an Investor no longer."""

    form_class = EndForm
    button = "End it"
    saved = "Ended. The person sees nothing of this Investor any more."

    def find(self) -> None:
        self.acts = get_object_or_404(
            Representative.objects.select_related("investor__agreement", "user"),
            investor__agreement=self.agreement,
            pk=self.kwargs["pk"],
            ended_at=None,
        )
        self.heading = f"{self.acts.user} acts for {self.acts.investor.name} no longer?"
        self.intro = "What the person sent stays on record."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return people.end_representative(
            representative=self.acts, reason=form.cleaned_data["reason"], when=self.acting
        )


class Invited(RecordingPage, View):
    """Send an invitation anew, or take it back."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = get_object_or_404(
            Invitation.objects.select_related("agreement__company", "invited_by"),
            agreement=self.agreement,
            public_id=kwargs["invitation"],
        )
        acts = {"again": people.invite_again, "revoke": people.revoke_invitation}
        act = acts.get(request.POST.get("do", ""))
        if act is None:
            return redirect("people", self.agreement.slug)
        try:
            act(invitation=found, when=self.acting)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            said = "A new link is on its way." if act is people.invite_again else "Taken back."
            messages.success(request, said)
        return redirect("people", self.agreement.slug)


class LookAs(CounselPage, View):
    """Look at the portal as an Investor sees it, read-only; that is on the trail."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "stop":
            request.session.pop(LOOKS_AS, None)
            return redirect("holder", self.agreement.slug, kwargs["investor"])
        investor = find_investor(self.agreement, kwargs["investor"])
        if Representative.objects.filter(
            investor=investor, user=self.acting.by, ended_at=None
        ).exists():
            raise Http404  # it is one's own portal: there is nothing to look through
        people.look_as(investor=investor, when=self.acting)
        request.session[LOOKS_AS] = str(investor.public_id)
        return redirect("portal-home", investor.public_id)
