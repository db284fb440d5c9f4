"""The evidence binder of a matter: asked for, made by the worker, checked by anybody."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from investors.models import Job
from registrations.services import evidence, jobs
from registrations.tasks import DOES
from tests import world as tell
from tests.access.places import PDF

from .forms import Desk

ON = date(2003, 7, 15)


@pytest.fixture
def desk(bestnet, client):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    request = tell.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 20))
    evidence.attach_evidence(
        notice=request, delivery=None, files=[SimpleUploadedFile("scan.pdf", PDF)],
        when=bestnet.at(ON),
    )  # fmt: skip
    with time_machine.travel(tell.noon(ON), tick=False):
        yield Desk(bestnet, client)


def made(desk: Desk, name: str = "make-binder") -> Job:
    answer = desk.save(desk.url(name, 1), {})
    job = Job.objects.get()
    assert answer.url == desk.url("job", job.public_id)
    assert "it waits its turn" in desk.client.get(answer.url).content.decode()
    jobs.work(lambda: tell.noon(ON), DOES)
    job.refresh_from_db()
    assert job.state == "done", job.failed
    return job


def test_all_that_is_on_record_is_in_it(desk, tmp_path):
    job = made(desk)
    page = desk.client.get(desk.url("job", job.public_id)).content.decode()
    assert "Download" in page
    answer = desk.client.get(desk.url("job-file", job.public_id))
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    told = json.loads(archive.read("binder.json"))
    assert [d["key"] for d in told["docket"]["windows"]]
    assert all(d["because"] or d["awaiting"] for d in told["docket"]["windows"])
    facts = told["facts"]
    assert len(facts["notices.Notice"]) == 3
    assert {row["method"] for row in facts["notices.DeliveryRecord"]} >= {"certified_mail"}
    assert len(facts["notices.Evidence"]) == 1
    acts = {act["act"] for act in told["trail"]}
    assert "evidence.attached" in acts
    assert len(acts) >= 4
    assert len(told["register"]["investors"]) == 4

    text = "\n".join(
        p.extract_text() for p in PdfReader(io.BytesIO(archive.read("binder.pdf"))).pages
    )
    for said in ("Evidence binder of DR-1", "Dates of DR-1", "Audit trail", "Notices on record"):
        assert said in text
    (scan,) = (name for name in archive.namelist() if name.startswith("evidence/"))
    assert archive.read(scan) == PDF


def test_anybody_can_check_it_and_a_changed_byte_is_found(desk, tmp_path):
    job = made(desk)
    with job.file.open() as file:
        zipfile.ZipFile(file).extractall(tmp_path)
    check = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path).returncode == 0
    sums = hashlib.sha256((tmp_path / "SHA256SUMS").read_bytes()).hexdigest()
    assert sums in job.made["says"]
    assert sums in desk.client.get(desk.url("audit")).content.decode()
    listed = (tmp_path / "SHA256SUMS").read_text()
    names = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert {line.split("  ", 1)[1] for line in listed.splitlines()} == names - {"SHA256SUMS"}

    changed = tmp_path / "binder.json"
    changed.write_text(changed.read_text().replace("2003-06-20", "2003-06-19", 1))
    assert subprocess.run(check, cwd=tmp_path).returncode == 1


def test_what_belongs_to_another_matter_is_not_in_it(desk):
    other = tell.demand(desk.world, received_on=date(2003, 7, 1))
    told = made(desk)
    with told.file.open() as file:
        facts = json.loads(zipfile.ZipFile(file).read("binder.json"))["facts"]
    assert [row["id"] for row in facts["registrations.Demand"]] != [other.pk]
    assert other.notice_id not in {row["id"] for row in facts["notices.Notice"]}


def test_many_letters_are_made_by_the_worker(desk):
    job = made(desk, "make-letters")
    with job.file.open() as file:
        names = zipfile.ZipFile(file).namelist()
    assert {"letters.pdf", "labels.pdf", "mailing-list.csv"} <= set(names)


def test_a_job_that_cannot_be_done_says_why(desk):
    desk.save(desk.url("make-letters", 1), {})
    Job.objects.update(about={"demand": 0})
    jobs.work(lambda: tell.noon(ON), DOES)
    page = desk.client.get(desk.url("job", Job.objects.get().public_id)).content.decode()
    assert jobs.WENT_WRONG in page
    assert desk.client.get(desk.url("job-file", Job.objects.get().public_id)).status_code == 404
