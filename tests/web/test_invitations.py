"""A person is invited to act for an Investor, makes an account or signs in, and is there."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core import mail as sent_mail
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from investors.acts import Refused
from investors.invitations import opens, sealed
from investors.models import Invitation, Representative, User
from notices import outbox
from notices.models import Mail
from registrations.services import people
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read, signed_in

JUNE_12 = date(2003, 6, 12)
SECRET = "a sentence of mine"


def test_invited_by_mail_makes_an_account_and_is_home(bestnet: tell.World, client: Client) -> None:
    desk = Desk(bestnet, client)
    with on_day(JUNE_12):
        url = desk.url("invite-person", bestnet.investors["Birch"].public_id)
        desk.save(url, {"name": "Pat Birch", "email": "Pat@Birch.example", "role": "signs"})
        invitation = Invitation.objects.get()
        mail = Mail.objects.get(recipient="pat@birch.example")
        link = reverse("invitation", args=[sealed(mail.opens)])

        guest = Client()
        assert "Birch" in read(guest, link).text
        given = {"name": "Pat Birch", "password": SECRET, "again": SECRET}
        made = guest.post(link, given)
        page = read(guest, guest.get(made["Location"])["Location"])

        over = Client().get(link)

    assert page.heading == "Nothing needs an answer today."
    assert over.status_code == 410
    assert "This invitation was used" in over.content.decode()
    assert Representative.objects.get().user.email == "pat@birch.example"
    assert str(invitation.turn) not in json.dumps(
        list(Context.objects.values_list("metadata", flat=True))
    )
    said = Context.objects.filter(metadata__act="invitation.accepted").latest("created_at").metadata
    assert said["actor"] == "Pat Birch"


def test_a_link_that_was_replaced_revoked_or_ran_out_says_what_to_do(bestnet: tell.World) -> None:
    made = people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Birch"]], name="Pat",
        email="pat@birch.example", role="views", when=bestnet.at(date(2003, 6, 1)),
    )  # fmt: skip
    first = reverse("invitation", args=[sealed(opens(made))])
    again = people.invite_again(invitation=made, when=bestnet.at(date(2003, 6, 2)))
    second = reverse("invitation", args=[sealed(opens(again))])
    with on_day(date(2003, 6, 3)):
        assert read(Client(), first, 410).heading == "This link opens nothing"
        assert read(Client(), second).heading.endswith("invites you")
    with on_day(date(2003, 6, 30)):
        assert read(Client(), second, 410).heading == "This invitation has run out"
    people.revoke_invitation(invitation=again, when=bestnet.at(date(2003, 6, 3)))
    with on_day(date(2003, 6, 3)):
        assert read(Client(), second, 410).heading == "This invitation was taken back"
        tampered = reverse("invitation", args=[sealed(opens(again))[:-1] + "x"])
        assert read(Client(), tampered, 410).heading == "This link opens nothing"


def test_an_account_there_is_signs_in_first_and_one_person_acts_for_two(
    bestnet: tell.World,
) -> None:
    user = tell.representative(bestnet, "Birch")
    made = people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Cedar"]], name="Pat",
        email=user.email, role="views", when=bestnet.at(date(2003, 6, 1)),
    )  # fmt: skip
    link = reverse("invitation", args=[sealed(opens(made))])
    with on_day(date(2003, 6, 2)):
        assert "Sign in, and you are brought back here" in read(Client(), link).text
        other = signed_in(tell.person("other@x.example", "Other"))
        assert "Sign out, then follow the link again" in read(other, link).text
        assert other.post(link).status_code == 200
        mine = signed_in(user)
        mine.post(link)
        chosen = read(mine, reverse("portal"))

    assert "Birch" in chosen.text
    assert "Cedar" in chosen.text
    assert {r.investor.name: r.role for r in Representative.objects.all()} == {
        "Birch": "signs", "Cedar": "views",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"again": "another sentence"}, "again", "differ"),
        ({"password": "short", "again": "short"}, "password", "12"),
        ({"name": ""}, "name", "Enter your name"),
    ],
)
def test_an_account_badly_filled_in_comes_back_with_its_name(
    bestnet: tell.World, typed: dict[str, str], field: str, says: str
) -> None:
    made = people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Birch"]], name="Pat",
        email="pat@birch.example", role="signs", when=bestnet.at(date(2003, 6, 1)),
    )  # fmt: skip
    given = {"name": "Pat", "password": SECRET, "again": SECRET}
    with on_day(date(2003, 6, 2)):
        link = reverse("invitation", args=[sealed(opens(made))])
        answer = Client().post(link, {**given, **typed})

    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert not User.objects.filter(email="pat@birch.example").exists()


@pytest.mark.parametrize(
    "name", ["Eve\r\nBcc: all@x.example", "Eve\nSubject: Pay", "=?utf-8?q?Eve?="]
)
def test_a_name_adds_no_header_to_the_mail(bestnet: tell.World, name: str) -> None:
    people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Birch"]], name=name,
        email="eve@x.example", role="views", when=bestnet.at(date(2003, 6, 12)),
    )  # fmt: skip
    outbox.relay(lambda: tell.noon(date(2003, 6, 12)))
    (message,) = sent_mail.outbox
    sent = message.message()

    assert sorted(sent.keys()) == [
        "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
        "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert sent["To"] == "eve@x.example"
    assert message.recipients() == ["eve@x.example"]


@pytest.mark.parametrize("email", ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example"])
def test_an_address_that_is_two_is_refused(bestnet: tell.World, email: str) -> None:
    with pytest.raises(Refused):
        people.invite(
            agreement=bestnet.agreement, investors=[bestnet.investors["Birch"]], name="Eve",
            email=email, role="views", when=bestnet.at(date(2003, 6, 12)),
        )  # fmt: skip
