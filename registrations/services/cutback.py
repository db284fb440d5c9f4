"""Allocations kept as counsel relied on them (P7): facts, of what went in and what came out.

A later one replaces the one that stood and says why.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from investors.acts import Conflict, Refused, act

from ..facts import began_on, entries_of, group_names_on
from ..models import Allocation, AllocationLine, Demand
from ..rules import cutback
from ..rules.cutback_steps import Step, steps
from .offering import (
    COMPANY,
    OF_RECORD,
    Came,
    CutbackIn,
    OtherIn,
    Seller,
    claims_of,
    group_names,
    work_out,
)
from .recording import MEANWHILE, When, not_in_future


def save_allocation(
    *,
    demand: Demand,
    given: CutbackIn,
    replaces: Allocation | None = None,
    reason: str = "",
    when: When,
) -> Allocation:
    """Keep an allocation as counsel relied on it: what went in and what came out (P7).

    One stands for a matter; another replaces it and says why.  Raises ``Conflict`` when
    ``replaces`` is not the one that stands.
    """
    agreement = demand.agreement
    not_in_future("on", given.on, when.today(agreement))
    reason = reason.strip()
    with act(
        agreement,
        "allocation.saved",
        by=when.by,
        says=f"Saved an allocation of {demand.reference} at the underwriters’ maximum of "
        f"{given.maximum:,} shares",
        reason=reason,
    ):
        stood = standing(demand)
        if (stood and stood.pk) != (replaces and replaces.pk):
            raise Conflict("reason", MEANWHILE)
        if stood is not None and not reason:
            raise Refused("reason", "Say why the allocation saved before is replaced.")
        worked = work_out(demand, given)
        if not any(c.holder != COMPANY for c in worked.claims):
            raise Refused("maximum", "No holder asks for shares, so there is nothing to allocate.")
        saved = Allocation.objects.create(
            demand=demand,
            on=given.on,
            maximum=given.maximum,
            offering=worked.offering,
            where=sorted(given.where),
            order=_order_as_written(demand, worked.offering),
            clause=worked.clause,
            shared_again=worked.shared_again,
            replaces=stood,
            reason=reason if stood is not None else "",
            recorded_by=when.by,
        )
        AllocationLine.objects.bulk_create(
            AllocationLine(
                allocation=saved,
                seller=s.id,
                investor_id=s.investor,
                name=s.name,
                who=s.who,
                came=s.came,
                counted=s.counted,
                held=s.held,
                asked=s.asked,
                group=s.group,
                gets=worked.result.shares.get(s.id, 0),
            )
            for s in worked.sellers
        )
    return saved


def standing(demand: Demand) -> Allocation | None:
    """The allocation saved for a matter that no later one replaced."""
    found: Allocation | None = Allocation.objects.standing().filter(demand=demand).first()
    return found


def _order_as_written(demand: Demand, offering: str) -> Any:
    written: Any = entries_of(demand.agreement, began_on(demand))["cutback"].value
    return written[offering]


def sellers_saved(saved: Allocation) -> list[Seller]:
    """The sellers of a saved allocation, as they were."""
    return [
        Seller(
            line.seller, line.investor_id, line.name, line.who, line.came, line.counted,
            line.held, line.asked, line.group,
        )
        for line in sorted(saved.lines.all(), key=lambda line: line.pk)
    ]  # fmt: skip


def worked_again(saved: Allocation) -> cutback.Allocation:
    """What comes out of a saved allocation's own inputs: the same as is saved, whatever was
    recorded since."""
    return cutback.allocate(
        claims_of(sellers_saved(saved)),
        cutback.read_order(saved.order),
        maximum=saved.maximum,
        where=saved.where,
        shared_again=saved.shared_again,
        clause=saved.clause,
    )


def steps_saved(saved: Allocation) -> list[Step]:
    """How a saved allocation came out."""
    sellers = sellers_saved(saved)
    return steps(
        claims_of(sellers),
        cutback.read_order(saved.order),
        worked_again(saved),
        names={s.id: s.name for s in sellers},
        groups=group_names(sellers),
        shared_again=saved.shared_again,
    )


def given_again(saved: Allocation, on: date) -> CutbackIn:
    """What was said of a saved allocation, to be worked out from the facts of a day."""
    sellers = sellers_saved(saved)
    of_record = [s for s in sellers if s.investor is not None]
    registered = group_names_on(saved.demand.agreement, saved.on)
    return CutbackIn(
        maximum=saved.maximum,
        on=on,
        company=sum(s.asked for s in sellers if s.came == Came.COMPANY),
        offering=saved.offering,
        where=frozenset(saved.where),
        shared_again=saved.shared_again,
        counted={s.id: s.counted for s in of_record if s.counted != (s.came in OF_RECORD)},
        groups={s.id: s.group for s in of_record if s.group != registered.get(s.id, "")},
        others=tuple(
            OtherIn(s.name, s.held, s.asked, s.group) for s in sellers if s.came == Came.OTHER
        ),
    )


class Change(NamedTuple):
    """What a seller got as saved, and would get by today's facts."""

    name: str
    saved: int
    now: int


def changed_since(saved: Allocation, today: date) -> list[Change]:
    """Who would get another number of shares if the same were worked out from today's facts.

    Raises ``Refused`` when it cannot be worked out any more, such as when an Investor that
    was let in asks for nothing now.
    """
    worked = work_out(saved.demand, given_again(saved, today))
    before = {line.seller: (line.name, line.gets) for line in saved.lines.all()}
    now = {s.id: (s.name, worked.result.shares.get(s.id, 0)) for s in worked.sellers}
    found = []
    for seller in dict.fromkeys([*before, *now]):
        name, got = before.get(seller, ("", 0))
        named, gets = now.get(seller, (name, 0))
        if got != gets:
            found.append(Change(named, got, gets))
    return found
