"""A register imported against ``COPY`` of the same file.

The numerator is all a person waits for: the file read cell by cell in its own process, every
row held against the register, its fate kept, then Investors, addresses and ledger written with
their history and the audit trail, dockets drawn anew.  The denominator is PostgreSQL's own
``COPY`` of the file as it lies there: once into a bare table of text, which checks nothing, and
once, of what the import makes of it, into the register's own tables, keys, indexes and history
included, which is the least that could be written.
"""

from __future__ import annotations

import csv
import io
import random
import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.core.files.base import ContentFile
from django.db import connection, transaction

from bench.measure import Result, Side, compare, growing
from bench.sweep import as_owner
from investors.models import Agreement, Company, User
from registrations import library
from registrations.services import agreements, imports, jobs
from registrations.services.recording import When
from registrations.tasks import DOES

SIZES = (10_000, 100_000)
NOON = datetime(2003, 6, 2, 16, tzinfo=UTC)
HEAD = [
    "Investor", "Type", "Signed on", "Address", "Security", "Quantity", "Issue date",
    "Certificate",
]  # fmt: skip


def results() -> Iterator[Result]:
    as_owner()
    when = When(NOON, User.objects.create_user("bench@example.com", name="Bench"))
    lines: dict[str, list[Result]] = {"the file": [], "the tables": []}
    for n in SIZES:
        raw = register(n)
        template = brought_in(raw, when)
        base, most = _rss(), 0
        for what, copy in (
            ("the file", bare),
            ("the tables", Copied(template, an_agreement(when)).run),
        ):
            result = compare(
                f"import, against COPY of {what}",
                Side("read, check and write", lambda r=raw: brought_in(r, when)),
                Side(f"COPY of {what}", lambda r=raw, c=copy: c(r)),
                n=n,
                pairs=3,
                target=4,
            )
            most = max(most, _rss() - base)
            notes = {"mb_over_baseline": most}
            lines[what].append(result._replace(notes=result.notes | notes))
    for what in lines:
        yield from growing(lines[what])


def register(n: int) -> bytes:
    """A register of so many rows, two to an Investor, as a transfer agent might send it."""
    rng, out = random.Random(n), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for i in range(n):
        writer.writerow([
            f"Holder {i // 2:06} Capital Partners", rng.choice(["LLC", "Individual", "Trust"]),
            "2003-03-30", f"{i // 2} Main Street, Alma, Michigan",
            rng.choice(["Common Stock", "Preferred Stock"]), rng.randint(1, 1_000_000),
            f"2003-0{rng.randint(4, 5)}-{rng.randint(1, 28):02}", f"C-{i:07}",
        ])  # fmt: skip
    return out.getvalue().encode()


def brought_in(raw: bytes, when: When) -> Agreement:
    """Send the file to a new agreement, and all a worker and counsel do with it."""
    agreement = an_agreement(when)
    of = imports.take_in(
        agreement=agreement, source="Agent", file=ContentFile(raw, "register.csv"), when=when
    )
    imports.choose_columns(of=of, columns=of.reads["columns"], when=when)
    jobs.work(lambda: NOON, DOES)
    imports.confirm(of=of, when=when)
    jobs.work(lambda: NOON, DOES)
    of.refresh_from_db()
    if of.written_at is None:
        raise RuntimeError(f"The import was not written: {of.job}")
    return agreement


def bare(raw: bytes) -> None:
    """Copy the file as it lies into a table of text."""
    columns = ", ".join(f"c{i} text" for i in range(len(HEAD)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"create table bare ({columns})")
        with cursor.copy("copy bare from stdin (format csv, header)") as copy:
            copy.write(raw)
        cursor.execute("drop table bare")


class Copied:
    """What an import made, copied once more into the same tables for another agreement: keys,
    indexes, checks and history are theirs.  It is undone each time, once all was checked."""

    TABLES = ("investors_investor", "investors_address", "investors_ledgerentry")
    FAR = 10**9  # beyond any id handed out

    def __init__(self, template: Agreement, other: Agreement) -> None:
        self.lines: list[tuple[str, bytes]] = []
        moved = {"id": f"id + {self.FAR}", "investor_id": f"investor_id + {self.FAR}",
                 "agreement_id": f"{other.pk}", "public_id": "gen_random_uuid()"}  # fmt: skip
        with connection.cursor() as cursor:
            for table in self.TABLES:
                cursor.execute(
                    "select column_name from information_schema.columns where table_name = %s",
                    [table],
                )
                names = [name for (name,) in cursor.fetchall()]
                read = ", ".join(moved.get(name, f'"{name}"') for name in names)
                into = f"{table} ({', '.join(f'{name!r}' for name in names)})".replace("'", '"')
                with cursor.copy(
                    f"copy (select {read} from {table}"  # noqa: S608  # names of our own
                    f" where agreement_id = {template.pk}) to stdout"
                ) as copy:
                    self.lines.append((into, b"".join(copy)))

    def run(self, _raw: bytes) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.TABLES:  # COPY is not for tables whose owner is held to policies
                cursor.execute(f"alter table {table} no force row level security")
            for into, said in self.lines:
                with cursor.copy(f"copy {into} from stdin") as copy:
                    copy.write(said)
            cursor.execute("set constraints all immediate")
            transaction.set_rollback(True)


def an_agreement(when: When) -> Agreement:
    slug = f"import-{Agreement.objects.count()}"
    return agreements.put_on_record(
        company=Company.objects.create(name=slug, slug=slug),
        slug=slug,
        title="Registration Rights Agreement",
        dated_on=date(2003, 3, 30),
        time_zone="America/Detroit",
        terms=library.agreement("bestnet").terms,
        company_address="1 Street",
        when=when,
    )


def _rss() -> int:
    """The most memory this process took so far, in MB; the reader's own process is not in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
