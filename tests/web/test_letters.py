"""The letters of a notice: one for each Investor it is owed to, to print or to edit."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from registrations.models import Demand, Suspension
from registrations.services import (
    company,
    delays,
    information,
    ledger,
    register,
    selling,
    waivers,
)
from registrations.services.company import ProposalIn
from registrations.services.delays import DelayIn
from registrations.services.deliveries import CopyIn
from registrations.services.matters import record_effectiveness
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read

JUNE_4 = date(2003, 6, 4)


@pytest.fixture(autouse=True)
def _june() -> Any:
    with on_day(JUNE_4):
        yield


@pytest.fixture
def desk(bestnet: tell.World) -> Desk:
    return Desk(bestnet, Client())


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    return tell.demand(bestnet, received_on=date(2003, 6, 2))


def letters(desk: Desk, reference: str = "DR-1", rest: str = "") -> str:
    return f"{desk.url('registrations')}{reference}/letters/{rest}"


def pdf_pages(content: bytes) -> list[str]:
    return [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages]


def test_one_letter_for_each_investor_but_the_initiating_ones(desk: Desk, matter: Demand) -> None:
    page = read(desk.client, letters(desk))

    assert page.heading == "The Company Notice of DR-1 is to go to three Investors."
    for name in ("Birch", "Cedar", "Dale"):
        assert f"{name} 1 {name} Street · Grand Rapids, Michigan To go" in page.text
    assert "1 Alder Street" not in page.text
    assert "Letters" in read(desk.client, f"{desk.url('registrations')}DR-1/").text


def test_a_letter_says_what_the_notice_has_to_say_and_no_day_not_known_yet(
    bestnet: tell.World, desk: Desk, matter: Demand
) -> None:
    url = letters(desk, rest=f"{bestnet.investors['Birch'].public_id}/")
    (said,) = pdf_pages(desk.client.get(url).content)

    assert "1 Birch Street" in said
    assert "5075 Cascade Road SE" in said
    assert "June 4, 2003" in said
    assert "that on June 2, 2003 it received a Demand Notice" in said
    assert "the amount of Units and Registrable Shares" in said
    assert "within 20 calendar days after Company Notice given (section 1(a))" in said
    assert "June 24" not in said  # whether it goes today, and how, is not known
    assert "Alder" not in said


def test_in_word_it_says_the_same(bestnet: tell.World, desk: Desk, matter: Demand) -> None:
    url = letters(desk, rest=f"{bestnet.investors['Birch'].public_id}/")
    answer = desk.client.get(f"{url}?as=docx")
    document = Document(io.BytesIO(answer.content))
    said = " ".join(" ".join(p.text for p in document.paragraphs).split())

    assert answer["Content-Disposition"].endswith('.docx"')
    assert document.core_properties.title == "Company Notice to Birch"
    for words in ("1 Birch Street", "it received a Demand Notice", "20 calendar days after"):
        assert words in said


def test_all_that_are_to_go_in_one_file_with_the_mailing_list(
    bestnet: tell.World, desk: Desk, matter: Demand
) -> None:
    tell.tell(bestnet, matter, {"Birch": None}, sent_on=date(2003, 6, 3))
    tell.add(bestnet, "=Evil", 100)
    page = read(desk.client, letters(desk))
    assert "Birch 1 Birch Street · Grand Rapids, Michigan Given Tue, Jun 3, 2003" in page.text

    answer = desk.client.get(letters(desk, rest="all/"))
    kept = zipfile.ZipFile(io.BytesIO(answer.content))
    names = kept.namelist()
    pages = pdf_pages(kept.read("letters.pdf"))
    rows = list(csv.reader(io.StringIO(kept.read("mailing-list.csv").decode())))
    (labels,) = pdf_pages(kept.read("labels.pdf"))

    assert answer["Content-Disposition"] == 'attachment; filename="bestnet-DR-1-letters.zip"'
    assert len(pages) == 3  # to Cedar, Dale and the newcomer; Birch has its own
    assert [n.rsplit("-", 1)[0] for n in names if n.endswith(".docx")] == ["evil", "cedar", "dale"]
    assert [row[0] for row in rows] == ["Investor", "'=Evil", "Cedar", "Dale"]
    assert rows[2][1] == "1 Cedar Street\nGrand Rapids, Michigan"
    assert "Cedar 1 Cedar Street Grand Rapids, Michigan Dale 1 Dale Street" in labels
    assert "Birch" not in labels
    assert not any("/" in name or ".." in name for name in names)


def test_where_the_words_bear_two_readings_counsel_are_told_which_the_letters_give(
    desk: Desk, matter: Demand
) -> None:
    page = read(desk.client, letters(desk))

    assert (
        "The letters give the first: 20 calendar days after Company Notice given; or 20 calendar "
        "days after Company Notice received." in page.text
    )


def test_who_waived_the_notice_gets_no_letter(
    bestnet: tell.World, desk: Desk, matter: Demand
) -> None:
    waivers.record_waiver(
        demand=matter, investor=bestnet.investors["Birch"], right="notice", signed_on=JUNE_4,
        when=bestnet.at(JUNE_4),
    )  # fmt: skip
    page = read(desk.client, letters(desk))

    assert page.heading == "The Company Notice of DR-1 is to go to two Investors."
    assert "1 Birch Street" not in page.text


def test_a_demand_that_is_not_good_has_no_letters_and_says_why(
    bestnet: tell.World, desk: Desk
) -> None:
    tell.demand(bestnet, by=("Dale",), received_on=date(2003, 6, 2))
    page = read(desk.client, letters(desk))

    assert page.heading == "The Company Notice of DR-1 is owed to nobody."
    assert "The Initiating Investors held" in page.text
    assert desk.client.get(letters(desk, rest="all/")).status_code == 404


def test_a_registration_that_owes_no_notice_has_no_letters(bestnet: tell.World, desk: Desk) -> None:
    proposed = company.propose_registration(
        agreement=bestnet.agreement, proposal=ProposalIn("Common Stock", form_allows=False),
        proposed_on=JUNE_4, memo="Form S-4.", when=bestnet.at(JUNE_4),
    )  # fmt: skip
    page = read(desk.client, letters(desk, proposed.reference))

    assert page.heading == "The Registration Notice of CR-1 is owed to nobody."


def test_one_without_an_address_is_named(bestnet: tell.World, desk: Desk, matter: Demand) -> None:
    newcomer = register.add_investor(
        agreement=bestnet.agreement, name="Elm", kind="person", party_from=date(2003, 3, 30),
        when=bestnet.at(JUNE_4),
    )  # fmt: skip
    ledger.issue_units(investor=newcomer, units=5, on=date(2003, 3, 31), when=bestnet.at(JUNE_4))
    page = read(desk.client, letters(desk))

    assert "No address for notices is on record for 1 of them: Elm." in page.text


def test_the_registration_notice_of_a_registration_of_the_company(
    bestnet: tell.World, desk: Desk
) -> None:
    proposed = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=ProposalIn("Common Stock", form_allows=True),
        proposed_on=JUNE_4,
        when=bestnet.at(JUNE_4),
    )
    page = read(desk.client, letters(desk, proposed.reference))
    url = letters(desk, proposed.reference, f"{bestnet.investors['Alder'].public_id}/")
    (said,) = pdf_pages(desk.client.get(url).content)

    assert page.heading == "The Registration Notice of CR-1 is to go to four Investors."
    assert "it proposes to register securities of its own" in said
    assert "20 calendar days after Registration Notice given (section 3(a))" in said


@pytest.fixture
def carried(bestnet: tell.World, matter: Demand) -> Demand:
    """Delayed, filed, effective, its prospectus amended and taken up again, and Alder asked."""
    alder, july = bestnet.investors["Alder"], date(2003, 7, 20)
    when = bestnet.at(july)
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    asked_until = DelayIn(date(2003, 6, 20), "A secret offering", until_on=date(2003, 7, 10))
    delays.record_delay(demand=matter, delay=asked_until, when=when)
    tell.files(bestnet, matter, date(2003, 7, 11), {"Alder": 1200})
    record_effectiveness(demand=matter, on=date(2003, 7, 14), when=when)
    stopped = selling.begin_suspension(
        statement=matter.statement, on=date(2003, 7, 15), note="Risk factors", when=when
    )
    copies = [(alder, CopyIn("certified_mail", date(2003, 7, 15)))]
    selling.record_letter(suspension=stopped, copies=copies, asks_to_stop=True, when=when)
    information.ask_information(
        demand=matter, investors=[alder], sent_on=date(2003, 7, 12), method="regular_mail",
        due_on=date(2003, 7, 22), parts=["name", "distribution"], when=when,
    )  # fmt: skip
    return matter


WRITTEN = {
    "delay-1": ["Notice of a delay (section 1(d))", "on June 20, 2003 it directed", "until July 10",
                "1 Alder Street"],
    "suspension-1": ["Request to stop selling", "was amended on July 15, 2003",
                     "Stop offering and selling"],
    "resumption-1": ["Notice that sales may resume", "the revised prospectus"],
    "information": ["Request for information (section 6)", "so that it has it by July 22, 2003",
                    "Name, as the prospectus should have it"],
    "effectiveness": ["Notice of effectiveness", "To the transfer agent of",
                      "became effective on July 14, 2003", "Alder: 1,200 shares"],
}  # fmt: skip


def test_the_other_letters_of_a_matter_say_the_same_as_pdf_and_in_word(
    desk: Desk, carried: Demand
) -> None:
    with on_day(date(2003, 7, 20)):
        desk = Desk(desk.world, Client())  # a session does not last from June to July
        page = read(desk.client, letters(desk))
        for name, words in WRITTEN.items():
            url = letters(desk, rest=f"of/{name}/")
            assert url in page.links
            said = " ".join(pdf_pages(desk.client.get(url).content))
            document = Document(io.BytesIO(desk.client.get(f"{url}?as=docx").content))
            in_word = " ".join(" ".join(p.text for p in document.paragraphs).split())
            for each in words:
                assert each in said, name
                assert each in in_word, name
            assert "A secret offering" not in said  # why it is put off is the Company’s own
            assert "Birch" not in said
        assert desk.client.get(letters(desk, rest="of/delay-2/")).status_code == 404
    assert "Notice of effectiveness to the transfer agent Effective on" in page.text
    assert "Notice of a delay Directed on Fri, Jun 20, 2003 1 Investor PDF" in page.text


def test_a_resumption_says_when_the_request_to_stop_was_taken_back(
    bestnet: tell.World, carried: Demand
) -> None:
    selling.release(
        suspension=Suspension.objects.get(), on=date(2003, 7, 19), note="Cleared",
        when=bestnet.at(date(2003, 7, 20)),
    )  # fmt: skip
    with on_day(date(2003, 7, 20)):
        desk = Desk(bestnet, Client())
        (said,) = pdf_pages(desk.client.get(letters(desk, rest="of/resumption-1/")).content)

    assert "on July 19, 2003 it took back its request to stop offers" in said


def test_forms_for_investors_to_sign_come_from_them_with_the_day_left_open(
    bestnet: tell.World, desk: Desk, matter: Demand
) -> None:
    pages = pdf_pages(desk.client.get(letters(desk, rest="of/forms/")).content)
    assert [page.split(" 1 ")[0] for page in pages] == ["Birch", "Cedar", "Dale"]
    assert "Birch asks Bestnet Communications under the" in pages[0]
    assert "Date: ____________________" in pages[0]
    assert "June 4" not in pages[0]

    alder = desk.url("demand-form", bestnet.investors["Alder"].public_id)
    (said,) = pdf_pages(desk.client.get(alder).content)
    assert said.startswith("Alder 1 Alder Street")
    assert "demand that Bestnet Communications register under the Securities Act" in said
    stranger = tell.build({"Yew": 600}, slug="elsewhere").investors["Yew"].public_id
    assert desk.client.get(desk.url("demand-form", stranger)).status_code == 404
