"""Receipts and letters as files to keep, and what an Investor learns of another: nothing."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from investors.models import Representative
from notices.models import Receipt
from registrations.models import Demand
from registrations.pdf import Paper, as_pdf
from registrations.services import register, waivers
from registrations.services.calendars import make_feed
from registrations.services.transfers import TakerIn
from tests import world as tell
from tests.web.forms import on_day
from tests.web.pages import read
from tests.web.portal import JUNE_12, TYPED, answered, at, consents

# --- papers ---------------------------------------------------------------------------------


def said_in(answer: Any) -> str:
    """What a PDF says, as one reads it; where its lines break is the page's business."""
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_receipt_and_the_letter_as_files_to_keep(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        answered(birch, url, **TYPED)
        receipt = Receipt.objects.get()
        kept = birch.get(at(bestnet, "receipt-pdf", "Birch", receipt.public_id))
        letter = birch.get(at(bestnet, "letter-pdf", "Birch", receipt.public_id))
    with on_day(date(2003, 12, 1)):
        later = birch.get(at(bestnet, "receipt-pdf", "Birch", receipt.public_id))

    assert "Here since Thu, Jun 12, 2003, 12:00 pm ET" in said_in(kept)
    assert receipt.number in said_in(kept)
    assert receipt.sha256 in said_in(kept).replace(" ", "")
    assert "60,000" in said_in(kept)
    assert kept.content == later.content
    assert kept["Content-Disposition"] == f'attachment; filename="receipt-{receipt.number}.pdf"'
    assert "Birch asks to have 60,000 Registrable Shares included" in said_in(letter)
    assert "5075 Cascade Road SE" in said_in(letter)
    tagged = PdfReader(io.BytesIO(kept.content)).trailer["/Root"]
    assert (tagged["/MarkInfo"]["/Marked"], tagged["/Lang"]) == (True, "en")


def test_what_was_sent_to_it_is_a_file_of_its_own_notices_alone(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        url = at(bestnet, "portal-notices")
        assert "?format=xlsx" in read(birch, url).links
        answer = birch.get(f"{url}?format=csv")
    header, told = csv.reader(answer.getvalue().decode().splitlines())  # type: ignore[attr-defined]

    assert header == ["Notice", "How", "Sent", "Received", "Given"]
    assert told == ["Company Notice", "Certified mail", "2003-06-05", "2003-06-09", "2003-06-05"]


def test_the_text_of_a_notice_is_there_to_read_again(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        page = read(birch, at(bestnet, "portal-notices"))
        (url,) = [each for each in page.links if each.endswith("/letter/")]
        said = said_in(birch.get(url))
        theirs = birch.get(url.replace(
            str(bestnet.investors["Birch"].public_id), str(bestnet.investors["Dale"].public_id)
        ))  # fmt: skip

    assert "What counts is the paper that was sent to you." in page.text
    assert "Company Notice" in said
    assert "June 5, 2003" in said
    assert "You may ask that Registrable Shares of yours be included." in said
    assert "June 2, 2003" not in said  # the day of the demand is not Birch's to know
    assert theirs.status_code == 404


def test_a_name_in_letters_our_typeface_lacks_still_gives_a_file() -> None:
    made = as_pdf(Paper("Receipt", "林", "Here since today"), made_at=tell.noon(JUNE_12))
    told = as_pdf(Paper("Receipt", "A", "林"), made_at=tell.noon(JUNE_12))

    assert made.startswith(b"%PDF-")
    assert told.startswith(b"%PDF-")


def test_what_is_typed_is_text_and_no_markup() -> None:
    typed = '#eval("1") *bold* $x$ <a> \\ [b] @c // d'
    made = as_pdf(Paper("T", "A", typed, paragraphs=[typed]), made_at=tell.noon(JUNE_12))

    said = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert said.count('#eval("1") *bold* $x$ <a>') == 2


# --- non-interference -----------------------------------------------------------------------


@pytest.fixture
def calendar(birch: Client) -> str:
    """Where Birch's person reads their dates."""
    person = Representative.objects.get(investor__name="Birch").user
    return reverse("calendar-file", args=[make_feed(person, now=tell.noon(JUNE_12))[1]])


def everything(
    client: Client, world: tell.World, matter: Demand, who: str, calendar: str
) -> dict[str, str]:
    """Every byte an Investor can get here, less the form tokens, which are new each time."""
    names = ("portal-home", "portal-holdings", "portal-notices", "portal-requests")
    urls = [at(world, name, who) for name in names]
    urls += [at(world, name, who, matter.public_id) for name in ("portal-join", "portal-decline")]
    urls += [
        at(world, name, who, r.public_id)
        for name in ("receipt", "receipt-pdf", "receipt-letter", "letter-pdf")
        for r in Receipt.objects.filter(investor=world.investors[who])
    ]
    found = {}
    for url in [*urls, calendar]:
        answer = client.get(url)
        body = re.sub(
            r'name="(csrfmiddlewaretoken|once)" value="[^"]+"', "", answer.content.decode("latin-1")
        )
        found[url] = f"{answer.status_code} {sorted(answer.headers.items())} {body}"
    return found


@time_machine.travel("2003-06-20 16:00:00+00:00", tick=False)
def test_what_only_concerns_another_changes_no_byte(
    bestnet: tell.World, matter: Demand, birch: Client, calendar: str
) -> None:
    consents(bestnet)
    sent = answered(birch, at(bestnet, "portal-join", "Birch", matter.public_id), **TYPED)
    assert "This is its receipt" in read(birch, sent["Location"]).text  # said once
    before = everything(birch, bestnet, matter, "Birch", calendar)

    when = bestnet.at(date(2003, 6, 20))
    tell.signed_for(bestnet, matter, "Dale", date(2003, 6, 19))
    tell.asks(bestnet, matter, "Cedar", received_on=date(2003, 6, 18), shares=7_919)
    waivers.record_waiver(
        demand=matter, investor=bestnet.investors["Dale"], right="join",
        signed_on=date(2003, 6, 18), when=when,
    )  # fmt: skip
    tell.transfer(bestnet, "Cedar", TakerIn("Elm", None), 7, on=date(2003, 6, 18), by=when)
    register.record_consent(
        agreement=bestnet.agreement, investor=bestnet.investors["Dale"],
        signed_on=date(2003, 6, 1), when=when,
    )  # fmt: skip
    register.change_address(
        agreement=bestnet.agreement, investor=bestnet.investors["Cedar"], lines="9 New Street",
        in_force_from=date(2003, 6, 18), when=when,
    )  # fmt: skip
    hidden = tell.demand(bestnet, received_on=date(2003, 6, 19), by=("Cedar",))
    tell.representative(bestnet, "Cedar")

    assert hidden.pk
    assert everything(birch, bestnet, matter, "Birch", calendar) == before


@time_machine.travel("2003-06-20 16:00:00+00:00", tick=False)
def test_a_change_of_its_own_is_seen_by_the_same_measure(
    bestnet: tell.World, matter: Demand, birch: Client, calendar: str
) -> None:
    """The control: what is compared above does notice a change."""
    before = everything(birch, bestnet, matter, "Birch", calendar)
    tell.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 18), shares=7_919)

    assert everything(birch, bestnet, matter, "Birch", calendar) != before
