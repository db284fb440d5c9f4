"""Recording notices, receipts and evidence through the pages, as counsel does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from investors.models import Submission
from notices.models import Delivery, DeliveryRecord, Evidence, Notice, RequestRecord
from registrations.models import Demand
from tests import world as w
from tests.web.forms import Desk, on_day

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
D = date(2003, 6, 2)


def pdf(name: str = "receipt.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


@pytest.fixture
def matter(bestnet: w.World) -> Demand:
    return w.demand(bestnet, received_on=D)


def demand_data(world: w.World, **more: Any) -> dict[str, Any]:
    alder = world.investors["Alder"].pk
    return {
        "kind": "demand",
        "method": "certified_mail",
        "sent_on": "May 30, 2003",
        "received_on": "2003-06-02",
        "signers": [str(alder)],
        f"units_{alder}": "",
        f"shares_{alder}": "1,000,000",
        f"distribution_{alder}": "On the open market",
        f"nothing_else_{alder}": "on",
        **more,
    }


class TestDemandNotice:
    def test_shows_what_follows_then_begins_the_matter(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            looked = desk.look(url, {**desk.open(url), **demand_data(desk.world)})
            assert looked.status_code == 200
            page = looked.content.decode()
            assert "Thu, Jul 17, 2003" in page  # W1: last day to file
            assert "Save notice" in page
            assert not Notice.objects.exists()
            saved = desk.save(url, demand_data(desk.world))
        assert saved.status_code == 302
        matter = Demand.objects.get()
        assert saved["Location"] == desk.url("notice", matter.notice.number)
        asked = RequestRecord.objects.get()
        assert (asked.shares, asked.distribution) == (1_000_000, "On the open market")
        assert asked.other_information == ""

    def test_nothing_is_saved_before_what_follows_was_shown(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            page = desk.client.post(
                url, {**desk.open(url), **demand_data(desk.world), "do": "save"}
            )
        assert page.status_code == 200
        assert "Look at what follows, then save" in page.content.decode()
        assert not Notice.objects.exists()

    def test_a_missed_date_is_named_on_the_button(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(date(2003, 9, 1)):
            looked = desk.look(url, {**desk.open(url), **demand_data(desk.world)})
        assert "Save notice and record a missed date" in looked.content.decode()

    def test_a_double_click_records_once(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            data = {**desk.open(url), **demand_data(desk.world)}
            data["seen"] = desk.look(url, data).context["found"].token
            first = desk.client.post(url, {**data, "do": "save"})
            again = desk.client.post(url, {**data, "do": "save"})
        assert first.status_code == again.status_code == 302
        assert first["Location"] == again["Location"]
        assert Demand.objects.count() == Submission.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "field", "says"),
        [
            ({"received_on": "2003-05-01"}, "received_on", "before the sent date"),
            ({"received_on": "6/5/2003"}, "received_on", "can be read two ways"),
            ({"received_on": "Jun 31 2003"}, "received_on", "is not a day"),
            ({"received_on": "Mon, Jun 3, 2003"}, "received_on", "Check the day and the weekday"),
            ({"received_on": "2003-07-01"}, "received_on", "has not come yet"),
            ({"sent_on": "2003-06-30", "received_on": ""}, "sent_on", "has not come yet"),
            ({"sent_on": ""}, "sent_on", "counts when sent"),
            ({"method": "pigeon"}, "method", "does not list"),
            ({"method": ""}, "method", "Choose how it travelled"),
            ({"signers": []}, "signers", "Choose the Investors who signed"),
        ],
    )
    def test_bad_input_comes_back_with_the_form(
        self, desk: Desk, change: dict[str, Any], field: str, says: str
    ) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            page = desk.client.post(
                url,
                {**desk.open(url), **demand_data(desk.world, **change), "note": "keep me",
                 "do": "save"},
            )  # fmt: skip
        assert page.status_code == 422
        assert any(says in e for e in page.context["form"].errors[field])
        text = page.content.decode()
        assert "data-error-summary" in text
        assert "keep me" in text
        assert not Notice.objects.exists()

    def test_more_than_is_held_is_told_at_that_signer(self, desk: Desk) -> None:
        alder = desk.world.investors["Alder"].pk
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            page = desk.client.post(
                url,
                {**desk.open(url), **demand_data(desk.world, **{f"shares_{alder}": "99,999,999"}),
                 "do": "save"},
            )  # fmt: skip
        assert page.status_code == 422
        assert "held 13,800,000" in page.context["form"].errors[f"shares_{alder}"][0]
        assert not Demand.objects.exists()

    def test_a_file_that_is_not_what_it_says_saves_nothing(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        with on_day(D):
            page = desk.client.post(
                url,
                {**desk.open(url), **demand_data(desk.world), "do": "save",
                 "files": [pdf(), pdf("letter.pdf", b"GIF89a not a pdf at all")]},
            )  # fmt: skip
        assert page.status_code == 422
        assert "not what its name says" in page.context["form"].errors["files"][0]
        assert "Files have to be chosen again" in page.content.decode()
        assert not Evidence.objects.exists()
        assert not Notice.objects.exists()

    def test_a_change_never_reproaches(self, desk: Desk) -> None:
        url = desk.url("record-notice", query="?kind=demand")
        page = desk.client.post(url, {**desk.open(url), "kind": "demand", "do": "change"})
        assert page.status_code == 200
        assert "data-error-summary" not in page.content.decode()
        assert "Not worked out yet" in page.content.decode()


class TestCompanyNotice:
    def test_goes_to_all_others_and_shows_each_window(self, desk: Desk, matter: Demand) -> None:
        url = desk.url("record-notice", query="?kind=company&for=DR-1")
        with on_day(date(2003, 6, 5)):
            opened = desk.open(url)
            assert len(opened["to"]) == 3  # Birch, Cedar and Dale, not Alder
            data = {**opened, "method": "certified_mail", "sent_on": "Jun 5, 2003"}
            looked = desk.look(url, data).content.decode()
            assert "Answers by: Birch, Cedar and Dale" in looked
            assert "Wed, Jun 25, 2003" in looked
            assert "If any receipt is after Tue, Jun 17, 2003, no day to file is left." in looked
            saved = desk.save(url, {"method": "certified_mail", "sent_on": "2003-06-05"})
        assert saved.status_code == 302
        assert Delivery.objects.filter(notice__kind="company").count() == 3

    def test_one_copy_set_apart_and_evidence_per_copy(self, desk: Desk, matter: Demand) -> None:
        birch, dale = desk.world.investors["Birch"].pk, desk.world.investors["Dale"].pk
        url = desk.url("record-notice", query="?kind=company&for=DR-1")
        data = {
            "method": "certified_mail",
            "sent_on": "2003-06-05",
            "apart": [str(dale)],
            f"method_{dale}": "facsimile",
            f"sent_on_{dale}": "2003-06-06",
        }
        with on_day(date(2003, 6, 9)):
            saved = desk.save(url, data, files={f"files_{birch}": [pdf()]})
        assert saved.status_code == 302
        by = {
            r.delivery.recipient.name: r.method
            for r in DeliveryRecord.objects.filter(delivery__notice__kind="company")
        }
        assert by == {
            "Birch": "certified_mail", "Cedar": "certified_mail", "Dale": "facsimile"
        }  # fmt: skip
        assert Evidence.objects.get().delivery.recipient.name == "Birch"
        page = desk.client.get(saved["Location"]).content.decode()
        assert page.count("1 missing") == 2

    def test_an_impossible_window_is_told_before_saving(self, desk: Desk, matter: Demand) -> None:
        url = desk.url("record-notice", query="?kind=company&for=DR-1")
        with on_day(date(2003, 6, 20)):
            data = {**desk.open(url), "method": "certified_mail", "sent_on": "2003-06-05",
                    "received_on": "2003-06-20"}  # fmt: skip
            page = desk.look(url, data).content.decode()
        assert "No day is left to file" in page
        assert "Save notice and record a missed date" in page

    def test_a_fault_of_a_copy_set_apart_is_told_there(self, desk: Desk, matter: Demand) -> None:
        dale = desk.world.investors["Dale"].pk
        url = desk.url("record-notice", query="?kind=company&for=DR-1")
        with on_day(date(2003, 6, 9)):
            page = desk.client.post(url, {
                **desk.open(url), "method": "certified_mail", "sent_on": "2003-06-05",
                "apart": [str(dale)], f"method_{dale}": "facsimile",
                f"sent_on_{dale}": "2003-06-06", f"received_on_{dale}": "2003-06-05",
                "do": "save",
            })  # fmt: skip
        assert page.status_code == 422
        assert "before the sent date" in page.context["form"].errors[f"received_on_{dale}"][0]
        assert Notice.objects.count() == 1

    def test_a_crowd_is_told_at_once(
        self, desk: Desk, matter: Demand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registrations.forms.correspondence.MANY", 2)
        monkeypatch.setattr("registrations.forms.correspondence.MOST_FILES", 2)
        url = desk.url("record-notice", query="?kind=company&for=DR-1")
        with on_day(date(2003, 6, 5)):
            page = desk.client.get(url).content.decode()
            assert 'name="to"' not in page
            assert 'type="file"' not in page
            saved = desk.save(url, {"method": "certified_mail", "sent_on": "2003-06-05"})
        assert saved.status_code == 302
        assert Delivery.objects.filter(notice__kind="company").count() == 3


class TestRequest:
    def test_above_the_holding_is_refused_with_the_limit(self, desk: Desk, matter: Demand) -> None:
        cedar = desk.world.investors["Cedar"]
        url = desk.url("record-notice", query="?kind=request&for=DR-1")
        data = {"investor": str(cedar.pk), "method": "certified_mail", "sent_on": "2003-06-20",
                "received_on": "2003-06-23", "shares": "2,400,001"}  # fmt: skip
        with on_day(date(2003, 6, 24)):
            page = desk.client.post(url, {**desk.open(url), **data, "do": "save"})
            assert page.status_code == 422
            assert "held 2,400,000" in page.context["form"].errors["shares"][0]
            assert not Notice.objects.filter(kind="request").exists()
            saved = desk.save(url, {**data, "shares": "2,400,000"})
        assert saved.status_code == 302
        page = desk.client.get(saved["Location"]).content.decode()
        assert "Incomplete" in page

    def test_completing_it_needs_no_reason_and_changing_it_does(
        self, desk: Desk, matter: Demand
    ) -> None:
        notice = w.asks(desk.world, matter, "Cedar", received_on=date(2003, 6, 20),
                        other_information=None)  # fmt: skip
        url = desk.url("complete-request", notice.number)
        with on_day(date(2003, 6, 24)):
            changed = desk.client.post(url, {**desk.open(url), "stated_on": "2003-06-24",
                                             "shares": "1", "do": "save"})  # fmt: skip
            assert changed.status_code == 422
            assert "reason" in changed.context["form"].errors
            saved = desk.save(
                url, {"stated_on": "2003-06-24", "other_information": "No other interests"}
            )
        assert saved.status_code == 302
        assert RequestRecord.objects.standing().get(notice=notice).other_information

    def test_a_decline_is_recorded(self, desk: Desk, matter: Demand) -> None:
        url = desk.url("record-notice", query="?kind=decline&for=DR-1")
        with on_day(date(2003, 6, 24)):
            saved = desk.save(url, {
                "investor": str(desk.world.investors["Dale"].pk), "method": "personal",
                "received_on": "Jun 24, 2003"})  # fmt: skip
        assert saved.status_code == 302
        assert Notice.objects.get(kind="decline").sender.name == "Dale"


class TestReceipt:
    @pytest.fixture
    def delivery(self, desk: Desk, matter: Demand) -> Delivery:
        told = {"Birch": None, "Cedar": date(2003, 6, 7), "Dale": date(2003, 6, 7)}
        w.tell(desk.world, matter, told, sent_on=date(2003, 6, 5))
        return Delivery.objects.get(recipient=desk.world.investors["Birch"])

    def test_shows_before_and_after_then_records(self, desk: Desk, delivery: Delivery) -> None:
        url = desk.url("record-receipt", delivery.public_id)
        with on_day(date(2003, 6, 10)):
            saved = desk.save(url, {"received_on": "Jun 7, 2003"}, files={"files": [pdf()]})
        assert saved.status_code == 302
        stands = DeliveryRecord.objects.standing().get(delivery=delivery)
        assert stands.received_on == date(2003, 6, 7)
        assert delivery.evidence.count() == 1

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"received_on": "2003-06-04"}, "received_on"),  # before it was sent
            ({"received_on": "2003-06-11"}, "received_on"),  # still to come
            ({"sent_on": "2003-06-04", "received_on": "2003-06-07"}, "reason"),
            ({}, "received_on"),  # says nothing new
        ],
    )
    def test_what_cannot_be_is_refused(
        self, desk: Desk, delivery: Delivery, change: dict[str, str], field: str
    ) -> None:
        url = desk.url("record-receipt", delivery.public_id)
        with on_day(date(2003, 6, 10)):
            page = desk.client.post(url, {**desk.open(url), **change, "do": "save"})
        assert page.status_code == 422
        assert field in page.context["form"].errors
        assert DeliveryRecord.objects.filter(delivery=delivery).count() == 1

    def test_what_somebody_else_recorded_meanwhile_is_told(
        self, desk: Desk, delivery: Delivery
    ) -> None:
        url = desk.url("record-receipt", delivery.public_id)
        with on_day(date(2003, 6, 10)):
            opened = desk.open(url)
            w.signed_for(desk.world, Demand.objects.get(), "Birch", date(2003, 6, 9))
            page = desk.client.post(url, {**opened, "received_on": "2003-06-07", "do": "save"})
        assert page.status_code == 409
        text = page.content.decode()
        assert "Somebody recorded something here meanwhile" in text
        assert "Mon, Jun 9, 2003" in text
        assert 'value="2003-06-07"' in text
        assert DeliveryRecord.objects.standing().get(delivery=delivery).received_on == date(
            2003, 6, 9
        )

    def test_a_correction_says_why_and_keeps_what_stood(
        self, desk: Desk, delivery: Delivery
    ) -> None:
        w.signed_for(desk.world, Demand.objects.get(), "Birch", date(2003, 6, 9))
        url = desk.url("record-receipt", delivery.public_id)
        with on_day(date(2003, 6, 20)):
            data = {**desk.open(url), "received_on": "2003-06-07", "reason": "Misread the card"}
            page = desk.look(url, data).content.decode()
            assert "Wed, Jul 9, 2003" in page
            assert "Mon, Jul 7, 2003" in page
            saved = desk.save(url, {"received_on": "2003-06-07", "reason": "Misread the card"})
        page = desk.client.get(saved["Location"]).content.decode()
        assert "Misread the card" in page
        assert "received Mon, Jun 9, 2003" in page


def test_evidence_is_a_download_that_cannot_run(desk: Desk, matter: Demand) -> None:
    url = desk.url("add-evidence", 1)
    saved = desk.save(url, {}, files={"files": [pdf("../../x.pdf")]})
    assert saved.status_code == 302
    kept = Evidence.objects.get()
    assert kept.name == "x.pdf"
    where = f"/evidence/{kept.public_id}/"
    response = desk.client.get(where)
    assert b"".join(response) == PDF  # type: ignore[arg-type]
    assert response["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    desk.client.force_login(desk.world.stranger)
    assert desk.client.get(where).status_code == 404
    desk.client.logout()
    assert desk.client.get(where).status_code == 302


def test_the_list_filters_and_costs_the_same(
    desk: Desk, matter: Demand, django_assert_max_num_queries: Any
) -> None:
    w.tell(desk.world, matter, {"Birch": date(2003, 6, 9), "Dale": None}, sent_on=date(2003, 6, 5))
    url = desk.url("notices")
    everything = desk.client.get(url).context["rows"]
    assert [r.notice.number for r in everything] == [2, 1]
    waiting = desk.client.get(url, {"missing": "1"}).context["rows"]
    assert [(r.notice.number, r.missing) for r in waiting] == [(2, 1)]
    assert not desk.client.get(url, {"kind": "decline"}).context["rows"]
    with django_assert_max_num_queries(25):
        desk.client.get(url)
    for n in range(5):
        w.asks(desk.world, matter, "Cedar", received_on=date(2003, 6, 10 + n))
    with django_assert_max_num_queries(25):
        assert len(desk.client.get(url).context["rows"]) == 7


def test_a_notice_that_came_but_does_not_count_says_why(desk: Desk, matter: Demand) -> None:
    notice = w.tell(
        desk.world, matter, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 9), method="email"
    )
    heading = desk.client.get(desk.url("notice", notice.number)).context["heading"]
    assert heading == (
        "N-2, Company Notice: received, not given. E-mail is not a listed method and no signed "
        "consent was in force on Mon, Jun 9, 2003."
    )


def test_who_was_sent_a_company_notice_before_is_known_by_the_copies(
    desk: Desk, matter: Demand
) -> None:
    w.add(desk.world, "Elm", 0)
    w.tell(desk.world, matter, {"Birch": None}, sent_on=date(2003, 6, 5))
    with on_day(date(2003, 6, 6)):
        page = desk.client.get(desk.url("record-notice", query="?kind=company&for=DR-1"))
    offered = [label for _, label in page.context["form"].fields["to"].choices]
    assert offered == ["Birch (sent before)", "Cedar", "Dale", "Elm"]
