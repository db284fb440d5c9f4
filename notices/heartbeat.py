"""Signs of life of the background jobs: a dead one is seen by the age of its last beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .models import Heartbeat

EVERY_SECONDS: Mapping[str, int] = {"sweep": 60, "relay": 15}
TRAIL, ONE_DAY = "trail", 86_400


class Pulse(NamedTuple):
    """A job's last finished round.  ``age`` is in seconds, ``None`` if it never finished
    one; a job is ``dead`` when that is more than three of its periods ago, and the look through
    the audit trail when it found it broken."""

    name: str
    beat_at: datetime | None
    age: int | None
    dead: bool
    detail: Mapping[str, Any]


def beat(name: str, *, now: datetime, **detail: Any) -> None:
    """Write that a job finished a round, and what it left waiting."""
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={"beat_at": now, "every_seconds": EVERY_SECONDS[name], "detail": detail},
    )


def pulse(now: datetime) -> list[Pulse]:
    """Each job that ought to be running, and whether it is."""
    last = {row.name: row for row in Heartbeat.objects.filter(name__in=[*EVERY_SECONDS, TRAIL])}
    pulses = []
    for name, every in EVERY_SECONDS.items():
        row = last.get(name)
        if row is None:
            pulses.append(Pulse(name, None, None, True, {}))
            continue
        age = int((now - row.beat_at).total_seconds())
        pulses.append(Pulse(name, row.beat_at, age, age > 3 * every, row.detail))
    if (row := last.get(TRAIL)) is not None:
        age = int((now - row.beat_at).total_seconds())
        pulses.append(Pulse(TRAIL, row.beat_at, age, bool(row.detail["broken"]), row.detail))
    return pulses


def trail_verified(now: datetime, acts: int, broken: Sequence[str]) -> None:
    """Write that the audit trail was looked through, and where it is broken."""
    Heartbeat.objects.update_or_create(
        name=TRAIL,
        defaults={
            "beat_at": now, "every_seconds": ONE_DAY,
            "detail": {"acts": acts, "broken": list(broken)},
        },
    )  # fmt: skip


def trail_due(now: datetime) -> bool:
    """Whether the audit trail was not looked through for nearly a day."""
    row = Heartbeat.objects.filter(name=TRAIL).first()
    return row is None or (now - row.beat_at).total_seconds() > ONE_DAY - 3600
