"""What EDGAR says of a statement: which day a filing counts for, and what is proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.facts import open_days
from registrations.rules.edgar import Kind, Notice, events, wants_notice
from registrations.rules.edgar_days import EASTERN, Row, deemed_filed, filing_days, instants

NUMBER = "333-280001"
OPEN = open_days()
FRIDAY, MONDAY = date(2025, 6, 6), date(2025, 6, 9)


def eastern(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), EASTERN)


def stamp(day: date, clock: str) -> str:
    """As EDGAR writes the instant for most companies: universal time with a Z."""
    return eastern(day, clock).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def row(form: str, day: date, clock: str = "12:00", n: int = 1, **given: object) -> Row:
    told = {
        "accession": f"9999999001-25-{n:06}", "form": form, "filed_on": day,
        "accepted": stamp(day, clock), "file_number": NUMBER,
    }  # fmt: skip
    return Row(**(told | given))


def propose(*rows: Row, notices: dict[str, Notice] | None = None, **given: object):
    told = {
        "followed": {NUMBER: None}, "new_since": None, "today": date(2026, 1, 5),
        "open_days": OPEN,
    }  # fmt: skip
    return events(rows, notices or {}, **(told | given))


@pytest.mark.parametrize(
    ("accepted", "form", "counts"),
    [
        pytest.param("2025-06-04 17:29", "S-3", "2025-06-04", id="5:29 pm"),
        pytest.param("2025-06-04 17:30", "S-3", "2025-06-04", id="5:30 pm"),
        pytest.param("2025-06-04 17:30:01", "S-3", "2025-06-05", id="a second after"),
        pytest.param("2025-06-04 17:31", "S-3", "2025-06-05", id="5:31 pm"),
        pytest.param("2025-06-06 17:31", "S-3", "2025-06-09", id="Friday evening"),
        pytest.param("2025-07-03 18:00", "S-3", "2025-07-07", id="the evening before the Fourth"),
        pytest.param("2025-12-24 19:00", "S-3", "2025-12-26", id="Christmas Eve"),
        pytest.param("2025-07-04 12:00", "S-3", "2025-07-07", id="on a holiday"),
        pytest.param("2025-06-04 21:59", "S-3MEF", "2025-06-04", id="462(b) before 10 pm"),
        pytest.param("2025-06-04 22:01", "S-3MEF", "2025-06-05", id="462(b) after 10 pm"),
        pytest.param("2025-06-04 21:59", "S-3", "2025-06-05", id="any other before 10 pm"),
        # The clocks in Washington, not those of universal time, on either side of a change.
        pytest.param("2025-03-07 22:29Z", "S-3", "2025-03-07", id="winter: 5:29 pm"),
        pytest.param("2025-03-07 22:31Z", "S-3", "2025-03-10", id="winter: 5:31 pm"),
        pytest.param("2025-03-10 21:29Z", "S-3", "2025-03-10", id="summer: 5:29 pm"),
        pytest.param("2025-03-10 21:31Z", "S-3", "2025-03-11", id="summer: 5:31 pm"),
        pytest.param("2025-11-03 22:29Z", "S-3", "2025-11-03", id="winter again: 5:29 pm"),
    ],
)
def test_the_day_a_filing_counts_for(accepted, form, counts):
    instant = datetime.fromisoformat(accepted)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=EASTERN)

    assert deemed_filed(instant, form, OPEN)[0] == date.fromisoformat(counts)


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2040, 12, 31)),
    st.sampled_from(["S-3", "S-3MEF", "424B3"]),
)
def test_it_counts_for_an_open_day_neither_before_nor_long_after(accepted, form):
    instant = accepted.replace(tzinfo=UTC)
    counts, reason = deemed_filed(instant, form, OPEN)
    day = instant.astimezone(EASTERN).date()

    assert OPEN.is_open(counts)
    assert day <= counts <= day + timedelta(6)
    assert reason.result == counts


@given(st.datetimes(datetime(2001, 1, 1), datetime(2040, 12, 31)), st.integers(1, 86_400))
def test_what_is_accepted_later_never_counts_for_an_earlier_day(accepted, seconds):
    first = accepted.replace(tzinfo=UTC)
    later = first + timedelta(seconds=seconds)

    assert deemed_filed(first, "S-3", OPEN)[0] <= deemed_filed(later, "S-3", OPEN)[0]


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2040, 12, 31)),
    st.dates(date(2001, 1, 1), date(2040, 12, 31)),
)
def test_edgars_own_day_always_comes_first(accepted, filed_on):
    days, because = filing_days(
        row("S-3", filed_on, accepted=f"{accepted:%Y-%m-%dT%H:%M:%S}.000Z"), OPEN
    )

    assert days[0].on == filed_on
    assert len({day.on for day in days}) == len(days)
    assert str(filed_on.year) in because[0].says


def test_a_z_is_read_as_universal_time_and_as_the_clock_in_washington():
    as_written, as_clock = instants("2025-05-01T16:21:59.000Z")

    assert as_written.at == datetime(2025, 5, 1, 12, 21, 59, tzinfo=EASTERN)
    assert as_clock.at == datetime(2025, 5, 1, 16, 21, 59, tzinfo=EASTERN)


def test_a_reading_in_the_night_is_left_out_and_said():
    days, because = filing_days(
        row("S-3", date(2025, 4, 30), accepted="2025-04-30T07:30:32.000Z"), OPEN
    )

    assert [day.on for day in days] == [date(2025, 4, 30)]
    assert any("3:30:32 am" in reason.says for reason in because)


def test_where_the_readings_differ_edgars_own_date_says_which():
    """9:45 pm by the Z is 5:45 pm or 9:45 pm in Washington: EDGAR’s date says neither was late."""
    filed = row("S-3", FRIDAY, accepted="2025-06-06T21:20:00.000Z")

    days, because = filing_days(filed, OPEN)

    assert [day.on for day in days] == [FRIDAY]
    said = " ".join(reason.text for reason in because)
    assert "5:20 pm Eastern" in said
    assert "it would count for Mon, Jun 9, 2025" in said


def test_a_date_no_reading_gives_leaves_both_to_choose():
    """Accepted at 5:31 pm and dated the same day: the transmission may have begun by 5:30."""
    days, because = filing_days(row("S-3", FRIDAY, "17:31"), OPEN)

    assert [day.on for day in days] == [FRIDAY, MONDAY]
    assert "Choose the day" in because[-1].says


def test_without_a_time_edgars_date_stands_unchecked():
    days, because = filing_days(row("S-3", FRIDAY, accepted=""), OPEN)
    unreadable, _ = filing_days(row("S-3", FRIDAY, accepted="yesterday"), OPEN)

    assert [day.on for day in days] == [day.on for day in unreadable] == [FRIDAY]
    assert "not checked" in because[-1].says


def test_a_statement_from_filing_to_effectiveness():
    notice = row("EFFECT", date(2025, 8, 19), n=4, accepted="2025-08-20T04:15:13.000Z")
    found = propose(
        row("S-1", date(2025, 6, 4)),
        row("S-1/A", date(2025, 7, 7), n=2),
        row("424B3", date(2025, 8, 20), n=5),
        row("POS AM", date(2025, 11, 3), n=6),
        row("10-Q", date(2025, 8, 4), n=7),
        notice,
        notices={notice.accession: Notice(date(2025, 8, 18), time(15, 30), "S-1", "", NUMBER)},
    )

    assert [(e.kind, e.on) for e in found] == [
        (Kind.FILED, date(2025, 6, 4)),
        (Kind.PRE_AMENDMENT, date(2025, 7, 7)),
        (Kind.EFFECTIVE, date(2025, 8, 18)),
        (Kind.SUPPLEMENT, date(2025, 8, 20)),
        (Kind.POST_AMENDMENT, date(2025, 11, 3)),
    ]


def test_the_day_of_effectiveness_is_the_notices_own():
    listed = row("EFFECT", MONDAY)
    (found,) = propose(
        listed, notices={listed.accession: Notice(FRIDAY, time(16), "S-3", "", NUMBER)}
    )

    said = [reason.text for reason in found.because]
    assert [day.on for day in found.days] == [FRIDAY]
    assert "at 4:00 pm" in said[0]
    assert "Mon, Jun 9, 2025, the day of its posting" in said[1]


def test_a_notice_nobody_could_read_proposes_nothing():
    assert propose(row("EFFECT", MONDAY)) == []
    assert wants_notice(row("EFFECT", MONDAY), {NUMBER})
    assert wants_notice(row("EFFECT", MONDAY, file_number=""), {NUMBER})
    assert not wants_notice(row("EFFECT", MONDAY), {"333-1"})
    assert not wants_notice(row("S-3", MONDAY), {NUMBER})


def test_a_notice_of_an_amendment_does_not_make_the_statement_effective():
    listed = row("EFFECT", MONDAY)
    of = "9999999001-25-000006"
    (found,) = propose(
        listed, notices={listed.accession: Notice(MONDAY, None, "POS AM", of, NUMBER)}
    )

    assert found.kind == Kind.AMENDMENT_EFFECTIVE
    assert of in found.because[0].says


def test_the_file_number_in_the_notice_goes_before_the_lists():
    listed = row("EFFECT", MONDAY, file_number="")
    theirs = Notice(MONDAY, None, "S-3", "", "333-999999")

    assert propose(listed, notices={listed.accession: theirs}) == []
    assert propose(listed, notices={listed.accession: theirs._replace(file_number=NUMBER)})


@pytest.mark.parametrize("form", ["S-3ASR", "S-3MEF", "S-8"])
def test_some_forms_become_effective_when_filed(form):
    found = propose(row(form, FRIDAY, "17:00"))

    assert [(e.kind, e.on) for e in found] == [(Kind.FILED, FRIDAY), (Kind.EFFECTIVE, FRIDAY)]
    assert found[1].because[0].clause.startswith("17 CFR 230.462")


def test_a_request_to_withdraw_is_no_withdrawal_yet():
    asked = row("RW", date(2025, 12, 19))
    within = propose(asked, today=date(2026, 1, 3))
    after = propose(asked, today=date(2026, 1, 4))

    assert [e.kind for e in within] == [Kind.WITHDRAWAL_REQUESTED]
    assert "not the withdrawal" in within[0].because[-1].says
    assert [(e.kind, e.on) for e in after] == [
        (Kind.WITHDRAWAL_REQUESTED, date(2025, 12, 19)),
        (Kind.WITHDRAWN, date(2025, 12, 19)),
    ]
    assert "Sat, Jan 3, 2026, which has passed" in after[1].because[0].says


def test_a_request_after_effectiveness_or_taken_back_is_never_deemed_granted():
    asked = row("RW", date(2025, 12, 1), n=2)
    back = row("RW WD", date(2025, 12, 8), n=3)

    effective = propose(asked, followed={NUMBER: date(2025, 8, 18)})
    automatic = propose(row("S-3ASR", date(2025, 6, 4)), asked)
    taken_back = propose(asked, back)

    assert Kind.WITHDRAWN not in {e.kind for e in (*effective, *automatic, *taken_back)}
    assert [e.kind for e in taken_back] == [Kind.WITHDRAWAL_REQUESTED, Kind.WITHDRAWAL_TAKEN_BACK]


def test_a_request_for_an_amendment_leaves_the_statement():
    assert [e.kind for e in propose(row("AW", FRIDAY))] == [Kind.AMENDMENT_WITHDRAWN]


def test_another_number_is_a_filing_only_where_a_matter_waits_for_one():
    other = row("S-3ASR", FRIDAY, file_number="333-290002")

    assert propose(other) == []
    assert propose(other, new_since=MONDAY) == []
    assert [e.kind for e in propose(other, new_since=FRIDAY)] == [Kind.FILED]
    assert propose(row("S-8", FRIDAY, file_number="333-2"), new_since=FRIDAY) == []


@given(
    st.lists(
        st.builds(
            row,
            st.sampled_from(
                ["S-1", "S-3ASR", "S-1/A", "POS AM", "RW", "RW WD", "AW", "424B4", "8-K", "EFFECT"]
            ),
            st.dates(date(2024, 1, 1), date(2025, 12, 31)),
            n=st.integers(1, 9),
        ),
        max_size=8,
    ),
    st.randoms(),
)
def test_the_order_of_the_list_and_repeats_in_it_change_nothing(rows, random):
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)

    assert propose(*rows) == propose(*shuffled)


@given(
    st.sampled_from(["S-1", "S-1/A", "10-K", "RW", "424B5"]),
    st.dates(date(2024, 1, 1), date(2025, 12, 31)),
)
def test_whatever_is_proposed_rests_on_an_accession_number_and_reasons(form, day):
    for event in propose(row(form, day)):
        assert event.row.accession
        assert event.because
        assert event.days
