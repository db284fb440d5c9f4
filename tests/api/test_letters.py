"""The words of letters, and letters as PDF, by REST."""

from __future__ import annotations

import base64
import io
from datetime import date

import pytest
from pypdf import PdfReader

from registrations.models import Demand, LetterTemplate
from registrations.services import delays
from registrations.services.delays import DelayIn
from tests import world as worlds
from tests.world import World

PATH = "agreements/bestnet/letter-texts/delay/"
TEXT = (
    "# Put off\n\n{{ company }} puts {{ registration }} off"
    "{% if until_on %} to {{ until_on }}{% endif %}."
)


@pytest.fixture
def matter(bestnet: World) -> Demand:
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    delays.record_delay(
        demand=matter, delay=DelayIn(date(2003, 6, 20)), when=bestnet.at(date(2003, 6, 20))
    )
    return matter


def test_words_are_read_saved_and_made_into_a_letter(bestnet, matter, counsel, travel):
    travel(date(2003, 6, 21))
    before = counsel.read(PATH)
    assert before["text"] == before["our_text"]
    assert before["versions"] == []
    assert {"name": "until_on", "says": "The last day it asked for", "always": False,
            "list": False, "example": ["September 18, 2003"]} in before["names"]  # fmt: skip

    saved = counsel.act(PATH, {"text": TEXT, "reason": "Plainer."})
    assert (saved["text"].strip(), saved["versions"][0]["reason"]) == (TEXT, "Plainer.")
    kinds = counsel.read("agreements/bestnet/letter-kinds/")["kinds"]
    assert {k["kind"]: k["versions"] for k in kinds if k["versions"]} == {"delay": 1}

    listed = counsel.read(f"demands/{matter.public_id}/letters/")["letters"]
    assert [(each["name"], each["letters"]) for each in listed][:2] == [
        ("notice", 3), ("delay-1", 1),
    ]  # fmt: skip
    made = counsel.read(f"demands/{matter.public_id}/letters/delay-1/file/")
    pages = PdfReader(io.BytesIO(base64.b64decode(made["pdf"]))).pages
    assert made["to"] == ["Alder"]
    assert f"puts {matter.reference} off." in " ".join(pages[0].extract_text().split())


def test_words_that_reach_too_far_are_refused_with_the_line(bestnet, counsel, reader, stranger):
    problem = counsel.act(PATH, {"text": "# A\n\n{{ company.pk }}", "reason": "x"}, 400)

    assert problem["errors"][0]["field"] == "text"
    assert "Line 3: “company.pk” is not known" in problem["errors"][0]["message"]
    counsel.act(PATH, {"text": TEXT}, 400)
    reader.act(PATH, {"text": TEXT, "reason": "x"}, 403)
    stranger.act(PATH, {"text": TEXT, "reason": "x"}, 404)
    counsel.read("agreements/bestnet/letter-texts/ransom/", 404)
    assert not LetterTemplate.objects.exists()


def test_a_letter_that_cannot_be_made_is_not_there(bestnet, matter, counsel):
    for name in ("delay-2", "suspension-1", "effectiveness", "x"):
        counsel.read(f"demands/{matter.public_id}/letters/{name}/file/", 404)
