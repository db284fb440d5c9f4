"""The sweep: make flags and reminders agree with the dockets as they stand today.

It asks what should stand, compares that with what stands, and closes the gap both ways.
Run twice, late, or beside itself it gives the same result: entries are locked first, and
unique keys make a second pass a no-op.  ``attend_on`` only saves looking where nothing
can have changed; ``sweep_all`` does without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pghistory
from django.db import connection, transaction

from investors.models import Agreement
from notices.steps import step

from .models import Demand, DocketEntry

BATCH = 2000
AT_ONCE = date.min


class Swept(NamedTuple):
    """What a sweep did: entries looked at, flags raised and cleared, reminders queued
    and dropped."""

    attended: int = 0
    raised: int = 0
    cleared: int = 0
    queued: int = 0
    dropped: int = 0

    def and_then(self, other: Swept) -> Swept:
        return Swept(*(a + b for a, b in zip(self, other, strict=True)))


def sweep(now: datetime) -> Swept:
    """Attend to every entry whose day has come, a batch to a transaction."""
    done = Swept()
    for zone, today in _todays(now):
        while True:
            with _batch():
                ids = _ids(_LOCK_DUE, {"zone": zone, "today": today, "batch": BATCH})
                step("sweep.locked")
                swept = _settle(ids, today=today, now=now)
                step("sweep.settled")
            step("sweep.committed")
            done = done.and_then(swept)
            if len(ids) < BATCH:
                break
    return done


def sweep_all(now: datetime) -> Swept:
    """Attend to every entry, its day come or not.

    Catches what no entry can know of: a person added to those reminded, reminder days
    changed, a clock that was wrong for a while.
    """
    done = Swept()
    for zone, today in _todays(now):
        after = 0
        while True:
            with _batch():
                ids = _ids(_LOCK_NEXT, {"zone": zone, "after": after, "batch": BATCH})
                done = done.and_then(_settle(ids, today=today, now=now))
            if not ids:
                break
            after = max(ids)
    return done


@contextmanager
def _batch() -> Iterator[None]:
    """A transaction that is an act of its own: one that went on after it was committed could
    not be sealed."""
    with transaction.atomic(), pghistory.context(act="sweep", actor="Rightsbook"):
        yield


@transaction.atomic
def reconcile(demand_id: int, now: datetime) -> Swept:
    """The sweep of one matter, for a service to run right after a fact was recorded."""
    done = clear_orphans(demand_id, now)
    today = Agreement.objects.get(demands=demand_id).day_of(now)
    ids = _ids(_LOCK_MATTER, {"demand": demand_id, "today": today})
    for start in range(0, len(ids), BATCH):
        done = done.and_then(_settle(ids[start : start + BATCH], today=today, now=now))
    return done


def clear_orphans(demand_id: int, now: datetime) -> Swept:
    """Clear the flags and drop the unsent reminders of entries a matter no longer has."""
    demand = Demand.objects.select_related("agreement").get(pk=demand_id)
    about: dict[str, Any] = {
        "demand": demand_id,
        "matter": demand.public_id,
        "today": demand.agreement.day_of(now),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR_ORPHANS, about)
        cleared = cursor.rowcount
        cursor.execute(_DROP_ORPHANS, about)
        return Swept(cleared=cleared, dropped=cursor.rowcount)


def attend_again(agreement_ids: Iterable[int]) -> None:
    """Have the next sweep look at every open window of some agreements: who is reminded,
    or when, has changed."""
    DocketEntry.objects.filter(
        agreement_id__in=agreement_ids, aim_on__isnull=False, done_on=None
    ).update(attend_on=AT_ONCE)


def _todays(now: datetime) -> list[tuple[str, date]]:
    """Each time zone in use with its day at one instant."""
    zones = Agreement.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    return [(zone, now.astimezone(ZoneInfo(zone)).date()) for zone in zones]


def _ids(sql: str, about: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return [row[0] for row in cursor.fetchall()]


def _settle(ids: Sequence[int], *, today: date, now: datetime) -> Swept:
    """Close the gap for entries this transaction has locked.

    A statement of its own, after the lock, so that it sees whatever the last holder of
    the lock committed.
    """
    if not ids:
        return Swept()
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"ids": list(ids), "today": today, "now": now, "kinds": _KINDS})
        row = cursor.fetchone()
    return Swept(len(ids), *row)


_KINDS = json.dumps({str(value): str(label) for value, label in Demand.Kind.choices})

_LOCK_DUE = """
SELECT id FROM registrations_docketentry
WHERE time_zone = %(zone)s AND attend_on <= %(today)s
ORDER BY attend_on LIMIT %(batch)s
FOR NO KEY UPDATE SKIP LOCKED
"""

_LOCK_NEXT = """
SELECT id FROM registrations_docketentry
WHERE time_zone = %(zone)s AND id > %(after)s
ORDER BY id LIMIT %(batch)s
FOR NO KEY UPDATE
"""

_LOCK_MATTER = """
SELECT id FROM registrations_docketentry
WHERE demand_id = %(demand)s AND attend_on <= %(today)s
ORDER BY id
FOR NO KEY UPDATE
"""

# A reminder is owed at the tightest step reached: a level, not an edge, so that an outage
# of a week ends in one reminder, not in all those missed.  Steps from 0 up count down to
# the practical day; those after the end count from the last day itself.
#
# A flag whose day has moved is cleared and raised anew, so that the old one keeps its text.
# `raised` reads `cleared` in order to run after it: both touch the same unique key.
#
# A reminder dropped before it was sent is taken up again if it is owed after all; one
# that was sent never is.
#
# OFFSET 0, and naming the ids once more, keep the planner to one index look-up an entry,
# whatever it believes the size of a fast-growing table to be.
_SETTLE = """
WITH entry AS MATERIALIZED (
    SELECT e.id, e.demand_id, e.agreement_id, e.key, e.party, e.investor_id, e.text, e.detail,
           e.closes_on, e.done_on, e.aim_on, e.flag_kind, e.flag_on, e.attend_on,
           d.public_id AS matter,
           CASE
               WHEN e.party = 'investor' THEN %(kinds)s::jsonb ->> d.kind
               ELSE CASE d.kind WHEN 'company' THEN 'CR-' ELSE 'DR-' END || d.number
           END AS matter_name,
           a.company_id, c.reminder_days
    FROM registrations_docketentry e
    JOIN registrations_demand d ON d.id = e.demand_id
    JOIN investors_agreement a ON a.id = e.agreement_id
    JOIN investors_company c ON c.id = a.company_id
    WHERE e.id = ANY(%(ids)s)
), step AS MATERIALIZED (
    SELECT e.id, s.step,
           CASE WHEN s.step < 0 THEN e.closes_on ELSE e.aim_on END - s.step AS due_on
    FROM entry e CROSS JOIN unnest(e.reminder_days) AS s(step)
    WHERE e.aim_on IS NOT NULL AND e.closes_on IS NOT NULL AND e.done_on IS NULL
), level AS MATERIALIZED (
    SELECT id,
           min(step) FILTER (WHERE due_on <= %(today)s) AS step,
           min(due_on) FILTER (WHERE due_on > %(today)s) AS next_on
    FROM step GROUP BY id
), person AS MATERIALIZED (
    SELECT 'company' AS party, m.company_id AS of_id, lower(u.email) AS email
    FROM investors_membership m JOIN investors_user u ON u.id = m.user_id AND u.is_active
    WHERE m.company_id IN (SELECT company_id FROM entry)
      AND m.ended_at IS NULL AND m.role IN ('owner', 'counsel')
    UNION
    SELECT 'investor', p.investor_id, p.email
    FROM (
        SELECT c.investor_id, lower(c.email) AS email
        FROM investors_contact c
        WHERE c.investor_id IN (SELECT investor_id FROM entry WHERE party = 'investor')
          AND c.ended_at IS NULL
        UNION
        SELECT r.investor_id, lower(u.email)
        FROM investors_representative r JOIN investors_user u ON u.id = r.user_id AND u.is_active
        WHERE r.investor_id IN (SELECT investor_id FROM entry WHERE party = 'investor')
          AND r.ended_at IS NULL
    ) AS p
    WHERE NOT EXISTS (
        SELECT FROM investors_mailchoice m JOIN investors_user u ON u.id = m.user_id
        WHERE NOT m.remind AND lower(u.email) = p.email
    )
), owed AS MATERIALIZED (
    SELECT e.*, l.step, p.email,
           e.matter || ':' || e.key || ':' || to_char(e.closes_on, 'YYYY-MM-DD') || ':'
               || l.step || ':' || p.email AS reminder_key
    FROM level l
    JOIN entry e ON e.id = l.id
    JOIN person p ON p.party = e.party
        AND p.of_id = CASE e.party WHEN 'company' THEN e.company_id ELSE e.investor_id END
    WHERE l.step IS NOT NULL
), standing AS MATERIALIZED (
    SELECT f.id, e.flag_on IS NULL OR e.flag_on > %(today)s
                 OR e.flag_kind <> f.kind OR e.flag_on <> f.since_on AS unwanted
    FROM entry e CROSS JOIN LATERAL (
        SELECT id, kind, since_on FROM registrations_flag
        WHERE demand_id = e.demand_id AND key = e.key AND cleared_at IS NULL
        OFFSET 0
    ) AS f
), cleared AS (
    UPDATE registrations_flag f SET cleared_on = %(today)s, cleared_at = %(now)s
    FROM standing s
    WHERE f.id = s.id AND s.unwanted AND f.cleared_at IS NULL
    RETURNING 1
), raised AS (
    INSERT INTO registrations_flag
        (demand_id, agreement_id, key, kind, since_on, text, detail, raised_at)
    SELECT e.demand_id, e.agreement_id, e.key, e.flag_kind, e.flag_on, e.text, e.detail, %(now)s
    FROM entry e
    WHERE e.flag_on <= %(today)s AND (SELECT count(*) FROM cleared) >= 0
    ON CONFLICT (demand_id, key, kind) WHERE cleared_at IS NULL DO NOTHING
    RETURNING 1
), unsent AS MATERIALIZED (
    SELECT r.id, r.key
    FROM entry e CROSS JOIN LATERAL (
        SELECT id, key, mail_id FROM notices_reminder
        WHERE matter = e.matter AND "window" = e.key AND dropped_at IS NULL
        OFFSET 0
    ) AS r
    LEFT JOIN notices_mail m ON m.id = r.mail_id
    WHERE m.sent_at IS NULL
), dropped AS (
    UPDATE notices_reminder r SET dropped_at = %(now)s
    FROM unsent u
    WHERE r.id = u.id AND NOT EXISTS (SELECT FROM owed o WHERE o.reminder_key = u.key)
    RETURNING 1
), queued AS (
    INSERT INTO notices_reminder AS r
        (key, agreement_id, matter, matter_name, "window", step, aim_on, closes_on, party,
         recipient, detail, created_at)
    SELECT reminder_key, agreement_id, matter, matter_name, key, step, aim_on, closes_on, party,
           email, detail, %(now)s
    FROM owed
    ON CONFLICT (key) DO UPDATE
    SET mail_id = CASE WHEN r.dropped_at IS NULL THEN r.mail_id END,
        dropped_at = NULL, aim_on = EXCLUDED.aim_on, detail = EXCLUDED.detail
    WHERE (r.dropped_at IS NOT NULL OR r.detail <> EXCLUDED.detail)
      AND NOT EXISTS (
          SELECT FROM notices_mail m WHERE m.id = r.mail_id AND m.sent_at IS NOT NULL
      )
    RETURNING 1
), attended AS (
    UPDATE registrations_docketentry t SET attend_on = n.attend_on
    FROM (
        SELECT e.id,
               LEAST(l.next_on, CASE WHEN e.flag_on > %(today)s THEN e.flag_on END) AS attend_on
        FROM entry e LEFT JOIN level l ON l.id = e.id
    ) n
    WHERE t.id = n.id AND t.id = ANY(%(ids)s) AND t.attend_on IS DISTINCT FROM n.attend_on
)
SELECT (SELECT count(*) FROM raised), (SELECT count(*) FROM cleared),
       (SELECT count(*) FROM queued), (SELECT count(*) FROM dropped)
"""

_CLEAR_ORPHANS = """
UPDATE registrations_flag f SET cleared_on = %(today)s, cleared_at = %(now)s
WHERE f.demand_id = %(demand)s AND f.cleared_at IS NULL
  AND NOT EXISTS (
      SELECT FROM registrations_docketentry e
      WHERE e.demand_id = f.demand_id AND e.key = f.key
        AND e.flag_kind = f.kind AND e.flag_on IS NOT NULL
  )
"""

_DROP_ORPHANS = """
UPDATE notices_reminder r SET dropped_at = %(now)s
WHERE r.matter = %(matter)s AND r.dropped_at IS NULL
  AND NOT EXISTS (
      SELECT FROM registrations_docketentry e
      WHERE e.demand_id = %(demand)s AND e.key = r."window"
        AND e.aim_on IS NOT NULL AND e.done_on IS NULL AND e.closes_on = r.closes_on
  )
  AND NOT EXISTS (
      SELECT FROM notices_mail m WHERE m.id = r.mail_id AND m.sent_at IS NOT NULL
  )
"""
