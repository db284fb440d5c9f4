"""Acts on evidence: files that prove something of a notice, or of one copy of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import File

from investors.acts import Refused
from notices.evidence import Examined, examined
from notices.models import Delivery, Evidence, Notice

from ..models import Demand
from .recording import When, recording


def attach_evidence(
    *,
    notice: Notice,
    delivery: Delivery | None,
    files: Sequence[File[bytes]],
    when: When,
) -> list[Evidence]:
    """Keep files that prove something about a notice, or about one copy of it."""
    if not files:
        raise Refused("files", "Choose a file.")
    if delivery is not None and delivery.notice_id != notice.pk:
        raise Refused("delivery", "This is a copy of another notice.")
    whom = f" to {delivery.recipient.name}" if delivery and delivery.recipient else ""
    matter = Demand.objects.get(notice=notice.answers or notice)
    with recording(
        notice.agreement,
        "evidence.attached",
        when=when,
        matter=matter,
        says=f"Attached {', '.join(f.name or 'a file' for f in files)} to {notice.reference}{whom}",
    ):
        return attach(notice, delivery, looked_into(files), when)


def looked_into(files: Sequence[File[bytes]]) -> list[tuple[File[bytes], Examined]]:
    """Look inside every file before any is kept: one refused leaves none behind."""
    return [(file, examined(file)) for file in files]


def attach(
    notice: Notice,
    delivery: Delivery | None,
    files: Sequence[tuple[File[bytes], Examined]],
    when: When,
) -> list[Evidence]:
    """Keep files already looked into."""
    return [
        Evidence.objects.create(
            notice=notice,
            delivery=delivery,
            file=file,
            name=found.name,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            recorded_by=when.by,
        )
        for file, found in files
    ]
