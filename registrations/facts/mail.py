"""A matter's correspondence: its copies, the addressees, and what each asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from investors.models import (
    Address,
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
from .terms import first_day, proposed_on

TELLS = (Notice.Kind.COMPANY, Notice.Kind.REGISTRATION)
"""The notices that invite Investors to join."""


ANSWERS = (Notice.Kind.REQUEST, Notice.Kind.PIGGYBACK, Notice.Kind.DECLINE)
"""What they answer with."""


class Mail:
    """A matter's copies, and the addressees' names, addresses and consents, each read
    once.  The Company's key is ``None``.

    What had not happened by ``as_of`` is left out, except from ``began_on``.
    """

    def __init__(self, demand: Demand, as_of: date | None = None) -> None:
        self.copies: dict[tuple[int, int | None], list[notice.Copy]] = defaultdict(list)
        self.told: dict[int, list[notice.Copy]] = defaultdict(list)
        records = (
            DeliveryRecord.objects.standing()
            .filter(in_thread(demand, "delivery__notice"))
            .order_by("delivery_id")
            .values_list(
                "delivery_id",
                "delivery__notice_id",
                "delivery__notice__kind",
                "delivery__recipient_id",
                "method",
                "sent_on",
                "received_on",
                "address_id",
            )
        )
        begun: list[tuple[date | None, date | None]] = []
        for pk, notice_id, kind, recipient, method, sent_on, received_on, address in records:
            if notice_id == demand.notice_id:
                begun.append((sent_on, received_on))
            if as_of is not None and (sent_on or received_on or as_of) > as_of:
                continue
            if as_of is not None and received_on is not None and received_on > as_of:
                received_on = None
            copy = notice.Copy(pk, method, sent_on, received_on, address)
            self.copies[notice_id, recipient].append(copy)
            if kind in TELLS and recipient is not None:
                self.told[recipient].append(copy)
        self.began_on = proposed_on(demand) if demand.by_company else first_day(begun)
        everybody = Q(agreement=demand.agreement_id)
        self.addresses = addresses_by_party(everybody)
        self.consents = consents_by_party(everybody)
        self.names: dict[int, tuple[str, date]] = {
            pk: (name, party_from)
            for pk, name, party_from in Investor.objects.filter(agreement=demand.agreement_id)
            .order_by("name", "pk")
            .values_list("pk", "name", "party_from")
        }

    def post(self, notice_id: int, recipient: int | None) -> notice.Post:
        return self._post(self.copies.get((notice_id, recipient), ()), recipient)

    def notice_to(self, investor: int) -> notice.Post:
        """The Company Notice, or the Registration Notice, to an Investor."""
        return self._post(self.told.get(investor, ()), investor)

    def _post(self, copies: Iterable[notice.Copy], party: int | None) -> notice.Post:
        return notice.Post(
            tuple(copies),
            tuple(self.addresses.get(party, ())),
            tuple(self.consents.get(party, ())),
        )


def addresses_by_party(whose: Q) -> dict[int | None, list[notice.Address]]:
    """The addresses that stand, by party; the Company's key is ``None``."""
    found: dict[int | None, list[notice.Address]] = defaultdict(list)
    for pk, party, day in (
        Address.objects.standing().filter(whose).values_list("pk", "investor_id", "in_force_from")
    ):
        found[party].append(notice.Address(pk, day))
    return found


def consents_by_party(whose: Q) -> dict[int | None, list[notice.Consent]]:
    """The consents to electronic delivery that stand, by party; the Company's key is ``None``."""
    found: dict[int | None, list[notice.Consent]] = defaultdict(list)
    for party, signed_on, withdrawn_on in (
        ElectronicConsent.objects.standing()
        .filter(whose)
        .values_list("investor_id", "signed_on", "withdrawn_on")
    ):
        found[party].append(notice.Consent(signed_on, withdrawn_on))
    return found


def in_thread(demand: Demand, path: str) -> Q:
    """The notice that began a matter and every notice that answers it."""
    return Q(**{path: demand.notice_id}) | Q(**{f"{path}__answers": demand.notice_id})


def asked_in(demand: Demand, as_of: date | None) -> list[RequestRecord]:
    """What stands of each request, or what stood by ``as_of`` of one completed later."""
    records = RequestRecord.objects.filter(in_thread(demand, "notice"))
    if as_of is None:
        records = records.filter(replacement=None)
    stood: dict[tuple[int, int], RequestRecord] = {}
    for record in records.order_by("notice_id", "pk"):
        key = record.notice_id, record.investor_id
        if as_of is None or key not in stood or record.stated_on <= as_of:
            stood[key] = record
    # By Investor, not by entry: one completed later stands where it stood before.
    return [stood[key] for key in sorted(stood)]
