"""Every page, for every agreement of the library: what a page cannot work out it says, and
a letter that came is recorded all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from investors.models import Agreement, Investor, Term
from notices.models import Method
from registrations import library
from registrations.facts import docket_of
from registrations.models import Flag
from registrations.projection import differs
from registrations.services import agreements, company, correspondence, ledger, register, terms
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn
from tests import world as tell
from tests.web.forms import on_day

SUPPOSED = {"DayField": "2019-05-06", "ExactField": "1,000", "ChoiceField": ""}
DATED_ON = date(1995, 1, 2)
TODAY = date(2020, 1, 3)
PAGES = (
    "dashboard", "registrations", "deadlines", "decisions", "cutback", "notices", "holders",
    "company-papers", "agreement", "ask-terms", "audit", "settings", "statements",
    "record-notice",
)  # fmt: skip
PAPERS = (
    "expenses", "record-expense", "claims", "record-claim", "contribution", "information",
    "ask-information",
)  # fmt: skip


@pytest.fixture
def other(bestnet: tell.World) -> Callable[[str], Agreement]:
    def put(name: str) -> Agreement:
        document = library.agreement(name)
        return agreements.put_document_on_record(
            company=bestnet.company,
            slug="other",
            document=document,
            dated_on=document.dated_on or DATED_ON,
            time_zone=tell.ZONE,
            when=bestnet.at(date(2020, 1, 2)),
        )

    return put


def investor(world: tell.World, agreement: Agreement) -> Investor:
    """Somebody with a thousand shares."""
    when = world.at(TODAY)
    made = register.add_investor(
        agreement=agreement,
        name="Fund One",
        kind=Investor.Kind.PARTNERSHIP,
        party_from=agreement.dated_on,
        address="1 Fund Street",
        contact_name="Fay",
        contact_email="fay@fund.example",
        when=when,
    )
    ledger.issue_units(investor=made, units=1_000, on=agreement.dated_on, when=when)
    return made


def opens(client: Client, agreement: Agreement, page: str, *args: object) -> str:
    answer = client.get(reverse(page, args=[agreement.slug, *args]))
    assert answer.status_code in (200, 302), f"{page}: {answer.status_code}"
    return answer.content.decode()


@pytest.mark.parametrize("name", library.names())
def test_every_page_opens_and_a_demand_that_came_is_recorded(bestnet, client, other, name) -> None:
    agreement = other(name)
    client.force_login(bestnet.counsel)
    holder = investor(bestnet, agreement)

    matter = correspondence.record_demand_notice(
        agreement=agreement,
        asks=[AskIn(holder, None, 500, "Sale on the open market", "None")],
        copy=CopyIn(Method.PERSONAL if name != "bestnet" else "facsimile", TODAY, TODAY),
        when=bestnet.at(TODAY),
    )
    proposed = company.propose_registration(
        agreement=agreement,
        proposal=company.ProposalIn("Common Stock", form_allows=True),
        proposed_on=TODAY,
        when=bestnet.at(TODAY),
    )

    found, offered = docket_of(matter), docket_of(proposed)
    if found.ruling.outcome != "refused":
        assert found.window("file").closes_on or found.window("file").awaiting
        waits = [a for w in found.windows if w.closes_on is None for a in w.awaiting]
        assert all(w.closes_on or w.awaiting for w in found.windows)
        assert found.ruling.outcome != "unknown" or found.ruling.awaiting
    if not offered.windows:
        assert offered.ruling.outcome == "unknown"
        assert offered.ruling.awaiting
        assert Flag.objects.filter(demand=proposed, kind="not_worked_out").exists()
    assert not differs(matter.pk)
    assert not differs(proposed.pk)
    with on_day(TODAY):
        for page in PAGES:
            opens(client, agreement, page)
        text = opens(client, agreement, "demand", matter.in_address)
        opens(client, agreement, "demand", proposed.in_address)
        for each in (matter, proposed):
            for page in PAPERS:
                opens(client, agreement, page, each.in_address)
        if found.ruling.outcome != "refused" and waits and name != "bestnet":
            assert "not known" in text
        opens(client, agreement, "record-circumstances", matter.in_address)
        form = client.get(reverse("ask-terms", args=["other"])).context["form"]
        typed = {name: SUPPOSED[type(field).__name__] for name, field in form.fields.items()}
        asked = client.get(reverse("ask-terms", args=["other"]), typed)
        assert not asked.context["form"].errors
        assert asked.context["answers"] or not typed


def test_once_the_missing_terms_are_on_record_the_dates_follow(bestnet, other) -> None:
    """Notices, an opening day and the rest are put on record; the demand on hand is worked
    out as if they had stood there from the beginning."""
    agreement = other("sunedison-semiconductor-2014")
    holder = investor(bestnet, agreement)
    matter = correspondence.record_demand_notice(
        agreement=agreement,
        asks=[AskIn(holder, None, 900, "Sale on the open market", "None")],
        copy=CopyIn("personal", TODAY, TODAY),
        when=bestnet.at(TODAY),
    )
    assert docket_of(matter).window("effective") is None

    known = library.agreement("bestnet").terms
    for name in ("notice_methods", "demand_threshold", "filing_opens", "effectiveness",
                 "keep_effective", "rests", "units_offered"):  # fmt: skip
        stood = Term.objects.filter(agreement=agreement, name=name).last()
        terms.correct(
            agreement=agreement,
            name=name,
            entry=known[name],
            replaces=stood,
            reason="Read in the paper.",
            when=bestnet.at(TODAY),
        )

    file = docket_of(matter).window("file")
    assert file is not None
    assert file.closes_on == date(2020, 2, 17)  # 45 days after January 3
    assert not differs(matter.pk)
