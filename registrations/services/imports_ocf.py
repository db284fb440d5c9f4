"""Imports of an Open Cap Format file: its events staged as rows, and written with their effect.

An event is known again by its source and its id there, and one that left this register by
its own: what is on the register already stays as it is.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from investors.acts import Refused
from investors.models import Agreement, Import, ImportRow, Investor, LedgerEntry, Transfer
from notices.steps import step

from ..facts import actions_of, terms_day_by_day
from ..rules.actions import Action, course, in_order
from ..rules.terms import UnitParts
from ..spreadsheets.child import plain_rows
from ..spreadsheets.fields import Reads
from ..spreadsheets.files import Unreadable
from ..spreadsheets.ocf_rows import COLUMNS
from ..spreadsheets.rows import Problem, Understood
from .actions import ActionIn, checked_action, enter_action
from .imports_sql import WRITE_ADDRESSES, WRITE_CONTACTS, WRITE_INVESTORS, many_rows
from .jobs import Progress
from .ledger import none_below_zero
from .recording import When

Kind = LedgerEntry.Kind
READS = Reads({name: at for at, name in enumerate(COLUMNS)}, parts=False)
AT_ONCE = 2_000  # rows
CHANGED = "It is on the register with other numbers. Correct it there, with the reason."


class Change(NamedTuple):
    """What a holding changed by, as a ledger line."""

    name: str
    security: str
    change: int
    expires_on: date | None


class Event(NamedTuple):
    """The rows of one event, as they come on the ledger."""

    key: str
    on: date
    kind: str
    changes: Sequence[Change]
    note: str
    to: str
    under: str


def stage(of: Import, progress: Progress, when: When) -> None:
    """Read the file into rows with their fates.  Raises ``Refused`` where it cannot be read."""
    agreement, today = of.agreement, when.today(of.agreement)
    ImportRow.objects.filter(of_id=of.pk).delete()
    understood = Understood(READS, today=today, width=len(COLUMNS))
    known = _names(agreement)
    rows = []
    try:
        for number, cells in plain_rows(of.file.path, of.form):
            rows.append(_row(of, number, cells, understood, known, when))
            progress(number, number + 1, "Reading rows")
    except Unreadable as why:
        raise Refused("", str(why)) from None
    progress.begins(f"Checking {len(rows):,} rows")
    _find_same(of, rows)
    for at in range(0, len(rows), AT_ONCE):
        ImportRow.objects.bulk_create(rows[at : at + AT_ONCE])


def write(of: Import, agreement: Agreement, when: When) -> None:
    """Write what was read, inside an act.  Raises ``Refused`` where somebody would hold fewer
    than none on some day."""
    about: dict[str, Any] = {
        "of": of.pk, "agreement": agreement.pk, "by": when.by.pk, "dated": agreement.dated_on,
    }  # fmt: skip
    with connection.cursor() as cursor, many_rows(cursor):
        for statement in (WRITE_INVESTORS, WRITE_ADDRESSES, WRITE_CONTACTS):
            cursor.execute(statement, about)
            step("import.party")
    rows = list(ImportRow.objects.filter(of_id=of.pk, fate="adds").order_by("row"))
    for row in rows:
        if row.effect and "event" not in row.effect:
            enter_action(agreement=agreement, action=_action(row.effect, of.name), when=when)
    holders = {
        each.name.lower(): each for each in Investor.objects.filter(agreement=agreement)
    }  # fmt: skip
    entries, transfers = [], []
    for event in _events(rows, agreement, ()):
        act, note = uuid.uuid4(), event.note or f"From {of.name}"
        entries += [
            LedgerEntry(
                agreement=agreement, investor=holders[each.name.lower()], act=act, kind=event.kind,
                security=each.security, change=each.change, on=event.on,
                expires_on=each.expires_on, note=note, source_id=of.source_id,
                sold_under=event.under if event.kind == Kind.PUBLIC_SALE else "",
                reference=event.key, recorded_by=when.by,
            )
            for each in event.changes
        ]  # fmt: skip
        if event.kind in (Kind.TRANSFER, Kind.SHARES):
            transfers.append(_transfer(agreement, event, act, holders, when))
    LedgerEntry.objects.bulk_create(entries, AT_ONCE)
    Transfer.objects.bulk_create(transfers, AT_ONCE)
    step("import.ledger")
    none_below_zero(agreement, field="")


def _transfer(
    agreement: Agreement, event: Event, act: uuid.UUID, holders: Mapping[str, Investor], when: When
) -> Transfer:
    given = [each for each in event.changes if each.change < 0]
    units = [each for each in given if each.security == "unit"]
    taker = next((holders[c.name.lower()] for c in event.changes if c.change > 0), None)
    return Transfer(
        agreement=agreement, act=act, on=event.on, giver=holders[given[0].name.lower()],
        taker=taker, taker_name=taker.name if taker is not None else event.to,
        signed_on=taker.party_from if taker is not None else None,
        security=(units or given)[0].security, quantity=-sum(c.change for c in units or given),
        recorded_by=when.by,
    )  # fmt: skip


def _row(
    of: Import, number: int, cells: list[str], understood: Understood, known: set[str], when: When
) -> ImportRow:
    effect = json.loads(cells[-1]) if cells[-1] else None
    problems: list[Problem] = []
    if effect is not None and "event" not in effect:
        written = ["", "person", *[""] * 8, cells[10], "", cells[12]]
        try:
            checked_action(of.agreement, _action(effect, ""), when)
        except Refused as why:
            problems.append(Problem("", why.message))
    else:
        written, problems = understood.row(cells[: len(COLUMNS)])
        if effect is not None and effect["kind"] != Kind.TAKEN_OVER:
            # What ran out is still taken off, and given back, after its last day.
            problems = [each for each in problems if each.field != "expires_on"]
    told: dict[str, Any] = dict(zip(COLUMNS, written, strict=True))
    for name in ("party_from", "on", "expires_on"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    counted = effect is not None and told["quantity"]
    told["quantity"] = int(told["quantity"]) * effect["sign"] if effect and counted else None
    told["note"] = cells[7]
    told["security"] = told["security"] if told["quantity"] else ""
    new = effect is None and told["name"].lower() not in known
    return ImportRow(
        of=of, agreement_id=of.agreement_id, row=number, **told, effect=effect, first=new,
        problems=[list(each) for each in problems],
        fate="wrong" if problems else "new" if new else "same" if effect is None else "adds",
    )  # fmt: skip


def _find_same(of: Import, rows: list[ImportRow]) -> None:
    """Tell what is on the register already from what is new, and from what differs."""
    standing = set(actions_of(of.agreement))
    split = [_fact(row.effect) for row in rows if row.effect and "event" not in row.effect]
    by_key: dict[tuple[str, date | None], list[ImportRow]] = defaultdict(list)
    for row in rows:
        if row.effect is None or row.fate == "wrong":
            continue
        if "event" in row.effect:
            by_key[row.reference, row.on].append(row)
        elif _fact(row.effect) in standing:
            row.fate = "same"
    stored: dict[tuple[str, date], Counter[tuple[str, str, int]]] = defaultdict(Counter)
    there = LedgerEntry.objects.filter(agreement=of.agreement, source=of.source_id)
    for key, on, name, security, change in there.exclude(reference="").values_list(
        "reference", "on", "investor__name", "security", "change"
    ):
        stored[key, on][name.lower(), security, change] += 1
    ours = {str(each) for each in LedgerEntry.objects.filter(
        agreement=of.agreement, act__in=[k for k, _ in by_key if _is_uuid(k)],
    ).values_list("act", flat=True)}  # fmt: skip
    for event in _events([r for each in by_key.values() for r in each], of.agreement, split):
        mine = by_key[event.key, event.on]
        problems: list[list[str]] = []
        if event.key in ours:
            fate = "same"
        elif (was := stored.get((event.key, event.on))) is not None:
            now = Counter((c.name.lower(), c.security, c.change) for c in event.changes)
            fate = "same" if now == was else "wrong"
            problems = [] if now == was else [["", CHANGED]]
        else:
            says = _contradiction(event, mine)
            fate = "wrong" if says else "adds"
            problems = [["", says]] if says else []
        for row in mine:
            row.fate, row.problems = fate, problems


def _contradiction(event: Event, rows: Sequence[ImportRow]) -> str:
    """Why an event cannot be one; empty where it can."""
    if any(row.effect and row.effect["lines"] != len(rows) for row in rows):
        return "Another line of the same event is to be put right."
    if event.kind in (Kind.TRANSFER, Kind.SHARES):
        givers = {c.name for c in event.changes if c.change < 0}
        takers = {c.name for c in event.changes if c.change > 0} | ({event.to} - {""})
        if len(givers) != 1 or len(takers) != 1:
            return "A transfer is from one holder to one other."
    return ""


def _events(
    rows: Iterable[ImportRow], agreement: Agreement, coming: Iterable[Action]
) -> Iterator[Event]:
    """The events among rows, as they come on the ledger of an agreement in which the actions
    that are ``coming`` have happened as well."""
    actions = in_order({*actions_of(agreement), *coming})
    in_force = terms_day_by_day(agreement)
    found: dict[tuple[str, date], list[ImportRow]] = defaultdict(list)
    for row in rows:
        if row.effect is not None and "event" in row.effect and row.on is not None:
            found[row.reference, row.on].append(row)
    for (key, on), mine in found.items():
        effect: Any = mine[0].effect
        parts = in_force(max(on, agreement.dated_on)).unit_parts
        before = [action for action in actions if action.on <= on]
        changes = [Change(r.name, r.security, r.quantity or 0, r.expires_on) for r in mine]
        kind, entered = as_entered(effect["kind"], changes, on, parts, before)
        yield Event(key, on, kind, entered, mine[0].note, effect["to"], effect["under"])


def as_entered(
    kind: str, changes: Sequence[Change], on: date, parts: UnitParts, before: Sequence[Action]
) -> tuple[str, Sequence[Change]]:
    """The kind and the lines of an event whose numbers are those of its day, after the
    actions ``before`` it.

    What a conversion or an exercise yields is entered as the agreement has it, where that
    comes to what the file says; where the file says something else, as it says it.
    """
    if kind in (Kind.CONVERSION, Kind.EXERCISE):
        of, per = (
            ("preferred", parts.common_per_preferred) if kind == Kind.CONVERSION
            else ("warrant", parts.common_per_warrant)
        )  # fmt: skip
        used = -sum(c.change for c in changes if c.security == of)
        got = [c for c in changes if c.security != of]
        as_signed, rate = used * per, course(before).rates[of]
        if len(got) == 1 and got[0].security == "common" and used > 0 and (
            int(as_signed * rate) == got[0].change
        ):  # fmt: skip
            return kind, [
                c._replace(change=as_signed) if c.security == "common" else c for c in changes
            ]
        return Kind.TAKEN_OVER, changes
    if kind in (Kind.SHARES, Kind.TRANSFER):
        of_units = any(c.security == "unit" for c in changes)
        return (Kind.TRANSFER if of_units and not before else Kind.SHARES), changes
    if kind == Kind.PUBLIC_SALE and all(c.security == "common" for c in changes):
        return kind, changes
    if kind == Kind.EXPIRY and all(c.expires_on and c.expires_on < on for c in changes):
        return kind, changes
    if kind == Kind.TAKEN_OVER:
        return kind, changes
    return Kind.CORRECTION, changes


def _action(effect: Mapping[str, Any], file: str) -> ActionIn:
    return ActionIn(
        effect["kind"], effect["security"], effect["numerator"], effect["denominator"],
        date.fromisoformat(effect["on"]), effect["fractions"], effect["security"],
        effect["place"], effect["rates_follow"], f"From {file}" if file else "",
    )  # fmt: skip


def _fact(effect: Mapping[str, Any]) -> Action:
    a = _action(effect, "")
    return Action(
        a.on, a.place, a.kind, a.security, a.into, a.numerator, a.denominator, a.fractions,
        a.rates_follow,
    )  # fmt: skip


def _names(agreement: Agreement) -> set[str]:
    names = Investor.objects.filter(agreement=agreement).values_list("name", flat=True)
    return {name.lower() for name in names}


def _is_uuid(key: str) -> bool:
    try:
        return str(uuid.UUID(key)) == key
    except ValueError:
        return False
