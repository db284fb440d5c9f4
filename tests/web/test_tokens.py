"""The page on which a person makes, sees and revokes API tokens."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pghistory.models import Context

from investors.models import ApiToken
from registrations.services.recording import When
from registrations.services.tokens import make_token
from tests import world as worlds
from tests.api.conftest import using
from tests.web.pages import Page, read, signed_in

NOON = worlds.noon(date(2003, 6, 2))


@pytest.fixture(autouse=True)
def _june() -> Any:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def counsel(bestnet: worlds.World) -> Client:
    return signed_in(bestnet.counsel)


def make(client: Client, status: int = 200, **given: Any) -> Page:
    sent = {
        "once": str(uuid.uuid4()), "name": "Nightly report", "scope": "read", "agreement": "",
        "days": "30", **given,
    }  # fmt: skip
    answer = client.post("/account/tokens/", sent)
    assert answer.status_code == status, answer.content[:500]
    page = Page(answer.content.decode())
    page.check()
    return page


def test_one_begins_with_none_and_the_way_there_is_in_the_menu(bestnet, counsel):
    page = read(counsel, "/account/tokens/")

    assert page.heading == "API tokens"
    assert "In use" not in page.text
    assert "/account/tokens/" in read(counsel, "/a/bestnet/").links
    assert "/account/tokens/" in read(counsel, "/?all=1").links


def test_a_token_is_shown_once_and_works(bestnet, counsel):
    page = make(counsel, agreement=str(bestnet.agreement.pk))

    (secret,) = re.findall(r"rb_[0-9a-f]+", page.text)
    assert "“Nightly report” is made. Copy it now." in page.text
    assert [a["slug"] for a in using(secret).read("agreements/")["results"]] == ["bestnet"]
    later = read(counsel, "/account/tokens/")
    assert secret not in later.html
    assert "Nightly report: read, in Bestnet Communications" in later.text
    assert "Last used Mon, Jun 2, 2003" in later.text
    answer = counsel.get("/account/tokens/")
    assert "no-store" in answer["Cache-Control"]


def test_the_same_form_twice_makes_one(counsel):
    once = str(uuid.uuid4())
    make(counsel, once=once)

    page = make(counsel, 422, once=once)

    assert "sent already" in page.text
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Say what the token is for."),
        ({"days": "366"}, "A token is good for 1 to 365 days."),
        ({"days": "soon"}, "is not a whole number"),
        ({"days": ""}, "Enter a whole number."),
        ({"scope": "everything"}, "everything is not one of the available choices"),
        ({"agreement": "0"}, "Choose an agreement from the list."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(counsel, given, said):
    page = make(counsel, 422, **given)

    assert said in page.text
    assert not ApiToken.objects.exists()


def test_another_company_s_agreement_is_not_on_the_list(bestnet, counsel):
    other = worlds.build({"Elm": 10}, slug="elsewhere")

    assert "Elsewhere" not in read(counsel, "/account/tokens/").text
    make(counsel, 422, agreement=str(other.agreement.pk))


def test_revoked_it_moves_to_what_has_ended(bestnet, counsel):
    (secret,) = re.findall(r"rb_[0-9a-f]+", make(counsel).text)
    address = f"/account/tokens/{ApiToken.objects.get().public_id}/revoke/"

    assert counsel.get(address).status_code == 405
    page = Page(counsel.post(address, follow=True).content.decode())

    page.check()
    assert "“Nightly report” is revoked" in page.text
    assert "Revoked Jun 2, 2003" in page.text or "Revoked Mon, Jun 2, 2003" in page.text
    assert "In use" not in page.text
    using(secret).read("agreements/", 401)
    says = Context.objects.filter(metadata__act="token.revoked").values_list("metadata", flat=True)
    assert [line["actor"] for line in says] == ["Casey Counsel"]
    trail = read(counsel, "/a/bestnet/audit/").text
    assert "Revoked the API token “Nightly report”" in trail
    assert "Made the API token “Nightly report”, to read" in trail


def test_over_it_stays_on_the_page(bestnet, counsel):
    make(counsel, days="1")

    with time_machine.travel(NOON + timedelta(days=2)):
        page = read(signed_in(bestnet.counsel), "/account/tokens/")

    assert "Over since" in page.text
    assert "Never used" in page.text


def test_nobody_sees_or_revokes_another_s(bestnet, counsel):
    token, _ = make_token(
        name="Birthday list", scope="read", agreement=None, days=9,
        when=When(NOON, bestnet.counsel),
    )  # fmt: skip
    colleague = signed_in(bestnet.reader)

    assert "Birthday list" not in read(colleague, "/account/tokens/").text
    assert colleague.post(f"/account/tokens/{token.public_id}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    assert Client().post(f"/account/tokens/{token.public_id}/revoke/").status_code == 302
