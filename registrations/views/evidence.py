"""Evidence: adding it to a notice, and handing it out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from investors.models import Agreement
from notices.models import Delivery, Evidence, KeptFile
from registrations.forms.base import ActForm
from registrations.forms.evidence import EvidenceForm
from registrations.models import Invoice
from registrations.services import evidence

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
    """The bytes of a piece of evidence, or of an invoice, as a download and nothing that
    could run."""
    seen = Agreement.objects.visible_to(request.user)
    invoice = Invoice.objects.filter(expense__demand__agreement__in=seen, public_id=public_id)
    found: KeptFile = invoice.first() or get_object_or_404(
        Evidence.objects.filter(notice__agreement__in=seen), public_id=public_id
    )
    try:
        content = found.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
