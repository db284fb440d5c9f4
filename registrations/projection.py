"""The projection of each matter's docket, rewritten from facts whenever one changes.

It holds what the rules gave: windows and concerns with their reasons and days, never a
status.  It can be dropped and rebuilt at any time, and ``verify`` proves rebuilt = stored.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from investors.models import Agreement

from .facts import docket_of
from .models import Demand, DocketEntry, DocketState
from .rules.docket import Docket
from .rules.findings import Concern, Window, concern_data, ruling_data, window_data
from .rules.states import flag_from, reminders_aim_at

logger = logging.getLogger(__name__)

AT_ONCE = date(1, 1, 1)
RETRY_AFTER = timedelta(hours=1)


@transaction.atomic
def rebuild(demand_id: int, *, now: datetime) -> bool:
    """Rewrite one matter's projection from its facts; ``True`` when it is in order.

    The agreement stays locked, as in every act, so that what is written follows from the
    last facts committed.

    A matter whose rules raise is set aside with the error and tried again in an hour:
    its facts stay recorded and the other matters are not held up.
    """
    _lock(demand_id)
    demand = Demand.objects.select_related("agreement__company").get(pk=demand_id)
    try:
        with transaction.atomic():
            docket = docket_of(demand)
            _write(demand, entries(demand, docket))
    except Exception as wrong:
        logger.exception("the docket of %s could not be worked out", demand.public_id)
        DocketState.objects.update_or_create(
            demand=demand,
            defaults={
                "error": f"{type(wrong).__name__}: {wrong}",
                "retry_at": now + RETRY_AFTER,
                "rebuilt_at": now,
            },
        )
        return False
    DocketState.objects.update_or_create(
        demand=demand,
        defaults={
            "outcome": docket.ruling.outcome,
            "ruling": ruling_data(docket.ruling),
            "use": docket.use.outcome,
            "error": "",
            "retry_at": None,
            "rebuilt_at": now,
        },
    )
    return True


def _lock(demand_id: int) -> None:
    list(
        Agreement.objects.select_for_update(no_key=True, of=("self",))
        .filter(demands=demand_id)
        .values_list("pk")
    )


def differs(demand_id: int) -> list[str]:
    """The keys of a matter's entries that are not what its facts give, and ``(ruling)``
    when its state is not: none, if all is well."""
    demand = Demand.objects.select_related("agreement__company").get(pk=demand_id)
    docket = docket_of(demand)
    wanted = entries(demand, docket)
    stored = _stored(demand)
    wrong = [
        key
        for key in wanted.keys() | stored.keys()
        if key not in wanted or key not in stored or _values(stored[key]) != _values(wanted[key])
    ]
    state = DocketState.objects.filter(demand=demand).first()
    if state is None or (state.outcome, state.ruling, state.use, state.error) != (
        docket.ruling.outcome,
        ruling_data(docket.ruling),
        docket.use.outcome,
        "",
    ):
        wrong.append("(ruling)")
    return sorted(wrong)


def verify(*, now: datetime) -> list[str]:
    """Rebuild every matter whose projection is not what its facts give; name them."""
    mended = []
    for pk, public_id in list(Demand.objects.order_by("pk").values_list("pk", "public_id")):
        with transaction.atomic():
            _lock(pk)
            try:
                with transaction.atomic():
                    wrong = differs(pk)
            except Exception:
                rebuild(pk, now=now)
                continue
            if wrong:
                logger.error("projection of %s differed at %s", public_id, ", ".join(wrong))
                rebuild(pk, now=now)
                mended.append(str(public_id))
    return mended


def entries(demand: Demand, docket: Docket) -> dict[str, DocketEntry]:
    """The rows a docket projects to, by key; not saved."""
    rows = [_window_row(demand, w) for w in docket.windows]
    rows += [_concern_row(demand, c) for c in docket.concerns]
    return {row.key: row for row in rows}


def _window_row(demand: Demand, window: Window) -> DocketEntry:
    flag_on = flag_from(window)
    return DocketEntry(
        **_common(demand),
        kind=DocketEntry.Kind.WINDOW,
        key=window.key,
        rule=window.rule,
        clause=window.clause,
        text=window.act,
        party=window.party.value,
        force=window.force.value,
        investor_id=window.investor,
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        lenient_on=window.lenient_on,
        practical_opens_on=window.practical_opens_on,
        practical_closes_on=window.practical_closes_on,
        done_on=window.done_on,
        waived_on=window.waived_on,
        flag_kind="missed" if flag_on else "",
        flag_on=flag_on,
        aim_on=reminders_aim_at(window),
        detail=window_data(window),
    )


def _concern_row(demand: Demand, concern: Concern) -> DocketEntry:
    return DocketEntry(
        **_common(demand),
        kind=DocketEntry.Kind.CONCERN,
        key=concern.key,
        rule=concern.rule,
        clause=concern.clause,
        text=concern.text,
        investor_id=concern.investor,
        flag_kind=concern.kind,
        flag_on=concern.since,
        detail=concern_data(concern),
    )


def _common(demand: Demand) -> Mapping[str, Any]:
    return {
        "demand": demand,
        "agreement": demand.agreement,
        "time_zone": demand.agreement.time_zone,
        "attend_on": AT_ONCE,
    }


_KEPT = [
    f.attname
    for f in DocketEntry._meta.concrete_fields
    if f.attname not in ("id", "demand_id", "attend_on")
]


def _values(row: DocketEntry) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _KEPT)


def _stored(demand: Demand) -> dict[str, DocketEntry]:
    return {row.key: row for row in DocketEntry.objects.filter(demand=demand)}


def _write(demand: Demand, wanted: Mapping[str, DocketEntry]) -> None:
    """Close the gap between what should stand and what stands, row by row that differs."""
    stored = _stored(demand)
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    changed = []
    for key, row in wanted.items():
        if key in stored and _values(stored[key]) != _values(row):
            row.pk = stored[key].pk
            changed.append(row)
    DocketEntry.objects.filter(pk__in=gone).delete()
    DocketEntry.objects.bulk_update(changed, _UPDATED, batch_size=500)
    DocketEntry.objects.bulk_create(
        [row for key, row in wanted.items() if key not in stored], batch_size=1000
    )


_UPDATED = [f.name for f in DocketEntry._meta.concrete_fields if f.name not in ("id", "demand")]
