"""What if: the same rules on other facts.  Nothing is saved; the address holds the inputs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from registrations.rules.days import say
from registrations.rules.docket import Docket
from registrations.rules.findings import State, Window
from registrations.rules.matter import DemandFacts, Filing, Invited

from .matter import Matter
from .words import capital, days_words, short_day, status_of

MOST_INPUTS = 4
RECEIVED = "received_"


class Input(NamedTuple):
    """A day the reader may suppose."""

    name: str
    label: str
    value: str
    problem: str
    hint: str


class Change(NamedTuple):
    """One date on the record, what it would be, and the difference."""

    name: str
    on_record: str
    what_if: str
    change: str
    moved: bool


class Supposition(NamedTuple):
    """The inputs and what would follow from them."""

    inputs: list[Input]
    changes: list[Change]
    asked: bool
    says: str
    more: int


def suppose(matter: Matter, given: Mapping[str, str], public: Mapping[int, UUID]) -> Supposition:
    """What would follow if the days in the query came true.

    ``public`` names the Investors a day may be supposed for.  A day that cannot be read,
    or comes before the copy was sent, changes nothing and says so beside its field.
    """
    inputs: list[Input] = []
    receipts: dict[int, date] = {}
    names = {i.investor: i for i in matter.facts.invited}
    for investor, uuid in public.items():
        invited = names[investor]
        name = f"{RECEIVED}{uuid}"
        text = given.get(name, "").strip()
        day, problem = _read(text)
        sent = [c.sent_on for c in invited.post.copies if c.sent_on]
        if day and sent and day < min(sent):
            day, problem = (
                None,
                f"The copy was sent {say(min(sent))}. Give that day or a later one.",
            )
        if day:
            receipts[investor] = day
        inputs.append(
            Input(name, f"{invited.name} received the Company Notice on", text, problem, "")
        )
    filed_text = given.get("filed_on", "").strip()
    filed_on, problem = _read(filed_text)
    began = matter.docket.demand.received_on or matter.docket.demand.given_on
    if filed_on and began and filed_on < began:
        filed_on, problem = None, f"The Demand Notice came {say(began)}. Give a later day."
    if matter.facts.filing is None:
        inputs.append(Input("filed_on", "The Company files on", filed_text, problem, ""))
    else:
        filed_on = None
    facts = matter.facts._replace(
        invited=tuple(_received(i, receipts.get(i.investor)) for i in matter.facts.invited)
    )
    if filed_on:
        facts = facts._replace(filing=Filing(filed_on))
    asked = bool(receipts or filed_on)
    after = matter.supposing(facts) if asked else matter.docket
    changes = _changes(matter, after, facts, receipts, filed_on)
    moved = [c for c in changes if c.moved]
    if not asked:
        says = "Give a day to see what would change."
    elif not moved:
        says = "No date would change."
    else:
        says = " ".join(f"{c.name}: {c.what_if}." for c in moved[:3])
    return Supposition(inputs, changes, asked, says, 0)


def supposable(matter: Matter, given: Mapping[str, str], by_public: Mapping[str, int]) -> list[int]:
    """The Investors whose receipt is worth supposing: those asked about, those without
    proof, else the one that was last."""
    asked = [by_public[uuid] for uuid in _asked(given) if uuid in by_public]
    missing = [
        i.investor
        for i, a in zip(matter.facts.invited, matter.docket.notices, strict=False)
        if a.received_on is None and i.post.copies
    ]
    last = [
        i.investor
        for i, a in zip(matter.facts.invited, matter.docket.notices, strict=False)
        if matter.received and a.received_on == matter.received[-1]
    ]
    return list(dict.fromkeys([*asked, *missing, *last[:1]]))[:MOST_INPUTS]


def asked_about(given: Mapping[str, str]) -> list[UUID]:
    """The Investors a query names, as far as it can be read."""
    return [UUID(text) for text in _asked(given)]


def _asked(given: Mapping[str, str]) -> list[str]:
    found = []
    for name in given:
        if name.startswith(RECEIVED):
            try:
                found.append(str(UUID(name.removeprefix(RECEIVED))))
            except ValueError:
                continue
    return found[:MOST_INPUTS]


def _read(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"“{text[:40]}” is not a day. Give it as 2003-09-11."


def _received(invited: Invited, day: date | None) -> Invited:
    """The same Investor had its copy been received that day and no other."""
    if day is None or not invited.post.copies:
        return invited
    first, *rest = invited.post.copies
    return invited._replace(
        post=invited.post._replace(
            copies=(
                first._replace(received_on=day),
                *(c._replace(received_on=None) for c in rest),
            )
        )
    )


def _changes(
    matter: Matter,
    after: Docket,
    facts: DemandFacts,
    receipts: Mapping[int, date],
    filed_on: date | None,
) -> list[Change]:
    was, now = matter.file, after.window("file")
    changes = []
    if was is not None and now is not None:
        held_back = was.opens_on or now.opens_on or was.awaiting or now.awaiting
        if held_back:  # nobody to give the Company Notice to: it may be filed at once
            changes.append(_day("First day to file", was.opens_on, now.opens_on, matter))
        changes.append(_day("Last day to file", was.closes_on, now.closes_on, matter))
        if held_back:
            changes.append(_count(was, now, matter))
        if filed_on:
            changes.append(
                Change("Filing", _state(was, matter), _state(now, matter), "As supposed", True)
            )
    for key, name in (
        ("effective", "Effective no later than"),
        ("keep_effective", "Keep effective through"),
    ):
        one, two = matter.docket.window(key), after.window(key)
        if one is not None and two is not None:
            changes.append(
                _day(
                    name,
                    one.closes_on or one.provisional_on,
                    two.closes_on or two.provisional_on,
                    matter,
                    maybe=two.closes_on is None,
                )
            )
    names = {i.investor: i.name for i in facts.invited}
    for investor in receipts:
        one, two = (d.window(f"join:{investor}") for d in (matter.docket, after))
        if one is None or two is None:
            continue
        changes.append(
            _day(f"{names[investor]}, last day to ask", one.closes_on, two.closes_on, matter)
        )
        changes.append(
            _day(f"{names[investor]}, second reading", one.lenient_on, two.lenient_on, matter)
        )
    return changes


def _day(
    name: str, was: date | None, now: date | None, matter: Matter, *, maybe: bool = False
) -> Change:
    change, moved = "No change", was != now
    if was and now and moved:
        by = (now - was).days
        change = f"{days_words(abs(by))} {'later' if by > 0 else 'earlier'}"
    elif moved:
        change = "Becomes known" if now else "No longer known"
    tail = ", if filed on the last day" if maybe and now and name.startswith("Eff") else ""
    return Change(
        name,
        short_day(was, matter.day) or "Not known",
        (short_day(now, matter.day) or "Not known") + tail,
        change,
        moved,
    )


def _count(was: Window, now: Window, matter: Matter) -> Change:
    one, two = _days_in(was, matter), _days_in(now, matter)
    if one is None or two is None:
        change, moved = "–", one != two
    else:
        by = two[0] - one[0]
        change = "No change" if not by else f"{abs(by)} {'more' if by > 0 else 'fewer'}"
        moved = bool(by)
    return Change("Days to file in", _said(one), _said(two), change, moved)


def _days_in(window: Window, matter: Matter) -> tuple[int, int] | None:
    """Calendar days and EDGAR days in a filing window."""
    first, last = window.opens_on, window.closes_on
    if first is None or last is None:
        return None
    if first > last:
        return 0, 0
    return (last - first).days + 1, matter.open_days.count(first, last)


def _said(days: tuple[int, int] | None) -> str:
    if days is None:
        return "Not known"
    return "None" if days[0] == 0 else f"{days[0]} ({days[1]} business)"


def _state(window: Window, matter: Matter) -> str:
    if window.done_on is None:
        return "Not filed"
    state = matter.stands(window)
    if state.state is State.MET:
        return "In time"
    return capital(status_of(state, window.force).text)
