"""Who looks over an agreement from outside: invited, let in, ended."""

from __future__ import annotations

import re
from datetime import date

from django.core import mail as sent
from django.test import Client

from investors.models import Auditor, Invitation, User
from notices import outbox
from registrations import library
from registrations.services import agreements
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import read, signed_in

JUNE_12 = date(2003, 6, 12)


def link_in_the_mail(now: date) -> str:
    outbox.relay(lambda: tell.noon(now))
    (found,) = re.findall(r"http://localhost(/invitation/\S+)", str(sent.outbox[-1].body))
    return str(found)


def test_an_auditor_is_invited_comes_and_sees_one_agreement(bestnet: tell.World) -> None:
    other = agreements.put_on_record(
        company=bestnet.company, slug="second", title="Second Agreement",
        dated_on=date(2003, 5, 1), time_zone=tell.ZONE,
        terms=library.agreement("bestnet").terms, company_address="A street",
        when=bestnet.at(date(2003, 5, 2)),
    )  # fmt: skip
    desk = Desk(bestnet, Client())
    with on_day(JUNE_12):
        answer = desk.save(
            desk.url("invite-auditor"), {"name": "Ada Auditor", "email": "Ada@Firm.example"}
        )
        assert answer.status_code == 302
        people = read(desk.client, desk.url("people"))
        assert "ada@firm.example, auditor for the agreement" in people.text
        link = link_in_the_mail(JUNE_12)
        visitor = Client()
        assert "look over what is recorded" in read(visitor, link).text
        password = "a long password of hers"
        made = visitor.post(link, {"name": "Ada Auditor", "password": password, "again": password})
        assert (made.status_code, made["Location"]) == (302, "/")
        ada = signed_in(User.objects.get(email="ada@firm.example"))
        dashboard = read(ada, desk.url("dashboard"))

        assert ada.get(f"/a/{other.slug}/").status_code == 404
        assert ada.get(desk.url("record-notice")).status_code == 403
        people = read(desk.client, desk.url("people"))
        trail = read(desk.client, desk.url("audit")).text

    assert "Record a notice" not in dashboard.text
    assert "Ada Auditor" in people.text
    assert "Invited ada@firm.example to look it over as auditor" in trail


def test_one_who_sees_it_already_is_not_invited(bestnet: tell.World) -> None:
    desk = Desk(bestnet, Client())
    with on_day(JUNE_12):
        answer = desk.save(
            desk.url("invite-auditor"), {"name": "Robin", "email": bestnet.reader.email}
        )

    assert answer.status_code == 409
    assert "sees this agreement already" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_it_is_ended_with_a_reason_and_opens_nothing_more(bestnet: tell.World) -> None:
    ada = signed_in(tell.auditor(bestnet))
    desk = Desk(bestnet, Client())
    url = desk.url("end-auditor", Auditor.objects.get().pk)
    with on_day(JUNE_12):
        assert ada.get(desk.url("dashboard")).status_code == 200
        assert desk.save(url, {"reason": ""}).status_code == 422
        assert desk.save(url, {"reason": "The audit is done."}).status_code == 302

    assert ada.get(desk.url("dashboard")).status_code == 404
    assert desk.client.get(url).status_code == 404
