"""Claims for indemnity and contribution, section 5 (S7)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.contribution import WHOLE, By, Contributor, contribute, percent
from registrations.rules.days import Period, Unit
from registrations.rules.findings import Ruling
from registrations.rules.indemnity import ClaimFacts, ClaimTerms, LateNotice, judge_claim
from registrations.rules.questions import QuestionError, ask

from .bestnet import OPEN_DAYS, TERMS

THREE = Period(3, Unit.BUSINESS)
LAW = ClaimTerms(
    *(TERMS.values[name] for name in ("held_harmless", "claims", "indemnity")),
    *(TERMS.clause(name) for name in ("held_harmless", "claims", "indemnity")),
)
KNEW = date(2004, 3, 1)  # a Monday


def judged(law: ClaimTerms = LAW, **facts):
    """A claim of a Selling Investor against the Company, known on March 1, 2004."""
    known = {"claimant": "selling_investor", "against_company": True, "known_on": KNEW, **facts}
    return judge_claim(ClaimFacts(**known), law, promptly=THREE, open_days=OPEN_DAYS)


def ruled(about: str, **facts) -> Ruling:
    return judged(**facts).rulings[about]


def words(ruling: Ruling) -> str:
    return " ".join(r.text for r in ruling.because)


@pytest.mark.parametrize(
    ("claimant", "against_company", "outcome"),
    [
        ("selling_investor", True, "good"),
        ("underwriter", True, "good"),
        ("director_or_officer", True, "refused"),
        ("company", False, "good"),
        ("director_or_officer", False, "good"),
        ("selling_investor", False, "refused"),
    ],
)
def test_who_is_held_harmless_by_whom(claimant, against_company, outcome):
    ruling = ruled("held_harmless", claimant=claimant, against_company=against_company)

    assert ruling.outcome == outcome
    assert ruling.because[0].clause == "5(a), 5(b)"


def test_an_agreement_whose_terms_say_nothing_leaves_every_question_open():
    told = judged(ClaimTerms(None, None, None), counsel="Smith & Co.", settled_by="indemnified")

    assert [r.outcome for r in told.rulings.values()] == ["unknown"] * 5
    assert "do not say" in told.rulings["held_harmless"].awaiting[0].text


def test_notice_within_our_standard_is_prompt():
    ruling = ruled("notice", given_on=date(2004, 3, 4))

    assert ruling.outcome == "good"
    assert "our standard, not in the agreement: 3 business days after" in words(ruling)


def test_later_notice_matters_only_as_far_as_it_prejudiced():
    late = {"given_on": date(2004, 3, 15)}

    open_ = ruled("notice", **late)
    assert open_.outcome == "needs_decision"
    assert "11 days past our standard" in words(open_)
    assert "whether it did is not on record" in words(open_)
    assert ruled("notice", **late, prejudiced=True).outcome == "needs_decision"
    assert ruled("notice", **late, prejudiced=False).outcome == "good"


def test_what_late_notice_does_is_the_agreements_to_say():
    claims = LAW.claims.__class__(late_notice=LateNotice.WHOLLY)
    late = judged(LAW._replace(claims=claims), given_on=date(2004, 3, 15))
    silent = judged(LAW._replace(claims=claims.__class__()), given_on=date(2004, 3, 15))

    assert "is relieved" in words(late.rulings["notice"])
    assert "not in the agreement’s terms" in words(silent.rulings["notice"])


def test_without_the_day_of_knowledge_or_of_notice_nothing_is_guessed():
    assert ruled("notice", known_on=None).awaiting[0].fact.startswith("the day the Indemnified")
    waits = ruled("notice")
    assert (waits.outcome, waits.awaiting[0].fact) == ("unknown", "notice of the claim")
    assert waits.because[0].result == date(2004, 3, 4)


def test_counsel_is_the_indemnified_partys_to_approve():
    assert ruled("counsel").awaiting[0].fact == "the counsel the Indemnifying Party chose"
    chosen = {"counsel": "Smith & Co."}
    assert ruled("counsel", **chosen).outcome == "unknown"
    assert ruled("counsel", **chosen, counsel_approved=True).outcome == "good"
    assert ruled("counsel", **chosen, counsel_approved=False).outcome == "needs_decision"


def test_exceptions_are_counsels_to_judge_where_the_agreement_gives_them():
    assert ruled("carve_outs").outcome == "good"
    furnished = ruled("carve_outs", carve_outs=("information_furnished",))
    assert furnished.outcome == "needs_decision"
    against = {"claimant": "company", "against_company": False}
    assert ruled("carve_outs", **against).outcome == "unknown"
    assert ruled("carve_outs", **against, furnished=True).outcome == "good"
    assert ruled("carve_outs", **against, furnished=False).outcome == "refused"


SETTLED = date(2004, 6, 1)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "good"),
        ({"settled_by": "indemnified"}, "unknown"),
        ({"settled_by": "indemnified", "settled_on": SETTLED}, "refused"),
        (
            {
                "settled_by": "indemnified",
                "settled_on": SETTLED,
                "indemnifying_consent_on": SETTLED,
            },
            "good",
        ),
        (
            {
                "settled_by": "indemnified",
                "settled_on": SETTLED,
                "indemnifying_consent_on": SETTLED + timedelta(1),
            },
            "needs_decision",
        ),
        ({"settled_by": "indemnifying"}, "unknown"),
        ({"settled_by": "indemnifying", "releases_all": True, "settled_on": SETTLED}, "good"),
        ({"settled_by": "indemnifying", "releases_all": False, "settled_on": SETTLED}, "refused"),
        (
            {
                "settled_by": "indemnifying",
                "releases_all": False,
                "settled_on": SETTLED,
                "indemnified_consent_on": SETTLED,
            },
            "good",
        ),
    ],
)
def test_a_settlement_needs_the_consent_of_the_other_side(facts, outcome):
    assert ruled("settlement", **facts).outcome == outcome


def test_a_selling_investor_owes_no_more_than_its_proceeds_each_reading_apart():
    against = {"claimant": "company", "against_company": False, "claimed": Decimal("400000")}
    told = judged(**against, gross=Decimal("250000"), net=Decimal("237500"))

    assert [(c.reading, c.cap, c.payable) for c in told.payable] == [
        ("gross", Decimal("250000"), Decimal("250000")),
        ("net_of_selling_expenses", Decimal("237500"), Decimal("237500")),
    ]
    half = judged(**against, gross=Decimal("250000"))
    assert [c.reading for c in half.payable] == ["gross"]
    assert "net of selling expenses" in half.awaiting[0].fact


def test_nothing_limits_the_company_and_no_amount_is_guessed():
    assert judged(claimed=Decimal("400000")).payable[0].payable == Decimal("400000")
    assert judged().payable == ()
    assert judged().awaiting[0].fact == "the amount claimed"


# --- contribution ---------------------------------------------------------------------------

COMPANY, ALDER, BIRCH = 0, 1, 2


def test_in_proportion_to_net_proceeds():
    """$700,000, $200,000 and $100,000 received: a loss of $1,000.01 in those parts."""
    told = contribute(
        100_001,
        [
            Contributor(COMPANY, 70_000_000),
            Contributor(ALDER, 20_000_000),
            Contributor(BIRCH, 10_000_000),
        ],
        by=By.NET_PROCEEDS,
    )

    assert told.shares == {COMPANY: 70_001, ALDER: 20_000, BIRCH: 10_000}
    assert told.left == 0


def test_fault_too_counts_alike_unless_it_is_weighed_otherwise():
    """Half the proceeds each, all the fault the Company's."""
    parties = [Contributor(COMPANY, 500, WHOLE), Contributor(ALDER, 500, 0)]

    alike = contribute(1_000, parties, by=By.FAULT_TOO)
    assert alike.shares == {COMPANY: 750, ALDER: 250}
    assert "counts for 50% of it" in alike.because[0].text
    only = contribute(1_000, parties, by=By.FAULT_TOO, fault_weight=WHOLE)
    assert only.shares == {COMPANY: 1_000, ALDER: 0}
    nothing_received = [p._replace(net=0) for p in parties]
    assert contribute(9, nothing_received, by=By.FAULT_TOO).shares == {COMPANY: 9, ALDER: 0}
    assert contribute(9, nothing_received, by=By.NET_PROCEEDS).left == 9


def test_what_a_limit_keeps_from_one_stays_or_falls_on_the_others():
    parties = [Contributor(COMPANY, 500), Contributor(ALDER, 500, cap=100)]

    apart = contribute(1_000, parties, by=By.NET_PROCEEDS)
    again = contribute(1_000, parties, by=By.NET_PROCEEDS, shared_again=True)

    assert (apart.shares, apart.left) == ({COMPANY: 500, ALDER: 100}, 400)
    assert (again.shares, again.left) == ({COMPANY: 900, ALDER: 100}, 0)
    assert "stays where it fell" in apart.because[-1].text


def test_no_limit_of_another_raises_what_one_bears():
    """All the limits together are less than the loss: Birch bears its tenth, not its limit,
    and Cedar, who received nothing, bears nothing."""
    parties = [
        Contributor(ALDER, 900, cap=100), Contributor(BIRCH, 100, cap=150),
        Contributor(3, 0, cap=200),
    ]  # fmt: skip

    apart = contribute(1_000, parties, by=By.NET_PROCEEDS)
    again = contribute(1_000, parties, by=By.NET_PROCEEDS, shared_again=True)

    assert (apart.shares, apart.left) == ({ALDER: 100, BIRCH: 100, 3: 0}, 800)
    assert (again.shares, again.left) == ({ALDER: 100, BIRCH: 150, 3: 0}, 750)


@pytest.mark.parametrize(
    ("loss", "parties", "by", "says"),
    [
        (-1, [], By.NET_PROCEEDS, "below nothing"),
        (1, [Contributor(1, 1), Contributor(1, 1)], By.NET_PROCEEDS, "named twice"),
        (1, [Contributor(1, 1, 5_000)], By.FAULT_TOO, "add up"),
    ],
)
def test_what_cannot_be_is_said(loss, parties, by, says):
    with pytest.raises(ValueError, match=says):
        contribute(loss, parties, by=by)


def test_the_worksheet_asks_it_like_any_term():
    parties = [
        {"name": "the Company", "net_proceeds": "500", "fault": 10_000},
        {"name": "Alder", "net_proceeds": "500", "fault": 0, "limit": "1.00"},
    ]
    told = ask("contribution", TERMS, {"loss": "10.00", "parties": parties})

    assert [(w["by"], w["shared_again"], w["left"]) for w in told["ways"]] == [
        ("net_proceeds", False, "4.00"),
        ("net_proceeds", True, "0.00"),
        ("net_proceeds_and_fault", False, "1.50"),
        ("net_proceeds_and_fault", True, "0.00"),
    ]
    parties[0]["fault"] = 1
    with pytest.raises(QuestionError, match="add up"):
        ask("contribution", TERMS, {"loss": "10.00", "parties": parties})


def test_basis_points_as_percent():
    assert [percent(n) for n in (0, 5, 50, 1_250, WHOLE)] == [
        "0%",
        "0.05%",
        "0.5%",
        "12.5%",
        "100%",
    ]


@st.composite
def losses(draw):
    n = draw(st.integers(1, 5))
    faults = draw(st.lists(st.integers(0, WHOLE), min_size=n - 1, max_size=n - 1))
    cuts = [0, *sorted(faults), WHOLE]
    money = st.integers(0, 10**12)
    return [
        Contributor(k, draw(money), cuts[k + 1] - cuts[k], draw(st.none() | money))
        for k in range(n)
    ]


@given(st.integers(0, 10**12), losses(), st.sampled_from(By), st.integers(0, WHOLE), st.booleans())
def test_shares_and_what_is_left_are_the_loss_and_nobody_is_above_its_cap(
    loss, parties, by, weight, again
):
    told = contribute(loss, parties, by=by, fault_weight=weight, shared_again=again)

    assert sum(told.shares.values()) + told.left == loss
    assert told.left >= 0
    for party in parties:
        assert 0 <= told.shares[party.party] <= (loss if party.cap is None else party.cap)
    if by is By.NET_PROCEEDS and not again:
        together = sum(p.net for p in parties)
        for party in parties:
            # Its own part, rounded up to a cent at the most, whatever limits the others.
            assert told.shares[party.party] * together < loss * party.net + max(together, 1)
    # The order the parties are named in changes nothing.
    turned = contribute(loss, parties[::-1], by=by, fault_weight=weight, shared_again=again)
    assert turned.shares == told.shares
