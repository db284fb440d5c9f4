"""A program brings a register in."""

from __future__ import annotations

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from investors.models import Investor
from tests import world as tell
from tests.services.imported import ON, ROWS, csv_file, work

from .conftest import ROOT, caller


def send(counsel, rows=ROWS, name="register.csv", status=201):
    answer = counsel.post(
        f"{ROOT}agreements/bestnet/imports/",
        {"source": "Agent", "file": SimpleUploadedFile(name, csv_file(rows).read())},
        format="multipart",
    )
    assert answer.status_code == status, answer.content
    return answer.json()


@time_machine.travel(tell.noon(ON), tick=False)
def test_a_register_comes_in(bestnet):
    counsel = caller(bestnet.counsel)
    of = send(counsel)
    assert of["reads"]["columns"] == {
        "name": 0, "kind": 1, "security": 2, "quantity": 3, "on": 4, "reference": 5,
    }  # fmt: skip
    assert (of["counts"], of["job"]) == (None, None)
    path = f"imports/{of['public_id']}/"

    asked = counsel.act(f"{path}columns/", {"columns": of["reads"]["columns"]})
    assert asked["job"]["state"] == "waiting"
    work(bestnet)
    read = counsel.read(path)
    assert read["job"]["state"] == "done"
    assert read["counts"] == {
        "rows": 4, "new": 2, "adds": 2, "same": 0, "wrong": 0, "holdings": 4,
    }  # fmt: skip
    rows = counsel.read(f"{path}rows/", fate="new")["results"]
    assert [(row["row"], row["name"], row["quantity"]) for row in rows] == [
        (2, "Elm Partners", 12_000), (4, "Fir Trust", 300),
    ]  # fmt: skip

    counsel.act(f"{path}confirmation/")
    work(bestnet)
    assert counsel.read(path)["written_at"]
    assert Investor.objects.filter(name="Elm Partners").exists()
    counsel.act(f"{path}confirmation/", status=409)


@time_machine.travel(tell.noon(ON), tick=False)
def test_rows_to_put_right_are_named(bestnet):
    counsel = caller(bestnet.counsel)
    of = send(counsel, [[*ROWS[0][:3], "many", *ROWS[0][4:]]])
    path = f"imports/{of['public_id']}/"
    counsel.act(f"{path}columns/", {"columns": of["reads"]["columns"]})
    counsel.act(f"{path}drop/", status=409)
    work(bestnet)
    (row,) = counsel.read(f"{path}rows/")["results"]
    assert row["fate"] == "wrong"
    assert row["problems"] == [
        {"field": "quantity", "says": "“many” is not a whole number of securities."}
    ]
    counsel.act(f"{path}confirmation/", status=400)
    counsel.act(f"{path}drop/")
    counsel.act(f"{path}cancellation/", status=409)


@time_machine.travel(tell.noon(ON), tick=False)
def test_what_is_no_register_is_refused_and_named(bestnet):
    refusal = send(caller(bestnet.counsel), name="register.pdf", status=400)
    (error,) = refusal["errors"]
    assert error["field"] == "file"
    assert "Send a CSV file" in error["message"]
