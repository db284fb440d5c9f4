"""Standing flags in words: what is wrong, since when, and the one thing to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.urls import reverse

from registrations.models import Flag
from registrations.rules.terms import Terms

from .rows import reasons_of
from .whys import Why, why_of
from .words import days_words, owed_by

SELLING = ("suspended", "amended_prospectus")
NO_DAY = ("impossible", "no_edgar_day")


class FlagRow(NamedTuple):
    """One flag as a page shows it.  ``on`` is the day it is about."""

    flag: Flag
    on: date
    line: str
    note: str
    what: str
    detail: str
    why: Why | None
    href: str
    action: str


_MISSED = {
    "file": "{ref} was not filed by its last day",
    "effective": "{ref} did not become effective by its last day",
    "last_receipt": "{ref}: no proof that every Investor received the Company Notice in time",
    "last_notice": "{ref}: the Registration Notice was not given in time for the planned filing",
}
_HEADINGS = {
    "impossible": "{ref} has no day left to file",
    "no_edgar_day": "{ref} has no EDGAR day to file on",
    "ineligible": "{ref} is not good: too few Units asked for it",
    "needs_decision": "{ref}: {who} asked between the two readings",
    "missing_receipt": "{ref}: the receipt from {who} is missing",
    "incomplete_request": "{ref}: the request of {who} lacks a part",
    "over_request": "{ref}: {who} asks for more than it held",
    "coverage_unknown": "{ref}: what the statement covers is not on record",
    "coverage_defect": "{ref}: the statement leaves out shares of {who}",
    "no_demand_left": "{ref}: no demand is left",
    "capital_short": "{ref}: authorized capital is too small for every share",
    "delay_refused": "{ref}: a delay the agreement does not allow",
    "delay_unknown": "{ref}: whether its delay is allowed is not known",
    "not_worked_out": "{ref}: are Investors owed notice of it?",
    "screening": "{ref}: are Investors owed a Registration Notice?",
    "waiver_without_consents": "{ref}: a waiver lacks the consents it needs",
    "asked_after_waiver": "{ref}: {who} asked after it had waived its place",
    "not_accepted": "{ref}: {who} has not accepted the underwriting",
    "amendment": "{ref} was filed before every window closed",
    "suspended": "Do not sell under {ref}",
    "amended_prospectus": "{ref}: the Selling Investors are owed notice or a revised prospectus",
    "filed_untold": "{ref} was filed before every Investor was given notice",
}


def rows(
    flags: Iterable[Flag], terms: Terms | None, *, slug: str, day: date, prefix: str = "flag"
) -> list[FlagRow]:
    return [_row(flag, terms, slug=slug, day=day, prefix=prefix) for flag in flags]


def _row(flag: Flag, terms: Terms | None, *, slug: str, day: date, prefix: str) -> FlagRow:
    ref = flag.demand.reference
    detail = flag.detail
    who = detail.get("investor") or "an Investor"
    missed = flag.kind == "missed"
    on = flag.since_on - timedelta(days=1) if missed else flag.since_on
    reasons = reasons_of(detail)
    if missed:
        what = missed_words(flag)
        sums = [r for r in reasons if r.period is not None and r.result == on]
        reasons = tuple(sums) or reasons
        text = " ".join(r.text for r in sums) or flag.text
        line = f"Missed {days_words((day - on).days)} ago"
        note = owed_by(detail.get("party", ""), detail.get("force", ""))
    else:
        if flag.key == "decide:eligibility":
            what = f"{ref}: did enough Units ask for it?"
        elif flag.key == "decide:demand_left":
            what = f"{ref}: is a demand left?"
        elif flag.key == "decide:delay_effect":
            what = f"{ref}: what does the delay do to the last day to file?"
        elif flag.key.startswith("decide:delay:"):
            what = f"{ref}: is the delay allowed?"
        elif flag.key.startswith("decide:both:"):
            what = f"{ref}: {who} asks for shares that sit in another registration"
        else:
            what = _HEADINGS.get(flag.kind, "{ref}: to be settled").format(ref=ref, who=who)
        text = flag.text
        line, note = "Since this day", ""
    href, action = _action(flag, slug)
    why = None
    if detail.get("clause"):
        why = why_of(
            reasons,
            terms,
            id=f"{prefix}-{flag.pk}",
            clause=detail["clause"],
            title=what,
        )
    return FlagRow(flag, on, line, note, what, text, why, href, action)


def missed_words(flag: Flag) -> str:
    """A flag in one line that can stand alone."""
    if flag.kind != "missed":
        return flag.text
    template = _MISSED.get(flag.key, "{ref}: {act} was missed")
    return template.format(ref=flag.demand.reference, act=flag.text)


def _action(flag: Flag, slug: str) -> tuple[str, str]:
    """Where the one thing to do is done, and what it is called there."""
    number = flag.demand.in_address
    page = reverse("demand", args=[slug, number])
    key = flag.key
    if flag.kind == "missed" and key == "file":
        return reverse("record-filing", args=[slug, number]), "Record the filing"
    if flag.kind == "missed" and key == "effective":
        return reverse("record-effectiveness", args=[slug, number]), "Record effectiveness"
    if key.startswith("decide:"):
        about = key.removeprefix("decide:")
        return f"{reverse('decide', args=[slug, number])}?about={about}", "Record the decision"
    if flag.kind in ("missing_receipt", "incomplete_request", "over_request") or key in (
        "last_receipt",
        "last_notice",
    ):
        return f"{page}#participants", "Open participants"
    if flag.kind in SELLING:
        return reverse("selling", args=[slug, number]), "Who may sell"
    if flag.kind == "no_demand_left":
        return f"{reverse('decide', args=[slug, number])}?about=demand_left", "Decide otherwise"
    if flag.kind == "not_accepted":
        return reverse("record-acceptance", args=[slug, number]), "Record the acceptance"
    if flag.kind in NO_DAY:
        return f"{page}#whatif", "Compare outcomes"
    return page, f"Open {flag.demand.reference}"
