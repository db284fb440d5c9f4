"""Section 3(c): the underwriters take less than was asked (P7, H5)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.cutback import Claim, cut_back, in_proportion

A, B, C = 1, 2, 3


def test_W8_a_capped_holder_leaves_its_rest_to_the_others():
    offering = cut_back(
        [Claim(A, 600_000, 300_000), Claim(B, 300_000, 300_000), Claim(C, 100_000, 10_000)],
        company=700_000,
        maximum=1_000_000,
    )

    assert offering.company == 700_000
    assert offering.holders == {A: 193_333, B: 96_667, C: 10_000}
    assert offering.total == 1_000_000


def test_W9_an_affiliate_group_counts_as_one_and_shares_inside_by_the_same_rule():
    offering = cut_back(
        [
            Claim(A, 600_000, 300_000),
            Claim(B, 300_000, 300_000, group=7),
            Claim(C, 100_000, 10_000, group=7),
        ],
        company=700_000,
        maximum=1_000_000,
    )

    assert offering.holders == {A: 180_000, B: 110_000, C: 10_000}


def test_scenario_00_9_a_fund_and_its_partners_trust_are_a_single_investor():
    fund, trust, birch, zed = 1, 2, 3, 4
    offering = cut_back(
        [
            Claim(fund, 2_000_000, 1_700_000, group=1),
            Claim(trust, 1_500_000, 1_300_000, group=1),
            Claim(birch, 2_500_000, 2_000_000),
            Claim(zed, 1_500_000, 1_000_000),
        ],
        company=1_000_000,
        maximum=2_000_000,
    )

    assert offering.company == 1_000_000
    assert offering.holders[fund] + offering.holders[trust] == 466_667
    assert offering.holders[birch] == 333_333
    assert offering.holders[zed] == 200_000


def test_scenario_00_10_what_a_holder_did_not_ask_for_is_shared_again():
    alder, birch, zed = 1, 2, 3
    offering = cut_back(
        [
            Claim(alder, 3_500_000, 3_000_000),
            Claim(birch, 2_500_000, 100_000),
            Claim(zed, 1_500_000, 1_000_000),
        ],
        company=0,
        maximum=1_000_000,
    )

    assert offering.holders == {alder: 630_000, birch: 100_000, zed: 270_000}


def test_a_tie_goes_to_the_larger_holding_then_to_the_lower_id():
    assert in_proportion([(3, 3, 9), (3, 3, 4)], 3) == [1, 2]
    assert in_proportion([(1, 1, 1), (3, 3, 2)], 2) == [0, 2]


def test_one_more_share_of_room_can_cost_a_holder_one():
    held = [(1, 1, 1), (3, 3, 2), (3, 3, 3)]

    assert in_proportion(held, 3) == [1, 1, 1]
    assert in_proportion(held, 4) == [0, 2, 2]


@pytest.mark.parametrize(
    ("claims", "company", "maximum"),
    [
        pytest.param([Claim(A, 10, 11)], 0, 5, id="more asked than held"),
        pytest.param([Claim(A, 10, -1)], 0, 5, id="fewer than none asked"),
        pytest.param([Claim(A, 10, 1), Claim(A, 10, 1)], 0, 5, id="a holder twice"),
        pytest.param([], -1, 5, id="the Company below zero"),
        pytest.param([], 0, -5, id="a maximum below zero"),
    ],
)
def test_nonsense_is_refused(claims, company, maximum):
    with pytest.raises(ValueError, match=r"."):
        cut_back(claims, company=company, maximum=maximum)


# --- What holds whatever the numbers (integers of any size) -----------------------------------

amounts = st.integers(0, 10**30) | st.integers(0, 20)


@st.composite
def crowds(draw):
    held = draw(st.lists(amounts, min_size=1, max_size=8))
    return [
        Claim(n, h, draw(st.integers(0, h)), draw(st.none() | st.integers(1, 3)))
        for n, h in enumerate(held)
    ]


def alone(claims):
    return [claim._replace(group=None) for claim in claims]


def quotas(claims, room):
    """What each holder would get if shares could be divided: the water-filled quota."""
    room = min(room, sum(c.asked for c in claims))
    got = {c.holder: Fraction(0) for c in claims}
    unmet = [c for c in claims if c.asked]
    while unmet:
        weight = sum(c.held for c in unmet)
        fair = {c.holder: Fraction(room * c.held, weight) for c in unmet}
        full = [c for c in unmet if fair[c.holder] >= c.asked]
        if not full:
            return got | fair
        for c in full:
            got[c.holder] = Fraction(c.asked)
            room -= c.asked
        unmet = [c for c in unmet if c not in full]
    return got


@given(crowds(), amounts, amounts)
def test_every_share_there_is_room_for_is_allotted_and_nobody_gets_more_than_asked(
    claims, company, maximum
):
    offering = cut_back(claims, company=company, maximum=maximum)

    assert offering.total == min(maximum, company + sum(c.asked for c in claims))
    assert all(0 <= offering.holders[c.holder] <= c.asked for c in claims)


@given(crowds(), amounts)
def test_each_holder_is_within_a_share_of_its_exact_quota(claims, maximum):
    claims = alone(claims)
    exact = quotas(claims, maximum)

    for holder, shares in cut_back(claims, company=0, maximum=maximum).holders.items():
        assert abs(shares - exact[holder]) < 1


@given(crowds(), amounts, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_changes_nothing(claims, maximum, rng):
    shuffled = rng.sample(claims, len(claims))

    first = cut_back(claims, company=0, maximum=maximum).holders
    assert cut_back(shuffled, company=0, maximum=maximum).holders == first


@given(crowds(), amounts)
def test_one_more_share_of_room_costs_nobody_more_than_one(claims, maximum):
    claims = alone(claims)
    before = cut_back(claims, company=0, maximum=maximum).holders
    after = cut_back(claims, company=0, maximum=maximum + 1).holders

    assert all(after[h] >= before[h] - 1 for h in before)


@given(crowds(), amounts)
def test_a_group_gets_what_a_single_holder_of_the_same_shares_would(claims, maximum):
    groups = {}
    for c in claims:
        groups.setdefault(c.group if c.group is not None else f"alone {c.holder}", []).append(c)
    merged = [
        Claim(min(c.holder for c in g), sum(c.held for c in g), sum(c.asked for c in g))
        for g in groups.values()
    ]
    apart = cut_back(claims, company=0, maximum=maximum).holders
    together = cut_back(merged, company=0, maximum=maximum).holders

    for g in groups.values():
        assert sum(apart[c.holder] for c in g) == together[min(c.holder for c in g)]


@given(crowds(), amounts, amounts)
def test_no_share_of_the_company_is_cut_while_a_holder_sells(claims, company, maximum):
    offering = cut_back(claims, company=company, maximum=maximum)

    assert offering.company == company or not any(offering.holders.values())
