"""Terms are data: what may be stored, what is refused, by path, and every agreement of
the library read and written back."""

import json

import jsonschema
import pytest

from registrations import library
from registrations.rules.days import Period, Roll, Unit
from registrations.rules.exchange import FORMAT, read_document, schema, write_document
from registrations.rules.terms import SPEC, TermEntry, TermError, Terms, read_terms
from registrations.rules.wording import term_words

from .bestnet import ENTRIES, TERMS, stored


def test_the_first_agreement_reads_back_as_the_rulebook_has_it():
    assert TERMS.units_offered == 4_500_000
    assert TERMS.unit_parts.registrable == 6
    assert (TERMS.joining.n, TERMS.filing_opens.n, TERMS.filing_closes.n) == (20, 30, 45)
    assert (TERMS.joining_from, TERMS.filing_opens_from) == (
        ("given", "received"),
        ("last_receipt", "first_receipt"),
    )
    assert (TERMS.effectiveness.n, TERMS.rest.n, TERMS.demands_allowed) == (120, 180, 1)
    assert (TERMS.keep_effective.n, TERMS.keep_effective.unit) == (1, Unit.YEAR)
    assert TERMS.demand_bases == ("offered", "issued", "held")
    assert {TERMS.joining.roll, TERMS.filing_closes.roll} == {Roll.NONE}
    assert "email" not in TERMS.notice_methods


def test_every_term_names_its_section_and_says_what_it_means_in_a_sentence():
    stating = {"evidence", "not_formalised", "defined_words"}
    for name in ENTRIES.keys() - stating:
        assert TERMS.clause(name), name
        assert TERMS.summaries[name].endswith("."), name


def test_a_term_nobody_gave_a_section_has_none():
    terms = Terms.from_entries({**ENTRIES, "request_parts": TermEntry(["amount"])})

    assert terms.clause("request_parts") == ""


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ({"n": 10, "after": "company_notice_given"}, Period(10, clause="9")),
        ({"n": 10, "unit": "business", "roll": "forward", "after": "company_notice_given"},
         Period(10, Unit.BUSINESS, Roll.FORWARD, "9")),
    ],
    ids=["calendar days unless it says so", "business days, rolled forward"],
)  # fmt: skip
def test_a_day_as_a_matter_counts_it(value, period):
    terms = Terms.from_entries(stored(joining=value))

    assert (terms.joining, terms.joining_from) == (period, ("given",))


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        pytest.param("units_offered", -1, "units_offered", id="fewer than no Units"),
        pytest.param("units_offered", True, "units_offered", id="yes is not a number"),
        pytest.param("units_offered", 1.5, "units_offered", id="half a Unit"),
        pytest.param("units_offered", "4500000", "units_offered", id="a number as text"),
        pytest.param("unit_price_usd", 0.30, "unit_price_usd", id="a price that floats"),
        pytest.param("unit_price_usd", "$0.30", "unit_price_usd", id="a price with its sign"),
        pytest.param("unit_price_usd", ".", "unit_price_usd", id="a point alone"),
        pytest.param("unit_price_usd", "٣", "unit_price_usd", id="digits of another script"),
        pytest.param(
            "unit_parts", {"common": 3}, "unit_parts.preferred", id="a Unit half described"
        ),
        pytest.param("unit_parts", [3, 1, 1, 2, 1], "unit_parts", id="a Unit as a list"),
        pytest.param("joining", 20, "joining", id="a bare number of days"),
        pytest.param("joining", {}, "joining", id="a day of nothing"),
        pytest.param("joining", {"after": "filed"}, "joining.n", id="after, but how long"),
        pytest.param("joining", {"n": -1, "after": "filed"}, "joining.n", id="days backwards"),
        pytest.param("joining", {"n": "20", "after": "filed"}, "joining.n", id="days as text"),
        pytest.param(
            "joining",
            {"n": 20, "unit": "fortnight", "after": "filed"},
            "joining.unit",
            id="a unit nobody knows",
        ),
        pytest.param(
            "joining",
            {"n": 20, "roll": "sideways", "after": "filed"},
            "joining.roll",
            id="a roll nobody knows",
        ),
        pytest.param(
            "joining", {"n": 20, "days": 20, "after": "filed"}, "joining.days", id="a word too many"
        ),
        pytest.param(
            "joining", {"n": 20, "after": "moonrise"}, "joining.after", id="an event nobody knows"
        ),
        pytest.param(
            "joining",
            {"n": 1, "after": "filed", "before": "filed"},
            "joining",
            id="after and before at once",
        ),
        pytest.param(
            "joining",
            {"n": 2, "before": "pricing", "at": "17:00"},
            "joining",
            id="a time of day in no zone",
        ),
        pytest.param(
            "joining",
            {"n": 2, "before": "pricing", "at": "17:00", "zone": "Mars/Base"},
            "joining",
            id="a zone nobody knows",
        ),
        pytest.param(
            "joining",
            {"n": 0, "bound": "beginning_on", "after": "filed"},
            "joining",
            id="a period with no day in it",
        ),
        pytest.param(
            "joining",
            {"earliest_of": [{"on": "filed"}]},
            "joining.earliest_of",
            id="the earliest of one",
        ),
        pytest.param(
            "joining",
            {"earliest_of": [{"on": "filed"}, {"on": "lunch"}]},
            "joining.earliest_of[1].on",
            id="deep inside",
        ),
        pytest.param(
            "joining",
            {"readings": [{"says": "a", "when": {"on": "filed"}}]},
            "joining.readings",
            id="one reading is no choice",
        ),
        pytest.param("notice_methods", {}, "notice_methods", id="no way to give notice"),
        pytest.param(
            "notice_methods",
            {"personal": {"when": "hoped"}},
            "notice_methods.personal.when",
            id="given when hoped",
        ),
        pytest.param(
            "notice_methods",
            {"carrier_pigeon": {"when": "sent"}},
            "notice_methods.carrier_pigeon",
            id="a way nobody goes",
        ),
        pytest.param(
            "electronic_methods", "portal", "electronic_methods", id="one name, not a list"
        ),
        pytest.param(
            "electronic_methods", ["carrier"], "electronic_methods[0]", id="a method nobody knows"
        ),
        pytest.param(
            "electronic_methods",
            ["portal", "portal"],
            "electronic_methods[1]",
            id="one method twice",
        ),
        pytest.param("demand_threshold", 0.5, "demand_threshold", id="a share that floats"),
        pytest.param(
            "demand_threshold",
            {
                "measure": "initiating_units",
                "is": "at_least",
                "share": "101%",
                "of": "units_offered",
            },
            "demand_threshold.share",
            id="more than all",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "initiating_units", "is": "over", "share": "100%", "of": "units_offered"},
            "demand_threshold",
            id="over the whole",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "initiating_units", "is": "over", "share": "1/0", "of": "units_offered"},
            "demand_threshold.share",
            id="a share of nothing",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "initiating_units", "is": "over", "share": "-1/2", "of": "units_offered"},
            "demand_threshold.share",
            id="a negative share",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "initiating_units", "is": "over"},
            "demand_threshold",
            id="over what",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "goodwill", "is": "over", "value": "1"},
            "demand_threshold.measure",
            id="a measure nobody takes",
        ),
        pytest.param(
            "demand_threshold",
            {"measure": "held_usd", "is": "above", "value": "1"},
            "demand_threshold.is",
            id="a comparison nobody knows",
        ),
        pytest.param(
            "suspension",
            {"each": {"n": 60}, "days": [{"days": 45, "within": "calendar_year"}]},
            "suspension",
            id="each longer than all together",
        ),
        pytest.param("suspension", {}, "suspension", id="a budget of nothing"),
        pytest.param(
            "liquidated_damages",
            {"late": {"base": "principal"}},
            "liquidated_damages.late",
            id="damages at no rate",
        ),
        pytest.param("demand_bases", None, "demand_bases", id="no such term"),
        pytest.param("lockup", 180, "lockup", id="a lock-up as a number"),
    ],
)
def test_a_term_that_cannot_be_read_is_refused_by_its_path(name, value, path):
    problems = read_terms(stored(**{name: value})).problems

    assert [p.path for p in problems] == [path] or problems[0].path == path
    with pytest.raises(TermError, match=f"^{name}"):
        Terms.from_entries(stored(**{name: value}))


def test_windows_that_contradict_each_other_are_refused():
    same_start = stored(
        filing_opens={"n": 60, "after": "demand_notice_received"},
        filing_closes={"n": 45, "after": "demand_notice_received"},
    )
    other_start = stored(
        filing_opens={"n": 60, "after": "company_notice_received_by_last"},
        filing_closes={"n": 45, "after": "demand_notice_received"},
    )

    assert [p.path for p in read_terms(same_start).problems] == ["filing_closes"]
    assert read_terms(other_start).problems == []


def test_an_agreement_may_say_less_and_what_it_leaves_out_is_asked_for_by_name():
    less = {name: entry for name, entry in ENTRIES.items() if name != "rests"}
    terms = Terms.from_entries(less)

    assert not terms.gives("rest")
    with pytest.raises(TermError, match=r"^rest: the agreement gives no value"):
        terms.rest.after  # noqa: B018


def test_a_day_of_a_form_a_matter_does_not_handle_is_not_taken_for_another():
    """Counted from sending, or before something: a matter's rules would get it wrong."""
    terms = Terms.from_entries(
        stored(
            joining={"n": 20, "after": "company_notice_sent"},
            filing_closes={"n": 60, "after": "demand_notice_received", "bound": "before"},
            effectiveness={"n": 5, "before": "filed"},
        )
    )

    assert not any(map(terms.gives, ("joining", "joining_from", "filing_closes", "effectiveness")))
    assert terms.gives("filing_opens")


# --- the library and the exchange format ----------------------------------------------------


@pytest.mark.parametrize("name", library.names())
def test_every_agreement_of_the_library_reads_and_is_written_back_the_same(name):
    data = library.data(name)
    document, problems = read_document(data)

    assert not problems
    assert write_document(document) == data


@pytest.mark.parametrize("name", library.names())
def test_the_schema_takes_every_agreement_of_the_library(name):
    jsonschema.Draft202012Validator(schema()).validate(library.data(name))


@pytest.mark.parametrize("name", library.names())
def test_every_term_of_the_library_is_said_in_words_and_says_where_it_stands(name):
    document = library.agreement(name)
    terms = Terms.from_entries(document.terms)
    for term, entry in document.terms.items():
        lines = term_words(term, terms.values[term], terms.values.get("defined_words", {}))
        assert lines
        assert all(line and "_" not in line and "object at" not in line for line in lines)
        if term not in ("evidence", "not_formalised", "defined_words"):
            assert entry.clause, term
            assert entry.summary.endswith("."), term


def test_the_library_holds_forty_agreements_and_each_says_how_much_of_it_was_read():
    assert len(library.names()) == 40
    for name in library.names():
        assert library.agreement(name).terms["evidence"].value["read"] in ("whole", "in_part")


def test_the_schema_itself_is_good_and_names_every_term():
    jsonschema.Draft202012Validator.check_schema(schema())

    assert set(schema()["properties"]["terms"]["properties"]) == set(SPEC)


def test_a_file_with_many_mistakes_is_refused_whole_and_every_one_is_listed_with_its_path():
    file = {
        "format": "rightsbook-agreement/7",
        "title": "",
        "dated_on": "30 March 2003",
        "time_zone": "Mars/Base",
        "signed": True,
        "terms": {
            "joining": {"value": {"n": 20, "unit": "weeks", "after": "company_notice_given"}},
            "no_such_term": {"value": 1},
            "demand_threshold": {
                "value": {
                    "any": [
                        {"measure": "initiating_shares", "is": "at_least",
                         "share": "120%", "of": "registrable_shares"},
                        {"fact": "it_rains"},
                    ]
                },
                "page": 3,
            },
            "expenses": {"company": []},
        },
    }  # fmt: skip
    document, problems = read_document(file)

    assert document is None
    assert sorted(p.path for p in problems) == [
        "company",
        "dated_on",
        "format",
        "signed",
        "terms.demand_threshold.page",
        "terms.demand_threshold.value.any[0].share",
        "terms.demand_threshold.value.any[1].fact",
        "terms.expenses",
        "terms.joining.value.unit",
        "terms.no_such_term.value",
        "time_zone",
        "title",
    ]
    assert all(p.says.endswith(".") for p in problems)


def test_a_file_that_is_no_object_is_refused():
    for data in (None, [], "x", 3):
        assert read_document(data)[1]


def test_words_an_agreement_defines_itself_may_be_used_in_it():
    own = {"events": {"barter_closes": "close of the barter"}}
    good = stored(defined_words=own, filing_closes={"n": 9, "after": "barter_closes"})
    without = stored(filing_closes={"n": 9, "after": "barter_closes"})

    assert read_terms(good).problems == []
    assert [p.path for p in read_terms(without).problems] == ["filing_closes.after"]


def test_files_can_be_written_down_and_read_by_another_program():
    document = library.agreement("bestnet")
    again = json.loads(json.dumps(write_document(document), ensure_ascii=False))

    assert again["format"] == FORMAT
    assert read_document(again)[0] == document
