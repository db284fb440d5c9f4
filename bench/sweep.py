"""The sweep against the least PostgreSQL can do for the same rows.

The yardstick is one statement over everything due that writes the flag, its line in the
trail and the outbox row, and moves the entry on: no batches, no locks skipped, no test of
what stands already, and the trail written directly instead of by trigger.  Both sides start
from the same rows and must leave the same rows.

Also: what an idle sweep over a million entries reads, in buffers.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import environ
from django.db import connection, connections

from bench.measure import Result, Side, compare, growing, timed
from registrations import sweep

TODAY = date(2003, 10, 3)
NOW = datetime(2003, 10, 3, 16, 0, tzinfo=UTC)
ZONE = "America/Detroit"
SIZES = ((10_000, 5), (100_000, 2), (1_000_000, 0))  # entries, pairs; 0: once each
WRITTEN = ("registrations_flag", "notices_reminder", "registrations_flagevent")


def results() -> Iterator[Result]:
    as_owner()
    for due in (1.0, 0.01):
        yield from growing([_against_one_statement(n, pairs, due) for n, pairs in SIZES])
    yield _idle(SIZES[-1][0])


def _against_one_statement(n: int, pairs: int, due: float) -> Result:
    _fill(n, due)
    batches: list[float] = []
    wal: dict[str, int] = {}
    left: dict[str, Any] = {}

    def ours() -> Any:
        with connection.execute_wrapper(_stopwatch(batches)):
            return _logged("ours", wal, left, lambda: sweep.sweep(NOW))

    def theirs() -> Any:
        return _logged(
            "one statement", wal, left, lambda: _run(_ONE_STATEMENT, today=TODAY, now=NOW)
        )

    numerator = Side("sweep", ours, before=lambda: _reset(triggers=True))
    denominator = Side("one statement", theirs, before=lambda: _reset(triggers=False))
    name = f"sweep-{due:.0%}-due"
    if pairs:
        result = compare(name, numerator, denominator, n=n, pairs=pairs)
    else:
        result = _once(name, numerator, denominator, n)
    flagged = left["ours"]["registrations_flag"][0]
    return result._replace(
        bytes_equal=left["ours"] == left["one statement"],
        notes={
            "flags": flagged,
            "us_per_flag": round(result.us_per_n[0] * n / flagged, 1),
            "wal_bytes_per_flag": {side: used // flagged for side, used in wal.items()},
            "wal_ratio": round(wal["ours"] / wal["one statement"], 2),
            "longest_batch_ms": round(max(batches) * 1000),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
    )


def _once(name: str, numerator: Side, denominator: Side, n: int) -> Result:
    """For the largest size: a run of each takes a minute, so one of each, and one again."""
    times = [timed(side)[0] for side in (denominator, numerator, denominator)]
    few = compare(name, Side("", int), Side("", int), n=n, pairs=1)
    ratio, again = times[1] / times[0], times[2] / times[0]
    return few._replace(
        numerator=numerator.name,
        denominator=denominator.name,
        median=round(ratio, 3),
        ci95=(round(ratio, 3), round(ratio, 3)),
        aa_median=round(again, 3),
        aa_p10_p90=(round(again, 3), round(again, 3)),
        us_per_n=(round(times[1] / n * 1e6, 3), round(times[0] / n * 1e6, 3)),
    )


def _idle(n: int) -> Result:
    """The sweep's own selection when nothing is due, against ``SELECT 1``."""
    _fill(n, 0.0)
    _reset(triggers=True)
    about = {"zone": ZONE, "today": TODAY, "batch": sweep.BATCH}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sweep._LOCK_DUE}", about)
        plan = cursor.fetchone()[0]
    plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return compare(
        "sweep-idle",
        Side("selection of a sweep with nothing due", lambda: sweep._ids(sweep._LOCK_DUE, about)),
        Side("SELECT 1", lambda: sweep._ids("SELECT 1", {})),
        n=n,
        pairs=200,
        buffers=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    )


def as_owner() -> None:
    """Connect as the role that owns the tables: rows are put back with TRUNCATE, and the
    yardstick runs with triggers off."""
    if owner := os.environ.get("MIGRATE_DATABASE_URL"):
        connections["default"].settings_dict["USER"] = environ.Env.db_url_config(owner)["USER"]


def _stopwatch(batches: list[float]) -> Any:
    from time import perf_counter

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            batches.append(perf_counter() - start)

    return wrapper


def _logged(side: str, wal: dict[str, int], left: dict[str, Any], run: Any) -> None:
    """Do a side's work; note the write-ahead log it took and what rows it left."""
    start = _value("SELECT pg_current_wal_insert_lsn()")
    run()
    wal[side] = int(_value("SELECT pg_current_wal_insert_lsn() - %(start)s::pg_lsn", start=start))
    if side not in left:
        left[side] = _left()


def _left() -> dict[str, Any]:
    """Each table written to: rows, and a sum over their contents; and what is still due."""
    sums = {
        "registrations_flag": "hashtextextended(concat_ws('|', demand_id, key, kind, since_on,"
        " text, detail, cleared_on), 0)",
        "registrations_flagevent": "hashtextextended(concat_ws('|', demand_id, key, kind,"
        " since_on, text, detail, pgh_label), 0)",
        "notices_reminder": "hashtextextended(concat_ws('|', key, agreement_id, matter_name,"
        ' "window", step, closes_on, recipient, detail), 0)',
    }
    left: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table, sum_ in sums.items():
            cursor.execute(f"SELECT count(*), sum({sum_}) FROM {table}")  # noqa: S608
            left[table] = cursor.fetchone()
    left["due"] = _value(
        "SELECT count(*) FROM registrations_docketentry WHERE attend_on <= %(today)s", today=TODAY
    )
    return left


def _run(sql: str, **about: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, about)


def _value(sql: str, **about: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return cursor.fetchone()[0]


def _fill(n: int, due: float) -> None:
    """``n`` entries, twenty to a matter, a hundred matters to an agreement: the given share
    of them missed yesterday, the rest far off."""
    _run("TRUNCATE investors_company, investors_user, notices_notice, notices_mail CASCADE")
    _run("DROP TABLE IF EXISTS pristine")
    _run(_WORLD, agreements=max(1, n // 2000), matters=n // 20, zone=ZONE)
    _run(_PRISTINE, n=n, per_cent=due * 100, zone=ZONE, closed_on=date(2003, 10, 2), flag_on=TODAY)
    _run("VACUUM ANALYZE registrations_demand")


def _reset(*, triggers: bool) -> None:
    _run(f"TRUNCATE {', '.join(WRITTEN)}, pghistory_context, registrations_docketentry CASCADE")
    _run("INSERT INTO registrations_docketentry SELECT * FROM pristine")
    _run("VACUUM ANALYZE registrations_docketentry")
    state = "ENABLE" if triggers else "DISABLE"
    _run(f"ALTER TABLE registrations_flag {state} TRIGGER USER")


_WORLD = """
WITH companies AS (
    INSERT INTO investors_company
        (id, name, slug, reminder_days, promptly_business_days, receipt_expected_days,
         due_soon_days)
    SELECT i, 'Company ' || i, 'company-' || i, '{30,14,7,3,1,0,-1}', 3, 7, 7
    FROM generate_series(1, %(agreements)s) i
), users AS (
    INSERT INTO investors_user (id, password, is_superuser, email, name, is_active, is_staff)
    SELECT i, '', false, 'counsel@company-' || i || '.example', 'Counsel ' || i, true, false
    FROM generate_series(1, %(agreements)s) i
), members AS (
    INSERT INTO investors_membership (company_id, user_id, role)
    SELECT i, i, 'counsel' FROM generate_series(1, %(agreements)s) i
), agreements AS (
    INSERT INTO investors_agreement
        (id, company_id, title, slug, dated_on, time_zone, governing_law)
    SELECT i, i, 'Agreement', 'agreement-' || i, '2003-03-30', %(zone)s, ''
    FROM generate_series(1, %(agreements)s) i
), notices AS (
    INSERT INTO notices_notice (id, public_id, agreement_id, number, kind, note)
    SELECT i, gen_random_uuid(), 1 + (i - 1) / 100, i, 'demand', ''
    FROM generate_series(1, %(matters)s) i
)
INSERT INTO registrations_demand (id, public_id, agreement_id, number, notice_id)
SELECT i, gen_random_uuid(), 1 + (i - 1) / 100, i, i FROM generate_series(1, %(matters)s) i
"""

# Which entries are due is spread evenly over the table, not lumped at its beginning.
_PRISTINE = """
CREATE TABLE pristine (LIKE registrations_docketentry);
INSERT INTO pristine
    (id, demand_id, agreement_id, time_zone, kind, key, rule, clause, text, party, force,
     closes_on, flag_kind, flag_on, aim_on, attend_on, detail)
SELECT i, 1 + (i - 1) / 20, 1 + (i - 1) / 2000, %(zone)s, 'window', 'window-' || i %% 20, 'D7',
       '1(a)', 'File the Registration Statement', 'company', 'duty',
       CASE WHEN due THEN %(closed_on)s ELSE date '2030-01-01' END,
       'missed',
       CASE WHEN due THEN %(flag_on)s ELSE date '2030-01-02' END,
       CASE WHEN due THEN %(closed_on)s ELSE date '2030-01-01' END,
       CASE WHEN due THEN %(flag_on)s ELSE date '2029-12-02' END,
       jsonb_build_object(
           'act', 'File the Registration Statement', 'force', 'duty', 'number', i,
           'because', jsonb_build_array(
               jsonb_build_object('rule', 'D7', 'clause', '1(a)', 'text', repeat('because ', 12)),
               jsonb_build_object('rule', 'N7', 'clause', '', 'text', repeat('reckoned ', 12))),
           'readings', jsonb_build_array(), 'awaiting', jsonb_build_array())
FROM (
    SELECT i, (i::bigint * 7919 %% 10000) < %(per_cent)s * 100 AS due
    FROM generate_series(1, %(n)s) i
) AS numbered
"""

_ONE_STATEMENT = """
WITH due AS (
    UPDATE registrations_docketentry SET attend_on = NULL WHERE attend_on <= %(today)s
    RETURNING *
), context AS (
    INSERT INTO pghistory_context (id, created_at, updated_at, metadata)
    VALUES (gen_random_uuid(), now(), now(), '{"act": "sweep", "actor": "Rightsbook"}')
    RETURNING id
), flags AS (
    INSERT INTO registrations_flag
        (demand_id, agreement_id, key, kind, since_on, text, detail, raised_at)
    SELECT demand_id, agreement_id, key, flag_kind, flag_on, text, detail, %(now)s FROM due
    RETURNING *
), trail AS (
    INSERT INTO registrations_flagevent
        (pgh_created_at, pgh_label, id, demand_id, agreement_id, key, kind, since_on, text,
         detail, raised_at, pgh_context_id, pgh_obj_id)
    SELECT now(), 'insert', f.id, demand_id, agreement_id, key, kind, since_on, text, detail,
           raised_at, c.id, f.id
    FROM flags f, context c
)
INSERT INTO notices_reminder
    (key, agreement_id, matter, matter_name, "window", step, aim_on, closes_on, party,
     recipient, detail, created_at)
SELECT d.public_id || ':' || e.key || ':' || to_char(e.closes_on, 'YYYY-MM-DD') || ':-1:'
           || u.email,
       e.agreement_id, d.public_id, 'DR-' || d.number, e.key, -1, e.aim_on, e.closes_on,
       e.party, u.email, e.detail, %(now)s
FROM due e
JOIN registrations_demand d ON d.id = e.demand_id
JOIN investors_agreement a ON a.id = e.agreement_id
JOIN investors_membership m ON m.company_id = a.company_id
JOIN investors_user u ON u.id = m.user_id
"""
