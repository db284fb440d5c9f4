"""Counsel write the words of their letters: seen first, kept by version, used in every letter."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from registrations.letter_kinds import our_text
from registrations.models import Demand, LetterTemplate
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read

JUNE_4 = date(2003, 6, 4)
OURS = (
    "# A notice to {{ to }}\n\n{{ company }} writes to you, {{ to | upcase }}.\n\n"
    "---\nBy: {{ today }}"
)


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


def pdf(content: bytes) -> str:
    return " ".join(
        " ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages
    )


def word(content: bytes) -> str:
    said = " ".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    return " ".join(said.split())


def save(desk: Desk, text: str, reason: str = "House style.", kind: str = "company_notice") -> Any:
    return desk.save(desk.url("change-letter-text", kind), {"text": text, "reason": reason})


def letter_to(desk: Desk, who: str) -> str:
    investor = desk.world.investors[who].public_id
    return f"{desk.url('registrations')}DR-1/letters/{investor}/"


def test_until_counsel_write_their_own_every_letter_has_our_words(desk: Desk) -> None:
    page = read(desk.client, desk.url("letter-texts"))
    one = read(desk.client, desk.url("letter-text", "company_notice"))

    assert page.heading == "Every letter has our words."
    assert "Notice of effectiveness to the transfer agent Ours Change" in page.text
    assert "Example Corp. gives you notice under the Registration Rights Agreement" in one.text
    assert "{{ demand_received_on }} The day the Demand Notice was received; it may be" in one.text
    assert "Our words, in use." in one.text


def test_words_are_seen_before_they_are_saved_and_are_in_every_letter_after(
    desk: Desk, matter: Demand
) -> None:
    url = desk.url("change-letter-text", "company_notice")
    opened = desk.open(url)
    assert opened["text"].replace("\r\n", "\n") == our_text("company_notice")

    looked = desk.client.post(url, {**opened, "text": OURS, "do": "change"})
    assert "A notice to Example Partners, L.P." in looked.content.decode()
    assert not LetterTemplate.objects.exists()
    seen = pdf(desk.client.post(url, {**opened, "text": OURS, "do": "pdf"}).content)
    assert "Example Corp. writes to you, EXAMPLE PARTNERS, L.P.." in seen
    assert not LetterTemplate.objects.exists()

    assert save(desk, OURS).status_code == 302
    answer = desk.client.get(letter_to(desk, "Birch"))
    said = pdf(answer.content)
    in_word = word(desk.client.get(letter_to(desk, "Birch") + "?as=docx").content)
    for words in ("A notice to Birch", "writes to you, BIRCH.", "By June 4, 2003",
                  "1 Birch Street"):  # fmt: skip
        assert words in said
        assert words in in_word
    assert "Alder" not in said
    page = read(desk.client, desk.url("letter-texts"))
    assert page.heading == "One kind of letter has words of your own."


def test_words_that_reach_too_far_come_back_as_typed_with_the_reason(
    desk: Desk, matter: Demand
) -> None:
    bad = "# A\n\n{{ company.objects }}"
    for do in ("save", "look", "pdf"):
        opened = desk.open(desk.url("change-letter-text", "company_notice"))
        answer = desk.client.post(
            desk.url("change-letter-text", "company_notice"),
            {**opened, "text": bad, "reason": "x", "do": do},
        )
        assert answer.status_code == 422
        assert "Line 3: “company.objects” is not known" in answer.content.decode()
        assert answer.context["form"]["text"].value() == bad
    assert not LetterTemplate.objects.exists()
    assert "it received a Demand Notice" in pdf(desk.client.get(letter_to(desk, "Birch")).content)


def test_an_earlier_version_and_our_words_can_be_taken_up_again(desk: Desk) -> None:
    save(desk, OURS)
    save(desk, OURS.replace("writes", "speaks"), "Plainer.")
    page = read(desk.client, desk.url("letter-text", "company_notice"))
    assert "Version 2, in use." in page.text
    assert "“Plainer.” Version 1" in page.text

    url = desk.url("change-letter-text", "company_notice", query="?version=1")
    assert desk.open(url)["text"].replace("\r\n", "\n").strip() == OURS
    assert desk.save(url, {}).status_code == 302
    standing = LetterTemplate.objects.standing().get()
    assert (standing.text.strip(), standing.reason) == (OURS, "Back to version 1.")

    back = desk.url("change-letter-text", "company_notice", query="?version=ours")
    assert desk.save(back, {}).status_code == 302
    assert LetterTemplate.objects.standing().get().text == our_text("company_notice").strip() + "\n"
    for version in ("9", "x", "-1"):
        gone = desk.url("letter-text", "company_notice", query=f"?version={version}")
        assert desk.client.get(gone).status_code == 404
    assert desk.client.get(desk.url("letter-text", "ransom")).status_code == 404


def test_words_that_no_longer_fit_a_matter_lead_to_the_words(desk: Desk, matter: Demand) -> None:
    save(desk, OURS)
    # As an older release may have let through: nothing checks what is on record already.
    LetterTemplate.objects.create(
        agreement=desk.world.agreement, kind="company_notice", text="# A\n\n{{ gone }}",
        reason="x", replaces=LetterTemplate.objects.get(),
    )  # fmt: skip
    for address in ("", "all/"):
        answer = desk.client.get(f"{desk.url('registrations')}DR-1/letters/{address}", follow=True)
        assert "No letter can be made of the words of “Company Notice”." in answer.content.decode()
        assert answer.redirect_chain[0][0] == desk.url("letter-texts")
