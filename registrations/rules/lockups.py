"""When holders may not sell: the days around an offering, and while a prospectus is amended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .allowances import PERIOD
from .days import ONE, Period, say
from .findings import Awaited, Reason
from .reckoning import WHEN, When, reckon
from .shapes import OneOf, Record, Word
from .situation import Situation
from .words import Kind


@dataclass(frozen=True)
class Extension:
    """News near the end makes a lock-up longer: a release within its last so many days,
    or one announced to come within so many days after it, to so many after the release."""

    in_last: Period
    announced_within: Period
    until: Period


@dataclass(frozen=True)
class Lockup:
    """No sales from ``begins`` through ``ends``; ``waived`` is what lifts it."""

    ends: When
    begins: When | None = None
    extension: Extension | None = None
    waived: str = ""


class Locked(NamedTuple):
    """The first and last day without sales, and whether news moved the last one."""

    first: date | None
    last: date | None
    extended: bool
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()
    watch_from: date | None = None  # first of the days on which a release extends it

    def may_sell(self, day: date) -> bool | None:
        """Whether a sale that day is free of the lock-up; ``None`` while it is unknown."""
        if self.last is None:
            return None
        return day > self.last or (self.first is not None and day < self.first)


def locked(
    terms: Lockup, facts: Situation, clause: str = "", releases: tuple[date, ...] = ()
) -> Locked:
    """The days of the lock-up.  ``releases`` are days of earnings releases or material
    news, made or announced."""
    begins = reckon(terms.begins, facts, clause) if terms.begins is not None else None
    ends = reckon(terms.ends, facts, clause)
    because = [*(begins.because if begins else ()), *ends.because]
    awaiting = (*(begins.awaiting if begins else ()), *ends.awaiting)
    first = begins.day if begins else None
    if terms.waived and facts.facts.get(terms.waived):
        because.append(Reason("LU", clause, f"Lifted: {facts.says(Kind.FACT, terms.waived)}"))
        return Locked(None, None, False, tuple(because))
    last, watch = ends.day, None
    if last is not None and terms.extension is not None:
        extension, plain = terms.extension, last
        watch = plain - timedelta(extension.in_last.n) + ONE
        until = extension.announced_within.after(plain, facts.calendars.business)
        for release in sorted(releases):
            if watch <= release <= until:
                moved = extension.until.after(release, facts.calendars.business)
                because.append(
                    Reason(
                        "LU",
                        clause,
                        f"A release on {say(release)} lies between {say(watch)} and {say(until)}, "
                        f"so the lock-up runs through {say(max(moved, last))}",
                    )
                )
                last = max(moved, last)
        return Locked(first, last, last > plain, tuple(because), awaiting, watch)
    return Locked(first, last, False, tuple(because), awaiting, watch)


LOCKUP = Record(
    Lockup,
    {"ends": WHEN},
    {
        "begins": WHEN,
        "extension": Record(
            Extension, {"in_last": PERIOD, "announced_within": PERIOD, "until": PERIOD}
        ),
        "waived": Word(Kind.FACT),
    },
)


class StopOffers(NamedTuple):
    """What Selling Investors do once a prospectus they were given is amended (S4).

    They stop offers ``when`` they are ``asked`` to, or as soon as they are ``told``, and
    ``until`` each has the ``revised_prospectus``, or the Company has ``released`` them.
    """

    when: str
    until: str


STOP_OFFERS = Record(
    StopOffers,
    {"when": OneOf(("asked", "told")), "until": OneOf(("revised_prospectus", "released"))},
)
