"""The words counsel gave a kind of letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from investors.models import Agreement

from ..models import LetterTemplate


def texts_of(agreement: Agreement, known_at: datetime | None = None) -> Mapping[str, str]:
    """The words counsel of an agreement gave its kinds of letter, by kind: those that stand,
    or stood at an instant.  A kind that is not there has our own."""
    saved = LetterTemplate.objects.filter(agreement=agreement).order_by("pk")
    if known_at is not None:
        saved = saved.filter(recorded_at__lte=known_at)
    return dict(saved.values_list("kind", "text"))
