"""One reading chosen for the whole agreement: it governs in every matter, every other stays
in sight, and a decision in a matter stands before it (N8).

The Company Notice is given to Birch on June 5, 2003 and received on June 9: Birch may
answer until June 25 on one reading, until June 29 on the other.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations import library
from registrations.rules import governing, questions
from registrations.rules.docket import demand_docket
from registrations.rules.findings import Decision
from registrations.rules.terms import TermEntry, Terms, read_terms

from .bestnet import (
    ENTRIES,
    HOUSE,
    OPEN_DAYS,
    asks,
    certified,
    matter,
    on,
    told,
)
from .matters import matters

NAMES = [q.name for q in governing.questions_of(ENTRIES)]


def chosen(question: str, choice: str, day: str = "2003-06-12") -> Decision:
    return Decision(question, choice, on(day), "A memo.", "Counsel", for_agreement=True)


def terms(**choices: str) -> Terms:
    names = {name.replace("__", "."): choice for name, choice in choices.items()}
    decisions = {name: chosen(name, choice) for name, choice in names.items()}
    return Terms.from_entries(*_with(decisions))


def _with(decisions):
    entries, standing = governing.put_first(ENTRIES, decisions)
    return entries, Terms.from_entries(ENTRIES).calendars, standing


def docket(facts, **choices: str):
    return demand_docket(facts, terms=terms(**choices), house=HOUSE, open_days=OPEN_DAYS)


def test_the_questions_an_agreement_leaves_open() -> None:
    found = {q.name: [o.name for o in q.options] for q in governing.questions_of(ENTRIES)}

    assert found == {
        "demand_threshold": ["offered", "issued", "held"],
        "joining": ["given", "received"],
        "filing_opens": ["last_receipt", "first_receipt"],
        "delay_effect": ["due_at_end", "tolled", "restart"],
        "cutback.company.shared_again": ["yes", "no"],
        "indemnity.cap": ["gross", "net_of_selling_expenses"],
        "contribution.capped": ["yes", "no"],
    }


@pytest.mark.parametrize("name", library.names())
def test_any_reading_of_any_agreement_can_be_put_first_and_none_is_lost(name: str) -> None:
    entries = library.agreement(name).terms

    for question in governing.questions_of(entries):
        for option in question.options:
            decision = {question.name: chosen(question.name, option.name)}
            found, standing = governing.put_first(entries, decision)
            again = next(q for q in governing.questions_of(found) if q.name == question.name)
            assert standing == decision
            assert set(again.options) == set(question.options)
            assert question.name == governing.DELAY_EFFECT or again.options[0] == option
            assert not read_terms(found).problems
            assert {n: e for n, e in found.items() if n != question.term} == {
                n: e for n, e in entries.items() if n != question.term
            }


def test_what_is_chosen_and_no_longer_there_governs_nothing() -> None:
    decision = {"joining": chosen("joining", "posted"), "weather": chosen("weather", "fair")}
    found, standing = governing.put_first(ENTRIES, decision)

    assert found == ENTRIES
    assert standing == {}


def test_given_chosen_for_the_agreement_closes_every_window_on_that_day() -> None:
    facts = matter(told("Birch", certified("2003-06-05", "2003-06-09")))
    before = docket(facts).window("join:2")
    after = docket(facts, joining="received").window("join:2")

    assert (before.closes_on, before.lenient_on) == (on("2003-06-25"), on("2003-06-29"))
    assert (after.closes_on, after.lenient_on) == (on("2003-06-29"), on("2003-06-29"))
    assert {r.name: r.closes_on for r in after.readings} == {
        r.name: r.closes_on for r in before.readings
    }
    assert [r.name for r in after.readings if r.governs] == ["received"]
    assert after.decision.for_agreement
    assert after.decision.reason == "A memo."


def test_a_request_between_the_readings_needs_no_decision_any_more() -> None:
    late = asks("2003-06-26")
    facts = matter(told("Birch", certified("2003-06-05", "2003-06-09"), asks=(late,)))

    assert "decide:request:1" in {c.key for c in docket(facts).concerns}
    for choice in ("given", "received"):
        assert "decide:request:1" not in {c.key for c in docket(facts, joining=choice).concerns}


def test_a_decision_in_the_matter_stands_before_the_agreement_s() -> None:
    own = {"filing_opens": Decision("filing_opens", "last_receipt", on("2003-06-12"), "Here.")}
    facts = matter(told("Birch", certified("2003-06-05", "2003-06-09")))
    agreed = docket(facts, filing_opens="first_receipt").window("file")
    decided = docket(facts._replace(decisions=own), filing_opens="first_receipt").window("file")

    assert [r.name for r in agreed.readings if r.governs] == ["first_receipt"]
    assert [r.name for r in decided.readings if r.governs] == ["last_receipt"]
    assert decided.decision.reason == "Here."


def test_which_units_a_majority_is_of_settles_whether_a_demand_is_good() -> None:
    # 1,600,000 Units of 4,500,000 offered, and of the fewer issued and held.
    facts = matter(units=1_600_000, issued=3_055_399, held=3_055_399)

    assert docket(facts).ruling.outcome == "needs_decision"
    assert docket(facts, demand_threshold="issued").ruling.outcome == "good"
    assert docket(facts, demand_threshold="offered").ruling.outcome == "refused"
    assert len(docket(facts, demand_threshold="issued").ruling.readings) == 3


def test_room_not_used_is_shared_again_or_left_as_chosen() -> None:
    asked = {
        "maximum": 700,
        "claims": [
            {"name": "A", "who": "investors", "held": 600, "asked": 300},
            {"name": "B", "who": "investors", "held": 300, "asked": 10},
            {"name": "C", "who": "investors", "held": 100, "asked": 100},
        ],
    }
    left = questions.ask("cutback", terms(cutback__company__shared_again="no"), asked)

    assert left["says"] == "room not used is left"
    assert [each["says"] for each in left["readings"]] == [
        "room not used is left", "room not used is shared again",
    ]  # fmt: skip


@given(matters, st.sampled_from(["given", "received"]),
       st.sampled_from(["last_receipt", "first_receipt"]))  # fmt: skip
def test_a_choice_moves_no_reading_and_hides_none(facts, joining, opens) -> None:
    plain, other = docket(facts), docket(facts, joining=joining, filing_opens=opens)

    was = {w.key: w for w in plain.windows}
    assert was.keys() == {w.key for w in other.windows}
    for window in other.windows:
        days = {(r.name, r.opens_on) for r in window.readings if r.name in (joining, opens)}
        assert days <= {(r.name, r.opens_on) for r in was[window.key].readings}
        assert len(window.readings) == len(was[window.key].readings)
        if window.key.startswith("join:") and window.closes_on:
            day = next(r.closes_on for r in window.readings if r.name == joining)
            # It governs once its day is known: until then both readings are looked at.
            assert day is None or window.closes_on == window.lenient_on == day


def test_a_term_that_cannot_be_read_asks_nothing_and_stays_as_it_is() -> None:
    broken = {**ENTRIES, "joining": TermEntry("soon"), "cutback": TermEntry({"company": 1})}

    assert "joining" not in {q.name for q in governing.questions_of(broken)}
    found, _ = governing.put_first(broken, {"joining": chosen("joining", "given")})
    assert found == broken
