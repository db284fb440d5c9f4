"""Papers the Company shows its Investors: to all, or to one, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registrations.models import Document
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read, signed_in

JUNE_12 = date(2003, 6, 12)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _june() -> Any:
    with on_day(JUNE_12):
        yield


@pytest.fixture
def desk(bestnet: tell.World) -> Desk:
    return Desk(bestnet, Client())


def show(desk: Desk, title: str, whom: str = "", file: Any = None) -> Any:
    url = desk.url("show-document")
    data = {**desk.open(url), "title": title, "whom": whom, "do": "save"}
    data["files"] = file or SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    return desk.client.post(url, data)


def portal(world: tell.World, name: str, *more: Any) -> str:
    return reverse("portal-documents", args=[world.investors[name].public_id])


def test_one_for_all_is_found_by_all_and_one_for_one_by_that_one(
    bestnet: tell.World, desk: Desk
) -> None:
    assert "no document" in read(desk.client, desk.url("documents")).heading
    assert show(desk, "Final prospectus").status_code == 302
    assert (
        show(desk, "For Birch alone", str(bestnet.investors["Birch"].public_id)).status_code == 302
    )
    birch, cedar = (signed_in(tell.representative(bestnet, n)) for n in ("Birch", "Cedar"))

    page = read(birch, portal(bestnet, "Birch"))
    assert page.heading == "Papers the Company shows you."
    assert "Final prospectus" in page.text
    assert "For Birch alone" in page.text
    assert "For Birch alone" not in read(cedar, portal(bestnet, "Cedar")).text

    own = Document.objects.get(title="For Birch alone")
    file = birch.get(reverse("portal-document", args=[own.investor.public_id, own.public_id]))
    assert b"".join(file.streaming_content) == PDF
    assert "sandbox" in file["Content-Security-Policy"]
    assert file["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    theirs = reverse("portal-document", args=[bestnet.investors["Cedar"].public_id, own.public_id])
    assert cedar.get(theirs).status_code == 404
    assert read(desk.client, desk.url("documents")).heading == "Investors are shown 2 documents."


def test_taken_back_it_is_shown_no_more_and_stays_on_record(
    bestnet: tell.World, desk: Desk
) -> None:
    show(desk, "Draft prospectus")
    document = Document.objects.get()
    birch = signed_in(tell.representative(bestnet, "Birch"))
    url = desk.url("take-back-document", document.public_id)
    assert desk.save(url, {"reason": "A later one is final."}).status_code == 302

    file = reverse(
        "portal-document", args=[bestnet.investors["Birch"].public_id, document.public_id]
    )
    assert birch.get(file).status_code == 404
    assert "Draft prospectus" not in read(birch, portal(bestnet, "Birch")).text
    assert "Taken back Thu, Jun 12, 2003" in read(desk.client, desk.url("documents")).text
    assert desk.client.get(url).status_code == 404
    assert "Took back “Draft prospectus”" in read(desk.client, desk.url("audit")).text


@pytest.mark.parametrize(
    ("title", "file", "said"),
    [
        ("", None, "Say what it is."),
        ("A page", SimpleUploadedFile("page.html", b"<script>"), "is not a PDF, PNG, JPEG"),
        ("A lie", SimpleUploadedFile("lie.pdf", b"MZ\x90\x00"), "lie.pdf"),
        ("Nothing", SimpleUploadedFile("empty.pdf", b""), "empty"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_what_was_typed_is_still_there(
    bestnet: tell.World, desk: Desk, title: str, file: Any, said: str
) -> None:
    answer = show(desk, title, str(bestnet.investors["Birch"].public_id), file)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{bestnet.investors["Birch"].public_id}" selected' in answer.content.decode()
    assert not Document.objects.exists()
