"""What Selling Investors furnish, as counsel asks, records and chases it (S5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registrations.models import Demand, InformationAnswer, InformationRequest
from registrations.services import company, information
from registrations.services.company import ProposalIn
from registrations.services.information import InformationIn
from tests import world as tell

from .forms import Desk, on_day
from .pages import Page, read, signed_in

JUNE_20, JULY_1 = date(2003, 6, 20), date(2003, 7, 1)
WHOLE = InformationIn(
    "Birch, L.P.", "None", 4_200_000, 60_000, 4_140_000, None, "On the open market", "R. Birch",
    "Neither",
)  # fmt: skip


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    """Alder demands and Birch joins with 60,000 shares; both are asked by July 1."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    tell.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 18))
    return matter


def asked(world: tell.World, matter: Demand, *names: str) -> None:
    information.ask_information(
        demand=matter,
        investors=[world.investors[name] for name in names],
        sent_on=JUNE_20,
        method="regular_mail",
        due_on=JULY_1,
        when=world.at(JUNE_20),
    )


def answered(world: tell.World, matter: Demand, name: str, on: date, answer: InformationIn) -> None:
    information.record_information(
        demand=matter,
        investor=world.investors[name],
        answer=answer,
        received_on=on,
        when=world.at(on),
    )


def fill(desk: Desk, url: str, given: dict[str, Any]) -> Any:
    return desk.client.post(url, {**desk.open(url), **given, "do": "save"})


def page(world: tell.World, path: str) -> Page:
    return read(signed_in(world.counsel), f"/a/{world.agreement.slug}/{path}")


@on_day(JUNE_20)
def test_the_page_names_who_takes_part_and_nobody_else(bestnet, matter):
    assert (
        "/a/bestnet/registrations/DR-1/information/" in page(bestnet, "registrations/DR-1/").links
    )
    told = page(bestnet, "registrations/DR-1/information/")

    assert told.heading == "DR-1: 0 of 2 Selling Investors have answered."
    assert "Alder Not asked yet" in told.text
    assert "Birch Not asked yet" in told.text
    assert "Cedar" not in told.text


@on_day(JUNE_20)
def test_counsel_records_who_was_asked_and_by_when(bestnet, matter, client):
    desk = Desk(bestnet, client)
    url = desk.url("ask-information", 1)
    given = {"sent_on": "2003-06-20", "method": "regular_mail", "due_on": "July 1, 2003"}

    assert fill(desk, url, given).status_code == 302

    assert InformationRequest.objects.count() == 2
    told = page(bestnet, "registrations/DR-1/information/")
    assert "Alder Asked Asked Fri, Jun 20, due Tue, Jul 1." in told.text
    audit = page(bestnet, "audit/").text
    assert "Asked 2 Investors for information by Tue, Jul 1, 2003 in DR-1" in audit
    # Who is asked again is asked with a reason.
    birch = str(bestnet.investors["Birch"].pk)
    again = {**given, "investors": [birch], "due_on": "2003-07-08"}
    refused = fill(desk, url, again)
    assert refused.status_code == 422
    assert "Birch was asked already" in " ".join(refused.context["form"].errors["reason"])
    assert fill(desk, url, {**again, "reason": "It wanted a week more."}).status_code == 302
    assert InformationRequest.objects.standing().count() == 2


@on_day(date(2003, 7, 5))
def test_who_is_overdue_is_chased_here_and_on_the_dashboard(bestnet, matter):
    asked(bestnet, matter, "Alder", "Birch")
    answered(bestnet, matter, "Birch", date(2003, 6, 28), WHOLE)

    told = page(bestnet, "registrations/DR-1/information/")
    assert told.heading == (
        "DR-1: 0 of 2 Selling Investors have answered; two answers are overdue."
    )
    assert "4 days overdue Alder Asked 15 days ago by regular mail. No answer." in told.text
    assert "Birch Asked 15 days ago by regular mail. 1 part missing." in told.text
    assert "Missing: percentage of the class owned after the offering" in told.text
    dashboard = page(bestnet, "").text
    assert "Alder Information for DR-1, due Tue, Jul 1." in dashboard
    assert "Birch The rest of the information for DR-1, due Tue, Jul 1." in dashboard
    looking_back = page(bestnet, "?as_of=2003-06-30").text
    assert "Information for DR-1" not in looking_back


@on_day(date(2003, 7, 5))
def test_an_answer_starts_from_the_register_and_what_came_later_completes_it(
    bestnet, matter, client
):
    desk = Desk(bestnet, client)
    birch = bestnet.investors["Birch"]
    url = desk.url("record-information", 1, birch.public_id)
    start = desk.open(url)
    assert (start["name"], start["shares_before"], start["shares_offered"]) == (
        "Birch", "4,200,000", "60,000",
    )  # fmt: skip
    assert start["shares_after"] == "4,140,000"
    assert start["distribution"] == "Sale on the open market"

    saved = fill(desk, url, {"received_on": "2003-06-28"})
    assert saved.status_code == 302
    told = read(client, saved["Location"])
    assert told.heading == "Birch in DR-1: four parts missing."
    assert told.text.count("Not stated") == 4

    rest = {
        "received_on": "2003-07-03", "relationship": "None", "percent_after": "12.5%",
        "control_persons": "A natural person", "broker_dealer": "Neither",
    }  # fmt: skip
    assert fill(desk, url, rest).status_code == 302
    told = read(client, saved["Location"])
    assert told.heading == "Birch in DR-1: everything asked for is here."
    assert "12.5%" in told.text
    # To change what was stated takes a reason.
    refused = fill(desk, url, {"shares_offered": "50,000"})
    assert refused.status_code == 422
    assert "Say why" in " ".join(refused.context["form"].errors["reason"])
    assert fill(desk, url, {"shares_offered": "50,000", "reason": "Its letter."}).status_code == 302
    told = page(bestnet, "registrations/DR-1/information/")
    assert "It offers 50,000; it asked to have 60,000 registered." in told.text
    assert InformationAnswer.objects.count() == 3


@on_day(date(2003, 7, 5))
def test_the_next_time_starts_from_the_last_answer(bestnet, matter, client):
    answered(bestnet, matter, "Birch", date(2003, 6, 28), WHOLE)
    later = tell.demand(bestnet, received_on=date(2003, 7, 4), by=("Birch",), shares=1_000)
    desk = Desk(bestnet, client)

    start = desk.open(
        desk.url("record-information", later.number, bestnet.investors["Birch"].public_id)
    )

    assert (start["name"], start["control_persons"]) == ("Birch, L.P.", "R. Birch")
    assert start["shares_offered"] == "1,000"


@on_day(date(2003, 7, 5))
def test_a_registration_that_was_withdrawn_chases_nobody_on_the_dashboard(bestnet):
    when = bestnet.at(date(2003, 6, 2))
    proposed = company.propose_registration(
        agreement=bestnet.agreement, proposal=ProposalIn("Common Stock", form_allows=True),
        proposed_on=date(2003, 6, 2), when=when,
    )  # fmt: skip
    asked(bestnet, proposed, "Birch")
    assert "Information for CR-1" in page(bestnet, "").text

    company.withdraw_registration(
        demand=proposed, on=date(2003, 7, 4), reason="The market fell.",
        when=bestnet.at(date(2003, 7, 4)),
    )  # fmt: skip

    assert "Information for CR-1" not in page(bestnet, "").text


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"investors": []}, "investors", "Choose the Investors"),
        ({"due_on": "2003-06-19"}, "due_on", "It was sent on"),
        ({"sent_on": "2003-06-01"}, "sent_on", "The registration began"),
        ({"method": ""}, "method", "Choose how"),
        ({"parts": []}, "parts", "Choose what was asked for"),
    ],
)
@on_day(JUNE_20)
def test_what_cannot_be_asked_is_refused_at_its_field(bestnet, matter, client, typed, field, says):
    desk = Desk(bestnet, client)
    given = {"sent_on": "2003-06-20", "method": "regular_mail", "due_on": "2003-07-01", **typed}

    answer = fill(desk, desk.url("ask-information", 1), given)

    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert not InformationRequest.objects.exists()


@on_day(date(2003, 7, 5))
def test_many_investors_ask_no_more_questions_than_few(
    bestnet, matter, django_assert_max_num_queries
):
    client = signed_in(bestnet.counsel)
    url = "/a/bestnet/registrations/DR-1/information/"
    asked(bestnet, matter, "Alder", "Birch")
    answered(bestnet, matter, "Birch", date(2003, 6, 28), WHOLE)
    client.get(url)
    with django_assert_max_num_queries(50) as first:
        client.get(url)
    asked(bestnet, matter, "Cedar", "Dale")
    answered(bestnet, matter, "Cedar", date(2003, 6, 28), WHOLE)
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(url)
