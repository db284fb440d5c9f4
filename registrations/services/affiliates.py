"""Acts on affiliate groups: which Investors count as one, from which day to which (H5)."""

from __future__ import annotations

from datetime import date

from investors.acts import Conflict, Refused
from investors.models import AffiliateGroup, AffiliateMember, Agreement, Investor

from ..facts import memberships, terms_of
from ..rules.affiliates import first_clash
from ..rules.days import say
from .recording import MEANWHILE, When, fits, not_in_future, on_register, recording

Kin = AffiliateMember.Kin


def form_group(*, agreement: Agreement, name: str, when: When) -> AffiliateGroup:
    """Name a group of Investors that count as one (H5); its members are recorded next."""
    name = name.strip()
    if not name:
        raise Refused("name", "Enter a name, such as “Great Lakes Partners and its partners”.")
    fits("name", name, 200)
    with recording(
        agreement, "affiliates.formed", when=when, says=f"Formed the affiliate group {name}"
    ) as locked:
        if locked.affiliate_groups.filter(name__iexact=name).exists():
            raise Refused("name", f"{name} is on record already.")
        return AffiliateGroup.objects.create(agreement=locked, name=name)


def add_member(
    *,
    group: AffiliateGroup,
    investor: Investor,
    kin: str,
    from_on: date,
    to_on: date | None = None,
    when: When,
) -> AffiliateMember:
    """Record that an Investor belongs to a group from a day.

    Raises ``Refused`` when it is in this or another group on one of its days (H5).
    """
    agreement = group.agreement
    on_register("investor", agreement, investor)
    _kin(kin)
    _days(agreement, from_on, to_on, when)
    with recording(
        agreement,
        "affiliates.joined",
        when=when,
        says=f"Recorded that {investor.name} belongs to {group.name} from {say(from_on)}"
        f"{f' to {say(to_on)}' if to_on else ''}",
    ) as locked:
        member = AffiliateMember.objects.create(
            group=group,
            investor=investor,
            kin=kin,
            from_on=from_on,
            to_on=to_on,
            recorded_by=when.by,
        )
        _one_group(locked)
    return member


def change_member(
    *,
    replaces: AffiliateMember,
    kin: str,
    from_on: date,
    to_on: date | None,
    reason: str,
    when: When,
) -> AffiliateMember:
    """Record the last day an Investor belonged to a group, or put right what is recorded of
    it; ``kin`` may say that it never belonged.

    Raises ``Conflict`` when ``replaces`` no longer stands.
    """
    group, investor = replaces.group, replaces.investor
    agreement = group.agreement
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    never = kin == Kin.VOID
    if not never:
        _kin(kin)
    _days(agreement, from_on, to_on, when)
    until = f" to {say(to_on)}" if to_on else ""
    says = (
        f"Struck out that {investor.name} belonged to {group.name}"
        if never
        else f"Recorded that {investor.name} belongs to {group.name} from {say(from_on)}{until}"
    )
    with recording(
        agreement, "affiliates.changed", when=when, says=says, reason=reason.strip()
    ) as locked:
        stood = AffiliateMember.objects.get(pk=replaces.pk)
        if AffiliateMember.objects.filter(replaces=stood).exists() or stood.kin == Kin.VOID:
            raise Conflict("reason", MEANWHILE)
        if (stood.kin, stood.from_on, stood.to_on) == (kin, from_on, to_on):
            raise Refused("reason", "This is what is on record already.")
        member = AffiliateMember.objects.create(
            group=group,
            investor=investor,
            kin=kin,
            from_on=from_on,
            to_on=to_on,
            replaces=stood,
            reason=reason.strip(),
            recorded_by=when.by,
        )
        _one_group(locked)
    return member


def _kin(kin: str) -> None:
    if kin not in Kin.values or kin == Kin.VOID:
        labels = [k.label for k in Kin if k is not Kin.VOID]
        raise Refused("kin", f"Choose one of: {', '.join(labels)}.")


def _days(agreement: Agreement, from_on: date, to_on: date | None, when: When) -> None:
    not_in_future("from_on", from_on, when.today(agreement))
    not_in_future("to_on", to_on, when.today(agreement))
    if to_on is not None and to_on < from_on:
        raise Refused("to_on", f"It joined on {say(from_on)}. Check both days.")


def _one_group(agreement: Agreement) -> None:
    """Refuse when somebody would be in two groups on a day, or twice in one."""
    clash = first_clash(memberships(agreement))
    if clash is None:
        return
    name = Investor.objects.get(pk=clash.one.investor).name
    where = AffiliateGroup.objects.get(pk=clash.one.group).name
    clause = terms_of(agreement, max(clash.on, agreement.dated_on)).clause("cutback")
    raise Refused(
        "investor",
        f"{name} is in {where} on {say(clash.on)} already, and counts as one Investor with one "
        "group. Record the last day it belonged there first.",
        clause,
        "H5",
    )
