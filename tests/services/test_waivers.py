"""A waiver one Investor signed, in one matter: recorded, corrected with a reason, and of no
effect on anybody else (S8, section 8(c))."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pghistory.models import Context

from registrations.facts import docket_of
from registrations.models import Demand, DocketEntry, Waiver
from registrations.projection import differs
from registrations.rules.findings import State
from registrations.rules.states import standing
from registrations.services import waivers
from tests import world as tell
from tests.services.saved import conflicts, refused


def june(day: int) -> date:
    return date(2003, 6, day)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    found = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, found, {"Birch": june(9), "Cedar": june(7), "Dale": None}, sent_on=june(5))
    return found


def waive(world: tell.World, matter: Demand, who: str = "Dale", right: str = "join",
          **more: Any) -> Waiver:  # fmt: skip
    given = {"signed_on": june(10)} | more
    return waivers.record_waiver(
        demand=matter, investor=world.investors[who], right=right, when=world.at(june(12)), **given
    )


def states(matter: Demand) -> dict[str, State]:
    return {
        w.who: standing(w, today=june(12), soon_days=7).state
        for w in docket_of(matter).windows
        if w.key.startswith("join:")
    }


def test_it_binds_the_one_that_signed_and_its_projection_agrees(
    bestnet: tell.World, matter: Demand
) -> None:
    before = states(matter)
    waive(bestnet, matter)

    assert states(matter) == {**before, "Dale": State.WAIVED}
    assert not differs(matter.pk)
    rows = DocketEntry.objects.filter(demand=matter, waived_on__isnull=False)
    assert [(r.investor.name, r.waived_on, r.aim_on) for r in rows] == [("Dale", june(10), None)]
    said = Context.objects.filter(metadata__act="waiver.recorded").latest("created_at").metadata
    assert said["says"] == (
        "Recorded in DR-1: Dale waived its right to ask to be included, for itself and in this "
        "matter alone; signed Tue, Jun 10, 2003"
    )


def test_a_notice_waived_is_waited_for_no_more(bestnet: tell.World, matter: Demand) -> None:
    assert docket_of(matter).window("file").opens_on is None
    waive(bestnet, matter, right="notice")

    assert docket_of(matter).window("file").opens_on == date(2003, 7, 9)
    assert docket_of(matter, as_of=june(9)).window("file").opens_on is None


def test_another_matter_is_not_touched(bestnet: tell.World, matter: Demand) -> None:
    other = tell.demand(bestnet, received_on=june(3), by=("Birch",))
    before = docket_of(other)
    waive(bestnet, matter)

    assert docket_of(other) == before


def test_it_is_corrected_and_taken_back_with_a_reason(bestnet: tell.World, matter: Demand) -> None:
    first, today = waive(bestnet, matter), bestnet.at(june(13))
    second = waivers.correct_waiver(
        waiver=first, signed_on=june(11), reason="The paper says the 11th.", when=today
    )
    assert docket_of(matter, as_of=june(10)).window("file") is not None
    assert states(matter)["Dale"] is State.WAIVED

    waivers.correct_waiver(
        waiver=second, signed_on=june(11), taken_back=True, reason="Another Dale.", when=today
    )
    assert states(matter)["Dale"] is not State.WAIVED
    assert Waiver.objects.count() == 3
    with refused("reason"):
        waive(bestnet, matter)
    assert waive(bestnet, matter, reason="It was this Dale.").replaces is not None


def test_what_cannot_be_is_refused(bestnet: tell.World, matter: Demand) -> None:
    first = waive(bestnet, matter)
    with conflicts("right"):
        waive(bestnet, matter)
    with refused("right", "8(c)"):
        waive(bestnet, matter, right="weather")
    with refused("signed_on"):
        waive(bestnet, matter, right="notice", signed_on=june(13))
    with refused("signed_on"):
        waive(bestnet, matter, right="notice", signed_on=date(2003, 1, 1))
    today = bestnet.at(june(12))
    with refused("reason"):
        waivers.correct_waiver(waiver=first, signed_on=june(11), reason=" ", when=today)
    with conflicts("signed_on"):
        waivers.correct_waiver(waiver=first, signed_on=june(10), reason="Same.", when=today)
    waivers.correct_waiver(waiver=first, signed_on=june(11), reason="The 11th.", when=today)
    with conflicts("reason"):
        waivers.correct_waiver(waiver=first, signed_on=june(9), reason="Stale.", when=today)


def test_the_company_takes_a_late_request_by_its_own_waiver(
    bestnet: tell.World, matter: Demand
) -> None:
    july = bestnet.at(date(2003, 7, 14))
    tell.asks(bestnet, matter, "Birch", received_on=date(2003, 7, 10))

    def stands(who: str) -> State:
        window = docket_of(matter).window(f"join:{bestnet.investors[who].pk}")
        return standing(window, today=date(2003, 7, 14), soon_days=7).state

    before = {who: stands(who) for who in ("Birch", "Cedar", "Dale")}
    made = waivers.record_waiver(
        demand=matter, investor=bestnet.investors["Birch"], right="in_time",
        signed_on=date(2003, 7, 11), when=july,
    )  # fmt: skip
    assert before["Birch"] is State.MET_LATE
    assert {who: stands(who) for who in before} == {**before, "Birch": State.MET}
    assert not differs(matter.pk)
    said = Context.objects.filter(metadata__act="waiver.recorded").latest("created_at").metadata
    assert said["says"].startswith("Recorded in DR-1: The Company waived the last day for a")

    waivers.correct_waiver(
        waiver=made, signed_on=date(2003, 7, 11), taken_back=True, reason="Never signed.", when=july
    )
    assert stands("Birch") is State.MET_LATE


def test_a_condition_waived_by_the_company_favours_no_one_investor(bestnet: tell.World) -> None:
    small = tell.demand(bestnet, received_on=june(2), by=("Dale",))
    assert docket_of(small).ruling.outcome == "refused"
    with refused("investor"):
        waive(bestnet, small, right="conditions")
    with refused("investor"):
        waivers.record_waiver(
            demand=small, investor=None, right="in_time", signed_on=june(10),
            when=bestnet.at(june(12)),
        )  # fmt: skip

    waivers.record_waiver(
        demand=small, investor=None, right="conditions", signed_on=june(10),
        when=bestnet.at(june(12)),
    )  # fmt: skip
    assert docket_of(small).ruling.outcome == "good"
    assert docket_of(small, as_of=june(9)).ruling.outcome == "refused"
    assert not differs(small.pk)
    with conflicts("right"):
        waivers.record_waiver(
            demand=small, investor=None, right="conditions", signed_on=june(10),
            when=bestnet.at(june(12)),
        )  # fmt: skip
