"""Recording a copy's receipt, or how it really travelled."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404

from investors.models import Address
from notices.models import Delivery, DeliveryRecord
from registrations.facts import terms_for
from registrations.forms.base import ActForm
from registrations.forms.deliveries import ReceiptForm, method_note
from registrations.services import deliveries

from .following import Consequences
from .notice import NoticeAct, matter_of


class RecordReceipt(NoticeAct):
    """A copy came, or travelled otherwise than was recorded."""

    template_name = "counsel/notices/receipt.html"
    form_class = ReceiptForm
    button = "Save receipt"
    saved = "Saved."
    multipart = True

    def find(self) -> None:
        self.delivery = get_object_or_404(
            Delivery.objects.select_related("notice", "recipient"),
            public_id=self.kwargs["delivery"],
            notice__agreement=self.agreement,
        )
        self.notice = self.delivery.notice
        self.notice.agreement = self.agreement
        self.matter = matter_of(self.notice, self.agreement)
        self.terms = terms_for(self.matter)
        records = {
            r.pk: r
            for r in DeliveryRecord.objects.filter(delivery=self.delivery).select_related(
                "address", "recorded_by"
            )
        }
        replaced = {r.replaces_id for r in records.values()}
        self.now_on_record = next(r for pk, r in records.items() if pk not in replaced)
        given = self.request.POST.get("stands", "")
        shown = records.get(int(given)) if given.isdecimal() and len(given) < 18 else None
        self.record = shown or self.now_on_record
        self.record.delivery = self.delivery
        self.addresses = list(
            Address.objects.standing()
            .filter(agreement=self.agreement, investor=self.delivery.recipient)
            .order_by("-in_force_from", "-pk")
        )
        whom = self.delivery.recipient.name if self.delivery.recipient else "the Company"
        if self.record.received_on is None:
            self.heading = f"When did {whom} receive {self.notice.reference}?"
        else:
            self.heading = f"Correct how {self.notice.reference} reached {whom}"
            self.button = "Save correction"
        self.intro = (
            f"{self.notice.get_kind_display()} in {self.matter.reference}. What was recorded "
            "before stays on the record."
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "record": self.record,
            "delivery": self.delivery,
            "terms": self.terms,
            "addresses": self.addresses,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        receipt = cast(ReceiptForm, form)
        return deliveries.record_delivery(
            replaces=self.record,
            copy=receipt.copy(),
            reason=receipt.cleaned_data["reason"],
            files=() if trying else receipt.cleaned_data["files"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        if form.cleaned_data["files"] and self.same(form):
            return Consequences(())
        return self.in_matter(form, self.matter)

    def same(self, form: ActForm) -> bool:
        """Whether only evidence is added."""
        copy = cast(ReceiptForm, form).copy()
        stands = self.record
        return (copy.method, copy.sent_on, copy.received_on) == (
            stands.method,
            stands.sent_on,
            stands.received_on,
        ) and (copy.address.pk if copy.address else None) == stands.address_id

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            record=self.record,
            now_on_record=self.now_on_record,
            stale=self.record.pk != self.now_on_record.pk,
            delivery=self.delivery,
            method_note=method_note(
                self.terms, str(kwargs["form"]["method"].value() or self.record.method)
            ),
        )
        return super().get_context_data(**kwargs)
