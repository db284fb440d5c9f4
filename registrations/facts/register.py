"""The register as the rules know it: ledger, actions on whole classes, groups, transfers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from investors.models import (
    AffiliateGroup,
    AffiliateMember,
    Agreement,
    CorporateAction,
    Investor,
    LedgerEntry,
    Transfer,
)

from ..models import Demand
from ..rules import (
    actions,
    affiliates,
    securities,
    transferees,
)
from ..rules.findings import Decision as DecisionFact
from ..rules.findings import Ruling
from .terms import terms_of
from .together import Part, Rows, part

# What a Unit, a Preferred or a Warrant yields is entered as signed.
_WORKED_FROM: Mapping[tuple[str, str], str] = {
    ("issue", "common"): "unit",
    ("issue", "preferred"): "unit",
    ("issue", "warrant"): "unit",
    ("transfer", "common"): "unit",
    ("transfer", "preferred"): "unit",
    ("transfer", "warrant"): "unit",
    ("conversion", "common"): "preferred",
    ("exercise", "common"): "warrant",
}


def worked_from(kind: str, security: str) -> str:
    """Of what a ledger entry is worked out as signed; empty where it was counted."""
    return _WORKED_FROM.get((kind, security), "")


def ledger_of(
    agreement: Agreement | int,
    upto: date | None = None,
    holders: Collection[int] | None = None,
) -> securities.Ledger:
    """The agreement's ledger: its lines, and the actions on whole classes that stand.  Of
    some ``holders`` alone where they are named."""
    return ledger_with(actions_of(agreement, upto), agreement, upto, holders)


def ledger_with(
    happened: Sequence[actions.Action],
    agreement: Agreement | int,
    upto: date | None = None,
    holders: Collection[int] | None = None,
) -> securities.Ledger:
    """The agreement's ledger under the actions that ``happened``, where they are known."""
    entries = LedgerEntry.objects.filter(agreement=agreement)
    if upto is not None:
        entries = entries.filter(on__lte=upto)
    if holders is not None:
        entries = entries.filter(investor__in=holders)
    if not happened:
        plain = list(
            entries.values_list("investor_id", "security", "change", "on", "expires_on", "kind")
        )
        lines = [
            securities.Line(holder, security, change, on, expires_on)
            for holder, security, change, on, expires_on, _ in plain
        ]
        issued = [
            line
            for line, row in zip(lines, plain, strict=True)
            if row[1] == _UNIT and row[5] in _ISSUES
        ]
        return securities.Ledger(lines, (), issued)
    # What was worked out as signed is rounded to whole shares event by event.
    of_events: Any = entries.values_list(
        "investor_id", "security", "on", "expires_on", "kind", "act"
    ).annotate(change=Sum("change"))
    found = [
        (
            securities.Line(
                holder, security, change, on, expires_on, _WORKED_FROM.get((kind, security), "")
            ),
            kind,
        )
        for holder, security, on, expires_on, kind, _, change in of_events.order_by()
    ]
    return securities.Ledger(
        [line for line, _ in found],
        happened,
        [line for line, kind in found if line.security == _UNIT and kind in _ISSUES],
    )


# Of Units, these say how many were issued.
_ISSUES = (
    LedgerEntry.Kind.ISSUE.value,
    LedgerEntry.Kind.CORRECTION.value,
    LedgerEntry.Kind.TAKEN_OVER.value,
)
_UNIT = LedgerEntry.Security.UNIT.value


def line_of(entry: LedgerEntry) -> securities.Line:
    """A ledger entry as the rules know it."""
    return securities.Line(
        entry.investor_id, entry.security, entry.change, entry.on, entry.expires_on,
        _WORKED_FROM.get((entry.kind, entry.security), ""),
    )  # fmt: skip


def lines_of(
    agreement: Agreement, entries: Sequence[LedgerEntry]
) -> list[tuple[UUID, securities.Line]]:
    """An event's lines as its day has them, after the actions up to it, each with the
    public id of its holder."""
    so_far = actions.course(actions_of(agreement, max(e.on for e in entries)))
    ids = dict(
        Investor.objects.filter(pk__in={e.investor_id for e in entries}).values_list(
            "pk", "public_id"
        )
    )
    found = [securities.worked(line_of(e), so_far) for e in entries]
    return [(ids[line.holder], line) for lines in found for line in lines if line.change]


def actions_of(agreement: Agreement | int, upto: date | None = None) -> list[actions.Action]:
    """The corporate actions that stand, in the order they took effect."""
    found = _actions(agreement)
    if upto is not None:
        found = found.filter(on__lte=upto)
    return actions.in_order(actions.Action(*row) for row in found.values_list(*_ACTION))


def action_parts(demand: Demand) -> dict[str, Part]:
    """The corporate actions under a matter's agreement, as a part of one query."""
    return {"actions": part(_actions(demand.agreement_id), *_ACTION)}


def actions_in(rows: Rows) -> list[actions.Action]:
    """The corporate actions in the order they took effect, from the rows of
    ``action_parts``."""
    return actions.in_order(actions.Action(*row) for row in rows["actions"])


_ACTION = (
    "on", "place", "kind", "security", "into", "numerator", "denominator", "fractions",
    "rates_follow",
)  # fmt: skip


def _actions(agreement: Agreement | int) -> QuerySet[CorporateAction]:
    return (
        CorporateAction.objects.standing()
        .filter(agreement=agreement)
        .exclude(kind=CorporateAction.Kind.VOID)
    )


def action_of(row: CorporateAction) -> actions.Action:
    """A recorded action as the rules know it."""
    return actions.Action(
        row.on, row.place, row.kind, row.security, row.into, row.numerator, row.denominator,
        row.fractions, row.rates_follow,
    )  # fmt: skip


def per_unit(agreement: Agreement, on: date) -> actions.PerUnit:
    """What an untouched Unit is on a day, after every action, and why (H1, H2)."""
    terms = terms_of(agreement, max(on, agreement.dated_on))
    return actions.per_unit(
        terms.unit_parts,
        actions_of(agreement, on),
        on=on,
        signed=terms.clause("unit_parts"),
        adjusted=terms.clause("registrable_shares"),
    )


def held_by_all(agreement: Agreement, on: date) -> dict[int, securities.Position]:
    """What everybody on the register has on a day, parties by then or not, by the
    Investor's key; whole securities."""
    parts = terms_of(agreement, max(on, agreement.dated_on)).unit_parts
    return securities.positions(ledger_of(agreement, on), on=on, parts=parts)


def holdings(agreement: Agreement, on: date) -> dict[int, securities.Position]:
    """Each Investor's position on a day, by the Investor's key; whole securities (H2).

    Whoever was no party by then is left out, whatever it had: it carries no rights (H4).
    """
    held = held_by_all(agreement, on)
    later = Investor.objects.filter(agreement=agreement, party_from__gt=on)
    for pk in later.values_list("pk", flat=True):
        held.pop(pk, None)
    return held


def memberships(agreement: Agreement | int) -> list[affiliates.Member]:
    """Every membership of an affiliate group that stands, past ones too (H5)."""
    rows = (
        AffiliateMember.objects.standing()
        .filter(group__agreement=agreement)
        .exclude(kin=AffiliateMember.Kin.VOID)
        .order_by("from_on", "pk")
    )
    return [
        affiliates.Member(*row)
        for row in rows.values_list("investor_id", "group_id", "from_on", "to_on")
    ]


def affiliate_groups(agreement: Agreement | int, on: date) -> Mapping[int, int]:
    """The affiliate group of each Investor that belongs to one on a day, both by key: those
    of one group count as one Investor (H5, section 3(c))."""
    return affiliates.groups_on(memberships(agreement), on)


def group_names_on(agreement: Agreement | int, on: date) -> Mapping[int, str]:
    """The name of the affiliate group of each Investor that belongs to one on a day (H5)."""
    names = dict(AffiliateGroup.objects.filter(agreement=agreement).values_list("pk", "name"))
    return {who: names[group] for who, group in affiliate_groups(agreement, on).items()}


def transfers_in_question(agreement: Agreement) -> list[tuple[Transfer, Ruling]]:
    """The transfers whose taker signed later than it took, where that leaves a question for
    counsel that is not decided (H4, N8)."""
    late = (
        Transfer.objects.standing()
        .filter(agreement=agreement, signed_on__gt=F("on"), reads="")
        .select_related("giver", "taker", "recorded_by")
        .order_by("on", "pk")
    )
    found = [
        (
            row,
            transferees.standing(
                taken_of(row), terms_of(agreement, max(row.on, agreement.dated_on))
            ),
        )
        for row in late
    ]
    return [each for each in found if each[1].outcome == "needs_decision"]


def taken_of(transfer: Transfer) -> transferees.Taken:
    """A recorded transfer as the rules know it."""
    decision = None
    if transfer.reads and transfer.decided_on is not None:
        by = transfer.recorded_by.name if transfer.recorded_by else ""
        decision = DecisionFact(
            "standing", transfer.reads, transfer.decided_on, transfer.reason, by
        )
    return transferees.Taken(transfer.on, transfer.signed_on, decision)
