"""A matter's facts on record, in the order they happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from registrations.rules.notice import Arrival, Copy, Post
from registrations.rules.terms import Terms
from registrations.rules.words import METHOD_NAMES

from .matter import Matter
from .words import capital, count_words, listed, short_day

MOST_GROUPS = 5


class FactRow(NamedTuple):
    """A recorded fact, in ink: label, day, what it rests on, its evidence.  ``act`` names
    what may be recorded of it at ``href``."""

    label: str
    on: date | None
    basis: str
    documents: int | None = None
    missing: int = 0
    value: str = ""
    href: str = ""
    act: str = ""


class NoticeGroup(NamedTuple):
    """The Investors whose Company Notice was given on one day by one method."""

    given_on: date | None
    method: str
    total: int
    received: int
    who: str
    last_received_on: date | None
    closes_on: date | None
    lenient_on: date | None
    first_given: bool = False


def notice_groups(matter: Matter) -> list[NoticeGroup]:
    """The Company Notice by the day it was given and how it went."""
    joins = {w.investor: w for w in matter.joins}
    groups: dict[tuple[date | None, str], list[int]] = {}
    for index, (invited, arrival) in enumerate(
        zip(matter.facts.invited, matter.docket.notices, strict=False)
    ):
        copy = copy_of_the_day(invited.post, arrival, matter.terms)
        method = copy.method if copy else ""
        groups.setdefault((arrival.given_on, method), []).append(index)
    found = []
    for (given_on, method), indexes in groups.items():
        arrivals = [matter.docket.notices[i] for i in indexes]
        windows = [joins[matter.facts.invited[i].investor] for i in indexes]
        got = [a.received_on for a in arrivals if a.received_on]
        found.append(
            NoticeGroup(
                given_on,
                METHOD_NAMES.get(method, method),
                len(indexes),
                len(got),
                matter.facts.invited[indexes[0]].name
                if len(indexes) == 1
                else count_words(len(indexes), "Investor"),
                max(got, default=None),
                max((w.closes_on for w in windows if w.closes_on), default=None),
                max((w.lenient_on for w in windows if w.lenient_on), default=None),
            )
        )
    return sorted(found, key=lambda g: (g.given_on or date.max, -g.total))


def copy_of_the_day(
    post: Post, arrived: Arrival, terms: Terms, *, received: bool = False
) -> Copy | None:
    """Of several copies the one whose day the notice was given on or, with ``received``,
    came on, so that a day never stands beside another copy's method."""
    copies = sorted(post.copies, key=lambda c: c.id)
    if len(copies) > 1:
        for copy in copies:
            one = post._replace(copies=(copy,)).arrival(terms)
            if received and one.received_on and one.received_on == arrived.received_on:
                return copy
            if not received and one.given_on and one.given_on == arrived.given_on:
                return copy
    return copies[0] if copies else None


def facts_on_record(
    matter: Matter, groups: Sequence[NoticeGroup], documents: Mapping[str, int]
) -> list[FactRow]:
    """What happened, as somebody recorded it, in the order it happened."""
    demand, facts = matter.docket.demand, matter.facts
    copy = copy_of_the_day(facts.post, demand, matter.terms, received=True)
    counts = facts.post._replace(copies=(copy,) if copy else ()).arrival(matter.terms).because
    basis = capital(METHOD_NAMES.get(copy.method, copy.method)) if copy else ""
    if copy and copy.sent_on and copy.sent_on != demand.received_on:
        basis += f", sent {short_day(copy.sent_on, matter.day)}"
    rows = [
        FactRow(
            "Demand Notice received by the Company",
            demand.received_on,
            f"{basis}. {_counts(counts)}".strip(),
            documents.get("demand", 0),
        )
    ]
    for group in groups[:MOST_GROUPS]:
        if group.given_on is None:
            label = f"Company Notice to {group.who}"
            basis = (
                f"By {group.method}; it counts only when received, and no receipt is on record."
                if group.method
                else "No copy is on record."
            )
            rows.append(FactRow(label, None, basis, value="Not given yet"))
        else:
            rows.append(
                FactRow(
                    f"Company Notice given to {group.who}",
                    group.given_on,
                    f"{capital(group.method)}. {_receipts(group.received, group.total)}",
                    None,
                )
            )
    if len(groups) > MOST_GROUPS:
        rest = sum(g.total for g in groups[MOST_GROUPS:])
        rows.append(
            FactRow(f"Company Notice to {count_words(rest, 'other Investor')}", None,
                    "See the participants below.", value="On other days")
        )  # fmt: skip
    if facts.invited:
        got, total = len(matter.received), len(facts.invited)
        rows.append(
            FactRow(
                "Company Notice last received",
                matter.received[-1] if matter.received else None,
                _receipts(got, total),
                documents.get("company", 0) or None,
                total - got,
                href="#participants",
            )
        )
    answered = Counter(w.done_as for w in matter.joins if w.done_on)
    if answered:
        said = [f"{n:,} {name or 'answered'}" for name, n in sorted(answered.items())]
        rows.append(
            FactRow("Answers in the Company’s hands", None, f"{listed(said)}.",
                    documents.get("answers", 0) or None,
                    value=f"{sum(answered.values()):,} of {len(matter.joins):,}",
                    href="#participants")
        )  # fmt: skip
    for delay in facts.delays:
        so = f" {delay.what}." if delay.what else ""
        until = f" Through {short_day(delay.until_on, matter.day)}." if delay.until_on else ""
        rows.append(
            FactRow(
                "Delay directed by the Company",
                delay.directed_on,
                f"{so}{until}".strip(),
                href=reverse("correct-delay", args=[matter.slug, matter.number, delay.id]),
                act="Complete or correct",
            )
        )
    if facts.filing:
        covers = facts.filing.covers_now
        rows.append(
            FactRow(
                "Registration Statement filed",
                facts.filing.on,
                f"Covers {sum(covers.values()):,} Registrable Shares of "
                f"{count_words(len(covers), 'Investor')}."
                if covers
                else "What it covers is not on record.",
            )
        )
    if facts.effective_on:
        rows.append(FactRow("Registration Statement effective", facts.effective_on, ""))
    if facts.withdrawn:
        rows.append(FactRow("Registration Statement withdrawn", facts.withdrawn.on, ""))
    if facts.distributed_on:
        rows.append(FactRow("Underwriters’ distribution completed", facts.distributed_on, ""))
    if facts.all_sold_on:
        rows.append(FactRow("All covered shares sold", facts.all_sold_on, ""))
    for decision in facts.decisions.values():
        by = f" Decided by {decision.by}." if decision.by else ""
        rows.append(
            FactRow(
                _ABOUT.get(
                    decision.about,
                    "Decision: whether a demand is left"
                    if decision.about == "demand_left"
                    else "Decision: whether the delay is allowed"
                    if decision.about.startswith("delay:")
                    else "Decision on a late request",
                ),
                decision.decided_on,
                f"{decision.reason}{by}",
                value="",
            )
        )
    return rows


_ABOUT = {
    "eligibility": "Decision: which Units the majority is of",
    "filing_opens": "Decision: whose receipt opens the filing",
    "delay_effect": "Decision: what the delay does to the last day to file",
}


def _receipts(received: int, of: int) -> str:
    """How many days of receipt are recorded, which says nothing of a document on file."""
    return f"{received:,} of {of:,} {'receipt' if of == 1 else 'receipts'} on record."


def _counts(because: Sequence[object]) -> str:
    text = because[0].says if because else ""  # type: ignore[attr-defined]
    if "when sent" in text:
        return "Counts when sent."
    return "Counts on receipt." if "received" in text else ""
