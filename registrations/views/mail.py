"""The page on which a person chooses when reminders go to them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from investors.models import MailChoice, Membership, User
from registrations.forms.mail import AT_ONCE, DIGEST, NONE, MailForm
from registrations.services.people import choose_mail


class MailPage(LoginRequiredMixin, TemplateView):
    """When do reminders go to me?"""

    template_name = "account/mail.html"

    def form(self, *args: Any) -> MailForm:
        user = cast(User, self.request.user)
        chosen = MailChoice.objects.filter(user=user).first() or MailChoice()
        when = DIGEST if chosen.digest else AT_ONCE
        acts = Membership.objects.filter(user=user, ended_at=None).exists()
        return MailForm(
            *args,
            may_do_without=not acts,
            initial={"remind": when if chosen.remind or acts else NONE},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        when = form.cleaned_data["remind"]
        choose_mail(
            cast(User, request.user),
            remind=when != NONE,
            digest=when == DIGEST,
            now=timezone.now(),
        )
        messages.success(request, "Saved.")
        return redirect("mail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs)
