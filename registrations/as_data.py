"""Dockets and flags as JSON-ready data: what the API answers with and webhooks tell.

Public ids stand for keys, and each window has its state on a day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from .keys import public_keys
from .models import Demand, Flag
from .rules.docket import Docket
from .rules.findings import concern_data, ruling_data, window_data
from .rules.states import standing


def use_data(docket: Docket) -> dict[str, Any]:
    """The counter of a docket as JSON-ready data."""
    data = ruling_data(docket.use)
    return {name: data[name] for name in ("outcome", "because", "awaiting")}


def docket_data(demand: Demand, docket: Docket, *, today: date) -> dict[str, Any]:
    """A docket as JSON-ready data, each window with its state at the start of ``today``."""
    soon = demand.agreement.company.due_soon_days
    parties = {w.investor for w in docket.windows} | {c.investor for c in docket.concerns}
    investors = {pk: f"join:{pk}" for pk in parties if pk is not None}
    names = public_keys(
        {*(w.key for w in docket.windows), *(c.key for c in docket.concerns), *investors.values()}
    )
    ids = {pk: names[key].removeprefix("join:") for pk, key in investors.items()}
    windows = []
    for window in docket.windows:
        stands = standing(window, today=today, soon_days=soon)
        windows.append(
            {
                **window_data(window),
                "key": names[window.key],
                "investor_id": ids.get(window.investor or 0),
                "state": stands.state.value,
                "days": stands.days,
            }
        )
    return {
        "demand": str(demand.public_id),
        "reference": demand.reference,
        "agreement": demand.agreement.slug,
        "time_zone": demand.agreement.time_zone,
        "as_of": today.isoformat(),
        "ruling": ruling_data(docket.ruling),
        "use": use_data(docket),
        "demand_notice": {
            # A registration the Company makes begins with none.
            "given_on": None if demand.by_company else _iso(docket.demand.given_on),
            "received_on": None if demand.by_company else _iso(docket.demand.received_on),
        },
        "windows": windows,
        "concerns": [
            {
                **concern_data(concern),
                "key": names[concern.key],
                "investor_id": ids.get(concern.investor or 0),
            }
            for concern in docket.concerns
        ],
    }


def flag_data(flag: Flag, key: str) -> dict[str, Any]:
    """A flag as JSON-ready data; ``key`` is its public one."""
    detail = flag.detail
    return {
        "agreement": flag.agreement.slug,
        "demand": str(flag.demand.public_id),
        "reference": flag.demand.reference,
        "key": key,
        "kind": flag.kind,
        "rule": detail.get("rule", ""),
        "clause": detail.get("clause", ""),
        "investor": detail.get("investor", ""),
        "since_on": flag.since_on.isoformat(),
        "text": flag.text,
        "because": detail.get("because", []),
        "raised_at": instant(flag.raised_at),
        "cleared_on": _iso(flag.cleared_on),
        "cleared_at": instant(flag.cleared_at),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def instant(at: datetime | None) -> str | None:
    """An instant as the API gives it."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
