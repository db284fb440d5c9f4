"""Is the register what the transfer agent has?  And the register in the agent's own format."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import time_machine

from investors.models import Import, ShareCount
from registrations.services import ledger, register
from tests import world as tell
from tests.api.conftest import ROOT, caller
from tests.services.imported import ON, work

from .forms import Desk

LISTED_ON = date(2003, 5, 1)


@pytest.fixture
def desk(bestnet, client):
    with time_machine.travel(tell.noon(ON), tick=False):
        yield Desk(bestnet, client)


def listed(world: tell.World, kind: str, count: int, on: date = LISTED_ON) -> ShareCount:
    return register.record_share_count(
        agreement=world.agreement, kind=kind, count=count, on=on,
        source="List of Continental Transfer", when=world.at(ON),
    )  # fmt: skip


def tie_out(desk: Desk, **query: str) -> dict[str, tuple[object, ...]]:
    """By security: register, list, register on the list's day, difference and outcome."""
    said = caller(desk.world.counsel).read("agreements/bestnet/tie-out/", **query)
    return {
        row["security"]: (
            row["register"], (row["paper"] or {}).get("count"), row["register_then"],
            row["difference"], row["outcome"],
        )
        for row in said["securities"]
    }  # fmt: skip


def test_without_a_list_nothing_is_tied_out(desk):
    shown = desk.client.get(desk.url("tie-out")).content.decode()
    assert "No list of the transfer agent is on record." in shown
    assert shown.count("No list on record") == 4
    assert desk.url("record-share-count") in shown
    assert tie_out(desk)["unit"] == (3_600_000, None, None, None, "no_list")


def test_a_list_is_held_against_the_register_of_its_own_day(desk):
    world = desk.world
    for kind, n in (("units", 1), ("common", 3), ("preferred", 1), ("warrants", 1)):
        listed(world, f"agent_{kind}", n * 3_600_000)
    ledger.convert_preferred(
        investor=world.investors["Birch"], preferred=100, on=date(2003, 5, 2), when=world.at(ON)
    )
    shown = desk.client.get(desk.url("tie-out")).content.decode()
    assert "The register is tied out to the transfer agent’s list." in shown
    assert shown.count("Tied out") == 4
    assert tie_out(desk)["preferred"] == (3_599_900, 3_600_000, 3_600_000, 0, "tied_out")


def test_a_difference_is_told_in_words_and_numbers(desk):
    listed(desk.world, "agent_common", 10_799_990)
    listed(desk.world, "agent_warrants", 3_600_007)
    shown = desk.client.get(desk.url("tie-out")).content.decode()
    assert "2 securities are not tied out to the transfer agent’s list." in shown
    assert "Not tied out: the register has 10 more" in shown
    assert "Not tied out: the register has 7 fewer" in shown
    assert "List of Continental Transfer" in shown
    assert tie_out(desk)["common"] == (10_800_000, 10_799_990, 10_800_000, 10, "differs")
    file = desk.client.get(desk.url("tie-out", query="?format=csv")).getvalue().decode()
    assert '"Common Stock","10800000","10799990","2003-05-01","10800000","10"' in file


def test_the_latest_list_by_the_day_counts(desk):
    listed(desk.world, "agent_units", 1, date(2003, 4, 15))
    listed(desk.world, "agent_units", 3_600_000, LISTED_ON)
    assert tie_out(desk)["unit"][4] == "tied_out"
    assert tie_out(desk, as_of="2003-04-20")["unit"] == (
        3_600_000, 1, 3_600_000, 3_599_999, "differs",
    )  # fmt: skip
    assert tie_out(desk, as_of="2003-04-10")["unit"][4] == "no_list"


def test_the_register_goes_out_and_comes_back(desk):
    assert desk.url("open-cap-format") in desk.client.get(desk.url("imports")).content.decode()
    answer = desk.client.get(desk.url("open-cap-format"))
    assert answer["Content-Type"] == "application/zip"
    assert "bestnet-2003-06-10.ocf.zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = set(archive.namelist())
    files = caller(desk.world.counsel).read("agreements/bestnet/open-cap-format/")
    assert set(files) == names

    back = io.BytesIO(answer.content)
    back.name = "register.ocf.zip"
    sent = desk.save(desk.url("send-import"), {"source": "Ourselves"}, files={"file": back})
    of = Import.objects.get()
    assert sent.url == desk.url("import", of.public_id)
    assert "It waits its turn." in desk.client.get(sent.url).content.decode()
    work(desk.world)
    shown = desk.client.get(sent.url).content.decode()
    assert "On the register already: Taken over from another register" in shown
    assert "Read it again" in shown
    desk.save(desk.url("import-columns", of.public_id), {})
    work(desk.world)
    of.refresh_from_db()
    assert of.counts["same"] == of.counts["rows"] == 4 + 16


def test_a_program_sends_one_and_has_it_read_again(desk):
    counsel = caller(desk.world.counsel)
    back = io.BytesIO(desk.client.get(desk.url("open-cap-format")).content)
    back.name = "register.ocf.zip"
    answer = counsel.post(
        f"{ROOT}agreements/bestnet/imports/", {"source": "Us", "file": back}, format="multipart"
    )
    assert answer.status_code == 201, answer.content
    path = f"imports/{answer.json()['public_id']}/"
    assert answer.json()["job"]["state"] == "waiting"
    work(desk.world)
    assert counsel.read(path)["counts"]["same"] == 20
    assert len(counsel.read(f"{path}rows/")["results"]) == 20
    counsel.act(f"{path}columns/", {"columns": {"name": 0}}, status=400)
    assert counsel.act(f"{path}columns/", {"columns": {}})["job"]["state"] == "waiting"


def test_an_archive_that_is_none_says_so_on_the_form(desk):
    bad = io.BytesIO(b"PK\x03\x04")
    bad.name = "register.zip"
    answer = desk.save(desk.url("send-import"), {"source": "Ourselves"}, files={"file": bad})
    assert "The file is not what its name says." in answer.content.decode()
    assert not Import.objects.exists()
