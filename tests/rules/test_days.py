"""Counting days: N6 and N7."""

from datetime import date, timedelta

import pytest

from registrations.rules.days import BusinessDays, Period, Roll, Unit, add_months, say

from .bestnet import OPEN_DAYS, on

B, M, Y = Unit.BUSINESS, Unit.MONTH, Unit.YEAR


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        pytest.param(Period(20), "2003-06-05", "2003-06-25", id="the first day is day 0"),
        pytest.param(Period(0), "2003-06-05", "2003-06-05", id="no days end the same day"),
        pytest.param(Period(45), "2003-11-20", "2004-01-04", id="over the year end, to a Sunday"),
        pytest.param(Period(1), "2004-02-28", "2004-02-29", id="into a leap day"),
        pytest.param(Period(1), "2003-02-28", "2003-03-01", id="no leap day that year"),
        pytest.param(Period(180), "2004-01-15", "2004-07-13", id="over a leap day"),
        pytest.param(Period(3, B), "2003-06-02", "2003-06-05", id="business days in a week"),
        pytest.param(Period(3, B), "2003-06-05", "2003-06-10", id="business days over a weekend"),
        pytest.param(Period(3, B), "2003-06-07", "2003-06-11", id="business days from a Saturday"),
        pytest.param(Period(1, B), "2003-07-03", "2003-07-07", id="over a holiday Friday"),
        pytest.param(Period(1, B), "2003-12-31", "2004-01-02", id="over New Year's Day"),
        pytest.param(Period(1, M), "2003-01-31", "2003-02-28", id="a month from the 31st"),
        pytest.param(Period(2, M), "2003-12-31", "2004-02-29", id="months into a leap February"),
        pytest.param(Period(1, Y), "2003-10-20", "2004-10-20", id="a year is the same date"),
        pytest.param(Period(1, Y), "2004-02-29", "2005-02-28", id="a year from 29 February"),
        pytest.param(Period(4, Y), "2004-02-29", "2008-02-29", id="four years from 29 February"),
        pytest.param(
            Period(45, roll=Roll.FORWARD), "2003-11-20", "2004-01-05", id="a Sunday rolls forward"
        ),
        pytest.param(
            Period(45, roll=Roll.BACK), "2003-11-20", "2004-01-02", id="a Sunday rolls back"
        ),
        pytest.param(
            Period(2, roll=Roll.FORWARD), "2003-07-02", "2003-07-07", id="a holiday rolls forward"
        ),
        pytest.param(
            Period(2, roll=Roll.BACK), "2003-07-02", "2003-07-03", id="a holiday rolls back"
        ),
        pytest.param(
            Period(1, M, Roll.FORWARD), "2003-05-31", "2003-06-30", id="an open day stays"
        ),
    ],
)
def test_a_period_after_a_day(period, start, end):
    assert period.after(on(start), OPEN_DAYS) == on(end)


def test_calendar_days_roll_nowhere_unless_the_terms_say_so():
    saturday = on("2003-06-07")

    assert Period(0).after(saturday, OPEN_DAYS) == saturday


@pytest.mark.parametrize("roll", Roll)
@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("n", [0, 1, 3, 30])
def test_latest_start_is_the_inverse_of_after(n, unit, roll):
    period = Period(n, unit, roll)
    for days in range(0, 80):
        end = on("2003-12-15") + timedelta(days)
        start = period.latest_start(end, OPEN_DAYS)

        assert period.after(start, OPEN_DAYS) <= end
        later = [start + timedelta(d) for d in range(1, 12)]
        assert all(period.after(day, OPEN_DAYS) > end for day in later)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        pytest.param("2003-07-03", "2003-07-03", "2003-07-03", id="a business day is both"),
        pytest.param("2003-07-04", "2003-07-03", "2003-07-07", id="a holiday Friday"),
        pytest.param("2003-07-05", "2003-07-03", "2003-07-07", id="a Saturday"),
        pytest.param("2004-01-01", "2003-12-31", "2004-01-02", id="New Year's Day"),
    ],
)
def test_the_nearest_days_on_which_edgar_is_open(day, before, after):
    assert OPEN_DAYS.on_or_before(on(day)) == on(before)
    assert OPEN_DAYS.on_or_after(on(day)) == on(after)


def test_counting_business_days_both_ways():
    assert OPEN_DAYS.plus(on("2003-07-07"), -1) == on("2003-07-03")
    assert OPEN_DAYS.plus(on("2003-07-05"), 0) == on("2003-07-05")
    assert OPEN_DAYS.count(on("2003-06-30"), on("2003-07-07")) == 5
    assert OPEN_DAYS.count(on("2003-07-05"), on("2003-07-04")) == 0


def test_with_no_holidays_given_only_weekends_are_closed():
    assert BusinessDays().is_open(on("2003-07-04"))
    assert not BusinessDays().is_open(on("2003-07-05"))


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(1), "1 day"),
        (Period(20), "20 days"),
        (Period(3, B), "3 business days"),
        (Period(1, Y), "1 year"),
        (Period(0, M), "0 months"),
    ],
)
def test_a_period_in_words(period, words):
    assert period.words == words


def test_a_day_in_words():
    assert say(on("2003-06-05")) == "Thu, Jun 5, 2003"
    assert say(None) == "a day not on record"


def test_months_run_backwards_too():
    assert add_months(date(2004, 3, 31), -1) == date(2004, 2, 29)
    assert add_months(date(2004, 1, 31), -2) == date(2003, 11, 30)
