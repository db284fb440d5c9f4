"""What the Company shows its Investors in the portal beside notices."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import Investor
from registrations.forms.base import ActForm
from registrations.forms.documents import DocumentForm
from registrations.forms.portal import EndForm
from registrations.models import Document
from registrations.services import documents
from registrations.tables import Table

from .exports import ListPage
from .paging import pages
from .recording import ActPage

IN_A_PAGE = 25


class DocumentsPage(ListPage):
    """What do our Investors see of our papers?"""

    template_name = "counsel/documents.html"
    nav = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = Document.objects.filter(agreement=self.agreement)
        page = pages(self.request, every.count(), IN_A_PAGE)
        kwargs.update(
            rows=every.select_related("investor", "recorded_by").order_by("-shown_at", "-pk")[
                page.start : page.stop
            ],
            pages=page,
            shown=every.filter(taken_back_at=None).count(),
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        zone = ZoneInfo(self.agreement.time_zone)
        return Table(
            f"{self.agreement.slug}-documents-{self.today}",
            ["Title", "File", "For", "Shown", "By", "Taken back"],
            ([
                d.title, d.name, str(d.investor or "every Investor"),
                d.shown_at.astimezone(zone).date(), str(d.recorded_by or ""),
                d.taken_back_at and d.taken_back_at.astimezone(zone).date(),
            ] for d in context["rows"]),
        )  # fmt: skip


class OnDocuments(ActPage):
    """An act on what Investors are shown."""

    nav = "agreement"
    looks = False

    def lands_on(self, made: Any) -> str:
        return reverse("documents", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("Documents", self.lands_on(None))]


class ShowDocument(OnDocuments):
    """A file shown to every Investor, or to one."""

    form_class = DocumentForm
    heading = "Show Investors a document"
    intro = "They find it in the portal. Showing it is not notice under the agreement."
    button = "Show it"
    saved = "Shown. Those you chose find it under Documents."
    multipart = True

    def form_options(self) -> dict[str, Any]:
        return {"investors": Investor.objects.filter(agreement=self.agreement).order_by("name")}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        given = cast(DocumentForm, form)
        return documents.show_document(
            agreement=self.agreement,
            title=given.cleaned_data["title"],
            investor=given.investor(),
            files=given.cleaned_data["files"],
            when=self.acting,
        )


class TakeBack(OnDocuments):
    """A document is shown no more."""

    form_class = EndForm
    button = "Take it back"
    saved = "Taken back. Investors see it no more."

    def find(self) -> None:
        self.document = get_object_or_404(
            Document.objects.select_related("agreement"),
            agreement=self.agreement,
            public_id=self.kwargs["document"],
            taken_back_at=None,
        )
        self.heading = f"Show “{self.document}” no more?"
        self.intro = "It stays on record. Whoever downloaded it has it."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return documents.take_back(
            document=self.document, reason=form.cleaned_data["reason"], when=self.acting
        )
