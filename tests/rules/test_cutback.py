"""Section 3(c): the underwriters take less than was asked (P7, H5)."""

from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.cutback import Basis, Claim, Floor, Order, Tier, allocate, in_proportion

from .bestnet import TERMS

SECTION_3C = TERMS.values["cutback"]["company"]
COMPANY = 10**9  # a seller like any other, in a tier of its own


class Offering(NamedTuple):
    """What an offering comes to: the Company's own shares, and each holder's."""

    company: int
    holders: dict[int, int]

    @property
    def total(self):
        return self.company + sum(self.holders.values())


def cut_back(claims, *, company, maximum, order=SECTION_3C, **more):
    """The claims and the Company's own shares under an order, section 3(c) if none is named."""
    own = Claim(COMPANY, 0, company, who="company")
    shares = dict(allocate([own, *claims], order, maximum=maximum, **more).shares)
    return Offering(shares.pop(COMPANY), shares)


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
        pytest.param([Claim(A, -10, 1)], 0, 5, id="fewer than none held"),
        pytest.param([Claim(A, 10, 1, who="strangers")], 0, 5, id="a class with no place"),
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


@given(crowds(), amounts, st.integers(1, 10**12))
def test_if_everybody_held_as_many_times_more_nobody_would_get_another_share(
    claims, maximum, times
):
    more = [claim._replace(held=claim.held * times) for claim in claims]

    before = cut_back(claims, company=0, maximum=maximum).holders
    assert cut_back(more, company=0, maximum=maximum).holders == before


@given(crowds(), amounts, st.data())
def test_what_another_does_not_ask_for_costs_nobody_more_than_a_share(claims, maximum, data):
    claims = alone(claims)
    chosen = data.draw(st.sampled_from(claims))
    less = chosen._replace(asked=data.draw(st.integers(0, chosen.asked)))
    before = cut_back(claims, company=0, maximum=maximum).holders
    after = cut_back(
        [less if c is chosen else c for c in claims], company=0, maximum=maximum
    ).holders

    assert all(after[h] >= before[h] - 1 for h in before if h != chosen.holder)


@given(crowds(), amounts, amounts, st.data())
def test_asking_for_more_costs_a_holder_no_more_than_a_share(claims, maximum, more, data):
    claims = alone(claims)
    chosen = data.draw(st.sampled_from(claims))
    larger = chosen._replace(asked=chosen.asked + more)
    before = cut_back(claims, company=0, maximum=maximum).holders
    after = cut_back(
        [larger if c is chosen else c for c in claims], company=0, maximum=maximum
    ).holders

    assert after[chosen.holder] >= before[chosen.holder] - 1


@given(crowds(), amounts, st.data())
def test_a_holder_split_into_two_that_count_together_gets_what_it_got(claims, maximum, data):
    claims = alone(claims)
    chosen = data.draw(st.sampled_from(claims))
    held = data.draw(st.integers(0, chosen.held))
    asked = data.draw(st.integers(0, chosen.asked))
    one = chosen._replace(held=held, asked=asked, group=9)
    other = Claim(10**6, chosen.held - held, chosen.asked - asked, group=9)
    before = cut_back(claims, company=0, maximum=maximum).holders[chosen.holder]
    after = cut_back(
        [*(c for c in claims if c is not chosen), one, other], company=0, maximum=maximum
    ).holders

    assert after[one.holder] + after[other.holder] == before or not (held and other.held)


# --- other orders ---------------------------------------------------------------------------

HALF = Fraction(1, 2)


@given(crowds(), amounts)
def test_what_is_not_shared_again_is_left_and_nobody_gets_more_by_it(claims, maximum):
    claims = alone(claims)
    again = cut_back(claims, company=0, maximum=maximum).holders
    left = cut_back(claims, company=0, maximum=maximum, shared_again=False).holders

    assert all(left[h] <= again[h] + 1 for h in again)
    assert sum(left.values()) <= maximum


@given(crowds(), amounts, amounts)
def test_a_floor_is_kept_whatever_the_company_sells(claims, company, maximum):
    tiers = (Tier(("company",)), Tier(("investors",)))
    order = Order(tiers, Floor("investors", HALF, unless="ipo"))
    asked = sum(c.asked for c in claims)
    held = all(c.held for c in claims)

    offering = cut_back(claims, company=company, maximum=maximum, order=order)
    if held:
        assert sum(offering.holders.values()) >= min(asked, maximum * HALF)
    in_an_ipo = cut_back(
        claims, company=company, maximum=maximum, order=order, where=frozenset({"ipo"})
    )
    assert in_an_ipo.company == min(company, maximum)


@given(crowds(), amounts, amounts)
def test_a_ceiling_is_never_passed(claims, company, maximum):
    first = Tier(("investors",), Basis.REQUESTED, {"otherwise": Fraction(1, 5)})
    order = Order((first, Tier(("company",))))
    offering = cut_back(claims, company=company, maximum=maximum, order=order)

    assert sum(offering.holders.values()) <= maximum / Fraction(5)
    assert offering.company == min(company, maximum - sum(offering.holders.values()))


@given(st.integers(2**52, 2**60), st.integers(3, 9))
def test_ratios_too_near_for_a_float_are_told_apart(held, count):
    """Everybody asks for a hair more or less than its part: only whole numbers can tell."""
    claims = [Claim(n, held + n, (held + n) // 2 + n % 3) for n in range(count)]
    maximum = sum(c.held for c in claims) // 2 + 1
    offering = cut_back(claims, company=0, maximum=maximum)
    exact = quotas(claims, maximum)

    assert offering.total == min(maximum, sum(c.asked for c in claims))
    assert all(abs(offering.holders[h] - exact[h]) < 1 for h in exact)


def test_numbers_beyond_any_float_are_shared_exactly():
    claims = [Claim(1, 10**400, 10**400), Claim(2, 3 * 10**400, 10**399)]
    offering = cut_back(claims, company=0, maximum=10**400)

    assert offering.holders == {1: 9 * 10**399, 2: 10**399}


@given(st.integers(1, 40))
def test_holders_who_fill_one_after_the_other_are_all_found(count):
    """Each asks for a hair more by its weight than the one before: none is filled early."""
    claims = [Claim(n, 2 ** (count - n), 2**count + n) for n in range(count)]
    maximum = sum(c.asked for c in claims) - 1
    offering = cut_back(claims, company=0, maximum=maximum)
    exact = quotas(claims, maximum)

    assert offering.total == maximum
    assert all(abs(offering.holders[h] - exact[h]) < 1 for h in exact)
