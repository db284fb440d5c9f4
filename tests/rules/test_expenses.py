"""Who bears which expense, and who owes whom, section 4 (S6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.expenses import COMPANY, REPAYMENT, SELLERS, Burden, Cost, Debt, account
from registrations.rules.money import Bearer, Expenses, SharedBy, dollars

ALDER, BIRCH, CEDAR = 1, 2, 3
BESTNET = Expenses(
    ("sec_filing_fee", "listing", "printing_and_shipping", "company_counsel", "blue_sky"),
    ("underwriting_discount", "selling_commission"),
)
REGISTERED = {ALDER: 1_000_000, BIRCH: 60_000}


def test_each_pays_its_own_and_nothing_is_owed():
    told = account(
        [
            Cost(1, "company_counsel", 6_000_000, COMPANY),
            Cost(2, "underwriting_discount", 6_300_000, SELLERS),
        ],
        BESTNET,
        registered=REGISTERED,
        clause="4",
    )

    assert told.totals == {Burden.COMPANY: 6_000_000, Burden.SELLERS: 6_300_000}
    assert told.debts == ()
    # 1,000,000 : 60,000 of $63,000.00
    assert told.bears == {COMPANY: 6_000_000, ALDER: 5_943_396, BIRCH: 356_604}


def test_what_the_wrong_party_paid_is_owed_to_it():
    """Birch paid the listing fee; the Company advanced the sellers' discount."""
    told = account(
        [
            Cost(1, "listing", 50_000, BIRCH),
            Cost(2, "underwriting_discount", 106_000, COMPANY),
        ],
        BESTNET,
        registered=REGISTERED,
    )

    assert told.lines[0].owed == (Debt(COMPANY, BIRCH, 50_000),)
    assert told.lines[1].owed == (Debt(ALDER, COMPANY, 100_000), Debt(BIRCH, COMPANY, 6_000))
    # Between the Company and Birch one sum is left, that way round.
    assert told.debts == (Debt(ALDER, COMPANY, 100_000), Debt(COMPANY, BIRCH, 44_000))


def test_a_repayment_settles_a_debt_and_too_much_of_it_turns_it_round():
    paid = Cost(1, "listing", 50_000, BIRCH)
    settled = account([paid, Cost(2, REPAYMENT, 50_000, COMPANY, BIRCH)], BESTNET)
    over = account([paid, Cost(2, REPAYMENT, 60_000, COMPANY, BIRCH)], BESTNET)

    assert settled.debts == ()
    assert settled.total == 50_000
    assert over.debts == (Debt(BIRCH, COMPANY, 10_000),)


def test_a_commission_on_one_sale_is_that_sellers_alone():
    told = account(
        [Cost(1, "selling_commission", 900, SELLERS, BIRCH)], BESTNET, registered=REGISTERED
    )

    assert told.bears == {BIRCH: 900}
    # It came out of the proceeds of both; Alder's part of it is Birch's to make good.
    assert told.debts == (Debt(BIRCH, ALDER, 849),)


def test_a_kind_the_terms_do_not_place_is_not_known_and_nothing_is_owed_for_it():
    told = account([Cost(1, "investor_counsel", 2_000_000, BIRCH)], BESTNET, clause="4")

    assert told.totals == {Burden.UNKNOWN: 2_000_000}
    assert told.debts == ()
    assert [a.text for a in told.awaiting] == [
        "The agreement puts counsel for the Investors on neither the Company nor the sellers"
    ]


def test_without_the_term_nothing_is_placed():
    told = account([Cost(1, "listing", 500, COMPANY)], None)

    assert told.totals == {Burden.UNKNOWN: 500}
    assert [a.fact for a in told.awaiting] == [
        "who bears expenses: the agreement’s terms do not say"
    ]


def test_whoever_incurred_it_bears_it_where_the_agreement_says_so():
    terms = replace(BESTNET, otherwise=Bearer.INCURRING)
    own = Cost(1, "investor_counsel", 2_000, COMPANY, BIRCH)

    assert account([own], terms).debts == (Debt(BIRCH, COMPANY, 2_000),)
    assert account([own._replace(about=None)], terms).totals == {Burden.UNKNOWN: 2_000}


def test_the_company_bears_the_investors_counsel_up_to_a_cap():
    """$35,000 a registration: two bills of $20,000 leave $5,000 to the sellers."""
    terms = replace(BESTNET, caps={"investor_counsel": Decimal("35000")})
    told = account(
        [
            Cost(1, "investor_counsel", 2_000_000, COMPANY),
            Cost(2, "investor_counsel", 2_000_000, COMPANY),
        ],
        terms,
        registered=REGISTERED,
    )

    assert told.totals == {Burden.COMPANY: 3_500_000, Burden.SELLERS: 500_000}
    assert [p.cents for p in told.lines[1].parts] == [1_500_000, 500_000]
    assert "up to $35,000.00 a registration" in told.lines[0].parts[0].because.text
    assert sum(d.cents for d in told.debts) == 500_000
    assert {d.creditor for d in told.debts} == {COMPANY}


def test_until_a_filing_says_what_it_covers_the_sellers_owe_together():
    discount = Cost(1, "underwriting_discount", 1_000, COMPANY)
    told = account([discount], BESTNET)

    assert told.debts == (Debt(SELLERS, COMPANY, 1_000),)
    assert told.awaiting[0].fact.startswith("the shares the statement covers")
    # One of the sellers paid: how much of it was its own is not known.
    assert account([discount._replace(paid_by=BIRCH)], BESTNET).debts == ()


def test_who_pays_for_the_registration_may_decide():
    terms = Expenses(sellers=("selling_commission",), payer_bears=True)
    fee = [Cost(1, "company_counsel", 600, COMPANY)]

    assert account(fee, terms).totals == {Burden.UNKNOWN: 600}
    assert account(fee, terms, payer="company").totals == {Burden.COMPANY: 600}
    assert account(fee, terms, payer="holders").totals == {Burden.SELLERS: 600}


def test_how_the_sellers_share_is_said_to_be_ours_where_the_agreement_is_silent():
    cost = [Cost(1, "selling_commission", 100, SELLERS)]
    ours = account(cost, BESTNET, registered=REGISTERED, clause="4").assumes
    theirs = account(
        cost, replace(BESTNET, shared_by=SharedBy.REGISTERED), registered=REGISTERED, clause="2.6"
    ).assumes

    assert "our standard" in ours[0].text
    assert ours[0].clause == ""
    assert theirs[0].clause == "2.6"


def test_cents_as_dollars():
    assert [dollars(n) for n in (0, 5, 123_456, -100)] == ["$0.00", "$0.05", "$1,234.56", "−$1.00"]


kinds = st.sampled_from(
    ["listing", "investor_counsel", "underwriting_discount", "selling_commission", "other"]
)
parties = st.sampled_from([COMPANY, SELLERS, ALDER, BIRCH, CEDAR, None])
costs = st.lists(
    st.tuples(kinds, st.integers(0, 10**12), parties, st.sampled_from([None, ALDER, BIRCH])),
    max_size=8,
)
registered = st.dictionaries(
    st.sampled_from([ALDER, BIRCH, CEDAR]), st.integers(0, 10**9), max_size=3
)
capped = st.one_of(
    st.just({}), st.builds(lambda n: {"listing": Decimal(n).scaleb(-3)}, st.integers(0, 10**9))
)


@given(costs, registered, capped, st.sampled_from([None, *Bearer]))
def test_every_cent_has_one_place_and_debts_bring_everybody_to_what_they_bear(
    given_costs, registered, caps, otherwise
):
    every = [Cost(n, *each) for n, each in enumerate(given_costs, start=1)]
    terms = replace(BESTNET, caps=caps, otherwise=otherwise)
    told = account(every, terms, registered=registered)

    assert sum(told.totals.values()) == told.total == sum(c.cents for c in every)
    assert sum(told.paid.values()) + told.unpaid == told.total
    for line in told.lines:
        assert sum(p.cents for p in line.parts) == line.cost.cents
        for part in line.parts:
            assert all(cents >= 0 for cents in part.shares.values())
            if part.burden is not Burden.UNKNOWN:
                assert sum(part.shares.values()) == part.cents
        assert all(debt.cents > 0 and debt.debtor != debt.creditor for debt in line.owed)
    # What is owed line by line and what is owed in all are the same sums.
    net: dict[int, int] = defaultdict(int)
    for debts, sign in ((told.debts, 1), *((line.owed, -1) for line in told.lines)):
        for debt in debts:
            net[debt.debtor] += sign * debt.cents
            net[debt.creditor] -= sign * debt.cents
    assert not any(net.values())
