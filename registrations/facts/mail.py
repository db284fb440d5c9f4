"""A matter's correspondence: its copies, the addressees, and what each asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from investors.models import (
    Address,
    AddressNotice,
    Agreement,
    ElectronicConsent,
    Investor,
)
from notices.models import DeliveryRecord, Notice, RequestRecord

from ..models import (
    Demand,
)
from ..rules import (
    notice,
)
from .terms import began_in
from .together import Part, Rows, part

TELLS = (Notice.Kind.COMPANY, Notice.Kind.REGISTRATION)
"""The notices that invite Investors to join."""


ANSWERS = (Notice.Kind.REQUEST, Notice.Kind.PIGGYBACK, Notice.Kind.DECLINE)
"""What they answer with."""


class Mail:
    """A matter's copies, and the addressees' names, addresses and consents, each read
    once.  The Company's key is ``None``.

    What had not happened by ``as_of`` is left out, except from ``began_on``.
    """

    def __init__(self, demand: Demand, rows: Rows, as_of: date | None = None) -> None:
        self._copies: dict[int, dict[int | None, tuple[notice.Copy, ...]]] = defaultdict(dict)
        self._told: dict[int, tuple[notice.Copy, ...]] = {}
        answers: dict[int, tuple[str, int]] = {}
        # Entries replaced come too, and are left out here: few are, and PostgreSQL need not
        # look for them.
        entries = list(
            DeliveryRecord.objects.filter(delivery__notice__in=in_thread(demand))
            .order_by()
            .values_list(
                "pk",
                "replaces_id",
                "delivery_id",
                "method",
                "sent_on",
                "received_on",
                "address_id",
                "delivery__notice_id",
                "delivery__recipient_id",
                "delivery__notice__kind",
                "delivery__notice__sender_id",
            )
        )
        replaced = {entry[1] for entry in entries}
        for (
            key, _, pk, method, sent_on, received_on, address, of, recipient, kind, sender
        ) in entries:  # fmt: skip
            if key in replaced:
                continue
            if as_of is not None:
                if (sent_on or received_on or as_of) > as_of:
                    continue
                if received_on is not None and received_on > as_of:
                    received_on = None
            copy = notice.Copy(pk, method, sent_on, received_on, address)
            if kind in TELLS and recipient is not None:
                self._told[recipient] = (*self._told.get(recipient, ()), copy)
                continue
            to = self._copies[of]
            to[recipient] = (*to.get(recipient, ()), copy)
            if sender is not None and recipient is None and kind in ANSWERS:
                answers[of] = kind, sender
        self.answers = [(of, *answers[of]) for of in sorted(answers)]
        """Each notice that answers, in order, with its kind and its sender."""
        self.began_on = began_in(rows)
        self.addresses = addresses_by_party(Q(agreement=demand.agreement_id))
        self.consents = consents_in(rows["consents"])
        self.names: dict[int, tuple[str, date]] = {
            pk: (name, party_from)
            for pk, name, party_from in Investor.objects.filter(agreement=demand.agreement_id)
            .order_by("name", "pk")
            .values_list("pk", "name", "party_from")
        }

    def to_company(self, of: int) -> notice.Post:
        """The copies of a notice to the Company."""
        return self._post(self._copies[of].get(None, ()), None)

    def to_investor(self, investor: int) -> notice.Post:
        """The Company Notice, or the Registration Notice, to an Investor."""
        return self._post(self._told.get(investor, ()), investor)

    def copies_of(self, of: int) -> dict[int, notice.Post]:
        """The copies of a notice to each Investor it went to."""
        return {
            who: self._post(copies, who)
            for who, copies in self._copies[of].items()
            if who is not None
        }

    def _post(self, copies: tuple[notice.Copy, ...], party: int | None) -> notice.Post:
        if len(copies) > 1:
            copies = tuple(sorted(copies))  # in the order they were entered
        return notice.Post(copies, self.addresses.get(party, ()), self.consents.get(party, ()))


def addresses_by_party(whose: Q) -> dict[int | None, tuple[notice.Address, ...]]:
    """The addresses that stand, by party; the Company's key is ``None``."""
    found: dict[int | None, tuple[notice.Address, ...]] = {}
    for pk, party, day in (
        Address.objects.standing().filter(whose).values_list("pk", "investor_id", "in_force_from")
    ):
        found[party] = (*found.get(party, ()), notice.Address(pk, day))
    return found


def addresses_of_record(agreement: Agreement, day: date) -> dict[int | None, Address]:
    """The address of record of each party on a day; the Company's key is ``None`` (N5)."""
    return {each.investor_id: each for each in _in_force(agreement, day)}


def address_of_record(agreement: Agreement, investor: Investor | None, day: date) -> Address | None:
    """A party's address for notices on a day, as far as one is on record; the Company's
    where ``investor`` is ``None`` (N5)."""
    return _in_force(agreement, day).filter(investor=investor).last()


def _in_force(agreement: Agreement, day: date) -> QuerySet[Address]:
    standing: QuerySet[Address] = Address.objects.standing().filter(
        agreement=agreement, in_force_from__lte=day
    )
    return standing.order_by("in_force_from", "pk")


def address_notices(whose: Q) -> QuerySet[AddressNotice]:
    """New addresses Investors told the Company of in the portal that are not of record yet."""
    found: QuerySet[AddressNotice] = (
        AddressNotice.objects.standing()
        .filter(whose, followed_by=None)
        .select_related("investor", "recorded_by")
        .order_by("told_on", "pk")
    )
    return found


_CONSENT = ("investor_id", "signed_on", "withdrawn_on")


def consent_parts(demand: Demand) -> dict[str, Part]:
    """The parties' consents to electronic delivery, as a part of one query."""
    ours = ElectronicConsent.objects.standing().filter(agreement=demand.agreement_id)
    return {"consents": part(ours, *_CONSENT)}


def consents_by_party(whose: Q) -> dict[int | None, tuple[notice.Consent, ...]]:
    """The consents to electronic delivery that stand, by party; the Company's key is ``None``."""
    return consents_in(ElectronicConsent.objects.standing().filter(whose).values_list(*_CONSENT))


def consents_in(rows: Iterable[Sequence[Any]]) -> dict[int | None, tuple[notice.Consent, ...]]:
    """The consents by party, from their rows."""
    found: dict[int | None, tuple[notice.Consent, ...]] = {}
    for party, signed_on, withdrawn_on in rows:
        found[party] = (*found.get(party, ()), notice.Consent(signed_on, withdrawn_on))
    return found


def in_thread(demand: Demand) -> QuerySet[Notice]:
    """The notice that began a matter and every notice that answers it."""
    return Notice.objects.filter(Q(pk=demand.notice_id) | Q(answers=demand.notice_id))


class Asked(NamedTuple):
    """What an Investor asks for in a notice, as far as it was stated."""

    notice: int = 0
    investor: int = 0
    units: int | None = None
    shares: int | None = None
    distribution: str | None = None
    other_information: str | None = None
    stated_on: date | None = None


def asked_in(demand: Demand, as_of: date | None) -> list[Asked]:
    """What stands of each request, or what stood by ``as_of`` of one completed later."""
    records = RequestRecord.objects.filter(notice__in=in_thread(demand))
    by = as_of or date.max
    # By Investor, not by entry: one completed later stands where it stood before.
    order = ("notice_id", "investor_id", "pk")
    columns = ("notice_id", "investor_id", "units", "shares", "distribution",
               "other_information", "stated_on")  # fmt: skip
    found = [Asked(*row) for row in records.order_by(*order).values_list(*columns)]
    stood: dict[tuple[int, int], Asked] = {}
    for asked in found:
        key = asked.notice, asked.investor
        if key not in stood or (asked.stated_on or by) <= by:
            stood[key] = asked
    return list(stood.values())
