"""Who may sell, Investor by Investor, while a prospectus is amended (S1, S2, S4)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.matter import Delay
from registrations.rules.notice import Post
from registrations.rules.prospectus import (
    Furnished,
    Letter,
    Returned,
    Seller,
    Selling,
    Suspension,
)
from registrations.rules.selling import MAY, MUST_NOT, UNKNOWN, who_may_sell
from registrations.rules.selling import without as lacking
from registrations.rules.states import flag_from
from registrations.rules.suspending import allowance, unfinished
from registrations.rules.terms import Terms

from .bestnet import (
    CAST,
    OPEN_DAYS,
    TERMS,
    certified,
    docket,
    fax,
    matter,
    maybe,
    on,
    stored,
    window,
)
from .matters import posts

ALDER, BIRCH, CEDAR = CAST["Alder"], CAST["Birch"], CAST["Cedar"]
EFFECTIVE = "2003-09-02"
SOLD_WHOLE = {"filed": "2003-07-15", "covers": {"Alder": 600_000}}


def letter(id: int = 1, *, asks: bool = True, at: time | None = None, **to) -> Letter:
    """A letter of the Company to some Investors, each copy as it travelled."""
    return Letter(id, {CAST[who]: Post((copy,)) for who, copy in to.items()}, asks, at)


def amended(day: str, *letters: Letter, id: int = 1, released: str | None = None, **more):
    return Suspension(id, f"S-{id}", on(day), letters=letters, released_on=maybe(released), **more)


def revised(who: str, sent: str | None, received: str | None, *, of: int = 1) -> Furnished:
    return Furnished(CAST[who], "revised", 5, maybe(sent), maybe(received), of)


def first(who: str, copies: int | None = 20, kind: str = "final") -> Furnished:
    return Furnished(CAST[who], kind, copies, on("2003-09-03"), on("2003-09-05"))


def selling(*suspensions, furnished=(), effective: str | None = EFFECTIVE, **more) -> Selling:
    """DR-1 with three sellers, effective on September 2, 2003."""
    sellers = tuple(Seller(CAST[who], who, 100_000) for who in ("Alder", "Birch", "Cedar"))
    more = {name: on(day) if name.endswith("_on") else day for name, day in more.items()}
    return Selling(
        "DR-1", sellers, maybe(effective), suspensions=suspensions, furnished=furnished, **more
    )


def answers(facts: Selling, day: str, terms: Terms = TERMS) -> dict[str, str]:
    found = who_may_sell(facts, terms, OPEN_DAYS, on(day))
    return {stands.seller.name: stands.answer.outcome for stands in found}


def answer(facts: Selling, who: str, day: str, terms: Terms = TERMS):
    found = who_may_sell(facts, terms, OPEN_DAYS, on(day))
    return next(stands for stands in found if stands.seller.name == who)


# --- the statement itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "day", "outcome"),
    [
        pytest.param(selling(effective=None), "2003-10-01", MUST_NOT, id="not effective"),
        pytest.param(selling(), "2003-09-01", MUST_NOT, id="the day before it is effective"),
        pytest.param(selling(), "2003-09-02", MAY, id="the day it is effective"),
        pytest.param(selling(), "2004-09-02", MAY, id="the last day it must be kept effective"),
        pytest.param(selling(), "2004-09-03", UNKNOWN, id="the year is over: is it still?"),
        pytest.param(selling(keeps=False), "2004-09-03", MAY, id="no year where none is owed"),
        pytest.param(selling(withdrawn_on="2003-10-01"), "2003-10-01", MUST_NOT, id="withdrawn"),
        pytest.param(selling(withdrawn_on="2003-10-01"), "2003-09-30", MAY, id="before that"),
        pytest.param(selling(all_sold_on="2003-10-01"), "2003-10-02", MUST_NOT, id="all sold"),
        pytest.param(selling(distributed_on="2003-10-01"), "2003-10-02", MUST_NOT, id="completed"),
    ],
)
def test_the_statements_own_life(facts, day, outcome):
    assert set(answers(facts, day).values()) == {outcome}
    assert all(r.text for r in answer(facts, "Alder", day).answer.because)


def test_whether_one_not_known_to_be_covered_may_sell_is_not_known():
    facts = selling()._replace(sellers=(Seller(ALDER, "Alder", None),))

    found = answer(facts, "Alder", "2003-10-01").answer

    assert found.outcome == UNKNOWN
    assert [a.fact for a in found.awaiting] == ["the shares the statement covers"]


# --- a prospectus amended ---------------------------------------------------------------------

NOV_3, NOV_10 = "2003-11-03", "2003-11-10"


def test_told_but_not_asked_may_go_on():
    """The text stops offers only if the Company so requests."""
    facts = selling(amended(NOV_3, letter(Alder=certified(NOV_3, "2003-11-05"), asks=False)))

    assert answers(facts, "2003-11-06") == {"Alder": MAY, "Birch": MAY, "Cedar": MAY}
    step = answer(facts, "Alder", "2003-11-06").steps[0]
    assert (step.told.given_on, step.asked) == (on(NOV_3), None)
    assert step.missing == ("revised prospectus",)
    assert answer(facts, "Birch", "2003-11-06").steps[0].missing == (
        "notice of the amendment",
        "revised prospectus",
    )


def test_each_stops_when_asked_and_resumes_when_it_has_the_revised_prospectus():
    """All are asked by certified mail of November 3; Alder has the revised prospectus on
    November 12, Birch's is on its way, Cedar's was not sent."""
    copies = {who: certified(NOV_3, "2003-11-06") for who in ("Alder", "Birch", "Cedar")}
    facts = selling(
        amended(NOV_3, letter(**copies, at=time(16, 10))),
        furnished=(
            revised("Alder", NOV_10, "2003-11-12"),
            revised("Birch", NOV_10, None),
        ),
    )

    assert set(answers(facts, "2003-11-02").values()) == {MAY}
    assert set(answers(facts, NOV_3).values()) == {MUST_NOT}
    assert set(answers(facts, "2003-11-09").values()) == {MUST_NOT}
    assert answers(facts, "2003-11-11") == {"Alder": UNKNOWN, "Birch": UNKNOWN, "Cedar": MUST_NOT}
    assert answers(facts, "2003-11-12") == {"Alder": MAY, "Birch": UNKNOWN, "Cedar": MUST_NOT}
    said = answer(facts, "Cedar", "2003-11-12").answer
    assert "S-1: asked to stop offers at 4:10 pm: request to stop given, Mon, Nov 3, 2003." in [
        r.text for r in said.because
    ]
    assert {r.clause for r in said.because} == {"2"}
    assert [(r.name, r.opens_on, r.governs) for r in said.readings] == [
        ("given", on(NOV_3), True),
        ("received", on("2003-11-06"), False),
    ]
    assert [(a.fact, a.who) for a in answer(facts, "Birch", "2003-11-12").answer.awaiting] == [
        ("receipt of the revised prospectus", "Birch")
    ]


def test_a_request_by_fax_with_no_receipt_is_not_proven_given():
    facts = selling(amended(NOV_3, letter(Alder=fax(NOV_3))))

    found = answer(facts, "Alder", "2003-11-20").answer

    assert found.outcome == UNKNOWN
    assert [(a.fact, a.who) for a in found.awaiting] == [
        ("receipt of the copy sent by facsimile", "Alder")
    ]
    assert answers(facts, "2003-11-20")["Birch"] == MAY


def test_a_request_before_the_amendment_is_filed_stops_offers_at_once():
    facts = selling(amended(NOV_10, letter(Alder=certified(NOV_3, NOV_3))))

    assert answers(facts, NOV_3)["Alder"] == MUST_NOT
    assert answers(facts, "2003-11-02")["Alder"] == MAY


def test_the_company_may_take_its_request_back():
    facts = selling(amended(NOV_3, letter(Alder=certified(NOV_3, NOV_3)), released="2003-11-07"))

    assert answers(facts, "2003-11-06")["Alder"] == MUST_NOT
    assert answers(facts, "2003-11-07")["Alder"] == MAY
    assert unfinished(facts, TERMS) == []


def test_a_later_revision_carries_the_earlier_amendment_but_not_the_other_way():
    asked = {"Alder": certified(NOV_3, NOV_3)}
    again = {"Alder": certified(NOV_10, NOV_10)}
    two = (amended(NOV_3, letter(**asked)), amended(NOV_10, letter(2, **again), id=2))

    late = selling(*two, furnished=(revised("Alder", "2003-11-12", "2003-11-12", of=2),))
    early = selling(*two, furnished=(revised("Alder", "2003-11-08", "2003-11-08", of=1),))

    assert answers(late, "2003-11-12")["Alder"] == MAY
    assert answers(early, "2003-11-09")["Alder"] == MAY
    assert answers(early, "2003-11-12")["Alder"] == MUST_NOT


def test_the_copies_that_must_come_back():
    """Alder had 20; 12 came back.  Birch had some, nobody counted them."""
    copies = {who: certified(NOV_3, NOV_3) for who in ("Alder", "Birch", "Cedar")}
    facts = selling(
        amended(
            NOV_3,
            letter(**copies),
            acknowledged={ALDER: on("2003-11-04")},
            returned=(Returned(ALDER, on("2003-11-05"), 12),),
        ),
        furnished=(first("Alder"), first("Birch", None)),
    )
    missing = {
        s.seller.name: s.steps[0].missing
        for s in who_may_sell(facts, TERMS, OPEN_DAYS, on("2003-11-06"))
    }

    assert missing == {
        "Alder": ("8 copies to come back", "revised prospectus"),
        "Birch": ("acknowledgement", "copies returned", "revised prospectus"),
        "Cedar": ("acknowledgement", "copies returned", "revised prospectus"),
    }


def test_where_the_agreement_says_otherwise_it_is_followed():
    """Told is enough to stop, and only the Company's word lets them resume."""
    terms = Terms.from_entries(stored(stop_offers={"when": "told", "until": "released"}))
    told = amended(NOV_3, letter(Alder=certified(NOV_3, NOV_3), asks=False))
    facts = selling(told, furnished=(revised("Alder", NOV_10, NOV_10),))

    assert answers(facts, "2003-11-20", terms)["Alder"] == MUST_NOT
    assert answers(facts, "2003-11-20")["Alder"] == MAY


def test_where_the_agreement_is_not_on_record_nobody_can_say():
    entries = {k: v for k, v in stored().items() if k != "stop_offers"}
    facts = selling(amended(NOV_3, letter(Alder=certified(NOV_3, NOV_3))))

    found = answer(facts, "Alder", NOV_10, Terms.from_entries(entries)).answer

    assert found.outcome == UNKNOWN
    assert [a.fact for a in found.awaiting] == ["what the agreement says of an amended prospectus"]


# --- what is open on the docket ---------------------------------------------------------------


def test_an_unfinished_suspension_stands_on_the_docket_from_the_day_it_bit():
    copies = {who: certified("2003-11-04") for who in ("Alder", "Birch", "Cedar")}
    facts = selling(amended(NOV_3, letter(**copies)), furnished=(revised("Alder", NOV_10, NOV_10),))
    whole = matter(**SOLD_WHOLE, effective=EFFECTIVE)._replace(selling=facts)

    [concern] = [c for c in docket(whole).concerns if c.rule == "S4"]

    assert (concern.kind, concern.since, concern.clause) == ("suspended", on("2003-11-04"), "2")
    assert concern.text == (
        "Do not sell under DR-1: S-1. The prospectus was amended on Mon, Nov 3, 2003. "
        "Birch and Cedar may not resume yet."
    )
    assert docket(whole.upto(on("2003-11-02"))).concerns == ()


def test_the_company_tells_and_provides_promptly_by_our_own_standard():
    """Amended on Monday, November 3; three business days are through Thursday.  All are told
    by then; Cedar's revised prospectus is not on record as received."""
    everybody = ("Alder", "Birch", "Cedar")
    facts = selling(
        amended(NOV_3, letter(**{who: certified("2003-11-05") for who in everybody})),
        furnished=(
            revised("Alder", NOV_10, "2003-11-12"),
            revised("Birch", NOV_10, "2003-11-13"),
            revised("Cedar", NOV_10, None),
        ),
    )
    whole = matter(**SOLD_WHOLE, effective=EFFECTIVE)._replace(selling=facts)

    told, provided = (window(whole, f"{key}:S-1") for key in ("tell_sellers", "revised"))

    assert (told.closes_on, told.done_on, told.force.value) == (
        on("2003-11-06"),
        on("2003-11-05"),
        "house",
    )
    assert (provided.done_on, [a.who for a in provided.awaiting]) == (None, ["Cedar"])
    assert flag_from(provided) is None
    came = facts._replace(furnished=(*facts.furnished[:2], revised("Cedar", NOV_10, NOV_10)))
    assert window(whole._replace(selling=came), "revised:S-1").done_on == on("2003-11-13")


def test_nobody_stopped_yet_notice_and_revised_prospectuses_are_owed():
    facts = selling(amended(NOV_3, letter(Alder=certified(NOV_3), asks=False)))

    [concern] = unfinished(facts, TERMS)

    assert concern.kind == "amended_prospectus"
    assert concern.text == (
        "The prospectus of DR-1 was amended on Mon, Nov 3, 2003. Notice not proven: Birch and "
        "Cedar. No revised prospectus: Alder, Birch and Cedar."
    )


def test_it_is_over_when_everybody_was_told_and_has_the_revised_prospectus():
    everybody = ("Alder", "Birch", "Cedar")
    facts = selling(
        amended(NOV_3, letter(**{who: certified(NOV_3) for who in everybody})),
        furnished=tuple(revised(who, NOV_10, NOV_10) for who in everybody),
    )

    assert unfinished(facts, TERMS) == []
    assert unfinished(facts._replace(furnished=facts.furnished[1:]), TERMS) != []
    sold = facts._replace(furnished=(), all_sold_on=on(NOV_10))
    assert unfinished(sold, TERMS) == []


def test_who_has_no_prospectus_yet():
    """A final one does for a preliminary one, never the other way."""
    facts = selling(furnished=(first("Alder"), first("Birch", kind="preliminary")))

    found = {kind: [s.name for s in some] for kind, some in lacking(facts, TERMS).items()}

    assert found == {"preliminary": ["Cedar"], "final": ["Birch", "Cedar"]}


# --- what the agreement allows ----------------------------------------------------------------

BLACKOUT = {
    "each": {"n": 30},
    "uses": [{"count": 2, "within": "calendar_year"}],
    "days": [{"days": 45, "within": "calendar_year", "under": True}],
}


def test_days_used_of_what_the_agreement_allows():
    """Stopped from November 3 to the revised prospectus of November 23: twenty days, the
    last not counted.  The second runs since December 1, and on December 26 it is too long."""
    terms = Terms.from_entries(stored(suspension=BLACKOUT))
    facts = selling(
        amended(NOV_3, letter(Alder=certified(NOV_3))),
        amended("2003-12-01", letter(2, Alder=certified("2003-12-01")), id=2),
        furnished=(revised("Alder", "2003-11-20", "2003-11-23"),),
    )

    used, running = allowance([facts], terms, on("2003-12-24"))
    assert (used.stretch.days, used.running, used.allowed.holds) == (20, False, True)
    assert (running.stretch.days, running.running, running.allowed.holds) == (24, True, True)
    assert running.allowed.most_days == 24
    assert allowance([facts], terms, on("2003-12-25"))[1].allowed.holds is False
    assert allowance([facts], TERMS, on("2003-12-25")) == ()


# --- whatever happened ------------------------------------------------------------------------

DAYS = st.integers(0, 120).map(lambda n: date(2003, 9, 1) + timedelta(n))


@st.composite
def sellings(draw):
    """A statement with three sellers and any mix of letters, copies and prospectuses."""
    who = st.sampled_from([ALDER, BIRCH, CEDAR])
    suspensions = []
    for id in range(1, 1 + draw(st.integers(0, 2))):
        letters = tuple(
            Letter(n, draw(st.dictionaries(who, posts, max_size=3)), draw(st.booleans()))
            for n in range(draw(st.integers(0, 2)))
        )
        suspensions.append(
            Suspension(
                id, f"S-{id}", draw(DAYS), letters=letters, released_on=draw(st.none() | DAYS)
            )
        )
    furnished = draw(
        st.lists(
            st.builds(
                lambda investor, sent_on, transit, revises: Furnished(
                    investor, "revised" if revises else "final", None, sent_on,
                    None if transit is None else sent_on + timedelta(transit), revises,
                ),
                who, DAYS, st.none() | st.integers(0, 20), st.sampled_from([None, 1, 2]),
            ),
            max_size=5,
        )
    )  # fmt: skip
    return selling(*suspensions, furnished=tuple(furnished))._replace(
        effective_on=draw(st.none() | DAYS), withdrawn_on=draw(st.none() | DAYS)
    )


@given(sellings(), DAYS, st.integers(0, 60))
def test_looking_back_from_a_later_day_is_the_same(facts, day, later):
    known = facts.upto(day + timedelta(later))

    assert who_may_sell(known, TERMS, OPEN_DAYS, day) == who_may_sell(facts, TERMS, OPEN_DAYS, day)


@given(sellings(), DAYS)
def test_nobody_who_was_asked_sells_before_a_revised_prospectus_came(facts, day):
    for stands in who_may_sell(facts, TERMS, OPEN_DAYS, day):
        assert stands.answer.because
        assert all(reason.text for reason in stands.answer.because)
        for step in stands.steps:
            asked = step.asked is not None and step.asked.given_on is not None
            if (
                asked
                and step.asked.given_on <= day
                and step.revised_on is None
                and step.suspension.released_on is None
            ):
                assert stands.answer.outcome != MAY
        if stands.answer.outcome == MAY:
            assert facts.effective_on is not None
            assert facts.effective_on <= day


@given(sellings(), DAYS, posts)
def test_what_is_sent_to_one_is_nothing_to_another(facts, day, post):
    asked = Suspension(9, "S-9", day, letters=(Letter(9, {ALDER: post}, True),))
    more = facts._replace(suspensions=(*facts.suspensions, asked))

    before, after = answers(facts, day.isoformat()), answers(more, day.isoformat())

    assert {who: after[who] for who in ("Birch", "Cedar")} == {
        who: before[who] for who in ("Birch", "Cedar")
    }


def test_where_delays_share_the_allowance_they_are_uses_of_it():
    """A delay of thirty days from October 1 and a suspension from November 3: the third in
    the year is one too many."""
    each = {"n": 30}
    twice = {"each": each, "uses": [{"count": 2, "within": "calendar_year"}]}
    facts = selling(
        amended(NOV_3, letter(Alder=certified(NOV_3))),
        amended("2003-12-01", letter(2, Alder=certified("2003-12-01")), id=2),
        furnished=(revised("Alder", "2003-11-20", "2003-11-23"),),
    )
    put_off = [("DR-1", Delay(1, on("2003-10-01")))]

    alone = Terms.from_entries(stored(suspension=twice, delay=twice))
    assert [u.allowed.holds for u in allowance([facts], alone, on("2003-12-02"), put_off)] == [
        True,
        True,
    ]
    shared = Terms.from_entries(
        stored(
            suspension={**twice, "shared_with": "delay"},
            delay={**twice, "shared_with": "suspension"},
        )
    )
    used = allowance([facts], shared, on("2003-12-02"), put_off)
    assert (used[0].reference, used[0].stretch.days) == ("DR-1, delay 1", 30)
    assert [u.allowed.holds for u in used] == [True, True, False]
    assert allowance([facts], shared, on("2003-09-30"), put_off) == ()
