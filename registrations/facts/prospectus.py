"""What is on record of the prospectuses of a matter's statement, its suspensions and its
states: rows in, facts out (S2, S3, S4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Prefetch

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

PostOf = Callable[[int, int | None], Post]


def selling_of(
    demand: Demand,
    *,
    covers: Mapping[int, int] | None,
    asked: Mapping[int, str],
    names: Mapping[int, str],
    post: PostOf,
    life: Mapping[str, date | None],
) -> prospectus.Selling:
    """The Selling Investors of a filed matter and what was done about its prospectus.

    They are those the statement covers; where nobody has recorded whom it covers, those
    who ``asked`` to be in it, with nothing known of their shares.  ``post`` gives a
    notice's copies to an Investor, ``life`` the days of the statement's own life.
    """
    if covers is None:
        sellers = [prospectus.Seller(pk, name) for pk, name in asked.items()]
    else:
        sellers = [prospectus.Seller(pk, names[pk], n) for pk, n in covers.items() if n]
    suspensions = [_suspension(s, names, post) for s in suspensions_of(demand)]
    furnished = ProspectusCopies.objects.standing().filter(statement__demand=demand)
    return prospectus.Selling(
        ref=demand.reference,
        sellers=tuple(sorted(sellers, key=lambda s: (s.name, s.investor))),
        keeps=not demand.by_company,
        suspensions=tuple(suspensions),
        furnished=tuple(
            prospectus.Furnished(*row)
            for row in furnished.order_by("pk").values_list(
                "investor_id", "kind", "copies", "sent_on", "received_on", "suspension_id"
            )
        ),
        **life,
    )


def suspensions_of(demand: Demand) -> list[Suspension]:
    """The suspensions of a matter with the entries that stand, the first first."""
    return list(
        Suspension.objects.filter(statement__demand=demand)
        .order_by("number")
        .prefetch_related(
            Prefetch("records", SuspensionRecord.objects.standing(), "standing_records"),
            Prefetch(
                "letters",
                SuspensionLetter.objects.standing().select_related("notice").order_by("pk"),
                "standing_letters",
            ),
            Prefetch(
                "answers",
                SuspensionAnswer.objects.standing().order_by("on", "pk"),
                "standing_answers",
            ),
        )
    )


def _suspension(
    suspension: Suspension, names: Mapping[int, str], post: PostOf
) -> prospectus.Suspension:
    records = {r.kind: r for r in suspension.standing_records}  # type: ignore[attr-defined]  # suspensions_of
    amended = records[SuspensionRecord.Kind.AMENDED]
    released = records.get(SuspensionRecord.Kind.RELEASED)
    answers = suspension.standing_answers  # type: ignore[attr-defined]  # suspensions_of
    letters = []
    for letter in suspension.standing_letters:  # type: ignore[attr-defined]  # suspensions_of
        to = {who: post(letter.notice_id, who) for who in names}
        letters.append(
            prospectus.Letter(
                letter.notice_id,
                {who: copies for who, copies in to.items() if copies.copies},
                letter.asks_to_stop,
                letter.time,
            )
        )
    return prospectus.Suspension(
        suspension.pk,
        suspension.reference,
        amended.on,
        amended.time,
        amended.note,
        tuple(letters),
        {a.investor_id: a.on for a in answers if a.kind == SuspensionAnswer.Kind.ACKNOWLEDGED},
        tuple(
            prospectus.Returned(a.investor_id, a.on, a.copies)
            for a in answers
            if a.kind == SuspensionAnswer.Kind.RETURNED
        ),
        released.on if released else None,
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
