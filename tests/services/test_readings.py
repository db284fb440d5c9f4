"""A reading chosen once for the whole agreement (N8): kept with its memo, replaced by
another, and followed by every matter that counsel has not decided for itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pghistory.models import Context

from registrations.facts import docket_of, terms_for, terms_of
from registrations.models import Demand, DocketEntry, GoverningReading
from registrations.projection import differs
from registrations.services import matters, readings
from tests import world as tell
from tests.services.saved import conflicts, refused


def june(day: int) -> date:
    return date(2003, 6, day)


def choose(world: tell.World, on: date, **about: Any) -> GoverningReading:
    given = {"question": "joining", "choice": "received", "reason": "The later sentence is the "
             "special one.", "governs_from": on} | about  # fmt: skip
    return readings.choose_reading(agreement=world.agreement, **given, when=world.at(on))


def last_day(matter: Demand, who: str = "Birch", as_of: date | None = None) -> Any:
    windows = docket_of(matter, as_of=as_of).windows
    return next(w for w in windows if w.key.startswith("join:") and w.who == who)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    """Birch was given the Company Notice on June 5 and signed for it on June 9."""
    found = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, found, {"Birch": june(9), "Cedar": june(7), "Dale": None}, sent_on=june(5))
    return found


def test_every_matter_follows_it_and_its_projection_agrees(
    bestnet: tell.World, matter: Demand
) -> None:
    assert last_day(matter).closes_on == june(25)
    choose(bestnet, june(12))

    window = last_day(matter)
    assert (window.closes_on, window.lenient_on) == (june(29), june(29))
    assert len(window.readings) == 2
    assert window.decision.for_agreement
    assert not differs(matter.pk)
    entry = DocketEntry.objects.get(demand=matter, key=window.key)
    assert entry.closes_on == june(29)
    # Nobody signed for Dale's copy yet: on this reading its day is not known.
    assert last_day(matter, "Dale").closes_on == june(25)


def test_the_trail_says_what_was_chosen_and_why(bestnet: tell.World) -> None:
    choose(bestnet, june(12))

    said = Context.objects.filter(metadata__act="reading.chosen").latest("created_at").metadata
    assert "“received”: 20 calendar days after Company Notice received" in said["says"]
    assert "special one" in said["reason"]


def test_looking_back_before_that_day_it_does_not_govern(
    bestnet: tell.World, matter: Demand
) -> None:
    choose(bestnet, june(12))

    assert last_day(matter, as_of=june(11)).closes_on == june(25)
    assert last_day(matter, as_of=june(12)).closes_on == june(29)


def test_another_choice_replaces_it_and_the_question_can_be_opened_again(
    bestnet: tell.World, matter: Demand
) -> None:
    first = choose(bestnet, june(12))
    second = choose(bestnet, june(13), choice="given", reason="The courts say so.")
    assert second.replaces == first
    assert last_day(matter).closes_on == last_day(matter).lenient_on == june(25)

    choose(bestnet, june(14), choice="", reason="Both may be argued.")
    assert (last_day(matter).closes_on, last_day(matter).lenient_on) == (june(25), june(29))
    assert last_day(matter, as_of=june(13)).lenient_on == june(25)


def test_a_decision_in_the_matter_stands_before_it(bestnet: tell.World, matter: Demand) -> None:
    tell.asks(bestnet, matter, "Birch", received_on=june(26))
    request = next(about for about in matters.choices(matter) if about.startswith("request:"))
    matters.decide(
        demand=matter, about=request, choice="given", decided_on=june(27), reason="Here.",
        when=bestnet.at(june(27)),
    )  # fmt: skip
    choose(bestnet, june(28))

    assert last_day(matter).closes_on == june(25)
    assert last_day(matter).decision.reason == "Here."
    assert last_day(matter, "Cedar").closes_on == june(27)


def test_a_matter_closed_before_that_day_stays_as_it_was_judged(
    bestnet: tell.World, matter: Demand
) -> None:
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1})
    august, september = date(2003, 8, 1), date(2003, 9, 1)
    matters.record_effectiveness(demand=matter, on=august, when=bestnet.at(august))
    matters.record_all_sold(demand=matter, on=september, when=bestnet.at(september))
    before = docket_of(matter)

    choose(bestnet, date(2003, 9, 2))

    assert docket_of(matter) == before
    assert "joining" not in terms_for(matter).chosen
    assert "joining" in terms_of(bestnet.agreement, date(2003, 9, 2)).chosen


def test_what_cannot_be_is_refused(bestnet: tell.World) -> None:
    with refused("question"):
        choose(bestnet, june(12), question="weather")
    with refused("choice", "1(a)"):
        choose(bestnet, june(12), choice="posted")
    with refused("choice"):
        choose(bestnet, june(12), choice="")  # nothing was chosen that could be opened again
    with refused("reason"):
        choose(bestnet, june(12), reason=" ")
    with refused("governs_from"):
        choose(bestnet, june(12), governs_from=june(13))
    with refused("governs_from"):
        choose(bestnet, june(12), governs_from=date(2003, 1, 1))


def test_somebody_chose_meanwhile(bestnet: tell.World) -> None:
    first = choose(bestnet, june(12))
    choose(bestnet, june(13), choice="given")
    with conflicts("reason"):
        choose(bestnet, june(14), replaces=first)
    with conflicts("choice"):
        choose(bestnet, june(13), choice="given")
