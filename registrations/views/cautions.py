"""What to weigh before relying on a matter's dates, and the majority it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse

from registrations.rules.findings import Concern

from .flags import SELLING
from .matter import Matter
from .whys import Why, why_of
from .words import capital, count_words, listed, short_day


class Caution(NamedTuple):
    """Something the reader must weigh before relying on the dates."""

    lead: str
    text: str
    href: str = ""
    action: str = ""
    why: Why | None = None
    readings: Sequence[str] = ()


def cautions(matter: Matter) -> list[Caution]:
    """What to weigh: a demand in doubt, a window without a day, a day not proven, a
    question for counsel, shares left out.  At most a handful, the gravest first."""
    found: list[Caution] = []
    page = reverse("decide", args=[matter.slug, matter.number])
    ruling, terms = matter.docket.ruling, matter.terms
    if ruling.outcome in ("needs_decision", "refused") and ruling.readings:
        found.append(
            Caution(
                "Counsel must decide whether the demand is good."
                if ruling.outcome == "needs_decision"
                else "The demand is not good.",
                "The agreement does not say which Units a majority is of."
                if ruling.outcome == "needs_decision"
                else "The Initiating Investors hold too few Units. It starts no clock.",
                f"{page}?about=eligibility" if ruling.outcome == "needs_decision" else "",
                "Record the decision",
                _ruling_why(matter),
                [f"{_BASES.get(r.name, r.name)}: {r.says}." for r in ruling.readings],
            )
        )
    elif ruling.decision is not None and ruling.readings:
        chosen = ruling.decision
        found.append(
            Caution(
                "The demand is good by counsel’s decision.",
                f"{short_day(chosen.decided_on, matter.day)}: {chosen.reason}",
                "",
                "",
                _ruling_why(matter),
                [f"{_BASES.get(r.name, r.name)}: {r.says}." for r in ruling.readings],
            )
        )
    found += [c for c in (_not_proven(matter),) if c]
    concerns = [c for c in matter.docket.concerns if c.kind not in _SAID_ELSEWHERE]
    concerns.sort(key=lambda c: c.kind != "suspended")  # nothing is more pressing
    for concern in concerns[:4]:
        about = concern.key.removeprefix("decide:")
        decide = about != concern.key
        if concern.kind == "no_demand_left":
            decide, about = True, "demand_left"
        compare = concern.kind in ("impossible", "no_edgar_day")
        stopped = concern.kind in SELLING
        found.append(
            Caution(
                _lead(concern, "To settle."),
                concern.text,
                f"{page}?about={about}"
                if decide
                else "#whatif"
                if compare
                else reverse("selling", args=[matter.slug, matter.number])
                if stopped
                else "",
                "Record the decision"
                if decide
                else "Who may sell"
                if stopped
                else "Compare outcomes",
                why_of(
                    concern.because,
                    terms,
                    id=f"concern-{concern.key}".replace(":", "-"),
                    clause=concern.clause,
                    title=_lead(concern, "Why?"),
                ),
            )
        )
    if len(concerns) > 4:
        found.append(
            Caution(f"{capital(count_words(len(concerns) - 4, 'more question'))}.",
                    "They stand among the participants below.")
        )  # fmt: skip
    return found


_SAID_ELSEWHERE = {"missing_receipt", "ineligible"}
_BASES = {"offered": "Of those offered", "issued": "Of those issued", "held": "Of those held now"}
_LEADS = {
    "impossible": "The window has no day in it.",
    "no_edgar_day": "EDGAR is closed on every day of the window.",
    "needs_decision": "A request came between the two readings.",
    "incomplete_request": "A request lacks a part.",
    "over_request": "More is asked than was held.",
    "coverage_unknown": "What the statement covers is not on record.",
    "coverage_defect": "The statement leaves shares out.",
    "suspended": "Sales are suspended.",
    "amended_prospectus": "The prospectus is amended.",
    "no_demand_left": "No demand is left.",
    "capital_short": "Authorized capital is too small.",
    "delay_refused": "A delay the agreement does not allow.",
    "delay_unknown": "Whether the delay is allowed is not known.",
    "waiver_without_consents": "A waiver lacks the consents it needs.",
    "asked_after_waiver": "An Investor asked after it had waived its place.",
}


def _lead(concern: Concern, otherwise: str) -> str:
    if concern.key == "decide:demand_left":
        return "Whether a demand is left is for counsel to decide."
    if concern.key.startswith("decide:delay"):
        return "A delay is for counsel to decide on."
    return _LEADS.get(concern.kind, otherwise)


def _not_proven(matter: Matter) -> Caution | None:
    """The first day to file hangs on receipts nobody has recorded."""
    file = matter.file
    if file is None or file.done_on or file.opens_on is not None:
        return None
    if not matter.terms.quick:
        return _waits(matter)
    if file.closes_on is None:
        return Caution(
            "The last day to file is not known."
            if matter.docket.demand.received_on
            else "No date is known.",
            f"{capital(file.awaiting[0].fact)}: not on record, and every date hangs on it."
            if file.awaiting
            else "The Demand Notice is not on record.",
        )
    names = matter.without_receipt
    if not names:
        return None
    safe = matter.docket.window("last_receipt")
    unsent = matter.docket.notices and all(a.given_on is None for a in matter.docket.notices)
    if unsent and not matter.received:
        lead = "The first day to file is not known."
        text = "No Company Notice is on record as given."
    else:
        lead = "The opening day is not proven."
        text = f"Proof of receipt is missing for {listed(names, 4)}."
    if safe is not None and safe.closes_on is not None:
        gone = matter.day > safe.closes_on
        text += (
            f" If {'it' if len(names) == 1 else 'one of them'} received the Company Notice after "
            f"{short_day(safe.closes_on, matter.day)}, the {matter.terms.filing_opens.words} "
            f"{'run' if gone else 'would run'} past {short_day(file.closes_on, matter.day)} and "
            f"no filing day {'is' if gone else 'would be'} left."
        )
    return Caution(lead, text, "#participants", "Record a receipt")


def _waits(matter: Matter) -> Caution | None:
    """What the dates of a demand wait for, under terms of any form."""
    waits = dict.fromkeys(
        a.fact for w in matter.docket.windows if w.closes_on is None for a in w.awaiting
    )
    waits |= dict.fromkeys(a.fact for a in matter.docket.ruling.awaiting)
    if not waits:
        return None
    page = reverse("record-circumstances", args=[matter.slug, matter.number])
    return Caution(
        "Some dates are not known.", f"They wait for: {'; '.join(waits)}.", page, "Fill in"
    )


def _ruling_why(matter: Matter) -> Why:
    ruling = matter.docket.ruling
    clause = matter.terms.clause("demand_threshold")
    made = why_of(
        ruling.because, matter.terms, id="why-majority", clause=clause,
        title="Did enough Units ask for it?",
    )  # fmt: skip
    decided = ""
    if ruling.decision is not None:
        by = f" by {ruling.decision.by}" if ruling.decision.by else ""
        for_all = " for the whole agreement" if ruling.decision.for_agreement else ""
        decided = f"{short_day(ruling.decision.decided_on)}{by}{for_all}: {ruling.decision.reason}"
    return made._replace(
        others=[f"{_BASES.get(r.name, r.name)}: {r.says}." for r in ruling.readings],
        decided=decided,
    )


def majority_line(matter: Matter) -> tuple[str, Why]:
    """Who asked for it, by how many Units, and how many are needed."""
    units = sum(i.units for i in matter.facts.initiators)
    offered = matter.terms.values.get("units_offered")
    of = f" of {offered:,} Units offered ({100 * units / offered:.1f}%)" if offered else " Units"
    who = listed([i.name for i in matter.facts.initiators], 3) or "Nobody on record"
    line = f"Demand Registration. {who} asked for it, holding {units:,}{of}."
    return line, _ruling_why(matter)
