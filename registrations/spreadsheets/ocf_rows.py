"""What an Open Cap Format file comes to in rows: who there is, and what their holdings
changed by in each event.

A certificate there is used up by what happens to it, and followed by others.  Here that is
one event: so many fewer for one holder, so many more for another, or of another security.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, BinaryIO, NamedTuple

from .files import Unreadable
from .ocf import (
    ISSUANCES,
    OUTSIDER,
    READS_ACTION,
    READS_EVENT,
    READS_PARTY,
    READS_PUBLIC,
    READS_UNITS,
    SPLIT,
    Package,
    called,
    comments,
    day_in,
    ids_in,
    package_of,
    text_of,
    whole_in,
)  # fmt: skip

COLUMNS = (
    "name", "kind", "party_from", "address", "facsimile", "contact_name", "contact_email",
    "note", "security", "quantity", "on", "expires_on", "reference",
)  # fmt: skip
EFFECT = "effect"
_TYPES = {"COMMON": "common", "PREFERRED": "preferred"}
_KINDS = {"TRANSFER": "shares", "CONVERSION": "conversion", "EXERCISE": "exercise"}


class Certificate(NamedTuple):
    """A security as it was issued."""

    what: dict[str, Any]
    holder: str
    security: str
    quantity: int
    on: date
    expires_on: str


class Event:
    """What happened at once: changes by holder, security and last day."""

    def __init__(self, key: str, on: date, kind: str) -> None:
        self.key, self.on, self.kind = key, on, kind
        self.changes: dict[tuple[str, str, str], int] = {}
        self.note = self.to = self.under = ""

    def add(self, holder: str, security: str, expires_on: str, change: int) -> None:
        pile = (holder, security, expires_on)
        self.changes[pile] = self.changes.get(pile, 0) + change


def rows_of_package(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of an Open Cap Format file, the names of the columns first: everybody in it,
    then what happened, day by day.  Raises ``Unreadable`` before the first row of it."""
    found = _Reading(package_of(file))
    yield 1, [*COLUMNS, EFFECT]
    yield from enumerate(found.rows(), 2)


class _Reading:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.events: dict[tuple[str, date], Event] = {}
        self.actions: list[dict[str, Any]] = []
        self.names = {known_as: _name(s) for known_as, s in package.stakeholders.items()}
        self.classes = {known_as: _class(c) for known_as, c in package.classes.items()}
        self._one_name_each()
        self.outside = {
            known_as: s for known_as, s in package.stakeholders.items() if _is_outside(s)
        }
        transactions = package.transactions.values()
        self.certificates: dict[str, Certificate] = {}
        self.class_of: dict[str, str] = {}
        for each in transactions:
            if each["object_type"] in ISSUANCES:
                self._issued(each)
        self.splits = sorted(
            (self._split(each) for each in transactions if each["object_type"] == SPLIT),
            key=lambda split: (split["on"], split["place"]),
        )
        uses = [t for t in transactions if t["object_type"] not in {*ISSUANCES, SPLIT}]
        followed = self._followed(uses)
        self.called_so = Counter(
            custom for c in self.certificates.values()
            if isinstance(custom := c.what.get("custom_id"), str)
        )  # fmt: skip
        for security_id, certificate in self.certificates.items():
            if security_id not in followed:
                self._acquired(certificate)
        for each in uses:
            self._used(each)
        for known_as, who in package.stakeholders.items():
            self._units(known_as, who)

    def _one_name_each(self) -> None:
        seen: dict[str, str] = {}
        for known_as, name in self.names.items():
            if (other := seen.setdefault(name.casefold(), known_as)) != known_as:
                raise Unreadable(
                    f"STAKEHOLDER {other[:80]} and {known_as[:80]} are both called {name[:80]}. "
                    "A name is on the register once: give them names that tell them apart."
                )

    def _issued(self, what: dict[str, Any]) -> None:
        security_id = text_of(what, "security_id")
        if security_id in self.certificates:
            raise Unreadable(f"{called(what)}: the security_id {security_id[:80]} is used twice.")
        holder = self._refers(what, "stakeholder_id", self.names)
        security, last = "warrant", ""
        if what["object_type"] == "TX_STOCK_ISSUANCE":
            class_id = self._refers(what, "stock_class_id", self.classes)
            security = self.classes[class_id]
            if self.class_of.setdefault(security, class_id) != class_id:
                raise Unreadable(
                    f"There are certificates of more than one class of {security} stock, and "
                    "this register keeps one. Leave the others out of the file."
                )
        elif what.get("warrant_expiration_date"):
            last = day_in(what, "warrant_expiration_date").isoformat()
        self.certificates[security_id] = Certificate(
            what, holder, security, whole_in(what, "quantity", least=0), day_in(what), last
        )

    def _refers(self, what: dict[str, Any], field: str, known: dict[str, Any]) -> str:
        to = text_of(what, field)
        if to not in known:
            raise Unreadable(f"{called(what)}: its {field} {to[:80]} is not in the file.")
        return to

    def _split(self, what: dict[str, Any]) -> dict[str, Any]:
        security = self.classes[self._refers(what, "stock_class_id", self.classes)]
        ratio = what.get("split_ratio")
        ratio = {**what, **(ratio if isinstance(ratio, dict) else {})}
        n, m = (whole_in(ratio, field) for field in ("numerator", "denominator"))
        kind, place, fractions, rates = "split", 0, "dropped", "follow"
        for said in comments(what, READS_ACTION):
            kind, fractions, rates, place = said[1], said[3], said[4], int(said[2])
        if kind == "dividend" and n <= m:
            raise Unreadable(f"{called(what)}: a dividend leaves more than there was.")
        on = day_in(what)
        same_day = sum(1 for a in self.actions if a["on"] == on.isoformat())
        action = {
            "kind": kind, "security": security, "numerator": n - m if kind == "dividend" else n,
            "denominator": m, "on": on.isoformat(), "fractions": fractions,
            "place": place or same_day + 1, "rates_follow": rates == "follow",
            "said": f"{n:,} for {m:,} split",
        }  # fmt: skip
        self.actions.append(action | {"id": what["id"]})
        return action | {"ratio": Fraction(n, m)}

    def _followed(self, uses: list[dict[str, Any]]) -> set[str]:
        """The certificates that came of another; each of one alone."""
        found: set[str] = set()
        used: set[str] = set()
        for what in uses:
            security_id = self._refers(what, "security_id", self.certificates)
            if security_id in used:
                raise Unreadable(f"{called(what)}: {security_id[:80]} is used up already.")
            used.add(security_id)
            for each in self._results(what):
                if each not in self.certificates:
                    raise Unreadable(f"{called(what)}: what came of it, {each[:80]}, is not there.")
                if each in found:
                    raise Unreadable(f"{called(what)}: {each[:80]} came of something else too.")
                if self.certificates[each].on < self.certificates[security_id].on:
                    raise Unreadable(f"{called(what)}: {each[:80]} is older than what it came of.")
                found.add(each)
        return found

    def _results(self, what: dict[str, Any]) -> list[str]:
        balance = what.get("balance_security_id")
        if balance is not None and not isinstance(balance, str):
            raise Unreadable(f"{called(what)}: balance_security_id is no id.")
        made = [each for each in ids_in(what, "resulting_security_ids") if each != balance]
        return [*made, balance] if balance else made

    def _event(self, what: dict[str, Any], on: date, key: str, kind: str) -> Event:
        for said in comments(what, READS_EVENT):
            key = said[1]
            if said[2] in ("expiry", "correction") and kind == "correction":
                kind = said[2]
        return self.events.setdefault((key, on), Event(key, on, kind))

    def _acquired(self, certificate: Certificate) -> None:
        what = certificate.what
        custom = what.get("custom_id")
        alone = isinstance(custom, str) and self.called_so[custom] == 1
        known_as = str(custom) if alone else ""
        event = self._event(
            what, certificate.on, known_as or text_of(what, "security_id"), "taken_over"
        )
        self._line(event, certificate, certificate.quantity)

    def _line(self, event: Event, certificate: Certificate, change: int) -> None:
        """A change of a holding; somebody on no register has none."""
        if certificate.holder not in self.outside:
            event.add(certificate.holder, certificate.security, certificate.expires_on, change)

    def _used(self, what: dict[str, Any]) -> None:
        on, kind = day_in(what), what["object_type"]
        certificate = self.certificates[text_of(what, "security_id")]
        is_warrant = certificate.security == "warrant"
        if is_warrant != ("WARRANT" in kind):
            raise Unreadable(f"{called(what)}: it is about {certificate.security}.")
        if on < certificate.on:
            raise Unreadable(f"{called(what)}: it is dated before what it is about was issued.")
        verb = kind.rpartition("_")[2]
        made = [self.certificates[each] for each in self._results(what)]
        rests = [c for c in made if c.what["security_id"] == what.get("balance_security_id")]
        if verb == "EXERCISE":
            rests += [c for c in made if c.security == "warrant" and c not in rests]
        made = [c for c in made if c not in rests]
        rest = sum(c.quantity for c in rests)
        if any((c.holder, c.security) != (certificate.holder, certificate.security) for c in rests):
            raise Unreadable(f"{called(what)}: the rest of it is of another holder or security.")
        least, most = self._by(certificate, on)
        field = "quantity_converted" if verb == "CONVERSION" else "quantity"
        n = whole_in(what, field) if what.get(field) is not None else least - rest
        if not least <= n + rest <= most or n < 1:
            raise Unreadable(
                f"{called(what)}: it is about {n:,} and leaves {rest:,}; there were {least:,}."
            )
        event = self._event(what, on, what["id"], _KINDS.get(verb, "correction"))
        self._line(event, certificate, -n)
        for each in made:
            self._line(event, each, each.quantity)
        reason = what.get("reason_text")
        event.note = reason[:2_000] if isinstance(reason, str) else event.note
        if verb == "TRANSFER":
            self._handed_over(event, what, certificate, made, n)
        elif made and verb in ("CONVERSION", "EXERCISE"):
            if any(c.holder != certificate.holder for c in made):
                raise Unreadable(f"{called(what)}: what came of it is another holder’s.")
        elif made or verb in ("CONVERSION", "EXERCISE"):
            raise Unreadable(f"{called(what)}: what came of it does not fit what it is.")

    def _handed_over(
        self, event: Event, what: dict[str, Any], given: Certificate, made: list[Certificate],
        n: int,
    ) -> None:  # fmt: skip
        if any(c.security != given.security for c in made) or sum(c.quantity for c in made) != n:
            raise Unreadable(f"{called(what)}: what came of it is not the {n:,} it is about.")
        takers = {c.holder for c in made}
        if len(takers) != 1 or given.holder in takers or given.holder in self.outside:
            raise Unreadable(
                f"{called(what)}: a transfer is from one on the register to one other."
            )
        (taker,) = takers
        if (outsider := self.outside.get(taker)) is not None:
            event.to = self.names[taker]
            for said in comments(outsider, READS_PUBLIC):
                event.under, event.kind = said[1], "public_sale"

    def _by(self, certificate: Certificate, on: date) -> tuple[int, int]:
        """How many a certificate is for on a day after the splits: at least, and at most, as
        parts of a share of one holder’s certificates may make a whole one."""
        least = most = certificate.quantity
        for split in self.splits:
            if split["security"] == certificate.security and (
                certificate.on.isoformat() < split["on"] <= on.isoformat()
            ):
                most_exact = most * split["ratio"]
                least = int(least * split["ratio"])
                most = int(most_exact) + (most_exact.denominator > 1)
        return least, most

    def _units(self, known_as: str, who: dict[str, Any]) -> None:
        for said in comments(who, READS_UNITS):
            on = day_in({**who, "date": said[2]})
            kind = said[4] if said[4] in ("correction", "shares", "transfer") else "taken_over"
            event = self.events.setdefault((said[3], on), Event(said[3], on, kind))
            event.add(known_as, "unit", "", int(said[1]))

    def rows(self) -> Iterator[list[str]]:
        for known_as, who in self.package.stakeholders.items():
            if known_as not in self.outside:
                yield [*_person(who, self.names[known_as]), ""]
        for action in self.actions:
            yield ["", *[""] * 6, action["said"], "", "", action["on"], "", action["id"][:80],
                   json.dumps(action)]  # fmt: skip
        for event in sorted(self.events.values(), key=lambda event: event.on):
            lines = [(pile, n) for pile, n in event.changes.items() if n]
            if len(event.key) > 80:
                raise Unreadable(f"The id {event.key[:80]}… is over 80 characters.")
            for (holder, security, last), change in lines:
                effect = {
                    "event": event.key, "kind": event.kind, "sign": 1 if change > 0 else -1,
                    "to": event.to, "under": event.under, "lines": len(lines),
                }  # fmt: skip
                yield [self.names[holder], *[""] * 6, event.note, security, str(abs(change)),
                       event.on.isoformat(), last, event.key, json.dumps(effect)]  # fmt: skip


def _name(who: dict[str, Any]) -> str:
    name = who.get("name")
    legal = name.get("legal_name") if isinstance(name, dict) else None
    if not isinstance(legal, str) or not legal.strip():
        raise Unreadable(f"{called(who)} has no legal_name.")
    return " ".join(legal.split())


def _class(what: dict[str, Any]) -> str:
    found = _TYPES.get(text_of(what, "class_type"))
    if found is None:
        raise Unreadable(f"{called(what)} is neither COMMON nor PREFERRED.")
    return found


def _is_outside(who: dict[str, Any]) -> bool:
    said = who.get("comments")
    return (isinstance(said, list) and OUTSIDER in said) or any(comments(who, READS_PUBLIC))


def _person(who: dict[str, Any], name: str) -> list[str]:
    kind, since = "corporation", ""
    if who.get("stakeholder_type") == "INDIVIDUAL":
        kind = "person"
    for said in comments(who, READS_PARTY):
        kind, since = said[1], said[2]
    address = ""
    places = who.get("addresses")
    for place in places if isinstance(places, list) else ():
        if isinstance(place, dict):
            fields = ("street_suite", "city", "country_subdivision", "postal_code", "country")
            parts = [place.get(f) for f in fields if f != "country" or place.get("city")]
            address = "\n".join(p.strip() for p in parts if isinstance(p, str) and p.strip())
            break
    contact = who.get("primary_contact") or who.get("contact_info")
    contact = contact if isinstance(contact, dict) else {}
    called_by = contact.get("name")
    emails = contact.get("emails")
    email = next((e.get("email_address") for e in emails if isinstance(e, dict)), "") if (
        isinstance(emails, list)) else ""  # fmt: skip
    person = called_by.get("legal_name") if isinstance(called_by, dict) else ""
    texts = [name, kind, since, address, "", person, email, "", "", "", "", "", ""]
    return [each if isinstance(each, str) else "" for each in texts]
