"""Splits and the like by REST (H2, H6)."""

from __future__ import annotations

from datetime import date

import pytest

SPLIT = {
    "kind": "split", "security": "common", "numerator": 2, "denominator": 1,
    "on": "2003-06-10", "fractions": "dropped",
}  # fmt: skip
AT = "agreements/bestnet/corporate-actions/"


@pytest.fixture(autouse=True)
def _june_20(travel):
    travel(date(2003, 6, 20))


def test_holdings_of_any_day_are_after_the_splits_up_to_it(bestnet, counsel, ids):
    made = counsel.act(AT, SPLIT)
    assert made["says"] == "2 for 1 split of Common Stock"
    assert counsel.read(AT) == [made]

    before = counsel.read("agreements/bestnet/holdings/", as_of="2003-06-09")
    after = counsel.read("agreements/bestnet/holdings/")
    assert before["unit"]["registrable"] == {"numerator": 6, "denominator": 1}
    assert after["unit"]["registrable"] == {"numerator": 12, "denominator": 1}
    assert [r["rule"] for r in after["unit"]["because"]] == ["H1", "H2"]
    assert after["totals"]["registrable"] == 2 * before["totals"]["registrable"] == 43_200_000
    assert after["totals"]["units"] == before["totals"]["units"]

    lines = counsel.act(f"investors/{ids['Dale']}/convert/", {"quantity": 10, "on": "2003-06-15"})
    assert [(x["security"], x["change"]) for x in lines["lines"]] == [
        ("preferred", -10), ("common", 40),
    ]  # fmt: skip


def test_corrected_and_struck_out(bestnet, counsel):
    wrong = counsel.act(AT, {**SPLIT, "numerator": 3})
    at = "corporate-actions/{id}/correction/"
    right = counsel.act(at.format(**wrong), {"action": SPLIT, "reason": "Misread."})
    assert (right["replaces"], right["reason"]) == (wrong["id"], "Misread.")
    counsel.act(at.format(**wrong), {"action": None, "reason": "Misread."}, status=409)
    struck = counsel.act(at.format(**right), {"action": None, "reason": "Never filed."})
    assert (struck["kind"], struck["stands"]) == ("void", False)
    assert [row["stands"] for row in counsel.read(AT)] == [False, False, False]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"numerator": 0}, "numerator"),
        ({"numerator": "2"}, "numerator"),
        ({"kind": "void"}, "kind"),
        ({"kind": "exchange"}, "into"),
        ({"on": "2003-06-21"}, "on"),
        ({"place": 0}, "place"),
        ({"gold": 1}, "gold"),
    ],
)
def test_what_is_no_action_is_refused(bestnet, counsel, given, field):
    answer = counsel.act(AT, {**SPLIT, **given}, status=400)

    assert field in str(answer)
