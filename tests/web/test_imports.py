"""Counsel bring a register in: the file, its columns, its rows, and all of it on record."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from investors.models import Import, Investor
from registrations.services import jobs
from registrations.tasks import DOES
from tests import world as tell
from tests.services.imported import HEAD, ON, ROWS, csv_file, read, sent, work

from .forms import Desk


@pytest.fixture
def desk(bestnet, client):
    with time_machine.travel(tell.noon(ON), tick=False):
        yield Desk(bestnet, client)


def upload(rows=ROWS, name="register.csv"):
    file = csv_file(rows)
    return SimpleUploadedFile(name, file.read(), "text/csv")


def page(desk: Desk, query: str = "") -> str:
    of = Import.objects.get()
    return desk.client.get(desk.url("import", of.public_id, query=query)).content.decode()


def test_a_register_comes_in_from_the_first_page_to_the_holders(desk):
    assert "Nothing imported." in desk.client.get(desk.url("imports")).content.decode()
    answer = desk.save(desk.url("send-import"), {"source": "Continental"}, files={"file": upload()})
    of = Import.objects.get()
    assert answer.url == desk.url("import-columns", of.public_id)

    shown = desk.client.get(answer.url).content.decode()
    assert "Elm Partners" in shown
    assert "12,000" in shown
    answer = desk.save(answer.url, {})
    assert answer.url == desk.url("import", of.public_id)
    waits = page(desk)
    assert "It waits its turn." in waits
    assert 'hx-trigger="every 2s"' in waits

    work(desk.world)
    ready = page(desk)
    assert "Ready to import" in ready
    assert "every 2s" not in ready
    assert "A new Investor" in ready
    answer = desk.save(desk.url("confirm-import", of.public_id), {})
    assert answer.url == desk.url("import", of.public_id)
    work(desk.world)
    assert "On the register" in page(desk)
    assert "Elm Partners" in desk.client.get(desk.url("holders")).content.decode()


def test_how_far_it_is_shows_while_it_is_read(desk):
    desk.save(desk.url("send-import"), {"source": "Continental"}, files={"file": upload()})
    of = Import.objects.get()
    desk.save(desk.url("import-columns", of.public_id), {})
    seen = []

    def watched(job, progress, when):
        progress(34, 120, "Reading rows")
        seen.append(page(desk))
        return DOES[job.kind](job, progress, when)

    jobs.work(lambda: tell.noon(ON), {"read_import": watched})
    assert "Reading rows: 34 of 120" in seen[0]
    assert 'max="120" value="34"' in seen[0]


def test_what_is_wrong_is_named_and_comes_as_a_file_to_put_right(desk):
    wrong = ["Gum", "LLC", "Units", "12.5", "2003-03-31", "=HYPERLINK(1)"]
    of = read(desk.world, sent(desk.world, csv_file([*ROWS, wrong])))
    shown = page(desk)
    assert "1 row to be put right" in shown
    assert "How many: “12.5” is not a whole number of securities." in shown
    assert reverse("confirm-import", args=["bestnet", of.public_id]) not in shown
    assert "Elm Partners" not in page(desk, "?fate=wrong")

    answer = desk.client.get(desk.url("import", of.public_id, query="?format=xlsx"))
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [*HEAD, "To be put right"]
    assert rows[1] == [*ROWS[0], ""]
    assert rows[5][:6] == wrong
    assert "not a whole number" in rows[5][6]

    # Put right in that very file, and sent again.
    sheet["D6"] = 12
    out = io.BytesIO()
    sheet.parent.save(out)
    desk.save(
        desk.url("send-import"),
        {"source": "Continental Transfer"},
        files={"file": SimpleUploadedFile("mended.xlsx", out.getvalue())},
    )
    again = Import.objects.latest("sent_at", "pk")
    assert "to_put_right" not in again.reads["columns"]
    assert read(desk.world, again).counts["wrong"] == 0


def test_a_file_that_is_none_keeps_what_was_typed(desk):
    answer = desk.save(
        desk.url("send-import"),
        {"source": "Continental"},
        files={"file": SimpleUploadedFile("x.xlsx", b"PK nothing")},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "not what its name says" in text
    assert 'value="Continental"' in text
    assert not Import.objects.exists()


def test_two_columns_that_are_one_thing_are_refused_at_the_field(desk):
    of = sent(desk.world, csv_file(ROWS))
    answer = desk.save(desk.url("import-columns", of.public_id), {"is_note": "0"})
    assert answer.status_code == 422
    assert "cannot be" in answer.content.decode()
    answer = desk.save(desk.url("import-columns", of.public_id), {"is_on": "", "on": ""})
    assert answer.status_code == 422
    assert "Give the day they were acquired, as no column does." in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"on"}


def test_one_is_laid_aside_and_a_job_cancelled(desk):
    of = sent(desk.world, csv_file(ROWS))
    desk.save(desk.url("import-columns", of.public_id), {})
    of.refresh_from_db()
    assert desk.save(desk.url("drop-import", of.public_id), {}).status_code == 409
    answer = desk.save(desk.url("cancel-job", of.job.public_id), {})
    assert answer.url == desk.url("import", of.public_id)
    assert "was cancelled" in page(desk)
    desk.save(desk.url("drop-import", of.public_id), {})
    assert "Laid aside" in page(desk)
    assert "Laid aside" in desk.client.get(desk.url("imports")).content.decode()
    assert not Investor.objects.filter(name="Elm Partners").exists()


def test_the_list_of_imports_as_a_file(desk):
    sent(desk.world, csv_file(ROWS))
    text = desk.client.get(desk.url("imports", query="?format=csv")).getvalue().decode()
    assert '"register.csv","Continental Transfer"' in text
