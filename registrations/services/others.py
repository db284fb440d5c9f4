"""Acts on Other Holders: who has a right under another paper, and what became of each in a
demand, section 1(b) (D12)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from investors.acts import Conflict, Refused
from investors.models import Agreement

from ..facts import began_on
from ..models import Demand, Inclusion, OtherHolder
from ..rules.days import say
from .recording import MEANWHILE, When, fits, not_in_future, recording, whole


def record_other_holder(
    *,
    agreement: Agreement,
    name: str,
    paper: str,
    from_on: date,
    shares: int | None = None,
    replaces: OtherHolder | None = None,
    reason: str = "",
    when: When,
) -> OtherHolder:
    """Record a holder with a contractual right to be registered, the paper it is from and
    the whole shares it is for; or, with ``replaces`` and a reason, put that right.

    Raises ``Conflict`` for a name on record already, or when ``replaces`` no longer stands.
    """
    name, paper = name.strip(), paper.strip()
    if not name:
        raise Refused("name", "Enter the holder’s name.")
    if not paper:
        raise Refused("paper", "Say which agreement gives it the right.")
    fits("name", name, 200)
    fits("paper", paper, 200)
    whole("shares", shares, least=1)
    not_in_future("from_on", from_on, when.today(agreement))
    _says_why(replaces, reason)
    with recording(
        agreement,
        "other_holder.corrected" if replaces else "other_holder.recorded",
        when=when,
        says=f"{'Corrected' if replaces else 'Recorded'} the right of {name} under {paper}",
        reason=reason.strip(),
    ) as locked:
        standing = OtherHolder.objects.standing().filter(agreement=locked)
        if replaces is not None and not standing.filter(pk=replaces.pk).exists():
            raise Conflict("reason", MEANWHILE)
        others = standing.exclude(public_id=replaces.public_id) if replaces else standing
        if others.filter(name__iexact=name).exists():
            raise Conflict("name", f"{name} is on record already. Correct that entry.")
        return OtherHolder.objects.create(
            agreement=locked,
            name=name,
            paper=paper,
            from_on=from_on,
            shares=shares,
            replaces=replaces,
            reason=reason.strip() if replaces else "",
            recorded_by=when.by,
            **({"public_id": replaces.public_id} if replaces else {}),
        )


class InclusionIn(NamedTuple):
    """What became of an Other Holder in a demand, as typed in; days are ``None`` until they
    come."""

    offered_on: date
    terms_required: bool = True
    answered_on: date | None = None
    joins: bool | None = None
    shares: int | None = None
    terms_accepted_on: date | None = None


def record_inclusion(
    *,
    demand: Demand,
    holder: UUID,
    inclusion: InclusionIn,
    reason: str = "",
    replaces: Inclusion | None = None,
    when: When,
) -> Inclusion:
    """Record that the Company offered an Other Holder a place in a demand on the Investors'
    behalf, its answer, and its acceptance of the section's terms (D12).

    What comes later is added with ``replaces`` and why.  Raises ``Refused`` for days that
    contradict each other, ``Conflict`` when ``replaces`` no longer stands.
    """
    agreement, given = demand.agreement, inclusion
    today = when.today(agreement)
    for name in ("offered_on", "answered_on", "terms_accepted_on"):
        not_in_future(name, getattr(given, name), today)
    if demand.by_company:
        raise Refused("offered_on", "Other Holders are offered a place in a demand.", "1(b)", "D12")
    begun = began_on(demand)
    if given.offered_on < begun:
        raise Refused("offered_on", f"The Demand Notice is of {say(begun)}. Check the day.")
    if (given.answered_on is None) != (given.joins is None):
        raise Refused("answered_on", "An answer has its day: enter both, or neither.")
    if given.answered_on is not None and given.answered_on < given.offered_on:
        raise Refused("answered_on", f"It was offered on {say(given.offered_on)}. Check the day.")
    if given.shares is not None and not given.joins:
        raise Refused("shares", "Only one that joins says how many shares. Leave this empty.")
    whole("shares", given.shares, least=1)
    _says_why(replaces, reason)
    known = OtherHolder.objects.standing().filter(agreement=agreement, public_id=holder).first()
    if known is None:
        raise Refused("holder", "This holder is not on record.")
    with recording(
        agreement,
        "inclusion.corrected" if replaces else "inclusion.recorded",
        when=when,
        matter=demand,
        says=f"Recorded what became of {known.name} in {demand.reference}",
        reason=reason.strip(),
    ):
        standing = Inclusion.objects.standing().filter(demand=demand, holder=holder).first()
        if standing != replaces:
            raise Conflict("reason" if replaces else "holder", MEANWHILE)
        return Inclusion.objects.create(
            demand=demand,
            holder=holder,
            **given._asdict(),
            replaces=replaces,
            reason=reason.strip() if replaces else "",
            recorded_by=when.by,
        )


def _says_why(replaces: OtherHolder | Inclusion | None, reason: str) -> None:
    if replaces is not None and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
