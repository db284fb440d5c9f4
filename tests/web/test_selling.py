"""Counsel carries a registration through: who may sell, prospectuses, and blue sky (S2–S4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from notices.models import Notice
from registrations.models import (
    Demand,
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.terms import TermEntry
from registrations.services import terms
from tests import world as w
from tests.web.forms import Desk, on_day
from tests.web.pages import read

NOV_3, NOV_12 = date(2003, 11, 3), date(2003, 11, 12)


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


@pytest.fixture
def matter(bestnet: w.World) -> Demand:
    return w.selling(bestnet)


def key(desk: Desk, name: str) -> str:
    return str(desk.world.investors[name].pk)


def amended(desk: Desk) -> None:
    """The prospectus is amended on November 3, at ten past four that afternoon."""
    data = {"on": "2003-11-03", "time": "11:10 am", "note": "A loss in the third quarter"}
    made = desk.save(desk.url("begin-suspension", 1), data)
    assert made.status_code == 302, made.context["form"].errors


def notified(desk: Desk, *names: str, asks: bool = True, **more: str) -> None:
    data = {
        "method": "certified_mail",
        "sent_on": "2003-11-03",
        "to": [key(desk, name) for name in names],
        **({"asks_to_stop": "on"} if asks else {}),
        **more,
    }
    made = desk.save(desk.url("suspension-notice", 1, 1), data)
    assert made.status_code == 302, made.context["form"].errors


def furnished(desk: Desk, *names: str, query: str = "", **more: str) -> None:
    data = {
        "method": "overnight_courier",
        "copies": "20",
        "to": [key(desk, name) for name in names],
        **more,
    }
    made = desk.save(desk.url("furnish", 1, query=query), data)
    assert made.status_code == 302, made.context["form"].errors


def test_before_the_filing_nobody_sells(desk: Desk) -> None:
    w.demand(desk.world, received_on=date(2003, 6, 2))

    with on_day(date(2003, 6, 3)):
        page = read(desk.client, desk.url("selling", 1))
        sent_on = desk.client.get(desk.url("begin-suspension", 1))
    assert page.heading == "Nobody sells under DR-1 today."
    assert "Nothing is filed under DR-1 yet." in page.text
    assert sent_on["Location"] == desk.url("selling", 1)


def test_a_suspension_from_the_amendment_to_the_last_revised_prospectus(
    desk: Desk, matter: Demand
) -> None:
    page = desk.url("selling", 1)
    with on_day(NOV_3):
        assert (
            read(desk.client, page).heading == "Every Selling Investor may sell under DR-1 today."
        )
        furnished(
            desk, "Alder", "Birch", kind="final", sent_on="2003-09-03", received_on="2003-09-05"
        )
        amended(desk)
        told = read(desk.client, page)
        assert told.heading == "Every Selling Investor may sell under DR-1 today."
        assert "it was not asked to stop, so offers need not stop" in told.text
        assert "Notice of the amendment and revised prospectus" in told.text
        notified(desk, "Alder", "Birch", time="11:30 am")
        stopped = read(desk.client, page)
        front = read(desk.client, desk.url("dashboard"))
        registration = read(desk.client, desk.url("demand", 1))
    assert stopped.heading == "No Selling Investor may sell under DR-1 today."
    assert (
        "asked to stop offers at 11:30 am: request to stop given, Mon, Nov 3, 2003." in stopped.html
    )
    assert front.heading.startswith("Do not sell under DR-1.")
    assert "Suspended" in front.text
    assert "Tell every Selling Investor of S-1 by" in registration.text
    assert (
        "The prospectus was amended on Mon, Nov 3, 2003. Alder and Birch may not resume"
        in front.text
    )
    assert "Sales are suspended. Do not sell under DR-1: S-1." in registration.text

    with on_day(NOV_12):
        answer = desk.url("suspension-answer", 1, 1)
        both = [key(desk, "Alder"), key(desk, "Birch")]
        desk.save(f"{answer}?kind=acknowledged", {"to": both, "on": "2003-11-05"})
        desk.save(f"{answer}?kind=returned", {"to": both[:1], "on": "2003-11-06", "copies": "12"})
        furnished(desk, "Alder", query="?revises=1", sent_on="2003-11-10", received_on="2003-11-12")
        furnished(desk, "Birch", query="?revises=1", sent_on="2003-11-10")
        waits = read(desk.client, page)
        assert waits.heading == "Alder may sell under DR-1 today. Not known: Birch."
        assert "12 of 20" in waits.text
        assert "Receipt of the revised prospectus: Birch." in waits.text
        copies = ProspectusCopies.objects.get(received_on=None)
        desk.save(
            desk.url("correct-carried", 1, "prospectus", copies.pk), {"received_on": "2003-11-12"}
        )
        over = read(desk.client, page)
        front = read(desk.client, desk.url("dashboard"))
        looking_back = read(desk.client, f"{page}?as_of=2003-11-05")
        trail = read(desk.client, desk.url("audit")).text
    assert over.heading == "Every Selling Investor may sell under DR-1 today."
    assert "Over: everybody was told and has the revised prospectus" in over.text
    assert "Do not sell" not in front.text
    assert looking_back.heading == "No Selling Investor may sell under DR-1 on Wed, Nov 5."
    assert "Record copies returned" not in looking_back.text
    for said in (
        "Recorded that the prospectus of DR-1 was amended on Mon, Nov 3, 2003 at 11:10 am",
        "Recorded the request to stop offers under DR-1 (S-1) to 2 Investors",
        "Recorded “Returned copies of the prospectus” from Alder under DR-1 (S-1)",
        "Recorded the revised prospectus of DR-1 to Birch",
        "Corrected how the revised prospectus reached Birch under DR-1",
    ):
        assert said in trail


def test_what_would_follow_is_shown_before_a_request_to_stop_is_saved(
    desk: Desk, matter: Demand
) -> None:
    with on_day(NOV_3):
        amended(desk)
        url = desk.url("suspension-notice", 1, 1)
        given = {
            **desk.open(url), "method": "certified_mail", "sent_on": "2003-11-03",
            "asks_to_stop": "on", "to": [key(desk, "Alder")],
        }  # fmt: skip
        looked = desk.look(url, given)
        unseen = desk.client.post(url, {**given, "do": "save"})
    assert "Do not sell under DR-1: S-1." in looked.content.decode()
    assert unseen.status_code == 200
    assert SuspensionLetter.objects.count() == 0


def test_a_fax_with_no_receipt_is_not_a_request_given(desk: Desk, matter: Demand) -> None:
    with on_day(NOV_3):
        amended(desk)
        notified(desk, "Birch", method="facsimile")
        page = read(desk.client, desk.url("selling", 1))
        notice = Notice.objects.get(kind="amended")
        paper = read(desk.client, desk.url("notice", notice.number)).text
        delivery = notice.deliveries.get()
        desk.save(desk.url("record-receipt", delivery.public_id), {"received_on": "2003-11-03"})
        after = read(desk.client, desk.url("selling", 1))
    assert page.heading == "Alder may sell under DR-1 today. Not known: Birch."
    assert "receipt of the copy sent by facsimile" in page.text.lower()
    assert "Notice of an amended prospectus" in paper
    assert after.heading == "Alder may sell under DR-1 today. Birch must not."


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": "2003-11-13"}, "on"),
        ({"on": "2003-07-14"}, "on"),
        ({"time": "25:10"}, "time"),
        ({"time": "13:10 pm"}, "time"),
        ({"time": "ten past four"}, "time"),
        ({"note": ""}, "note"),
    ],
)
def test_an_amendment_that_cannot_be_keeps_what_was_typed(desk, matter, given, field):
    url = desk.url("begin-suspension", 1)
    typed = {"on": "2003-11-03", "note": "A loss", **given}
    with on_day(NOV_12):
        page = desk.client.post(url, {**desk.open(url), **typed, "do": "save"})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert page.context["form"]["on"].value() == typed["on"]
    assert Suspension.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"sent_on": "2003-11-13"}, "sent_on"),
        ({"sent_on": "", "received_on": ""}, "sent_on"),
        ({"received_on": "2003-11-02"}, "received_on"),
        ({"method": "pigeon"}, "method"),
        ({"to": None}, "to"),
    ],
)
def test_a_notice_that_cannot_be_names_its_field(desk, matter, given, field):
    with on_day(NOV_12):
        amended(desk)
        url = desk.url("suspension-notice", 1, 1)
        typed = {
            **desk.open(url), "method": "certified_mail", "sent_on": "2003-11-03",
            "to": [key(desk, "Alder")], **given,
        }  # fmt: skip
        typed = {k: v for k, v in typed.items() if v is not None}
        page = desk.client.post(url, {**typed, "do": "save"})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert SuspensionLetter.objects.count() == 0


def test_everything_recorded_can_be_corrected_with_a_reason(desk: Desk, matter: Demand) -> None:
    with on_day(NOV_12):
        amended(desk)
        notified(desk, "Alder")
        answer = desk.url("suspension-answer", 1, 1, query="?kind=returned")
        desk.save(answer, {"to": [key(desk, "Alder")], "on": "2003-11-06", "copies": "12"})
        desk.save(
            desk.url("record-state", 1),
            {"state": "MI", "kind": "filed", "on": "2003-07-20"},
        )
        for what, model, given in (
            ("amendment", SuspensionRecord, {"on": "2003-11-02", "time": ""}),
            ("notice", SuspensionLetter, {"asks_to_stop": None}),
            ("answer", SuspensionAnswer, {"copies": "11"}),
            ("state", StateEntry, {"note": "File 4711"}),
        ):
            entry = model.objects.get()
            url = desk.url("correct-carried", 1, what, entry.pk)
            unsaid = desk.client.post(url, {**desk.open(url), "do": "save"})
            assert (unsaid.status_code, list(unsaid.context["form"].errors)) == (422, ["reason"])
            made = desk.save(url, {**given, "reason": "Misread the file"})
            assert made.status_code == 302, made.context["form"].errors
            assert model.objects.standing().get().replaces == entry
            again = desk.save(url, {**given, "reason": "Misread the file again"})
            assert again.status_code == 409
        page = read(desk.client, desk.url("selling", 1))
    assert "prospectus amended Sun, Nov 2, 2003" in page.text
    assert "“Misread the file”" in page.text
    assert page.heading == "Every Selling Investor may sell under DR-1 today."
    assert desk.client.get(desk.url("correct-carried", 1, "nonsense", 1)).status_code == 404


def test_the_request_taken_back(desk: Desk, matter: Demand) -> None:
    with on_day(NOV_12):
        amended(desk)
        notified(desk, "Alder")
        made = desk.save(
            desk.url("suspension-release", 1, 1),
            {"on": "2003-11-10", "note": "The loss was restated"},
        )
        assert made.status_code == 302
        page = read(desk.client, desk.url("selling", 1))
    assert page.heading == "Every Selling Investor may sell under DR-1 today."
    assert "Request taken back Mon, Nov 10, 2003" in page.text


def test_what_the_agreement_allows_and_what_is_used(desk: Desk, matter: Demand) -> None:
    world = desk.world
    terms.amend(
        agreement=world.agreement,
        name="suspension",
        entry=TermEntry(
            {"each": {"n": 30}, "uses": [{"count": 1, "within": "calendar_year"}]},
            "9",
            "Thirty days, once a calendar year.",
        ),
        from_=date(2003, 5, 1),
        company_consents=True,
        consents=list(world.investors.values()),
        reason="Amendment No. 1",
        when=world.at(date(2003, 6, 1)),
    )
    with on_day(NOV_12):
        amended(desk)
        assert "None of it is used." in read(desk.client, desk.url("selling", 1)).text
        notified(desk, "Alder")
        page = read(desk.client, desk.url("selling", 1)).text
    assert "Thirty days, once a calendar year." in page
    assert "10 days, still running" in page
    assert "At most 1 use in a calendar year; 0 already." in page
    assert "Within it" in page
    with on_day(date(2003, 12, 31)):
        assert "Beyond it" in read(desk.client, desk.url("selling", 1)).text


# --- prospectuses -----------------------------------------------------------------------------


def test_who_has_no_prospectus_yet(desk: Desk, matter: Demand) -> None:
    page = desk.url("prospectuses", 1)
    with on_day(date(2003, 9, 10)):
        assert "No prospectus on record" in read(desk.client, page).text
        furnished(desk, "Alder", "Birch", kind="preliminary", sent_on="2003-07-20")
        furnished(desk, "Alder", kind="final", sent_on="2003-09-03", received_on="2003-09-05")
        found = read(desk.client, page)
        back = read(desk.client, f"{page}?as_of=2003-09-01")
    assert found.heading == "One Selling Investor of DR-1 has no final prospectus yet."
    assert "Everybody has one" in found.text
    assert "1 of 2" in found.text
    assert "No receipt" in found.text
    assert back.heading == "Two Selling Investors of DR-1 have no final prospectus yet."


def test_prospectuses_that_cannot_be(desk: Desk, matter: Demand) -> None:
    url = desk.url("furnish", 1)
    with on_day(NOV_12):
        amended(desk)
        for given, field in (
            ({"sent_on": ""}, "sent_on"),
            ({"sent_on": "2003-07-14"}, "sent_on"),
            ({"received_on": "2003-11-02"}, "received_on"),
            ({"copies": "0"}, "copies"),
            ({"kind": "revised"}, "suspension"),
            ({"kind": ""}, "kind"),
            ({"method": ""}, "method"),
        ):
            typed = {
                **desk.open(url), "kind": "final", "method": "personal", "sent_on": "2003-11-04",
                **given,
            }  # fmt: skip
            page = desk.client.post(url, {**typed, "do": "save"})
            assert page.status_code == 422, given
            assert field in page.context["form"].errors, given
    assert ProspectusCopies.objects.count() == 0


# --- blue sky ---------------------------------------------------------------------------------


def test_states_by_who_asked_and_where_each_stands(desk: Desk, matter: Demand) -> None:
    page, record = desk.url("blue-sky", 1), desk.url("record-state", 1)
    with on_day(date(2003, 9, 10)):
        assert read(desk.client, page).heading == "No state was asked for under DR-1."
        for data in (
            {
                "state": "MI",
                "kind": "requested",
                "investor": key(desk, "Alder"),
                "on": "2003-07-01",
            },
            {
                "state": "OH",
                "kind": "requested",
                "investor": key(desk, "Birch"),
                "on": "2003-07-02",
            },
            {"state": "MI", "kind": "cleared", "on": "2003-08-01"},
        ):
            made = desk.save(record, data)
            assert made.status_code == 302, made.context["form"].errors
        found = read(desk.client, page)
        back = read(desk.client, f"{page}?as_of=2003-07-31")
        for given, field in (
            ({"state": ""}, "state"),
            ({"kind": "requested"}, "investor"),
            ({"kind": "not_needed"}, "note"),
            ({"on": "2003-09-11"}, "on"),
        ):
            typed = {**desk.open(record), "state": "MI", "kind": "filed", "on": "2003-09-01"}
            page = desk.client.post(record, {**typed, **given, "do": "save"})
            assert page.status_code == 422, given
            assert field in page.context["form"].errors, given
    assert found.heading == "DR-1: one state of 2 waits for the Company."
    assert "Michigan" in found.text
    assert "Alder, Tue, Jul 1" in found.text
    assert back.heading == "DR-1: two states of 2 wait for the Company."
    assert StateEntry.objects.count() == 3


# --- a registration the Company made ----------------------------------------------------------


def test_a_reader_sees_and_may_not_record(desk: Desk, matter: Demand) -> None:
    with on_day(NOV_3):
        amended(desk)
        desk.client.force_login(desk.world.reader)
        page = read(desk.client, desk.url("selling", 1))
        refused = desk.client.get(desk.url("begin-suspension", 1))
    assert "Record an amended prospectus" not in page.text
    assert refused.status_code == 403


def test_a_lock_up_that_is_not_looked_at_is_named(desk: Desk, matter: Demand) -> None:
    assert "not looked at here" not in read(desk.client, desk.url("selling", 1)).text
    terms.correct(
        agreement=desk.world.agreement,
        name="lockup",
        entry=TermEntry(
            {"ends": {"n": 180, "after": "effective"}}, "2(d)", "No sales for a while."
        ),
        replaces=None,
        reason="Left out",
        when=desk.world.at(NOV_12),
    )

    page = read(desk.client, desk.url("selling", 1))

    assert "2(d): not looked at here." in page.text
    assert "Whoever may sell may still be bound by it." in page.text
