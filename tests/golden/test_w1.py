"""A demand as counsel would live it, told through the acts: the dates of June 2003."""

from __future__ import annotations

from datetime import date

from registrations.facts import docket_of
from registrations.models import DocketEntry, Flag
from registrations.projection import differs
from registrations.services import matters
from tests import world as tell


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


def begun(bestnet: tell.World):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(
        bestnet,
        matter,
        {"Birch": june(7), "Cedar": june(9), "Dale": june(10)},
        sent_on=june(5),
    )
    return matter


def test_the_dates_follow_from_the_papers(bestnet):
    matter = begun(bestnet)

    docket = docket_of(matter)

    file = docket.window("file")
    assert (file.opens_on, file.closes_on) == (july(10), july(17))
    assert docket.window("last_receipt").closes_on == june(17)
    joins = {w.who: w for w in docket.windows if w.act == "Ask to join"}
    assert {name: w.closes_on for name, w in joins.items()} == {
        "Birch": june(25), "Cedar": june(25), "Dale": june(25),
    }  # fmt: skip
    assert {name: w.lenient_on for name, w in joins.items()} == {
        "Birch": june(27), "Cedar": june(29), "Dale": june(30),
    }  # fmt: skip
    assert differs(matter.pk) == []


def test_a_late_receipt_leaves_no_day_and_its_correction_gives_them_back(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(
        bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": june(20)}, sent_on=june(5)
    )
    file = docket_of(matter).window("file")
    assert (file.opens_on, file.closes_on, file.impossible) == (july(20), july(17), True)
    assert {f.kind for f in Flag.objects.filter(cleared_at=None)} == {"impossible"}

    tell.signed_for(
        bestnet, matter, "Dale", june(10), reason="The card was misread: 10, not 20.", on=june(23)
    )

    file = docket_of(matter).window("file")
    assert (file.opens_on, file.impossible) == (july(10), False)
    cleared = Flag.objects.get(kind="impossible")
    assert cleared.cleared_on == june(23)
    assert "Jul 20, 2003" in cleared.text


def test_filed_and_effective(bestnet):
    matter = begun(bestnet)
    tell.files(bestnet, matter, july(15), {"Alder": 1_000_000})
    assert docket_of(matter).window("effective").closes_on == date(2003, 11, 12)

    matters.record_effectiveness(
        demand=matter, on=date(2003, 9, 2), when=bestnet.at(date(2003, 9, 2))
    )

    assert docket_of(matter).window("keep_effective").closes_on == date(2004, 9, 2)
    assert differs(matter.pk) == []
    assert DocketEntry.objects.filter(demand=matter, key="file").get().done_on == july(15)
