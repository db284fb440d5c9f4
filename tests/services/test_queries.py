"""The number of queries does not grow with the number of Investors."""

from __future__ import annotations

import time
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from investors.models import Address, Investor, LedgerEntry
from registrations.facts import docket_of
from registrations.models import Demand
from registrations.projection import differs
from registrations.services import company
from registrations.services.company import ProposalIn
from tests import world as tell

SIZES = (10, 1_000)


def june(day: int) -> date:
    return date(2003, 6, day)


@pytest.fixture
def matter_of(db: None):
    """A matter with so many Investors besides the one that demands: all have the Company
    Notice, none has signed for it yet."""

    def build(many: int) -> tuple[tell.World, Demand]:
        world = tell.build({"Alder": 3_000_000}, slug=f"with-{many}")
        investors = Investor.objects.bulk_create(
            Investor(agreement=world.agreement, name=f"Investor {n:04}", party_from=tell.SIGNED_ON)
            for n in range(many)
        )
        Address.objects.bulk_create(
            Address(
                agreement=world.agreement, investor=i, lines="1 Street",
                in_force_from=tell.SIGNED_ON,
            )
            for i in investors
        )  # fmt: skip
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                agreement=world.agreement, investor=i, act=uuid.uuid4(), kind="issue",
                security=security, change=100, on=date(2003, 3, 31),
            )
            for i in investors
            for security in ("unit", "common")
        )  # fmt: skip
        world.investors |= {i.name: i for i in investors}
        matter = tell.demand(world, received_on=june(2))
        tell.tell(world, matter, dict.fromkeys(i.name for i in investors), sent_on=june(5))
        return world, Demand.objects.select_related("agreement__company").get(pk=matter.pk)

    return build


def test_a_docket_and_a_receipt_cost_as_many_queries_for_1000_investors_as_for_10(
    matter_of, record_property
):
    counted = {}
    for many in SIZES:
        world, matter = matter_of(many)
        with CaptureQueriesContext(
            connection,
        ) as docket:
            assert len(docket_of(matter).windows) == many + 5
        with CaptureQueriesContext(connection) as receipt:
            began = time.perf_counter()
            tell.signed_for(world, matter, "Investor 0003", june(9))
            seconds = time.perf_counter() - began
        with CaptureQueriesContext(connection) as past:
            docket_of(matter, as_of=june(7))
        counted[many] = len(docket), len(past), len(receipt)
        assert differs(matter.pk) == []
        record_property(f"queries with {many}", counted[many])
        record_property(f"seconds to record a receipt with {many}", round(seconds, 3))
        print(f"{many} Investors: queries {counted[many]}, receipt in {seconds:.3f} s")

    few, many = (counted[n] for n in SIZES)
    assert few == many
    assert max(few[:2]) < 10


def test_a_filed_matter_and_an_offering_of_the_companys_own_take_no_ten_queries(bestnet):
    filed = tell.selling(bestnet)
    offering = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=ProposalIn("Common Stock", form="S-3", form_allows=True),
        proposed_on=date(2003, 10, 1),
        when=bestnet.at(date(2003, 10, 1)),
    )
    counted = {}
    for matter in (filed, offering):
        matter = Demand.objects.select_related("agreement__company").get(pk=matter.pk)
        with CaptureQueriesContext(connection) as asked:
            assert docket_of(matter).windows
        counted[matter.reference] = len(asked)

    assert counted == {"DR-1": 7, "CR-1": 9}
