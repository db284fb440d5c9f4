"""The SQL of an import: rows looked at all together, and written all together.

A row is known again by its source and reference; one without a reference by whose it is, of
what, how many and since when, the second like it being another than the first.  Of a Unit
that brought its parts with it, the line of Units stands for the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

INCOMING = """
create temporary table incoming (
  row integer, name text, kind text, party_from date, address text, facsimile text,
  contact_name text, contact_email text, note text, security text, quantity bigint,
  "on" date, expires_on date, reference text, problems jsonb
) on commit drop
"""

STAGE = """
insert into investors_importrow (
  of_id, agreement_id, row, name, kind, party_from, address, facsimile, contact_name,
  contact_email, note, security, quantity, "on", expires_on, reference, problems, fate, first)
with known as materialized (
  select id, lower(name) as name from investors_investor where agreement_id = %(agreement)s
), entered as materialized (
  select e.reference, e.security, e.change, e."on", lower(i.name) as name
  from investors_ledgerentry e join investors_investor i on i.id = e.investor_id
  where e.source_id = %(source)s and (e.kind = 'taken_over' or e.security = 'unit')
), there as (
  select reference, security, max(change) as change, max("on") as "on", max(name) as name
  from entered where reference <> '' group by 1, 2
), alike as (
  select name, security, change, "on", count(*) as n
  from entered where reference = '' group by 1, 2, 3, 4
), firsts as materialized (
  select lower(name) as name, min(row) as row from incoming group by 1
), twice as (
  select reference, security, min(row) as row from incoming
  where reference is not null and quantity is not null group by 1, 2 having count(*) > 1
), nth as (
  select row, row_number() over (partition by lower(name), security, quantity, "on"
                                 order by row) as n
  from incoming where reference is null and quantity is not null
), looked as (
  select i.*, known.id as investor, firsts.row = i.row as is_first,
    case
      when i.quantity is null then known.id is not null
      when i.reference is not null then there.reference is not null
      else nth.n <= coalesce(alike.n, 0)
    end as same,
    case
      when twice.row < i.row then jsonb_build_array(jsonb_build_array('reference', format(
        'Row %%s has the reference %%s too.', twice.row, i.reference)))
      when i.quantity is not null and there.name <> lower(i.name) then
        jsonb_build_array(jsonb_build_array('name', format(
          '%%s is on the register for another Investor. Record a transfer there.',
          i.reference)))
      when i.quantity is not null and there.change <> i.quantity then
        jsonb_build_array(jsonb_build_array('quantity', format(
          '%%s is on the register with %%s. Correct it there, with the reason.',
          i.reference, there.change)))
      when i.quantity is not null and there."on" <> i."on" then
        jsonb_build_array(jsonb_build_array('on', format(
          '%%s is on the register from %%s. Correct it there, with the reason.',
          i.reference, there."on")))
    end as more
  from incoming i
  left join firsts on firsts.name = lower(i.name)
  left join known on known.name = lower(i.name)
  left join there on there.reference = i.reference and there.security = i.security
  left join twice on twice.reference = i.reference and twice.security = i.security
  left join nth on nth.row = i.row
  left join alike on alike.name = lower(i.name) and alike.security = i.security
    and alike.change = i.quantity and alike."on" = i."on"
)
select %(of)s, %(agreement)s, row, coalesce(name, ''), kind, party_from, coalesce(address, ''),
  coalesce(facsimile, ''), coalesce(contact_name, ''), coalesce(contact_email, ''),
  coalesce(note, ''), security, quantity, "on",
  case when security = 'warrant' then expires_on end, coalesce(reference, ''),
  case when more is null then problems else problems || more end,
  case
    when more is not null or problems <> '[]' then 'wrong'
    when same then 'same'
    when investor is null and is_first then 'new'
    when investor is null and quantity is null then 'same'
    else 'adds'
  end,
  coalesce(investor is null and is_first, false)
from looked
"""

WRITE_INVESTORS = """
insert into investors_investor (public_id, agreement_id, name, kind, party_from, note)
select gen_random_uuid(), %(agreement)s, name, kind, coalesce(party_from, "on", %(dated)s), note
from investors_importrow where of_id = %(of)s and first order by row
"""

WRITE_ADDRESSES = """
insert into investors_address (
  agreement_id, investor_id, lines, facsimile, in_force_from, reason, recorded_by_id)
select %(agreement)s, i.id, r.address, r.facsimile, i.party_from, '', %(by)s
from investors_importrow r
join investors_investor i on i.agreement_id = %(agreement)s and lower(i.name) = lower(r.name)
where r.of_id = %(of)s and r.first and r.address <> ''
"""

WRITE_CONTACTS = """
insert into investors_contact (investor_id, name, email)
select i.id, case when r.contact_name = '' then left(r.contact_email, 120)
             else r.contact_name end, r.contact_email
from investors_importrow r
join investors_investor i on i.agreement_id = %(agreement)s and lower(i.name) = lower(r.name)
where r.of_id = %(of)s and r.first and r.contact_email <> ''
"""

WRITE_LEDGER = """
insert into investors_ledgerentry (
  agreement_id, investor_id, act, kind, security, change, "on", expires_on, sold_under, note,
  source_id, reference, recorded_by_id)
with r as materialized (
  select *, gen_random_uuid() as act from investors_importrow
  where of_id = %(of)s and quantity is not null and fate in ('new', 'adds')
)
select %(agreement)s, i.id, r.act, m.kind, m.security, r.quantity * m.each, r."on",
  coalesce(r.expires_on, m.expires_on), '', %(note)s, %(source)s, r.reference, %(by)s
from r
join investors_investor i on i.agreement_id = %(agreement)s and lower(i.name) = lower(r.name)
join unnest(%(of_what)s::text[], %(on)s::date[], %(kind)s::text[], %(into)s::text[],
            %(each)s::bigint[], %(last)s::date[])
  as m("of", "on", kind, security, each, expires_on) on m."of" = r.security and m."on" = r."on"
order by r.row
"""


@contextmanager
def many_rows(cursor: CursorWrapper) -> Iterator[None]:
    """Joins as suit many rows: nobody has counted those just written, or an agreement that is
    new, and the planner takes them for few and goes through all of them for each."""
    cursor.execute("set local enable_nestloop = off")
    yield
    cursor.execute("set local enable_nestloop = on")
