"""Terms are data: what may be stored, and what is refused by name."""

import pytest

from registrations.rules.days import Period, Roll, Unit
from registrations.rules.terms import SPEC, TermEntry, TermError, Terms

from .bestnet import ENTRIES, TERMS


def stored(name, value):
    return {**ENTRIES, name: TermEntry(value, "9")}


def test_the_first_agreement_reads_back_as_the_rulebook_has_it():
    assert TERMS.units_offered == 4_500_000
    assert TERMS.unit_parts.registrable == 6
    assert (TERMS.joining.n, TERMS.filing_opens.n, TERMS.filing_closes.n) == (20, 30, 45)
    assert (TERMS.effectiveness.n, TERMS.rest.n, TERMS.delay.n) == (120, 180, 120)
    assert (TERMS.keep_effective.n, TERMS.keep_effective.unit) == (1, Unit.YEAR)
    assert {TERMS.joining.roll, TERMS.filing_closes.roll} == {Roll.NONE}
    assert "email" not in TERMS.notice_methods


def test_every_term_names_its_section_and_says_what_it_means_in_a_sentence():
    for name in SPEC:
        assert TERMS.clause(name), name
        assert TERMS.summaries[name].endswith("."), name


def test_a_term_nobody_gave_a_section_has_none():
    entries = {**ENTRIES, "rest": TermEntry({"n": 180})}

    assert Terms.from_entries(entries).clause("rest") == ""


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ({"n": 10}, Period(10, clause="9")),
        ({"n": 10, "unit": "business", "roll": "forward"},
         Period(10, Unit.BUSINESS, Roll.FORWARD, "9")),
    ],
    ids=["calendar days unless it says so", "business days, rolled forward"],
)  # fmt: skip
def test_a_period_as_stored(value, period):
    assert Terms.from_entries(stored("joining", value)).joining == period


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("units_offered", -1, id="fewer than no Units"),
        pytest.param("units_offered", True, id="yes is not a number"),
        pytest.param("units_offered", 1.5, id="half a Unit"),
        pytest.param("units_offered", "4500000", id="a number as text"),
        pytest.param("unit_price_usd", 0.30, id="a price that floats"),
        pytest.param("unit_price_usd", "$0.30", id="a price with its sign"),
        pytest.param("unit_price_usd", ".", id="a point alone"),
        pytest.param("unit_price_usd", "٣", id="digits of another script"),
        pytest.param("unit_parts", {"common": 3}, id="a Unit half described"),
        pytest.param("unit_parts", [3, 1, 1, 2, 1], id="a Unit as a list"),
        pytest.param("joining", 20, id="a bare number of days"),
        pytest.param("joining", {}, id="a period with no number"),
        pytest.param("joining", {"n": -1}, id="days backwards"),
        pytest.param("joining", {"n": "20"}, id="days as text"),
        pytest.param("joining", {"n": 20, "unit": "fortnight"}, id="a unit nobody knows"),
        pytest.param("joining", {"n": 20, "roll": "sideways"}, id="a roll nobody knows"),
        pytest.param("joining", {"n": 20, "days": 20}, id="a word too many"),
        pytest.param("notice_methods", {}, id="no way to give notice"),
        pytest.param("notice_methods", {"fax": "hoped"}, id="given when hoped"),
        pytest.param("electronic_methods", "portal", id="one name, not a list"),
        pytest.param("electronic_methods", ["carrier"], id="a method nobody knows"),
        pytest.param("demand_majority_over", 0.5, id="a share that floats"),
        pytest.param("demand_majority_over", "1", id="more than all"),
        pytest.param("demand_majority_over", "-1/2", id="a negative share"),
        pytest.param("demand_majority_over", "1/0", id="a share of nothing"),
        pytest.param("joining_from", [], id="counted from nothing"),
        pytest.param("joining_from", ["given", "given"], id="one reading twice"),
        pytest.param("joining_from", [["given"]], id="a list in a list"),
        pytest.param("demand_bases", None, id="nothing at all"),
    ],
)
def test_a_term_that_cannot_be_read_is_refused_by_name(name, value):
    with pytest.raises(TermError) as refused:
        Terms.from_entries(stored(name, value))

    assert refused.value.term.startswith(name)
    assert str(refused.value).startswith(name)


def test_a_missing_term_and_an_unknown_one_are_refused_by_name():
    without = {name: entry for name, entry in ENTRIES.items() if name != "rest"}
    with pytest.raises(TermError, match=r"^rest: the agreement gives no value"):
        Terms.from_entries(without)
    with pytest.raises(TermError, match=r"^lockup: no such term"):
        Terms.from_entries(stored("lockup", 180))
