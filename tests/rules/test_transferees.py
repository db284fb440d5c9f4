"""Who takes rights by transfer, what a sale ends, and who counts as one: H3, H4, H5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.affiliates import Member, first_clash, groups_on
from registrations.rules.findings import Decision
from registrations.rules.terms import RegistrableShares, Terms
from registrations.rules.transferees import Taken, after_sale, standing

from .bestnet import TERMS, on

JUNE_10 = on("2003-06-10")


def terms(**values):
    """BestNet's with some other, or with ``None`` without it."""
    kept = {**TERMS.values, **values}
    kept = {name: value for name, value in kept.items() if value is not None}
    return Terms(kept, TERMS.clauses, TERMS.summaries, TERMS.calendars)


def decided(choice):
    return Decision("standing", choice, on("2003-06-30"), "A memo.")


@pytest.mark.parametrize(
    ("party_from", "decision", "outcome", "says"),
    [
        ("2003-03-30", None, "investor", "a party by Tue, Jun 10, 2003"),
        ("2003-06-10", None, "investor", "a party by Tue, Jun 10, 2003"),
        (None, None, "no_investor", "signed no counterpart"),
        ("2003-06-11", None, "needs_decision", "1 day later"),
        ("2003-06-20", None, "needs_decision", "10 days later"),
        ("2003-06-20", decided("from_signing"), "investor", "10 days later"),
        ("2003-06-20", decided("never"), "no_investor", "10 days later"),
    ],
)
def test_whoever_signed_by_the_day_of_the_transfer_is_an_investor_for_it(
    party_from, decision, outcome, says
):
    ruling = standing(Taken(JUNE_10, party_from and on(party_from), decision), TERMS)

    assert ruling.outcome == outcome
    assert says in ruling.because[0].text
    assert (ruling.because[0].rule, ruling.because[0].clause) == ("H4", "7, 8(g)")
    assert [r.name for r in ruling.readings if r.governs] == ([decision.choice] if decision else [])


def test_where_the_terms_give_no_condition_it_is_not_known():
    assert standing(Taken(JUNE_10, JUNE_10), terms(transfer=None)).outcome == "unknown"


@pytest.mark.parametrize(
    ("under", "ended_by", "outcome"),
    [
        ("statement", ["statement"], "ended"),
        ("rule_144", ["statement"], "registrable"),
        ("rule_144", ["statement", "rule_144"], "ended"),
        ("", ["statement"], "unknown"),
        ("statement", None, "unknown"),
    ],
)
def test_what_a_sale_ends_is_what_the_terms_say(under, ended_by, outcome):
    given = RegistrableShares(tuple(ended_by)) if ended_by else None

    assert after_sale(under, terms(registrable_shares=given)).outcome == outcome


def test_rule_144_does_not_end_them_here_but_no_investor_holds_them():
    (reason,) = after_sale("rule_144", TERMS).because

    assert (reason.rule, reason.clause) == ("H3", "7")
    assert "unless whoever bought them signed a counterpart" in reason.text


# --- who counts as one ------------------------------------------------------------------------

members = st.lists(
    st.builds(
        lambda who, group, start, length: Member(
            who,
            group,
            on(f"2003-06-{start:02}"),
            None if length is None else on(f"2003-06-{min(30, start + length):02}"),
        ),
        st.integers(1, 3),
        st.integers(1, 3),
        st.integers(1, 30),
        st.none() | st.integers(0, 9),
    ),
    max_size=6,
)


@given(members)
def test_a_clash_is_found_exactly_when_somebody_is_twice_in_groups_on_a_day(found):
    days = [on(f"2003-06-{n:02}") for n in range(1, 31)]
    twice = [
        day
        for day in days
        if any(sum(m.investor == who and m.on(day) for m in found) > 1 for who in (1, 2, 3))
    ]
    clash = first_clash(found)

    assert (clash is None) is (not twice)
    if clash is not None:
        assert clash.on == min(twice)
        assert clash.one.on(clash.on)
        assert clash.other.on(clash.on)
        assert clash.one.investor == clash.other.investor


def test_a_membership_counts_on_its_first_and_its_last_day():
    member = Member(1, 7, on("2003-06-05"), on("2003-06-10"))

    counts = [groups_on([member], on(f"2003-06-{n:02}")) for n in (4, 5, 10, 11)]
    assert counts == [{}, {1: 7}, {1: 7}, {}]
