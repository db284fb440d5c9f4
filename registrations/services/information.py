"""Acts on the information a Selling Investor furnishes, section 6 (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from investors.acts import Conflict, Refused, act
from investors.models import Investor
from notices.models import Method

from ..facts import began_on
from ..models import Demand, InformationAnswer, InformationRequest
from ..rules.days import say
from ..rules.information import PARTS
from .recording import MEANWHILE, When, fits, not_in_future, on_register, whole


class InformationIn(NamedTuple):
    """An answer as it came; a part not stated is ``None`` or empty.  Whole shares, percent to
    three places."""

    name: str = ""
    relationship: str = ""
    shares_before: int | None = None
    shares_offered: int | None = None
    shares_after: int | None = None
    percent_after: Decimal | None = None
    distribution: str = ""
    control_persons: str = ""
    broker_dealer: str = ""


def ask_information(
    *,
    demand: Demand,
    investors: Sequence[Investor],
    sent_on: date,
    method: str,
    due_on: date,
    parts: Sequence[str] = tuple(PARTS),
    reason: str = "",
    when: When,
) -> list[InformationRequest]:
    """Record that the Company asked Selling Investors for information, and by when.

    One asked before is asked again by a new entry that says why, such as a later day.
    Raises ``Refused`` for a day before it was sent, or nobody or nothing asked.
    """
    agreement = demand.agreement
    if not investors:
        raise Refused("investors", "Choose the Investors that were asked.", "6", "S5")
    if len(set(investors)) < len(investors):
        raise Refused("investors", "An Investor is in the list twice.")
    on_register("investors", agreement, *investors)
    parts = [part for part in PARTS if part in parts]
    if not parts:
        raise Refused("parts", "Choose what was asked for.")
    if method not in Method.values:
        raise Refused("method", "Choose how the request went.")
    not_in_future("sent_on", sent_on, when.today(agreement))
    if sent_on < (begun := began_on(demand)):
        raise Refused("sent_on", f"The registration began on {say(begun)}. Check the day.")
    if due_on < sent_on:
        raise Refused("due_on", f"It was sent on {say(sent_on)}. Check both days.")
    n = len(investors)
    whom = investors[0].name if n == 1 else f"{n:,} Investors"
    with act(
        agreement,
        "information.asked",
        by=when.by,
        says=f"Asked {whom} for information by {say(due_on)} in {demand.reference}",
        reason=reason.strip(),
    ):
        stood = {
            r.investor_id: r
            for r in InformationRequest.objects.standing().filter(
                demand=demand, investor__in=investors
            )
        }
        if stood and not reason.strip():
            again = next(i.name for i in investors if i.pk in stood)
            raise Refused("reason", f"{again} was asked already. Say why it is asked again.")
        return [
            InformationRequest.objects.create(
                demand=demand,
                investor=investor,
                sent_on=sent_on,
                method=method,
                due_on=due_on,
                parts=parts,
                replaces=stood.get(investor.pk),
                reason=reason.strip() if investor.pk in stood else "",
                recorded_by=when.by,
            )
            for investor in investors
        ]


def record_information(
    *,
    demand: Demand,
    investor: Investor,
    answer: InformationIn,
    received_on: date,
    reason: str = "",
    replaces: InformationAnswer | None = None,
    when: When,
) -> InformationAnswer:
    """Record what a Selling Investor answered, whole or with parts missing; the rest, or a
    correction, by an entry that replaces the one that stood.

    Filling in a part that was missing needs no reason, changing a stated one does.  An
    answer that does not fit the register is recorded as it came.  Raises ``Conflict`` when
    ``replaces`` no longer stands.
    """
    agreement = demand.agreement
    on_register("investor", agreement, investor)
    not_in_future("received_on", received_on, when.today(agreement))
    if received_on < agreement.dated_on:
        raise Refused(
            "received_on", f"The agreement is of {say(agreement.dated_on)}. Check the day."
        )
    answer = _checked(answer)
    with act(
        agreement,
        "information.recorded",
        by=when.by,
        says=f"Recorded the information {investor.name} furnished for {demand.reference}",
        reason=reason.strip(),
    ):
        stood = (
            InformationAnswer.objects.standing().filter(demand=demand, investor=investor).first()
        )
        if replaces is not None and (stood is None or stood.pk != replaces.pk):
            raise Conflict("reason", MEANWHILE)
        if stood is not None:
            _check_change(stood, answer, received_on, reason)
        return InformationAnswer.objects.create(
            demand=demand,
            investor=investor,
            received_on=received_on,
            replaces=stood,
            reason=reason.strip(),
            recorded_by=when.by,
            **answer._asdict(),
        )


def said(record: InformationAnswer) -> InformationIn:
    """What an entry says."""
    return InformationIn(*(getattr(record, name) for name in InformationIn._fields))


def _check_change(
    stood: InformationAnswer, answer: InformationIn, received_on: date, reason: str
) -> None:
    before = said(stood)
    if before == answer and received_on == stood.received_on:
        raise Refused("reason", "This is what is on record already.")
    changed = any(
        old not in (None, "") and old != new for old, new in zip(before, answer, strict=True)
    )
    earlier = received_on < stood.received_on
    if (changed or earlier or before == answer) and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")


def _checked(answer: InformationIn) -> InformationIn:
    """The answer with its words tidied.  Refuses one that states nothing."""
    answer = answer._replace(
        name=answer.name.strip(),
        relationship=answer.relationship.strip(),
        distribution=answer.distribution.strip(),
        control_persons=answer.control_persons.strip(),
        broker_dealer=answer.broker_dealer.strip(),
    )
    if all(value in (None, "") for value in answer):
        raise Refused("name", "Enter at least one part of the answer.", "6", "S5")
    fits("name", answer.name, 200)
    for field in ("relationship", "distribution", "control_persons", "broker_dealer"):
        fits(field, getattr(answer, field), 10_000)
    for field in ("shares_before", "shares_offered", "shares_after"):
        whole(field, getattr(answer, field))
    percent = answer.percent_after
    if percent is not None and (not 0 <= percent <= 100 or percent != round(percent, 3)):
        raise Refused("percent_after", "Enter a percentage from 0 to 100, such as 12.5.")
    return answer
