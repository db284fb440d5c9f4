"""When a communication is given and when it is received (N1–N5, section 8(a)).

Given and received are different facts, and each rule elsewhere says which it runs from.
A copy whose receipt is not on record has not been received as far as anyone can prove,
and the dates that hang on its receipt are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .days import BusinessDays, by, say
from .findings import Awaited, Fact, Reason
from .terms import Given, GivenWhen, Terms
from .words import METHOD_NAMES

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_SENT = GivenWhen.SENT


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
    """An address for notices, good from the day notice of it had been given to all other
    parties; through that day the one before it is good too (N5)."""

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
    return Post((copy,), tuple(addresses), tuple(consents)).arrival(terms)


class Counting(NamedTuple):
    """How an agreement counts the copies of a notice: what one ``amounts_to`` that went by a
    method, on two days, to an address of record or not, under consents; and what it
    comes to while it is ``unsent``."""

    amounts_to: Callable[[str, date | None, date | None, bool, tuple[Consent, ...]], Arrival]
    unsent: Arrival


# Copies that went the same way on the same days share one value: a matter has thousands of
# them.  Few agreements are kept: each keeps its terms from being forgotten.
@lru_cache(maxsize=16)
def counting(terms: Terms) -> Counting:
    """How an agreement counts the copies of its notices (N1–N5)."""
    clause, by_consent = terms.clause("notice_methods"), terms.clause("electronic_methods")

    @lru_cache(maxsize=1024)
    def amounts_to(
        method: str,
        sent_on: date | None,
        received_on: date | None,
        of_record: bool,
        consents: tuple[Consent, ...],
    ) -> Arrival:
        name, rule = METHOD_NAMES.get(method, method), terms.notice_methods.get(method)
        if rule is not None:
            if rule.when is _SENT and not of_record:
                return _on_receipt(f"{name} to an address not of record", received_on, "N5", clause)
            if not rule.plain:
                return _deemed(rule, method, sent_on, received_on, terms, clause)
            if rule.when is _SENT:
                return _when_sent(name, sent_on, received_on, clause)
            return _on_receipt(name, received_on, "N2", clause)
        if not terms.notice_methods:
            return _way_unknown(name, received_on)
        if method not in terms.electronic_methods:
            return _unlisted(name, clause)
        if received_on is None:
            return _on_receipt(name, None, "N4", by_consent)
        if any(c.in_force(received_on) for c in consents):
            return _under_consent(name, received_on, by_consent)
        return _without_consent(name, received_on, by_consent)

    return Counting(amounts_to, Arrival(None, None, (), (Awaited("a copy sent", clause),)))


class Deemed(NamedTuple):
    """The day a notice is given, and the day the rule alone would make it."""

    given_on: date | None
    by_rule_on: date | None
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()


def given_on(
    rule: Given,
    method: str,
    *,
    sent_on: date | None,
    received_on: date | None,
    in_business_hours: bool = True,
    business: BusinessDays,
    clause: str = "",
) -> Deemed:
    """When a notice by a listed method is given under any agreement's rule for it.

    One sent outside business hours, or on a day that is none, counts on the recipient's
    next business day where the rule says so.
    """
    name = METHOD_NAMES.get(method, method)
    start = sent_on if rule.when is _SENT else received_on
    if start is None:
        fact = f"the day it was {rule.when.value} by {name}"
        return Deemed(None, None, (), (Awaited(fact, clause),))
    says = f"By {name} it counts from the day it was {rule.when.value}"
    because = [Reason("N1", clause, says, Fact(rule.when.value, start))]
    day = start
    if rule.next_business_day and not (in_business_hours and business.is_open(start)):
        day = business.plus(start, 1)
        says = f"Outside business hours, so on the next business day, {say(day)}"
        because.append(Reason("N1", clause, says))
    if rule.plus is not None:
        end = rule.plus.after(day, business)
        because.append(
            Reason("N1", clause, "Deemed given", Fact(rule.when.value, day), rule.plus, end)
        )
        day = end
    given = day
    if rule.or_earlier_receipt and received_on is not None and received_on < day:
        given = received_on
        fact_received = Fact("received", received_on)
        because.append(Reason("N2", clause, "It actually arrived sooner", fact_received))
    return Deemed(given, day, tuple(because))


def earliest(arrivals: Sequence[Arrival]) -> Arrival:
    """Several copies of one notice to one addressee as one: the first given, the first
    received, and why each.  What is awaited is awaited only while no copy has been given."""
    if len(arrivals) == 1:
        return arrivals[0]
    given = min((a for a in arrivals if a.given_on), key=_given_on, default=None)
    received = min((a for a in arrivals if a.received_on), key=_received_on, default=None)
    if given is not None and received is not None and given.received_on == received.received_on:
        received = given
    told = [a for a in (given, received) if a is not None] or arrivals
    return Arrival(
        given.given_on if given else None,
        received.received_on if received else None,
        tuple(dict.fromkeys(reason for a in told for reason in a.because)),
        () if given else tuple(dict.fromkeys(w for a in arrivals for w in a.awaiting)),
    )


class Post(NamedTuple):
    """Every copy of one notice to one addressee, and the addressee's addresses and
    consents to electronic delivery."""

    copies: tuple[Copy, ...] = ()
    addresses: tuple[Address, ...] = ()
    consents: tuple[Consent, ...] = ()

    def arrival(self, terms: Terms) -> Arrival:
        """When the notice was given to this addressee, and received (N1–N5)."""
        return self.counted(counting(terms))

    def counted(self, agreed: Counting) -> Arrival:
        """The same, the agreement's way of counting being at hand."""
        copies, addresses, consents = self
        if len(copies) == 1:
            ((_, method, sent_on, received_on, address),) = copies
            of_record = address is None or _of_record(address, sent_on, addresses)
            return agreed.amounts_to(method, sent_on, received_on, of_record, consents)
        if not copies:
            return agreed.unsent
        alone = [self._replace(copies=(c,)) for c in sorted(copies, key=lambda c: c.id)]
        return earliest([post.counted(agreed) for post in alone])

    def upto(self, day: date) -> Post:
        """What of this was known to have happened by the end of ``day``."""
        return self._replace(
            copies=tuple(
                c._replace(received_on=by(c.received_on, day))
                for c in self.copies
                if (c.sent_on or c.received_on or day) <= day
            )
        )


def _given_on(arrived: Arrival) -> date:
    return arrived.given_on or date.max


def _received_on(arrived: Arrival) -> date:
    return arrived.received_on or date.max


def _of_record(address: int, sent_on: date | None, addresses: Sequence[Address]) -> bool:
    """Whether a copy sent to ``address`` went to an address of record on that day (N5).

    A new address counts for what is sent *after* notice of it, and a day has no hours
    here: on the day of the change the old address and the new are both good.  A copy with
    no address noted is taken to have gone to the address of record: that is where mail
    goes unless somebody wrote another address on it.
    """
    if sent_on is None:
        return True
    if len(addresses) == 1:
        ((known, in_force_from),) = addresses
        return known == address and in_force_from <= sent_on
    before: tuple[date, int] | None = None
    for known, in_force_from in addresses:
        if in_force_from == sent_on:
            if known == address:
                return True
        elif in_force_from < sent_on and (before is None or (in_force_from, known) > before):
            before = in_force_from, known
    return before is not None and before[1] == address


def _deemed(
    rule: Given,
    method: str,
    sent_on: date | None,
    received_on: date | None,
    terms: Terms,
    clause: str,
) -> Arrival:
    """A copy under a rule that deems it given some time after, or on receipt if sooner."""
    told = given_on(
        rule,
        method,
        sent_on=sent_on,
        received_on=received_on,
        business=terms.calendars.business,
        clause=clause,
    )
    return Arrival(told.given_on, received_on, told.because, told.awaiting)


def _when_sent(name: str, sent_on: date | None, received_on: date | None, clause: str) -> Arrival:
    if sent_on is None:
        return Arrival(
            None,
            received_on,
            (Reason("N1", clause, f"Sent by {name}, given when sent; no day of sending"),),
            (Awaited(f"the day it was sent by {name}", clause),),
        )
    because = Reason(
        "N1",
        clause,
        f"Sent by {name} to the address of record, so given when sent",
        Fact("sent", sent_on),
    )
    return Arrival(sent_on, received_on, (because,))


def _on_receipt(name: str, received_on: date | None, rule: str, clause: str) -> Arrival:
    says = f"By {name} it counts only when actually received"
    if received_on is None:
        awaiting = Awaited(f"receipt of the copy sent by {name}", clause)
        return Arrival(None, None, (Reason(rule, clause, says),), (awaiting,))
    because = Reason(rule, clause, says, Fact("received", received_on))
    return Arrival(received_on, received_on, (because,))


def _under_consent(name: str, received_on: date, clause: str) -> Arrival:
    because = Reason(
        "N4",
        clause,
        f"A signed consent to electronic delivery was in force, so {name} counts on receipt",
        Fact("received", received_on),
    )
    return Arrival(received_on, received_on, (because,))


def _without_consent(name: str, received_on: date, clause: str) -> Arrival:
    because = Reason(
        "N4",
        clause,
        f"{name[0].upper()}{name[1:]} is not a listed method and no signed consent was in "
        f"force on {say(received_on)}",
    )
    awaiting = Awaited("a signed consent to electronic delivery, or the letter itself", clause)
    return Arrival(None, None, (because,), (awaiting,))


def _way_unknown(name: str, received_on: date | None) -> Arrival:
    """A copy under an agreement whose ways of notice are not on record: it may have come,
    and whether that gives it nobody can say."""
    says = f"The agreement’s ways to give notice are not on record, so whether {name} is one"
    awaiting = Awaited("the agreement’s term on notices", "")
    return Arrival(None, received_on, (Reason("N2", "", f"{says} is not known"),), (awaiting,))


def _unlisted(name: str, clause: str) -> Arrival:
    because = Reason("N2", clause, f"The agreement does not list {name} as a way to give notice")
    awaiting = Awaited("a copy by a method the agreement lists", clause)
    return Arrival(None, None, (because,), (awaiting,))
