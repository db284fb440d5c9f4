"""A demand several Investors prepare together: begun, signed, sent once they may demand
together (D1, section 1(a)).

Until it goes it is theirs alone: nothing of it is on the agreement's trail, which counsel
read.  Their own rows are tracked like any others.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from investors import sight
from investors.acts import Conflict, Refused
from investors.models import Investor

from ..facts import holdings, terms_of
from ..models import Demand, JointDemand, JointSignature
from ..rules.demand import units_needed
from ..rules.securities import Position
from ..rules.terms import GivenWhen
from .answering import receipt_for
from .correspondence import record_demand_notice
from .deliveries import CopyIn
from .recording import When, preview, whole
from .requests import AskIn


class Reached(NamedTuple):
    """How far those who signed have come: whole Units they hold together and those it
    takes, ``None`` where the agreement counts otherwise; and whether it is enough."""

    units: int
    needed: int | None
    enough: bool


def begin_joint(*, investor: Investor, ask: AskIn, when: When) -> JointDemand:
    """Begin a demand for others to sign, with one's own signature.  Nothing is sent unless
    that is enough already.  Raises ``Refused`` for an amount that is none, ``Conflict`` while
    another the Investor began is open."""
    with transaction.atomic():
        mine = JointDemand.objects.select_for_update(no_key=True)
        if mine.filter(begun_by=investor, notice=None, ended_at=None).exists():
            raise Conflict("shares", "A demand you began is open already. Sign or end that one.")
        joint = JointDemand.objects.create(
            agreement=investor.agreement, begun_by=investor, begun_at=when.now
        )
        _sign(joint, ask, when)
    return joint


def sign_joint(*, joint: JointDemand, ask: AskIn, when: When) -> JointDemand:
    """Sign a demand others began.  Once those who signed may demand together it goes to the
    Company as one Demand Notice, with a receipt for each.

    Raises ``Refused`` for an Investor of another agreement, ``Conflict`` when it went, was
    ended, or has this Investor's signature.
    """
    if ask.investor.agreement_id != joint.agreement_id:
        raise Refused("shares", "This demand is under another agreement than yours.")
    with transaction.atomic():
        joint = _open(joint)
        if joint.signatures.filter(investor=ask.investor, taken_back_at=None).exists():
            raise Conflict("shares", "Your signature is under it already.")
        _sign(joint, ask, when)
    return joint


def take_back(*, joint: JointDemand, investor: Investor, when: When) -> None:
    """Take one's signature back before the demand goes; whoever began it ends it by that.
    Raises ``Conflict`` when it went or was ended."""
    with transaction.atomic():
        joint = _open(joint)
        joint.signatures.filter(investor=investor, taken_back_at=None).update(
            taken_back_at=when.now
        )
        if joint.begun_by_id == investor.pk:
            JointDemand.objects.filter(pk=joint.pk).update(ended_at=when.now)


def reached(joint: JointDemand, when: When) -> Reached:
    """How far those who signed have come, on what they hold that day (D1)."""
    agreement = joint.agreement
    today = when.today(agreement)
    terms = terms_of(agreement, max(today, agreement.dated_on))
    with sight.whole(agreement.pk):
        held = holdings(agreement, today)
        signers = [s.investor_id for s in joint.signatures.filter(taken_back_at=None)]
    units = sum(held.get(pk, Position()).units for pk in signers)
    if terms.gives("demand_majority_over") and terms.gives("units_offered"):
        needed = units_needed(terms.units_offered, terms)
        return Reached(units, needed, units >= needed)
    if joint.notice_id is not None:
        return Reached(units, None, True)
    methods = terms.notice_methods
    by_hand = next((m for m, how in methods.items() if how.when is GivenWhen.RECEIVED), "portal")
    tried = preview(lambda: _demand(joint, CopyIn(by_hand, today, today), when))
    return Reached(units, None, tried.after.ruling.outcome == "good")


def _open(joint: JointDemand) -> JointDemand:
    found = JointDemand.objects.select_for_update(no_key=True).get(pk=joint.pk)
    if found.notice_id is not None:
        raise Conflict("", "This demand went to the Company already.")
    if found.ended_at is not None:
        raise Conflict("", "Whoever began this demand ended it.")
    return found


def _sign(joint: JointDemand, ask: AskIn, when: When) -> None:
    whole("shares", ask.shares, least=1)
    if ask.shares is None:
        raise Refused("shares", "Enter how many shares you ask to have registered.")
    JointSignature.objects.create(
        joint=joint,
        investor=ask.investor,
        shares=ask.shares,
        distribution=ask.distribution,
        other_information=ask.other_information or "",
        signed_at=when.now,
        signed_by=when.by,
    )
    if reached(joint, when).enough:
        _send(joint, when)


def _send(joint: JointDemand, when: When) -> None:
    today = when.today(joint.agreement)
    demand = _demand(joint, CopyIn("portal", today, today), when)
    JointDemand.objects.filter(pk=joint.pk).update(notice=demand.notice)
    joint.notice = demand.notice
    for signature in joint.signatures.filter(taken_back_at=None).select_related(
        "investor", "signed_by"
    ):
        receipt_for(demand.notice, demand, _ask(signature), by=signature.signed_by, now=when.now)


def _demand(joint: JointDemand, copy: CopyIn, when: When) -> Demand:
    signed = joint.signatures.filter(taken_back_at=None).select_related("investor").order_by("pk")
    return record_demand_notice(
        agreement=joint.agreement, asks=[_ask(s) for s in signed], copy=copy, as_sent=True,
        when=when,
    )  # fmt: skip


def _ask(signature: JointSignature) -> AskIn:
    return AskIn(
        signature.investor,
        None,
        signature.shares,
        signature.distribution,
        signature.other_information,
    )
