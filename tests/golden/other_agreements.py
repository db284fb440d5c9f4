"""What real agreements answer, scenario by scenario: the agreement, the term asked, the
facts, and the answer counsel would give.

Days, names and holdings are invented; the terms are not.  Where the words bear two
readings both answers stand here.  Business days are Monday to Friday less federal
holidays as observed, where an agreement does not define them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Step(NamedTuple):
    """One question: the term, what it is asked with, and the part of the answer that counts."""

    term: str
    asked: Mapping[str, Any]
    answer: Mapping[str, Any]


class Scenario(NamedTuple):
    """A story of one agreement."""

    number: str
    agreement: str
    title: str
    steps: Sequence[Step]


SCENARIOS: list[Scenario] = []


def story(number: str, agreement: str, title: str, *steps: Step) -> None:
    SCENARIOS.append(Scenario(number, agreement, title, steps))


def on(**events: str) -> dict[str, Any]:
    return {"events": events}


def day(
    term: str, answer: str | None, /, *, choices: Any = None, facts: Any = None, **events: str
) -> Step:
    """A term that gives a day, asked on the days of some events."""
    asked: dict[str, Any] = {"events": events}
    if choices:
        asked["choices"] = choices
    if facts:
        asked["facts"] = facts
    return Step(term, asked, {"day": answer})


def holds(
    term: str,
    answer: bool | None,
    /,
    *,
    choices: Any = None,
    facts: Any = None,
    readings: Sequence[bool] | None = None,
    least: tuple[str, int] | None = None,
    **measures: int | str,
) -> Step:
    """A term that asks for something, judged on some numbers."""
    asked: dict[str, Any] = {"measures": measures}
    if choices:
        asked["choices"] = choices
    if facts:
        asked["facts"] = facts
    expected: dict[str, Any] = {"holds": answer}
    if readings is not None:
        expected["readings"] = [{"holds": each} for each in readings]
    if least is not None:
        asked["least"], expected["least"] = least
    return Step(term, asked, expected)


def milestone(name: str, answer: str, **events: str) -> Step:
    return Step("milestones", on(**events), {"days": {name: {"day": answer}}})


def given(answer: str | None, method: str, **asked: Any) -> Step:
    return Step("notice_methods", {"method": method, **asked}, {"given_on": answer})


def demand(
    answer: bool, ask: str, used: Sequence[str] = (), *, facts: Any = None, **choices: str
) -> Step:
    """One more demand, by what was asked before; ``choices`` are this one's and theirs."""
    asked: dict[str, Any] = {
        "ask": {"on": ask, "choices": choices},
        "used": [{"on": each, "choices": choices} for each in used],
    }
    if facts:
        asked["facts"] = facts
    return Step("demand_count", asked, {"holds": answer})


def pause(
    term: str, answer: bool, ask: tuple[str, int], used: Sequence[tuple[str, int]] = (), **more: Any
) -> Step:
    """A delay or a suspension of so many days from a day."""
    asked = {
        "ask": {"on": ask[0], "days": ask[1]},
        "used": [{"on": each[0], "days": each[1]} for each in used],
    }
    asked |= more.pop("asked", {})
    return Step(term, asked, {"holds": answer, **more})


# --- BestNet: the first agreement ---------------------------------------------------------

_INITIATING = "initiating_units"


def _units(units: int, **pools: int) -> dict[str, int]:
    return {_INITIATING: units, **pools}


story(
    "00-1", "bestnet", "A majority of the Units is strictly more than half",
    *(
        holds("demand_threshold", good, initiating_units=units, units_offered=4_500_000,
              units_issued=4_500_000, units_held=4_500_000, least=(_INITIATING, 2_250_001))
        for units, good in [(2_250_000, False), (2_250_001, True), (1_500_000, False),
                            (1_400_000 + 900_000, True)]
    ),
)  # fmt: skip
story(
    "00-2", "bestnet", "Two clocks for joining, and the filing window between two receipts",
    given("2004-03-05", "certified_mail", sent_on="2004-03-05", received_on="2004-03-08"),
    Step("joining", on(company_notice_given="2004-03-05", company_notice_received="2004-03-08"),
         {"day": "2004-03-25", "readings": [{"day": "2004-03-25"}, {"day": "2004-03-28"}]}),
    Step("joining", on(company_notice_given="2004-03-05", company_notice_received="2004-03-09"),
         {"readings": [{"day": "2004-03-25"}, {"day": "2004-03-29"}]}),
    Step("filing_opens", on(company_notice_received_by_last="2004-03-09",
                            company_notice_received_by_first="2004-03-08"),
         {"day": "2004-04-08", "readings": [{"day": "2004-04-08"}, {"day": "2004-04-07"}]}),
    Step("filing_closes", on(demand_notice_received="2004-03-04"),
         {"day": "2004-04-18", "in_words": "Sun, Apr 18, 2004"}),
    day("effectiveness", "2004-08-13", filed="2004-04-15"),
)  # fmt: skip
story(
    "00-3", "bestnet", "A slow Company Notice leaves no day to file",
    day("filing_opens", "2004-04-25", company_notice_received_by_last="2004-03-26",
        company_notice_received_by_first="2004-03-26"),
    day("filing_closes", "2004-04-18", demand_notice_received="2004-03-04"),
    day("filing_opens", "2004-04-18", company_notice_received_by_last="2004-03-19",
        company_notice_received_by_first="2004-03-19"),
)  # fmt: skip
story(
    "00-4", "bestnet", "A mailed reply sent within the window and received after it",
    given("2004-06-01", "certified_mail", sent_on="2004-06-01", received_on="2004-06-04"),
    given("2004-06-03", "facsimile", sent_on="2004-06-03", received_on="2004-06-03"),
    given(None, "email", sent_on="2004-06-01"),
    given("2004-06-05", "regular_mail", sent_on="2004-06-01", received_on="2004-06-05"),
    *(
        Step("piggyback_joining",
             {"events": {"registration_notice_given": notice}, "done_on": received},
             {"day": last, "in_time": in_time})
        for notice, received, last, in_time in [
            ("2004-06-01", "2004-06-23", "2004-06-21", False),
            ("2004-06-03", "2004-06-23", "2004-06-23", True),
            ("2004-06-05", "2004-06-25", "2004-06-25", True),
        ]
    ),
)  # fmt: skip
story(
    "00-5", "bestnet", "180 days of rest after another registration became effective",
    Step("rests", {**on(other_effective="2004-01-15"), "ask_on": "2004-07-13"},
         {"bars": True, "first_free_on": "2004-07-14", "rests": [{"last": "2004-07-13"}]}),
    Step("rests", {**on(other_effective="2004-01-15"), "ask_on": "2004-07-14"}, {"bars": False}),
    Step("rests", {**on(other_effective="2004-05-01"), "ask_on": "2004-10-28"},
         {"bars": True, "rests": [{"last": "2004-10-28"}]}),
)  # fmt: skip
_OPEN = {"company_engaged": False, "firm_plans": True, "open_to_investors": True}
story(
    "00-6", "bestnet", "One delay, for an offering planned within thirty days",
    pause("delay", True, ("2004-05-03", 30), ends_by="2004-10-08",
          asked={"facts": _OPEN, "measures": {"days_to_offering": 29},
                 "events": {"company_offering_effective": "2004-06-10"}}),
    pause("delay", False, ("2004-05-03", 30),
          asked={"facts": _OPEN, "measures": {"days_to_offering": 32}}),
    pause("delay", False, ("2004-05-03", 30),
          asked={"facts": {**_OPEN, "open_to_investors": False},
                 "measures": {"days_to_offering": 29}}),
    pause("delay", False, ("2005-09-01", 30), [("2004-05-03", 120)],
          asked={"facts": _OPEN, "measures": {"days_to_offering": 29}}),
)  # fmt: skip
_NEITHER = {"effective": False, "withdrawn_by_investors": False, "covers_all_requested": True,
            "only_for_later_information": False}  # fmt: skip
story(
    "00-7", "bestnet", "When the single demand is used up",
    Step(
        "demand_used_up",
        {"registrations": [
            {"facts": {**_NEITHER, "effective": True}},
        ]},
        {"counted": [{"holds": True}], "left_after": [0]},
    ),
    *(
        Step("demand_used_up", {"registrations": [{"facts": {**_NEITHER, **facts}}]},
             {"counted": [{"holds": used}]})
        for facts, used in [
            ({"effective": True, "covers_all_requested": False}, False),
            ({"withdrawn_by_investors": True}, True),
            ({"withdrawn_by_investors": True, "covers_all_requested": False}, False),
            ({"withdrawn_by_investors": True, "only_for_later_information": True}, False),
            ({"withdrawn_by_company": True}, False),
            ({}, False),
        ]
    ),
)  # fmt: skip
story(
    "00-8", "bestnet", "A second demand for what authorized capital could not carry",
    demand(False, "2005-01-12", ["2004-03-04"], facts={"authorized_capital_short": False}),
    demand(True, "2005-01-12", ["2004-03-04"], facts={"authorized_capital_short": True}),
    demand(False, "2006-01-12", ["2004-03-04", "2005-01-12"],
           facts={"authorized_capital_short": True}),
    holds("demand_threshold", True, initiating_units=2_250_001, units_offered=4_500_000,
          units_issued=4_500_000, units_held=4_500_000),
    Step("rests", {**on(other_effective="2004-07-15"), "ask_on": "2005-01-11"},
         {"bars": True, "first_free_on": "2005-01-12"}),
)  # fmt: skip
story(
    "00-11", "bestnet", "How long the statement stays effective",
    day("keep_effective", "2005-08-13", effective="2004-08-13"),
    day("keep_effective", "2005-03-02", effective="2004-08-13", all_sold="2005-03-02"),
    day("keep_effective", "2004-10-01", effective="2004-08-13",
        distribution_completed="2004-10-01"),
)  # fmt: skip
story(
    "00-12", "bestnet", "A request late on one reading and in time on the other",
    Step("joining",
         {**on(company_notice_given="2004-03-05", company_notice_received="2004-03-09"),
          "done_on": "2004-03-27"},
         {"day": "2004-03-25", "in_time": False,
          "readings": [{"day": "2004-03-25", "in_time": False},
                       {"day": "2004-03-29", "in_time": True}]}),
)  # fmt: skip
_FIVE = dict.fromkeys(("Alder", "Birch", "Cedar", "Dale", "Elm"), 1)
story(
    "00-13", "bestnet", "An amendment needs every Investor, a waiver only its own party",
    Step("amendment",
         {"investors": _FIVE, "consents": ["Alder", "Birch", "Cedar", "Dale"],
          "company_consents": True, "waiver_signed_by": ["Birch"]},
         {"holds": False, "missing": ["Elm"], "waiver_binds": ["Birch"]}),
    Step("amendment",
         {"investors": _FIVE, "consents": [*_FIVE], "company_consents": True},
         {"holds": True, "missing": [], "waiver_binds": []}),
)  # fmt: skip
story(
    "00-14", "bestnet", "A transferee with no counterpart does not count",
    Step("transfer", {"facts": {"counterpart_signed": False, "acquired_in_public_offering": False}},
         {"holds": False}),
    Step("transfer", {"facts": {"counterpart_signed": True, "acquired_in_public_offering": False}},
         {"holds": True}),
    holds("demand_threshold", False, initiating_units=2_200_000, units_offered=4_500_000,
          units_issued=4_500_000, units_held=4_500_000),
    holds("demand_threshold", True, initiating_units=2_300_000, units_offered=4_500_000,
          units_issued=4_500_000, units_held=4_500_000),
)  # fmt: skip
story(
    "00-15", "bestnet", "Which Units, when not all were sold",
    Step("demand_threshold",
         {"measures": {"initiating_units": 2_100_000, "units_offered": 4_500_000,
                       "units_issued": 4_000_000, "units_held": 4_000_000},
          "least": "initiating_units"},
         {"holds": None,
          "readings": [{"says": "offered", "holds": False, "least": 2_250_001},
                       {"says": "issued", "holds": True, "least": 2_000_001},
                       {"says": "held", "holds": True, "least": 2_000_001}]}),
)  # fmt: skip
story(
    "00-16", "bestnet", "Who bears which expense",
    Step("expenses",
         {"costs": {"sec_filing_fee": 2000, "blue_sky": 8000, "company_counsel": 60_000,
                    "printing_and_shipping": 15_000, "underwriting_discount": 63_000,
                    "investor_counsel": 20_000}},
         {"totals": {"company": "85000", "sellers": "63000", "incurring": "20000"}}),
)  # fmt: skip
story(
    "00-17", "bestnet", "A Selling Investor's liability ends at its proceeds",
    Step("indemnity", {"shares": 500_000, "price": "0.50", "discount": "5%", "claim": "400000"},
         {"readings": [{"says": "gross", "cap": "250000.00", "payable": "250000.00"},
                       {"says": "net_of_selling_expenses", "cap": "237500.00"}]}),
)  # fmt: skip

# --- the others ----------------------------------------------------------------------------

story(
    "01-1", "nvca-model-ira-2020", "A request by e-mail, and a notice e-mailed at the week-end",
    given("2027-01-04", "email", sent_on="2027-01-04", in_business_hours=True),
    given("2027-01-11", "email", sent_on="2027-01-09", in_business_hours=False),
    day("company_notice", "2027-01-14", demand_notice_given="2027-01-04"),
    day("joining", "2027-01-31", company_notice_given="2027-01-11"),
    day("filing_closes", "2027-03-05", demand_notice_given="2027-01-04", choices={"form": "S-1"}),
    day("filing_closes", "2027-02-18", demand_notice_given="2027-01-04", choices={"form": "S-3"}),
)  # fmt: skip
story(
    "01-2", "nvca-model-ira-2020", "A courier over a holiday, and mail that arrived early",
    given("2027-01-19", "overnight_courier", sent_on="2027-01-15"),
    Step("notice_methods",
         {"method": "certified_mail", "sent_on": "2027-01-15", "received_on": "2027-01-18"},
         {"given_on": "2027-01-18", "by_rule_on": "2027-01-20"}),
)  # fmt: skip
story(
    "01-4", "nvca-model-ira-2020", "The quiet time around a Company registration",
    Step("rests",
         {**on(filing_estimated="2027-06-01", company_offering_effective="2027-07-15"),
          "choices": {"form": "S-3"}, "ask_on": "2027-04-02"},
         {"bars": True, "first_free_on": "2028-01-12",
          "rests": [{"first": "2027-04-02", "last": "2028-01-11"}, {"bars": False}]}),
    Step("rests",
         {**on(filing_estimated="2027-06-01", company_offering_effective="2027-07-15"),
          "choices": {"form": "S-3"}, "ask_on": "2027-04-01"},
         {"bars": False}),
)  # fmt: skip
story(
    "03-1", "etrade-abwatley-2002", "Filing and life of a resale registration",
    day("filing_closes", "2002-08-14", issue_date="2002-07-15"),
    day("keep_effective", "2004-10-01", effective="2002-10-01"),
)  # fmt: skip
_TWO_USES = [("2002-11-01", 60), ("2003-02-01", 90)]
story(
    "03-2", "etrade-abwatley-2002", "Two suspensions of ninety days in any twelve months",
    pause("suspension", False, ("2003-09-15", 30), _TWO_USES),
    pause("suspension", True, ("2003-11-02", 90), _TWO_USES),
    pause("suspension", False, ("2003-11-02", 91), _TWO_USES, most_days=90),
    pause("delay", True, ("2003-11-02", 90), _TWO_USES),
)  # fmt: skip
story(
    "03-3",
    "etrade-abwatley-2002",
    "Shares from an average price",
    Step("share_count", {"measures": {"average_close": "6.25"}}, {"shares": "384000"}),
)
story(
    "05-1", "aura-systems-2002", "Penalty shares for late filing",
    day("filing_closes", "2002-11-02", acceptance="2002-09-03",
        choices={"document": "subscription"}),
    Step("liquidated_damages",
         {"which": "subscription", "measures": {"registrable_sold": 1_000_000},
          "due_on": "2002-11-02", "cured_on": "2003-01-15"},
         {"owed": [{"days": 74, "total": "200000"}, {"total": "150000"}]}),
)  # fmt: skip
story(
    "05-2",
    "aura-systems-2002",
    "Forty days for each comment letter",
    milestone("respond_to_comments", "2003-01-11", comment_letter_received="2002-12-02"),
    milestone("respond_to_comments", "2003-03-22", comment_letter_received="2003-02-10"),
)
story(
    "05-3", "aura-systems-2002", "The warrant appendix runs from another day",
    day("filing_closes", "2002-11-19", sale_leaseback_closed="2002-09-20",
        choices={"document": "warrant_appendix"}),
    Step("liquidated_damages",
         {"which": "warrant_appendix", "measures": {"warrants_sold": 15_000_000}},
         {"one_period": "750000", "paid_in": "warrants"}),
)  # fmt: skip
story(
    "06-1", "townsquare-msg-2016", "On or after the third anniversary includes it",
    day("demand_opens", "2019-08-16", agreement_date="2016-08-16"),
    Step("demand_opens", {**on(agreement_date="2016-08-16"), "done_on": "2019-08-15"},
         {"not_before": False}),
    Step("demand_opens", {**on(agreement_date="2016-08-16"), "done_on": "2019-08-20"},
         {"not_before": True}),
    day("company_notice", "2019-08-30", demand_notice_received="2019-08-20"),
    day("joining", "2019-09-13", company_notice_received="2019-08-29"),
)  # fmt: skip
story(
    "06-2", "townsquare-msg-2016", "A majority and a least number of shares, both",
    holds("demand_threshold", False, initiating_shares=1_600_000, registrable_shares=3_200_000),
    holds("demand_threshold", True, initiating_shares=1_700_000, registrable_shares=3_200_000),
    holds("demand_min_size", True, offered_shares=900_000),
    holds("demand_min_size", False, offered_shares=749_999),
    holds("demand_min_size", True, offered_shares=750_000),
)  # fmt: skip
story(
    "07-1",
    "united-shipping-technology",
    "Long-form clocks",
    day("company_notice", "2000-04-13", demand_notice_received="2000-04-03"),
    day("joining", "2000-05-07", company_notice_received="2000-04-17"),
)
story(
    "07-2", "united-shipping-technology", "Standing differs by form",
    *(
        holds("demand_threshold", good, initiating_shares=shares, registrable_shares=1_000_000,
              choices={"form": form})
        for form, shares, good in [("S-1", 500_000, False), ("S-1", 500_001, True),
                                   ("S-2", 1000, True), ("S-3", 1000, True)]
    ),
)  # fmt: skip
story(
    "08-3", "velocity-express-bet", "Seven days before, ninety days beginning on the day",
    Step("lockup",
         {**on(effective="2004-05-03"),
          "sales": ["2004-04-25", "2004-04-26", "2004-07-31", "2004-08-01"]},
         {"first": "2004-04-26", "last": "2004-07-31", "may_sell": [True, False, False, True]}),
)  # fmt: skip
story(
    "10-1",
    "hc2-holdings-2015",
    "Very short clocks that end on Saturdays",
    day("company_notice", "2015-03-07", demand_notice_given="2015-03-05"),
    day("joining", "2015-03-11", company_notice_given="2015-03-06"),
    day("filing_closes", "2015-04-04", demand_notice_given="2015-03-05"),
)
_NO_SHELF = {"shelf_covers_holder": False, "short_form_available": False}
story(
    "10-2", "hc2-holdings-2015", "A floor in dollars, and a shelf instead of a demand",
    holds("demand_min_size", False, net_offering_usd=4_999_999),
    holds("demand_min_size", True, net_offering_usd=5_000_000),
    holds("demand_threshold", True),
    Step("rests", {"facts": _NO_SHELF, "choices": {"form": "S-1"}, "ask_on": "2015-03-05"},
         {"bars": False}),
    Step("rests", {"facts": {**_NO_SHELF, "shelf_covers_holder": True}, "choices": {"form": "S-1"},
                   "ask_on": "2015-03-05"}, {"bars": True}),
)  # fmt: skip
story(
    "11-1", "syros-2017-pipe", "Thirty days after closing, and one per cent pro rata",
    day("filing_closes", "2017-05-26", closing="2017-04-26"),
    Step("liquidated_damages",
         {"which": "late_filing", "measures": {"amount_invested": 2_700_000},
          "due_on": "2017-05-26", "cured_on": "2017-06-30"},
         {"owed": [
             {"days": 35, "total": "58500.00",
              "lines": [{"amount": "27000"}, {"amount": "31500"}]},
             {"days": 34, "total": "57600.00"},
         ]}),
)  # fmt: skip
story(
    "11-2", "syros-2017-pipe", "When damages are paid, and interest on them",
    *(
        Step("liquidated_damages", on(period_ends=end), {"pay_by": {"day": paid}})
        for end, paid in [("2017-05-27", "2017-06-12"), ("2017-06-25", "2017-07-10"),
                          ("2017-06-30", "2017-07-17")]
    ),
    Step("liquidated_damages", {"unpaid": "27000", "months": 3}, {"interest": "810.00"}),
)  # fmt: skip
story(
    "12-1",
    "lasik-america-2001-rep-warrant",
    "A representative's warrant: ten days and ten",
    day("company_notice", "2003-06-12", demand_notice_received="2003-06-02"),
    day("joining", "2003-06-26", company_notice_received="2003-06-16"),
)
story(
    "12-2", "lasik-america-2001-rep-warrant", "Five years, one occasion, nine months",
    day("demand_opens", "2001-10-16", public_offering_effective="2001-10-15"),
    Step("demand_closes", {**on(public_offering_effective="2001-10-15"), "done_on": "2003-06-02"},
         {"day": "2006-10-15", "in_time": True}),
    Step("demand_closes", {**on(public_offering_effective="2001-10-15"), "done_on": "2006-10-16"},
         {"in_time": False}),
    demand(False, "2006-10-16", ["2003-06-02"]),
    day("keep_effective", "2004-06-02", effective="2003-09-02"),
)  # fmt: skip
story(
    "13-1",
    "clearday-viveon-spac-2023",
    "The right opens before the lock-up lapses",
    day("demand_opens", "2024-05-15", lockup_lapses="2024-08-15"),
    day("joining", "2024-05-29", company_notice_received="2024-05-24"),
)
story(
    "13-2",
    "clearday-viveon-spac-2023",
    "Three months before the last of a month",
    day("demand_opens", "2024-02-29", lockup_lapses="2024-05-31"),
)
story(
    "13-3", "clearday-viveon-spac-2023", "One demand for each class, two in all",
    Step("demand_count",
         {"ask": {"on": "2024-09-01", "choices": {"class": "Pre-BC Investors"}},
          "used": [{"on": "2024-06-01", "choices": {"class": "Pre-BC Investors"}}]},
         {"holds": False}),
    Step("demand_count",
         {"ask": {"on": "2024-09-01", "choices": {"class": "Clearday Investors"}},
          "used": [{"on": "2024-06-01", "choices": {"class": "Pre-BC Investors"}}]},
         {"holds": True}),
    Step("demand_count",
         {"ask": {"on": "2025-09-01", "choices": {"class": "Clearday Investors"}},
          "used": [{"on": "2024-06-01", "choices": {"class": "Pre-BC Investors"}},
                   {"on": "2024-09-01", "choices": {"class": "Clearday Investors"}}]},
         {"holds": False}),
)  # fmt: skip
story(
    "14-1", "hexcel-2000", "Twenty per cent of 18,021,748",
    holds("demand_threshold", False, initiating_shares=3_604_349, registrable_shares=18_021_748),
    holds("demand_threshold", True, initiating_shares=3_604_350, registrable_shares=18_021_748,
          least=("initiating_shares", 3_604_350)),
)  # fmt: skip
story(
    "14-2", "hexcel-2000", "After the first anniversary leaves the anniversary out",
    Step("demand_opens", {**on(agreement_date="2000-12-19"), "done_on": "2001-12-19"},
         {"day": "2001-12-20", "not_before": False}),
    Step("demand_opens", {**on(agreement_date="2000-12-19"), "done_on": "2002-05-20"},
         {"not_before": True}),
    day("company_notice", "2002-05-30", demand_notice_received="2002-05-20"),
)  # fmt: skip
story(
    "16-1",
    "virtus-annex-a",
    "The value of a holding as the threshold",
    holds("demand_threshold", True, held_shares=400_000, price_usd="12.50"),
    holds("demand_threshold", False, held_shares=400_000, price_usd="12.49"),
)
story(
    "16-2",
    "virtus-annex-a",
    "Calendar days for the Company, business days for the holders",
    day("company_notice", "2010-06-28", demand_notice_received="2010-06-18"),
    day("joining", "2010-07-19", company_notice_given="2010-06-25"),
)
story(
    "17-1", "udemy-marqeta-ira", "Notice counted back from a planned filing",
    Step("piggyback_notice", {**on(filing_planned="2022-05-20"), "done_on": "2022-05-04"},
         {"day": "2022-05-05", "in_time": True}),
    day("piggyback_joining", "2022-05-19", registration_notice_given="2022-05-04"),
    Step("piggyback_notice",
         {**on(filing_planned="2022-05-20"), "done_on": "2022-05-06",
          "first_day_for": "filing_planned"},
         {"in_time": False, "first_day_for": "2022-05-21"}),
)  # fmt: skip
story(
    "17-2", "udemy-marqeta-ira", "Notice on the last day: the window ends on the filing day",
    Step("piggyback_notice", {**on(filing_planned="2022-05-20"), "done_on": "2022-05-05"},
         {"in_time": True}),
    Step("piggyback_joining",
         {**on(registration_notice_given="2022-05-05"), "done_on": "2022-05-20"},
         {"day": "2022-05-20", "in_time": True}),
)  # fmt: skip
story(
    "19-1", "advanced-bioenergy-ira", "The earlier of two days, one moved by the stand-off",
    day("demand_opens", "2010-08-28", agreement_date="2009-10-01", ipo_effective="2010-03-01",
        stand_off_ends="2010-08-28", facts={"holders_cannot_sell": True}),
    day("demand_opens", "2010-05-30", agreement_date="2009-10-01", ipo_effective="2010-03-01",
        facts={"holders_cannot_sell": False}),
    day("demand_opens", "2010-10-01", agreement_date="2009-10-01",
        facts={"holders_cannot_sell": False}),
)  # fmt: skip
story(
    "19-2", "advanced-bioenergy-ira", "A smaller share will do above fifteen million",
    *(
        step
        for group, covered, usd, standing, size in [
            ("25", "20", 3_000_000, True, True), ("25", "12", 15_000_000, True, False),
            ("25", "12", 15_000_001, True, True), ("24.9", "24.9", 90_000_000, False, True),
        ]
        for step in (
            holds("demand_threshold", standing, initiating_shares=group, registrable_shares=100),
            holds("demand_min_size", size, covered_shares=covered, registrable_shares=100,
                  net_offering_usd=usd),
        )
    ),
    day("filing_closes", "2010-10-16", demand_notice_given="2010-09-01"),
)  # fmt: skip
story(
    "20-1",
    "appgate-rra",
    "More than fifty million, or everything held",
    holds("demand_min_size", False, offering_usd=50_000_000, facts={"all_held": False}),
    holds("demand_min_size", True, offering_usd=50_000_001, facts={"all_held": False}),
    holds("demand_min_size", True, offering_usd=30_000_000, facts={"all_held": True}),
)
story(
    "20-2",
    "appgate-rra",
    "Opening after 180 days, and a short form instead",
    day("demand_opens", "2022-05-01", first_registration_effective="2021-11-01"),
    day("filing_closes", "2022-08-09", demand_notice_received="2022-06-10"),
    milestone("qualify_for_short_form", "2022-08-09", demand_notice_received="2022-06-10"),
)
story(
    "22-1", "wintegra-ira", "A window of five years",
    Step("demand_opens", {**on(ipo_effective="2007-02-01"), "done_on": "2007-05-01"},
         {"day": "2007-05-02", "not_before": False}),
    Step("demand_opens", {**on(ipo_effective="2007-02-01"), "done_on": "2007-05-02"},
         {"not_before": True}),
    Step("demand_closes", {**on(ipo_effective="2007-02-01"), "done_on": "2012-05-03"},
         {"day": "2012-05-02", "in_time": False}),
)  # fmt: skip
story(
    "22-2", "wintegra-ira", "A share of one class only",
    *(
        holds("demand_threshold", good, initiating_class_shares=preferred,
              registrable_class_shares=7_000_000, initiating_shares=preferred + common)
        for preferred, common, good in [(2_450_000, 0, True), (2_449_999, 0, False),
                                        (2_000_000, 3_000_000, False)]
    ),
)  # fmt: skip


def _perry(sold: int) -> dict[str, Any]:
    return {
        "facts": {"effective": True, "failure_is_holders_fault": False},
        "measures": {"sold_shares": sold, "requested_shares": 100},
    }


story(
    "23-1", "ftd-registration-agreement", "The test of success is for the last one only",
    Step("demand_used_up",
         {"permitted": 2, "registrations": [_perry(10), _perry(20), _perry(25)]},
         {"counted": [{"holds": True}, {"holds": False}, {"holds": True}],
          "left_after": [1, 1, 0]}),
    Step("demand_count",
         {"ask": {"on": "2004-01-02", "choices": {"group": "Perry", "paid_by": "company"}},
          "used": [{"on": "2003-01-02", "choices": {"group": "Perry", "paid_by": "company"}}]},
         {"holds": True}),
    Step("demand_count",
         {"ask": {"on": "2004-01-02",
                  "choices": {"group": "Other Investors", "paid_by": "company"}},
          "used": [{"on": "2003-01-02",
                    "choices": {"group": "Other Investors", "paid_by": "company"}}]},
         {"holds": False}),
    Step("demand_count",
         {"ask": {"on": "2004-01-02",
                  "choices": {"group": "Other Investors", "paid_by": "holders"}}},
         {"holds": True}),
)  # fmt: skip
story(
    "23-2", "ftd-registration-agreement", "A floor only where the Company pays",
    holds("demand_min_size", False, offering_usd=74_900_000, choices={"paid_by": "company"}),
    holds("demand_min_size", True, offering_usd=75_000_000, choices={"paid_by": "company"}),
    holds("demand_min_size", True, offering_usd=2_000_000, choices={"paid_by": "holders"}),
    Step("expenses", {"costs": {"company_counsel": 600_000}, "choices": {"paid_by": "company"}},
         {"totals": {"company": "600000"}}),
    Step("expenses", {"costs": {"company_counsel": 600_000}, "choices": {"paid_by": "holders"}},
         {"totals": {"sellers": "600000"}}),
)  # fmt: skip
story(
    "26-1",
    "mediaalpha-rra",
    "Three business days, then three more",
    day("company_notice", "2021-06-03", demand_notice_received="2021-05-28"),
    day("joining", "2021-06-07", company_notice_delivered="2021-06-02"),
)


def _takedown(asked_on: str, kind: str, bars: bool, *, consents: bool = False) -> Step:
    return Step(
        "rests",
        {
            **on(takedown_consummated="2021-04-20"),
            "ask_on": asked_on,
            "choices": {"kind": kind},
            "facts": {"board_consents": consents},
        },
        {"bars": bars, "first_free_on": "2021-06-20"},
    )


story(
    "26-2",
    "mediaalpha-rra",
    "Sixty days of rest, the Board's consent, and block trades",
    _takedown("2021-05-28", "demand", True),
    _takedown("2021-06-19", "demand", True),
    _takedown("2021-06-20", "demand", False),
    _takedown("2021-05-28", "block_trade_offering", False),
    _takedown("2021-05-28", "demand", False, consents=True),
)
story(
    "28-1", "repay-corsair-spac", "Five o'clock in New York, two trading days before",
    Step("piggyback_joining", on(preliminary_prospectus="2020-05-26"),
         {"day": "2020-05-21", "last_moment": "2020-05-21T17:00:00-04:00",
          "last_moment_utc": "2020-05-21T21:00:00+00:00"}),
)  # fmt: skip
story(
    "28-2", "repay-corsair-spac", "Three million or, if less, everything",
    *(
        holds("demand_min_size", good, offering_usd=asked, held_usd=held)
        for asked, held, good in [(2_900_000, 10_000_000, False), (2_000_000, 2_000_000, True),
                                  (3_000_000, 10_000_000, True), (1_500_000, 2_000_000, False)]
    ),
    holds("demand_threshold", True, choices={"holder": "Corsair"}),
    holds("demand_threshold", False, choices={"holder": "Somebody else"}),
)  # fmt: skip
story(
    "30-1",
    "sunedison-semiconductor-2014",
    "All clocks from receipt",
    day("company_notice", "2014-12-06", demand_notice_received="2014-12-01"),
    day("joining", "2014-12-23", company_notice_received="2014-12-08"),
    day("filing_closes", "2015-01-15", demand_notice_received="2014-12-01"),
)
story(
    "30-2",
    "sunedison-semiconductor-2014",
    "A late notice: joining outlasts the day to file",
    day("joining", "2015-01-20", company_notice_received="2015-01-05"),
    day("filing_closes", "2015-01-15", demand_notice_received="2014-12-01"),
)
_CERTIFIED = {"facts": {"officer_certificate": True}}
_DEFERRED = [("2023-01-10", 60), ("2023-06-01", 60)]
story(
    "32-1",
    "prosomnus-naturesmiracle-spac",
    "Twice in any 365 days, sixty days each",
    pause("delay", True, ("2023-01-10", 60), ends_by="2023-03-11", asked=_CERTIFIED),
    pause("delay", False, ("2023-12-15", 60), _DEFERRED, asked=_CERTIFIED),
    pause("delay", True, ("2024-01-10", 60), _DEFERRED, asked=_CERTIFIED),
    pause("delay", False, ("2024-01-10", 61), _DEFERRED, asked=_CERTIFIED),
)
story(
    "32-2", "prosomnus-naturesmiracle-spac", "A short form: its least size, its window, no demand",
    holds("demand_min_size", False, offering_usd=499_999, choices={"form": "S-3"}),
    holds("demand_min_size", True, offering_usd=500_000, choices={"form": "S-3"}),
    day("joining", "2023-04-18", company_notice_received="2023-04-03", choices={"form": "S-3"}),
    Step("demand_used_up", {"registrations": [{"choices": {"form": "S-3"}}]},
         {"counted": [{"holds": False}]}),
)  # fmt: skip
story(
    "34-1",
    "particle-drilling-2005",
    "Prior to the sixtieth day",
    day("filing_closes", "2005-04-09", closing="2005-02-09"),
    day("effectiveness", "2005-08-08", closing="2005-02-09"),
)
story(
    "34-2",
    "particle-drilling-2005",
    "Acceleration once there is no review",
    milestone("acceleration_request", "2005-06-01", no_review_notice="2005-05-26"),
    milestone("requested_effective", "2005-06-06", acceleration_requested="2005-06-01"),
)
story(
    "36-1",
    "celsia-2007",
    "Early filing brings effectiveness forward",
    day("effectiveness", "2007-09-13", filing_due="2007-07-09", filed="2007-06-15"),
    day("effectiveness", "2007-10-07", filing_due="2007-07-09", filed="2007-07-20"),
)
story(
    "36-2",
    "celsia-2007",
    "An additional statement",
    milestone(
        "additional_statement_effective", "2008-04-30", additional_statement_needed="2008-01-31"
    ),
)
_BLACKOUT = [("2019-01-10", 30)]
story(
    "39-1",
    "ahpac-spac",
    "Three limits on blackouts at once",
    pause("suspension", False, ("2019-06-30", 5), _BLACKOUT),
    pause("suspension", True, ("2019-07-11", 14), _BLACKOUT),
    pause("suspension", False, ("2019-07-11", 15), _BLACKOUT, most_days=14),
    pause("suspension", False, ("2019-07-11", 31), _BLACKOUT),
)
story(
    "39-2",
    "ahpac-spac",
    "A new calendar year, the same six months",
    pause("suspension", True, ("2020-01-12", 30), [*_BLACKOUT, ("2019-07-11", 14)]),
    pause("suspension", False, ("2020-01-10", 30), [*_BLACKOUT, ("2019-07-11", 14)]),
)
story(
    "40-1",
    "jcrew-stockholders-agreement",
    "Five business days, then ten",
    day("company_notice", "2007-03-08", demand_notice_received="2007-03-01"),
    day("joining", "2007-03-22", company_notice_delivered="2007-03-08"),
)
story(
    "40-2", "jcrew-stockholders-agreement", "Memorial Day moves the tenth business day",
    *(
        Step("joining", {**on(company_notice_delivered="2007-05-21"), "done_on": received},
             {"day": "2007-06-05", "in_time": in_time})
        for received, in_time in [("2007-06-05", True), ("2007-06-04", True), ("2007-06-06", False)]
    ),
)  # fmt: skip
story(
    "42-1", "vantiv-rra", "A replacement demand",
    *(
        Step("demand_used_up",
             {"registrations": [{"measures": {"days_effective": days, "sold_shares": sold,
                                              "covered_shares": 100}}]},
             {"counted": [{"holds": counts}]})
        for days, sold, counts in [(30, 70, False), (30, 85, True), (61, 70, True)]
    ),
)  # fmt: skip
_VANTIV_USED = [
    *({"on": f"2013-0{n}-01", "choices": {"group": "Advent", "form": "S-1"}} for n in (1, 6)),
    {"on": "2013-09-01", "choices": {"group": "Majority Fifth Third", "form": "S-1"}},
]
story(
    "42-2", "vantiv-rra", "A count for each group",
    *(
        Step("demand_count",
             {"ask": {"on": "2014-01-01", "choices": {"group": group, "form": form}},
              "used": _VANTIV_USED},
             {"holds": good})
        for group, form, good in [("Advent", "S-1", False), ("Advent", "S-3", True),
                                  ("Majority Fifth Third", "S-1", True)]
    ),
)  # fmt: skip
_LIFETIME = ["2016-12-20", "2017-01-05", "2018-02-01", "2019-02-01", "2020-02-01"]
story(
    "43-1",
    "lsb-industries-2015",
    "One a calendar year, four in all",
    demand(False, "2016-12-28", ["2016-12-20"]),
    demand(True, "2017-01-05", ["2016-12-20"]),
    *(demand(n < 4, ask, _LIFETIME[:n]) for n, ask in enumerate(_LIFETIME)),
)
story(
    "43-2",
    "lsb-industries-2015",
    "The price of the day of the notice",
    holds("demand_min_size", True, offered_shares=800_000, price_usd="18.75"),
    holds("demand_min_size", False, offered_shares=800_000, price_usd="18.74"),
)
story(
    "45-1",
    "boulder-seanergy-spac",
    "Exactly half is no majority in interest",
    holds("demand_threshold", False, initiating_shares=1_250_000, registrable_shares=2_500_000),
    holds("demand_threshold", True, initiating_shares=1_250_001, registrable_shares=2_500_000),
)
story(
    "45-2",
    "boulder-seanergy-spac",
    "Fifteen days, two demands",
    day("joining", "2007-08-21", company_notice_received="2007-08-06"),
    demand(False, "2009-01-05", ["2007-08-01", "2008-03-03"]),
)
story(
    "48-1", "ya-form-convertible-debenture", "Two per cent for thirty days or any part",
    *(
        Step("liquidated_damages",
             {"measures": {"liquidated_value": 2_000_000}, "due_on": "2007-01-01",
              "cured_on": cured},
             {"owed": [{"days": days, "total": total}]})
        for cured, days, total in [
            ("2007-02-05", 35, "80000.00"), ("2007-01-31", 30, "40000.00"),
            ("2007-02-01", 31, "80000.00"), ("2007-03-02", 60, "80000.00"),
            ("2007-03-03", 61, "120000.00"),
        ]
    ),
)  # fmt: skip
story(
    "48-2", "ya-form-convertible-debenture", "Three business days after demand, cash or stock",
    Step("liquidated_damages", on(payment_demanded="2007-05-07"),
         {"pay_by": {"day": "2007-05-10"}, "chosen_by": "holder", "paid_in": "cash_or_shares"}),
)  # fmt: skip
story(
    "50-1", "debentures-270-day", "Interest that steps up after ninety days",
    day("filing_closes", "2010-02-26", closing="2009-06-01"),
    Step("liquidated_damages",
         {"measures": {"principal": 10_000_000}, "due_on": "2010-02-26", "cured_on": "2010-07-07"},
         {"owed": [{"days": 130, "total": "11805.56"}, {"days": 130, "total": "11643.84"}]}),
)  # fmt: skip
story(
    "50-2",
    "debentures-270-day",
    "A lapse cured within ten business days",
    Step("liquidated_damages", on(lapse="2010-11-05"), {"cured_within": {"day": "2010-11-22"}}),
)
story(
    "52-1", "strasbourger-underwriter-option", "A majority of what was originally issued",
    *(
        holds("demand_threshold", good, initiating_shares=shares, originally_issued=130_000,
              registrable_shares=90_000)
        for shares, good in [(65_000, False), (65_001, True), (46_000, False)]
    ),
)  # fmt: skip
story(
    "52-2", "strasbourger-underwriter-option", "From year one to year five",
    Step("demand_opens", {**on(public_offering_effective="1997-02-13"), "done_on": "1998-02-12"},
         {"day": "1998-02-13", "not_before": False}),
    Step("demand_closes", {**on(public_offering_effective="1997-02-13"), "done_on": "2002-02-14"},
         {"day": "2002-02-13", "in_time": False}),
    day("filing_closes", "1999-05-16", demand_notice_received="1999-04-01"),
    day("company_notice", "1999-04-16", demand_notice_received="1999-04-01"),
    day("joining", "1999-04-24", company_notice_given="1999-04-14"),
)  # fmt: skip
story(
    "54-1", "mr2-group-rep-warrant", "51% is more than a majority",
    *(
        holds("demand_threshold", good, initiating_shares=shares, registrable_shares=1_000_000,
              facts={"effective_statement_covers": covered})
        for shares, covered, good in [(505_000, False, False), (510_000, False, True),
                                      (600_000, True, False)]
    ),
)  # fmt: skip
story(
    "54-2",
    "mr2-group-rep-warrant",
    "Notice, joining and filing, with nothing moved",
    day("company_notice", "2023-08-13", demand_notice_received="2023-08-03"),
    day("joining", "2023-08-29", company_notice_received="2023-08-14"),
    day("filing_closes", "2023-09-02", demand_notice_received="2023-08-03"),
)


def _locked(form: str, last: str, *releases: str, **more: Any) -> Step:
    return Step(
        "lockup",
        {**on(effective="2008-03-03"), "choices": {"form": form}, "releases": list(releases)},
        {"first": "2008-02-25", "last": last, **more},
    )


story(
    "56-1",
    "holdback-2711-extension",
    "A lock-up by form that news extends",
    _locked("long", "2008-08-29", extended=False, release_extends_from="2008-08-13"),
    _locked("short", "2008-05-31"),
    _locked("long", "2008-09-07", "2008-08-20", extended=True),
    _locked("long", "2008-09-23", "2008-09-05", extended=True),
)
story(
    "56-2",
    "holdback-2711-extension",
    "News one day too early extends nothing",
    _locked("long", "2008-08-29", "2008-08-12", extended=False),
)
story(
    "57-1",
    "targa-sungard-filing-date-roll",
    "A ninetieth day that is moved",
    day("filing_closes", "2011-05-23", shelf_notice_delivered="2011-02-21"),
    day("filing_closes", "2011-05-31", shelf_notice_delivered="2011-02-28"),
)
story(
    "57-2",
    "particle-drilling-2005",
    "Without such a term nothing is moved",
    day("effectiveness", "2011-08-20", closing="2011-02-21"),
)
story(
    "59-1", "berry-petroleum", "From receipt for the Company, from sending for the holders",
    day("company_notice", "2019-05-29", demand_notice_received="2019-05-21"),
    day("joining", "2019-06-12", company_notice_sent="2019-05-29",
        company_notice_received="2019-06-03"),
)  # fmt: skip
story(
    "59-2",
    "berry-petroleum",
    "Net proceeds of more than twenty-five million",
    holds("takedown_min_size", True, offering_usd=26_500_000, selling_expenses_usd=1_325_000),
    holds("takedown_min_size", False, offering_usd=26_000_000, selling_expenses_usd=1_300_000),
)


def _alimera(percent: str, rule_144: bool, ended: bool, as_of: str = "2012-06-01") -> Step:
    return Step(
        "termination",
        {
            **on(ipo_closing="2010-04-27"),
            "ask_on": as_of,
            "facts": {"ipo_done": True, "rule_144_all": rule_144},
            "measures": {"holding_percent": percent},
        },
        {"has_ended": ended, "everyone_on": "2015-04-27"},
    )


story(
    "60-1",
    "alimera-sciences",
    "Rights that end holder by holder",
    _alimera("0.9", True, True),
    _alimera("1.0", True, False),
    _alimera("0.5", False, False),
    _alimera("5.0", False, True, as_of="2015-04-27"),
)


# --- cutbacks ------------------------------------------------------------------------------


def cut(
    offering: str,
    maximum: int,
    *claims: tuple[str, str, int, int] | tuple[str, str, int, int, str],
    gets: Mapping[str, int],
    readings: Sequence[Mapping[str, int]] = (),
    **facts: bool,
) -> Step:
    """What each seller gets: name, class, held and asked, and the group it counts in."""
    given = [
        {"name": name, "who": who, "held": held, "asked": asked}
        | ({"group": group[0]} if group else {})
        for name, who, held, asked, *group in claims
    ]
    answer: dict[str, Any] = {"shares": gets}
    if readings:
        answer["readings"] = [{"shares": each} for each in readings]
    return Step(
        "cutback",
        {"offering": offering, "maximum": maximum, "claims": given, "facts": facts},
        answer,
    )


story(
    "00-9", "bestnet", "A fund and its partner's trust are a single Investor",
    cut("company", 2_000_000,
        ("Company", "company", 0, 1_000_000),
        ("Alder Fund", "investors", 2_000_000, 1_700_000, "Alder"),
        ("Alder trust", "investors", 1_500_000, 1_300_000, "Alder"),
        ("Birch", "investors", 2_500_000, 2_000_000),
        ("Zed", "others", 1_500_000, 1_000_000),
        gets={"Company": 1_000_000, "Alder Fund": 266_667, "Alder trust": 200_000,
              "Birch": 333_333, "Zed": 200_000}),
)  # fmt: skip
story(
    "00-10", "bestnet", "A holder that asks for less than its part",
    cut("company", 1_000_000,
        ("Alder", "investors", 3_500_000, 3_000_000),
        ("Birch", "investors", 2_500_000, 100_000),
        ("Zed", "others", 1_500_000, 1_000_000),
        gets={"Alder": 630_000, "Birch": 100_000, "Zed": 270_000},
        readings=[{"Alder": 630_000, "Birch": 100_000, "Zed": 270_000},
                  {"Alder": 466_667, "Birch": 100_000, "Zed": 200_000}]),
)  # fmt: skip
_NVCA = [("Company", "company", 0, 8_000_000), ("A", "investors", 6_000_000, 2_400_000),
         ("B", "investors", 3_000_000, 1_200_000),
         ("C", "investors", 1_000_000, 400_000)]  # fmt: skip
story(
    "01-3", "nvca-model-ira-2020", "The Company first, but a quarter for the holders",
    cut("company", 9_000_000, *_NVCA, ipo=False,
        gets={"Company": 6_750_000, "A": 1_350_000, "B": 675_000, "C": 225_000}),
    cut("company", 9_000_000, *_NVCA, ipo=True,
        gets={"Company": 8_000_000, "A": 600_000, "B": 300_000, "C": 100_000}),
)  # fmt: skip
story(
    "08-1", "velocity-express-bet", "The holders of an earlier agreement first",
    cut("demand", 5_000_000,
        ("Original", "original_holders", 0, 2_000_000),
        ("Initiating", "initiating", 2_500_000, 2_500_000),
        ("Other holder C", "investors", 1_000_000, 1_000_000),
        ("Company", "company", 0, 500_000),
        gets={"Original": 2_000_000, "Initiating": 2_500_000, "Other holder C": 500_000,
              "Company": 0}),
)  # fmt: skip
story(
    "08-2", "velocity-express-bet", "Within the tier by what is owned",
    cut("demand", 4_000_000,
        ("Original", "original_holders", 0, 2_000_000),
        ("A", "initiating", 6_000_000, 2_000_000),
        ("B", "initiating", 2_000_000, 500_000),
        gets={"Original": 2_000_000, "A": 1_500_000, "B": 500_000}),
)  # fmt: skip
story(
    "25-1", "assetmark-huatai-2019", "A demand by what is asked for, the Company last",
    cut("demand", 10_000_000, ("R", "initiating", 0, 9_000_000), ("O", "investors", 0, 2_000_000),
        ("Company", "company", 0, 3_000_000),
        gets={"R": 9_000_000, "O": 1_000_000, "Company": 0}),
    cut("demand", 6_000_000, ("A", "initiating", 0, 6_000_000), ("B", "initiating", 0, 3_000_000),
        ("O", "investors", 0, 2_000_000), ("Company", "company", 0, 3_000_000),
        gets={"A": 4_000_000, "B": 2_000_000, "O": 0, "Company": 0}),
)  # fmt: skip
story(
    "25-2", "assetmark-huatai-2019", "Somebody else's registration: its holder first",
    cut("secondary", 5_000_000, ("Initiator", "initiating", 0, 3_000_000),
        ("X", "others", 0, 2_000_000), ("Holder Y", "investors", 0, 2_000_000),
        ("Company", "company", 0, 2_000_000),
        gets={"Initiator": 3_000_000, "X": 1_000_000, "Holder Y": 1_000_000, "Company": 0}),
)  # fmt: skip
_EPRISE = [("A", "investors", 0, 1_000_000), ("B", "investors", 0, 500_000),
           ("Company", "company", 0, 3_000_000), ("Others", "others", 0, 1_000_000)]  # fmt: skip
story(
    "38-1", "eprise-rra", "In the first offering holders take a fifth at most",
    cut("company", 4_000_000, *_EPRISE, ipo=True,
        gets={"A": 533_333, "B": 266_667, "Company": 3_000_000, "Others": 200_000}),
)  # fmt: skip
story(
    "38-2", "eprise-rra", "In another, three tenths",
    cut("company", 4_000_000, *_EPRISE, ipo=False,
        gets={"A": 800_000, "B": 400_000, "Company": 2_800_000, "Others": 0}),
)  # fmt: skip
story(
    "46-1", "assurant-tpg", "The Company, then TPG, then the others",
    cut("company", 7_600_000, ("Company", "company", 0, 4_000_000), ("TPG", "tpg", 0, 3_000_000),
        ("P", "others", 0, 2_000_000), ("Q", "others", 0, 1_000_000),
        gets={"Company": 4_000_000, "TPG": 3_000_000, "P": 400_000, "Q": 200_000}),
)  # fmt: skip
story(
    "46-2", "assurant-tpg", "A limit inside the second tier",
    cut("company", 5_500_000, ("Company", "company", 0, 4_000_000), ("TPG", "tpg", 0, 3_000_000),
        ("P", "others", 0, 2_000_000),
        gets={"Company": 4_000_000, "TPG": 1_500_000, "P": 0}),
)  # fmt: skip
