"""The pages of a registration the Company proposes, as counsel works through them (P1–P6)."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from notices.models import Notice
from registrations.models import Demand, ProposalRecord
from registrations.services import company, correspondence
from registrations.services.company import ProposalIn
from registrations.services.deliveries import CopyIn
from tests import world as tell

from .pages import signed_in

TODAY = "2004-06-15 16:00:00+00:00"
PROPOSED = date(2004, 5, 25)
OFFERING = ProposalIn(
    "2,000,000 shares of Common Stock", "the Company", "S-3", True, underwritten=True,
    planned_on=date(2004, 6, 30),
)  # fmt: skip
TYPED = {
    "proposed_on": "2004-05-25",
    "what": "2,000,000 shares of Common Stock",
    "account": "the Company",
    "form": "S-3",
    "form_allows": "yes",
    "public_offering": "on",
    "planned_on": "Jun 30, 2004",
}


@pytest.fixture
def offering(bestnet: tell.World) -> Demand:
    """Proposed on May 25; Registration Notices to all on June 1; Birch asks on June 10."""
    matter = company.propose_registration(
        agreement=bestnet.agreement, proposal=OFFERING, proposed_on=PROPOSED,
        when=bestnet.at(PROPOSED),
    )  # fmt: skip
    correspondence.record_company_notice(
        demand=matter,
        copies=[
            (investor, CopyIn("certified_mail", date(2004, 6, 1)))
            for investor in bestnet.investors.values()
        ],
        when=bestnet.at(date(2004, 6, 1)),
    )
    tell.asks(bestnet, matter, "Birch", received_on=date(2004, 6, 10))
    return matter


def page(world: tell.World, path: str) -> str:
    answer = signed_in(world.counsel).get(f"/a/{world.agreement.slug}/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode().replace("\u00a0", " ")


def send(world: tell.World, path: str, given: dict[str, str]):
    """Fill in a form, look at what follows, and save it."""
    client = signed_in(world.counsel)
    url = f"/a/{world.agreement.slug}/{path}"
    once = client.get(url).context["form"]["once"].value()
    looked = client.post(url, {**given, "once": str(once), "do": "look"})
    if looked.status_code != 200:
        return looked
    seen = looked.context["form"]["seen"].value() or ""
    return client.post(url, {**given, "once": str(once), "seen": seen, "do": "save"})


@time_machine.travel(TODAY, tick=False)
def test_the_page_says_what_is_owed_by_when_and_who_takes_part(bestnet, offering):
    text = page(bestnet, "registrations/CR-1/")

    assert "CR-1: the Registration Notice was given to every Investor." in text
    assert "A Registration Notice is owed to every Investor" in text
    assert "Birch asked to be in the underwriting and has not accepted its terms" in text
    assert "Last safe day to give it for the planned filing" in text
    assert "Our standard" in text or "our standard" in text
    assert "Jun 21" in text  # the last day to answer
    assert "2,000,000 shares of Common Stock" in text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", "CR-1 requests close"),
        ("registrations/", "CR-1 Company"),
        ("deadlines/?state=all", "Send a Piggy-back Request"),
        ("notices/", "Registration Notice"),
        ("notices/?matter=CR-1", "Piggy-back Request"),
        ("decisions/", "Nothing to decide"),
        ("agreement/", "Last day to ask to be included"),
        ("audit/", "CR-1"),
        ("registrations/CR-1/?as_of=2004-06-02", "CR-1"),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_it_stands_beside_demands_everywhere(bestnet, offering, path, says):
    assert says in page(bestnet, path)


@time_machine.travel(TODAY, tick=False)
def test_both_kinds_stand_in_one_list(bestnet, offering):
    tell.demand(bestnet, received_on=date(2004, 6, 14))
    text = page(bestnet, "registrations/")

    assert "CR-1 Company" in text
    assert "DR-1 Demand" in text


@time_machine.travel(TODAY, tick=False)
def test_every_notice_of_it_has_its_page(bestnet, offering):
    for number in Notice.objects.values_list("number", flat=True):
        page(bestnet, f"notices/N-{number}/")
    birch = bestnet.investors["Birch"]
    assert "CR-1" in page(bestnet, f"holders/{birch.public_id}/")


@time_machine.travel(TODAY, tick=False)
def test_counsel_records_a_registration_with_its_screening_in_view(bestnet):
    saved = send(bestnet, "registrations/new/", TYPED)

    matter = Demand.objects.get()
    assert saved.status_code == 302
    assert saved["Location"].endswith("/registrations/CR-1/")
    assert matter.proposals.get().planned_on == date(2004, 6, 30)


@time_machine.travel(TODAY, tick=False)
def test_an_excluded_one_asks_for_a_memo_where_it_is_typed(bestnet):
    given = {**TYPED, "only_for": "stock_plan"}

    asked = send(bestnet, "registrations/new/", given)
    assert asked.status_code == 422
    assert "stock plan" in " ".join(asked.context["form"].errors["memo"])

    send(bestnet, "registrations/new/", {**given, "memo": "Employees only."})
    assert "Employees only." in page(bestnet, "registrations/CR-1/")


@time_machine.travel(TODAY, tick=False)
def test_the_plan_moves_by_a_new_entry(bestnet, offering):
    given = {**TYPED, "underwritten": "on", "planned_on": "2004-07-20", "stated_on": "2004-06-15"}
    del given["proposed_on"]

    send(bestnet, "registrations/CR-1/change/", {**given, "reason": "The auditors need longer."})

    assert ProposalRecord.objects.filter(demand=offering).count() == 2
    assert "The auditors need longer." in page(bestnet, "registrations/CR-1/")


@time_machine.travel(TODAY, tick=False)
def test_acceptance_filing_effectiveness_and_withdrawal(bestnet, offering):
    birch = str(bestnet.investors["Birch"].pk)
    accepted = {"investor": birch, "on": "2004-06-12"}
    assert send(bestnet, "registrations/CR-1/acceptance/", accepted).status_code == 302
    assert "Underwriting accepted by Birch" in page(bestnet, "registrations/CR-1/")

    filed = {"on": "2004-06-14", f"covers_{birch}": "60,000", "form": "S-3"}
    assert send(bestnet, "registrations/CR-1/filing/", filed).status_code == 302
    assert "before the window of Alder, Cedar and Dale closed" in page(
        bestnet, "registrations/CR-1/"
    )
    withdrawn = {"on": "2004-06-15", "reason": "The market fell."}
    assert send(bestnet, "registrations/CR-1/withdrawal/", withdrawn).status_code == 302
    text = page(bestnet, "registrations/CR-1/")
    assert "CR-1 was withdrawn" in text
    assert "expenses stay the Company’s" in text


@time_machine.travel(TODAY, tick=False)
def test_it_becomes_effective(bestnet, offering):
    send(bestnet, "registrations/CR-1/filing/", {"on": "2004-06-14"})
    send(bestnet, "registrations/CR-1/effectiveness/", {"on": "2004-06-15"})

    assert "CR-1 became effective" in page(bestnet, "registrations/CR-1/")
    assert "CR-1" in page(bestnet, "statements/")


@time_machine.travel(TODAY, tick=False)
def test_its_statement_has_a_page_and_a_life_of_its_own(bestnet, offering):
    """Birch accepted the underwriting and is covered in part; an amendment covers the rest."""
    birch = str(bestnet.investors["Birch"].pk)
    send(bestnet, "registrations/CR-1/acceptance/", {"investor": birch, "on": "2004-06-12"})
    send(bestnet, "registrations/CR-1/filing/", {"on": "2004-06-13", f"covers_{birch}": "1,000"})
    path = f"statements/{offering.statement.public_id}/"

    text = page(bestnet, path)
    assert "Birch" in text
    assert "1,000" in text
    assert "The one demand" not in text
    assert "kind=withdrawn" not in text
    for kind in ("comments", "pre_amendment", "supplement"):
        page(bestnet, f"{path}record/?kind={kind}")
    amended = {"on": "2004-06-14", f"covers_{birch}": "60,000"}
    assert send(bestnet, f"{path}record/?kind=pre_amendment", amended).status_code == 302
    assert "60,000" in page(bestnet, path)


@time_machine.travel(TODAY, tick=False)
def test_a_piggy_back_request_is_recorded_like_any_notice(bestnet, offering):
    given = {
        "kind": "piggyback", "matter": "CR-1", "investor": str(bestnet.investors["Cedar"].pk),
        "method": "facsimile", "received_on": "2004-06-15", "shares": "6,000",
    }  # fmt: skip

    saved = send(bestnet, "notices/new/?for=CR-1&kind=piggyback", given)

    assert saved.status_code == 302
    assert Notice.objects.filter(kind="piggyback", sender__name="Cedar").exists()


@time_machine.travel(TODAY, tick=False)
def test_a_registration_notice_is_recorded_like_any_notice(bestnet):
    company.propose_registration(
        agreement=bestnet.agreement, proposal=OFFERING, proposed_on=PROPOSED,
        when=bestnet.at(PROPOSED),
    )  # fmt: skip
    everybody = [str(i.pk) for i in bestnet.investors.values()]
    given = {
        "kind": "registration", "matter": "CR-1", "to": everybody, "method": "certified_mail",
        "sent_on": "2004-06-01",
    }  # fmt: skip

    saved = send(bestnet, "notices/new/?for=CR-1", given)

    assert saved.status_code == 302
    assert Notice.objects.get(kind="registration").deliveries.count() == 4


@time_machine.travel(TODAY, tick=False)
def test_counsel_concludes_otherwise(bestnet, offering):
    given = {"choice": "excluded", "decided_on": "2004-06-15", "reason": "It became private."}
    send(bestnet, "registrations/CR-1/decide/?about=notice_owed", given)

    assert "It became private." in page(bestnet, "registrations/CR-1/")
    assert "No Registration Notice is owed" in page(bestnet, "decisions/")


@time_machine.travel(TODAY, tick=False)
def test_the_page_asks_a_constant_number_of_questions(
    bestnet, offering, django_assert_max_num_queries
):
    client = signed_in(bestnet.counsel)
    url = f"/a/{bestnet.agreement.slug}/registrations/CR-1/"
    client.get(url)
    with django_assert_max_num_queries(100) as first:
        client.get(url)
    for n in range(6):
        tell.add(bestnet, f"Investor {n}", 10_000)
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(url)
