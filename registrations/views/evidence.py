"""Evidence: adding it to a notice, and handing it out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from investors.models import Agreement
from notices.models import Delivery, Evidence
from registrations.forms.base import ActForm
from registrations.forms.evidence import EvidenceForm
from registrations.models import Document, Invoice
from registrations.services import evidence

from .files import handed_out
from .notice import NoticeAct, OfNotice


class AddEvidence(OfNotice, NoticeAct):
    """Keep a file that proves something."""

    form_class = EvidenceForm
    button = "Save evidence"
    saved = "Evidence saved."
    looks = False
    multipart = True

    def find(self) -> None:
        super().find()
        self.deliveries = list(
            Delivery.objects.filter(notice=self.notice)
            .select_related("recipient")
            .order_by("recipient__name", "pk")[:500]
        )
        self.heading = f"Add evidence to {self.notice.reference}"
        self.intro = (
            "A return receipt, a signed copy, a fax confirmation. Files are kept as they are, "
            "with their fingerprint."
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "deliveries": self.deliveries,
            "initial": {"about": self.request.GET.get("copy", "")},
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        about = cast(EvidenceForm, form)
        return evidence.attach_evidence(
            notice=self.notice,
            delivery=about.delivery(),
            files=about.cleaned_data["files"],
            when=self.acting,
        )


@login_required
@require_safe
def evidence_file(request: HttpRequest, public_id: Any) -> HttpResponseBase:
    """The bytes of a piece of evidence, of an invoice or of a document shown to Investors, as
    a download and nothing that could run."""
    seen = Agreement.objects.visible_to(request.user)
    kept: tuple[QuerySet[Any], ...] = (
        Evidence.objects.filter(notice__agreement__in=seen),
        Invoice.objects.filter(expense__demand__agreement__in=seen),
        Document.objects.filter(agreement__in=seen),
    )
    for files in kept:
        if (found := files.filter(public_id=public_id).first()) is not None:
            return handed_out(found)
    raise Http404
