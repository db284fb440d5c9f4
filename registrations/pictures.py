"""Timelines as SVG geometry: days in, percentages out.

x is a percentage of the plot and y is in pixels, so that a picture fills any width and
its words never scale.  Nothing here decides a date; it only places those it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from .rules.days import add_months

ONE = timedelta(days=1)
PLOT_PX = 640  # a plot's usual width, by which labels are kept apart
LETTER_PX = 6.4
LEAST_DAYS = 34
DENSE_DAYS = 130  # longer than this, an axis names months only
FACT_Y, BAR_Y, BELOW_Y, SECOND_Y = 26, 52, 88, 104


class Point(NamedTuple):
    """A day on an axis: where it stands, and the day."""

    x: float
    day: date


class Bar(NamedTuple):
    """A stretch of days, both ends included."""

    x: float
    w: float
    end: float
    mid: float


class Scale:
    """The days a picture runs from and to, and where each of them stands on it."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, max(last, first)
        self.days = (self.last - self.first).days + 1

    @classmethod
    def around(
        cls, days: Iterable[date | None], *, today: date, before: int, after: int, pad: int = 3
    ) -> Scale:
        """A scale that holds ``today`` and those of the days that lie within ``before``
        and ``after`` days of it; when none do, one that holds the last of them."""
        first, last = today - timedelta(days=before), today + timedelta(days=after)
        known = [d for d in days if d is not None]
        seen = [d for d in known if first <= d <= last]
        if not seen and known:  # nothing is near: draw what there was, where it was
            end = max(known)
            seen = [d for d in known if end - d <= timedelta(days=before + after)]
        else:
            seen.append(today)
        a, b = min(seen) - timedelta(days=pad), max(seen) + timedelta(days=pad)
        return cls(a, max(b, a + timedelta(days=LEAST_DAYS)))

    def has(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def start(self, day: date) -> float:
        """The left edge of a day."""
        return round(100 * (day - self.first).days / self.days, 3)

    def mid(self, day: date) -> float:
        """A day as a point."""
        return round(100 * ((day - self.first).days + 0.5) / self.days, 3)

    def end(self, day: date) -> float:
        """The right edge of a day: a window includes its last."""
        return self.start(day + ONE)

    def bar(self, first: date, last: date) -> Bar:
        """From a first to a last day, cut at the edges of the picture."""
        a, b = max(self.start(first), 0.0), min(self.end(last), 100.0)
        return Bar(a, round(max(b - a, 0.0), 3), b, round((a + b) / 2, 3))

    def weeks(self) -> list[Point]:
        """The Mondays, or none where they would crowd."""
        if self.days > DENSE_DAYS:
            return []
        day = self.first + timedelta(days=-self.first.weekday() % 7)
        found = []
        while day <= self.last:
            found.append(Point(self.mid(day), day))
            day += 7 * ONE
        return found

    def weekends(self) -> list[Bar]:
        """Saturdays and Sundays, or none where they would be a blur."""
        if self.days > DENSE_DAYS:
            return []
        day = self.first + timedelta(days=(5 - self.first.weekday()) % 7)
        found = [self.bar(self.first, self.first)] if self.first.weekday() == 6 else []
        while day <= self.last:
            found.append(self.bar(day, min(day + ONE, self.last)))
            day += 7 * ONE
        return found

    def months(self) -> list[Point]:
        """The first day of each month in the picture, and where the picture begins.

        The beginning has no name when a month starts too soon after it for both.
        """
        starts = []
        day = add_months(self.first.replace(day=1), 1)
        while day <= self.last:
            starts.append(Point(self.start(day), day))
            day = add_months(day, 1)
        if self.days > 500:
            starts = [p for p in starts if p.day.month in (1, 4, 7, 10)]
        if not starts or starts[0].x * PLOT_PX / 100 > 80:
            starts.insert(0, Point(0.0, self.first))
        room = 100 * 34 / PLOT_PX
        return [
            p for i, p in enumerate(starts) if i == 0 or p.x - starts[i - 1].x >= room or i % 2 == 0
        ]


class Axis(NamedTuple):
    """What every lane of one picture shares."""

    months: Sequence[Point]
    weeks: Sequence[Point]
    weekends: Sequence[Bar]
    now: float
    today: date
    short_months: bool

    @classmethod
    def of(cls, scale: Scale, today: date) -> Axis:
        return cls(
            scale.months(),
            scale.weeks(),
            scale.weekends(),
            scale.mid(today) if scale.has(today) else -10.0,
            today,
            scale.days > 70,
        )


class Mark(NamedTuple):
    """Something that happened, is planned, or was missed, on one day."""

    x: float
    y: int
    kind: str  # fact | planned | breach


class Label(NamedTuple):
    """Words in a picture; ``dx`` keeps them off what they name."""

    x: float
    y: int
    text: str
    anchor: str = "middle"
    dx: int = 0
    kind: str = ""  # calc | strong | strong calc | late | ""


class Stretch(NamedTuple):
    """A window as a bracketed bar.  A solid bracket is proven; a dashed one could move."""

    bar: Bar
    y: int
    kind: str = ""  # past | maybe | rest | ""
    opening: str = "solid"  # solid | dashed | none
    closing: str = "solid"


class Measure(NamedTuple):
    """A dimension line from the day counted from to the day it gives: "45 days"."""

    x1: float
    x2: float
    mid: float
    y: int
    words: str
    certain: bool = True


class Drop(NamedTuple):
    """A thin line from a fact down to what is counted from it."""

    x: float
    y1: int
    y2: str


class Lane(NamedTuple):
    """One row of a picture.  ``says`` is all of it as a sentence, for those who cannot
    see it, and stands in the table beside the picture too."""

    id: str
    says: str
    height: int
    stretches: Sequence[Stretch] = ()
    measures: Sequence[Measure] = ()
    marks: Sequence[Mark] = ()
    labels: Sequence[Label] = ()
    drops: Sequence[Drop] = ()


def measure(
    scale: Scale, start: date | None, end: date | None, words: str, y: int, *, certain: bool = True
) -> list[Measure]:
    """A dimension line, or none when an end is unknown or out of the picture."""
    if start is None or end is None or end <= start:
        return []
    if not (scale.has(start) and scale.has(end)):
        return []
    x1, x2 = scale.mid(start), scale.mid(end)
    return [Measure(x1, x2, round((x1 + x2) / 2, 3), y, words, certain)]


def fits_beside(scale: Scale, day: date, text: str, dx: int = 12) -> bool:
    """Whether words to the right of a day stay in the picture."""
    return scale.end(day) / 100 * PLOT_PX + dx + len(text) * LETTER_PX <= PLOT_PX


def beside(scale: Scale, day: date, text: str, y: int, *, kind: str = "", dx: int = 12) -> Label:
    """A label to the right of a day."""
    return Label(scale.end(day), y, text, "start", dx, kind)


def apart(labels: Iterable[Label]) -> list[Label]:
    """The labels that can be read: one that would lie on an earlier one, or outside the
    picture, is left out.  Its words are in the lane's sentence and table all the same."""
    kept: list[Label] = []
    taken: list[tuple[int, float, float]] = []
    for label in labels:
        width = len(label.text) * LETTER_PX
        at = label.x / 100 * PLOT_PX + label.dx
        left = {"start": at, "end": at - width, "middle": at - width / 2}[label.anchor]
        right = left + width
        if left < -4 or right > PLOT_PX + 24:
            continue
        if any(abs(y - label.y) < 13 and left < b + 6 and a < right + 6 for y, a, b in taken):
            continue
        taken.append((label.y, left, right))
        kept.append(label)
    return kept
