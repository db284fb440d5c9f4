"""What an Investor's person does in the portal, for the tests of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from registrations.services import register
from tests import world as tell

JUNE_12 = date(2003, 6, 12)


def consents(world: tell.World) -> None:
    """The Company signs that it takes what comes through the portal."""
    register.record_consent(
        agreement=world.agreement, investor=None, signed_on=date(2003, 4, 1),
        when=world.at(date(2003, 4, 1)),
    )  # fmt: skip


def at(world: tell.World, name: str, who: str = "Birch", *more: Any) -> str:
    return reverse(name, args=[world.investors[who].public_id, *more])


def answered(client: Client, url: str, **typed: str) -> Any:
    """The form filled in, looked at and sent, as a person does."""
    opened = client.get(url).context["form"]
    data = {"once": str(opened["once"].value()), **typed}
    looked = client.post(url, {**data, "do": "look"})
    assert looked.status_code == 200, looked.context["form"].errors
    assert "Check your answer" in looked.content.decode()
    return client.post(url, {**data, "do": "send"})


TYPED = {"shares": "60,000", "way": "broker", "words": "", "other_information": ""}
