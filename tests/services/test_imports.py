"""A register from elsewhere: read, looked at, and on record as one act or not at all (H1, H6)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from investors.models import Import, ImportRow, Investor, Job, LedgerEntry
from notices.models import Mail
from registrations.facts import holdings
from registrations.rules.securities import Position
from registrations.services import imports, jobs, ledger
from registrations.tasks import DOES
from tests import world as tell

from .imported import AGENT, HEAD, ON, ROWS, csv_file, read, sent, work, workbook, written
from .saved import conflicts, refused, rows


def held(world: tell.World, name: str) -> Position:
    whose = Investor.objects.get(agreement=world.agreement, name=name)
    return holdings(world.agreement, ON)[whose.pk]


def problems(of: Import) -> dict[int, list[tuple[str, str]]]:
    return {row.row: [tuple(p) for p in row.problems] for row in of.rows.filter(fate="wrong")}


def test_what_each_row_becomes_is_seen_before_anything_is_on_record(bestnet):
    before = held(bestnet, "Alder")
    of = read(bestnet, sent(bestnet, csv_file(ROWS)))

    assert [(r.row, r.name, r.fate) for r in of.rows.order_by("row")] == [
        (2, "Elm Partners", "new"), (3, "Elm Partners", "adds"),
        (4, "Fir Trust", "new"), (5, "Alder", "adds"),
    ]  # fmt: skip
    assert {k: of.counts[k] for k in ("rows", "new", "adds", "same", "wrong", "holdings")} == {
        "rows": 4, "new": 2, "adds": 2, "same": 0, "wrong": 0, "holdings": 4,
    }  # fmt: skip
    assert held(bestnet, "Alder") == before
    assert not Investor.objects.filter(name="Elm Partners").exists()


def test_it_is_on_record_as_one_act(bestnet):
    before = held(bestnet, "Alder")
    acts = connection.cursor()
    of = written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))

    assert of.written_at == tell.noon(ON)
    assert of.written_by == bestnet.counsel
    elm = Investor.objects.get(name="Elm Partners")
    assert (elm.kind, elm.party_from) == ("partnership", date(2003, 3, 31))
    assert held(bestnet, "Elm Partners") == Position(common=12_000, warrants=500, from_warrants=500)
    # Units bring their parts with them, as an issue of them does.
    assert held(bestnet, "Alder") == before.plus(Position(100, 300, 100, 100, 200, 100))
    lines = LedgerEntry.objects.filter(reference="U-1")
    assert {line.kind for line in lines} == {"issue"}
    assert len({line.act for line in lines}) == 1
    with acts as cursor:
        cursor.execute("select metadata from pghistory_context where metadata->>'act' = %s",
                       ["register.imported"])  # fmt: skip
        ((told,),) = cursor.fetchall()
    assert "Imported register.csv from Continental Transfer: 2 new Investors, 4 holdings" in told
    assert of.sha256 in told


def test_warrants_without_a_last_day_run_as_the_agreement_has_it(bestnet):
    written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))
    ours = ledger.issue_units(
        investor=bestnet.investors["Alder"], units=1, on=date(2003, 3, 31),
        when=bestnet.at(ON),
    )  # fmt: skip
    (last,) = (line.expires_on for line in ours if line.security == "warrant")
    assert LedgerEntry.objects.get(reference="W-1").expires_on == last


def test_units_may_come_without_their_parts(bestnet):
    before = held(bestnet, "Alder")
    written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS)), parts=False))
    assert held(bestnet, "Alder") == before.plus(Position(100))
    assert LedgerEntry.objects.get(reference="U-1").kind == "taken_over"


def test_the_same_file_again_adds_nothing(bestnet):
    written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))
    again = read(bestnet, sent(bestnet, csv_file(ROWS)))
    assert again.counts["same"] == 4
    with refused(""):
        imports.confirm(of=again, when=bestnet.at(ON))


def test_a_longer_file_of_the_source_adds_what_is_new_in_it(bestnet):
    written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))
    more = [*ROWS, ["Gum LLC", "LLC", "Common", "7", "2003-05-01", "C-9"]]
    of = read(bestnet, sent(bestnet, csv_file(more)))
    assert (of.counts["same"], of.counts["new"]) == (4, 1)
    written(bestnet, of)
    assert held(bestnet, "Gum LLC").common == 7


def test_rows_without_a_reference_are_known_by_what_they_say(bestnet):
    head, rows = HEAD[:5], [row[:5] for row in (ROWS[0], ROWS[0], ROWS[2])]
    written(bestnet, read(bestnet, sent(bestnet, csv_file(rows, head))))
    assert held(bestnet, "Elm Partners").common == 24_000
    again = read(bestnet, sent(bestnet, csv_file([*rows, ROWS[0][:5]], head)))
    assert (again.counts["same"], again.counts["adds"]) == (3, 1)


def test_the_same_certificate_with_another_number_is_for_counsel_to_correct(bestnet):
    written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))
    other = [[*ROWS[0]], [*ROWS[2]], [*ROWS[3]]]
    other[0][3], other[1][4], other[2][0] = "12,001", "2003-04-02", "Birch"
    of = read(bestnet, sent(bestnet, csv_file(other)))
    found = problems(of)
    assert [[field for field, _ in found[row]] for row in (2, 3, 4)] == [
        ["quantity"], ["on"], ["name"],
    ]  # fmt: skip
    assert "C-1 is on the register with 12000" in found[2][0][1]


def test_each_wrong_cell_is_named_and_nothing_is_written_in_part(bestnet):
    wrong = [
        ["", "LLC", "Units", "5", "2003-03-31", "1"],
        ["Gum", "Club", "Units", "5", "2003-03-31", "2"],
        ["Gum", "LLC", "Bonds", "5", "2003-03-31", "3"],
        ["Gum", "LLC", "Units", "12.5", "2003-03-31", "4"],
        ["Gum", "LLC", "Units", "-5", "2003-03-31", "5"],
        ["Gum", "LLC", "Units", "5", "31 March", "6"],
        ["Gum", "LLC", "Units", "5", "2003-06-11", "7"],
        ["Gum", "LLC", "Units", "5", "", "8"],
        ["Gum", "LLC", "Units", "5", "2003-02-29", "9"],
        ["Gum", "LLC", "Units", "9" * 30, "2003-03-31", "10"],
        ["Gum", "LLC", "Units", "5", "2003-03-31", "2"],
        ["N" * 201, "LLC", "Units", "5", "2003-03-31", "11"],
        ["#REF!", "LLC", "Units", "5", "2003-03-31", "12"],
        [*ROWS[0], "beyond"],
    ]
    of = read(bestnet, sent(bestnet, csv_file([*ROWS, *wrong])))
    found = problems(of)
    assert {row: [field for field, _ in each] for row, each in found.items()} == {
        6: ["name"], 7: ["kind"], 8: ["security"], 9: ["quantity"], 10: ["quantity"],
        11: ["on"], 12: ["on"], 13: ["on"], 14: ["on"], 15: ["quantity"], 16: ["reference"],
        17: ["name"], 18: ["name"], 19: ["", "reference"],
    }  # fmt: skip
    assert "“12.5” is not a whole number" in found[9][0][1]
    assert "2003-06-11 has not come yet" in found[12][0][1]
    assert "Row 7 has the reference 2 too." in found[16][0][1]
    with refused(""):
        imports.confirm(of=of, when=bestnet.at(ON))


def test_a_workbook_is_read_as_it_shows(bestnet):
    of = read(bestnet, sent(bestnet, workbook([
        ["Elm", "LLC", "Common", 12_000, date(2003, 3, 31), 7],
        ["Fir", "LLC", "Common", 12_000.0, datetime(2003, 3, 31), "007"],
        ["Gum", "LLC", "Common", "5", "2003-03-31", "=1+1"],
        ["Hay", "LLC", "Common", 2.5, 37711, "x"],
    ])))  # fmt: skip
    assert [
        (r.quantity, r.on, r.reference) for r in of.rows.filter(fate="new").order_by("row")
    ] == [
        (12_000, date(2003, 3, 31), "7"), (12_000, date(2003, 3, 31), "007"),
        (5, date(2003, 3, 31), ""),  # a formula that was never worked out shows nothing
    ]  # fmt: skip
    assert [field for field, _ in problems(of)[5]] == ["quantity", "on"]


def test_days_are_read_in_the_order_counsel_say_and_never_guessed(bestnet):
    row = [[*ROWS[0]]]
    row[0][4] = "4/3/2003"
    of = sent(bestnet, csv_file(row))
    assert [field for field, _ in problems(read(bestnet, of))[2]] == ["on"]
    assert read(bestnet, of, dates="mdy").rows.get().on == date(2003, 4, 3)
    assert read(bestnet, of, dates="dmy").rows.get().on == date(2003, 3, 4)


def test_how_a_source_is_read_is_remembered(bestnet):
    head = ["Eigner", "Stück", "Datum"]
    of = sent(bestnet, csv_file([["Elm", "5", "31.3.2003"]], head, "eins.csv"))
    assert of.reads["columns"] == {}
    read(bestnet, of, columns={"name": 0, "quantity": 1, "on": 2}, dates="dmy", security="common")

    turned = sent(bestnet, csv_file([["31.3.2003", "Elm", "5"]], ["Datum", "Eigner", "Stück"]))
    assert turned.reads["columns"] == {"name": 1, "quantity": 2, "on": 0}
    assert (turned.reads["dates"], turned.reads["security"]) == ("dmy", "common")
    assert sent(bestnet, csv_file([["x"]], ["Eigner"]), "Somebody else").reads["columns"] == {}


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("name", {"quantity": 3, "on": 4}),
        ("on", {"name": 0, "quantity": 3}),
        ("quantity", {"name": 0, "on": 4, "quantity": 9}),
        ("name", {"name": 0, "reference": 0}),
        ("columns", {"name": 0, "agreement_id": 1}),
    ],
)
def test_columns_have_to_say_whose_and_since_when(bestnet, field, columns):
    of = sent(bestnet, csv_file(ROWS))
    with refused(field):
        imports.choose_columns(of=of, columns=columns, when=bestnet.at(ON))


def test_what_was_recorded_meanwhile_is_looked_at_again(bestnet):
    of = read(bestnet, sent(bestnet, csv_file(ROWS)))
    tell.add(bestnet, "fir trust", 1)
    after = written(bestnet, of)
    assert after.written_at is None
    assert "changed since the file was read" in Job.objects.get(pk=after.job_id).failed
    written(bestnet, read(bestnet, after))
    assert held(bestnet, "fir trust").preferred == 301


def test_it_is_written_once_however_often_it_is_asked(bestnet):
    of = written(bestnet, read(bestnet, sent(bestnet, csv_file(ROWS))))
    with conflicts(""):
        imports.confirm(of=of, when=bestnet.at(ON))
    with conflicts(""):
        imports.drop(of=of, when=bestnet.at(ON))
    job = Job.objects.get(pk=of.job_id)
    Job.objects.filter(pk=job.pk).update(ended_at=None)  # as if the worker died before noting it
    before = rows()
    work(bestnet)
    assert rows() == before
    assert "written already" in Job.objects.get(pk=job.pk).failed


def test_one_laid_aside_is_over(bestnet):
    of = read(bestnet, sent(bestnet, csv_file(ROWS)))
    imports.drop(of=of, when=bestnet.at(ON))
    assert not ImportRow.objects.filter(of=of).exists()
    with conflicts(""):
        imports.confirm(of=of, when=bestnet.at(ON))


def test_a_job_is_cancelled_before_it_begins_and_while_it_works(bestnet):
    when = bestnet.at(ON)
    of = sent(bestnet, csv_file(ROWS))
    job = imports.choose_columns(of=of, columns=of.reads["columns"], when=when)
    jobs.cancel(job, when=when)
    job.refresh_from_db()
    assert job.state == "cancelled"

    of.refresh_from_db()
    job = imports.choose_columns(of=of, columns=of.reads["columns"], when=when)

    def stopped(job: Job, progress: jobs.Progress, when: object) -> object:
        jobs.cancel(job, when=bestnet.at(ON))
        return imports.read(job, progress, when)

    jobs.work(lambda: tell.noon(ON), {**DOES, Job.Kind.READ_IMPORT: stopped})
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not ImportRow.objects.filter(of=of).exists()
    with conflicts(""):
        jobs.cancel(job, when=when)


def test_a_job_that_kills_its_worker_is_tried_three_times(bestnet):
    of = sent(bestnet, csv_file(ROWS))
    job = imports.choose_columns(of=of, columns=of.reads["columns"], when=bestnet.at(ON))

    class Died(BaseException):
        pass

    def dies(*_: object) -> dict[str, str]:
        raise Died

    for _ in range(Job.MOST_TRIES):
        with pytest.raises(Died):
            jobs.work(lambda: tell.noon(ON), {Job.Kind.READ_IMPORT: dies})
        job.refresh_from_db()
        assert job.state == "working"
    work(bestnet)
    job.refresh_from_db()
    assert (job.state, job.failed) == ("failed", jobs.CUT_OFF)


def test_who_waited_long_is_told_by_mail(bestnet):
    of = sent(bestnet, csv_file(ROWS))
    imports.choose_columns(of=of, columns=of.reads["columns"], when=bestnet.at(ON))
    work(bestnet)
    assert not Mail.objects.exists()
    of.refresh_from_db()
    imports.confirm(of=of, when=bestnet.at(ON))
    jobs.work(lambda: tell.noon(ON) + jobs.TOLD_AFTER * 2, DOES)
    mail = Mail.objects.get()
    assert mail.recipient == bestnet.counsel.email
    assert "is done" in mail.subject
    assert "2 new Investors, 4 holdings" in mail.body


def test_a_long_file_takes_no_more_queries_than_a_short_one(bestnet):
    def queries(n: int) -> int:
        many = [["Elm", "LLC", "Common", "5", "2003-03-31", f"{n}-{i}"] for i in range(n)]
        of = sent(bestnet, csv_file(many))
        with CaptureQueriesContext(connection) as asked:
            written(bestnet, read(bestnet, of))
        return len(asked)

    assert abs(queries(3) - queries(3_000)) <= 2


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "r.csv", "empty"),
        (b"\xff\xfe\x00", "r.csv", "not UTF-8"),
        ("Investor\nJosé".encode("cp1252"), "r.csv", "not UTF-8"),
        (b"PK\x03\x04....", "r.csv", "workbook and not CSV"),
        (b"Investor,Shares", "r.xlsx", "not what its name says"),
        (b"x", "r.pdf", "Send a CSV file"),
        (b"," * 200, "r.csv", "more than 100 columns"),
        (b'"' + b"x," * 40_000, "r.csv", "quotation mark"),
    ],
)
def test_what_is_no_register_is_refused_with_the_reason(bestnet, content, name, says):
    from django.core.files.base import ContentFile

    with pytest.raises(imports.Refused, match=says) as refusal:
        sent(bestnet, ContentFile(content, name))
    assert refusal.value.field == "file"
    assert not Import.objects.exists()


def test_a_source_has_to_be_named(bestnet):
    with refused("source"):
        sent(bestnet, csv_file(ROWS), "  ")
    assert AGENT not in str(Import.objects.all())
