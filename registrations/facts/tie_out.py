"""The register held against the transfer agent's list, security by security (H6)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from investors.models import Agreement, LedgerEntry, ShareCount

from ..rules.securities import Position, added_up
from .register import holdings

_OF = {
    ShareCount.Kind.AGENT_UNITS: LedgerEntry.Security.UNIT,
    ShareCount.Kind.AGENT_COMMON: LedgerEntry.Security.COMMON,
    ShareCount.Kind.AGENT_PREFERRED: LedgerEntry.Security.PREFERRED,
    ShareCount.Kind.AGENT_WARRANTS: LedgerEntry.Security.WARRANT,
}
AGENT_KINDS = tuple(_OF)


class TieOut(NamedTuple):
    """What the register has of a security, and what the agent's list says; whole securities.

    ``register`` is at the end of the day asked about.  ``then`` is at the end of the day of
    the list, and is what the list is held against; both are ``None`` where there is no list.
    """

    kind: ShareCount.Kind
    security: str
    register: int
    paper: ShareCount | None
    then: int | None

    @property
    def difference(self) -> int | None:
        """The register less the list; ``None`` where there is no list."""
        if self.paper is None or self.then is None:
            return None
        return self.then - self.paper.count

    @property
    def outcome(self) -> str:
        """tied_out, differs or no_list."""
        return {None: "no_list", 0: "tied_out"}.get(self.difference, "differs")


def tie_out(agreement: Agreement, on: date) -> list[TieOut]:
    """What the Investors hold at the end of a day, against the latest list of the transfer
    agent by then, security by security."""
    papers: dict[str, ShareCount] = {}
    rows = ShareCount.objects.standing().filter(agreement=agreement, kind__in=AGENT_KINDS)
    for row in rows.filter(on__lte=on).order_by("on", "pk"):
        papers[row.kind] = row
    held = {day: _held(agreement, day) for day in {on, *(paper.on for paper in papers.values())}}
    found = []
    for kind, security in _OF.items():
        paper = papers.get(kind)
        then = held[paper.on][security] if paper is not None else None
        found.append(TieOut(kind, security.value, held[on][security], paper, then))
    return found


def _held(agreement: Agreement, on: date) -> dict[LedgerEntry.Security, int]:
    total = added_up([Position(), *holdings(agreement, on).values()])
    return dict(zip(_OF.values(), total, strict=False))
