"""Where each state stands: the latest entry says, and asking again reopens little (S3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.blue_sky import STATES, StateFact, grid, status

from .bestnet import on


def entries(*told: tuple[str, str], state: str = "MI") -> list[StateFact]:
    return [StateFact(n, state, kind, on(day)) for n, (kind, day) in enumerate(told, 1)]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([("requested", "2003-07-01")], "requested"),
        ([("requested", "2003-07-01"), ("filed", "2003-07-20")], "filed"),
        ([("filed", "2003-07-20"), ("cleared", "2003-08-01")], "cleared"),
        ([("cleared", "2003-08-01"), ("requested", "2003-08-05")], "cleared"),
        ([("refused", "2003-08-01"), ("requested", "2003-08-05")], "requested"),
        ([("withdrawn", "2003-08-01"), ("requested", "2003-08-05")], "requested"),
        ([("requested", "2003-07-01"), ("not_needed", "2003-07-02")], "not_needed"),
        ([("not_needed", "2003-07-02"), ("requested", "2003-07-05")], "not_needed"),
        ([("cleared", "2003-08-01"), ("filed", "2003-07-20")], "cleared"),
        ([("filed", "2003-08-01"), ("cleared", "2003-08-01")], "cleared"),
    ],
)
def test_the_latest_entry_says(told, says):
    assert status(entries(*told)).kind == says


def test_the_grid_is_by_state_as_of_a_day():
    found = [
        *entries(("requested", "2003-07-01"), ("cleared", "2003-08-01"), state="OH"),
        *entries(("requested", "2003-07-02"), ("requested", "2003-07-03"), state="MI"),
    ]

    july, august = grid(found, on("2003-07-31")), grid(found, on("2003-08-01"))

    assert [(r.name, r.says.kind, r.open) for r in july] == [
        ("Michigan", "requested", True),
        ("Ohio", "requested", True),
    ]
    assert [(r.says.kind, r.open) for r in august] == [("requested", True), ("cleared", False)]
    assert [len(r.asked) for r in august] == [2, 1]


KINDS = ("requested", "filed", "cleared", "refused", "withdrawn", "not_needed")
FACTS = st.lists(
    st.builds(
        StateFact,
        st.integers(1, 99),
        st.sampled_from(["MI", "OH"]),
        st.sampled_from(KINDS),
        st.integers(0, 30).map(lambda n: date(2003, 7, 1) + timedelta(n)),
    ),
    min_size=1,
    unique_by=lambda e: e.id,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing_and_no_state_drops_out(facts, random):
    stirred = list(facts)
    random.shuffle(stirred)

    assert grid(facts, date(2003, 8, 1)) == grid(stirred, date(2003, 8, 1))
    assert {r.state for r in grid(facts, date(2003, 8, 1))} == {f.state for f in facts}


def test_every_state_has_a_name_of_its_own():
    assert len(STATES) == len(set(STATES.values())) == 50 + 4
