"""Acts on documents: shown to the Investors in the portal, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import File
from django.db.models import Q, QuerySet

from investors.acts import Refused, act
from investors.models import Agreement, Investor

from ..models import Document
from .evidence import looked_into
from .recording import When, ended_once, fits, on_register


def show_document(
    *,
    agreement: Agreement,
    title: str,
    investor: Investor | None,
    files: Sequence[File[bytes]],
    when: When,
) -> Document:
    """Show a file to every Investor, or to one.  It is not notice (N4).

    Raises ``Refused`` without a title or with other than one file, or for a file that is
    not what its name says.
    """
    title = title.strip()
    if not title:
        raise Refused("title", "Say what it is.")
    fits("title", title, 200)
    if len(files) != 1:
        raise Refused("files", "Choose one file.")
    if investor is not None:
        on_register("investor", agreement, investor)
    whom = investor.name if investor is not None else "every Investor"
    ((file, found),) = looked_into(files)
    with act(agreement, "document.shown", by=when.by, says=f"Showed “{title}” to {whom}"):
        return Document.objects.create(
            agreement=agreement,
            investor=investor,
            title=title,
            file=file,
            shown_at=when.now,
            recorded_by=when.by,
            **found._asdict(),
        )


def take_back(*, document: Document, reason: str, when: When) -> None:
    """Show a document no more.  Raises ``Refused`` without a reason, ``Conflict`` when it was
    taken back already."""
    with act(
        document.agreement,
        "document.taken_back",
        by=when.by,
        says=f"Took back “{document.title}”",
        reason=reason.strip(),
    ):
        shown = Document.objects.filter(pk=document.pk)
        ended_once(shown, reason, taken_back_at=when.now)


def shown_to(investor: Investor) -> QuerySet[Document]:
    """What is shown to one Investor now, the latest first."""
    return Document.objects.filter(
        Q(investor=investor) | Q(investor=None),
        agreement=investor.agreement_id,
        taken_back_at=None,
    ).order_by("-shown_at", "-pk")
