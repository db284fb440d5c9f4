"""Registration statements: what was filed, what became of it, and what can be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch, Sum
from django.views.generic import TemplateView

from registrations.models import Statement, StatementRecord

from .paging import pages
from .scope import CounselPage

SHOWN_BY_PAGE = 50


class StatementRow(NamedTuple):
    """One statement, what stands of it and what that replaced."""

    statement: Statement
    records: Sequence[StatementRecord]
    earlier: Sequence[StatementRecord]

    @property
    def kinds(self) -> set[str]:
        return {r.kind for r in self.records}


class StatementsPage(CounselPage, TemplateView):
    """What has been filed, and what became of it?"""

    template_name = "counsel/statements.html"
    nav = "registrations"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Statement.objects.filter(agreement=self.agreement).select_related("demand")
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        records = (
            StatementRecord.objects.select_related("recorded_by", "replacement")
            .annotate(covered=Sum("covers__shares"))
            .order_by("on", "pk")
        )
        rows = []
        for statement in found.prefetch_related(Prefetch("records", records)).order_by("-pk")[
            page.start : page.start + SHOWN_BY_PAGE
        ]:
            every = list(statement.records.all())
            rows.append(
                StatementRow(
                    statement,
                    [r for r in every if not hasattr(r, "replacement")],
                    [r for r in every if hasattr(r, "replacement")],
                )
            )
        kwargs.update(
            rows=rows,
            pages=page,
            heading=f"{page.total:,} registration statement{'' if page.total == 1 else 's'} "
            "on record."
            if page.total
            else "No registration statement is on record.",
        )
        return super().get_context_data(**kwargs)
