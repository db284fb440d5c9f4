"""The audit trail sealed: acts once committed are fingerprinted and chained, agreement by
agreement, so that one changed, taken out, put in or swapped is found.

Sealing is a job beside the acts, and set-based: a chain kept row by row as they are written
would make an act wait for every other, and one of many rows grow with their square.  What was
written in the last minute is not sealed yet.  Whoever can rewrite the whole chain can hide
what they did from it, but not from its heads kept elsewhere: see ``anchor``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from .models import Agreement, Seal, SealedAct, SealShape

AT_ONCE = 2_000  # acts
_LOCK = 0x7262_7365  # "rbse"; one number that stands for sealing
NO_AGREEMENT = "-"

Shape = Mapping[str, Sequence[str]]

# A row's own text hangs on how days and the like are written out.
_WRITTEN_ALIKE = """
set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres';
set local bytea_output = 'hex'; set local extra_float_digits = 1
"""
_UNSEALED = """
select c.id from pghistory_context c
where not exists (select from investors_sealedact s where s.act = c.id)
order by c.created_at, c.id limit %s
"""
_ACTS = """
select c.id, (c.metadata ->> 'agreement')::bigint,
  row(c.id, c.created_at, c.metadata)::text || E'\\n' || coalesce(b.body, '')
from unnest(%(acts)s::uuid[]) with ordinality as w(act, nth)
join pghistory_context c on c.id = w.act
left join (
  select act, string_agg(body, E'\\n' order by body collate "C") as body
  from ({rows}) each group by act
) b on b.act = c.id
order by w.nth
"""
_ROWS = """
select pgh_context_id as act, '{table}:' || pgh_id || ':' || row({columns})::text as body
from {table} where pgh_context_id = any (%(acts)s::uuid[])
"""


class Broken(NamedTuple):
    """Where the trail is not what was sealed.  ``chain`` is an agreement's slug, or a dash;
    ``act`` the id of the line, where it is one."""

    chain: str
    seq: int
    act: str
    says: str


class Verified(NamedTuple):
    """What looking through the trail found: acts compared, acts not sealed yet, rows of
    history that no act is said to have written, and what is broken."""

    acts: int
    unsealed: int
    loose: int
    broken: Sequence[Broken]


class Act(NamedTuple):
    """An act as it is fingerprinted: its text, and the agreement it is on."""

    act: str
    agreement: int | None
    text: str

    @property
    def leaf(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def shape() -> dict[str, list[str]]:
    """The tables that have a history, and every column each row of it has, those the database
    keeps for itself too."""
    tables = sorted(model._meta.db_table for model in histories().values())
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, array_agg(column_name::text order by column_name)"
            " from information_schema.columns where table_schema = current_schema()"
            " and table_name = any (%s) group by table_name order by table_name",
            [tables],
        )
        return dict(cursor.fetchall())


def histories() -> dict[type[Model], type[Model]]:
    """Each kind of row with a history, and where its history is."""
    found = {getattr(model, "pgh_tracked_model", None): model for model in apps.get_models()}
    return {tracked: history for tracked, history in found.items() if tracked is not None}


def seal(now: datetime) -> int:
    """Seal every act there is; how many that was.  Two at once do no harm."""
    sealed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute(_UNSEALED, [AT_ONCE])
            acts = [act for (act,) in cursor.fetchall()]
            _seal(cursor, acts, now)
        sealed += len(acts)
        if len(acts) < AT_ONCE:
            return sealed


def _seal(cursor: CursorWrapper, acts: Sequence[Any], now: datetime) -> None:
    if not acts:
        return
    covers = shape()
    said = json.dumps(covers, sort_keys=True)
    kept, _ = SealShape.objects.get_or_create(
        sha256=hashlib.sha256(said.encode()).hexdigest(), defaults={"columns": covers}
    )
    chains: dict[int | None, list[Act]] = defaultdict(list)
    known = set(Agreement.objects.values_list("pk", flat=True))
    for act in _read(cursor, acts, covers):
        chains[act.agreement if act.agreement in known else None].append(act)
    for agreement, found in chains.items():
        last = Seal.objects.filter(agreement=agreement).order_by("-seq").first()
        seq, previous = (last.seq + 1, last.digest) if last else (1, "")
        leaves = [act.leaf for act in found]
        made = Seal.objects.create(
            agreement_id=agreement, seq=seq, shape=kept, previous=previous, acts=len(found),
            digest=digest_of(previous, seq, kept.sha256, _told(now), leaves), sealed_at=now,
        )  # fmt: skip
        SealedAct.objects.bulk_create(
            SealedAct(act=act.act, seal=made, agreement_id=agreement, place=place, leaf=leaf)
            for place, (act, leaf) in enumerate(zip(found, leaves, strict=True))
        )


def digest_of(previous: str, seq: int, shape: str, at: str, leaves: Iterable[str]) -> str:
    """The digest of a link, in hex: over the one before, its number, what it covers, the
    instant it was made (ISO, as in the export) and its acts."""
    return hashlib.sha256("\n".join([previous, str(seq), shape, at, *leaves]).encode()).hexdigest()


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _read(cursor: CursorWrapper, acts: Sequence[Any], covers: Shape) -> Iterator[Act]:
    """Acts as they are fingerprinted, in the order given; those that are gone left out."""
    rows = " union all ".join(
        _ROWS.format(table=table, columns=", ".join(f'"{name}"' for name in columns))
        for table, columns in covers.items()
    )
    cursor.execute(_WRITTEN_ALIKE)
    cursor.execute(_ACTS.format(rows=rows), {"acts": list(acts)})
    for act, agreement, text in cursor.fetchall():
        yield Act(str(act), agreement, text)


def verify(anchors: Iterable[str] = ()) -> Verified:
    """Look through the whole trail; ``anchors`` are lines of heads kept elsewhere."""
    broken: list[Broken] = []
    slugs = dict(Agreement.objects.values_list("pk", "slug"))
    compared = 0
    last: tuple[int | None, int, str] = (None, 0, "")
    heads: dict[str, dict[int, str]] = defaultdict(dict)
    to_read: list[_Link] = []
    for seal in Seal.objects.select_related("shape").order_by("agreement_id", "seq").iterator():
        link = _Link(slugs.get(seal.agreement_id or 0, NO_AGREEMENT), seal, _acts_of(seal))
        before = last[1:] if last[0] == seal.agreement_id else (0, "")
        last = (seal.agreement_id, seal.seq, seal.digest)
        heads[link.chain][seal.seq] = seal.digest
        compared += seal.acts
        broken += _wrong_in_itself(link, *before)
        if to_read and (
            to_read[0].seal.shape_id != seal.shape_id
            or sum(each.seal.acts for each in to_read) > AT_ONCE
        ):
            broken += _changed(to_read)
            to_read = []
        to_read.append(link)
    broken += _changed(to_read)
    broken += _cut(heads, anchors)
    broken += _beside()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pghistory_context c where not exists"
            " (select from investors_sealedact s where s.act = c.id)"
        )
        (unsealed,) = cursor.fetchone()
        tables = " union all ".join(
            f"select count(*) as n from {table} where pgh_context_id is null"  # noqa: S608  # ours
            for table in shape()
        )
        cursor.execute(f"select sum(n) from ({tables}) each")  # noqa: S608  # tables of ours
        (loose,) = cursor.fetchone()
    return Verified(compared, unsealed, int(loose or 0), broken)


class _Link(NamedTuple):
    """A link with its acts: the id, the fingerprint, the place and the agreement of each."""

    chain: str
    seal: Seal
    acts: list[tuple[Any, str, int, int | None]]


def _acts_of(seal: Seal) -> list[tuple[Any, str, int, int | None]]:
    acts = SealedAct.objects.filter(seal=seal).order_by("place")
    return list(acts.values_list("act", "leaf", "place", "agreement_id"))


def _wrong_in_itself(link: _Link, seq: int, digest: str) -> Iterator[Broken]:
    """What is wrong with a link, after the one of this number and digest."""
    seal, acts = link.seal, link.acts
    if seal.seq != seq + 1 or seal.previous != digest:
        yield Broken(link.chain, seal.seq, "", "The link before it is missing, or is another.")
    in_place = [place for *_, place, _ in acts] == list(range(seal.acts))
    in_chain = all(agreement == seal.agreement_id for *_, agreement in acts)
    covers = hashlib.sha256(json.dumps(seal.shape.columns, sort_keys=True).encode()).hexdigest()
    leaves = [leaf for _, leaf, *_ in acts]
    made = digest_of(seal.previous, seal.seq, covers, _told(seal.sealed_at), leaves)
    if not in_place or not in_chain or made != seal.digest:
        says = "The fingerprints in it are not those it was made of."
        yield Broken(link.chain, seal.seq, "", says)


def _changed(links: Sequence[_Link]) -> Iterator[Broken]:
    """Acts that are not as they were sealed, of links that cover the same."""
    if not links:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        acts = [act for link in links for act, *_ in link.acts]
        there = {act.act: act for act in _read(cursor, acts, links[0].seal.shape.columns)}
        later = _later(cursor, acts, links[0].seal.shape.columns)
    for link in links:
        for act, leaf, *_ in link.acts:
            now = there.get(str(act))
            if now is None:
                yield Broken(link.chain, link.seal.seq, str(act), "The act is gone.")
            elif now.leaf != leaf or act in later:
                says = "The act, or a row it wrote, is not as it was sealed."
                yield Broken(link.chain, link.seal.seq, str(act), says)


def _later(cursor: CursorWrapper, acts: Sequence[Any], covers: Shape) -> set[Any]:
    """Of these acts those with a row in a history that began after they were sealed."""
    new = [table for table in shape() if table not in covers]
    if not new:
        return set()
    rows = " union ".join(
        f"select pgh_context_id from {table} where pgh_context_id = any (%(acts)s::uuid[])"  # noqa: S608
        for table in new
    )
    cursor.execute(rows, {"acts": list(acts)})
    return {act for (act,) in cursor.fetchall()}


def _beside() -> Iterator[Broken]:
    """Rows changed beside their history, and history of acts that are not on the trail."""
    with connection.cursor() as cursor:
        for kind, history in histories().items():
            table, events = kind._meta.db_table, history._meta.db_table
            key = kind._meta.pk.column
            ours = {field.column for field in kind._meta.concrete_fields}
            kept = [f.column or "" for f in history._meta.concrete_fields if f.column in ours]
            live = ", ".join(f'l."{name}"' for name in kept)
            told = ", ".join(f'e."{name}"' for name in kept)
            cursor.execute(
                f"select l.{key} from {table} l left join lateral (select * from {events} h"  # noqa: S608
                f" where h.pgh_obj_id = l.{key} order by h.pgh_id desc limit 1) e on true"
                f" where row({live})::text is distinct from row({told})::text limit 20"
            )
            for (pk,) in cursor.fetchall():
                told_of = pk if key == "id" else "in the table"  # another key may be a secret
                says = f"{kind._meta.verbose_name} {told_of} is not what its history says."
                yield Broken(NO_AGREEMENT, 0, "", says)
            cursor.execute(
                f"select distinct pgh_context_id from {events} e"  # noqa: S608  # tables of ours
                " where pgh_context_id is not null and not exists"
                " (select from pghistory_context c where c.id = e.pgh_context_id)"
                " and not exists (select from investors_sealedact s"
                " where s.act = e.pgh_context_id) limit 20"
            )
            for (act,) in cursor.fetchall():
                yield Broken(NO_AGREEMENT, 0, str(act), "Rows of history are by no act there is.")


def _cut(heads: Mapping[str, Mapping[int, str]], anchors: Iterable[str]) -> Iterator[Broken]:
    for line in anchors:
        if not line.strip():
            continue
        _, chain, seq, digest = line.split()
        found = heads.get(chain, {}).get(int(seq))
        if found is None:
            yield Broken(chain, int(seq), "", "The chain ends before a head that was kept.")
        elif found != digest:
            yield Broken(chain, int(seq), "", "The chain is another than the one that was kept.")


def head_lines(now: datetime) -> list[str]:
    """The head of each chain, to be kept elsewhere: day, chain, number and digest."""
    heads = Seal.objects.order_by("agreement_id", "-seq").distinct("agreement_id")
    return [
        f"{now:%Y-%m-%d} {link.agreement.slug if link.agreement else NO_AGREEMENT} "
        f"{link.seq} {link.digest}"
        for link in heads.select_related("agreement")
    ]


def anchor(folder: Path, now: datetime) -> list[str]:
    """Keep the heads of the day outside the database, once a day; the lines that are new."""
    file = folder / "anchors.txt"
    folder.mkdir(parents=True, exist_ok=True)
    kept = set(file.read_text().splitlines()) if file.exists() else set()
    if any(line.startswith(f"{now:%Y-%m-%d} ") for line in kept):
        return []
    new = head_lines(now)
    with file.open("a") as out:
        out.writelines(f"{line}\n" for line in new)
    return new


def export(agreement: Agreement) -> Iterator[dict[str, Any]]:
    """The chain of one agreement with every act in it as it was fingerprinted, link by link,
    for somebody who has neither the database nor us (``scripts/check_trail.py``).  Of an act
    that whoever asks may not see whole, such as what Investors prepare among themselves,
    there is the fingerprint alone.
    """
    links = Seal.objects.filter(agreement=agreement).select_related("shape").order_by("seq")
    for link in links:
        sealed = SealedAct.objects.filter(seal=link).order_by("place").values_list("act", "leaf")
        with transaction.atomic(), connection.cursor() as cursor:
            seen = {
                act.act: act
                for act in _read(cursor, [act for act, _ in sealed], link.shape.columns)
            }
        told = [(seen.get(str(act)), leaf) for act, leaf in sealed]
        yield {
            "seq": link.seq, "previous": link.previous, "digest": link.digest,
            "covers": link.shape.sha256, "sealed_at": _told(link.sealed_at),
            "acts": [a.text if a and a.leaf == leaf else {"leaf": leaf} for a, leaf in told],
        }  # fmt: skip
