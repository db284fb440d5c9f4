"""What of an agreement EDGAR is asked about, and how what it says stands to the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from investors.models import Agreement

from ..models import Demand, EdgarAnswer, EdgarProposal, ProposalRecord, Statement, StatementRecord
from ..rules.edgar import RECORDED
from .terms import began_on

BEFORE = timedelta(366)  # a statement known by its effectiveness was filed some time before


class Followed(NamedTuple):
    """What an agreement follows: the file numbers on record, each with the day its statement
    became effective; from when a new registration statement may be one a matter waits for;
    and the first day EDGAR's list is read from, ``None`` where there is nothing to follow."""

    numbers: dict[str, date | None]
    new_since: date | None
    since: date | None


class Place(NamedTuple):
    """A proposal beside the record.

    ``how`` is ``new``: it can be recorded; ``same``: ``record`` says so already; ``other``:
    ``record`` gives another day; ``unplaced``: no statement on record has its file number;
    ``note``: nothing is recorded of what it says.
    """

    proposal: EdgarProposal
    how: str
    statement: Statement | None = None
    record: StatementRecord | None = None
    withdrawal: ProposalRecord | None = None
    several: bool = False  # more than one statement has its file number


def followed_by(agreement: Agreement) -> Followed:
    """What EDGAR is asked about for an agreement."""
    numbers: dict[str, date | None] = {}
    first: list[date] = []
    effective: dict[int, date] = {}
    numbered: list[tuple[int, str]] = []
    standing = StatementRecord.objects.standing().filter(statement__agreement=agreement)
    for statement, kind, on, number in standing.values_list(
        "statement_id", "kind", "on", "file_number"
    ):
        if kind == StatementRecord.Kind.EFFECTIVE:
            effective[statement] = on
        if number.strip():
            numbered.append((statement, number.strip()))
            first.append(on - BEFORE)
    for statement, number in numbered:
        numbers[number] = effective.get(statement) or numbers.get(number)
    begun = [began_on(demand) for demand in awaiting_filing(agreement)]
    new_since = min(begun, default=None)
    return Followed(
        numbers, new_since, min([*first, *([new_since] if new_since else [])], default=None)
    )


def awaiting_filing(agreement: Agreement) -> list[Demand]:
    """The matters of an agreement no statement is on record for, and that were not
    withdrawn: a filing found may be theirs."""
    withdrawn = ProposalRecord.objects.standing().filter(
        demand=OuterRef("pk"), withdrawn_on__isnull=False
    )
    found = Demand.objects.filter(~Exists(withdrawn), agreement=agreement, statement=None)
    return list(found.select_related("agreement__company", "notice").order_by("kind", "number"))


def places(agreement: Agreement, proposals: Iterable[EdgarProposal]) -> list[Place]:
    """Each proposal beside the record, in the order given."""
    every = list(proposals)
    if not every:
        return []
    by_number: dict[str, list[Statement]] = defaultdict(list)
    records: dict[tuple[int, str], list[StatementRecord]] = defaultdict(list)
    standing = (
        StatementRecord.objects.standing()
        .filter(statement__agreement=agreement)
        .select_related("statement__demand__notice", "statement__agreement")
        .order_by("on", "pk")
    )
    for record in standing:
        statement = record.statement
        records[statement.pk, record.kind].append(record)
        number = record.file_number.strip()
        if number and statement not in by_number[number]:
            by_number[number].append(statement)
    withdrawn = {
        record.demand_id: record
        for record in ProposalRecord.objects.standing().filter(
            demand__agreement=agreement, withdrawn_on__isnull=False
        )
    }
    taken = set(
        EdgarAnswer.objects.filter(proposal__agreement=agreement, record__isnull=False).values_list(
            "record_id", flat=True
        )
    )
    return [
        _place(proposal, by_number[proposal.file_number], records, withdrawn, taken)
        for proposal in every
    ]


def _place(
    proposal: EdgarProposal,
    statements: Sequence[Statement],
    records: dict[tuple[int, str], list[StatementRecord]],
    withdrawn: dict[int, ProposalRecord],
    taken: set[int],
) -> Place:
    if not statements:
        filed = proposal.kind == EdgarProposal.Kind.FILED
        return Place(proposal, "unplaced" if filed else "note")
    if proposal.kind not in RECORDED:
        return Place(proposal, "note", statements[0], several=len(statements) > 1)
    days = {date.fromisoformat(each["on"]) for each in proposal.days}
    found = [_beside(proposal, each, days, records, withdrawn, taken) for each in statements]
    best = min(found, key=lambda place: ("same", "new", "other").index(place.how))
    return best._replace(several=len(statements) > 1)


def _beside(
    proposal: EdgarProposal,
    statement: Statement,
    days: set[date],
    records: dict[tuple[int, str], list[StatementRecord]],
    withdrawn: dict[int, ProposalRecord],
    taken: set[int],
) -> Place:
    demand = statement.demand
    if proposal.kind == EdgarProposal.Kind.WITHDRAWN and demand is not None and demand.by_company:
        gone = withdrawn.get(demand.pk)
        if gone is None:
            return Place(proposal, "new", statement)
        how = "same" if gone.withdrawn_on in days else "other"
        return Place(proposal, how, statement, withdrawal=gone)
    there = records.get((statement.pk, proposal.kind), [])
    once = proposal.kind in StatementRecord.ONCE
    for record in there:
        if record.on in days and (once or record.pk not in taken):
            return Place(proposal, "same", statement, record)
    if once and there:
        return Place(proposal, "other", statement, there[0])
    return Place(proposal, "new", statement)
