"""An Investor tells of a new address: a notice, of record once every other party had it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.test import Client
from pypdf import PdfReader

from investors.models import Address, AddressNotice
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read, signed_in
from tests.web.portal import JUNE_12, at, consents

NEW = "9 New Street\nAda, Michigan"


def tells(client: Client, world: tell.World, lines: str = NEW) -> Any:
    url = at(world, "portal-address")
    once = client.get(url).context["form"]["once"].value()
    return client.post(url, {"once": str(once), "lines": lines, "facsimile": ""})


def test_what_is_told_waits_until_every_other_party_had_notice(
    bestnet: tell.World, birch: Client
) -> None:
    consents(bestnet)
    desk = Desk(bestnet, Client())
    investor = bestnet.investors["Birch"]
    with on_day(JUNE_12):
        assert tells(birch, bestnet).status_code == 302
        page = read(birch, at(bestnet, "portal-address"))
        holder = read(desk.client, desk.url("holder", investor.public_id))
        dashboard = read(desk.client, desk.url("dashboard"))

    assert page.heading == "Notices reach you at 1 Birch Street · Grand Rapids, Michigan."
    assert "You told of a new address on Thu, Jun 12, 2003" in page.text
    assert "every other party has had notice of it too" in page.text
    assert "told the Company of a new address on Thu, Jun 12, 2003" in holder.text
    assert "has signed no consent" not in holder.text
    assert "Told on Thu, Jun 12, 2003. Of record once every other party" in dashboard.text

    notice = AddressNotice.objects.get()
    url = f"{desk.url('change-address', investor.public_id)}?notice={notice.public_id}"
    assert url in holder.links
    with on_day(date(2003, 6, 20)):
        early = desk.save(url, {"in_force_from": "2003-06-11"})
        assert early.status_code == 422
        assert "The Company itself was told on Thu, Jun 12, 2003" in early.content.decode()
        assert desk.save(url, {"in_force_from": "2003-06-18"}).status_code == 302
        page = read(birch, at(bestnet, "portal-address"))

    assert page.heading == "Notices reach you at 9 New Street · Ada, Michigan."
    assert "You told of a new address" not in page.text
    stands = Address.objects.filter(investor=investor).latest("pk")
    assert (stands.lines, stands.in_force_from, stands.notice) == (NEW, date(2003, 6, 18), notice)


def test_without_the_companys_consent_it_makes_the_letter(
    bestnet: tell.World, birch: Client
) -> None:
    with on_day(JUNE_12):
        assert birch.get(at(bestnet, "portal-address-letter")).status_code == 404
        tells(birch, bestnet)
        page = read(birch, at(bestnet, "portal-address"))
        letter = birch.get(at(bestnet, "portal-address-letter"))
        holder = read(
            signed_in(bestnet.counsel),
            f"/a/bestnet/holders/{bestnet.investors['Birch'].public_id}/",
        )

    assert "telling it here is not notice yet" in page.text
    said = PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()
    assert "9 New Street" in said
    assert "5075 Cascade Road SE" in said
    assert "that alone is no notice to it" in holder.text


def test_a_later_one_takes_the_place_of_one_that_waits(bestnet: tell.World, birch: Client) -> None:
    with on_day(JUNE_12):
        tells(birch, bestnet)
        tells(birch, bestnet, "10 Newer Street")
        page = read(birch, at(bestnet, "portal-address"))

    first, second = AddressNotice.objects.order_by("pk")
    assert second.replaces == first
    assert "10 Newer Street" in page.text
    assert "9 New Street" not in page.text


def test_an_empty_one_is_refused_and_a_viewer_may_not(bestnet: tell.World, birch: Client) -> None:
    viewer = signed_in(
        tell.representative(bestnet, "Birch", "views", email="second@portal.example")
    )
    with on_day(JUNE_12):
        refused = tells(birch, bestnet, " ")
        page = read(viewer, at(bestnet, "portal-address"))
        assert viewer.post(at(bestnet, "portal-address"), {"lines": NEW}).status_code == 403

    assert refused.status_code == 422
    assert "Enter the address as it goes on the envelope." in refused.content.decode()
    assert "Somebody who may sign for Birch tells of a new one." in page.text
    assert not AddressNotice.objects.exists()
