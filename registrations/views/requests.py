"""Completing a request: what it lacked, or what it really said."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404

from notices.models import RequestRecord
from registrations.facts import holdings
from registrations.forms.base import ActForm
from registrations.forms.requests import CompleteForm, ask_of
from registrations.rules.securities import Position
from registrations.services import requests

from .following import Consequences
from .notice import NoticeAct, OfNotice, parts_lacking
from .words import listed


class CompleteRequest(OfNotice, NoticeAct):
    """What a request lacked came later, or it says something else than was recorded."""

    form_class = CompleteForm
    button = "Save request"
    saved = "Request saved."
    clause = "1(a)"

    def find(self) -> None:
        super().find()
        asked = (
            RequestRecord.objects.standing()
            .filter(notice=self.notice)
            .select_related("investor")
            .order_by("investor__name")
        )
        wanted = self.request.GET.get("investor", "")
        if wanted:
            asked = asked.filter(investor__public_id=_uuid_or_404(wanted))
        first = asked.first()
        if first is None:
            raise Http404
        self.standing: RequestRecord = first
        self.heading = (
            f"Complete {self.standing.investor.name}’s request in {self.matter.reference}"
        )
        lacking = parts_lacking(self.standing, self.terms)
        self.intro = (
            f"It does not state {listed(lacking, 4)}." if lacking else "It states every part."
        )

    def form_options(self) -> dict[str, Any]:
        held = holdings(self.agreement, self.today).get(self.standing.investor_id, Position())
        return {"standing": self.standing, "held": held}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return requests.complete_request(
            notice=self.notice,
            ask=ask_of(form.cleaned_data, self.standing.investor, ""),
            stated_on=form.cleaned_data["stated_on"],
            reason=form.cleaned_data["reason"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_matter(form, self.matter)


def _uuid_or_404(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError as wrong:
        raise Http404 from wrong
