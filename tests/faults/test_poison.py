"""R20: a matter whose rules raise is set aside in sight, and holds up none of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from investors.models import Term
from notices.models import Heartbeat
from registrations import projection
from registrations.facts import docket_of
from registrations.models import Demand, DocketState, Flag
from registrations.rules.terms import TermError
from registrations.tasks import sweep_round
from tests import world as worlds

RECEIVED = date(2003, 5, 1)
LATER = date(2003, 7, 15)
HOUR = timedelta(hours=1)


def five_matters() -> list[Demand]:
    """Five agreements with a demand each, to be filed for by June 15."""
    return [
        worlds.demand(worlds.build(slug=f"company-{n}"), received_on=RECEIVED) for n in range(5)
    ]


def change_term(demand: Demand, value: object) -> None:
    """A new entry for the days within which to file, past every check of ours."""
    stands = Term.objects.standing().get(agreement=demand.agreement, name="filing_closes")
    Term.objects.create(
        agreement=demand.agreement,
        name=stands.name,
        value=value,
        clause=stands.clause,
        in_force_from=stands.in_force_from,
        replaces=stands,
        reason="Typed by hand",
    )


def late_filings() -> set[int]:
    return set(Flag.objects.filter(cleared_at=None, key="file").values_list("demand", flat=True))


def test_the_others_go_on_and_it_is_tried_again_each_hour():
    demands = five_matters()
    everyone = {d.pk for d in demands}
    poisoned = demands[2]
    now = worlds.noon(LATER)
    change_term(poisoned, "ninety days or so")

    projection.verify(now=now)
    sweep_round(now)

    aside = DocketState.objects.exclude(error="").get()
    assert aside.demand == poisoned
    assert "filing_closes" in aside.error
    assert Heartbeat.objects.get(name="sweep").detail["set_aside"] == 1
    assert late_filings() == everyone  # its own by the last docket that could be worked out

    sweep_round(now + HOUR)
    aside.refresh_from_db()
    assert aside.retry_at == now + 2 * HOUR

    change_term(poisoned, {"n": 90, "after": "demand_notice_received"})
    sweep_round(now + HOUR + HOUR / 2)
    assert late_filings() == everyone
    sweep_round(now + 2 * HOUR)
    assert late_filings() == everyone - {poisoned.pk}
    assert not DocketState.objects.exclude(error="").exists()


def test_control_without_setting_it_aside_the_rest_are_never_reached():
    demands = five_matters()
    change_term(demands[2], "ninety days or so")
    reached = []

    def one_after_another() -> None:
        for demand in demands:
            docket_of(demand)
            reached.append(demand)

    with pytest.raises(TermError):
        one_after_another()

    assert len(reached) == 2
