"""Acts on imports: a file with a register sent, its columns told, read, and written at once.

A file is read by a process of its own into a table of rows, each with what becomes of it.
Nothing is on the register before counsel say so, and then all of it is, or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

import pghistory
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Count, Max

from investors.acts import Conflict, Refused, noted
from investors.models import Agreement, Import, ImportRow, ImportSource, Investor, Job, LedgerEntry
from notices.steps import step

from ..facts import open_days, terms_day_by_day
from ..rules.securities import Line, unit_lines
from ..spreadsheets.child import head_of, lines_of, plain_rows
from ..spreadsheets.fields import DATES, LABELS, NAMES, SECURITIES, Reads, guess
from ..spreadsheets.files import Unreadable
from . import imports_ocf, jobs
from .imports_sql import (
    INCOMING,
    STAGE,
    WRITE_ADDRESSES,
    WRITE_CONTACTS,
    WRITE_INVESTORS,
    WRITE_LEDGER,
    many_rows,
)
from .recording import MEANWHILE, When, fits, recording

MOST_BYTES = 200 * 1024**2
FORMS = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".zip": "ocf"}
CHUNK = 1 << 16
TO_PUT_RIGHT = "To be put right"


def take_in(*, agreement: Agreement, source: str, file: File[bytes], when: When) -> Import:
    """Take in a file with a register, and guess which of its columns is what: as it was told
    the last time for a file of this source, else by their names.  An Open Cap Format file
    says itself what is what, and is read at once.

    Raises ``Refused`` when it is none of these, or cannot be read.
    """
    source = " ".join(source.split())
    if not source:
        raise Refused("source", "Say where the file is from, such as the transfer agent’s name.")
    fits("source", source, 80)
    name = PurePath((file.name or "").replace("\\", "/")).name[-200:]
    form = FORMS.get(PurePath(name).suffix.lower(), "")
    if not form:
        raise Refused(
            "file",
            "Send a CSV file (.csv), an Excel workbook (.xlsx) or an Open Cap Format file (.zip).",
        )
    if (file.size or 0) > MOST_BYTES:
        raise Refused("file", f"The file is over {MOST_BYTES // 1024**2} MB. Send it in parts.")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    with noted(agreement, "import.sent", by=when.by, says=f"Sent {name} from {source} to import"):
        found, _ = ImportSource.objects.get_or_create(agreement=agreement, name=source)
        made = Import(
            agreement=agreement, source=found, name=name, form=form, size=file.size or 0,
            sha256=digest.hexdigest(), sent_at=when.now, sent_by=when.by,
        )  # fmt: skip
        made.file.save(name, file, save=False)
        try:
            made.head, made.sample = head_of(made.file.path, form)
        except Unreadable as why:
            made.file.delete(save=False)
            raise Refused("file", str(why)) from None
        if TO_PUT_RIGHT in made.head:  # ours, from the last time
            at = made.head.index(TO_PUT_RIGHT)
            made.head = made.head[:at]
            made.sample = [row[:at] for row in made.sample]
        made.reads = _as_last_time(found, made.head) or Reads(guess(made.head))._asdict()
        if form == "ocf":
            made.reads = imports_ocf.READS._asdict()
        made.save()
        pghistory.create_event(agreement, label="stands")
        if form == "ocf":
            try:
                read_again(of=made, when=when)
            except Refused:
                made.file.delete(save=False)
                raise
            made.refresh_from_db(fields=["job"])
    return made


def _as_last_time(source: ImportSource, head: list[str]) -> dict[str, Any] | None:
    """How files of a source were read, where this one has the columns it was read by."""
    names = source.reads.get("names")
    if not names or not set(names.values()) <= set(head):
        return None
    columns = {field: head.index(name) for field, name in names.items()}
    return Reads.of(source.reads | {"columns": columns})._asdict()


def choose_columns(
    *, of: Import, columns: Mapping[str, int], dates: str = "iso", security: str = "unit",
    on: date | None = None, party_from: date | None = None, parts: bool = True, when: When,
) -> Job:  # fmt: skip
    """Say which column is what, and have the file read that way.  It is remembered for the
    next file of the source.

    Raises ``Refused`` for a column there is not or that is two things, and where a row would
    not say whose it is, or since when so many are held; ``Conflict`` once it is written.
    """
    if of.form == "ocf":
        raise Refused("columns", "An Open Cap Format file says itself what is what.")
    for field, at in columns.items():
        if field not in NAMES:
            raise Refused("columns", f"“{field}” is nothing a column can be.")
        if not 0 <= at < len(of.head):
            raise Refused(field, f"There is no column {at + 1} in the file.")
        twice = [other for other, there in columns.items() if there == at and other != field]
        if twice:
            raise Refused(
                field, f"“{of.head[at]}” cannot be {LABELS[field]} and {LABELS[twice[0]]} at once."
            )
    if "name" not in columns:
        raise Refused("name", "Say which column has the Investors’ names.")
    if dates not in DATES:
        raise Refused("dates", "Say how the file writes its days.")
    if security not in SECURITIES:
        raise Refused("security", "Say which security the numbers are of.")
    if "quantity" in columns and "on" not in columns and on is None:
        raise Refused("on", "Give the day they were acquired, as no column does.")
    today = when.today(of.agreement)
    for field, day in (("on", on), ("party_from", party_from)):
        if day is not None and day > today:
            raise Refused(field, "That day has not come yet.")
    reads = Reads(
        dict(columns), dates, security, on.isoformat() if on else "",
        party_from.isoformat() if party_from else "", parts,
    )  # fmt: skip
    with transaction.atomic():
        mine = _ask_to_read(of, reads, when)
        names = {field: of.head[at] for field, at in columns.items()}
        ImportSource.objects.filter(pk=of.source_id).update(
            reads=reads._asdict() | {"names": names}
        )
    assert mine.job is not None
    return mine.job


def read_again(*, of: Import, when: When) -> Job:
    """Have an Open Cap Format file read, again when the register has changed since.

    Raises ``Conflict`` once it is written, laid aside or being worked on.
    """
    with transaction.atomic():
        mine = _ask_to_read(of, Reads.of(of.reads), when)
    assert mine.job is not None
    return mine.job


def _ask_to_read(of: Import, reads: Reads, when: When) -> Import:
    mine = _mine(of)
    mine.reads, mine.counts, mine.read_at = reads._asdict(), {}, None
    mine.job = jobs.ask(mine.agreement, Job.Kind.READ_IMPORT, {"import": mine.pk}, when=when)
    mine.save(update_fields=["reads", "counts", "read_at", "job"])
    return mine


def confirm(*, of: Import, when: When) -> Job:
    """Have what was read written on the register.  Raises ``Refused`` while a row is to be put
    right or nothing is new, ``Conflict`` when it was not read, or is written already."""
    with transaction.atomic():
        mine = _mine(of)
        if mine.read_at is None:
            raise Conflict("", "It has not been read yet.")
        if mine.counts.get("wrong"):
            raise Refused("", "Rows are to be put right first. Nothing is written in part.")
        if not mine.counts.get("new") and not mine.counts.get("adds"):
            raise Refused("", "Everything in the file is on the register already.")
        mine.job = jobs.ask(mine.agreement, Job.Kind.WRITE_IMPORT, {"import": mine.pk}, when=when)
        mine.save(update_fields=["job"])
    return mine.job


def cancel(*, of: Import, when: When) -> None:
    """Stop what is being done with an import.  Raises ``Conflict`` when nothing is."""
    if of.job is None:
        raise Conflict("", "Nothing is being done with it.")
    jobs.cancel(of.job, when=when)


def drop(*, of: Import, when: When) -> None:
    """Lay an import aside: nothing of it comes on the register.  Its file is kept."""
    with transaction.atomic():
        mine = _mine(of)
        mine.dropped_at = when.now
        mine.save(update_fields=["dropped_at"])
        _rows(mine).delete()


def _mine(of: Import) -> Import:
    """The import, locked, and open still: neither written nor laid aside, and nobody at it."""
    mine = (
        Import.objects.select_for_update(of=("self",))
        .select_related("agreement", "job")
        .get(pk=of.pk)
    )
    if mine.written_at is not None or mine.dropped_at is not None:
        raise Conflict("", MEANWHILE)
    if mine.job is not None and mine.job.ended_at is None:
        raise Conflict("", "It is being worked on. Wait until that is done, or cancel it.")
    return mine


def rows_with_problems(of: Import) -> Iterator[list[str]]:
    """The rows of a file as they stand, each with what is to be put right in it: to be put
    right there and sent again.  What an earlier file of ours said of that is left out."""
    wrong = dict(_rows(of).filter(fate="wrong").values_list("row", "problems"))
    width = len(of.head)
    for number, cells in plain_rows(of.file.path, of.form):
        said = "; ".join(
            f"{LABELS[field]}: {says}" if field in LABELS else says
            for field, says in wrong.get(number, ())
        )
        yield [*(cells + [""] * width)[:width], said]


# --- What the worker does -----------------------------------------------------------------------


def read(job: Job, progress: jobs.Progress, when: When) -> Mapping[str, Any]:
    """Read a file into rows, and see what becomes of each."""
    of = Import.objects.select_related("agreement", "source").get(pk=job.about["import"])
    with transaction.atomic():
        counts = _stage(of, progress, when)
        Import.objects.filter(pk=of.pk).update(counts=counts, read_at=when.now)
    step("import.read")
    return {"says": f"{counts['rows']:,} rows were read."}


def write(job: Job, progress: jobs.Progress, when: When) -> Mapping[str, Any]:
    """Write what was read on the register: one act, all of it or nothing (H1, H6)."""
    of = Import.objects.select_related("agreement", "source").get(pk=job.about["import"])
    counts = of.counts
    adds = f"{counts['new']:,} new Investors, {counts['holdings']:,} holdings"
    with recording(
        of.agreement,
        "register.imported",
        when=when,
        says=f"Imported {of.name} from {of.source}: {adds}",
        file=of.name,
        sha256=of.sha256,
    ) as locked:
        if of.written_at is not None:
            raise Conflict("", "It is written already.")
        if counts["seen"] != _seen(locked) or not _rows(of).exists():
            # Somebody recorded something since; what the rows come to may be another thing.
            anew = _stage(of, progress, when)
            if {**anew, "seen": 0} != {**counts, "seen": 0}:
                raise Conflict("", "The register changed since the file was read. Read it again.")
        progress.begins(f"Writing {counts['rows']:,} rows")
        if of.form == "ocf":
            imports_ocf.write(of, locked, when)
        else:
            _write_holdings(of, locked, when)
        Import.objects.filter(pk=of.pk).update(written_at=when.now, written_by=when.by)
        _rows(of).delete()
        step("import.written")
    step("import.committed")
    return {"says": f"{adds} are on the register."}


def _write_holdings(of: Import, locked: Agreement, when: When) -> None:
    with connection.cursor() as cursor:
        about: dict[str, Any] = {
            "of": of.pk, "agreement": locked.pk, "source": of.source_id, "by": when.by.pk,
            "dated": locked.dated_on, "note": f"From {of.name}",
        }  # fmt: skip
        with many_rows(cursor):
            for statement in (WRITE_INVESTORS, WRITE_ADDRESSES, WRITE_CONTACTS):
                cursor.execute(statement, about)
                step("import.party")
            cursor.execute(WRITE_LEDGER, about | _comes_to(of, locked))
        step("import.ledger")


def _comes_to(of: Import, agreement: Agreement) -> dict[str, list[Any]]:
    """What one of each security acquired on each day comes to in ledger lines, column by
    column (H1)."""
    reads = Reads.of(of.reads)
    pairs = (
        _rows(of).filter(quantity__isnull=False, fate__in=("new", "adds"))
        .order_by().values_list("security", "on").distinct()
    )  # fmt: skip
    made, in_force = [], terms_day_by_day(agreement)
    for security, on in pairs:
        terms = in_force(max(on, agreement.dated_on))
        last = None
        if security == "warrant" or (security == "unit" and terms.unit_parts.warrants):
            last = terms.warrant_life.after(on, open_days())
        lines = [Line(0, security, 1, on, last if security == "warrant" else None)]
        kind = LedgerEntry.Kind.TAKEN_OVER
        if security == "unit" and reads.parts:
            kind = LedgerEntry.Kind.ISSUE
            lines = list(unit_lines(0, 1, on=on, parts=terms.unit_parts, warrants_expire_on=last))
        made += [(security, on, kind, x.security, x.change, x.expires_on) for x in lines]
    names = ("of_what", "on", "kind", "into", "each", "last")
    return {name: [row[at] for row in made] for at, name in enumerate(names)}


def _stage(of: Import, progress: jobs.Progress, when: When) -> dict[str, Any]:
    """Read the file into rows with their fates; how many of each there are."""
    if of.form == "ocf":
        imports_ocf.stage(of, progress, when)
    else:
        _stage_holdings(of, progress, when.today(of.agreement))
    rows = _rows(of).order_by()
    fates: dict[str, int] = dict(rows.values_list("fate").annotate(n=Count("row")))
    holdings = rows.filter(fate__in=("new", "adds"), quantity__isnull=False).count()
    counts: dict[str, Any] = {fate: fates.get(fate, 0) for fate in ImportRow.Fate.values}
    counts["new"] = rows.filter(fate="new", first=True).count()
    return counts | {
        "rows": sum(fates.values()), "holdings": holdings, "seen": _seen(of.agreement),
    }  # fmt: skip


def _stage_holdings(of: Import, progress: jobs.Progress, today: date) -> None:
    reads = Reads.of(of.reads)
    total = _rows_expected(of)
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        done = 0
        try:
            with (
                lines_of(of.file.path, of.form, reads, today) as lines,
                cursor.copy("copy incoming from stdin (null '')") as copy,
            ):
                while chunk := lines.read(CHUNK):
                    copy.write(chunk)
                    done += chunk.count(b"\n")
                    step("import.chunk")
                    progress(done, max(total, done + 1), "Reading rows")
        except Unreadable as why:
            raise Refused("", str(why)) from None
        progress.begins(f"Checking {done:,} rows")
        cursor.execute("analyze incoming")
        _rows(of).delete()
        about = {"of": of.pk, "agreement": of.agreement_id, "source": of.source_id}
        with many_rows(cursor):
            cursor.execute(STAGE, about)
        cursor.execute("drop table incoming")


def _rows_expected(of: Import) -> int:
    """How many rows a CSV file has at most; nought for a workbook, which only reading tells."""
    if of.form != "csv":
        return 0
    lines = 0
    with of.file.open("rb") as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
    return max(0, lines - 1)


def _seen(agreement: Agreement) -> list[int | None]:
    """What stands for the register as it is: it only ever grows."""
    return [
        Investor.objects.filter(agreement=agreement).aggregate(n=Max("pk"))["n"],
        LedgerEntry.objects.filter(agreement=agreement).aggregate(n=Max("pk"))["n"],
    ]


def _rows(of: Import) -> Any:
    return ImportRow.objects.filter(of_id=of.pk)
