"""Every page, for every agreement of the library: what a page cannot work out it says."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from registrations import library
from registrations.services import agreements
from tests import world as tell
from tests.web.forms import on_day

SUPPOSED = {"DayField": "2019-05-06", "ExactField": "1,000", "ChoiceField": ""}
DATED_ON = date(1995, 1, 2)
PAGES = (
    "dashboard", "registrations", "deadlines", "decisions", "cutback", "notices", "holders",
    "company-papers", "agreement", "ask-terms", "audit", "settings", "statements", "record-notice",
)  # fmt: skip


@pytest.mark.parametrize("name", library.names())
def test_every_page_opens(bestnet: tell.World, client: Client, name: str) -> None:
    document = library.agreement(name)
    agreement = agreements.put_document_on_record(
        company=bestnet.company,
        slug="other",
        document=document,
        dated_on=document.dated_on or DATED_ON,
        time_zone=tell.ZONE,
        when=bestnet.at(date(2020, 1, 2)),
    )
    client.force_login(bestnet.counsel)

    with on_day(date(2020, 1, 3)):
        for page in PAGES:
            answer = client.get(reverse(page, args=[agreement.slug]))
            assert answer.status_code in (200, 302), f"{page}: {answer.status_code}"
        form = client.get(reverse("ask-terms", args=["other"])).context["form"]
        typed = {name: SUPPOSED[type(field).__name__] for name, field in form.fields.items()}
        asked = client.get(reverse("ask-terms", args=["other"]), typed)
        assert not asked.context["form"].errors
        assert asked.context["answers"] or not typed
