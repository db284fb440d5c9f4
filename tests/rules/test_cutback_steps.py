"""How a cutback is told: the steps add up to what is allotted (P7, H5)."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.cutback import Claim, Order, Tier, allocate
from registrations.rules.cutback_steps import costs_of_one_more, steps

from .bestnet import TERMS
from .test_cutback import amounts, crowds, quotas

SECTION_3C = TERMS.values["cutback"]["company"]
COMPANY = 0


def told(claims, maximum, *, groups=None, names=None, again=True):
    result = allocate(claims, SECTION_3C, maximum=maximum, shared_again=again)
    names = names or {c.holder: f"Holder {c.holder}" for c in claims}
    groups = groups or {c.group: f"Group {c.group}" for c in claims if c.group is not None}
    said = steps(claims, SECTION_3C, result, names=names, groups=groups, shared_again=again)
    return result, [f"{step.lead} {step.text}" for step in said]


def test_a_partner_a_capped_holder_and_a_lender_are_told_round_by_round():
    claims = [
        Claim(COMPANY, 0, 6_000_000, who="company"),
        Claim(1, 8_100_000, 4_050_000, group=0),
        Claim(2, 1_350_000, 1_350_000, group=0),
        Claim(3, 5_400_000, 1_000_000),
        Claim(4, 4_050_000, 2_700_000),
        Claim(5, 1_800_000, 900_000),
        Claim(6, 3_000_000, 1_500_000, who="others"),
    ]
    names = dict(enumerate(["The Company", "Fund", "Partner", "Calder", "Mesa", "Thomas", "Bank"]))

    result, said = told(claims, 12_000_000, groups={0: "Harbor"}, names=names)

    assert result.shares == {
        COMPANY: 6_000_000, 1: 2_213_115, 2: 368_852, 3: 1_000_000, 4: 1_106_558, 5: 491_803,
        6: 819_672,
    }  # fmt: skip
    assert said == [
        "6,000,000 shares for The Company. It asks for 6,000,000 and finds room for 12,000,000.",
        "6,000,000 shares for 5 holders. In proportion to the 23,700,000 held, Calder’s part "
        "would be 1,367,088; it asked for 1,000,000 and gets that.",
        "5,000,000 shares for the other 4. Shared again in proportion to the 18,300,000 held. "
        "None of them reaches the amount it asked for.",
        "Whole shares. Fractions go to the largest remainders, one share each, ties to the "
        "larger holding and then to the holder first on the register. 1 share was placed this "
        "way.",
        "2,581,967 shares within Harbor. Its 2 holders count as a single one, so they are cut "
        "together; then they share in the same way, by what each holds.",
    ]


def test_where_everybody_is_served_in_full_it_says_so():
    _, said = told([Claim(1, 10, 5), Claim(2, 20, 5)], 100)

    assert said == [
        "10 shares for 2 holders. There is room for 100: every one gets what it asks for."
    ]


def test_on_the_other_reading_what_one_cannot_use_is_left():
    result, said = told([Claim(1, 10, 1), Claim(2, 10, 10)], 10, again=False)

    assert result.total == 6
    assert said == [
        "10 shares for 2 holders. In proportion to the 20 held. Holder 1’s part would be 5; it "
        "asked for 1 and gets that. What it cannot use is not shared again."
    ]


@given(crowds(), amounts)
def test_what_the_rounds_leave_is_what_the_others_get(claims, maximum):
    claims = [c._replace(group=None) for c in claims]
    _, said = told(claims, maximum)
    rounds = [s for s in said if re.match(r"[\d,]+ shares for the other|.*holders\. In prop", s)]
    if not rounds or "None of them" not in rounds[-1]:
        return
    left = int(rounds[-1].split(" ")[0].replace(",", ""))
    exact = quotas(claims, maximum)
    assert left == sum(exact[c.holder] for c in claims if exact[c.holder] < c.asked)


ALABAMA = [Claim(1, 1, 1), Claim(2, 3, 3), Claim(3, 3, 3)]
ONE_TIER = Order((Tier(("investors",)),))


def test_one_share_more_of_room_that_costs_a_holder_one_is_named():
    at_3, at_4 = (allocate(ALABAMA, ONE_TIER, maximum=m) for m in (3, 4))

    assert costs_of_one_more(ALABAMA, ONE_TIER, at_3, maximum=3) == {1: 1}
    assert costs_of_one_more(ALABAMA, ONE_TIER, at_4, maximum=4) == {}


@given(st.integers(0, 10**6))
def test_with_one_holder_no_share_more_costs_it_one(maximum):
    claims = [Claim(1, 10**6, 10**6)]
    result = allocate(claims, ONE_TIER, maximum=maximum)

    assert costs_of_one_more(claims, ONE_TIER, result, maximum=maximum) == {}
