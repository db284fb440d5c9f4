"""What became of the statement filed for a matter, and of the Company's others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from ..models import (
    Demand,
    StatementRecord,
)
from ..rules import (
    matter,
)
from ..rules.prospectus import Selling
from .mail import Mail
from .prospectus import selling_of


class StatementFacts(TypedDict):
    """What became of a statement, by the names ``DemandFacts`` has for it."""

    filing: matter.Filing | None
    effective_on: date | None
    all_sold_on: date | None
    distribution: str
    distributed_on: date | None
    withdrawn: matter.Withdrawal | None


def statement_of(demand: Demand) -> StatementFacts:
    """What became of the statement filed for a demand."""
    records = list(
        StatementRecord.objects.standing()
        .filter(statement__demand=demand)
        .order_by("on", "pk")
        .prefetch_related("covers")
    )
    one = {record.kind: record for record in records}
    covers = {r.pk: {c.investor_id: c.shares for c in r.covers.all()} or None for r in records}
    on = {kind: record.on for kind, record in one.items()}
    filed, withdrawn = one.get("filed"), one.get("withdrawn")
    return StatementFacts(
        filing=matter.Filing(
            filed.on,
            covers[filed.pk],
            tuple(
                matter.Amendment(r.on, covered)
                for r in records
                if r.kind != "filed" and (covered := covers[r.pk]) is not None
            ),
        )
        if filed
        else None,
        effective_on=on.get("effective"),
        all_sold_on=on.get("all_sold"),
        distribution=one["method"].detail if "method" in one else "",
        distributed_on=on.get("distributed"),
        withdrawn=matter.Withdrawal(withdrawn.on, withdrawn.detail) if withdrawn else None,
    )


def filing_of(demand: Demand) -> matter.Filing | None:
    """The filing of a matter's statement, with what it covers as last amended."""
    return statement_of(demand)["filing"]


def selling_in(
    demand: Demand,
    statement: StatementFacts,
    mail: Mail,
    asked: Iterable[matter.Initiator | matter.Invited],
    as_of: date | None,
) -> Selling:
    """Who sells under the statement of a matter, and what was done about its prospectus;
    nothing before it is filed."""
    filing, withdrawn = statement["filing"], statement["withdrawn"]
    if filing is None or (as_of is not None and filing.on > as_of):
        return Selling(demand.reference)
    if as_of is not None:
        filing = filing.upto(as_of)
    return selling_of(
        demand,
        covers=filing.covers_now,
        asked={
            each.investor: each.name
            for each in asked
            if isinstance(each, matter.Initiator) or any(not r.declines for r in each.requests)
        },
        names={pk: name for pk, (name, _) in mail.names.items()},
        post=mail.post,
        life={
            "effective_on": statement["effective_on"],
            "withdrawn_on": withdrawn.on if withdrawn else None,
            "all_sold_on": statement["all_sold_on"],
            "distributed_on": statement["distributed_on"],
        },
    )


def other_statements(demand: Demand) -> tuple[matter.OtherStatement, ...]:
    """Other statements of the Company that became effective (D14)."""
    records = (
        StatementRecord.objects.standing()
        .filter(statement__agreement=demand.agreement_id, kind=StatementRecord.Kind.EFFECTIVE)
        .exclude(statement__demand=demand)
        .order_by("on", "pk")
        .values_list("statement_id", "statement__name", "on")
    )
    return tuple(matter.OtherStatement(*record) for record in records)
