"""Where each kind of window stands on each side of each of its days."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.rules.findings import Force, Party, State, Window
from registrations.rules.states import flag_from, reminders_aim_at, standing

from .bestnet import (
    CAST,
    asks,
    by_hand,
    certified,
    declines,
    docket,
    fax,
    matter,
    on,
    stands,
    told,
    window,
)

SOON, OPEN, NOT_YET = State.DUE_SOON, State.OPEN, State.NOT_YET_OPEN
CEDAR = told("Cedar", certified("2003-06-05", "2003-06-09"))
JOIN = f"join:{CAST['Cedar']}"
MATTER = matter(CEDAR)
LATE_RECEIPT = matter(told("Cedar", fax("2003-06-05")))
FILED = matter(CEDAR, filed="2003-07-15", covers={"Alder": 600_000})
EFFECTIVE = matter(CEDAR, filed="2003-07-15", covers={"Alder": 600_000}, effective="2003-10-20")
RESTING = matter(CEDAR, others={"The resale statement": "2003-02-01"})


@pytest.mark.parametrize(
    ("facts", "key", "days"),
    [
        pytest.param(
            matter(told("Cedar")),
            "company_notice",
            {
                "2003-06-01": (NOT_YET, 1),
                "2003-06-02": (SOON, 3),
                "2003-06-05": (SOON, 0),
                "2003-06-06": (OPEN, -1),
                "2003-06-30": (OPEN, -25),
            },
            id="the Company Notice, by our own standard",
        ),
        pytest.param(
            LATE_RECEIPT,
            "last_receipt",
            {
                "2003-06-02": (OPEN, 15),
                "2003-06-09": (OPEN, 8),
                "2003-06-10": (SOON, 7),
                "2003-06-17": (SOON, 0),
                "2003-06-18": (State.MISSED, 1),
            },
            id="the last safe receipt",
        ),
        pytest.param(
            MATTER,
            JOIN,
            {
                "2003-06-04": (NOT_YET, 1),
                "2003-06-05": (OPEN, 20),
                "2003-06-17": (OPEN, 8),
                "2003-06-18": (SOON, 7),
                "2003-06-25": (SOON, 0),
                "2003-06-26": (State.NEEDS_DECISION, 0),
                "2003-06-29": (State.NEEDS_DECISION, 0),
                "2003-06-30": (State.LAPSED, 1),
                "2003-07-04": (State.LAPSED, 5),
            },
            id="joining, two readings",
        ),
        pytest.param(
            matter(told("Cedar", by_hand("2003-06-05"))),
            JOIN,
            {"2003-06-25": (SOON, 0), "2003-06-26": (State.LAPSED, 1)},
            id="joining, given and received on one day",
        ),
        pytest.param(
            LATE_RECEIPT,
            JOIN,
            {"2003-06-05": (State.UNKNOWN, 0), "2004-06-05": (State.UNKNOWN, 0)},
            id="joining, no receipt on record",
        ),
        pytest.param(
            MATTER,
            "file",
            {
                "2003-07-08": (NOT_YET, 1),
                "2003-07-09": (OPEN, 8),
                "2003-07-10": (SOON, 7),
                "2003-07-17": (SOON, 0),
                "2003-07-18": (State.MISSED, 1),
            },
            id="filing",
        ),
        pytest.param(
            LATE_RECEIPT,
            "file",
            {
                "2003-06-30": (State.UNKNOWN, 17),
                "2003-07-17": (State.UNKNOWN, 0),
                "2003-07-18": (State.MISSED, 1),
            },
            id="filing, first day unknown",
        ),
        pytest.param(
            matter(told("Cedar", by_hand("2003-06-18"))),
            "file",
            {
                "2003-06-18": (State.IMPOSSIBLE, 29),
                "2003-07-17": (State.IMPOSSIBLE, 0),
                "2003-07-18": (State.MISSED, 1),
            },
            id="filing, no day left",
        ),
        pytest.param(
            FILED,
            "effective",
            {
                "2003-07-14": (NOT_YET, 1),
                "2003-07-15": (OPEN, 120),
                "2003-11-05": (SOON, 7),
                "2003-11-12": (SOON, 0),
                "2003-11-13": (State.MISSED, 1),
            },
            id="effectiveness",
        ),
        pytest.param(
            EFFECTIVE,
            "keep_effective",
            {
                "2003-10-19": (NOT_YET, 1),
                "2003-10-20": (OPEN, 366),
                "2004-10-13": (SOON, 7),
                "2004-10-20": (SOON, 0),
                "2004-10-21": (State.MET, 0),
            },
            id="kept effective",
        ),
        pytest.param(
            FILED,
            "keep_effective",
            {"2003-08-01": (NOT_YET, 0)},
            id="kept effective, not yet effective",
        ),
        pytest.param(
            RESTING,
            "rest:1",
            {
                "2003-01-31": (NOT_YET, 1),
                "2003-02-01": (OPEN, 180),
                "2003-07-31": (OPEN, 0),
                "2003-08-01": (State.LAPSED, 1),
            },
            id="a rest",
        ),
    ],
)
def test_a_window_through_its_days(facts, key, days):
    found = window(facts, key)

    assert {day: stands(found, day) for day in days} == days


@pytest.mark.parametrize(
    ("facts", "key", "found"),
    [
        pytest.param(EFFECTIVE, "effective", (State.MET, 0), id="effective in time"),
        pytest.param(
            matter(CEDAR, filed="2003-07-15", effective="2003-11-12"),
            "effective", (State.MET, 0), id="effective on the last day",
        ),
        pytest.param(
            matter(CEDAR, filed="2003-07-15", effective="2003-11-14"),
            "effective", (State.MET_LATE, 2), id="effective two days late",
        ),
        pytest.param(MATTER, "company_notice", (State.MET, 0), id="notice given on the last day"),
        pytest.param(
            matter(told("Cedar", by_hand("2003-06-06"))),
            "company_notice", (State.MET_LATE, 1), id="notice a day past our own standard",
        ),
        pytest.param(
            matter(told("Cedar", by_hand("2003-06-17"))),
            "last_receipt", (State.MET, 0), id="last receipt on the last safe day",
        ),
        pytest.param(
            matter(told("Cedar", by_hand("2003-06-18"))),
            "last_receipt", (State.MET_LATE, 1), id="last receipt a day too late",
        ),
        pytest.param(
            matter(told("Cedar", fax("2003-06-05")), filed="2003-07-15"),
            "file", (State.UNKNOWN, 0), id="filed in time, whether too early is unknown",
        ),
        pytest.param(
            matter(told("Cedar", fax("2003-06-05")), filed="2003-07-18"),
            "file", (State.MET_LATE, 1), id="filed late, whatever is unknown",
        ),
        pytest.param(
            matter(told("Cedar", fax("2003-06-05"), asks=(asks("2003-06-20"),))),
            JOIN, (State.UNKNOWN, 0), id="asked before its notice is known to have come",
        ),
        pytest.param(
            matter(told("Cedar", fax("2003-06-05"), asks=(declines("2003-06-20"),))),
            JOIN, (State.MET, 0), id="declined, whenever",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("today", ["2003-07-19", "2010-01-01"])
def test_what_is_done_stands_the_same_on_any_later_day(facts, key, found, today):
    assert stands(window(facts, key), today) == found


@pytest.mark.parametrize(
    ("facts", "key", "flagged", "aimed"),
    [
        pytest.param(LATE_RECEIPT, "file", "2003-07-18", "2003-07-17", id="a duty"),
        pytest.param(
            LATE_RECEIPT, "last_receipt", "2003-06-18", "2003-06-17", id="what a duty hangs on"
        ),
        pytest.param(MATTER, JOIN, None, "2003-06-25", id="a right is never flagged as missed"),
        pytest.param(
            matter(told("Cedar")), "company_notice", None, "2003-06-05", id="our own standard"
        ),
        pytest.param(RESTING, "rest:1", None, None, id="a rest asks nothing"),
        pytest.param(EFFECTIVE, "keep_effective", None, None, id="a year that ends by itself"),
        pytest.param(FILED, "file", None, None, id="what is done"),
        pytest.param(LATE_RECEIPT, JOIN, None, None, id="what is unknown"),
        pytest.param(
            matter(demand="2003-11-20"), "file", "2004-01-05", "2004-01-02",
            id="reminders aim at the practical day, flags at the contract's",
        ),
    ],
)  # fmt: skip
def test_when_a_window_is_flagged_and_what_reminders_aim_at(facts, key, flagged, aimed):
    found = window(facts, key)

    assert flag_from(found) == (flagged and on(flagged))
    assert reminders_aim_at(found) == (aimed and on(aimed))


def test_a_flagged_window_is_missed_from_the_very_day_of_its_flag():
    for facts in (MATTER, LATE_RECEIPT, FILED):
        for found in docket(facts).windows:
            if (day := flag_from(found)) is not None:
                assert stands(found, day.isoformat()) == (State.MISSED, 1)


def test_a_filing_leaves_nothing_hanging_on_the_last_receipt() -> None:
    """Once the statement is filed, a receipt that never came back is no longer chased as a
    missed day; the filing itself is judged by its own window."""
    day = date(2003, 7, 15)
    window = Window(
        key="last_receipt",
        act="Last Investor receives the Company Notice",
        rule="D3",
        clause="1(a)",
        party=Party.COMPANY,
        force=Force.DERIVED,
        opens_on=date(2003, 6, 2),
        closes_on=date(2003, 6, 17),
        because=(),
        superseded_on=day,
    )

    assert standing(window, today=day, soon_days=7).state is State.SUPERSEDED
    assert flag_from(window) is None
    assert reminders_aim_at(window) is None
