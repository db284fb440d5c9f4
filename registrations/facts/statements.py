"""What became of the statement filed for a matter, and of the Company's others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from ..models import (
    CoveredShares,
    Demand,
    StatementRecord,
)
from ..rules import (
    matter,
)
from ..rules.prospectus import Selling
from .mail import Mail
from .prospectus import selling_of
from .terms import terms_parts
from .together import Part, Rows, part, together


class StatementFacts(TypedDict):
    """What became of a statement, by the names ``DemandFacts`` has for it."""

    filing: matter.Filing | None
    effective_on: date | None
    all_sold_on: date | None
    distribution: str
    distributed_on: date | None
    withdrawn: matter.Withdrawal | None


def statement_parts(demand: Demand) -> dict[str, Part]:
    """What became of the statement filed for a matter, and of the Company's others, as
    parts of one query; the entries of its life are among ``terms_parts``."""
    others = StatementRecord.objects.standing().filter(
        statement__agreement=demand.agreement_id, kind=StatementRecord.Kind.EFFECTIVE
    )
    return {
        "covers": _covers(demand),
        "others": part(
            others.exclude(statement__demand=demand), "on", "pk", "statement_id", "statement__name"
        ),
    }


def _covers(demand: Demand) -> Part:
    standing = StatementRecord.objects.standing().filter(statement__demand=demand)
    covered = CoveredShares.objects.filter(record__in=standing)
    return part(covered, "record_id", "investor_id", "shares")


def statement_in(rows: Rows) -> StatementFacts:
    """What became of the statement filed for a matter."""
    covers: dict[int, dict[int, int]] = defaultdict(dict)
    for record, investor, shares in rows["covers"]:
        covers[record][investor] = shares
    records = sorted(rows["statement"], key=lambda r: r[:2])
    one = {kind: (on, pk, detail) for on, pk, kind, detail in records}
    on: dict[str, date] = {kind: day for kind, (day, _, _) in one.items()}
    filed, withdrawn = one.get("filed"), one.get("withdrawn")
    return StatementFacts(
        filing=matter.Filing(
            filed[0],
            covers.get(filed[1]),
            tuple(
                matter.Amendment(day, covers[pk])
                for day, pk, kind, _ in records
                if kind != "filed" and pk in covers
            ),
        )
        if filed
        else None,
        effective_on=on.get("effective"),
        all_sold_on=on.get("all_sold"),
        distribution=one["method"][2] if "method" in one else "",
        distributed_on=on.get("distributed"),
        withdrawn=matter.Withdrawal(withdrawn[0], withdrawn[2]) if withdrawn else None,
    )


def filing_of(demand: Demand) -> matter.Filing | None:
    """The filing of a matter's statement, with what it covers as last amended."""
    life = terms_parts(demand)["statement"]
    return statement_in(together({"statement": life, "covers": _covers(demand)}))["filing"]


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
        copies_of=mail.copies_of,
        life={
            "effective_on": statement["effective_on"],
            "withdrawn_on": withdrawn.on if withdrawn else None,
            "all_sold_on": statement["all_sold_on"],
            "distributed_on": statement["distributed_on"],
        },
    )


def others_effective(rows: Rows) -> tuple[matter.OtherStatement, ...]:
    """Other statements of the Company that became effective (D14)."""
    return tuple(
        matter.OtherStatement(statement, name, on)
        for on, _, statement, name in sorted(rows["others"], key=lambda r: r[:2])
    )
