"""When a communication is given and when it is received (N1–N5, section 8(a)).

Given and received are different facts, and each rule elsewhere says which it runs from.
A copy whose receipt is not on record has not been received as far as anyone can prove,
and the dates that hang on its receipt are unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .days import say
from .findings import Awaited, Fact, Reason
from .terms import GivenWhen, Terms

METHOD_NAMES = {
    "registered_mail": "registered mail",
    "certified_mail": "certified mail",
    "personal": "personal delivery",
    "facsimile": "facsimile",
    "regular_mail": "regular mail",
    "portal": "the portal",
    "email": "e-mail",
}


class Copy(NamedTuple):
    """One copy on its way to one addressee: facts only.

    ``address`` is the id of the address it was sent to, ``None`` where the method needs
    none or it was not noted down.
    """

    id: int
    method: str
    sent_on: date | None = None
    received_on: date | None = None
    address: int | None = None


class Address(NamedTuple):
    """An address for notices, in force from the day notice of it had been given to all
    other parties (N5)."""

    id: int
    in_force_from: date


class Consent(NamedTuple):
    """A party's signed consent to electronic delivery, from ``signed_on`` until the day
    it was withdrawn (N4, section 8(c))."""

    signed_on: date
    withdrawn_on: date | None = None

    def in_force(self, day: date) -> bool:
        return self.signed_on <= day and (self.withdrawn_on is None or day < self.withdrawn_on)


class Arrival(NamedTuple):
    """What a copy amounts to: the day it was given, the day it was received, and why."""

    given_on: date | None
    received_on: date | None
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()


def arrival(
    copy: Copy,
    *,
    terms: Terms,
    addresses: Sequence[Address] = (),
    consents: Sequence[Consent] = (),
) -> Arrival:
    """The days one copy was given and received, section 8(a).

    ``addresses`` and ``consents`` are the addressee's.  A method the agreement lists as
    good on sending counts from sending only when it went to the addressee's address of
    record on that day (N1, N5); otherwise, and for every other listed method, it counts
    on actual receipt (N2).  An electronic copy counts on actual receipt, and only under
    a consent in force that day (N4).  A method the agreement does not know is never
    given.
    """
    clause = terms.clause("notice_methods")
    name = METHOD_NAMES.get(copy.method, copy.method)
    when = terms.notice_methods.get(copy.method)

    if when is None:
        return _electronic(copy, name, terms=terms, consents=consents)

    if when is GivenWhen.SENT:
        if copy.sent_on is None:
            return Arrival(
                None,
                copy.received_on,
                (Reason("N1", clause, f"Sent by {name}, given when sent; no day of sending"),),
                (Awaited(f"the day it was sent by {name}", clause),),
            )
        if _of_record(copy, addresses):
            return Arrival(
                copy.sent_on,
                copy.received_on,
                (
                    Reason(
                        "N1",
                        clause,
                        f"Sent by {name} to the address of record, so given when sent",
                        Fact("sent", copy.sent_on),
                    ),
                ),
            )
        return _on_receipt(copy, f"{name} to an address no longer of record", "N5", clause)

    return _on_receipt(copy, name, "N2", clause)


def earliest(arrivals: Sequence[Arrival]) -> Arrival:
    """Several copies of one notice to one addressee as one: the first given, the first
    received.  What is awaited is awaited only while no copy has supplied it."""
    if len(arrivals) == 1:
        return arrivals[0]
    given = [a for a in arrivals if a.given_on is not None]
    received = [a for a in arrivals if a.received_on is not None]
    first_given = min(given, key=lambda a: a.given_on or date.max, default=None)
    first_received = min(received, key=lambda a: a.received_on or date.max, default=None)
    return Arrival(
        first_given.given_on if first_given else None,
        first_received.received_on if first_received else None,
        (first_given or first_received or Arrival(None, None, ())).because
        or tuple(r for a in arrivals for r in a.because),
        () if first_given else tuple(w for a in arrivals for w in a.awaiting),
    )


def _of_record(copy: Copy, addresses: Sequence[Address]) -> bool:
    """Whether the copy went to the address in force on the day of sending (N5).

    A copy with no address noted is taken to have gone to the address of record: that is
    where mail goes unless somebody wrote another address on it.
    """
    if copy.address is None or copy.sent_on is None:
        return True
    in_force = [a for a in addresses if a.in_force_from <= copy.sent_on]
    if not in_force:
        return False
    return max(in_force, key=lambda a: (a.in_force_from, a.id)).id == copy.address


def _on_receipt(copy: Copy, name: str, rule: str, clause: str) -> Arrival:
    if copy.received_on is None:
        return Arrival(
            None,
            None,
            (Reason(rule, clause, f"By {name} it counts only when actually received"),),
            (Awaited(f"receipt of the copy sent by {name}", clause),),
        )
    return Arrival(
        copy.received_on,
        copy.received_on,
        (
            Reason(
                rule,
                clause,
                f"By {name} it counts only when actually received",
                Fact("received", copy.received_on),
            ),
        ),
    )


def _electronic(
    copy: Copy, name: str, *, terms: Terms, consents: Sequence[Consent]
) -> Arrival:
    clause = terms.clause("notice_methods")
    by_consent = terms.clause("electronic_methods")
    if copy.method not in terms.electronic_methods:
        return Arrival(
            None,
            None,
            (Reason("N2", clause, f"The agreement does not list {name} as a way to give notice"),),
            (Awaited("a copy by a method the agreement lists", clause),),
        )
    if copy.received_on is None:
        return Arrival(
            None,
            None,
            (Reason("N4", by_consent, f"By {name} it counts only when actually received"),),
            (Awaited(f"receipt of the copy sent by {name}", by_consent),),
        )
    if any(c.in_force(copy.received_on) for c in consents):
        return Arrival(
            copy.received_on,
            copy.received_on,
            (
                Reason(
                    "N4",
                    by_consent,
                    f"A signed consent to electronic delivery was in force, so {name} counts "
                    "on receipt",
                    Fact("received", copy.received_on),
                ),
            ),
        )
    return Arrival(
        None,
        None,
        (
            Reason(
                "N4",
                by_consent,
                f"{name[0].upper()}{name[1:]} is not a listed method and no signed consent "
                f"was in force on {say(copy.received_on)}",
            ),
        ),
        (Awaited("a signed consent to electronic delivery, or the letter itself", by_consent),),
    )
