"""What is on record of the prospectuses of a matter's statement, its suspensions and its
states: rows in, facts out (S2, S3, S4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ..models import (
    Demand,
    ProspectusCopies,
    StateEntry,
    Statement,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from ..rules import prospectus
from ..rules.blue_sky import StateFact
from ..rules.notice import Post
from .together import Rows, part, together

CopiesOf = Callable[[int], Mapping[int, Post]]


def _prospectuses(demand: Demand) -> Rows:
    """What was done about the prospectus of a matter's statement, in one query."""
    of_matter = {"suspension__statement__demand": demand}
    furnished = ProspectusCopies.objects.standing().filter(statement__demand=demand)
    return together({
        "suspensions": part(Suspension.objects.filter(statement__demand=demand), "number", "pk"),
        "suspended": part(
            SuspensionRecord.objects.standing().filter(**of_matter),
            "suspension_id", "kind", "on", "time", "note",
        ),
        "letters": part(
            SuspensionLetter.objects.standing().filter(**of_matter),
            "suspension_id", "notice_id", "asks_to_stop", "time",
        ),
        "answered": part(
            SuspensionAnswer.objects.standing().filter(**of_matter),
            "on", "pk", "suspension_id", "kind", "investor_id", "copies",
        ),
        "furnished": part(
            furnished, "investor_id", "kind", "copies", "sent_on", "received_on", "suspension_id"
        ),
    })  # fmt: skip


def selling_of(
    demand: Demand,
    *,
    covers: Mapping[int, int] | None,
    asked: Mapping[int, str],
    names: Mapping[int, str],
    copies_of: CopiesOf,
    life: Mapping[str, date | None],
) -> prospectus.Selling:
    """The Selling Investors of a filed matter and what was done about its prospectus.

    They are those the statement covers; where nobody has recorded whom it covers, those
    who ``asked`` to be in it, with nothing known of their shares.  ``copies_of`` gives
    a notice's copies by Investor, ``life`` the days of the statement's own life.
    """
    rows = _prospectuses(demand)
    if covers is None:
        sellers = [prospectus.Seller(pk, name) for pk, name in asked.items()]
    else:
        sellers = [prospectus.Seller(pk, names[pk], n) for pk, n in covers.items() if n]
    return prospectus.Selling(
        ref=demand.reference,
        sellers=tuple(sorted(sellers, key=lambda s: (s.name, s.investor))),
        keeps=not demand.by_company,
        suspensions=tuple(
            _suspension(pk, Suspension(number=number).reference, rows, copies_of)
            for number, pk in sorted(rows["suspensions"])
        ),
        furnished=tuple(prospectus.Furnished(*row) for row in rows["furnished"]),
        **life,
    )


def _suspension(pk: int, reference: str, rows: Rows, copies_of: CopiesOf) -> prospectus.Suspension:
    records = {kind: what for of, kind, *what in rows["suspended"] if of == pk}
    amended_on, at, note = records[SuspensionRecord.Kind.AMENDED]
    released_on, *_ = records.get(SuspensionRecord.Kind.RELEASED, (None,))
    by_day = sorted(rows["answered"], key=lambda a: a[:2])
    answers = [(on, *what) for on, _, of, *what in by_day if of == pk]
    return prospectus.Suspension(
        pk,
        reference,
        amended_on,
        at,
        note,
        tuple(
            prospectus.Letter(notice, copies_of(notice), asks_to_stop, time)
            for of, notice, asks_to_stop, time in rows["letters"]
            if of == pk
        ),
        {who: on for on, kind, who, _ in answers if kind == SuspensionAnswer.Kind.ACKNOWLEDGED},
        tuple(
            prospectus.Returned(who, on, copies)
            for on, kind, who, copies in answers
            if kind == SuspensionAnswer.Kind.RETURNED
        ),
        released_on,
    )


def state_facts(statement: Statement) -> list[StateFact]:
    """Every entry that stands about a statement's states (S3)."""
    entries = StateEntry.objects.standing().filter(statement=statement).order_by("pk")
    return [
        StateFact(pk, state, kind, on, who or "", note)
        for pk, state, kind, on, who, note in entries.values_list(
            "pk", "state", "kind", "on", "investor__name", "note"
        )
    ]
