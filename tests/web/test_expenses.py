"""The expense ledger of a registration, as counsel keeps it (S6)."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from registrations import library
from registrations.facts.papers import account_of
from registrations.models import Demand, Expense, Invoice
from registrations.rules.expenses import Burden
from registrations.rules.terms import TermEntry
from registrations.services import (
    agreements,
    circumstances,
    correspondence,
    expenses,
    register,
    terms,
)
from registrations.services.deliveries import CopyIn
from registrations.services.expenses import ExpenseIn
from registrations.services.requests import AskIn
from tests import world as tell

from .forms import Desk
from .pages import Page, read, signed_in

TODAY = "2003-08-01 16:00:00+00:00"
JULY_20 = date(2003, 7, 20)
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def filed(bestnet: tell.World) -> Demand:
    """Alder and Birch sell: 1,000,000 and 60,000 shares are covered."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    tell.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 20))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 60_000})
    return matter


def spent(world: tell.World, matter: Demand, kind: str, amount: str, *paid_by: str) -> Expense:
    """An expense of July 20; ``paid_by`` an Investor's name, or company or sellers."""
    who = paid_by[0] if paid_by else ""
    payer = world.investors.get(who)
    return expenses.record_expense(
        demand=matter,
        expense=ExpenseIn(kind, Decimal(amount), JULY_20, "investor" if payer else who, payer),
        when=world.at(JULY_20),
    )


def fill(desk: Desk, url: str, given: dict, **files: object):
    """Fill in a form that moves no date, and save it."""
    return desk.client.post(url, {**desk.open(url), **given, **files, "do": "save"})


def ledger(world: tell.World, query: str = "") -> Page:
    slug = world.agreement.slug
    return read(signed_in(world.counsel), f"/a/{slug}/registrations/DR-1/expenses/{query}")


@time_machine.travel(TODAY, tick=False)
def test_an_empty_ledger_says_what_goes_into_it(bestnet, filed, client):
    page = ledger(bestnet)

    assert page.heading == "DR-1: no expense is on record."
    matter = read(signed_in(bestnet.counsel), "/a/bestnet/registrations/DR-1/")
    assert "/a/bestnet/registrations/DR-1/expenses/" in matter.links
    statement = read(
        signed_in(bestnet.counsel), f"/a/bestnet/statements/{filed.statement.public_id}/"
    )
    assert "/a/bestnet/registrations/DR-1/expenses/" in statement.links


@time_machine.travel(TODAY, tick=False)
def test_the_page_says_who_bears_what_and_who_owes_whom(bestnet, filed):
    spent(bestnet, filed, "company_counsel", "60000", "company")
    spent(bestnet, filed, "listing", "500", "Birch")
    spent(bestnet, filed, "underwriting_discount", "1060", "company")

    page = ledger(bestnet)

    assert page.heading == "DR-1 has cost $61,560.00; $1,440.00 of it is owed between the parties."
    # Alder's part of the discount is 1,000,000 of 1,060,000 shares; Birch's, $60.00, is less
    # than the $500.00 it is owed.
    assert "Alder owes the Company $1,000.00" in page.text
    assert "The Company owes Birch $440.00" in page.text
    assert "The Company bears $60,500.00" in page.text
    assert "The sellers bear $1,060.00" in page.text
    assert "our standard is the shares registered for each" in page.text


@time_machine.travel(TODAY, tick=False)
def test_what_the_agreement_does_not_place_is_said_to_be_unknown(bestnet, filed):
    spent(bestnet, filed, "investor_counsel", "20000", "Birch")

    page = ledger(bestnet)

    assert page.heading == "DR-1 has cost $20,000.00; not all of it has a bearer."
    assert "puts counsel for the Investors on neither the Company nor the sellers" in page.text
    assert "Not placed by the terms $20,000.00" in page.text


@time_machine.travel(TODAY, tick=False)
def test_an_amendment_that_caps_the_investors_counsel_binds_later_matters_only(bestnet, filed):
    entry = TermEntry(
        {"company": ["listing"], "caps": {"investor_counsel": "35000"}}, "4", "Amendment No. 1"
    )
    terms.amend(
        agreement=bestnet.agreement,
        name="expenses",
        entry=entry,
        from_=date(2003, 7, 18),
        company_consents=True,
        consents=list(bestnet.investors.values()),
        reason="Amendment No. 1",
        when=bestnet.at(date(2003, 7, 18)),
    )
    later = tell.demand(bestnet, received_on=date(2003, 7, 19), by=("Alder",))
    for matter in (filed, later):
        spent(bestnet, matter, "investor_counsel", "40000", "company")

    assert "Not placed by the terms $40,000.00" in ledger(bestnet).text
    capped = read(signed_in(bestnet.counsel), "/a/bestnet/registrations/DR-2/expenses/")
    assert "The Company bears $35,000.00" in capped.text
    assert "The sellers together owe the Company $5,000.00" in capped.text
    assert "the shares the statement covers" in capped.text


@time_machine.travel(TODAY, tick=False)
def test_where_the_holders_may_pay_it_hangs_on_who_does(bestnet):
    """An agreement that lets the holders have a registration at their own expense: until
    counsel fill in who pays, nothing is placed; then it is theirs."""
    document = library.agreement("ftd-registration-agreement")
    agreement = agreements.put_document_on_record(
        company=bestnet.company, slug="ftd", document=document,
        dated_on=document.dated_on or date(2003, 3, 30), time_zone=tell.ZONE,
        when=bestnet.at(JULY_20),
    )  # fmt: skip
    holder = register.add_investor(
        agreement=agreement, name="Fund One", kind="partnership", party_from=agreement.dated_on,
        address="1 Fund Street", when=bestnet.at(JULY_20),
    )  # fmt: skip
    matter = correspondence.record_demand_notice(
        agreement=agreement, asks=[AskIn(holder)], copy=CopyIn("personal", JULY_20, JULY_20),
        when=bestnet.at(JULY_20),
    )  # fmt: skip
    spent(bestnet, matter, "company_counsel", "600000", "company")
    before = account_of(matter)
    circumstances.record_circumstances(
        demand=matter, told={"choices": {"paid_by": "holders"}}, when=bestnet.at(JULY_20)
    )

    assert "Who pays for the registration is not on record" in before.awaiting[0].text
    assert account_of(matter).totals == {Burden.SELLERS: 60_000_000}


@time_machine.travel(TODAY, tick=False)
def test_counsel_records_an_expense_with_its_invoice(bestnet, filed, client):
    desk = Desk(bestnet, client)
    url = desk.url("record-expense", 1)
    birch = bestnet.investors["Birch"]

    answer = fill(
        desk,
        url,
        {
            "kind": "other", "what": "Courier of share certificates", "amount": "$1,250.5",
            "on": "July 20, 2003", "paid_by": f"investor:{birch.pk}", "invoice": "A-17",
        },
        files=SimpleUploadedFile("invoice.pdf", PDF, "application/pdf"),
    )  # fmt: skip

    assert answer.status_code == 302
    kept = Expense.objects.get()
    assert (kept.amount, kept.payer, kept.paid_by) == (Decimal("1250.50"), birch, "investor")
    page = ledger(bestnet)
    assert "Courier of share certificates" in page.text
    invoice = Invoice.objects.get()
    assert f"/evidence/{invoice.public_id}/" in page.links
    assert b"".join(client.get(f"/evidence/{invoice.public_id}/").streaming_content) == PDF
    stranger = signed_in(bestnet.stranger)
    assert stranger.get(f"/evidence/{invoice.public_id}/").status_code == 404
    audit = read(signed_in(bestnet.counsel), "/a/bestnet/audit/")
    assert "Recorded “Courier of share certificates” of $1,250.50 in DR-1" in audit.text


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"kind": ""}, "kind", "Choose the kind of expense"),
        ({"kind": "other"}, "what", "Say what it was for"),
        ({"amount": "12.345"}, "amount", "is not an amount in dollars and cents"),
        ({"amount": "0"}, "amount", "above nothing"),
        ({"on": "2003-08-02"}, "on", "has not come yet"),
        ({"on": "2003-01-02"}, "on", "The agreement itself is of"),
        ({"kind": "repayment"}, "paid_by", "Choose who repaid"),
        ({"kind": "repayment", "paid_by": "company"}, "about", "somebody else"),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_what_cannot_be_is_refused_at_its_field(bestnet, filed, client, typed, field, says):
    desk = Desk(bestnet, client)
    given = {"kind": "listing", "amount": "500", "on": "2003-07-20", "what": "", **typed}

    answer = fill(desk, desk.url("record-expense", 1), given)

    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"]["amount"].value() == given["amount"]
    assert not Expense.objects.exists()


@time_machine.travel(TODAY, tick=False)
def test_a_correction_stands_beside_what_it_replaces(bestnet, filed, client):
    """The invoice was paid after all, by Cedar; and one entry should not be there."""
    first = spent(bestnet, filed, "listing", "500")
    assert "Of all this, not paid yet $500.00" in ledger(bestnet).text
    desk = Desk(bestnet, client)
    url = desk.url("correct-expense", 1, first.pk)
    cedar = f"investor:{bestnet.investors['Cedar'].pk}"

    silent = fill(desk, url, {"paid_by": cedar, "reason": ""})
    assert silent.status_code == 422
    assert fill(desk, url, {"paid_by": cedar, "reason": "Paid today."}).status_code == 302

    page = ledger(bestnet)
    assert "The Company owes Cedar $500.00" in page.text
    assert "Replaced" in page.text
    assert "“Paid today.”" in page.text
    stale = desk.client.post(
        url, {**desk.open(url), "paid_by": "company", "reason": "Again.", "do": "save"}
    )
    assert stale.status_code == 409
    now = Expense.objects.standing().get()
    gone = fill(
        desk,
        desk.url("correct-expense", 1, now.pk),
        {"amount": "0", "reason": "Another registration’s."},
    )
    assert gone.status_code == 302
    assert ledger(bestnet).heading == "DR-1 has cost $0.00; nothing is owed between the parties."


@time_machine.travel(TODAY, tick=False)
def test_a_repayment_settles(bestnet, filed, client):
    spent(bestnet, filed, "listing", "500", "Birch")
    desk = Desk(bestnet, client)
    repaid = {
        "kind": "repayment", "amount": "500", "on": "2003-07-25", "paid_by": "company",
        "about": f"investor:{bestnet.investors['Birch'].pk}",
    }  # fmt: skip

    assert fill(desk, desk.url("record-expense", 1), repaid).status_code == 302

    assert ledger(bestnet).heading == "DR-1 has cost $500.00; nothing is owed between the parties."


@time_machine.travel(TODAY, tick=False)
def test_the_ledger_as_csv_runs_nothing_in_a_spreadsheet(bestnet, filed, client):
    expenses.record_expense(
        demand=filed,
        expense=ExpenseIn("other", Decimal("10.50"), JULY_20, "company", what="=1+1"),
        when=bestnet.at(JULY_20),
    )
    spent(bestnet, filed, "listing", "500", "Birch")

    client.force_login(bestnet.reader)
    answer = client.get("/a/bestnet/registrations/DR-1/expenses/?format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert answer["Content-Disposition"].endswith('"bestnet-DR-1-expenses.csv"')
    header, first, second = csv.reader(lines)
    assert header[:3] == ["On", "Kind", "What for"]
    assert first[:4] == ["2003-07-20", "'=1+1", "'=1+1", "10.50"]
    assert second[3:8] == ["500.00", "Birch", "", "The Company", "500.00"]


@time_machine.travel(TODAY, tick=False)
def test_a_long_ledger_asks_as_few_questions_as_a_short_one(
    bestnet, filed, django_assert_max_num_queries
):
    client = signed_in(bestnet.counsel)
    url = "/a/bestnet/registrations/DR-1/expenses/"
    spent(bestnet, filed, "listing", "500", "Birch")
    client.get(url)
    with django_assert_max_num_queries(40) as first:
        client.get(url)
    for _ in range(5):
        spent(bestnet, filed, "selling_commission", "500", "Cedar")
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(url)
