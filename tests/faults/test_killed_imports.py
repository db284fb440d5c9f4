"""R19: an import cut off anywhere is on the register whole, once, or not at all."""

from __future__ import annotations

import pytest

from investors.models import Import, ImportRow, Investor, Job, LedgerEntry
from registrations.services import imports
from tests import world as tell
from tests.services.imported import HEAD, ON, csv_file, sent

from .conftest import SIGKILLED
from .jobs import run_long_work, run_written_in_part

MANY = 4_000
READING = [("import.chunk", 1), ("import.chunk", 4), ("import.read", 1)]
WRITING = [
    ("import.party", 1), ("import.party", 2), ("import.party", 3), ("import.ledger", 1),
    ("import.written", 1), ("import.committed", 1),
]  # fmt: skip


def asked() -> tuple[tell.World, Import]:
    world = tell.build()
    rows = [[f"Holder {n // 2}", "LLC", "Common", "5", "2003-04-01", f"C-{n}"] for n in range(MANY)]
    of = sent(world, csv_file(rows, HEAD))
    imports.choose_columns(of=of, columns=of.reads["columns"], when=world.at(ON))
    return world, of


def confirmed(processes, at) -> Import:
    world, of = asked()
    assert processes.run(run_long_work, at(), tell.noon(ON)) == 0
    of.refresh_from_db()
    assert of.counts["new"] == MANY // 2
    imports.confirm(of=of, when=world.at(ON))
    return of


def on_register() -> tuple[int, int]:
    return (
        Investor.objects.filter(name__startswith="Holder").count(),
        LedgerEntry.objects.filter(reference__startswith="C-").count(),
    )


@pytest.mark.parametrize(("step", "nth"), READING)
def test_reading_killed_is_begun_again(step, nth, processes, at):
    _, of = asked()
    assert processes.run(run_long_work, at(die_at=step, nth=nth), tell.noon(ON)) == SIGKILLED
    assert Job.objects.get().state == "working"
    assert processes.run(run_long_work, at(), tell.noon(ON)) == 0
    assert Job.objects.get().state == "done"
    assert ImportRow.objects.filter(of=of).count() == MANY


@pytest.mark.parametrize(("step", "nth"), WRITING)
def test_writing_killed_is_done_once_in_the_end(step, nth, processes, at):
    of = confirmed(processes, at)
    assert processes.run(run_long_work, at(die_at=step, nth=nth), tell.noon(ON)) == SIGKILLED
    whole = (MANY // 2, MANY)
    assert on_register() == (whole if step == "import.committed" else (0, 0))
    assert processes.run(run_long_work, at(), tell.noon(ON)) == 0
    assert on_register() == whole
    of.refresh_from_db()
    assert of.written_at is not None


def test_control_without_a_transaction_half_a_register_is_left(processes, at):
    confirmed(processes, at)
    where = at(die_at="import.party", nth=3)
    assert processes.run(run_written_in_part, where, tell.noon(ON)) == SIGKILLED
    investors, lines = on_register()
    assert investors == MANY // 2
    assert lines == 0
