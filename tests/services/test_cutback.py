"""A cutback worked out from a matter's own facts, and what is saved of it (P7, H5)."""

from __future__ import annotations

from datetime import date

import pytest

from investors.acts import Conflict, Refused
from registrations.models import Allocation, Demand
from registrations.services import company, cutback, ledger
from registrations.services.company import ProposalIn
from registrations.services.correspondence import record_company_notice
from registrations.services.cutback import changed_since, save_allocation, worked_again
from registrations.services.deliveries import CopyIn
from registrations.services.offering import CutbackIn, OtherIn, work_out
from tests import world as tell

PROPOSED, TOLD = date(2004, 5, 25), date(2004, 6, 1)
TODAY = date(2004, 6, 30)


@pytest.fixture
def offering(bestnet: tell.World) -> Demand:
    """CR-1, underwritten: Alder and Birch ask in time and accept, Cedar asks in time and
    does not accept, Dale asks late."""
    matter = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=ProposalIn("Common Stock", form_allows=True, underwritten=True),
        proposed_on=PROPOSED,
        when=bestnet.at(PROPOSED),
    )
    record_company_notice(
        demand=matter,
        copies=[(i, CopyIn("certified_mail", TOLD)) for i in bestnet.investors.values()],
        when=bestnet.at(TOLD),
    )
    asked = {"Alder": (10, 3_000_000), "Birch": (11, 900_000), "Cedar": (14, 600_000)}
    for name, (day, shares) in asked.items():
        tell.asks(bestnet, matter, name, received_on=date(2004, 6, day), shares=shares)
    tell.asks(bestnet, matter, "Dale", received_on=date(2004, 6, 28), shares=500_000)
    for name in ("Alder", "Birch"):
        company.record_acceptance(
            demand=matter,
            investor=bestnet.investors[name],
            on=date(2004, 6, 15),
            when=bestnet.at(date(2004, 6, 15)),
        )
    return matter


def at(maximum: int, **more) -> CutbackIn:
    return CutbackIn(maximum, TODAY, **more)


def came(worked) -> dict[str, tuple[str, bool]]:
    return {s.name: (str(s.came), s.counted) for s in worked.sellers}


def gets(worked) -> dict[str, int]:
    return {s.name: worked.result.shares[s.id] for s in worked.sellers if s.counted}


def test_who_asks_is_taken_from_the_record(offering: Demand) -> None:
    worked = work_out(offering, at(2_000_000, company=1_000_000))

    assert came(worked) == {
        "The Company": ("company", True),
        "Alder": ("in_time", True),
        "Birch": ("in_time", True),
        "Cedar": ("not_accepted", False),
        "Dale": ("late", False),
    }
    # 1,000,000 in proportion to 13,800,000 and 4,200,000 held.
    assert gets(worked) == {"The Company": 1_000_000, "Alder": 766_667, "Birch": 233_333}
    assert worked.adds_up


def test_counsel_may_let_in_leave_out_and_count_together(bestnet, offering) -> None:
    pk = {name: i.pk for name, i in bestnet.investors.items()}
    worked = work_out(
        offering,
        at(
            1_200_000,
            counted={pk["Dale"]: True, pk["Alder"]: False},
            groups={pk["Birch"]: "Fund ", pk["Dale"]: "fund"},
            others=(OtherIn("Lender", 5_400_000, 600_000),),
        ),
    )

    # The fund holds 4,200,000 and 1,200,000, as many as the lender alone: 600,000 each.
    # Inside it, 7 to 2.
    assert gets(worked) == {"Birch": 466_667, "Dale": 133_333, "Lender": 600_000}
    assert any("within Fund" in step.lead for step in worked.steps)


def test_those_of_a_group_on_the_register_count_as_one_on_its_days(bestnet, offering) -> None:
    tell.group(
        bestnet, "Birch’s family", {"Birch": "partner", "Dale": "family"}, from_on=date(2004, 6, 29)
    )
    pk = {name: i.pk for name, i in bestnet.investors.items()}
    lender = (OtherIn("Lender", 5_400_000, 600_000),)
    let_in = {pk["Dale"]: True, pk["Alder"]: False}

    together = work_out(offering, at(1_200_000, counted=let_in, others=lender))
    assert gets(together) == {"Birch": 466_667, "Dale": 133_333, "Lender": 600_000}
    assert any("within Birch’s family" in step.lead for step in together.steps)
    the_day_before = CutbackIn(1_200_000, date(2004, 6, 28), counted=let_in, others=lender)
    assert {s.group for s in work_out(offering, the_day_before).sellers} == {""}

    apart = {pk["Birch"]: "", pk["Dale"]: ""}  # supposed otherwise
    supposed = at(1_200_000, counted=let_in, groups=apart, others=lender)
    assert {s.group for s in work_out(offering, supposed).sellers} == {""}
    kept = saved(bestnet, offering, supposed)
    assert {line.group for line in kept.lines.all()} == {""}
    assert changed_since(kept, TODAY) == []


def test_a_day_before_somebody_asked_leaves_it_out(offering: Demand) -> None:
    worked = work_out(offering, CutbackIn(1_000_000, date(2004, 6, 10)))

    assert set(came(worked)) == {"Alder"}


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        (CutbackIn(-1, TODAY), "maximum", "0 or more"),
        (CutbackIn(1, date(2004, 5, 1)), "on", "began"),
        (CutbackIn(1, TODAY, offering="demand"), "offering", "no order"),
        (at(1, others=(OtherIn("", 5, 5),)), "others.0.name", "who"),
        (at(1, others=(OtherIn("Lender", 5, 6),)), "others.0.asked", "can ask for no more"),
        (at(1, counted={10**9: True}), "investor", "asked for nothing"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(offering, bestnet, given, field, says):
    with pytest.raises(Refused, match=says) as refusal:
        save_allocation(demand=offering, given=given, when=bestnet.at(TODAY))

    assert refusal.value.field == field
    assert not Allocation.objects.exists()


def saved(world, offering, given, **more) -> Allocation:
    return save_allocation(demand=offering, given=given, when=world.at(TODAY), **more)


def test_what_is_saved_can_be_worked_out_again_from_itself(bestnet, offering) -> None:
    given = at(
        2_000_000,
        company=700_000,
        shared_again=False,
        counted={bestnet.investors["Dale"].pk: True},
        groups={bestnet.investors["Birch"].pk: "F", bestnet.investors["Dale"].pk: "F"},
        others=(OtherIn("Lender", 900_000, 200_000),),
    )
    worked = work_out(offering, given)
    kept = saved(bestnet, offering, given)

    assert worked_again(kept).shares == worked.result.shares
    stored = {line.seller: line.gets for line in kept.lines.filter(counted=True)}
    assert stored == worked.result.shares
    assert [str(step.lead) for step in cutback.steps_saved(kept)] == [
        step.lead for step in worked.steps
    ]
    assert changed_since(kept, TODAY) == []


def test_what_is_recorded_later_leaves_it_as_saved_and_is_told(bestnet, offering) -> None:
    kept = saved(bestnet, offering, at(1_000_000))
    before = worked_again(kept).shares
    ledger.issue_units(
        investor=bestnet.investors["Birch"], units=1_600_000, on=TODAY, when=bestnet.at(TODAY)
    )

    assert worked_again(kept).shares == before
    # 13,800,000 to 13,800,000 now.
    assert changed_since(kept, TODAY) == [
        ("Alder", 766_667, 500_000),
        ("Birch", 233_333, 500_000),
    ]


def test_another_replaces_the_one_that_stood_and_says_why(bestnet, offering) -> None:
    first = saved(bestnet, offering, at(1_000_000))
    with pytest.raises(Refused, match="Say why"):
        saved(bestnet, offering, at(1_100_000), replaces=first)
    second = saved(bestnet, offering, at(1_100_000), replaces=first, reason="The book grew.")

    assert cutback.standing(offering) == second
    assert Allocation.objects.count() == 2
    with pytest.raises(Conflict):
        saved(bestnet, offering, at(1_200_000), replaces=first, reason="It grew again.")
    with pytest.raises(Conflict):
        saved(bestnet, offering, at(1_200_000), reason="Nobody saw the one that stands.")


def test_with_nobody_asking_there_is_nothing_to_save(bestnet, offering) -> None:
    with pytest.raises(Refused, match="nothing to allocate"):
        saved(bestnet, offering, CutbackIn(1_000_000, TOLD))
