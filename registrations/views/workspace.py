"""Settings: the standards counsel keep beside the agreement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from registrations.forms.base import ActForm
from registrations.forms.workspace import SettingsForm
from registrations.services import workspace

from .following import Consequences
from .recording import ActPage
from .scope import CounselPage


class SettingsPage(ActPage):
    """Which reminders, and which numbers where the agreement gives none?"""

    template_name = "counsel/settings.html"
    form_class = SettingsForm
    nav = "settings"
    heading = "Settings"
    intro = (
        "Our own standards, for every agreement of the Company. None of them is in an agreement: "
        "a date that follows from one can pass, and is never missed."
    )
    button = "Save settings"
    saved = "Settings saved."

    def find_agreement(self, user: Any, slug: str) -> Any:
        """Who may only read may look, and gets 403 for saving."""
        if self.request.method == "POST":
            return super().find_agreement(user, slug)
        return CounselPage.find_agreement(self, user, slug)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(self.form_class(**self.form_options()))

    def form_options(self) -> dict[str, Any]:
        return {"company": self.agreement.company}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return workspace.change_settings(
            agreement=self.agreement,
            reminder_days=data["reminder_days"],
            promptly_business_days=data["promptly_business_days"],
            receipt_expected_days=data["receipt_expected_days"],
            due_soon_days=data["due_soon_days"],
            reason=data["reason"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form)

    def lands_on(self, made: Any) -> str:
        return reverse("settings", args=[self.agreement.slug])
