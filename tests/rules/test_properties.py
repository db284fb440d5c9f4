"""What holds of every matter, whatever the facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.days import Unit
from registrations.rules.demand import units_needed
from registrations.rules.findings import Force, State, concern_data, ruling_data, window_data
from registrations.rules.joining import answers, live_answer
from registrations.rules.matter import Initiator
from registrations.rules.notice import Consent, Post, arrival
from registrations.rules.securities import (
    Ledger,
    Line,
    Position,
    first_shortfall,
    positions,
    unit_lines,
)

from .bestnet import (
    OPEN_DAYS,
    TERMS,
    asks,
    by_hand,
    certified,
    docket,
    matter,
    on,
    stands,
    told,
    window,
)
from .matters import FIRST, copies, days, matters, posts

DEMAND = on("2003-06-02")
lags = st.integers(0, 60)


def good(facts):
    """The same matter with a demand nobody can doubt."""
    enough = Initiator(1, "Investor 1", TERMS.units_offered, 0, 0)
    return facts._replace(
        initiators=(enough,), units_issued=TERMS.units_offered, units_held=TERMS.units_offered
    )


# --- 3: the filing window -------------------------------------------------------------------


@given(days, st.lists(lags, min_size=1, max_size=5))
def test_the_window_is_sixteen_days_less_the_lag_and_empty_from_the_sixteenth(received, lags):
    facts = matter(
        *(told("Birch", by_hand(str(received + timedelta(lag)))) for lag in lags),
        demand=str(received),
    )
    facts = facts._replace(
        invited=tuple(i._replace(investor=n) for n, i in enumerate(facts.invited, start=10))
    )
    file = window(facts, "file")

    length = max(0, (file.closes_on - file.opens_on).days + 1)
    assert length == max(0, 16 - max(lags))
    assert file.impossible is (max(lags) >= 16)
    assert file.opens_on == received + timedelta(max(lags) + 30)
    assert file.closes_on == received + timedelta(45)


@given(matters)
def test_an_unknown_receipt_leaves_the_opening_unknown_and_never_a_date(facts):
    facts = good(facts)
    facts = facts._replace(
        decisions={k: d for k, d in facts.decisions.items() if k != "filing_opens"}
    )
    found = docket(facts)
    file = found.window("file")

    received = [a.received_on for a in found.notices]
    if None in received:
        assert file.opens_on is None
        assert {a.investor for a in file.awaiting if a.investor} == {
            i.investor for i, day in zip(facts.invited, received, strict=True) if day is None
        }
    elif received:
        assert file.opens_on == max(received) + timedelta(30)


@given(matters, days)
def test_filing_is_missed_exactly_when_it_has_not_come_by_the_last_day(facts, today):
    file = docket(good(facts).upto(today)).window("file")

    missed = stands(file, today.isoformat()).state is State.MISSED
    assert missed is (
        file.done_on is None and file.closes_on is not None and today > file.closes_on
    )


# --- 4: the same facts, the same answer -----------------------------------------------------


def everything(found):
    return {
        "ruling": ruling_data(found.ruling),
        "windows": {w.key: window_data(w) for w in found.windows},
        "concerns": {c.key: concern_data(c) for c in found.concerns},
    }


@given(matters, st.randoms(use_true_random=False))
def test_the_order_facts_were_entered_in_changes_nothing(facts, rng):
    def stirred(items):
        return tuple(rng.sample(items, k=len(items)))

    def reposted(post):
        return Post(stirred(post.copies), stirred(post.addresses), stirred(post.consents))

    other = facts._replace(
        post=reposted(facts.post),
        initiators=stirred(facts.initiators),
        invited=stirred(
            tuple(
                i._replace(
                    post=reposted(i.post),
                    requests=stirred(tuple(r._replace(post=reposted(r.post)) for r in i.requests)),
                )
                for i in facts.invited
            )
        ),
        others=stirred(facts.others),
        decisions=dict(stirred(tuple(facts.decisions.items()))),
    )

    assert sorted_(everything(docket(other))) == sorted_(everything(docket(facts)))


def sorted_(found):
    """With what is awaited in one order: it lists Investors as the matter does."""
    for each in found["windows"].values():
        each["awaiting"].sort(key=repr)
    return found


PRINTS_A_DOCKET = """
import json, random, sys
from tests.rules.test_properties import everything
from tests.rules.bestnet import asks, certified, docket, fax, matter, posted, told
facts = matter(
    *posted("2003-06-05", Birch="2003-06-07"),
    told("Cedar", certified("2003-06-05", "2003-06-09"), asks=(asks("2003-06-27"),)),
    told("Dale", fax("2003-06-05")), filed="2003-07-15", covers={}, others={"Other": "2003-02-01"},
)
print(json.dumps(everything(docket(facts)), ensure_ascii=False))
"""


def test_zone_locale_and_hash_seed_change_nothing():
    said = set()
    for zone, lang, seed in [
        ("UTC", "C", "0"),
        ("Pacific/Kiritimati", "tr_TR.UTF-8", "1"),
        ("America/New_York", "C.UTF-8", "2"),
    ]:
        ran = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", PRINTS_A_DOCKET],
            env={**os.environ, "TZ": zone, "LC_ALL": lang, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            check=True,
        )
        said.add(ran.stdout)
    assert len(said) == 1
    assert json.loads(said.pop())["windows"]["file"]["closes_on"] == "2003-07-17"


# --- 5: twenty days -------------------------------------------------------------------------


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 60))
def test_day_20_is_in_and_day_21_out_under_either_reading(posted_after, transit, came_after):
    posted = DEMAND + timedelta(posted_after)
    signed = posted + timedelta(transit)
    came = posted + timedelta(came_after)
    facts = matter(told("Cedar", certified(str(posted), str(signed)), asks=(asks(str(came)),)))
    join = window(facts, "join:3")
    by = {r.name: came <= r.closes_on for r in join.readings}

    assert by == {"given": came_after <= 20, "received": came_after <= transit + 20}
    state = stands(join, "2004-01-01").state
    if by["given"]:
        assert state is State.MET
    else:
        assert state is (State.NEEDS_DECISION if by["received"] else State.MET_LATE)


@given(posts)
def test_the_readings_differ_only_when_given_and_received_do(post):
    notice = post.arrival(TERMS)
    join = window(good(matter(told("Cedar")._replace(post=post))), "join:3")
    given, received = (r.closes_on for r in join.readings)

    assert (given == received) is (notice.given_on == notice.received_on)


# --- 6: majority ----------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=6),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.data(),
)
def test_a_majority_is_a_matter_of_the_sum(parts, issued, held, data):
    def by(units):
        facts = matter(issued=issued, held=held)._replace(
            initiators=tuple(Initiator(n, f"I {n}", u) for n, u in enumerate(units))
        )
        return docket(facts).ruling

    first = parts[0]
    cut = data.draw(st.integers(0, first))
    split = [cut, first - cut, *parts[1:]]
    stirred = data.draw(st.permutations(split))
    assert by(stirred) == by(parts)
    enough = [2 * sum(parts) > pool for pool in (TERMS.units_offered, issued, held)]
    expected = "good" if all(enough) else "needs_decision" if any(enough) else "refused"
    assert by(parts).outcome == expected


@given(st.integers(0, 10**18))
def test_units_needed_is_the_least_that_is_more_than_half(pool):
    needed = units_needed(pool, TERMS)

    assert 2 * needed > pool >= 2 * (needed - 1)


# --- 7: given and received ------------------------------------------------------------------


@given(copies())
def test_mail_counts_when_sent_the_rest_on_receipt_and_the_unlisted_never(copy):
    copy = copy._replace(address=None)
    found = arrival(copy, terms=TERMS)

    if copy.method in ("registered_mail", "certified_mail"):
        assert (found.given_on, found.received_on) == (copy.sent_on, copy.received_on)
    elif copy.method in ("personal", "facsimile", "regular_mail"):
        assert found.given_on == found.received_on == copy.received_on
    else:
        assert found.given_on is None
        assert found.received_on is None
    assert found.because


@given(copies(), st.lists(days, max_size=3))
def test_a_consent_moves_no_day_it_only_lets_an_electronic_copy_count(copy, signed):
    consents = [Consent(day) for day in signed]
    found = arrival(copy, terms=TERMS, consents=consents)

    if copy.method not in ("portal", "email"):
        assert found == arrival(copy, terms=TERMS)
    elif copy.received_on and any(day <= copy.received_on for day in signed):
        assert found.given_on == found.received_on == copy.received_on
    else:
        assert found.given_on is found.received_on is None


@given(posts)
def test_several_copies_give_the_earliest_days_of_each_alone(post):
    alone = [post._replace(copies=(c,)).arrival(TERMS) for c in post.copies]
    found = post.arrival(TERMS)

    assert found.given_on == min((a.given_on for a in alone if a.given_on), default=None)
    assert found.received_on == min((a.received_on for a in alone if a.received_on), default=None)


# --- 8: facts are kept ----------------------------------------------------------------------


@given(matters)
def test_no_fact_is_too_wrong_to_have_a_docket_and_none_drops_out_of_it(facts):
    found = docket(good(facts))

    for invited in facts.invited:
        join = found.window(f"join:{invited.investor}")
        live = live_answer(answers(invited, TERMS))
        assert join.done_on == (live[0] if live else None)
    assert found.window("file").done_on == (facts.filing.on if facts.filing else None)
    assert found.window("effective").done_on == facts.effective_on
    keys = [w.key for w in found.windows] + [c.key for c in found.concerns]
    assert len(keys) == len(set(keys))


@given(matters, days)
def test_every_window_stands_somewhere_on_every_day(facts, today):
    for each in docket(good(facts)).windows:
        found = stands(each, today.isoformat())
        assert found.state in State
        if each.closes_on is None and each.done_on is None:
            assert found.state in (State.UNKNOWN, State.NOT_YET_OPEN, State.SUPERSEDED)


# --- Days, readings and reasons -------------------------------------------------------------


@given(matters)
def test_the_strictest_day_is_never_after_the_most_lenient(facts):
    for each in docket(good(facts)).windows:
        if each.lenient_on is not None:
            assert each.closes_on is not None
            assert each.closes_on <= each.lenient_on
        # What a delay does to a last day is open (D15); else only a right has two last days.
        if each.force is not Force.RIGHT and "D15" not in each.rule:
            assert each.lenient_on == each.closes_on


@given(matters)
def test_every_window_says_why_by_rule_and_section_with_its_own_last_day(facts):
    for each in docket(good(facts)).windows:
        assert each.rule
        assert each.clause
        assert each.because
        assert all(r.rule and r.clause and r.text for r in each.because)
        if each.closes_on is not None:
            assert each.closes_on in {r.result for r in each.because}
        if each.key == "file" and each.opens_on is not None:
            assert each.opens_on in {r.result for r in each.because}


@given(matters)
def test_every_reasons_arithmetic_is_right(facts):
    found = docket(good(facts))
    steps = [r for w in found.windows for r in w.because]
    steps += [r for c in found.concerns for r in c.because]
    for step in steps:
        if step.period is None:
            continue
        if step.fact.on is None:
            assert step.result is None
        else:
            assert step.result == counted(step.fact.on, step.period, back=step.back)


def counted(start, period, *, back):
    """The sum done another way: a step at a time, or by the calendar's own numbers."""
    if period.unit is Unit.CALENDAR:
        return date.fromordinal(start.toordinal() + (-period.n if back else period.n))
    assert not back
    if period.unit is Unit.YEAR:
        leap_day = (start.month, start.day) == (2, 29)
        return start.replace(year=start.year + period.n, day=28 if leap_day else start.day)
    assert period.unit is Unit.BUSINESS
    open_after = (
        day
        for n in range(1, 60)
        if (day := start + timedelta(n)).isoweekday() <= 5 and day not in OPEN_DAYS.closed
    )
    return [start, *open_after][period.n]


# --- What was known by a day ----------------------------------------------------------------


@given(matters, days, days)
def test_looking_back_from_a_later_day_or_an_earlier_one_is_the_same(facts, one, another):
    both = facts.upto(one).upto(another)

    assert both == facts.upto(min(one, another))
    assert facts.upto(one).upto(one) == facts.upto(one)


@given(matters)
def test_once_everything_has_happened_looking_back_shows_all_of_it(facts):
    assert docket(facts.upto(FIRST + timedelta(5_000))) == docket(facts)


@given(matters, days)
def test_what_happens_later_does_not_change_what_was_known(facts, day):
    known = docket(good(facts).upto(day))

    for each in known.windows:
        assert each.done_on is None or each.done_on <= day
    assert all(a.received_on is None or a.received_on <= day for a in known.notices)
    assert all(a.given_on is None or a.given_on <= day for a in known.notices)


# --- 18: the ledger -------------------------------------------------------------------------

PARTS = TERMS.unit_parts
changes = st.integers(-1_000, 1_000).filter(bool)
as_counted = st.just("")
shares = st.builds(
    Line,
    st.integers(1, 3),
    st.sampled_from(["unit", "common", "preferred"]),
    changes,
    days,
    st.none(),
    as_counted,
)
warrants = st.builds(
    Line, st.integers(1, 3), st.just("warrant"), changes, days, st.none() | days, as_counted
)
lines = shares | warrants


@given(st.lists(lines, max_size=30), days, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_changes_nothing(ledger, day, rng):
    other = rng.sample(ledger, k=len(ledger))

    assert positions(Ledger(other), on=day, parts=PARTS) == positions(
        Ledger(ledger), on=day, parts=PARTS
    )
    assert first_shortfall(Ledger(other)) == first_shortfall(Ledger(ledger))


@given(st.lists(lines, max_size=30), st.lists(lines, max_size=10), days)
def test_entries_after_a_day_never_change_that_day(ledger, later, day):
    after = [line._replace(on=day + timedelta(1 + n)) for n, line in enumerate(later)]

    assert positions(Ledger([*ledger, *after]), on=day, parts=PARTS) == positions(
        Ledger(ledger), on=day, parts=PARTS
    )


@given(st.lists(lines, max_size=30), days)
def test_a_position_is_the_sum_of_its_entries_counted_once(ledger, day):
    found = positions(Ledger(ledger), on=day, parts=PARTS)
    live = [
        line
        for line in ledger
        if line.on <= day and (line.expires_on is None or line.expires_on >= day)
    ]
    worth = {"unit": 0, "common": 1, "preferred": 2, "warrant": 1}

    assert sum(p.registrable for p in found.values()) == sum(
        line.change * worth[line.security] for line in live
    )
    assert sum(p.units for p in found.values()) == sum(
        line.change for line in live if line.security == "unit"
    )


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_conversion_exercise_and_transfer_neither_make_nor_lose_a_registrable_share(
    units, converted, exercised, moved
):
    converted, exercised = min(converted, units), min(exercised, units)
    moved = min(moved, 3 * units)
    day = FIRST + timedelta(30)
    ledger = [
        *unit_lines(1, units, on=FIRST, parts=PARTS, warrants_expire_on=None),
        Line(1, "preferred", -converted, day),
        Line(1, "common", 2 * converted, day),
        Line(1, "warrant", -exercised, day),
        Line(1, "common", exercised, day),
        Line(1, "common", -moved, day),
        Line(2, "common", moved, day),
    ]
    found = positions(Ledger(ledger), on=day, parts=PARTS)
    alone, other = found.get(1, Position()), found.get(2, Position())

    assert alone.registrable + other.registrable == 6 * units
    assert first_shortfall(Ledger(ledger)) is None
    assert alone.issuable == 3 * units - 2 * converted - exercised


@given(st.lists(lines, max_size=20))
def test_a_shortfall_is_found_exactly_when_some_balance_falls_below_zero(ledger):
    def balance(lot, day):
        return sum(
            line.change
            for line in ledger
            if (line.holder, line.security, line.expires_on) == lot and line.on <= day
        )

    below = [
        (line.on, line.holder, line.security)
        for line in ledger
        if balance((line.holder, line.security, line.expires_on), line.on) < 0
    ]
    found = first_shortfall(Ledger(ledger))
    assert (found is None) is (not below)
    if found is not None:
        assert (found.on, found.holder, found.security) == min(below)
