"""A docket derived in Python against the same findings from one SQL query.

The query is written from the agreement and not from the rules, so it is an oracle as well:
both sides must put out the same rows.  It finds the days and states of the joining and
filing windows only; the rules give every window, with its reasons, readings and concerns,
so the ratio is what the reasons cost.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from registrations.library import agreement as library
from registrations.rules.days import BusinessDays, Period, Unit
from registrations.rules.docket import Docket, demand_docket
from registrations.rules.findings import Decision
from registrations.rules.matter import DemandFacts, Filing, House, Initiator, Invited, Request
from registrations.rules.notice import Address, Consent, Copy, Post
from registrations.rules.states import standing
from registrations.rules.terms import Terms

from .measure import Result, Side, compare, growing

TERMS = Terms.from_entries(library("bestnet").terms)
HOUSE = House(promptly=Period(3, Unit.BUSINESS), receipt_expected=Period(10))
WEEKDAYS = BusinessDays()
DUE_SOON = 7
RECEIVED = date(2003, 6, 2)
TODAY = RECEIVED + timedelta(25)
LISTED = tuple(TERMS.notice_methods)
EVERY_METHOD = (*LISTED, *TERMS.electronic_methods, "pigeon")
SIZES = ((10, 100), (1_000, 1), (10_000, 1))  # Investors in a matter, matters


# --- Matters --------------------------------------------------------------------------------


def ordinary(investors: int, *, seed: int) -> DemandFacts:
    """A matter as one would expect it: each Investor told once, half of them answering."""
    rng = random.Random(seed)
    return DemandFacts(
        post=Post((Copy(1, "personal", RECEIVED, RECEIVED),)),
        initiators=(Initiator(0, "Initiator", TERMS.units_offered, 600, 600),),
        units_issued=TERMS.units_offered,
        units_held=TERMS.units_offered,
        invited=tuple(_told(n, rng) for n in range(1, investors + 1)),
    )


def _told(n: int, rng: random.Random) -> Invited:
    sent_on = RECEIVED + timedelta(rng.randint(1, 3))
    received_on = sent_on + timedelta(rng.randint(1, 9)) if rng.random() < 0.9 else None
    copy = Copy(n, rng.choice(LISTED), sent_on, received_on, address=n)
    requests: tuple[Request, ...] = ()
    if rng.random() < 0.5:
        came_on = sent_on + timedelta(rng.randint(5, 35))
        requests = (
            Request(
                n,
                Post((Copy(n, "facsimile", came_on, came_on),)),
                shares=600,
                distribution="Through a broker",
                other_information="",
                held=6_000,
            ),
        )
    return Invited(n, f"Investor {n}", Post((copy,), (Address(n, date(2003, 3, 30)),)), requests)


def strange(*, seed: int) -> DemandFacts:
    """A small matter in which anything may be missing, repeated, superseded or withdrawn."""
    rng = random.Random(seed)
    facts = ordinary(0, seed=seed)
    invited = tuple(
        Invited(n, f"Investor {n}", _strange_post(rng), _strange_answers(rng))
        for n in range(1, rng.randint(1, 5))
    )
    answered = [r.id for i in invited for r in i.requests]
    decided = {
        f"request:{n}": Decision("", rng.choice(("given", "received")), TODAY, "")
        for n in answered
        if rng.random() < 0.3
    }
    return facts._replace(
        post=_strange_post(rng) if rng.random() < 0.3 else facts.post,
        invited=invited,
        filing=Filing(_near(rng, 70)) if rng.random() < 0.4 else None,
        decisions=decided,
    )


def _near(rng: random.Random, most: int) -> date:
    return RECEIVED + timedelta(rng.randint(0, most))


def _strange_post(rng: random.Random) -> Post:
    return Post(
        tuple(_strange_copy(n, rng) for n in range(rng.randint(0, 3))),
        tuple(Address(n, _near(rng, 8)) for n in rng.sample(range(3), rng.randint(0, 3))),
        tuple(_strange_consent(rng) for _ in range(rng.randint(0, 2))),
    )


def _strange_copy(n: int, rng: random.Random) -> Copy:
    sent_on = _near(rng, 10)
    received_on = sent_on + timedelta(rng.randint(0, 12)) if rng.random() < 0.7 else None
    known = sent_on if received_on is None or rng.random() < 0.9 else None
    return Copy(n, rng.choice(EVERY_METHOD), known, received_on, rng.choice((None, 0, 1, 2)))


def _strange_consent(rng: random.Random) -> Consent:
    signed_on = _near(rng, 15)
    withdrawn_on = signed_on + timedelta(rng.randint(0, 10)) if rng.random() < 0.5 else None
    return Consent(signed_on, withdrawn_on)


def _strange_answers(rng: random.Random) -> tuple[Request, ...]:
    first = rng.randrange(1_000_000)
    posts = [
        Post((Copy(1, rng.choice(LISTED), None, _near(rng, 45)),)) for _ in range(rng.randint(0, 3))
    ]
    return tuple(
        Request(first + n, post, declines=rng.random() < 0.3) for n, post in enumerate(posts)
    )


# --- The rules ------------------------------------------------------------------------------


# One finding, as both sides put it out: matter, Investor (0 for the filing window), first day,
# last day, last day on the most lenient reading, state.
Found: TypeAlias = tuple[int, int, date | None, date | None, date | None, str]


def derive(matters: Iterable[DemandFacts]) -> Iterator[Docket]:
    for facts in matters:
        yield demand_docket(facts, terms=TERMS, house=HOUSE, open_days=WEEKDAYS)


def by_rules(matters: Sequence[DemandFacts], today: date = TODAY) -> list[Found]:
    """Every window of every matter derived and judged; the joining and filing ones told."""
    return [
        (n, w.investor or 0, w.opens_on, w.closes_on, w.lenient_on, state)
        for n, docket in enumerate(derive(matters))
        for w in docket.windows
        if (state := standing(w, today=today, soon_days=DUE_SOON).state)
        and (w.investor is not None or w.key == "file")
    ]


# --- The oracle -----------------------------------------------------------------------------

TABLES = {
    "bench_matter": "matter int, post int, filed_on date",
    "bench_investor": "matter int, investor int, post int",
    "bench_answer": "matter int, investor int, id int, post int, declines bool, decided text",
    "bench_copy": "post int, method text, sent_on date, received_on date, address int",
    "bench_address": "post int, id int, in_force_from date",
    "bench_consent": "post int, signed_on date, withdrawn_on date",
    "bench_method": "method text, counts text",
}

ORACLE = """
with copies as (
  select c.post,
    case
      when m.counts = 'sent' and r.of_record then c.sent_on
      when m.counts in ('sent', 'received') or (m.counts = 'consent' and r.consented)
        then c.received_on
    end as given_on,
    case when m.counts in ('sent', 'received') or (m.counts = 'consent' and r.consented)
      then c.received_on end as received_on
  from bench_copy c
  left join bench_method m using (method)
  cross join lateral (select
    c.address is null or c.sent_on is null
      or exists (select from bench_address a where a.post = c.post and a.id = c.address
                 and a.in_force_from = c.sent_on)
      or c.address = (select a.id from bench_address a
                      where a.post = c.post and a.in_force_from < c.sent_on
                      order by a.in_force_from desc, a.id desc limit 1) as of_record,
    exists (select from bench_consent s where s.post = c.post and s.signed_on <= c.received_on
            and (s.withdrawn_on is null or s.withdrawn_on > c.received_on)) as consented
  ) r
),
posts as (
  select post, min(given_on) as given_on, min(received_on) as received_on
  from copies group by post
),
answers as (
  select a.matter, a.investor, a.declines, a.decided, p.received_on,
    row_number() over in_order as n,
    last_value(a.declines) over (in_order rows between unbounded preceding
                                 and unbounded following) as ends_declined
  from bench_answer a join posts p using (post)
  where p.received_on is not null
  window in_order as (partition by a.matter, a.investor order by p.received_on, a.id)
),
turns as (
  select matter, investor, coalesce(max(n) filter (where declines <> ends_declined), 0) + 1 as n
  from answers group by matter, investor
),
live as (select a.* from answers a join turns using (matter, investor, n)),
joins as (
  select i.matter, i.investor, p.given_on as opens_on, p.received_on, l.declines,
    l.received_on as done_on,
    case
      when p.given_on is null then null
      when l.decided = 'received' and p.received_on is not null then p.received_on + %(joining)s
      when l.decided = 'given' then p.given_on + %(joining)s
      else least(p.given_on, p.received_on) + %(joining)s
    end as closes_on,
    case
      when p.given_on is null then null
      when l.decided = 'received' and p.received_on is not null then p.received_on + %(joining)s
      when l.decided = 'given' then p.given_on + %(joining)s
      when p.received_on is not null
        then greatest(p.given_on, p.received_on) + %(joining)s
    end as lenient_on
  from bench_investor i
  left join posts p using (post)
  left join live l using (matter, investor)
),
files as (
  select m.matter, m.filed_on, p.received_on + %(filing_closes)s as closes_on,
    p.received_on is null or coalesce(j.missing, false) as awaiting,
    case when not j.missing then j.last_receipt + %(filing_opens)s end as opens_on
  from bench_matter m
  left join posts p using (post)
  left join (select matter, bool_or(received_on is null) as missing,
               max(received_on) as last_receipt from joins group by matter) j using (matter)
)
select matter, investor, opens_on, closes_on, lenient_on,
  case
    when declines then 'met'
    when closes_on is null then 'unknown'
    when done_on <= closes_on then case when done_on < opens_on then 'met_early' else 'met' end
    when done_on <= lenient_on or (done_on is not null and lenient_on is null)
      then 'needs_decision'
    when done_on is not null then 'met_late'
    when %(today)s > closes_on then
      case when %(today)s > lenient_on then 'lapsed' else 'needs_decision' end
    when %(today)s < opens_on then 'not_yet_open'
    when closes_on - %(today)s <= %(soon)s then 'due_soon'
    else 'open'
  end
from joins
union all
select matter, 0, opens_on, closes_on, closes_on,
  case
    when closes_on is null then 'unknown'
    when filed_on > closes_on then 'met_late'
    when filed_on < opens_on then 'met_early'
    when filed_on is not null then case when awaiting then 'unknown' else 'met' end
    when %(today)s > closes_on then 'missed'
    when opens_on > closes_on then 'impossible'
    when opens_on is null and awaiting then 'unknown'
    when %(today)s < opens_on then 'not_yet_open'
    when closes_on - %(today)s <= %(soon)s then 'due_soon'
    else 'open'
  end
from files
"""


def load(cursor: Any, matters: Iterable[DemandFacts]) -> None:
    """The matters' raw facts into temporary tables of the session."""
    for name, columns in TABLES.items():
        cursor.execute(f"drop table if exists {name}; create temp table {name} ({columns})")
    rows = _rows(matters)
    for name, table_rows in rows.items():
        with cursor.copy(f"copy {name} from stdin") as copy:
            for row in table_rows:
                copy.write_row(row)
    for name in ("bench_copy", "bench_address", "bench_consent"):
        cursor.execute(f"create index on {name} (post)")
    for name in TABLES:
        cursor.execute(f"analyze {name}")


def _rows(matters: Iterable[DemandFacts]) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
    posts = iter(range(1, 1 << 31))

    def add(post: Post) -> int:
        key = next(posts)
        for c in post.copies:
            rows["bench_copy"].append((key, c.method, c.sent_on, c.received_on, c.address))
        rows["bench_address"] += [(key, *a) for a in post.addresses]
        rows["bench_consent"] += [(key, *c) for c in post.consents]
        return key

    for n, facts in enumerate(matters):
        filed_on = facts.filing.on if facts.filing else None
        rows["bench_matter"].append((n, add(facts.post), filed_on))
        for i in facts.invited:
            rows["bench_investor"].append((n, i.investor, add(i.post)))
            for r in i.requests:
                decision = facts.decisions.get(f"request:{r.id}")
                decided = decision.choice if decision else None
                rows["bench_answer"].append((n, i.investor, r.id, add(r.post), r.declines, decided))
    rows["bench_method"] = [
        *((method, rule.when.value) for method, rule in TERMS.notice_methods.items()),
        *((method, "consent") for method in TERMS.electronic_methods),
    ]
    return rows


def by_query(cursor: Any, today: date = TODAY) -> list[tuple[Any, ...]]:
    """The same findings from the tables ``load`` filled, in one query."""
    cursor.execute(
        ORACLE,
        {
            "joining": TERMS.joining.n,
            "filing_opens": TERMS.filing_opens.n,
            "filing_closes": TERMS.filing_closes.n,
            "today": today,
            "soon": DUE_SOON,
        },
    )
    return cursor.fetchall()


# --- The bench ------------------------------------------------------------------------------


def told(found: Iterable[tuple[Any, ...]]) -> bytes:
    """Findings as bytes, in one order."""
    return "\n".join(sorted(repr((*row[:-1], str(row[-1]))) for row in found)).encode()


def results() -> Iterator[Result]:
    from django.db import connection

    lines = []
    with connection.cursor() as cursor:
        for investors, many in SIZES:
            matters = [ordinary(investors, seed=n) for n in range(many)]
            windows = sum(len(docket.windows) for docket in derive(matters))
            load(cursor, matters)
            # What is loaded by now lives as long as the process: without this the collector
            # walks all of Django and every fact again and again while windows are made.
            gc.collect()
            gc.freeze()
            lines.append(
                compare(
                    "docket",
                    Side("every window with its reasons, in Python", lambda m=matters: by_rules(m)),
                    Side("joining and filing days only, in SQL", lambda: by_query(cursor)),
                    n=windows,
                    digest=told,
                    investors=investors,
                    matters=many,
                    target_us_per_n=8,
                )
            )
    yield from growing(lines)
