"""One matter in words: the heading that answers, what to weigh, the facts on record and
the dates that follow, each with its why.  The dates are the rules'; only words are here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from registrations.rules.days import BusinessDays, Roll, say
from registrations.rules.docket import Docket, demand_docket, standing
from registrations.rules.findings import Force, Standing, State, Window
from registrations.rules.matter import DemandFacts, House
from registrations.rules.notice import METHOD_NAMES
from registrations.rules.terms import Terms

from .whys import Why, why, why_of
from .words import (
    Status,
    capital,
    closed_day,
    count_words,
    days_words,
    last_moment,
    left_words,
    listed,
    long_day,
    month_day,
    practical,
    short_day,
    status_of,
    unbroken,
)

MOST_GROUPS = 5


class Said(NamedTuple):
    """Part of a heading; ``unproven`` is underlined with dashes."""

    text: str
    unproven: bool = False


class Caution(NamedTuple):
    """Something the reader must weigh before relying on the dates."""

    lead: str
    text: str
    href: str = ""
    action: str = ""
    why: Why | None = None
    readings: Sequence[str] = ()


class FactRow(NamedTuple):
    """A recorded fact, in ink: label, day, what it rests on, its evidence."""

    label: str
    on: date | None
    basis: str
    documents: int | None = None
    missing: int = 0
    value: str = ""
    href: str = ""


class DateRow(NamedTuple):
    """A date the app worked out, in blue; dashed while it could move."""

    label: str
    on: date | None
    basis: str
    status: Status | None
    why: Why | None
    provisional: bool = False
    instead: str = ""


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


class Matter(NamedTuple):
    """A matter as of a day, with all a page needs to speak of it."""

    ref: str
    number: int
    slug: str
    facts: DemandFacts
    docket: Docket
    terms: Terms
    house: House
    open_days: BusinessDays
    day: date
    soon_days: int
    zone: str

    def supposing(self, facts: DemandFacts) -> Docket:
        """The docket on other facts, everything else the same."""
        return demand_docket(facts, terms=self.terms, house=self.house, open_days=self.open_days)

    def stands(self, window: Window) -> Standing:
        return standing(window, today=self.day, soon_days=self.soon_days)

    def status(self, window: Window) -> Status:
        return status_of(self.stands(window), window.force)

    @property
    def file(self) -> Window | None:
        return self.docket.window("file")

    @property
    def effective(self) -> Window | None:
        return self.docket.window("effective")

    @property
    def joins(self) -> list[Window]:
        return [w for w in self.docket.windows if w.rule == "D4"]

    @property
    def received(self) -> list[date]:
        return sorted(a.received_on for a in self.docket.notices if a.received_on)

    @property
    def without_receipt(self) -> list[str]:
        return [
            i.name
            for i, a in zip(self.facts.invited, self.docket.notices, strict=False)
            if a.received_on is None
        ]

    @property
    def on_receipts_so_far(self) -> Window | None:
        """The filing window if the last receipt on record were the last of all, or nothing
        when its first day is known or nobody has received a copy.

        The rules are asked as if the Investor with that receipt were the only one.  What a
        reading gives that hangs on another receipt is taken from the record.
        """
        file = self.file
        if file is None or file.opens_on or file.done_on or not self.received:
            return None
        last = self.received[-1]
        only = next(
            i
            for i, a in zip(self.facts.invited, self.docket.notices, strict=True)
            if a.received_on == last
        )
        supposed = self.supposing(self.facts._replace(invited=(only,))).window("file")
        if supposed is None:
            return None
        real = {r.name: r for r in file.readings if not r.governs}
        return supposed._replace(readings=tuple(real.get(r.name, r) for r in supposed.readings))

    @property
    def lower_bound(self) -> date | None:
        """The first day to file on the receipts so far: it can only become later."""
        supposed = self.on_receipts_so_far
        return supposed.opens_on if supposed else None


# --- The heading ------------------------------------------------------------------------


def heading(matter: Matter) -> list[Said]:
    """The page's question answered: by when must it be filed, or what became of it."""
    ref, day, outcome = matter.ref, matter.day, matter.docket.ruling.outcome
    file, effective = matter.file, matter.effective
    kept = matter.docket.window("keep_effective")
    if outcome == "refused":
        return [Said(f"{ref} starts no clock: the demand is not good.")]
    if file is None or file.closes_on is None:
        return [Said(f"{ref} has no dates yet: the Demand Notice is not proven received.")]
    if kept is not None and kept.done_on:
        return [Said(f"{ref} is done: all covered shares were sold by {_in(kept.done_on, day)}.")]
    if effective is not None and effective.done_on and kept is not None:
        return [
            Said(f"{ref} became effective on {_in(effective.done_on, day)}. Keep it effective "),
            Said(f"until all is sold, at most through {_in(kept.closes_on, day)}."),
        ]
    if file.done_on and effective is not None:
        return _filed(ref, file, effective, matter)
    state = matter.stands(file)
    if file.impossible and file.opens_on:
        return [
            Said(f"{ref} has no day left to file: not before {_in(file.opens_on, day)}, "),
            Said(f"and not after {_in(file.closes_on, day)}."),
        ]
    if state.state is State.MISSED:
        ago = "yesterday" if state.days == 1 else f"{days_words(state.days)} ago"
        return [Said(f"{ref} had to be filed by {_in(file.closes_on, day)}. That was {ago}.")]
    by = "today" if file.closes_on == day else f"by {_in(file.closes_on, day)}"
    must = f"{ref} must be filed {by}"
    if file.opens_on is None:
        lower = matter.lower_bound
        if lower is not None and lower > file.closes_on:
            return [Said(f"{must}, but a receipt on record leaves no day to file.")]
        if lower is not None:
            return [
                Said(f"{must}. The first day is not known yet: not before "),
                Said(_in(lower, day), True),
                Said("."),
            ]
        if file.awaiting:
            return [Said(f"{must}. The first day is not known yet.")]
        return [Said(f"{must}. Nothing holds the filing back.")]
    if day < file.opens_on:
        return [Said(f"{must}, and no earlier than {_in(file.opens_on, day)}.")]
    return [Said(f"{must}. It may be filed now.")]


def _filed(ref: str, file: Window, effective: Window, matter: Matter) -> list[Said]:
    day = matter.day
    filed = matter.stands(file)
    how = {
        State.MET_LATE: f", {days_words(filed.days)} late",
        State.MET_EARLY: f", {days_words(filed.days)} early",
    }.get(filed.state, "")
    said = [Said(f"{ref} was filed on {_in(file.done_on, day)}{how}. ")]
    if effective.closes_on is not None:
        late = (day - effective.closes_on).days
        said.append(
            Said(f"It had to be effective by {_in(effective.closes_on, day)}.")
            if late > 0
            else Said(f"It must be effective by {_in(effective.closes_on, day)}.")
        )
    return said


def title(matter: Matter) -> str:
    """The tab's title carries the answer: "DR-1: file by Oct 2"."""
    file, effective = matter.file, matter.effective
    if matter.docket.ruling.outcome == "refused":
        return f"{matter.ref}: not good"
    if file is None or file.closes_on is None:
        return f"{matter.ref}: no dates yet"
    if effective and effective.done_on:
        return f"{matter.ref}: effective"
    if file.done_on:
        by = f", effective by {month_day(effective.closes_on)}" if effective else ""
        return f"{matter.ref}: filed{by}"
    if file.impossible:
        return f"{matter.ref}: no day left to file"
    if file.closes_on < matter.day:
        return f"{matter.ref}: filing missed"
    return f"{matter.ref}: file by {month_day(file.closes_on)}"


def _in(day: date | None, today: date) -> str:
    return unbroken(long_day(day, today))


# --- Cautions ---------------------------------------------------------------------------


def cautions(matter: Matter) -> list[Caution]:
    """What to weigh: a demand in doubt, a window without a day, a day not proven, a
    question for counsel, shares left out.  At most a handful, the gravest first."""
    found: list[Caution] = []
    page = reverse("decide", args=[matter.slug, matter.number])
    ruling, terms = matter.docket.ruling, matter.terms
    if ruling.outcome in ("needs_decision", "refused"):
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
    elif ruling.decision is not None:
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
    for concern in concerns[:4]:
        decide = concern.key.startswith("decide:")
        compare = concern.kind in ("impossible", "no_edgar_day")
        found.append(
            Caution(
                _LEADS.get(concern.kind, "To settle."),
                concern.text,
                f"{page}?about={concern.key.removeprefix('decide:')}"
                if decide
                else "#whatif"
                if compare
                else "",
                "Record the decision" if decide else "Compare outcomes",
                why_of(
                    concern.because,
                    terms,
                    id=f"concern-{concern.key}".replace(":", "-"),
                    clause=concern.clause,
                    title=_LEADS.get(concern.kind, "Why?"),
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
}


def _not_proven(matter: Matter) -> Caution | None:
    """The first day to file hangs on receipts nobody has recorded."""
    file = matter.file
    if file is None or file.done_on or file.opens_on is not None:
        return None
    if file.closes_on is None:
        return Caution(
            "No date is known.",
            f"{capital(file.awaiting[0].fact)} is not on record, and every date hangs on it."
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


def _ruling_why(matter: Matter) -> Why:
    ruling = matter.docket.ruling
    clause = matter.terms.clause("demand_majority_over")
    made = why_of(
        ruling.because, matter.terms, id="why-majority", clause=clause,
        title="Did enough Units ask for it?",
    )  # fmt: skip
    decided = ""
    if ruling.decision is not None:
        by = f" by {ruling.decision.by}" if ruling.decision.by else ""
        decided = f"{short_day(ruling.decision.decided_on)}{by}: {ruling.decision.reason}"
    return made._replace(
        others=[f"{_BASES.get(r.name, r.name)}: {r.says}." for r in ruling.readings],
        decided=decided,
    )


def majority_line(matter: Matter) -> tuple[str, Why]:
    """Who asked for it, by how many Units, and how many are needed."""
    units = sum(i.units for i in matter.facts.initiators)
    offered = matter.terms.units_offered
    share = f" ({100 * units / offered:.1f}%)" if offered else ""
    who = listed([i.name for i in matter.facts.initiators], 3) or "Nobody on record"
    line = (
        f"Demand Registration. {who} asked for it, holding {units:,} of {offered:,} Units "
        f"offered{share}."
    )
    return line, _ruling_why(matter)


# --- Facts on record ----------------------------------------------------------------------


def notice_groups(matter: Matter) -> list[NoticeGroup]:
    """The Company Notice by the day it was given and how it went."""
    joins = {w.investor: w for w in matter.joins}
    groups: dict[tuple[date | None, str], list[int]] = {}
    for index, (invited, arrival) in enumerate(
        zip(matter.facts.invited, matter.docket.notices, strict=False)
    ):
        method = invited.post.copies[0].method if invited.post.copies else ""
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


def facts_on_record(
    matter: Matter, groups: Sequence[NoticeGroup], documents: Mapping[str, int]
) -> list[FactRow]:
    """What happened, as somebody recorded it, in the order it happened."""
    demand, facts = matter.docket.demand, matter.facts
    copy = facts.post.copies[0] if facts.post.copies else None
    basis = capital(METHOD_NAMES.get(copy.method, copy.method)) if copy else ""
    if copy and copy.sent_on and copy.sent_on != demand.received_on:
        basis += f", sent {short_day(copy.sent_on, matter.day)}"
    rows = [
        FactRow(
            "Demand Notice received by the Company",
            demand.received_on,
            f"{basis}. {_counts(demand.because)}".strip(),
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
                    f"{capital(group.method)}. {group.received:,} of {group.total:,} "
                    "with proof of receipt.",
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
                f"{got:,} of {total:,} proven by return receipt or signed copy.",
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
    if facts.filing:
        covers = facts.filing.covers
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
    if facts.all_sold_on:
        rows.append(FactRow("All covered shares sold", facts.all_sold_on, ""))
    for decision in facts.decisions.values():
        by = f" Decided by {decision.by}." if decision.by else ""
        rows.append(
            FactRow(
                _ABOUT.get(decision.about, "Decision on a late request"),
                decision.decided_on,
                f"{decision.reason}{by}",
                value="",
            )
        )
    return rows


_ABOUT = {
    "eligibility": "Decision: which Units the majority is of",
    "filing_opens": "Decision: whose receipt opens the filing",
}


def _counts(because: Sequence[object]) -> str:
    text = because[0].says if because else ""  # type: ignore[attr-defined]
    if "when sent" in text:
        return "Counts when sent."
    return "Counts on receipt." if "received" in text else ""


# --- Dates that follow --------------------------------------------------------------------


def dates_that_follow(matter: Matter, groups: Sequence[NoticeGroup]) -> list[DateRow]:
    """Every date, in the order a matter runs, each with its proof."""
    rows: list[DateRow] = []
    docket = matter.docket
    if told := docket.window("company_notice"):
        rows.append(
            _row(matter, told, "Give every other Investor the Company Notice by",
                 "Our target, not in the agreement: it says promptly.", "why-told")
        )  # fmt: skip
    if safe := docket.window("last_receipt"):
        rows.append(
            _row(matter, safe, "Every Investor must have received the Company Notice by",
                 "A later receipt leaves no day to file.", "why-safe")
        )  # fmt: skip
    rows += _join_rows(matter, groups)
    file = matter.file
    if file is not None:
        rows += _file_rows(matter, file)
    effective, kept = matter.effective, docket.window("keep_effective")
    if effective is not None:
        rows.append(
            _later_row(matter, effective, "Effective no later than", "why-effective",
                       "If filed on the last day.", "Best efforts, counted from the filing.")
        )  # fmt: skip
    if kept is not None:
        rows.append(
            _later_row(matter, kept, "Keep effective until all is sold, at most through",
                       "why-kept", "If everything above comes on its last day.",
                       "The same date next year.")
        )  # fmt: skip
    for window in docket.windows:
        if window.force is Force.REST:
            rows.append(
                _row(matter, window, "No registration need be effected through",
                     "The demand stays good while this runs.",
                     f"why-{window.key}".replace(":", "-"))
            )  # fmt: skip
    return rows


def _row(matter: Matter, window: Window, label: str, basis: str, id: str) -> DateRow:
    made = why(window, matter.terms, id=id, today=matter.day)
    return DateRow(
        label,
        window.closes_on,
        basis,
        matter.status(window),
        made,
        False,
        "" if window.closes_on else "Not known",
    )


def _join_rows(matter: Matter, groups: Sequence[NoticeGroup]) -> list[DateRow]:
    joins = matter.joins
    if not joins:
        return []
    known = [w for w in joins if w.closes_on is not None]
    unknown = len(joins) - len(known)
    missing = f" {capital(count_words(unknown, 'Investor'))} not known yet." if unknown else ""
    if not known:
        return [
            DateRow("Investors may ask to join until", None, missing.strip(),
                    Status("wait", "Not proven"),
                    why(joins[0], matter.terms, id="why-join"), False, "Not known")
        ]  # fmt: skip
    days = Counter(w.closes_on for w in known)
    common = min(days, key=lambda d: (-days[d], d or date.max))
    first = min(
        (w for w in known if w.closes_on == common),
        key=lambda w: (w.done_on is not None, w.who),
    )
    others = sorted(d for d in days if d != common and d is not None)
    said = []
    if others:
        named = [f"{_who(known, d)}: {short_day(d, matter.day)}" for d in others[:3]]
        said.append(f"{'; '.join(named)}{' and other days' if len(others) > 3 else ''}.")
    assert common is not None
    note = closed_day(common, matter.open_days, matter.terms.joining.roll is not Roll.NONE)
    moment = last_moment(matter.zone, common)
    left = (common - matter.day).days
    answered = sum(w.done_on is not None for w in joins)
    state = Status("later", "Closed")
    if left >= 0:
        state = Status(
            "soon" if left <= matter.soon_days and answered < len(joins) else "later",
            "Today" if left == 0 else left_words(left),
        )
    rows = [
        DateRow(
            "Investors may ask to join until",
            common,
            " ".join(filter(None, [f"{moment}.", *said, note, missing.strip()])),
            state,
            why(first, matter.terms, id="why-join", today=matter.day),
        )
    ]
    lenient = max((w.lenient_on for w in known if w.lenient_on), default=None)
    unproven = [w for w in known if w.lenient_on is None]
    if lenient and (lenient > common or unproven):
        window = next(w for w in known if w.lenient_on == lenient)
        rows.append(
            DateRow(
                "On the second reading, until",
                lenient,
                "Counted from receipt. A request between the two is for counsel to decide."
                + (f" Not known for {listed([w.who for w in unproven], 3)}." if unproven else ""),
                None,
                why(window, matter.terms, id="why-join-later", today=matter.day)._replace(
                    title=f"Why {short_day(lenient)} on the second reading?"
                ),
                bool(unproven),
            )
        )
    return rows


def _who(windows: Sequence[Window], day: date) -> str:
    names = [w.who for w in windows if w.closes_on == day]
    return names[0] if len(names) == 1 else count_words(len(names), "Investor")


def _file_rows(matter: Matter, file: Window) -> list[DateRow]:
    day, lower = matter.day, matter.lower_bound
    names = matter.without_receipt
    rows = []
    if file.opens_on is not None:
        left = (file.opens_on - day).days
        edge = practical(file.opens_on, matter.open_days, matter.zone, first=True)
        rows.append(
            DateRow(
                "First day the Company may file",
                file.opens_on,
                edge,
                None
                if file.done_on
                else Status("later", left_words(left))
                if left > 0
                else Status("later", "Reached"),
                why(file, matter.terms, id="why-file-from", opens=True, practical=edge, today=day),
            )
        )
    elif file.awaiting and file.closes_on:
        missing = (
            f"{count_words(len(names), 'receipt').capitalize()} missing."
            if names
            else "No receipt is on record."
        )
        shown = matter.on_receipts_so_far or file
        rows.append(
            DateRow(
                "First day the Company may file",
                None,
                missing
                + (f" Not before {say(lower)}, on the receipts so far." if lower else ""),
                Status("wait", "Not proven"),
                why(
                    shown, matter.terms, id="why-file-from", opens=True, today=day,
                    not_proven=f"Proof of receipt is missing for {listed(names, 4)}. A later "
                    "receipt moves this day by the same number of days." if names else "",
                ),
                True,
                "Not known",
            )
        )  # fmt: skip
    if file.closes_on is not None:
        edge = practical(file.closes_on, matter.open_days, matter.zone)
        rows.append(
            DateRow(
                "Last day to file",
                file.closes_on,
                edge,
                matter.status(file)
                if file.done_on or file.impossible or file.closes_on < day
                else _left(file.closes_on, matter),
                why(file, matter.terms, id="why-file-by", practical=edge, not_proven=" ",
                    today=day)._replace(not_proven=""),
            )
        )  # fmt: skip
    return rows


def _later_row(
    matter: Matter, window: Window, label: str, id: str, if_last: str, basis: str
) -> DateRow:
    """A date that waits for another act: provisional until it comes."""
    on = window.closes_on or window.provisional_on
    provisional = window.closes_on is None
    made = why(window, matter.terms, id=id, not_proven=if_last if provisional else "",
               today=matter.day)  # fmt: skip
    return DateRow(
        label,
        on,
        if_last if provisional else basis,
        None if provisional else matter.status(window),
        made,
        provisional,
        "Not known",
    )


def _left(on: date, matter: Matter) -> Status:
    left = (on - matter.day).days
    kind = "soon" if left <= matter.soon_days else "later"
    return Status(kind, "Due today" if left == 0 else left_words(left))
