"""Where a letter went (N5): noted when it is recorded, so that a change of address entered
later for an earlier day does not carry it along."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.facts import docket_of
from registrations.projection import differs
from registrations.services import deliveries, register
from registrations.services.deliveries import CopyIn
from tests import world as tell


def june(day: int) -> date:
    return date(2003, 6, day)


def moved(world: tell.World, name: str | None, day: int, *, on: int):
    return register.change_address(
        agreement=world.agreement,
        investor=world.investors[name] if name else None,
        lines=f"{day} New Street",
        in_force_from=june(day),
        when=world.at(june(on)),
    )


@pytest.fixture
def matter(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": None}, sent_on=june(5))
    return matter


def given_to_birch(bestnet, matter) -> date | None:
    return docket_of(matter).window(f"join:{bestnet.investors['Birch'].pk}").opens_on


def test_letters_note_the_address_of_record_of_the_day(bestnet, matter):
    birch = bestnet.investors["Birch"]
    assert tell.copy_to(bestnet, matter, "Birch").address == birch.addresses.get()
    to_the_company = matter.notice.deliveries.get().records.get()
    assert to_the_company.address == bestnet.agreement.addresses.get(investor=None)


def test_a_fax_notes_none(bestnet, matter):
    tell.tell(bestnet, matter, {"Cedar": None}, sent_on=june(5), method="facsimile")
    assert tell.copy_to(bestnet, matter, "Cedar").address is None


@pytest.mark.parametrize(("day", "expected"), [(3, None), (4, None), (5, june(5)), (6, june(5))])
def test_a_change_entered_later_for_an_earlier_day_is_seen(bestnet, matter, day, expected):
    """The letter of June 5 went to the old address.  A change of which the parties had
    notice by June 4 makes it one that counts only when received; on the day of the change
    itself the old address still counts."""
    assert given_to_birch(bestnet, matter) == june(5)
    moved(bestnet, "Birch", day, on=10)
    assert given_to_birch(bestnet, matter) == expected
    assert differs(matter.pk) == []

    tell.signed_for(bestnet, matter, "Birch", june(11))
    assert given_to_birch(bestnet, matter) == (expected or june(11))


def test_a_change_on_record_before_is_where_the_letter_goes(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    new = moved(bestnet, "Birch", 3, on=4)
    tell.tell(bestnet, matter, {"Birch": None}, sent_on=june(5))
    assert tell.copy_to(bestnet, matter, "Birch").address == new
    assert given_to_birch(bestnet, matter) == june(5)


def test_a_receipt_leaves_the_address_and_a_new_day_of_sending_finds_its_own(bestnet, matter):
    old = bestnet.investors["Birch"].addresses.get()
    new = moved(bestnet, "Birch", 6, on=6)
    stands = tell.copy_to(bestnet, matter, "Birch")

    record = deliveries.record_delivery(
        replaces=stands,
        copy=CopyIn("certified_mail", june(5), june(9)),
        when=bestnet.at(june(10)),
    )
    assert record.address == old
    record = deliveries.record_delivery(
        replaces=record,
        copy=CopyIn("certified_mail", june(8), june(9)),
        reason="Posted on the 8th.",
        when=bestnet.at(june(10)),
    )
    assert record.address == new
    assert given_to_birch(bestnet, matter) == june(8)


def test_a_demand_posted_to_the_companys_old_address_counts_when_it_comes(bestnet):
    """Posted June 2, in hand June 6: given June 2, until it turns out that the Company had
    moved by June 1."""
    matter = tell.demand(bestnet, sent_on=june(2), received_on=june(6))
    assert docket_of(matter).demand.given_on == june(2)
    moved(bestnet, None, 1, on=7)
    assert docket_of(matter).demand.given_on == june(6)
    assert docket_of(matter).window("file").closes_on == date(2003, 7, 21)
    assert differs(matter.pk) == []
