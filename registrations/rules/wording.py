"""A term's value in words, the same wherever it is shown.

The words follow from the value alone, so that counsel can check that what the program
works with is what the agreement says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from . import (
    allowances,
    conditions,
    consents,
    contribution,
    cutback,
    damages,
    indemnity,
    information,
    lockups,
    money,
    reckoning,
)
from .conditions import CONDITIONS, Condition, Is
from .days import Period, Roll, Unit
from .reckoning import Bound, When
from .terms import Evidence, Given, Provision, RegistrableShares, UnitParts
from .words import Kind, label

Defined: TypeAlias = Mapping[str, Mapping[str, str]]

_BOUNDS = {
    Bound.WITHIN: "",
    Bound.BEFORE: "before ",
    Bound.AFTER: "only after ",
    Bound.BEGINNING_ON: "",
}
_ROLLS = {
    Roll.NONE: "",
    Roll.FORWARD: ", moved on to a business day",
    Roll.BACK: ", moved back to a business day",
}
_TESTS = {
    Is.OVER: "more than",
    Is.AT_LEAST: "at least",
    Is.UNDER: "less than",
    Is.AT_MOST: "at most",
}


def say_when(when: When, defined: Defined) -> str:
    """A day in words: "20 days after Company Notice given"."""
    match when:
        case reckoning.On(event):
            return label(Kind.EVENT, event, defined)
        case reckoning.Promptly(event):
            return f"promptly after {label(Kind.EVENT, event, defined)}"
        case reckoning.Blank(says):
            return f"left blank: {says}"
        case reckoning.Counted():
            return _say_counted(when, defined)
        case reckoning.Nearest(of, latest):
            word = "latest" if latest else "earliest"
            return f"the {word} of: " + "; ".join(say_when(each, defined) for each in of)
        case reckoning.Cases(by, cases, otherwise):
            told = [
                f"{_plain(choice)}: {say_when(each, defined)}" for choice, each in cases.items()
            ]
            if otherwise is not None:
                told.append(f"otherwise: {say_when(otherwise, defined)}")
            return f"by {by.replace('_', ' ')} — " + "; ".join(told)
        case reckoning.Provided(fact, then, so, otherwise):
            word = "if" if so else "unless"
            told_then = f"{say_when(then, defined)} {word} {label(Kind.FACT, fact, defined)}"
            if otherwise is None:
                return told_then
            return f"{told_then}, otherwise {say_when(otherwise, defined)}"
        case reckoning.Readings(of):
            return "; ".join(
                f"“{_plain(each.says)}”: {say_when(each.when, defined)}" for each in of
            )


def _say_counted(when: reckoning.Counted, defined: Defined) -> str:
    start = say_when(when.start, defined)
    period = Period(when.n, when.unit).words
    if when.unit is Unit.CALENDAR:
        period = period.replace("day", "calendar day")
    if when.bound is Bound.BEGINNING_ON:
        said = f"{period} beginning on {start}"
    else:
        way = "before" if when.back else "after"
        said = f"{_BOUNDS[when.bound]}{period} {way} {start}" if when.n else f"after {start}"
    at = f", by {when.at:%H:%M} {_plain(when.zone)}" if when.at is not None else ""
    return said + _ROLLS[when.roll] + at


def say_condition(condition: Condition, defined: Defined) -> str:
    """A condition in words: "Units the Initiating Investors hold: more than 1/2 of …"."""
    match condition:
        case conditions.OfShare(measure, test, of, share):
            limit = f"{_share(share)} of {label(Kind.MEASURE, of, defined)}"
            return f"{label(Kind.MEASURE, measure, defined)}: {_TESTS[test]} {limit}"
        case conditions.OfValue(measure, test, value):
            return f"{label(Kind.MEASURE, measure, defined)}: {_TESTS[test]} {value:,f}"
        case conditions.IsSo(fact, so):
            return f"{'' if so else 'not so: '}{label(Kind.FACT, fact, defined)}"
        case conditions.Blank(says):
            return f"left blank: {says}"
        case conditions.All(of):
            return "; and ".join(_group(each, defined) for each in of) or "anyone, always"
        case conditions.AnyOf(of):
            return "; or ".join(_group(each, defined) for each in of) or "never"
        case conditions.ByChoice(by, cases, otherwise):
            told = [
                f"{_plain(choice)}: {say_condition(each, defined)}"
                for choice, each in cases.items()
            ]
            if otherwise is not None:
                told.append(f"otherwise: {say_condition(otherwise, defined)}")
            return f"by {by.replace('_', ' ')} — " + "; ".join(told)
        case conditions.ReadingsOf(of):
            return "; ".join(
                f"“{_plain(each.says)}”: {say_condition(each.condition, defined)}" for each in of
            )


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _group(condition: Condition, defined: Defined) -> str:
    said = say_condition(condition, defined)
    return f"({said})" if isinstance(condition, conditions.All | conditions.AnyOf) else said


def _share(share: Fraction) -> str:
    if share == 1:
        return "all"
    percent = share * 100
    if share.denominator > 3 and (10000 % percent.denominator == 0):
        return f"{float(percent):g}%"
    return str(share)


def _span(span: allowances.Span) -> str:
    if span is None:
        return "in all"
    if isinstance(span, Period):
        return f"in any {span.words}"
    return "in a calendar year"


def _say_count(terms: allowances.DemandCount, defined: Defined) -> list[str]:
    told = []
    for limit in terms.limits:
        of = "".join(
            f", {by.replace('_', ' ')} {' or '.join(values)}" for by, values in limit.of.items()
        )
        each = f" for each {limit.each.replace('_', ' ')}" if limit.each else ""
        if limit.counts:
            many = ", ".join(f"{name} {count}" for name, count in limit.counts.items())
            told.append(f"{many}{of}, {_span(limit.within)}")
        else:
            told.append(f"{limit.count}{each}{of}, {_span(limit.within)}")
    for extra in terms.extra:
        scope = f", for {extra.scope}" if extra.scope else ""
        told.append(f"{extra.count} more if {say_condition(extra.where, defined)}{scope}")
    return told or ["No limit"]


def _say_budget(terms: allowances.Budget, defined: Defined) -> list[str]:
    told = []
    if terms.each is not None:
        told.append(f"Each at most {terms.each.words}")
    if terms.counts_from is not None:
        told.append(f"Counted from {say_when(terms.counts_from, defined)}")
    told += [f"At most {often.count} {_span(often.within)}" for often in terms.uses]
    for together in terms.days:
        word = "Fewer than" if together.under else "At most"
        told.append(f"{word} {together.days} days {_span(together.within)}")
    if terms.where is not None:
        told.append(f"Only where {say_condition(terms.where, defined)}")
    if terms.tolls:
        told.append("Other periods wait as long")
    if terms.shared_with:
        told.append(f"Counted together with {terms.shared_with}")
    return told


def _say_damages(terms: damages.Damages, defined: Defined) -> list[str]:
    base = label(Kind.MEASURE, terms.base, defined)
    told = []
    if terms.first:
        told.append(f"{_share(terms.first)} of {base} on the first day")
    if terms.rate:
        part = {
            damages.Part.WHOLE: "any part of a period counting as a whole one",
            damages.Part.PRORATED: "a part of a period pro rata",
            damages.Part.NOTHING: "full periods only",
        }[terms.part]
        told.append(f"{_share(terms.rate)} of {base} for each {terms.period} days, {part}")
    for step in terms.steps:
        days = f"for {step.days} days" if step.days else "after that"
        told.append(f"{_share(step.rate)} of {base} a year {days}")
    if terms.cap is not None:
        told.append(f"At most {_share(terms.cap)} of {base}")
    chosen = f", as the {terms.chosen_by} chooses" if terms.chosen_by else ""
    told.append(f"Paid in {terms.paid_in.replace('_', ' ')}{chosen}")
    if terms.pay_by is not None:
        told.append(f"Paid by {say_when(terms.pay_by, defined)}")
    if terms.interest_monthly:
        told.append(f"Then {_share(terms.interest_monthly)} a month")
    if terms.cured_within is not None:
        told.append(f"Nothing if cured within {say_when(terms.cured_within, defined)}")
    return told


def _say_lockup(terms: lockups.Lockup, defined: Defined) -> list[str]:
    told = []
    if terms.begins is not None:
        told.append(f"From {say_when(terms.begins, defined)}")
    told.append(f"Through {say_when(terms.ends, defined)}")
    if terms.extension is not None:
        told.append(
            f"Longer after news in the last {terms.extension.in_last.words}, or announced for "
            f"the {terms.extension.announced_within.words} after: to "
            f"{terms.extension.until.words} after the news"
        )
    if terms.waived:
        told.append(f"Lifted if {label(Kind.FACT, terms.waived, defined)}")
    return told


def _say_stop(terms: lockups.StopOffers, defined: Defined) -> list[str]:
    stop = {"asked": "if the Company so requests", "told": "once told of it"}[terms.when]
    until = {
        "revised_prospectus": "it has the revised prospectus",
        "released": "the Company says that it may resume",
    }[terms.until]
    return [f"Each stops offers {stop}, until {until}"]


def _say_rest(terms: allowances.Rest, defined: Defined) -> str:
    said = terms.says
    if terms.begins is not None:
        said += f", from {say_when(terms.begins, defined)}"
    if terms.ends is not None:
        said += f", through {say_when(terms.ends, defined)}"
    if terms.where is not None:
        said += f", while {say_condition(terms.where, defined)}"
    if terms.exempt:
        said += f"; not for {', '.join(kind.replace('_', ' ') for kind in terms.exempt)}"
    if terms.lifted:
        said += f"; lifted if {label(Kind.FACT, terms.lifted, defined)}"
    return said


def _say_amendment(terms: consents.Amendment, defined: Defined) -> list[str]:
    who = {
        "company": "The Company",
        "each_investor": "Every Investor",
        "differently_treated": "Every Investor it treats differently",
    }
    told = [
        who.get(need.who)
        or f"Holders of {_TESTS[need.test]} {_share(need.share)} of what Investors hold"
        for need in terms.needs
    ]
    waiver = "the same consents" if terms.waiver == "as_amendment" else "the party it protects"
    return [*told, f"A waiver: {waiver}"]


def _say_termination(terms: consents.Termination, defined: Defined) -> list[str]:
    told = []
    if terms.everyone is not None:
        told.append(f"For everyone: {say_when(terms.everyone, defined)}")
    if terms.holder is not None:
        told.append(f"For one holder: {say_condition(terms.holder, defined)}")
    return told


def _say_transfer(terms: consents.Transfer, defined: Defined) -> list[str]:
    told = [f"To {to}" for to in terms.to]
    if terms.where is not None:
        told.append(f"Only where {say_condition(terms.where, defined)}")
    if terms.notice is not None:
        told.append(f"Notice: {say_when(terms.notice, defined)}")
    return told


def _say_expenses(terms: money.Expenses, defined: Defined) -> list[str]:
    told = []
    if terms.payer_bears:
        told.append("Whoever pays for the registration bears it all but what sellers always bear")
    for who, kinds in (("The Company", terms.company), ("The sellers", terms.sellers)):
        if kinds:
            told.append(f"{who}: {', '.join(money.expense_name(kind) for kind in kinds)}")
    for kind, most in terms.caps.items():
        name = money.expense_name(kind)
        told.append(f"The Company up to {money.usd(most)}, the sellers above it: {name}")
    if terms.shared_by is not None:
        told.append("The sellers share theirs by the shares registered for each")
    otherwise = {
        None: "not said",
        money.Bearer.COMPANY: "the Company",
        money.Bearer.SELLERS: "the sellers",
        money.Bearer.INCURRING: "whoever incurred it",
    }[terms.otherwise]
    return [*told, f"Anything else: {otherwise}"]


def _say_indemnity(terms: money.Indemnity, defined: Defined) -> list[str]:
    told = [f"Its proceeds, {reading.value.replace('_', ' ')}" for reading in terms.cap]
    told += [f"No limit: {label(Kind.FACT, fact, defined)}" for fact in terms.unlimited_where]
    return told


def _say_harmless(terms: indemnity.HeldHarmless, defined: Defined) -> list[str]:
    told = []
    for who, listed in (
        ("The Company", terms.by_company),
        ("A Selling Investor", terms.by_sellers),
    ):
        if listed:
            named = ", ".join(indemnity.CLAIMANT_NAMES[each] for each in listed)
            told.append(f"{who} holds harmless: {named}")
    told += [
        f"The Company not where {indemnity.CARVE_OUT_NAMES[each]}" for each in terms.company_not_for
    ]
    if terms.sellers_only_furnished:
        told.append("A Selling Investor only for information it furnished in writing")
    return told


def _say_claims(terms: indemnity.Claims, defined: Defined) -> list[str]:
    told = ["Notice promptly after actual knowledge"]
    if terms.late_notice is not None:
        told.append(f"Late notice {_plain(terms.late_notice.value)}")
    if terms.counsel_approved:
        told.append("Counsel is approved by the Indemnified Party")
    if terms.settlement_needs_consent:
        told.append("The Indemnified Party settles with the Indemnifying Party’s prior consent")
    if terms.judgment_needs_release:
        told.append("A settlement without a full release needs the Indemnified Party’s consent")
    return told


def _say_information(terms: information.Furnish, defined: Defined) -> list[str]:
    written = " in writing" if terms.in_writing else ""
    return [f"What the Company reasonably asks for{written}"]


def _say_contribution(terms: contribution.Contribution, defined: Defined) -> list[str]:
    told = [f"In proportion to {_plain(by.value)}" for by in terms.by]
    if True in terms.capped:
        doubt = ", on one reading" if len(terms.capped) > 1 else ""
        told.append(f"A Selling Investor’s limit holds here too{doubt}")
    return told


def _say_shares(terms: money.ShareCount, defined: Defined) -> list[str]:
    by = label(Kind.MEASURE, terms.divided_by, defined)
    told = [f"${terms.usd:,f} divided by {by}"]
    if terms.averaged_over is not None:
        told.append(f"Averaged from {say_when(terms.averaged_over, defined)}")
    return told


def _say_parts(parts: UnitParts, defined: Defined) -> list[str]:
    return [
        f"{parts.common} Common",
        f"{parts.preferred} Preferred, each converts into {parts.common_per_preferred} Common",
        f"{parts.warrants} Warrant, each for {parts.common_per_warrant} Common",
        f"{parts.registrable} Registrable Shares in one untouched Unit",
    ]


def _say_registrable(terms: RegistrableShares, defined: Defined) -> list[str]:
    ends = " or ".join(_NAMES[sold] for sold in terms.ended_by)
    return [
        "After every split, stock dividend, recapitalization and merger up to the day",
        f"No longer once sold {ends}" if ends else "Not ended by any sale",
    ]


def _say_order(terms: cutback.Order, defined: Defined) -> list[str]:
    told = []
    for n, tier in enumerate(terms.tiers, 1):
        said = f"{n}. {' and '.join(_plain(who) for who in tier.who)}"
        if len(terms.tiers) > 1 or tier.basis is cutback.Basis.REQUESTED:
            said += f", by what is {tier.basis.value}"
        for where, share in tier.ceiling.items():
            said += f", at most {_share(share)} of the maximum ({_plain(where)})"
        told.append(said)
    if terms.floor is not None:
        unless = f", unless {_plain(terms.floor.unless)}" if terms.floor.unless else ""
        told.append(f"{_plain(terms.floor.who)} keep at least {_share(terms.floor.share)}{unless}")
    if terms.may_round_to > 1:
        told.append(f"May be rounded to {terms.may_round_to} shares")
    return told


_BY_TYPE: Mapping[type, Callable[[Any, Defined], list[str]]] = {
    allowances.DemandCount: _say_count,
    allowances.Budget: _say_budget,
    cutback.Order: _say_order,
    damages.Damages: _say_damages,
    lockups.Lockup: _say_lockup,
    lockups.StopOffers: _say_stop,
    consents.Amendment: _say_amendment,
    consents.Termination: _say_termination,
    consents.Transfer: _say_transfer,
    money.Expenses: _say_expenses,
    money.Indemnity: _say_indemnity,
    indemnity.HeldHarmless: _say_harmless,
    indemnity.Claims: _say_claims,
    contribution.Contribution: _say_contribution,
    information.Furnish: _say_information,
    money.ShareCount: _say_shares,
    UnitParts: _say_parts,
    RegistrableShares: _say_registrable,
}
_NAMES = {
    "amount": "the amount of Units and Registrable Shares",
    "distribution": "the intended method of distribution",
    "other_information": "other information reasonably requested",
    "us_federal": "Monday to Friday less federal holidays",
    "new_york": "a day banks are open in New York",
    "sec_open": "a day the SEC is open",
    "selling_investors": "the Selling Investors",
    "whole": "Read whole",
    "in_part": "Read in part",
    "statement": "under a registration statement",
    "rule_144": "under Rule 144",
}


def term_words(name: str, value: Any, defined: Defined) -> list[str]:
    """A term's value in words, one line for each thing it says."""
    return [line[0].upper() + line[1:] for line in _lines(name, value, defined)]


def _lines(name: str, value: Any, defined: Defined) -> list[str]:
    if (say := _BY_TYPE.get(type(value))) is not None:
        return say(value, defined)
    match value:
        case Evidence(read, says):
            return [f"{_NAMES[read]}. {says}".strip()]
        case Period():
            return [value.words]
        case Decimal() if name.endswith("_usd"):
            return [f"$ {value}"]
        case allowances.Counted(where, last):
            told = [say_condition(where, defined)]
            if last is not None:
                told.append(f"The last one allowed: {say_condition(last, defined)}")
            return told
        case reckoning.Readings(of):
            return [
                f"Reading {n}, “{_plain(each.says)}”: {say_when(each.when, defined)}"
                for n, each in enumerate(of, 1)
            ]
        case conditions.ReadingsOf(of):
            return [
                f"Reading {n}, “{_plain(each.says)}”: {say_condition(each.condition, defined)}"
                for n, each in enumerate(of, 1)
            ]
        case dict():
            return _say_map(name, value, defined)
        case tuple():
            return _say_list(name, value, defined)
        case str():
            return [_NAMES.get(value, value.replace("_", " "))]
        case int() | Decimal():
            return [f"{value:,}"]
    if isinstance(value, CONDITIONS):
        return [say_condition(value, defined)]
    return [say_when(value, defined)]


def _say_map(name: str, value: Mapping[str, Any], defined: Defined) -> list[str]:
    told = []
    for key, item in value.items():
        word = key.replace("_", " ")
        if isinstance(item, Given):
            told.append(f"{word}: {item.words}")
        elif isinstance(item, dict):
            told += [f"{w.replace('_', ' ')}: {means}" for w, means in item.items()]
        else:
            told.append(f"{word}: {'; '.join(_lines(name, item, defined))}")
    return told


def _say_list(name: str, value: tuple[Any, ...], defined: Defined) -> list[str]:
    if all(isinstance(item, Provision) for item in value):
        return [f"{item.clause}: {item.says}" if item.clause else item.says for item in value]
    if all(isinstance(item, allowances.Rest) for item in value):
        return [_say_rest(item, defined) for item in value]
    said = ", ".join(_NAMES.get(item, item.replace("_", " ")) for item in value)
    return [said]
