"""An Investor serves itself: invited, sees what is its own, answers, keeps the receipt."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from investors.models import ElectronicConsent, Representative
from notices.models import AnswerDraft, Notice, Receipt
from registrations.facts import docket_of
from registrations.models import Demand
from registrations.projection import differs
from registrations.rules.findings import State
from registrations.rules.states import standing
from registrations.services import correspondence, register
from registrations.services.deliveries import CopyIn
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import Page, read, signed_in
from tests.web.portal import JUNE_12, TYPED, answered, at, consents

SECRET = "a sentence of mine"


# --- home -----------------------------------------------------------------------------------


def test_home_says_what_may_be_done_by_when_and_what_is_held(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        page = read(birch, at(bestnet, "portal-home"))

    assert page.heading == "You can join a Demand Registration until Wednesday, June 25."
    assert "Answer by Wed, Jun 25, 2003" in page.text
    assert "13 days left, until 11:59 pm ET" in page.text
    assert "4,200,000" in page.text  # 700,000 Units of six
    assert "It takes 2,250,001 of the 4,500,000 Units offered. You hold 700,000." in page.text
    assert "DR-1" not in page.text
    assert page.title == "Home – Rightsbook"


def test_before_any_notice_the_demand_is_not_there(bestnet: tell.World, birch: Client) -> None:
    unknown = tell.demand(bestnet, received_on=date(2003, 6, 2))
    with on_day(date(2003, 6, 3)):
        page = read(birch, at(bestnet, "portal-home"))
        join = birch.get(at(bestnet, "portal-join", "Birch", unknown.public_id))

    assert page.heading == "Nothing needs an answer today."
    assert "Demand Registration," not in page.text
    assert join.status_code == 404


def test_an_initiating_investor_sees_what_it_asked_for(bestnet: tell.World, matter: Demand) -> None:
    alder = signed_in(tell.representative(bestnet, "Alder"))
    with on_day(JUNE_12):
        page = read(alder, at(bestnet, "portal-home", "Alder"))

    assert "Demand Registration you asked for" in page.text


def test_holdings_on_another_day(bestnet: tell.World, birch: Client) -> None:
    with on_day(JUNE_12):
        url = at(bestnet, "portal-holdings")
        today, before = read(birch, url), read(birch, f"{url}?as_of=2003-03-30")
        bad = read(birch, f"{url}?as_of=June")

    assert today.heading == "You hold 4,200,000 Registrable Shares."
    assert before.heading == "No holdings are recorded for you on Sun, Mar 30, 2003."
    assert "is not a day" in bad.text


def test_notices_say_which_are_courtesy_copies(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    """One by certified mail; then one here, which counts only once Birch has consented."""
    with on_day(JUNE_12):
        page = read(birch, at(bestnet, "portal-notices"))
    assert "Certified mail" in page.text
    assert "Courtesy copy" not in page.text
    assert "Thu, Jun 5, 2003 Mon, Jun 9, 2003 Thu, Jun 5, 2003" in page.text

    other = tell.demand(bestnet, received_on=date(2003, 6, 10), by=("Cedar",))
    correspondence.record_company_notice(
        demand=other,
        copies=[(bestnet.investors["Birch"], CopyIn("portal", JUNE_12, JUNE_12))],
        when=bestnet.at(JUNE_12),
    )
    with on_day(JUNE_12):
        assert "Courtesy copy, not notice" in read(birch, at(bestnet, "portal-notices")).text
    register.record_consent(
        agreement=bestnet.agreement, investor=bestnet.investors["Birch"],
        signed_on=date(2003, 6, 1), when=bestnet.at(JUNE_12),
    )  # fmt: skip
    with on_day(JUNE_12):
        assert "Courtesy copy" not in read(birch, at(bestnet, "portal-notices")).text


# --- answering ------------------------------------------------------------------------------


def test_under_the_companys_consent_the_answer_counts_and_counsel_sees_it(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    consents(bestnet)
    with on_day(JUNE_12):
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        sent = answered(birch, url, **TYPED)
        page = read(birch, sent["Location"])
        home = read(birch, at(bestnet, "portal-home"))
        counsel = read(
            signed_in(bestnet.counsel), f"/a/{bestnet.agreement.slug}/registrations/DR-1/"
        )

    receipt = Receipt.objects.get()
    assert page.heading == "Received Thu, Jun 12, 2003, 12:00 pm ET."
    assert "On time; the last day is Wed, Jun 25, 2003." in page.text
    assert receipt.sha256 == hashlib.sha256(receipt.content.encode()).hexdigest()
    told = json.loads(receipt.content)
    assert (told["registrable_shares"], told["investor"]) == (60_000, "Birch")
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}", receipt.number)
    assert "Request to join: 60,000 shares" in home.text
    window = docket_of(matter).window(f"join:{bestnet.investors['Birch'].pk}")
    assert window is not None
    assert standing(window, today=JUNE_12, soon_days=7).state is State.MET
    assert "60,000" in counsel.text
    assert not differs(matter.pk)


def test_without_the_companys_consent_it_does_not_count_and_the_letter_is_made(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        assert "Sending it here is not enough" in read(birch, url).text
        page = read(birch, answered(birch, url, **TYPED)["Location"])
        receipt = Receipt.objects.get()
        letter = read(birch, at(bestnet, "receipt-letter", "Birch", receipt.public_id))
        home = read(birch, at(bestnet, "portal-home"))

    assert page.heading.endswith("and it does not count yet.")
    assert "60,000 Registrable Shares" in letter.text
    assert "5075 Cascade Road SE" in letter.text
    assert "1 Birch Street" in letter.text
    assert home.heading == "An answer you sent does not count yet."
    window = docket_of(matter).window(f"join:{bestnet.investors['Birch'].pk}")
    assert window is not None
    assert window.done_on is None


def test_under_an_agreement_that_knows_no_portal_it_is_kept_all_the_same(db: None) -> None:
    world = tell.build(without=("electronic_methods",))
    demand = tell.demand(world, received_on=date(2003, 6, 2))
    tell.tell(world, demand, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 5))
    birch = signed_in(tell.representative(world, "Birch"))
    consents(world)
    with on_day(JUNE_12):
        url = at(world, "portal-join", "Birch", demand.public_id)
        asked = read(birch, url)
        page = read(birch, answered(birch, url, **TYPED)["Location"])

    assert "Sending it here is not enough." in asked.text
    assert "does not list" in asked.text
    assert page.heading.endswith("and it does not count yet.")
    assert "does not list" in page.text
    assert Receipt.objects.count() == 1


def test_after_the_last_day_and_above_the_holding_it_is_kept_as_what_it_is(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    consents(bestnet)
    with on_day(date(2003, 7, 20)):
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        assert "The last day has passed" in read(birch, url).text
        page = read(birch, answered(birch, url, **{**TYPED, "shares": "4,200,001"})["Location"])

    assert "After the last day" in page.text
    assert "ask the Company" in page.text
    kinds = {c.kind for c in docket_of(matter).concerns}
    assert "over_request" in kinds


def test_between_the_two_readings_counsel_decide(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    consents(bestnet)
    with on_day(date(2003, 6, 27)):  # after 20 days from given, within 20 from received
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        page = read(birch, answered(birch, url, **TYPED)["Location"])

    assert "Counsel decide" in page.text


def test_changed_then_withdrawn_each_with_its_receipt(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    consents(bestnet)
    url = at(bestnet, "portal-join", "Birch", matter.public_id)
    with on_day(JUNE_12):
        answered(birch, url, **TYPED)
    with on_day(date(2003, 6, 13)):
        assert birch.get(url).context["form"]["shares"].value() == "60,000"
        answered(birch, url, **{**TYPED, "shares": "30000"})
        decline = at(bestnet, "portal-decline", "Birch", matter.public_id)
        once = str(birch.get(decline).context["form"]["once"].value())
        birch.post(decline, {"once": once})
        page = read(birch, at(bestnet, "portal-requests"))
        old = read(birch, at(bestnet, "receipt", "Birch", Receipt.objects.earliest("pk").public_id))

    assert [n.kind for n in Notice.objects.filter(answers=matter.notice, sender__name="Birch")] == [
        "request", "request", "decline",
    ]  # fmt: skip
    assert Receipt.objects.count() == 3
    assert "Declined" in page.text
    assert "You sent another answer after this one" in old.text


def test_after_the_last_day_on_every_reading_an_answer_is_changed_no_more(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    consents(bestnet)
    with on_day(JUNE_12):
        answered(birch, at(bestnet, "portal-join", "Birch", matter.public_id), **TYPED)
        assert "Change my answer" in read(birch, at(bestnet, "portal-requests")).text
    with on_day(date(2003, 6, 29)):  # 20 days from receipt on June 9
        assert "Change my answer" in read(birch, at(bestnet, "portal-requests")).text
    with on_day(date(2003, 6, 30)):
        assert "Change my answer" not in read(birch, at(bestnet, "portal-requests")).text
        assert "Change my answer" not in read(birch, at(bestnet, "portal-home")).text


def test_sent_twice_it_is_on_record_once(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        once = str(birch.get(url).context["form"]["once"].value())
        first = birch.post(url, {**TYPED, "once": once, "do": "send"})
        second = birch.post(url, {**TYPED, "once": once, "do": "send"})

    assert first["Location"] == second["Location"]
    assert Receipt.objects.count() == 1


def test_a_draft_is_kept_and_gone_once_sent(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    url = at(bestnet, "portal-join", "Birch", matter.public_id)
    with on_day(JUNE_12):
        once = str(birch.get(url).context["form"]["once"].value())
        birch.post(url, {"once": once, "shares": "12", "words": "Slowly", "do": "draft"})
        assert not Notice.objects.filter(sender__name="Birch").exists()
        form = birch.get(url).context["form"]
        home = read(birch, at(bestnet, "portal-home"))
        requests = read(birch, at(bestnet, "portal-requests"))
        answered(birch, url, **TYPED)

    assert (form["shares"].value(), form["words"].value()) == ("12", "Slowly")
    assert "Continue your draft" in home.text
    assert "Nothing was sent yet" in requests.text
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"shares": "many"}, "shares", "is not a whole number"),
        ({"shares": ""}, "shares", "Enter how many"),
        ({"shares": "0"}, "shares", "1 or more"),
        ({"way": ""}, "way", "Choose how"),
        ({"way": "other", "words": ""}, "words", "Say how"),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_is_still_there(
    bestnet: tell.World, matter: Demand, birch: Client, typed: dict[str, str], field: str, says: str
) -> None:
    url = at(bestnet, "portal-join", "Birch", matter.public_id)
    with on_day(JUNE_12):
        once = str(birch.get(url).context["form"]["once"].value())
        given = {**TYPED, "other_information": "A paper follows", "once": once, **typed}
        answer = birch.post(url, {**given, "do": "look"})

    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert "A paper follows" in answer.content.decode()
    assert not Receipt.objects.exists()


# --- what counts as notice to it ------------------------------------------------------------


def test_its_own_consent_is_signed_shown_to_counsel_and_withdrawn(
    bestnet: tell.World, birch: Client
) -> None:
    url = at(bestnet, "portal-delivery")
    with on_day(JUNE_12):
        once = str(birch.get(url).context["form"]["once"].value())
        birch.post(url, {"once": once})
        birch.post(url, {"once": once})  # pressed twice
        signed = read(birch, url)
        holder = reverse(
            "holder", args=[bestnet.agreement.slug, bestnet.investors["Birch"].public_id]
        )
        shown = read(signed_in(bestnet.counsel), holder)
    with on_day(date(2003, 6, 20)):
        birch.post(url, {"do": "withdraw"})
        withdrawn = read(birch, url)

    assert signed.heading == "What the Company sends you here counts as notice."
    assert "Signed Thu, Jun 12, 2003 by Pat Birch" in shown.text
    assert "In the portal, text of November 2026" in shown.text
    assert withdrawn.heading.endswith("a courtesy copy, not notice.")
    assert "Withdrawn Fri, Jun 20, 2003" in withdrawn.text
    assert ElectronicConsent.objects.count() == 2


# --- receipts -------------------------------------------------------------------------------


def test_anybody_may_check_a_receipt_and_learns_match_or_no_match(
    bestnet: tell.World, matter: Demand, birch: Client
) -> None:
    with on_day(JUNE_12):
        answered(birch, at(bestnet, "portal-join", "Birch", matter.public_id), **TYPED)
    receipt = Receipt.objects.get()
    text = birch.get(at(bestnet, "receipt-text", "Birch", receipt.public_id))
    assert hashlib.sha256(text.content).hexdigest() == receipt.sha256

    def checked(number: str, sha256: str) -> Page:
        given = {"number": number, "sha256": sha256}
        return Page(Client().post(reverse("check-receipt"), given).content.decode())

    right = checked(receipt.number.lower(), receipt.sha256.upper())
    wrong = checked(receipt.number, "0" * 64)
    unknown = checked("AAAA-AAAA-AA", receipt.sha256)
    assert right.heading == "Match"
    assert wrong.heading == unknown.heading == "No match"
    assert "Birch" not in right.text


# --- who may --------------------------------------------------------------------------------


def test_who_may_only_view_sees_no_button_and_sends_nothing(
    bestnet: tell.World, matter: Demand
) -> None:
    viewer = signed_in(tell.representative(bestnet, "Birch", "views"))
    with on_day(JUNE_12):
        page = read(viewer, at(bestnet, "portal-home"))
        url = at(bestnet, "portal-join", "Birch", matter.public_id)
        assert viewer.get(url).status_code == viewer.post(url).status_code == 403

    assert "Somebody who may sign for Birch answers." in page.text


def test_one_that_ended_sees_nothing_from_the_next_request(
    bestnet: tell.World, birch: Client
) -> None:
    with on_day(JUNE_12):
        assert birch.get(at(bestnet, "portal-home")).status_code == 200
        desk = Desk(bestnet, Client())
        url = desk.url("end-person", Representative.objects.get().pk)
        desk.save(url, {"reason": "Left the firm."})
        assert birch.get(at(bestnet, "portal-home")).status_code == 404
        assert "You act for no Investor here" in read(birch, reverse("portal")).text


def test_counsel_looks_as_an_investor_read_only_and_that_is_on_the_trail(
    bestnet: tell.World, matter: Demand
) -> None:
    counsel = signed_in(bestnet.counsel)
    home = at(bestnet, "portal-home")
    with on_day(JUNE_12):
        assert counsel.get(home).status_code == 404
        look = reverse(
            "look-as", args=[bestnet.agreement.slug, bestnet.investors["Birch"].public_id]
        )
        counsel.post(look)
        page = read(counsel, home)
        join = at(bestnet, "portal-join", "Birch", matter.public_id)
        assert counsel.post(join).status_code == counsel.get(join).status_code == 403
        assert counsel.get(at(bestnet, "portal-home", "Cedar")).status_code == 404
        trail = read(counsel, f"/a/{bestnet.agreement.slug}/audit/")
        counsel.post(look, {"do": "stop"})
        assert counsel.get(home).status_code == 404

    assert "You look at the portal as Birch sees it." in page.text
    assert "Looked at the portal as Birch sees it" in trail.text
