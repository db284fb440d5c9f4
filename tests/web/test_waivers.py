"""Counsel record what an Investor waived, on its page."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registrations.models import Demand, Waiver
from tests import world as tell
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 12)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def desk(bestnet: tell.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def test_what_follows_is_shown_then_saved_with_its_paper_and_corrected(
    desk: Desk, matter: Demand
) -> None:
    dale = desk.world.investors["Dale"]
    typed = {"investor": dale.pk, "right": "notice", "signed_on": "Jun 10, 2003"}
    with on_day(TODAY):
        url = desk.url("record-waiver", matter.in_address)
        looked = desk.look(url, {**desk.open(url), **typed})
        paper = SimpleUploadedFile("waiver.pdf", PDF, "application/pdf")
        saved = desk.save(url, typed, {"files": paper})
        page = desk.client.get(saved["Location"])
        made = Waiver.objects.get()
        correct = desk.url("correct-waiver", matter.in_address, made.pk)
        again = desk.save(correct, {"taken_back": "on", "reason": "Another Dale."})
        after = desk.client.get(again["Location"])

    moved = [c for c in looked.context["moved"] if c.what == "First day to file"]
    assert [(c.before, c.after) for c in moved] == [("Not known", "Wed, Jul 9, 2003")]
    assert made.paper.name == "waiver.pdf"
    assert "The notice of the registration it is owed" in page.content.decode()
    assert "waiver.pdf" in page.content.decode()
    assert "No waiver is on record." in after.content.decode()
    assert "taken back" in after.content.decode()


def test_the_matter_says_who_waived_its_place(desk: Desk, matter: Demand) -> None:
    with on_day(TODAY):
        desk.save(
            desk.url("record-waiver", matter.in_address),
            {"investor": desk.world.investors["Birch"].pk, "right": "join",
             "signed_on": "2003-06-10"},
        )  # fmt: skip
        page = desk.client.get(desk.url("demand", matter.in_address))

    said = {p.name: p.status.text for p in page.context["participants"]}
    assert said["Birch"] == "Waived Tue, Jun 10"
    assert "Waived" not in said["Cedar"]


def test_a_form_without_its_investor_comes_back_as_typed(desk: Desk, matter: Demand) -> None:
    with on_day(TODAY):
        url = desk.url("record-waiver", matter.in_address)
        answer = desk.look(url, {**desk.open(url), "right": "join", "signed_on": "Jun 31, 2003"})

    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert "is not a day" in errors["signed_on"][0]
    assert 'value="Jun 31, 2003"' in answer.content.decode()


def test_a_waiver_of_an_investor_asks_which_and_keeps_the_rest(desk: Desk, matter: Demand) -> None:
    with on_day(TODAY):
        url = desk.url("record-waiver", matter.in_address)
        typed = {"right": "join", "signed_on": "Jun 10, 2003"}
        answer = desk.look(url, {**desk.open(url), **typed})

    assert answer.status_code == 422
    assert "Choose the Investor that signed it." in answer.content.decode()
    assert 'value="Jun 10, 2003"' in answer.content.decode()


def test_the_company_waives_a_condition_and_the_page_says_by_whom(
    desk: Desk, matter: Demand
) -> None:
    with on_day(TODAY):
        url = desk.url("record-waiver", matter.in_address)
        asked = desk.client.get(url).content.decode()
        assert "By the Company: the conditions a demand must meet" in asked
        saved = desk.save(url, {"right": "rest", "signed_on": "Jun 10, 2003"})
        page = desk.client.get(saved["Location"]).content.decode()
        made = Waiver.objects.get()
        form = desk.client.get(desk.url("correct-waiver", matter.in_address, made.pk))

    assert "The Company" in page
    assert "Its time of rest after another registration" in page
    assert "correct the waiver of the Company" in form.content.decode()


def test_a_reader_sees_the_waivers_and_no_button(
    bestnet: tell.World, client: Client, matter: Demand
) -> None:
    desk = Desk(bestnet, client, bestnet.reader)
    with on_day(TODAY):
        page = client.get(desk.url("waivers", matter.in_address))

    assert page.status_code == 200
    assert "Record a waiver" not in page.content.decode()
