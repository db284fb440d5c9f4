"""Acts on the words of letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from investors.acts import Conflict, Refused, act
from investors.models import Agreement

from ..letter_kinds import Kind, Unfit, try_out
from ..models import LetterTemplate
from .recording import MEANWHILE, When, fits


class Version(NamedTuple):
    """One version of the words of a kind of letter, numbered from 1."""

    number: int
    row: LetterTemplate
    stands: bool


def versions_of(agreement: Agreement, kind: str) -> Sequence[Version]:
    """Every version counsel saved of a kind of letter, the latest first."""
    rows = (
        LetterTemplate.objects.filter(agreement=agreement, kind=kind)
        .select_related("recorded_by")
        .order_by("pk")
    )
    found = [Version(n, row, False) for n, row in enumerate(rows, 1)]
    if found:
        found[-1] = found[-1]._replace(stands=True)
    return found[::-1]


def save_template(
    *,
    agreement: Agreement,
    kind: str,
    text: str,
    reason: str,
    replaces: LetterTemplate | None = None,
    when: When,
) -> LetterTemplate:
    """Record the words a kind of letter has under an agreement from now on.

    Raises ``Refused`` with the line where the text is no letter, reaches for what the kind
    does not have or runs past its limits, and without a reason; ``Conflict`` when ``replaces``
    no longer stands, or the words are on record already.
    """
    if kind not in Kind.values:
        raise Refused("kind", f"Choose one of: {', '.join(Kind.values)}.")
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    fits("reason", reason, 2000)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    try:
        try_out(kind, text)
    except Unfit as unfit:
        raise Refused("text", unfit.message) from unfit
    label = Kind(kind).label
    with act(
        agreement, "letter.worded", by=when.by, reason=reason.strip(),
        says=f"Changed the words of the letter “{label}”",
    ) as locked:  # fmt: skip
        standing = LetterTemplate.objects.standing().filter(agreement=locked, kind=kind).first()
        if replaces is not None and replaces != standing:
            raise Conflict("reason", MEANWHILE)
        if standing is not None and standing.text == text:
            raise Conflict("text", "These words are on record already.")
        return LetterTemplate.objects.create(
            agreement=locked, kind=kind, text=text, reason=reason.strip(), replaces=standing,
            recorded_by=when.by,
        )  # fmt: skip
