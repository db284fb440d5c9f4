"""What row-level security costs: a page of one Investor's ledger, asked for by the
application's role for a person who acts for it, against the same statement asked for by the
superuser, whom no policy holds.  Both name the Investor; the policy is beside that.

The control asks as the person without naming the Investor, which leaves all the telling
apart to the policy: it gives the same rows, and reads every one there is.
"""

from __future__ import annotations

import os
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from bench.measure import Result, Side, compare, growing
from config.embedded.postgres import SUPERUSER
from investors.models import Agreement, Company, Investor, LedgerEntry, Representative, User

SIZES = (10_000, 100_000, 1_000_000)  # lines in the ledger
OF_ONE = 100  # of one Investor
IN_ONE_AGREEMENT = 10_000
ASKED = 200  # times a run

FILL = """
insert into investors_ledgerentry
  (agreement_id, investor_id, act, kind, security, change, "on", note, sold_under)
select i.agreement_id, i.id, gen_random_uuid(), 'issue', 'unit', 1 + n %% 7, date '2003-03-31' + n,
       '', ''
from investors_investor i, generate_series(1, %s) n
"""


def results() -> Iterator[Result]:
    lines: dict[str, list[Result]] = defaultdict(list)
    url = os.environ["DATABASE_URL"]
    held = psycopg.connect(url, autocommit=True)
    free = psycopg.connect(make_conninfo(url, user=SUPERUSER), autocommit=True)
    for size in SIZES:
        person, investor = _filled(size, free)
        held.execute("select rightsbook_sees(%s, null, false)", [person.pk])
        own = LedgerEntry.objects.filter(agreement=investor.agreement_id, investor=investor)
        page, params = own.order_by("on", "pk")[:25].query.sql_with_params()
        plan = "\n".join(row[0] for row in held.execute(f"explain {page}", params))
        lines["named"].append(
            compare(
                "a page of one Investor's ledger under row-level security",
                Side("as its person", partial(_ask, held, page, params)),
                Side("as superuser", partial(_ask, free, page, params)),
                n=size,
                digest=lambda rows: repr(rows).encode(),
                index="Index Cond" in plan,
                target=1.1,
            )
        )
        every, none = LedgerEntry.objects.order_by("on", "pk")[:25].query.sql_with_params()
        lines["unnamed"].append(
            compare(
                "the same, left to the policy alone (control)",
                Side("as its person", partial(_ask, held, every, none, times=1)),
                Side("as superuser, named", partial(_ask, free, page, params, times=1)),
                n=size,
                pairs=6,
            )
        )
    for kind in lines:
        yield from growing(lines[kind])


def _ask(
    connection: psycopg.Connection, sql: str, params: tuple[Any, ...], times: int = ASKED
) -> list[Any]:
    found: list[Any] = []
    for _ in range(times):
        found = connection.execute(sql, params).fetchall()
    return found


def _filled(lines: int, free: psycopg.Connection) -> tuple[User, Investor]:
    """So many lines of ledger, in agreements of 10,000, and somebody who acts for one
    Investor."""
    free.execute("truncate investors_ledgerentry, investors_ledgerentryevent")
    Representative.objects.all().delete()
    free.execute("truncate investors_investor cascade")
    company, _ = Company.objects.get_or_create(name="A company", slug="a-company")
    for n in range(lines // IN_ONE_AGREEMENT):
        agreement, _ = Agreement.objects.get_or_create(
            slug=f"agreement-{n}", company=company, dated_on=date(2003, 3, 30),
            time_zone="America/Detroit",
        )  # fmt: skip
        Investor.objects.bulk_create(
            Investor(agreement=agreement, name=f"Investor {i}", party_from=date(2003, 3, 30))
            for i in range(IN_ONE_AGREEMENT // OF_ONE)
        )
    free.execute("set session_replication_role = replica")
    free.execute(FILL, [OF_ONE])
    free.execute("set session_replication_role = origin")
    free.execute("vacuum analyze investors_ledgerentry")
    investor = Investor.objects.order_by("pk")[lines // OF_ONE // 2]
    person = User.objects.create_user(f"{uuid.uuid4()}@example.com", name="A person")
    Representative.objects.create(investor=investor, user=person, role="views")
    return person, investor
