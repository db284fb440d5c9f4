"""What EDGAR says, on its page: looked at, accepted or set aside, and when it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from investors.models import Company
from registrations.edgar import Folder
from registrations.models import EdgarAnswer, EdgarAsking, EdgarProposal, Statement, StatementRecord
from registrations.services import edgar, edgar_following, matters
from registrations.tasks import edgar_round
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read, signed_in
from tests.world import noon

SAVED = Path(__file__).parents[1] / "edgar"
JUNE_2, JULY_15, AUG_20 = date(2003, 6, 2), date(2003, 7, 15), date(2003, 8, 20)


@pytest.fixture(autouse=True)
def _august() -> Iterator[None]:
    with on_day(AUG_20):
        yield


@pytest.fixture
def desk(bestnet: tell.World, settings: Any) -> Desk:
    """Counsel, with a matter that waits for its filing and a folder of saved answers."""
    settings.EDGAR_FOLDER = str(SAVED / "story")
    tell.demand(bestnet, received_on=JUNE_2)
    return Desk(bestnet, Client())


def asked(desk: Desk, saved: str = "story", on: date = AUG_20) -> None:
    company = Company.objects.get(pk=desk.world.company.pk)
    if not company.cik:
        edgar.set_cik(
            agreement=desk.world.agreement, cik="9999999001", reason="r", when=desk.world.at(JUNE_2)
        )
        company.refresh_from_db()
    edgar_following.follow(company, Folder(SAVED / saved), noon(on))


def filed(desk: Desk, on: date = JULY_15) -> Statement:
    record = matters.record_filing(
        demand=desk.world.agreement.demands.get(), on=on, form="S-3",
        file_number="333-107001", when=desk.world.at(on),
    )  # fmt: skip
    return record.statement


def waiting(kind: str) -> EdgarProposal:
    return EdgarProposal.objects.standing().get(answer=None, kind=kind)


def test_from_nothing_set_up_to_the_first_filing(desk: Desk, settings: Any) -> None:
    """Counsel enter the CIK and ask; the worker asks; they accept what it found."""
    page = read(desk.client, desk.url("edgar"))
    assert page.heading == "Nothing from EDGAR waits to be looked at."
    assert "the Company’s CIK is not on record" in page.text

    cik = {"cik": "9999999001", "reason": "Form ID"}
    assert desk.save(desk.url("set-cik"), cik).status_code == 302
    assert "EDGAR was not asked yet." in read(desk.client, desk.url("edgar")).text
    assert desk.save(desk.url("ask-edgar"), {}).status_code == 302
    assert "EDGAR is asked within minutes." in read(desk.client, desk.url("edgar")).text
    edgar_round(noon(AUG_20))

    page = read(desk.client, desk.url("edgar"))
    assert page.heading == "EDGAR: one thing to look at."
    assert "1 new." in page.text
    assert "Accepted Tue, Jul 15, 2003 at 5:10:22 pm Eastern, not after 5:30 pm" in page.text
    address = (
        "https://www.sec.gov/Archives/edgar/data/9999999001/999999900103000041/"
        "9999999001-03-000041-index.htm"
    )
    assert address in page.links

    url = desk.url("accept-edgar", waiting("filed").public_id)
    looked = desk.look(url, desk.open(url))
    assert looked.context["found"].changes
    assert not Statement.objects.exists()
    alder = desk.world.investors["Alder"].pk
    assert desk.save(url, {"demand": "DR-1", f"covers_{alder}": "5,000"}).status_code == 302

    statement = Statement.objects.get()
    record = statement.records.get()
    assert (record.on, record.file_number, record.covers.get().shares) == (
        JULY_15, "333-107001", 5_000,
    )  # fmt: skip
    shown = read(desk.client, desk.url("statement", statement.public_id))
    assert "9999999001-03-000041" in shown.text
    assert address in shown.links
    assert "9999999001-03-000041" in read(desk.client, desk.url("statements")).text
    assert "Took EDGAR’s 9999999001-03-000041" in read(desk.client, desk.url("audit")).text
    assert "Set the Company’s CIK to 9999999001" in read(desk.client, desk.url("audit")).text
    assert desk.client.get(url).status_code == 302  # it was answered


def test_the_notice_s_own_day_is_recorded(desk: Desk) -> None:
    statement = filed(desk)
    asked(desk)
    page = read(desk.client, desk.url("edgar")).text
    assert "EDGAR lists the notice under Tue, Aug 19, 2003, the day of its posting." in page
    assert (
        "EDGAR says 4 things of it"
        in read(desk.client, desk.url("statement", statement.public_id)).text
    )

    desk.save(desk.url("accept-edgar", waiting("effective").public_id), {})

    assert StatementRecord.objects.get(kind="effective").on == date(2003, 8, 18)


def test_what_is_on_record_already_only_gets_the_number(desk: Desk) -> None:
    statement = filed(desk)
    asked(desk)
    url = desk.url("accept-edgar", waiting("filed").public_id)
    assert "Keep EDGAR’s number as evidence?" in read(desk.client, url).heading
    assert "No date changes." in desk.look(url, desk.open(url)).content.decode()

    assert desk.save(url, {}).status_code == 302

    assert EdgarAnswer.objects.get().record == statement.records.get()


def test_another_day_on_record_leads_to_its_correction(desk: Desk) -> None:
    statement = filed(desk, on=date(2003, 7, 14))
    asked(desk)
    page = read(desk.client, desk.url("edgar"))
    assert "On record is Mon, Jul 14, 2003." in page.text
    assert desk.url("correct-statement", statement.records.get().pk) in page.links

    url = desk.url("accept-edgar", waiting("filed").public_id)
    answer = desk.save(url, {})

    assert answer.status_code == 422
    assert "correct that entry with a reason" in answer.content.decode()


def test_a_day_in_question_is_chosen(desk: Desk) -> None:
    asked(desk, "filed_late")
    url = desk.url("accept-edgar", waiting("filed").public_id)
    page = read(desk.client, url)
    assert "Tue, Jul 15, 2003: the filing date EDGAR gives" in page.text
    assert "Wed, Jul 16, 2003: by the time of acceptance" in page.text

    assert desk.save(url, {"demand": "DR-1"}).status_code == 422
    assert desk.save(url, {"demand": "DR-1", "on": "2003-07-17"}).status_code == 422
    assert desk.save(url, {"demand": "DR-1", "on": "2003-07-16"}).status_code == 302
    assert StatementRecord.objects.get().on == date(2003, 7, 16)


def test_set_aside_with_a_reason(desk: Desk) -> None:
    asked(desk)
    url = desk.url("set-aside-edgar", waiting("filed").public_id)
    assert desk.save(url, {}).status_code == 422
    assert desk.save(url, {"reason": "Another offering."}).status_code == 302

    page = read(desk.client, desk.url("edgar"))
    assert "Set aside: “Another offering.”" in page.text
    kept = desk.client.get(desk.url("edgar", query="?format=csv")).getvalue().decode()
    assert "Another offering." in kept


def test_an_outage_is_told_and_proves_nothing(desk: Desk) -> None:
    asked(desk, "no such folder")

    page = read(desk.client, desk.url("edgar")).text

    assert "The folder has no submissions/CIK9999999001.json." in page
    assert "What EDGAR does not say proves nothing" in page


def test_a_request_to_withdraw_cannot_be_accepted(desk: Desk) -> None:
    filed(desk)
    asked(desk, "withdrawn", on=date(2003, 8, 25))
    proposal = waiting("withdrawal_requested")

    assert "Nothing is recorded of this." in read(desk.client, desk.url("edgar")).text
    assert desk.client.get(desk.url("accept-edgar", proposal.public_id)).status_code == 404


def test_a_withdrawal_asks_at_whose_wish(desk: Desk) -> None:
    filed(desk)
    asked(desk, "withdrawn", on=date(2003, 9, 8))
    with on_day(date(2003, 9, 8)):
        desk = Desk(desk.world, Client())  # signed in anew, three weeks later
        url = desk.url("accept-edgar", waiting("withdrawn").public_id)
        assert desk.save(url, {}).status_code == 422
        assert desk.save(url, {"detail": "investors"}).status_code == 302
    assert StatementRecord.objects.get(kind="withdrawn").detail == "investors"


def test_with_nobody_set_up_the_page_says_what_to_set(desk: Desk, settings: Any) -> None:
    settings.EDGAR_FOLDER = ""
    asked(desk)

    page = read(desk.client, desk.url("edgar"))

    assert "whoever runs Rightsbook sets EDGAR_CONTACT" in page.text
    assert "Ask EDGAR now" not in page.text


def test_a_reader_looks_and_a_stranger_does_not(desk: Desk) -> None:
    asked(desk)
    proposal = waiting("filed")
    reader, stranger = signed_in(desk.world.reader), signed_in(desk.world.stranger)

    assert "Accept" not in read(reader, desk.url("edgar")).text.split()
    for name, more in (
        ("set-cik", []), ("ask-edgar", []), ("accept-edgar", [proposal.public_id]),
        ("set-aside-edgar", [proposal.public_id]),
    ):  # fmt: skip
        assert reader.post(desk.url(name, *more)).status_code == 403
        assert stranger.post(desk.url(name, *more)).status_code == 404
    assert stranger.get(desk.url("edgar")).status_code == 404
    assert not EdgarAnswer.objects.exists()


def test_another_agreements_proposal_is_not_ours(desk: Desk) -> None:
    other = tell.build({"Yew": 600}, slug="elsewhere")
    theirs = tell.edgar_says(other)
    url = reverse("accept-edgar", args=[desk.world.agreement.slug, theirs.public_id])

    assert desk.client.get(url).status_code == 404


def test_asking_twice_is_asking_once(desk: Desk) -> None:
    asked(desk)
    for _ in range(2):
        desk.save(desk.url("ask-edgar"), {})

    assert EdgarAsking.objects.get().wanted_at == noon(AUG_20)
