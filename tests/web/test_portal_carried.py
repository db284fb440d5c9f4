"""A Selling Investor in the portal: told to stop, it says that it did; asked for information,
it furnishes it part by part (S4, S5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registrations.models import Demand, InformationAnswer, Suspension, SuspensionAnswer
from registrations.services import information, prospectuses, selling
from registrations.services.deliveries import CopyIn
from registrations.services.prospectuses import Sent
from tests import world as tell
from tests.web.forms import on_day
from tests.web.pages import read, signed_in

NOV_3, NOV_5, NOV_12 = date(2003, 11, 3), date(2003, 11, 5), date(2003, 11, 12)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    return tell.selling(bestnet)


@pytest.fixture
def birch(bestnet: tell.World) -> Client:
    return signed_in(tell.representative(bestnet, "Birch"))


def at(world: tell.World, name: str, *more: Any, who: str = "Birch") -> str:
    return reverse(name, args=[world.investors[who].public_id, *more])


def stop(world: tell.World, matter: Demand, *names: str) -> Suspension:
    suspension = selling.begin_suspension(
        statement=matter.statement, on=NOV_3, note="Restated accounts", when=world.at(NOV_3)
    )
    selling.record_letter(
        suspension=suspension,
        copies=[(world.investors[name], CopyIn("certified_mail", NOV_3)) for name in names],
        asks_to_stop=True,
        when=world.at(NOV_3),
    )
    return suspension


def test_the_band_stays_until_the_revised_prospectus_and_the_acknowledgement_is_kept(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    suspension = stop(bestnet, matter, "Alder", "Birch")
    page = at(bestnet, "portal-stopped", matter.public_id)
    with on_day(NOV_5):
        home = read(birch, at(bestnet, "portal-holdings"))
        once = str(birch.get(page).context["form"]["once"].value())
        sent = birch.post(page, {"once": once})
        again = birch.post(page, {"once": once})
        after = read(birch, page)
        still = read(birch, at(bestnet, "portal-notices"))
        counsel = read(
            signed_in(bestnet.counsel), f"/a/{bestnet.agreement.slug}/registrations/DR-1/selling/"
        )

    assert "Do not sell under the registration." in home.text
    assert "asked you on Mon, Nov 3, 2003 to stop offers" in home.text
    assert sent["Location"] == again["Location"]
    kept = SuspensionAnswer.objects.get()
    assert (kept.investor.name, kept.on, kept.kind) == ("Birch", NOV_5, "acknowledged")
    assert after.heading == "Do not sell until you have the revised prospectus."
    assert "You acknowledged it on Wed, Nov 5, 2003." in still.text
    assert "Wed, Nov 5" in counsel.text

    prospectuses.furnish(
        statement=matter.statement, investors=[bestnet.investors["Birch"]], kind="revised",
        sent=Sent("overnight_courier", 10, NOV_12, NOV_12), suspension=suspension,
        when=bestnet.at(NOV_12),
    )  # fmt: skip
    with on_day(NOV_12):
        assert "Do not sell" not in read(birch, at(bestnet, "portal-home")).text
        assert read(birch, page).heading == "No request to stop offers stands for you here."


def test_one_that_was_not_asked_to_stop_learns_nothing_of_it(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(NOV_5):
        before = birch.get(at(bestnet, "portal-home")).content
        stop(bestnet, matter, "Alder")
        after = birch.get(at(bestnet, "portal-home")).content

    def body(content: bytes) -> str:
        return content.decode().split("<main", 1)[1].rsplit("csrfmiddlewaretoken", 1)[0]

    assert body(before) == body(after)


def test_who_may_only_view_is_told_and_acknowledges_nothing(
    bestnet: tell.World, matter: Demand
) -> None:
    stop(bestnet, matter, "Birch")
    viewer = signed_in(tell.representative(bestnet, "Birch", "views"))
    page = at(bestnet, "portal-stopped", matter.public_id)
    with on_day(NOV_5):
        assert "I have stopped offers" not in read(viewer, page).text
        assert viewer.post(page).status_code == 403


def test_the_questionnaire_is_prefilled_saved_as_one_goes_and_whole_in_the_end(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    url = at(bestnet, "portal-information", matter.public_id)
    with on_day(NOV_3):
        assert birch.get(url).status_code == 404  # nothing was asked for yet
    information.ask_information(
        demand=matter, investors=[bestnet.investors["Birch"]], sent_on=NOV_3,
        method="certified_mail", due_on=date(2003, 11, 10),
        parts=["name", "relationship", "shares_before"], when=bestnet.at(NOV_3),
    )  # fmt: skip
    with on_day(NOV_5):
        home = read(birch, at(bestnet, "portal-home"))
        form = birch.get(url).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields if name != "seen"}
        first = birch.post(url, {**typed, "relationship": ""})
        assert first.status_code == 302, first.context["form"].errors
        half = read(birch, url)
        form = birch.get(url).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields if name != "seen"}
        birch.post(url, {**typed, "relationship": "None"})
        whole = read(birch, url)

    assert "Information due Mon, Nov 10, 2003" in home.text
    assert form["name"].value() == "Birch"
    assert half.heading == "The Company asks you for information by Monday, November 10."
    assert "Missing:" in half.text
    assert whole.heading == "Everything the Company asked for is here."
    first_entry, second = InformationAnswer.objects.order_by("pk")
    assert second.replaces == first_entry
    assert second.received_on == NOV_5


def test_a_number_that_is_none_comes_back_with_the_rest(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    information.ask_information(
        demand=matter, investors=[bestnet.investors["Birch"]], sent_on=NOV_3,
        method="certified_mail", due_on=date(2003, 11, 10), when=bestnet.at(NOV_3),
    )  # fmt: skip
    url = at(bestnet, "portal-information", matter.public_id)
    with on_day(NOV_5):
        once = str(birch.get(url).context["form"]["once"].value())
        answer = birch.post(
            url, {"once": once, "shares_before": "many", "relationship": "Lent it money"}
        )

    assert answer.status_code == 422
    assert "is not a whole number" in str(answer.context["form"].errors["shares_before"])
    assert "Lent it money" in answer.content.decode()
    assert not InformationAnswer.objects.exists()
