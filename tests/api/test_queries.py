"""The number of queries does not grow with the rows: 10 Investors or 1,000."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from investors.models import Address, Investor, LedgerEntry
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord
from registrations.models import Demand
from registrations.services.recording import redraw
from tests import world as worlds
from tests.api.conftest import ROOT, Caller
from tests.world import SIGNED_ON, World

FEW, MANY = 10, 1_000


def crowd(world: World, matter: Demand, upto: int) -> None:
    """Investors up to a number, each told of the demand, and each having asked to join."""
    have = Investor.objects.filter(agreement=world.agreement, name__startswith="Holder").count()
    agreement = world.agreement
    investors = Investor.objects.bulk_create(
        Investor(agreement=agreement, name=f"Holder {n:05}", party_from=SIGNED_ON)
        for n in range(have, upto)
    )
    Address.objects.bulk_create(
        Address(agreement=agreement, investor=i, lines="1 Street", in_force_from=SIGNED_ON)
        for i in investors
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            agreement=agreement, investor=i, act=uuid.uuid4(), kind="issue", security="common",
            change=100, on=SIGNED_ON,
        )
        for i in investors
    )  # fmt: skip
    company = matter.notice.replies.get(kind=Notice.Kind.COMPANY)
    last = Notice.objects.order_by("number").last()
    assert last
    requests = Notice.objects.bulk_create(
        Notice(
            agreement=agreement, number=last.number + n, kind=Notice.Kind.REQUEST,
            answers=matter.notice, sender=i, recorded_by=world.counsel,
        )
        for n, i in enumerate(investors, start=1)
    )  # fmt: skip
    RequestRecord.objects.bulk_create(
        RequestRecord(notice=r, investor=i, shares=100, stated_on=date(2003, 6, 20))
        for r, i in zip(requests, investors, strict=True)
    )
    copies = Delivery.objects.bulk_create(
        [
            *(Delivery(notice=company, recipient=i) for i in investors),
            *(Delivery(notice=r) for r in requests),
        ]
    )
    DeliveryRecord.objects.bulk_create(
        DeliveryRecord(
            delivery=copy, method="certified_mail", sent_on=date(2003, 6, 5),
            received_on=date(2003, 6, 20), recorded_by=world.counsel,
        )
        for copy in copies
    )  # fmt: skip
    redraw(matter, now=timezone.now())


@pytest.fixture
def matter(bestnet: World) -> Demand:
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    worlds.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    return matter


def counted(counsel: Caller, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = counsel.get(ROOT + path)
    assert answer.status_code == 200, answer.content
    return len(queries)


def test_reads(bestnet, matter, counsel):
    company = matter.notice.replies.get(kind=Notice.Kind.COMPANY)
    paths = [
        "agreements/",
        "agreements/bestnet/",
        "agreements/bestnet/investors/?page_size=200",
        "agreements/bestnet/holdings/",
        "demands/",
        f"demands/{matter.public_id}/",
        f"demands/{matter.public_id}/docket/",
        f"demands/{matter.public_id}/docket/?as_of=2003-06-21",
        f"demands/{matter.public_id}/decisions/",
        "notices/?page_size=200",
        f"notices/{company.public_id}/",
        "deliveries/?page_size=200",
        "flags/?page_size=200",
    ]
    counsel.read("agreements/")  # a token's first use of a day is noted
    crowd(bestnet, matter, FEW)
    few = {path: counted(counsel, path) for path in paths}

    crowd(bestnet, matter, MANY)
    many = {path: counted(counsel, path) for path in paths}

    assert many == few
    assert max(few.values()) <= 16
