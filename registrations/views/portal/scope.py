"""For which Investor a person is here, whether they may sign for it, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from investors import accounts
from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor, Representative, User
from registrations.facts import OwnMatter, own_matters, own_stops
from registrations.forms.base import ActForm
from registrations.models import Demand
from registrations.services.recording import When
from registrations.views.recording import SavedOnce

LOOKS_AS = "looks_as"  # in the session: the Investor counsel looks at the portal as


class PortalPage(LoginRequiredMixin, ContextMixin):
    """A page about one Investor, for the people who act for it.  Who signs for it shows a
    second factor first, where one is required.

    Counsel of its Company get it read-only once they said that they look as that Investor,
    which is on the trail.  To anybody else the Investor does not exist.
    """

    nav = ""
    signs = False  # whether the page is for those who may sign

    request: HttpRequest
    kwargs: dict[str, Any]
    now: datetime
    today: date
    investor: Investor
    looking = False
    may_sign = False
    factor_due = False  # might sign, had this session shown a second factor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.now = timezone.now()
        self.find_investor(request.user, kwargs["investor"])
        self.today = self.investor.agreement.day_of(self.now)
        if self.may_sign and not accounts.may_sign_here(request):
            self.may_sign, self.factor_due = False, True
            if self.signs or request.method == "POST":
                return redirect("second-factor")
        if not self.may_sign and (self.signs or request.method not in ("GET", "HEAD", "OPTIONS")):
            raise PermissionDenied(
                "You look at the portal as this Investor sees it. Nothing can be sent from here."
                if self.looking
                else "Your account may look at what this Investor has here, not sign for it."
            )
        return super().dispatch(request, *args, **kwargs)

    def find_investor(self, user: User, public_id: Any) -> None:
        """The Investor, if this person acts for it or may look as it."""
        found = Investor.objects.filter(public_id=public_id).select_related("agreement__company")
        acting = Representative.objects.filter(
            investor__public_id=public_id, user=user, ended_at=None
        ).first()
        if acting is not None:
            self.may_sign = acting.role == Representative.Role.SIGNS
        elif self.request.session.get(LOOKS_AS) == str(public_id):
            found = found.filter(agreement__in=Agreement.objects.visible_to(user))
            self.looking = True
        else:
            raise Http404
        investor = found.first()
        if investor is None:
            raise Http404
        self.investor = investor

    def own(self, public_id: Any) -> OwnMatter:
        """A matter the Investor knows of, or 404."""
        demand = Demand.objects.filter(
            public_id=public_id, agreement=self.investor.agreement_id
        ).first()
        known = own_matters(self.investor, only=demand) if demand is not None else []
        if not known:
            raise Http404
        matter = known[0]
        matter.demand.agreement = self.investor.agreement
        return matter

    @property
    def acting(self) -> When:
        user = self.request.user
        assert isinstance(user, User)
        return When(self.now, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["investor"] = self.investor  # the address gives its id by the same name
        kwargs.setdefault("agreement", self.investor.agreement)
        kwargs.setdefault("company", self.investor.agreement.company)
        kwargs.setdefault("now", self.now)
        kwargs.setdefault("today", self.today)
        kwargs.setdefault("nav", self.nav)
        kwargs.setdefault("looking", self.looking)
        kwargs.setdefault("may_sign", self.may_sign)
        kwargs.setdefault("factor_due", self.factor_due)
        # Said on every page until it is lifted: it cannot be dismissed, only acknowledged.
        kwargs.setdefault("stops", own_stops(self.investor, self.today))
        return super().get_context_data(**kwargs)


class PortalForm(PortalPage, SavedOnce, TemplateResponseMixin):
    """A page on which an Investor sends something, once."""

    def page(self, form: ActForm, *, status: int = 200) -> HttpResponse:
        """The page with its form."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def refused(self, form: ActForm, refusal: Refused) -> HttpResponse:
        form.refuse(refusal)
        return self.page(form, status=409 if isinstance(refusal, Conflict) else 422)

    def answered(self, form: ActForm) -> HttpResponse:
        """Save it, unless it was; with what is wrong the page comes back."""
        if earlier := self.earlier():
            return earlier
        return self.save(form) if form.is_valid() else self.page(form, status=422)
