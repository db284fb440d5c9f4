"""What Selling Investors furnish about themselves, section 6 (S5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registrations.rules.information import PARTS, Answer, Asked, Stated, doubts, lacks, stands

ASKED = Asked(date(2003, 6, 20), date(2003, 7, 1))
WHOLE = {
    "name": "Birch, L.P.",
    "relationship": "None",
    "shares_before": 4_200_000,
    "shares_offered": 60_000,
    "shares_after": 4_140_000,
    "percent_after": Decimal("12.5"),
    "distribution": "On the open market",
    "control_persons": "Robin Birch",
    "broker_dealer": "Neither",
}


def on(day: int, month: int = 7) -> date:
    return date(2003, month, day)


def test_until_the_day_it_is_due_nobody_is_late():
    told = stands(ASKED, None, today=on(1), clause="6")

    assert (told.answer, told.late, told.since) == (Answer.NONE, 0, 11)
    assert told.missing == tuple(PARTS)
    assert [r.clause for r in told.because] == ["6", "6"]


def test_the_day_after_it_is_one_day_overdue():
    assert stands(ASKED, None, today=on(2)).late == 1


def test_an_answer_with_parts_missing_names_them_and_is_still_chased():
    stated = Stated(on(28, 6), {**WHOLE, "broker_dealer": " ", "percent_after": None})
    told = stands(ASKED, stated, today=on(5))

    assert told.answer is Answer.IN_PART
    assert told.missing == ("percent_after", "broker_dealer")
    assert told.late == 4


def test_a_whole_answer_is_late_by_the_day_the_last_of_it_came():
    told = stands(ASKED, Stated(on(4), WHOLE), today=on(30))

    assert (told.answer, told.late, told.missing) == (Answer.WHOLE, 3, ())


def test_only_what_was_asked_for_can_be_missing():
    asked = ASKED._replace(parts=("name", "distribution"))

    assert stands(asked, Stated(on(1), {"name": "Birch"}), today=on(1)).missing == ("distribution",)


def test_nobody_asked_is_nobody_late():
    told = stands(None, None, today=on(1))

    assert (told.answer, told.late, told.since) == (Answer.NOT_ASKED, 0, None)


@pytest.mark.parametrize(
    ("value", "missing"), [(0, False), ("None", False), ("", True), (None, True)]
)
def test_none_held_is_an_answer(value, missing):
    assert lacks({"shares_after": value}, "shares_after") is missing


def said(parts: dict, **known: int) -> list[str]:
    stated = Stated(on(1), {**WHOLE, **parts})
    return [c.text for c in doubts(stated, investor=2, name="Birch", **known)]


def test_an_answer_that_fits_raises_no_doubt():
    assert said({}, held=4_200_000, asked_for=60_000) == []
    assert said({"shares_before": None, "shares_offered": None}, asked_for=60_000) == []


def test_one_that_does_not_fit_says_where():
    assert said({"shares_after": 4_000_000}) == [
        "4,200,000 less 60,000 is 4,140,000, not 4,000,000."
    ]
    assert said({"shares_offered": 5_000_000}) == ["It offers 5,000,000 of 4,200,000."]
    assert "the register has 4,300,000" in said({}, held=4_300_000)[0]
    assert said({}, asked_for=70_000) == ["It offers 60,000; it asked to have 70,000 registered."]
