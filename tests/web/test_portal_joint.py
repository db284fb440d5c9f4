"""Investors demand together: one begins it, each signs, and it goes when they are enough, or
not at all (D1).  Alder holds 2,300,000 Units, enough alone; Birch, Cedar and Dale 1,300,000
together, which is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from investors.acts import Conflict
from notices.models import Notice, Receipt
from registrations.facts import docket_of
from registrations.models import Demand, JointDemand
from registrations.services import register
from registrations.services.joint import begin_joint, sign_joint, take_back
from registrations.services.requests import AskIn
from tests import world as tell
from tests.web.forms import on_day
from tests.web.pages import read, signed_in

JUNE_12 = date(2003, 6, 12)
TYPED = {"shares": "60000", "way": "broker", "words": "", "other_information": ""}


@pytest.fixture
def world(bestnet: tell.World) -> tell.World:
    """With the Company's consent to what comes through the portal."""
    register.record_consent(
        agreement=bestnet.agreement, investor=None, signed_on=date(2003, 4, 1),
        when=bestnet.at(date(2003, 4, 1)),
    )  # fmt: skip
    return bestnet


@pytest.fixture
def people(world: tell.World) -> dict[str, Client]:
    return {
        name: signed_in(tell.representative(world, name))
        for name in ("Alder", "Birch", "Cedar", "Dale")
    }


def at(world: tell.World, who: str, name: str, *more: Any) -> str:
    return reverse(name, args=[world.investors[who].public_id, *more])


def signs(client: Client, url: str, **typed: str) -> Any:
    form = client.get(url).context["form"]
    return client.post(url, {"once": str(form["once"].value()), **TYPED, **typed})


def test_signed_by_too_few_it_does_not_go_and_the_company_learns_nothing(
    world: tell.World, people: dict[str, Client]
) -> None:
    trail = Context.objects.count()
    with on_day(JUNE_12):
        begun = signs(people["Birch"], at(world, "Birch", "begin-joint"))
        joint = JointDemand.objects.get()
        shared = reverse("joint-demand", args=[joint.public_id])
        for who in ("Cedar", "Dale"):
            landed = people[who].get(shared)
            before = read(people[who], landed["Location"])
            assert before.heading == "Birch asks you to sign a demand."
            assert "Units it takes have signed" not in before.text
            signs(people[who], landed["Location"])
        page = read(people["Birch"], begun["Location"])
        home = read(people["Birch"], at(world, "Birch", "portal-home"))
        assert people["Alder"].get(shared).status_code == 302
        assert signed_in(world.counsel).get(shared).status_code == 404
        assert signed_in(world.stranger).get(shared).status_code == 404

    assert page.heading == "1,300,000 of the 2,250,001 Units it takes have signed."
    assert "Cedar" in page.text
    assert "The demand you signed" in home.text
    assert not Notice.objects.exists()
    assert Context.objects.count() == trail


def test_the_signature_that_makes_it_enough_sends_one_notice_and_a_receipt_to_each(
    world: tell.World, people: dict[str, Client]
) -> None:
    with on_day(JUNE_12):
        signs(people["Birch"], at(world, "Birch", "begin-joint"))
        url = at(world, "Alder", "portal-joint", JointDemand.objects.get().public_id)
        signs(people["Alder"], url, shares="1000000")
        page = read(people["Alder"], url)
        receipt = Receipt.objects.get(investor__name="Birch")
        mine = read(people["Birch"], at(world, "Birch", "receipt", receipt.public_id))
        home = read(people["Birch"], at(world, "Birch", "portal-home"))

    demand = Demand.objects.get()
    assert docket_of(demand).ruling.outcome == "good"
    assert {r.investor.name: r.shares for r in demand.notice.requests.all()} == {
        "Birch": 60_000, "Alder": 1_000_000,
    }  # fmt: skip
    assert page.heading == "The Demand Notice went to the Company."
    assert mine.heading.startswith("Received Thu, Jun 12, 2003")
    assert "1,000,000" not in mine.text
    assert "Demand Notice: 60,000 shares" in home.text
    assert {r.investor.name for r in Receipt.objects.all()} == {"Alder", "Birch"}


def test_one_that_is_enough_alone_sends_it_by_beginning(
    world: tell.World, people: dict[str, Client]
) -> None:
    with on_day(JUNE_12):
        begun = signs(people["Alder"], at(world, "Alder", "begin-joint"))
        page = read(people["Alder"], begun["Location"])

    assert page.heading == "The Demand Notice went to the Company."


def test_a_signature_is_taken_back_and_whoever_began_it_ends_it(
    world: tell.World, people: dict[str, Client]
) -> None:
    with on_day(JUNE_12):
        begun = signs(people["Birch"], at(world, "Birch", "begin-joint"))
        joint = JointDemand.objects.get()
        cedar = at(world, "Cedar", "portal-joint", joint.public_id)
        signs(people["Cedar"], cedar)
        people["Cedar"].post(cedar, {"do": "back"})
        assert read(people["Birch"], begun["Location"]).heading.startswith("700,000 of")
        signs(people["Cedar"], cedar)  # it may sign again
        people["Birch"].post(begun["Location"], {"do": "back"})
        page = read(people["Cedar"], cedar)
        again = people["Cedar"].post(cedar, {"do": "back"}, follow=True)

    assert page.heading == "Whoever began this demand ended it. Nothing was sent."
    assert "ended it" in again.content.decode()
    assert not Notice.objects.exists()


def test_it_is_signed_once_and_not_after_it_went(world: tell.World) -> None:
    when = world.at(JUNE_12, tell.representative(world, "Birch"))
    birch, alder, dale = (
        AskIn(world.investors[n], None, 6, "x") for n in ("Birch", "Alder", "Dale")
    )
    joint = begin_joint(investor=birch.investor, ask=birch, when=when)
    with pytest.raises(Conflict, match="already"):
        sign_joint(joint=joint, ask=birch, when=when)
    with pytest.raises(Conflict, match="open already"):
        begin_joint(investor=birch.investor, ask=birch, when=when)
    sign_joint(joint=joint, ask=alder, when=when)
    with pytest.raises(Conflict, match="went to the Company"):
        sign_joint(joint=joint, ask=dale, when=when)
    with pytest.raises(Conflict, match="went to the Company"):
        take_back(joint=joint, investor=birch.investor, when=when)
    assert Demand.objects.count() == 1
