"""What happened on a register, as Open Cap Format has it: certificates made and used up.

The lines of one act are one event.  Its holders' numbers are those of its own day, after the
corporate actions before it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Min, Sum

from investors.acts import Refused
from investors.models import Agreement, CorporateAction, Investor, LedgerEntry, Transfer

from ..facts import action_of, actions_of, worked_from
from ..rules.actions import Action, course, in_order
from ..rules.days import say
from ..rules.securities import Line, worked
from ..spreadsheets.ocf import OUTSIDER, said_action, said_event, said_public, said_units

Kind = LedgerEntry.Kind
CLASSES = {
    "common": ("Common Stock", "COMMON", "CS-"),
    "preferred": ("Series A Preferred Stock", "PREFERRED", "PA-"),
}
Holder = int | str  # an Investor's key, or the name of somebody on no register
Pile = tuple[Holder, str, date | None]


class Event(NamedTuple):
    """Something that happened on a day: what whose holding of which lot changed by; or a
    corporate action."""

    key: str
    on: date
    kind: str
    changes: dict[Pile, int]
    note: str = ""
    sold_under: str = ""
    reference: str = ""
    to: str = ""  # who took it, where that one is on no register
    action: Action | None = None


class _Piece(NamedTuple):
    security_id: str
    taken: int
    rest: int


def of_agreement(agreement: Agreement, what: str) -> str:
    """The id of something there is one of under an agreement."""
    return _id("agreement", agreement.slug, what)


def classes_id(agreement: Agreement, security: str) -> str:
    """The id of a class of stock."""
    return of_agreement(agreement, security)


def _id(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, ":".join(map(str, parts))))


def happened(agreement: Agreement, upto: date) -> list[Event]:
    """Everything that happened on a register by the end of a day, day by day; the actions of
    a day first, as holdings entered for it are counted after them."""
    rows = CorporateAction.objects.standing().filter(agreement=agreement, on__lte=upto)
    found = [
        Event(str(row.public_id), row.on, row.kind, {}, row.note, action=action_of(row))
        for row in rows.exclude(kind=CorporateAction.Kind.VOID).order_by("on", "place")
    ]
    lines: Any = (
        LedgerEntry.objects.filter(agreement=agreement, on__lte=upto)
        .values_list("act", "on", "kind", "investor_id", "security", "expires_on")
        .annotate(
            change=Sum("change"),
            first=Min("pk"),
            note=Max("note"),
            under=Max("sold_under"),
            reference=Max("reference"),
        )
        .order_by("on", "first")
    )
    actions = in_order(actions_of(agreement, upto))
    taken = dict(
        Transfer.objects.standing().filter(agreement=agreement).values_list("act", "taker_name")
    )
    events: dict[tuple[uuid.UUID, date], Event] = {}
    for act, on, kind, who, security, expires, change, _, note, under, reference in lines:
        event = events.get((act, on))
        if event is None:
            event = Event(
                str(act), on, kind, defaultdict(int), note, under, reference, taken.get(act, "")
            )
            events[act, on] = event
        line = Line(who, security, change, on, expires, worked_from(kind, security))
        for each in worked(line, course(a for a in actions if a.on <= on)):
            event.changes[who, each.security, each.expires_on] += each.change
    found += events.values()
    return sorted(found, key=lambda event: (event.on, event.action is None))


class Certificates:
    """The certificates of a register as they are made, split up and used up."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.transactions: list[dict[str, Any]] = []
        self.outsiders: dict[str, dict[str, Any]] = {}
        self.units: dict[int, list[str]] = defaultdict(list)
        self._ids = dict(
            Investor.objects.filter(agreement=agreement).values_list("pk", "public_id")
        )
        self._piles: dict[Pile, list[list[Any]]] = defaultdict(list)
        self._waiting: list[Event] = []
        self._day: date | None = None

    def enter(self, event: Event) -> None:
        """Let an event happen, given day by day.  What gives more than there is yet waits
        for the other events of its day.  Raises ``Refused`` when that never comes."""
        if event.on != self._day:
            self.finish()
            self._day = event.on
        if event.action is not None:
            self._undergo(event, event.action)
        elif self._short(event):
            self._waiting.append(event)
        else:
            self._happen(event)
            self._try_waiting()

    def finish(self) -> None:
        """Have nothing wait any more."""
        self._try_waiting()
        if self._waiting:
            on = self._waiting[0].on
            raise Refused(
                "", f"What is on record for {say(on)} cannot be put in an order in which nobody "
                "gives what it has not. Open Cap Format asks for one.",
            )  # fmt: skip

    def _try_waiting(self) -> None:
        moved = True
        while moved:
            moved = False
            for event in list(self._waiting):
                if not self._short(event):
                    self._waiting.remove(event)
                    self._happen(event)
                    moved = True

    def _short(self, event: Event) -> bool:
        return any(
            change < 0 and sum(n for _, n in self._piles[pile]) < -change
            for pile, change in event.changes.items()
            if pile[1] != "unit"
        )

    def _happen(self, event: Event) -> None:
        given: dict[Pile, int] = {}
        got: dict[Pile, int] = {}
        for pile, change in event.changes.items():
            if pile[1] == "unit":
                if change:
                    assert isinstance(pile[0], int)
                    said = said_units(change, event.on, event.key, event.kind)
                    self.units[pile[0]].append(said)
            elif change:
                (got if change > 0 else given)[pile] = abs(change)
        if not given:
            for pile, n in got.items():
                self._issue(event, pile, n)
        elif {who for who, *_ in given} == {who for who, *_ in got}:
            self._turn(event, given, got)
        elif got:
            for (giver, security, last), n in given.items():
                taken = min(got, key=lambda pile: pile[1:] != (security, last))
                self._transfer(event, (giver, security, last), n, taken[0])
        elif event.to or event.kind == Kind.PUBLIC_SALE:
            to = self._outsider(event)
            for pile, n in given.items():
                self._transfer(event, pile, n, to)
        else:
            for pile, n in given.items():
                self._cancel(event, pile, n)

    def _issue(self, event: Event, pile: Pile, n: int, *, part: str = "") -> str:
        """A certificate of so many."""
        who, security, last = pile
        security_id = _id(event.key, "security", self._who(who), security, last, part)
        told: dict[str, Any] = {
            "id": _id(security_id, "issuance"),
            "object_type": "TX_WARRANT_ISSUANCE" if security == "warrant" else "TX_STOCK_ISSUANCE",
            "security_id": security_id,
            "date": event.on.isoformat(),
            "custom_id": event.reference or security_id[:8],
            "stakeholder_id": self._who(who),
            "security_law_exemptions": [],
            "quantity": str(n),
            "comments": [said_event(event.key, event.kind)],
        }
        nothing = {"amount": "0", "currency": "USD"}
        if security == "warrant":
            common = classes_id(self.agreement, "common")
            told["purchase_price"] = nothing
            told["exercise_triggers"] = [{
                "type": "ELECTIVE_AT_WILL",
                "trigger_id": _id(security_id, "trigger"),
                "conversion_right": {
                    "type": "WARRANT_CONVERSION_RIGHT",
                    "conversion_mechanism": {
                        "type": "CUSTOM_CONVERSION",
                        "custom_conversion_description": "As the warrant certificate says.",
                    },
                    "converts_to_stock_class_id": common,
                },
            }]  # fmt: skip
            if last is not None:
                told["warrant_expiration_date"] = last.isoformat()
        else:
            told["stock_class_id"] = classes_id(self.agreement, security)
            told["share_price"] = nothing
            told["stock_legend_ids"] = []
        self.transactions.append(told)
        if n:
            self._piles[pile].append([security_id, n])
        return security_id

    def _use(self, pile: Pile, n: int) -> list[_Piece]:
        """Certificates for so many taken from a pile, the oldest first; of the last a rest
        may be left."""
        found = []
        held = self._piles[pile]
        while n:
            security_id, there = held.pop(0)
            taken = min(n, there)
            found.append(_Piece(security_id, taken, there - taken))
            n -= taken
        return found

    def _balance(self, event: Event, pile: Pile, piece: _Piece) -> dict[str, str]:
        """A certificate for what is left of one, the first to be used next."""
        if not piece.rest:
            return {}
        part = f"rest of {piece.security_id}"
        security_id = self._issue(event, pile, piece.rest, part=part)
        self._piles[pile].insert(0, self._piles[pile].pop())
        return {"balance_security_id": security_id}

    def _add(self, event: Event, name: str, piece: _Piece, **told: Any) -> None:
        self.transactions.append({
            "id": _id(event.key, name, piece.security_id),
            "object_type": name,
            "date": event.on.isoformat(),
            "security_id": piece.security_id,
            **told,
            "comments": [said_event(event.key, event.kind)],
        })  # fmt: skip

    def _transfer(self, event: Event, pile: Pile, n: int, to: Holder) -> None:
        _, security, last = pile
        for piece in self._use(pile, n):
            balance = self._balance(event, pile, piece)
            got = self._issue(event, (to, security, last), piece.taken, part=piece.security_id)
            name = "TX_WARRANT_TRANSFER" if security == "warrant" else "TX_STOCK_TRANSFER"
            self._add(
                event, name, piece, quantity=str(piece.taken), resulting_security_ids=[got],
                **balance,
            )  # fmt: skip

    def _cancel(self, event: Event, pile: Pile, n: int) -> None:
        name = "TX_WARRANT_CANCELLATION" if pile[1] == "warrant" else "TX_STOCK_CANCELLATION"
        why = event.note or str(Kind(event.kind).label)
        for piece in self._use(pile, n):
            balance = self._balance(event, pile, piece)
            self._add(event, name, piece, quantity=str(piece.taken), reason_text=why, **balance)

    def _turn(self, event: Event, given: dict[Pile, int], got: dict[Pile, int]) -> None:
        """What a holder had became something else: a conversion or an exercise."""
        total, done, share = sum(given.values()), 0, dict.fromkeys(got, 0)
        for pile, n in given.items():
            for piece in self._use(pile, n):
                balance = self._balance(event, pile, piece)
                done += piece.taken
                made = []
                for into, whole in got.items():
                    part = whole * done // total - share[into]
                    share[into] += part
                    made.append(self._issue(event, into, part, part=piece.security_id))
                if pile[1] == "warrant":
                    self._add(
                        event, "TX_WARRANT_EXERCISE", piece,
                        trigger_id=_id(piece.security_id, "trigger"),
                        resulting_security_ids=[*made, *balance.values()],
                    )  # fmt: skip
                else:
                    self._add(
                        event, "TX_STOCK_CONVERSION", piece, quantity_converted=str(piece.taken),
                        resulting_security_ids=made, **balance,
                    )  # fmt: skip

    def _undergo(self, event: Event, action: Action) -> None:
        piles: dict[Holder, list[Pile]] = defaultdict(list)
        for pile, held in self._piles.items():
            alive = pile[2] is None or pile[2] >= action.on
            if pile[1] == action.security and alive and isinstance(pile[0], int) and held:
                piles[pile[0]].append(pile)
        for holder, mine in piles.items():
            total = sum(n for pile in mine for _, n in self._piles[pile])
            after = action.whole(total)
            if action.into == action.security:
                self._multiply(mine, action, after)
                continue
            part = event._replace(
                key=_id(event.key, self._who(holder)), kind=Kind.TAKEN_OVER,
                note=f"Exchanged: {action.words}",
            )  # fmt: skip
            given = {pile: sum(n for _, n in self._piles[pile]) for pile in mine}
            if after:
                self._turn(part, given, {(holder, action.into, None): after})
            else:
                for pile, n in given.items():
                    self._cancel(part, pile, n)
        if action.into == action.security:
            more = action.denominator if action.kind == "dividend" else 0
            self.transactions.append({
                "id": event.key,
                "object_type": "TX_STOCK_CLASS_SPLIT",
                "date": event.on.isoformat(),
                "stock_class_id": classes_id(self.agreement, action.security),
                "split_ratio": {
                    "numerator": str(action.numerator + more),
                    "denominator": str(action.denominator),
                },
                "comments": [
                    said_action(action.kind, action.place, action.fractions, action.rates_follow)
                ],
            })  # fmt: skip

    def _multiply(self, piles: list[Pile], action: Action, after: int) -> None:
        """Parts of a share make whole ones for the certificates with the largest part."""
        held = [each for pile in piles for each in self._piles[pile]]
        parts = [action.of(n) % 1 for _, n in held]
        for each in held:
            each[1] = action.of(each[1]) // 1
        odd = after - sum(n for _, n in held)
        for at in sorted(range(len(held)), key=lambda at: -parts[at])[:odd]:
            held[at][1] += 1
        for pile in piles:
            self._piles[pile] = [each for each in self._piles[pile] if each[1]]

    def _outsider(self, event: Event) -> str:
        """Whoever took something and is on no register, or the public."""
        if event.kind == Kind.PUBLIC_SALE:
            under = event.sold_under or "statement"
            name, comment = f"The public, {under.replace('_', ' ')}", said_public(under)
        else:
            name, comment = event.to, OUTSIDER
        self.outsiders.setdefault(name, {
            "id": of_agreement(self.agreement, f"outside {name}"),
            "object_type": "STAKEHOLDER",
            "name": {"legal_name": name},
            "stakeholder_type": "INSTITUTION",
            "comments": [comment],
        })  # fmt: skip
        return name

    def _who(self, holder: Holder) -> str:
        if isinstance(holder, int):
            return str(self._ids[holder])
        return of_agreement(self.agreement, f"outside {holder}")
