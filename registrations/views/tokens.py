"""The tokens a person makes for programs that act in their name."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from investors.acts import Refused
from investors.models import Agreement, ApiToken, User
from registrations.forms.tokens import TokenForm
from registrations.services import tokens
from registrations.services.recording import When

ENDED_SHOWN = 20


class TokensPage(LoginRequiredMixin, TemplateView):
    """Which programs act in my name, and how do I let in another?"""

    template_name = "account/tokens.html"

    def form(self, *args: Any) -> TokenForm:
        agreements = Agreement.objects.visible_to(self.request.user).select_related("company")
        return TokenForm(*args, agreements=agreements.order_by("company__name", "dated_on", "pk"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.again(form)
        given = form.cleaned_data
        try:
            made, secret = tokens.make_token(
                name=given["name"],
                scope=given["scope"],
                agreement=given["agreement"],
                days=given["days"],
                once=given["once"],
                when=When(timezone.now(), cast(User, request.user)),
            )
        except Refused as refusal:
            form.refuse(refusal)
            return self.again(form)
        # Shown on this answer and never again, so there is no page to redirect to.
        return self.render_to_response(self.get_context_data(made=made, secret=secret))

    def again(self, form: TokenForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        mine = ApiToken.objects.filter(user=self.request.user.pk).order_by("-created", "public_id")
        every = list(mine.select_related("agreement__company"))
        kwargs.setdefault("form", self.form())
        kwargs.update(
            good=[each for each in every if each.is_good(now)],
            ended=[each for each in every if not each.is_good(now)][:ENDED_SHOWN],
        )
        return super().get_context_data(**kwargs)


@login_required
@require_POST
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """End one of one's own tokens at once."""
    user = cast(User, request.user)
    found = get_object_or_404(ApiToken, user=user, public_id=token)
    tokens.revoke_token(token=found, when=When(timezone.now(), user))
    messages.success(request, f"“{found.name}” is revoked and opens nothing any more.")
    return redirect("tokens")
