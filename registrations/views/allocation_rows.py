"""An allocation as a page and a spreadsheet show it: rows, bars, and sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from registrations.models import AllocationLine
from registrations.services.offering import Seller
from registrations.tables import Cell, Table

Came = AllocationLine.Came


class Row(NamedTuple):
    """One line of an allocation: a holder alone, an affiliate group, or one of its members."""

    kind: str  # alone | group | member
    name: str
    note: str
    held: int
    asked: int
    gets: int
    otherwise: int | None
    widest: int

    @property
    def cut(self) -> int:
        return self.asked - self.gets

    @property
    def x_asked(self) -> float:
        """How far the bar of what is asked reaches, in percent of the widest."""
        return round(100 * self.asked / self.widest, 2) if self.widest else 0

    @property
    def x_gets(self) -> float:
        return round(100 * self.gets / self.widest, 2) if self.widest else 0


class Capacity(NamedTuple):
    """Everything asked for, as the Company's part, the holders' and what is left out."""

    company: int
    holders: int
    out: int

    @property
    def asked(self) -> int:
        return self.company + self.holders + self.out

    @property
    def bars(self) -> list[tuple[str, str, int, float, float]]:
        """Each part's class, name, shares, and where its bar begins and how wide it is."""
        found, at = [], 0
        parts = zip(("company", "holders", "out"), ("Company", "Holders", "Left out"), self,
                    strict=True)  # fmt: skip
        for kind, name, shares in parts:
            width = round(100 * shares / self.asked, 3) if self.asked else 0
            found.append((kind, name, shares, round(100 * at / max(1, self.asked), 3), width))
            at += shares
        return found


def rows_of(
    sellers: Iterable[Seller], gets: Mapping[int, int], otherwise: Mapping[int, int] | None = None
) -> list[Row]:
    """The holders that are counted, each affiliate group before its members."""
    counted = [s for s in sellers if s.counted and s.came != Came.COMPANY]
    groups: dict[str, list[Seller]] = {}
    for s in counted:
        groups.setdefault(s.group.casefold() or f"\0{s.id}", []).append(s)
    parts = sorted(groups.values(), key=lambda g: (-sum(s.held for s in g), g[0].id))
    widest = max((sum(s.asked for s in g) for g in parts), default=0)

    def row(kind: str, name: str, note: str, some: Sequence[Seller]) -> Row:
        return Row(
            kind,
            name,
            note,
            sum(s.held for s in some),
            sum(s.asked for s in some),
            sum(gets.get(s.id, 0) for s in some),
            None if otherwise is None else sum(otherwise.get(s.id, 0) for s in some),
            widest,
        )

    found = []
    for part in parts:
        if len(part) > 1:
            found.append(row("group", part[0].group, "Counted as a single holder", part))
        for s in part:
            note = "" if s.came == Came.IN_TIME else Came(s.came).label
            found.append(row("member" if len(part) > 1 else "alone", s.name, note, [s]))
    return found


def allocation_table(name: str, sellers: Iterable[Seller], gets: Mapping[int, int]) -> Table:
    """An allocation as a file has it: a row for each seller."""

    def row(s: Seller) -> Sequence[Cell]:
        got = gets.get(s.id, 0)
        return [
            s.name, Came(s.came).label, "yes" if s.counted else "no", s.group, s.held, s.asked,
            got, s.asked - got if s.counted else None,
        ]  # fmt: skip

    return Table(
        name,
        ["Seller", "Request", "Counted", "Counts with", "Held", "Asked for", "Allocated", "Cut"],
        map(row, sellers),
    )
