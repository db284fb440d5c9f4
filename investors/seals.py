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
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

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
    """The tables that have a history, and the columns each row of it has."""
    return {
        model._meta.db_table: sorted(field.column or "" for field in model._meta.concrete_fields)
        for model in sorted(apps.get_models(), key=lambda m: m._meta.db_table)
        if getattr(model, "pgh_tracked_model", None) is not None
    }


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
            digest=digest_of(previous, seq, leaves), sealed_at=now,
        )  # fmt: skip
        SealedAct.objects.bulk_create(
            SealedAct(act=act.act, seal=made, agreement_id=agreement, place=place, leaf=leaf)
            for place, (act, leaf) in enumerate(zip(found, leaves, strict=True))
        )


def digest_of(previous: str, seq: int, leaves: Iterable[str]) -> str:
    """The digest of a link, in hex."""
    return hashlib.sha256("\n".join([previous, str(seq), *leaves]).encode()).hexdigest()


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
    for link in Seal.objects.select_related("shape").order_by("agreement_id", "seq").iterator():
        chain = slugs.get(link.agreement_id or 0, NO_AGREEMENT)
        heads[chain][link.seq] = link.digest
        before = last[1:] if last[0] == link.agreement_id else (0, "")
        last = (link.agreement_id, link.seq, link.digest)
        compared += link.acts
        broken += (Broken(chain, link.seq, *wrong) for wrong in _wrong_with(link, *before))
    broken += _cut(heads, anchors)
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


def _wrong_with(link: Seal, seq: int, digest: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a link, after the one of this number and digest."""
    if link.seq != seq + 1 or link.previous != digest:
        yield "", "The link before it is missing, or is another."
    sealed = list(
        SealedAct.objects.filter(seal=link).order_by("place").values_list("act", "leaf", "place")
    )
    leaves = [leaf for _, leaf, _ in sealed]
    in_place = [place for *_, place in sealed] == list(range(link.acts))
    if not in_place or digest_of(link.previous, link.seq, leaves) != link.digest:
        yield "", "The fingerprints in it are not those it was made of."
    with transaction.atomic(), connection.cursor() as cursor:
        acts = [act for act, *_ in sealed]
        there = {act.act: act for act in _read(cursor, acts, link.shape.columns)}
    for act, leaf, _ in sealed:
        now = there.get(str(act))
        if now is None:
            yield str(act), "The act is gone."
        elif now.leaf != leaf:
            yield str(act), "The act, or a row it wrote, is not as it was sealed."


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
            "sealed_at": link.sealed_at.isoformat(),
            "acts": [a.text if a and a.leaf == leaf else {"leaf": leaf} for a, leaf in told],
        }  # fmt: skip
