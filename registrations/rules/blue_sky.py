"""Blue sky: the states the Selling Investors asked for, and where each stands (S3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

STATES: Mapping[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
    "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VI": "Virgin Islands", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
"""Where a blue sky law may ask for registration or qualification, by postal code."""

ASKED = "requested"
DONE = ("cleared", "not_needed")
ENDED = ("refused", "withdrawn")


class StateFact(NamedTuple):
    """One dated entry about a state: ``kind`` is requested, filed, cleared, refused,
    withdrawn or not_needed; ``who`` asked, in a request."""

    id: int
    state: str
    kind: str
    on: date
    who: str = ""
    note: str = ""


class StateRow(NamedTuple):
    """A state on a day: who asked for it, the entry that says where it stands, and all of
    its entries in order."""

    state: str
    asked: tuple[StateFact, ...]
    says: StateFact
    entries: tuple[StateFact, ...]

    @property
    def name(self) -> str:
        return STATES.get(self.state, self.state)

    @property
    def open(self) -> bool:
        """Whether the Company still has it to do, its best efforts being owed."""
        return self.says.kind not in (*DONE, *ENDED)


def status(entries: Sequence[StateFact]) -> StateFact:
    """The entry that says where a state stands, section 2(d) (S3): the last of all but the
    requests.

    A request says it only where nothing was done, or where what was done had been refused
    or withdrawn before it: asking again for a state already cleared reopens nothing.
    """
    ordered = sorted(entries, key=lambda e: (e.on, e.id))
    done = [e for e in ordered if e.kind != ASKED]
    last = ordered[-1]
    if not done or (last.kind == ASKED and done[-1].kind in ENDED):
        return last
    return done[-1]


def grid(entries: Iterable[StateFact], day: date) -> tuple[StateRow, ...]:
    """Every state somebody asked for or something was done in by ``day``, by name."""
    known = sorted(
        (e for e in entries if e.on <= day),
        key=lambda e: (STATES.get(e.state, e.state), e.on, e.id),
    )
    rows = []
    for state, some in groupby(known, key=lambda e: e.state):
        found = tuple(some)
        asked = tuple(e for e in found if e.kind == ASKED)
        rows.append(StateRow(state, asked, status(found), found))
    return tuple(rows)
