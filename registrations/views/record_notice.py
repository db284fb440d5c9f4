"""Recording a notice with what follows in view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse

from investors.acts import Refused
from investors.models import Address
from registrations.facts import TELLS, began_on, holdings, invited_of, terms_of
from registrations.forms.base import ActForm
from registrations.forms.correspondence import (
    ASKS,
    FIRST,
    KINDS,
    NoticeForm,
    NoticeSetting,
    kind_of,
    kinds_in,
)
from registrations.forms.deliveries import method_note
from registrations.forms.fields import read_day
from registrations.models import Demand
from registrations.services import correspondence

from .following import Consequences
from .notices import matter_named
from .recording import ActPage


class RecordNotice(ActPage):
    """When was it given, and what follows from that?"""

    template_name = "counsel/notices/record.html"
    form_class = NoticeForm
    nav = "notices"
    heading = "Record a notice"
    button = "Save notice"
    saved = "Notice saved."
    multipart = True

    def find(self) -> None:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        matters = list(
            Demand.objects.filter(agreement=self.agreement)
            .select_related("notice")
            .order_by("-pk")[:200]
        )
        for each in matters:
            each.agreement = self.agreement
        wanted = matter_named(given.get("matter", "") or given.get("for", ""))
        matter = next((m for m in matters if (m.kind, m.number) == wanted), None)
        if self.request.method == "GET" and self.request.GET.get("for") and matter is None:
            raise Http404
        kind = kind_of(given.get("kind", ""), matters, matter)
        companies = any(m.by_company for m in matters)
        self.kinds = [k for k in KINDS if k in FIRST or companies]
        if kind != "demand":
            fits = [m for m in matters if kind in kinds_in(m)]
            matter = matter if matter in fits else fits[0] if fits else None
            matters = fits
        if kind == "demand":
            matter = None
        day = self.today
        for name in ("received_on", "sent_on"):
            with suppress(ValidationError):  # told when the form itself is read
                day = read_day(given[name]) if given.get(name) else day
        day = min(day, self.today)
        self.setting = self.settle(kind, matters, matter, day)

    def settle(
        self, kind: str, matters: Sequence[Demand], matter: Demand | None, day: date
    ) -> NoticeSetting:
        """Read what the form is drawn from."""
        investors = list(self.agreement.investors.order_by("name", "pk"))
        owed: frozenset[int] = frozenset()
        told: frozenset[int] = frozenset()
        initiators: frozenset[int] = frozenset()
        if matter is not None:
            invited = invited_of(matter)
            owed = frozenset(i.investor for i in invited if not i.post.copies)
            told = frozenset(i.investor for i in invited if i.post.copies)
            initiators = frozenset(matter.notice.requests.values_list("investor_id", flat=True))
        addresses: dict[int | None, list[Address]] = defaultdict(list)
        for address in (
            Address.objects.standing()
            .filter(agreement=self.agreement)
            .order_by("-in_force_from", "-pk")
        ):
            addresses[address.investor_id].append(address)
        return NoticeSetting(
            kind=kind,
            kinds=self.kinds,
            matters=matters,
            matter=matter,
            terms=terms_of(self.agreement, began_on(matter) if matter else max(
                day, self.agreement.dated_on)),
            investors=investors,
            owed=owed,
            told=told,
            initiators=initiators,
            held=holdings(self.agreement, max(day, self.agreement.dated_on))
            if kind in ("demand", *ASKS)
            else {},
            addresses=addresses,
        )  # fmt: skip

    def form_options(self) -> dict[str, Any]:
        return {"setting": self.setting}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        notice = cast(NoticeForm, form)
        data, setting = notice.cleaned_data, self.setting
        if setting.kind == "demand":
            return correspondence.record_demand_notice(
                agreement=self.agreement,
                asks=notice.asks(),
                copy=notice.copy(),
                note=data["note"],
                files=() if trying else data["files"],
                when=self.acting,
            )
        if setting.matter is None:
            raise Refused("matter", "Nothing is under way that this could belong to.")
        if setting.kind in TELLS:
            return correspondence.record_company_notice(
                demand=setting.matter,
                copies=notice.copies(),
                note=data["note"],
                files={} if trying else notice.files_by_copy(),
                when=self.acting,
            )
        return correspondence.record_answer(
            demand=setting.matter,
            ask=notice.ask(),
            copy=notice.copy(),
            declines=setting.kind == "decline",
            note=data["note"],
            files=() if trying else data["files"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_matter(form, self.setting.matter)

    def lands_on(self, made: Any) -> str:
        notice = made.notice if isinstance(made, Demand) else made
        return reverse("notice", args=[self.agreement.slug, notice.number])

    def where(self) -> list[tuple[str, str]]:
        return [("Notices", reverse("notices", args=[self.agreement.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        kwargs.setdefault(
            "method_note", method_note(self.setting.terms, str(form["method"].value() or ""))
        )
        kwargs.setdefault("setting", self.setting)
        kwargs.setdefault("tells", self.setting.kind in TELLS)
        return super().get_context_data(**kwargs)
