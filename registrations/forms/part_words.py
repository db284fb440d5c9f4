"""What each part of a term is called on its form, the hint under it, and how its choices
read.  A name alone says what a part is called everywhere; ``part_of.name`` where it means
something else there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

LABELS: Mapping[str, str] = {
    "read": "How much of it was read",
    "evidence.says": "What was read",
    "not_formalised.says": "What the agreement says, in our own words",
    "clause": "Section",
    # a Unit
    "common": "Common shares in a Unit",
    "preferred": "Preferred shares in a Unit",
    "warrants": "Warrants in a Unit",
    "common_per_preferred": "Common for one Preferred",
    "common_per_warrant": "Common for one Warrant",
    "usd": "Amount, USD",
    "divided_by": "Divided by",
    "averaged_over": "Averaged from",
    # a day
    "n": "How many",
    "unit": "Counted in",
    "after": "After",
    "before": "Before",
    "on": "The day of",
    "promptly_after": "Promptly after",
    "bound": "Which day is meant",
    "roll": "If it is no business day",
    "at": "Time of day it ends at",
    "zone": "Time zone of that time",
    "earliest_of": "The earliest of",
    "latest_of": "The latest of",
    "by": "By which choice",
    "cases": "For each choice",
    "otherwise": "Otherwise",
    "expenses.otherwise": "Any other expense is borne by",
    "expenses.caps": "The most the Company bears of a kind",
    "expenses.shared_by": "The sellers share theirs by",
    # indemnity and information
    "by_company": "Whom the Company holds harmless",
    "by_sellers": "Whom the sellers hold harmless",
    "company_not_for": "What the Company does not answer for",
    "sellers_only_furnished": "Sellers answer only for what they furnished in writing",
    "late_notice": "What late notice of a claim does",
    "counsel_approved": "The other side approves counsel",
    "settlement_needs_consent": "A settlement needs consent",
    "judgment_needs_release": "A judgment or settlement releases the other side",
    "contribution.capped": "Nobody contributes above its limit",
    "in_writing": "Only on the Company’s written request",
    "ended_by": "Sales that end it",
    "provided": "Only if",
    "so": "It must be so",
    "then": "Then",
    "blank": "What the blank is for",
    "readings": "Readings",
    "readings.says": "The words, and how this reading takes them",
    "when": "The day on this reading",
    "notice_methods.when": "Given when",
    "condition": "What it asks on this reading",
    # a condition
    "measure": "What is measured",
    "is": "It must be",
    "of": "Of what",
    "limits.of": "Only demands of this kind",
    "share": "What share of it",
    "value": "Or a number by itself",
    "fact": "What must be so",
    "all": "All of these",
    "any": "Any of these",
    "where": "Only where",
    "extra.where": "Where",
    "demand_used_up.where": "It is used up where",
    # transfer and notices
    "notice": "Notice of the transfer by",
    "to": "To whom",
    "plus": "So long after",
    "or_earlier_receipt": "Or on actual receipt, if that comes sooner",
    "next_business_day": "Outside business hours, on the next business day",
    # counts and budgets
    "limits": "Limits",
    "count": "How many",
    "within": "In what time",
    "each": "Each use lasts at most",
    "limits.each": "Counted for each",
    "counts": "Their own numbers",
    "extra": "More demands",
    "scope": "For what",
    "last": "The last one allowed is used up where",
    "begins": "It begins",
    "ends": "It ends",
    "rests.says": "What stands in the way",
    "exempt": "What it does not bind",
    "lifted": "Lifted if",
    "uses": "How often",
    "days": "Days of all uses together",
    "days.days": "Days",
    "steps.days": "For how many days",
    "under": "Fewer than that, not just as many",
    "counts_from": "Each use counts from",
    "tolls": "Other periods wait as long",
    "shared_with": "Counted together with",
    # damages
    "base": "Rates are of",
    "paid_in": "Paid in",
    "chosen_by": "Chosen by",
    "first": "On the first day",
    "rate": "Rate for each period",
    "steps.rate": "Rate a year",
    "period": "Days in a period",
    "part": "A part of a period",
    "first_covers_period": "Whether the first payment covers the first period",
    "counts_last_day": "Whether the last day counts",
    "steps": "Yearly rates",
    "day_counts": "Days in a year",
    "cap": "The most there can be",
    "indemnity.cap": "Its proceeds",
    "pay_by": "Paid by",
    "interest_monthly": "Interest a month on what is not paid",
    "cured_within": "Nothing is owed if cured by",
    "triggers": "What sets it off",
    # cutback
    "tiers": "Who comes in turn",
    "who": "Who",
    "basis": "Shared by",
    "ceiling": "At most, of the underwriters’ maximum",
    "floor": "What one class keeps at least",
    "unless": "Unless",
    "shared_again": "Whether room not used is shared again",
    "may_round_to": "May be rounded to so many shares",
    # lock-up
    "extension": "Longer after news",
    "in_last": "News in the last",
    "announced_within": "Or announced for the",
    "until": "Then until so long after the news",
    "waived": "Lifted if",
    # money, consent, the end
    "company": "The Company bears",
    "sellers": "The sellers bear",
    "payer_bears": "Whoever pays for the registration bears the rest",
    "unlimited_where": "No limit where",
    "several": "Each answers for itself alone",
    "needs": "Consents it needs",
    "waiver": "A waiver needs",
    "everyone": "For everyone",
    "holder": "For one holder",
}

ROWS: Mapping[str, str] = {
    "not_formalised": "Provision",
    "defined_words": "Kind of word",
    "notice_methods": "Method",
    "earliest_of": "Day",
    "latest_of": "Day",
    "milestones": "Day",
    "cases": "Choice",
    "readings": "Reading",
    "all": "Condition",
    "any": "Condition",
    "limits": "Limit",
    "uses": "Limit",
    "days": "Limit",
    "rests": "Rest",
    "liquidated_damages": "Default",
    "steps": "Rate",
    "cutback": "Offering",
    "tiers": "Turn",
    "ceiling": "Case",
    "needs": "Consent",
    "company": "Expense",
    "sellers": "Expense",
    "request_parts": "Part",
    "electronic_methods": "Method",
    "first_covers_period": "Reading",
    "counts_last_day": "Reading",
    "shared_again": "Reading",
    "day_counts": "Reading",
    "cap": "Reading",
}

KEYS: Mapping[str, str] = {
    "defined_words": "Kind of word",
    "defined_words.defined_words": "Word",
    "notice_methods": "Method",
    "milestones": "Name of the day",
    "cases": "Choice",
    "of": "Which choice",
    "counts": "Whose",
    "liquidated_damages": "Which default",
    "cutback": "Which offering",
    "ceiling": "In which case",
}

HINTS: Mapping[str, str] = {
    "bound": "Left open: that day itself, as in “within” or “not later than”.",
    "roll": "Left open: the day does not move.",
    "unit": "Left open: calendar days.",
    "at": "Such as 17:00. Left open: the end of the day.",
    "zone": "Such as America/New_York.",
    "by": "One word, such as form.",
    "share": "Such as 1/2 or 35%. Left open: all of it.",
    "floor.share": "Such as 25%.",
    "needs.share": "Such as 1/2 or 66%.",
    "value": "Shares, dollars, days or per cent; instead of a share of something.",
    "so": "Left open: yes.",
    "readings": "The governing one first.",
    "first_covers_period": "More than one where the words bear more than one; the governing first.",
    "counts_last_day": "More than one where the words bear more than one; the governing first.",
    "shared_again": "More than one where the words bear more than one; the governing first.",
    "day_counts": "More than one where the words bear more than one; the governing first.",
    "indemnity.cap": "More than one where the words bear more than one; the governing first.",
    "first": "Such as 2%.",
    "rate": "Such as 1.5%.",
    "interest_monthly": "Such as 1%.",
    "cap": "Such as 10%.",
    "ceiling": "Such as 30%.",
    "tiers": "The first in turn is served whole before the next.",
    "who": "One word, such as company, investors or others.",
    "needs.who": "",
    "limits": "None: there is no limit.",
    "limits.each": "One word, such as group.",
    "days.within": "",
    "within": "Left open: in all.",
    "exempt": "One word, such as block_trade.",
    "company": "One word, such as sec_filing_fee.",
    "sellers": "One word, such as underwriting_discount.",
    "piggyback_excluded": "One word, such as stock_plan.",
    "milestones": "A name of one word, such as respond_to_comments.",
    "basis": "Left open: by what is held.",
    "part": "Left open: any part counts as a whole one.",
    "paid_in": "Left open: cash.",
    "unit_price_usd": "Such as 0.30.",
    "warrant_price_usd": "Such as 0.30.",
    "usd": "Such as 250000.",
    "joining": "What it is counted from decides the day: given and received differ.",
    "waiver": "Left open: the party it protects.",
}

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "read": {"whole": "The whole agreement", "in_part": "Part of it"},
    "unit": {
        "calendar": "calendar days",
        "business": "business days",
        "trading": "trading days",
        "month": "months",
        "year": "years",
    },
    "bound": {
        "within": "that day itself (within, not later than, on or after)",
        "before": "the day before it (prior to)",
        "after": "the day after it (only after)",
        "beginning_on": "the last day of a period that begins on the event’s own day",
    },
    "roll": {
        "none": "it does not move",
        "forward": "it moves on to the next business day",
        "back": "it moves back to the last business day",
    },
    "is": {
        "over": "more than",
        "at_least": "at least",
        "under": "less than",
        "at_most": "at most",
    },
    "notice_methods.when": {"sent": "it was sent", "received": "it was actually received"},
    "business_day": {
        "us_federal": "Monday to Friday less federal holidays",
        "new_york": "a day banks are open in New York",
        "sec_open": "a day the SEC is open",
    },
    "reply_counts": {
        "received": "received by then",
        "given": "given by then",
        "sent": "sent by then",
    },
    "request_parts": {
        "amount": "the amount of Units and Registrable Shares",
        "distribution": "the intended method of distribution",
        "other_information": "other information reasonably requested",
    },
    "within": {"calendar_year": "a calendar year"},
    "shared_with": {"delay": "delays", "suspension": "suspensions"},
    "part": {
        "whole": "any part counts as a whole one",
        "prorated": "pro rata, day by day",
        "nothing": "only full periods count",
    },
    "paid_in": {"cash_or_shares": "cash or shares"},
    "day_counts": {"30/360": "360, months of 30 days", "actual/365": "365, actual days"},
    "basis": {"held": "what each holds", "requested": "what each asked for"},
    "expenses.otherwise": {
        "company": "the Company",
        "sellers": "the sellers",
        "incurring": "whoever incurred it",
    },
    "indemnity.cap": {"gross": "gross", "net_of_selling_expenses": "net of selling expenses"},
    "chosen_by": {"holder": "the holder", "company": "the Company"},
    "needs.who": {
        "company": "the Company",
        "each_investor": "every Investor",
        "holders": "holders of a share of what Investors hold",
        "differently_treated": "every Investor it treats differently",
    },
    "waiver": {
        "protected_party": "the party it protects, for itself alone",
        "as_amendment": "the same consents as an amendment",
    },
    "defined_words": {"events": "events", "measures": "measures", "facts": "facts"},
}

FORMS: Mapping[str, Mapping[str, str]] = {
    "when": {
        "after": "so much time after something",
        "before": "so much time before something",
        "on": "the day of something",
        "promptly_after": "promptly after something, with no number",
        "earliest_of": "the earliest of several days",
        "latest_of": "the latest of several days",
        "cases": "another day for each choice, such as the form",
        "provided": "a day only if something is so",
        "blank": "left blank by the form",
        "readings": "several readings of the words",
    },
    "condition": {
        "measure": "a number compared with another",
        "fact": "something is so, or is not",
        "all": "all of several conditions",
        "any": "any of several conditions",
        "cases": "another condition for each choice, such as the form",
        "blank": "left blank by the form",
        "readings": "several readings of the words",
    },
}

# What a whole part can be found contradicting itself in, as its form calls its parts.
CHECKS: Mapping[str, str] = {
    "give either value, or of (with a share), and not both.": (
        "Give what it is a share of, or a number by itself, and not both."
    ),
    "give count, or counts by name.": "Say how many, or give their own numbers.",
    "counts by name need each, the choice they are by.": (
        "Numbers of their own need the choice they are counted for each of."
    ),
    "says nothing: give each, uses, days or where.": (
        "It says nothing: give how long each lasts, how often, days in all or where."
    ),
    "give a rate: first, rate or steps.": (
        "Give a rate: on the first day, for each period, or yearly."
    ),
    "a rate goes with the period of days it is for, and a period with its rate.": (
        "A rate goes with the days in a period, and the days with a rate."
    ),
    "yearly steps go with day_counts, and day_counts with steps.": (
        "Yearly rates go with the days in a year, and the days with the rates."
    ),
    "says nothing: give everyone or holder.": (
        "It says nothing: give when rights end for everyone, or for one holder."
    ),
}


def found(table: Mapping[str, T], trail: Sequence[str]) -> T | None:
    """What a table says of a part, by the longest end of the way to it that it knows."""
    for start in range(len(trail)):
        if (said := table.get(".".join(trail[start:]))) is not None:
            return said
    return None


def plain(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")
