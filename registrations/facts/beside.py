"""What bears on a matter beside its papers: counsel's decisions, delays, the Company's
capital, Other Holders, waivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypedDict

from django.db.models import QuerySet

from investors.models import Agreement, ShareCount

from ..models import (
    Acceptance,
    Circumstances,
    Decision,
    DelayRecord,
    Demand,
    Inclusion,
    OtherHolder,
    Waiver,
)
from ..rules import (
    matter,
    others,
)
from ..rules.findings import Decision as DecisionFact
from .together import Part, Rows, part, together

_COUNTED = {
    ShareCount.Kind.AUTHORIZED_COMMON: "authorized",
    ShareCount.Kind.OUTSTANDING_COMMON: "outstanding",
    ShareCount.Kind.RESERVED_COMMON: "reserved",
}
_DELAY = (
    "pk", "replaces_id", "demand_id", "directed_on", "what", "circumstances", "planned_on",
    "counted_from_on", "until_on", "other_ground",
)  # fmt: skip


def beside_parts(demand: Demand) -> dict[str, Part]:
    """What bears on a matter beside its papers, as parts of one query."""
    agreement = demand.agreement_id
    waivers = Waiver.objects.standing().filter(demand=demand, taken_back=False)
    return {
        "circumstances": _circumstances(demand),
        "counts": part(
            ShareCount.objects.standing().filter(agreement=agreement, kind__in=_COUNTED),
            "on", "pk", "kind", "count",
        ),
        "delays": part(DelayRecord.objects.filter(demand__agreement=agreement), *_DELAY),
        "waivers": part(waivers, "pk", "investor_id", "investor__name", "right", "signed_on"),
        "decisions": part(
            Decision.objects.filter(demand=demand),
            "about", "choice", "decided_on", "reason", "recorded_by__name", "replacement",
        ),
        "acceptances": part(
            Acceptance.objects.standing().filter(demand=demand), "investor_id", "accepted_on"
        ),
    }  # fmt: skip


def _circumstances(demand: Demand) -> Part:
    return part(Circumstances.objects.standing().filter(demand=demand), "told")


def circumstances_of(demand: Demand) -> matter.Circumstances:
    """What counsel filled in of a matter beside its papers."""
    return circumstances_in(together({"circumstances": _circumstances(demand)}))


def circumstances_in(rows: Rows) -> matter.Circumstances:
    """What counsel filled in of a matter beside its papers, from the rows of
    ``beside_parts``."""
    if not rows["circumstances"]:
        return matter.Circumstances()
    (told,) = rows["circumstances"][0]
    return matter.Circumstances(
        {word: date.fromisoformat(day) for word, day in told.get("events", {}).items()},
        {word: Fraction(number) for word, number in told.get("measures", {}).items()},
        told.get("facts", {}),
        told.get("choices", {}),
    )


def capital_in(rows: Rows, filed_on: date | None, as_of: date | None) -> matter.Capital:
    """The Company's Common Stock by the last papers on or before the filing, or before
    ``as_of`` (D11)."""
    last = min(filed_on or date.max, as_of or date.max)
    found: dict[str, int] = {}
    on: date | None = None
    for day, _, kind, count in sorted(rows["counts"], key=lambda c: c[:2]):
        if day <= last:
            found[_COUNTED[ShareCount.Kind(kind)]] = count
            on = day
    return matter.Capital(**found, on=on)


class DelayFacts(TypedDict):
    """The delays the Company directed under the agreement, by the names ``DemandFacts`` has."""

    delays: tuple[matter.Delay, ...]
    delayed_elsewhere: tuple[matter.Delay, ...]


def delays_in(rows: Rows, demand: Demand) -> DelayFacts:
    """Every delay under the agreement, of this demand and of others (D15)."""
    own: list[matter.Delay] = []
    elsewhere: list[matter.Delay] = []
    entries = [DelayRecord(**dict(zip(_DELAY, row, strict=True))) for row in rows["delays"]]
    for number, record in numbered_delays(entries):
        (own if record.demand_id == demand.pk else elsewhere).append(_delay(number, record))
    return DelayFacts(delays=tuple(own), delayed_elsewhere=tuple(elsewhere))


def _delay(number: int, record: DelayRecord) -> matter.Delay:
    return matter.Delay(
        number,
        record.directed_on,
        record.what,
        record.circumstances,
        record.planned_on,
        record.counted_from_on,
        record.until_on,
        record.other_ground,
    )


def delays_directed(agreement: Agreement) -> list[tuple[str, matter.Delay]]:
    """Every delay under an agreement, with the reference of its demand (D15)."""
    entries = DelayRecord.objects.filter(demand__agreement=agreement).select_related("demand")
    return [(r.demand.reference, _delay(number, r)) for number, r in numbered_delays(entries)]


def delays_of(demands: QuerySet[Demand]) -> list[tuple[int, DelayRecord]]:
    """The delays that stand, each with its number in its own matter, counted from 1 in the
    order they were first recorded; a correction keeps the number (D15)."""
    return numbered_delays(DelayRecord.objects.filter(demand__in=demands))


def numbered_delays(entries: Iterable[DelayRecord]) -> list[tuple[int, DelayRecord]]:
    """Of all entries about delays those that stand, each with its delay's number."""
    records = sorted(entries, key=lambda record: record.pk)
    numbers: dict[int, int] = {}
    count: dict[int, int] = defaultdict(int)
    for record in records:
        if record.replaces_id is None:
            count[record.demand_id] += 1
            numbers[record.pk] = count[record.demand_id]
        else:
            numbers[record.pk] = numbers[record.replaces_id]
    replaced = {record.replaces_id for record in records}
    return [(numbers[r.pk], r) for r in records if r.pk not in replaced]


def others_of(demand: Demand, day: date) -> list[others.Other]:
    """The Other Holders whose right had begun by ``day``, each with what is on record of it
    in a demand (D12)."""
    included = {
        record.holder: record for record in Inclusion.objects.standing().filter(demand=demand)
    }
    holders = OtherHolder.objects.standing().filter(agreement=demand.agreement_id, from_on__lte=day)
    found = []
    for holder in holders.order_by("name", "pk"):
        other = others.Other(holder.name, holder.paper, holder.shares, id=str(holder.public_id))
        if (record := included.get(holder.public_id)) is not None:
            other = other._replace(
                offered_on=record.offered_on,
                terms_required=record.terms_required,
                answered_on=record.answered_on,
                joins=record.joins,
                shares=record.shares,
                terms_accepted_on=record.terms_accepted_on,
            )
        found.append(other)
    return found


def waivers_in(rows: Rows) -> tuple[matter.Waiver, ...]:
    """What was waived in a matter, by each party for itself (S8)."""
    return tuple(
        matter.Waiver(pk, investor, name or "", right, signed_on)
        for pk, investor, name, right, signed_on in rows["waivers"]
    )


def decisions_in(rows: Rows, as_of: date | None) -> Mapping[str, DecisionFact]:
    """Counsel's decisions that stand, or that stood by ``as_of`` before a later one."""
    return {
        about: DecisionFact(about, choice, decided_on, reason, by or "")
        for about, choice, decided_on, reason, by, replaced_by in rows["decisions"]
        if (replaced_by is None if as_of is None else decided_on <= as_of)
    }
