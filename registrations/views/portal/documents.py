"""What the Company shows an Investor beside notices, and the Investor's own papers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView, View

from notices.models import Receipt
from registrations.services.documents import shown_to
from registrations.views.files import handed_out
from registrations.views.paging import pages

from .scope import PortalPage

IN_A_PAGE = 25


class PortalDocuments(PortalPage, TemplateView):
    """Which papers are there for me?"""

    template_name = "portal/documents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = shown_to(self.investor)
        page = pages(self.request, shown.count(), IN_A_PAGE)
        kwargs.update(
            rows=shown[page.start : page.start + IN_A_PAGE],
            pages=page,
            receipts=Receipt.objects.filter(investor=self.investor)
            .select_related("notice")
            .order_by("-received_at", "-pk")[:IN_A_PAGE],
        )
        return super().get_context_data(**kwargs)


class DocumentFile(PortalPage, View):
    """A document as a download."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return handed_out(get_object_or_404(shown_to(self.investor), public_id=kwargs["document"]))
