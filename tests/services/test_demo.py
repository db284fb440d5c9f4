"""The demo tells the truth: its figures are the filings', its states are the promised ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from investors.models import Agreement, Investor
from registrations import demo
from registrations.facts import docket_of, holdings
from registrations.models import Demand, EdgarProposal, Flag
from registrations.projection import differs
from registrations.rules.findings import State
from registrations.rules.securities import Position
from registrations.rules.states import standing
from tests.world import noon


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 22) + timedelta(days=n) for n in (0, 3, 36, 40)],
    ids=str,
)
def test_one_is_missed_one_open_one_waits_and_one_is_impossible(db, today):
    assert demo.load(noon(today)) is True
    assert demo.load(noon(today)) is False

    found = {}
    for matter in Demand.objects.filter(agreement__slug="northgate").order_by("number"):
        file = docket_of(matter).window("file")
        found[matter.reference] = standing(file, today=today, soon_days=7).state
        assert differs(matter.pk) == []
    assert found["DR-1"] is State.MISSED
    assert found["DR-2"] is State.IMPOSSIBLE
    assert found["DR-3"] in (State.OPEN, State.DUE_SOON)
    assert found["DR-4"] is State.UNKNOWN
    assert found["CR-1"] is State.UNKNOWN  # one fax is not on record as received
    assert len(EdgarProposal.objects.get(agreement__slug="northgate").days) == 2
    assert {
        "missed",
        "impossible",
        "needs_decision",
        "incomplete_request",
        "missing_receipt",
        "not_accepted",
    } <= {f.kind for f in Flag.objects.filter(agreement__slug="northgate", cleared_at=None)}


def test_bestnet_carries_its_own_figures(db):
    demo.load(noon(date(2026, 11, 22)))
    bestnet = Agreement.objects.get(slug="bestnet")

    def total(on: date) -> Position:
        position = Position()
        for held in holdings(bestnet, on).values():
            position = position.plus(held)
        return position

    assert total(date(2003, 3, 31)).units == 3_055_399
    covered = total(date(2003, 5, 19))
    assert covered.units == 3_563_593
    assert covered.common == 10_690_779
    assert covered.from_preferred == 7_127_186
    assert covered.from_warrants == 3_563_593
    cover = bestnet.share_counts.get(kind="prospectus_shares")
    assert cover.count - covered.registrable == 57_500
    assert not Investor.objects.exclude(note="Invented for the demo.").exists()
    assert not Flag.objects.filter(agreement=bestnet, cleared_at=None).exists()
