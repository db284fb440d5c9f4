"""Who may see what, asked of every address there is.

The list of addresses is the URL configuration itself.  A route this file says nothing
about fails the test, so nobody can add a page without saying who may see it.

``reader`` is counsel who may read and not record, and an ``auditor`` sees of this agreement
what they see; ``stranger`` is counsel of another
company, for whom what belongs to this one does not exist.  ``dale`` and ``birch`` act for
two Investors: each has the portal of its own, and is a stranger everywhere else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pypdf import PdfReader

from investors.models import User
from notices.models import Delivery
from registrations import pdf
from registrations.models import Expense, StatementRecord, SuspensionRecord, Waiver
from registrations.services import (
    claims,
    company,
    delays,
    evidence,
    expenses,
    information,
    others,
    people,
    register,
    selling,
    tokens,
    waivers,
)
from registrations.services.answering import send_answer
from registrations.services.claims import ClaimIn
from registrations.services.company import ProposalIn
from registrations.services.cutback import save_allocation
from registrations.services.delays import DelayIn
from registrations.services.expenses import ExpenseIn
from registrations.services.information import InformationIn
from registrations.services.joint import begin_joint
from registrations.services.offering import CutbackIn, OtherIn
from registrations.services.requests import AskIn
from registrations.services.transfers import TakerIn
from tests import world as tell
from tests.web.pages import signed_in

# A number of shares found nowhere else, so that a leak of it is known for what it is.
CANARY = 1_046_527
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Policy(Enum):
    """Who an address is for."""

    OPEN = "anybody, signed in or not"
    SIGNED_IN = "anybody signed in, and what they see is their own"
    SEEN = "those who act for the company"
    ASKED = "those who act for the company, who may ask by POST too: nothing is recorded"
    RECORDED = "those of them who may record"
    OWN = "those who act for the Investor"
    SIGNED = "those of them who may sign"
    SHARED = "those who act for any Investor of the agreement and were given the address"


POLICY: dict[str, Policy] = {
    "healthz": Policy.OPEN,
    "readyz": Policy.OPEN,
    "sign-in/": Policy.OPEN,
    "sign-out/": Policy.OPEN,
    "account/theme/": Policy.OPEN,
    "invitation/<str:link>/": Policy.OPEN,
    "receipts/check/": Policy.OPEN,
    "portal/": Policy.SIGNED_IN,
    "portal/demand/<uuid:joint>/": Policy.SHARED,
    "portal/<uuid:investor>/demand/new/": Policy.SIGNED,
    **dict.fromkeys(
        (
            f"portal/<uuid:investor>/{page}"
            for page in (
                "", "holdings/", "notices/", "requests/", "receipts/<uuid:receipt>/",
                "receipts/<uuid:receipt>/letter/", "receipts/<uuid:receipt>/text/",
                "receipts/<uuid:receipt>/pdf/", "receipts/<uuid:receipt>/letter/pdf/",
                "registrations/<uuid:demand>/stopped/",
                "registrations/<uuid:demand>/information/",
                "demand/<uuid:joint>/",
                "delivery/", "address/", "address/letter/",
            )
        ),
        Policy.OWN,
    ),
    **dict.fromkeys(
        (
            f"portal/<uuid:investor>/registrations/<uuid:demand>/{act}/"
            for act in ("join", "decline")
        ),
        Policy.SIGNED,
    ),
    "a/<slug:slug>/holders/<uuid:investor>/portal/": Policy.ASKED,
    "": Policy.SIGNED_IN,
    "sign-in/code/": Policy.OPEN,
    "sign-in/passkey/": Policy.OPEN,
    "sign-in/unconfirmed/": Policy.OPEN,
    "account/password/forgotten/": Policy.OPEN,
    "account/password/forgotten/sent/": Policy.OPEN,
    "account/password/new/<base36:uidb36>-<str:key>/": Policy.OPEN,
    "account/password/new/done/": Policy.OPEN,
    "account/address/<str:key>/": Policy.OPEN,
    **dict.fromkeys(
        (
            "account/",
            "account/password/",
            "account/password/done/",
            "account/address/",
            "account/second-factor/",
            "account/sessions/end/",
            "account/sessions/<int:pk>/end/",
            "account/app/",
            "account/app/remove/",
            "account/passkeys/new/",
            "account/passkeys/<int:pk>/remove/",
            "account/passkeys/<int:pk>/name/",
            "account/recovery-codes/",
            "account/recovery-codes/new/",
            "account/confirm/",
            "account/confirm/code/",
            "account/confirm/passkey/",
        ),
        Policy.SIGNED_IN,
    ),
    "account/tokens/": Policy.SIGNED_IN,
    "account/calendar/": Policy.SIGNED_IN,
    "account/mail/": Policy.SIGNED_IN,
    "calendar/<str:secret>.ics": Policy.OPEN,
    "account/tokens/<uuid:token>/revoke/": Policy.SIGNED_IN,
    "library/": Policy.SIGNED_IN,
    "library/<slug:name>/": Policy.SIGNED_IN,
    "agreements/new/": Policy.SIGNED_IN,
    **dict.fromkeys(
        (
            "a/<slug:slug>/",
            "a/<slug:slug>/registrations/",
            "a/<slug:slug>/registrations/DR-<int:number>/",
            "a/<slug:slug>/registrations/<company:number>/",
            *(
                f"a/<slug:slug>/registrations/{matter}/{page}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for page in ("selling", "prospectuses", "blue-sky")
            ),
            "a/<slug:slug>/registrations/DR-<int:number>/others/",
            "a/<slug:slug>/registrations/DR-<int:number>/expenses/",
            "a/<slug:slug>/registrations/<company:number>/expenses/",
            "a/<slug:slug>/registrations/DR-<int:number>/waivers/",
            "a/<slug:slug>/registrations/<company:number>/waivers/",
            *(
                f"a/<slug:slug>/registrations/{matter}/{paper}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for paper in (
                    "claims", "contribution", "information", "information/<uuid:investor>",
                )
            ),
            "a/<slug:slug>/claims/IC-<int:claim>/",
            "a/<slug:slug>/deadlines/",
            "a/<slug:slug>/statements/",
            "a/<slug:slug>/statements/<uuid:statement>/",
            "a/<slug:slug>/decisions/",
            "a/<slug:slug>/cutback/",
            "a/<slug:slug>/registrations/DR-<int:number>/cutback/",
            "a/<slug:slug>/registrations/<company:number>/cutback/",
            "a/<slug:slug>/allocations/<uuid:allocation>/",
            "a/<slug:slug>/notices/",
            "a/<slug:slug>/notices/N-<int:number>/",
            "a/<slug:slug>/holders/",
            "a/<slug:slug>/holders/<uuid:investor>/",
            "a/<slug:slug>/holders/actions/",
            "a/<slug:slug>/holders/groups/",
            "a/<slug:slug>/holders/transfers/",
            "a/<slug:slug>/people/",
            "a/<slug:slug>/company/",
            "a/<slug:slug>/agreement/",
            "a/<slug:slug>/agreement/file/",
            "a/<slug:slug>/agreement/ask/",
            "a/<slug:slug>/agreement/readings/",
            "a/<slug:slug>/audit/",
            "a/<slug:slug>/settings/",
            "evidence/<uuid:public_id>/",
        ),
        Policy.SEEN,
    ),
    **dict.fromkeys(
        (
            "a/<slug:slug>/notices/new/",
            "a/<slug:slug>/notices/N-<int:number>/complete/",
            "a/<slug:slug>/notices/N-<int:number>/evidence/",
            "a/<slug:slug>/deliveries/<uuid:delivery>/",
            "a/<slug:slug>/registrations/DR-<int:number>/filing/",
            "a/<slug:slug>/registrations/DR-<int:number>/effectiveness/",
            "a/<slug:slug>/registrations/DR-<int:number>/all-sold/",
            "a/<slug:slug>/registrations/DR-<int:number>/decide/",
            "a/<slug:slug>/registrations/DR-<int:number>/circumstances/",
            "a/<slug:slug>/registrations/DR-<int:number>/delay/",
            "a/<slug:slug>/registrations/DR-<int:number>/delay/<int:delay>/",
            "a/<slug:slug>/registrations/DR-<int:number>/others/<uuid:holder>/",
            "a/<slug:slug>/other-holders/new/",
            "a/<slug:slug>/other-holders/<uuid:holder>/",
            "a/<slug:slug>/registrations/DR-<int:number>/cutback/save/",
            "a/<slug:slug>/registrations/<company:number>/cutback/save/",
            "a/<slug:slug>/registrations/new/",
            *(
                f"a/<slug:slug>/registrations/<company:number>/{act}/"
                for act in (
                    "change", "withdrawal", "acceptance", "filing", "effectiveness", "all-sold",
                    "decide",
                )
            ),
            *(
                f"a/<slug:slug>/registrations/{matter}/{act}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for act in (
                    "suspensions/new", "suspensions/S-<int:suspension>/notice",
                    "suspensions/S-<int:suspension>/answer",
                    "suspensions/S-<int:suspension>/release", "prospectuses/new", "blue-sky/new",
                    "carried/<slug:what>/<int:pk>/correct",
                    "waivers/new", "waivers/<int:pk>",
                )
            ),
            *(
                f"a/<slug:slug>/registrations/{matter}/{act}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for act in ("expenses/new", "expenses/<int:pk>", "claims/new", "information/ask",
                    "information/<uuid:investor>/record")
            ),
            "a/<slug:slug>/claims/IC-<int:claim>/change/",
            "a/<slug:slug>/claims/IC-<int:claim>/contribution/",
            "a/<slug:slug>/statements/new/",
            "a/<slug:slug>/statements/<uuid:statement>/record/",
            "a/<slug:slug>/statements/records/<int:pk>/correct/",
            "a/<slug:slug>/holders/new/",
            "a/<slug:slug>/holders/actions/new/",
            "a/<slug:slug>/holders/groups/new/",
            "a/<slug:slug>/holders/groups/<uuid:group>/members/new/",
            "a/<slug:slug>/holders/groups/members/<uuid:member>/",
            "a/<slug:slug>/holders/transfers/<uuid:transfer>/counterpart/",
            "a/<slug:slug>/holders/transfers/<uuid:transfer>/standing/",
            "a/<slug:slug>/holders/actions/<uuid:action>/correct/",
            "a/<slug:slug>/holders/<uuid:investor>/ledger/",
            "a/<slug:slug>/holders/<uuid:investor>/address/",
            "a/<slug:slug>/holders/<uuid:investor>/contacts/new/",
            "a/<slug:slug>/holders/<uuid:investor>/consents/new/",
            "a/<slug:slug>/holders/<uuid:investor>/people/new/",
            "a/<slug:slug>/people/<int:pk>/end/",
            "a/<slug:slug>/people/auditors/new/",
            "a/<slug:slug>/people/auditors/<int:pk>/end/",
            "a/<slug:slug>/people/invitations/<uuid:invitation>/",
            "a/<slug:slug>/contacts/<int:pk>/end/",
            "a/<slug:slug>/consents/<int:pk>/withdraw/",
            "a/<slug:slug>/company/address/",
            "a/<slug:slug>/company/consents/new/",
            "a/<slug:slug>/company/share-counts/new/",
            "a/<slug:slug>/agreement/terms/<slug:name>/",
            "a/<slug:slug>/agreement/readings/choose/",
        ),
        Policy.RECORDED,
    ),
    **{
        f"api/v1/{route}": policy
        for policy, routes in {
            Policy.SIGNED_IN: (
                "agreements/", "demands/", "notices/", "deliveries/", "flags/", "schema/", "docs/",
                "library/", "library/<slug:name>/", "exchange-schema/",
                "company-registrations/",
            ),
            Policy.SEEN: (
                "agreements/<slug:slug>/",
                "agreements/<slug:slug>/investors/",
                "agreements/<slug:slug>/holdings/",
                "agreements/<slug:slug>/readings/",
                "agreements/<slug:slug>/share-counts/",
                "agreements/<slug:slug>/readings/",
                "agreements/<slug:slug>/other-holders/",
                "demands/<uuid:demand>/inclusions/",
                "demands/<uuid:demand>/circumstances/",
                "agreements/<slug:slug>/corporate-actions/",
                "agreements/<slug:slug>/affiliate-groups/",
                "agreements/<slug:slug>/transfers/",
                "agreements/<slug:slug>/file/",
                "investors/<uuid:investor>/",
                "demands/<uuid:demand>/",
                "demands/<uuid:demand>/docket/",
                "demands/<uuid:demand>/selling/",
                "company-registrations/<uuid:demand>/selling/",
                "demands/<uuid:demand>/decisions/",
                "company-registrations/<uuid:demand>/",
                "company-registrations/<uuid:demand>/docket/",
                "company-registrations/<uuid:demand>/decisions/",
                "demands/<uuid:demand>/expenses/",
                "company-registrations/<uuid:demand>/expenses/",
                "demands/<uuid:demand>/waivers/",
                "company-registrations/<uuid:demand>/waivers/",
                "demands/<uuid:demand>/claims/",
                "company-registrations/<uuid:demand>/claims/",
                "demands/<uuid:demand>/information/",
                "company-registrations/<uuid:demand>/information/",
                "claims/<uuid:claim>/",
                "demands/<uuid:demand>/allocations/",
                "company-registrations/<uuid:demand>/allocations/",
                "allocations/<uuid:allocation>/",
                "notices/<uuid:notice>/",
                "deliveries/<uuid:delivery>/",
            ),
            Policy.ASKED: (
                "agreements/<slug:slug>/terms/<slug:name>/",
                "demands/<uuid:demand>/cutback/",
                "company-registrations/<uuid:demand>/cutback/",
            ),
            Policy.RECORDED: (
                "agreements/<slug:slug>/term-amendments/",
                "agreements/<slug:slug>/term-corrections/",
                "agreements/<slug:slug>/demand-notices/",
                "agreements/<slug:slug>/company-registrations/",
                *(
                    f"company-registrations/<uuid:demand>/{act}/"
                    for act in (
                        "changes", "registration-notices", "piggyback-requests", "acceptances",
                        "withdrawal", "filing", "effectiveness", "all-sold",
                        "statement-corrections",
                    )
                ),
                *(
                    f"{matter}/<uuid:demand>/{act}/"
                    for matter in ("demands", "company-registrations")
                    for act in (
                        "suspensions", "suspension-notices", "suspension-answers",
                        "suspension-releases", "prospectuses", "states", "selling-corrections",
                    )
                ),
                "corporate-actions/<uuid:action>/correction/",
                "affiliate-groups/<uuid:group>/members/",
                "affiliate-members/<uuid:member>/changes/",
                "transfers/<uuid:transfer>/counterpart/",
                "transfers/<uuid:transfer>/standing/",
                "investors/<uuid:investor>/expiry/",
                "investors/<uuid:investor>/address/",
                "investors/<uuid:investor>/issue-units/",
                "investors/<uuid:investor>/convert/",
                "investors/<uuid:investor>/exercise/",
                "investors/<uuid:investor>/transfer/",
                "investors/<uuid:investor>/public-sale/",
                "investors/<uuid:investor>/correct-ledger/",
                "demands/<uuid:demand>/company-notices/",
                "demands/<uuid:demand>/answers/",
                "demands/<uuid:demand>/filing/",
                "demands/<uuid:demand>/effectiveness/",
                "demands/<uuid:demand>/all-sold/",
                "demands/<uuid:demand>/statement-events/",
                "demands/<uuid:demand>/statement-corrections/",
                "demands/<uuid:demand>/expense-corrections/",
                "demands/<uuid:demand>/waiver-corrections/",
                "company-registrations/<uuid:demand>/waiver-corrections/",
                "company-registrations/<uuid:demand>/expense-corrections/",
                *(
                    f"{matter}/<uuid:demand>/information-{act}/"
                    for matter in ("demands", "company-registrations")
                    for act in ("requests", "answers")
                ),
                "claims/<uuid:claim>/changes/",
                "claims/<uuid:claim>/contributions/",
                "demands/<uuid:demand>/delays/",
                "demands/<uuid:demand>/delay-corrections/",
                "notices/<uuid:notice>/complete/",
                "notices/<uuid:notice>/evidence/",
                "deliveries/<uuid:delivery>/records/",
            ),
        }.items()
        for route in routes
    },
}  # fmt: skip
NOT_OURS = ("admin/",)  # Django's admin has its own test below
NOWHERE = ("api/v1/",)  # whatever the API does not have


@dataclass
class Place:
    """A world with one of everything, and the address of each."""

    world: tell.World
    ids: dict[str, Any]
    investors: dict[str, User]
    auditor: User

    def address(self, route: str) -> str:
        path = route.replace("<company:number>", self.ids["company"])
        path = path.replace("<uuid:transfer>/standing", f"{self.ids['late']}/standing")
        path = path.replace(
            "company-registrations/<uuid:demand>", f"company-registrations/{self.ids['proposed']}"
        )
        if "notices/N-" in route:
            numbers = self.ids["notice_number"]
            path = path.replace("<int:number>", str(numbers))
        claim = self.ids["claim"]
        path = path.replace("<uuid:claim>", str(claim.public_id))
        path = path.replace("<int:claim>", str(claim.number))
        for name, value in self.ids.items():
            for converter in ("slug", "int", "uuid", "str", "base36"):
                path = path.replace(f"<{converter}:{name}>", str(value))
        assert "<" not in path, f"{route} has a part this test does not know how to fill"
        return f"/{path}"


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL configuration, as written."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if route not in NOT_OURS:
                yield from routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route.replace("^", "").replace("$", "")


@pytest.fixture
def place(bestnet: tell.World) -> Place:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2), shares=CANARY)
    tell.tell(
        bestnet, matter, {"Birch": date(2003, 6, 7), "Cedar": None, "Dale": date(2003, 6, 9)},
        sent_on=date(2003, 6, 5),
    )  # fmt: skip
    dale, birch = (tell.representative(bestnet, name) for name in ("Dale", "Birch"))
    receipt = send_answer(
        demand=matter,
        ask=AskIn(bestnet.investors["Dale"], None, 6, "By a broker", ""),
        when=bestnet.at(date(2003, 6, 12), dale),
    )
    begun = begin_joint(
        investor=bestnet.investors["Dale"],
        ask=AskIn(bestnet.investors["Dale"], None, 6, "By a broker", ""),
        when=bestnet.at(date(2003, 6, 12), dale),
    )
    invitation = people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Dale"]], name="Second",
        email="second@dale.example", role="views", when=bestnet.at(date(2003, 6, 12)),
    )  # fmt: skip
    request = tell.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 20), distribution="")
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": CANARY})
    when = bestnet.at(date(2003, 7, 15))
    consent = register.record_consent(
        agreement=bestnet.agreement,
        investor=bestnet.investors["Dale"],
        signed_on=date(2003, 4, 1),
        when=when,
    )
    (scan,) = evidence.attach_evidence(
        notice=request,
        delivery=None,
        files=[SimpleUploadedFile("scan.pdf", PDF, "application/pdf")],
        when=when,
    )
    suspension = selling.begin_suspension(
        statement=matter.statement, on=date(2003, 7, 15), note=f"{CANARY:,} lost", when=when
    )
    delays.record_delay(demand=matter, delay=DelayIn(date(2003, 6, 20)), when=when)
    other = others.record_other_holder(
        agreement=bestnet.agreement,
        name=f"Fund {CANARY:,}",
        paper="A paper",
        from_on=date(2003, 4, 1),
        when=when,
    )
    proposal = ProposalIn(f"{CANARY:,} shares", "", "S-3", True, underwritten=True)
    proposed = company.propose_registration(
        agreement=bestnet.agreement, proposal=proposal, proposed_on=date(2003, 7, 15), when=when
    )
    split = tell.split(bestnet, 2, 1, on=date(2003, 7, 15))
    member = tell.group(bestnet, "Kin", {"Birch": "partner"}, from_on=date(2003, 7, 1))["Birch"]
    gone, late = (
        tell.transfer(bestnet, "Cedar", TakerIn(name, signed_on), 1, on=date(2003, 7, 1), by=when)
        for name, signed_on in (("Elm", None), ("Juniper", date(2003, 7, 9)))
    )
    allocation = save_allocation(
        demand=proposed,
        given=CutbackIn(CANARY, date(2003, 7, 15), others=(OtherIn("Lender", 5, 5),)),
        when=when,
    )
    ids = {
        "action": split.public_id,
        "group": member.group.public_id,
        "member": member.public_id,
        "transfer": gone.public_id,
        "late": late.public_id,
        "slug": bestnet.agreement.slug,
        "allocation": allocation.public_id,
        "company": proposed.reference,
        "proposed": proposed.public_id,
        "number": matter.number,
        "notice_number": request.number,
        "investor": bestnet.investors["Dale"].public_id,
        "demand": matter.public_id,
        "statement": matter.statement.public_id,
        "notice": request.public_id,
        "delivery": Delivery.objects.filter(notice__kind="company").first().public_id,
        "public_id": scan.public_id,
        "name": "joining",
        "uidb36": "1",
        "key": "not-a-key",
        "suspension": suspension.number,
        "what": "amendment",
        "delay": 1,
        "holder": other.public_id,
        "receipt": receipt.public_id,
        "invitation": invitation.public_id,
        "link": "no-such-link",
        "secret": "no-such-calendar",
        "joint": begun.public_id,
    }
    for each in (matter, proposed):
        paid = ExpenseIn("listing", Decimal(CANARY), date(2003, 7, 15), "company")
        expenses.record_expense(demand=each, expense=paid, when=when)
        waivers.record_waiver(
            demand=each, investor=bestnet.investors["Dale"], right="join",
            signed_on=date(2003, 7, 15), when=when,
        )  # fmt: skip
        information.record_information(
            demand=each, investor=bestnet.investors["Dale"],
            answer=InformationIn("Dale", shares_before=600),
            received_on=date(2003, 7, 15), when=when,
        )  # fmt: skip
    information.ask_information(
        demand=matter, investors=[bestnet.investors["Dale"]], sent_on=date(2003, 7, 15),
        method="certified_mail", due_on=date(2003, 7, 19), when=when,
    )  # fmt: skip
    known = ClaimIn("underwriter", f"{CANARY:,} shares", claimant_name="Alder Securities")
    ids["claim"] = claims.record_claim(
        demand=matter, claim=known, stated_on=date(2003, 7, 15), when=when
    )
    ids["token"] = tokens.make_token(
        name=f"Report of {CANARY:,}", scope="read", agreement=None, days=1, when=when
    )[0].public_id
    auditor = tell.auditor(bestnet)
    register.tell_address(investor=bestnet.investors["Dale"], lines="9 New Street", when=when)
    place = Place(bestnet, ids, {"dale": dale, "birch": birch}, auditor)
    place.ids["consent"] = consent.pk
    return place


def primary_key(place: Place, route: str) -> Place:
    """The same place with the key an address ending in a plain number is about."""
    if "<int:pk>" not in route:
        return place
    if route.startswith("account/"):
        key = 1
    elif "carried" in route:
        key = SuspensionRecord.objects.get().pk
    elif "expenses" in route:
        kind = "company" if "<company:number>" in route else "demand"
        key = Expense.objects.get(demand__kind=kind).pk
    elif "waivers" in route:
        kind = "company" if "<company:number>" in route else "demand"
        key = Waiver.objects.get(demand__kind=kind).pk
    elif "records" in route:
        key = StatementRecord.objects.get(kind="filed").pk
    elif "auditors" in route:
        key = place.world.agreement.auditors.get().pk
    elif "people" in route:
        key = place.world.investors["Dale"].representatives.get().pk
    elif "contacts" in route:
        key = place.world.investors["Dale"].contacts.get().pk
    else:
        key = place.ids["consent"]
    return replace(place, ids={**place.ids, "pk": key})


def test_every_address_says_whom_it_is_for() -> None:
    known = set(POLICY) | set(NOWHERE)

    assert sorted(set(routes()) - known) == []
    assert sorted(known - set(routes())) == []


@pytest.mark.parametrize("method", ["get", "post"])
@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_who_may_see_what(place: Place, method: str) -> None:
    world = place.world
    people = {
        "nobody": None,
        "stranger": world.stranger,
        "reader": world.reader,
        "auditor": place.auditor,
        "counsel": world.counsel,
        **place.investors,
    }
    wrong = []
    for route, policy in POLICY.items():
        address = primary_key(place, route).address(route)
        found = {}
        for who, person in people.items():
            with transaction.atomic():  # each asks in the same world: nothing it does stays
                client = signed_in(person) if person else Client()
                found[who] = getattr(client, method)(address)
                found[who].getvalue() if found[who].streaming else None
                transaction.set_rollback(True)
        said = ", ".join(f"{who} {answer.status_code}" for who, answer in found.items())
        for problem in problems(policy, method, found, place):
            wrong.append(f"{method.upper()} {address} ({policy.value}): {problem}; {said}")

    assert not wrong, "\n".join(wrong)


def problems(
    policy: Policy, method: str, found: Mapping[str, HttpResponse], place: Place
) -> Iterator[str]:
    """What is wrong with how an address answered each person."""
    status = {who: answer.status_code for who, answer in found.items()}
    if max(status.values()) >= 500:
        yield "it broke"
    if policy is Policy.OPEN:
        return
    if status["nobody"] not in (302, 401, 403):
        yield "nobody was let in"
    if status["nobody"] == 302 and not found["nobody"]["Location"].startswith("/sign-in/"):
        yield "nobody was sent elsewhere than to sign in"
    yield from leaks(found["stranger"], place)
    for who in place.investors:
        yield from leaks(found[who], place, to=who)
    if policy is Policy.SIGNED_IN:
        return
    if status["auditor"] != status["reader"]:
        yield "an auditor is not treated as a reader"
    # 405 may come before anybody is let in: the address has no such method for anyone.
    if {status["stranger"], status["reader"], status["counsel"]} == {405}:
        return
    if status["stranger"] != 404:
        yield "to a stranger it exists"
    if policy is Policy.SHARED:
        if {status["reader"], status["counsel"]} != {404}:
            yield "it exists for the Company"
        if {status[who] for who in place.investors} != {302}:
            yield "an Investor is not led to its own page"
        return
    if policy in (Policy.OWN, Policy.SIGNED):
        if {status["reader"], status["counsel"], status["birch"]} != {404}:
            yield "it exists for another than its Investor"
        if method == "get" and status["dale"] != 200:
            yield "its Investor cannot see it"
        return
    if {status[who] for who in place.investors} != {404}:
        yield "to an Investor it exists"
    if policy is Policy.ASKED:
        if status["reader"] != status["counsel"]:
            yield "a reader may not ask what counsel may"
    elif policy is Policy.SEEN and method == "get":
        if status["reader"] != 200:
            yield "a reader cannot see it"
    elif status["reader"] not in (403, 405):
        yield "a reader may record"
    # 302: a page that has to be told what it is about sends counsel where it can be chosen.
    if method == "get" and status["counsel"] not in (200, 302, 405):
        yield "counsel cannot see it"


def leaks(answer: HttpResponse, place: Place, to: str = "") -> Iterator[str]:
    """Names and figures of the other company's that are in what a stranger gets; and, ``to``
    one who acts for an Investor, those of the other Investors."""
    body = answer.getvalue() if answer.streaming else answer.content
    text = body.decode(errors="replace")
    if answer.headers.get("Content-Type") == "application/pdf" and body.startswith(b"%PDF-"):
        text += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    hidden = (*place.world.investors, f"{CANARY:,}", str(CANARY))
    for secret in hidden if to else (*hidden, place.world.company.name):
        if secret.lower() != to and re.search(rf"\b{re.escape(secret)}\b", text):
            yield f"it tells {to or 'a stranger'} {secret!r}"


def test_a_planted_leak_is_caught(place: Place) -> None:
    """The control: a page that says too much is found out."""
    told = {
        "nobody": HttpResponse(status=403),
        "stranger": HttpResponse(f"Alder holds {CANARY:,} shares"),
        "reader": HttpResponse(),
        "auditor": HttpResponse(status=404),
        "counsel": HttpResponse(),
        "dale": HttpResponse("Dale, and Cedar too", status=404),
        "birch": HttpResponse(),
    }

    assert list(problems(Policy.SEEN, "get", told, place)) == [
        "it tells a stranger 'Alder'",
        f"it tells a stranger '{CANARY:,}'",
        "it tells dale 'Cedar'",
        "an auditor is not treated as a reader",
        "to a stranger it exists",
        "to an Investor it exists",
    ]


def test_a_leak_in_a_file_is_caught(place: Place) -> None:
    """The control: what a PDF says is read, though no byte of it is in the file as such."""
    paper = pdf.Paper("A", "B", "A letter", paragraphs=["To Cedar"])
    told = pdf.as_pdf(paper, made_at=tell.noon(date(2003, 6, 12)))
    answer = HttpResponse(told, content_type="application/pdf")

    assert b"Cedar" not in told
    assert list(leaks(answer, place, to="dale")) == ["it tells dale 'Cedar'"]


@pytest.mark.parametrize("address", ["/admin/", "/admin/investors/investor/"])
def test_the_admin_is_for_staff(place: Place, address: str) -> None:
    for person in (place.world.stranger, place.world.reader, place.world.counsel):
        assert signed_in(person).get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_an_address_that_names_another_company_s_thing_is_as_absent(place: Place) -> None:
    """What is not there and what is not yours look alike."""
    stranger: User = place.world.stranger
    client = signed_in(stranger)

    theirs = client.get(f"/a/{place.world.agreement.slug}/")
    nowhere = client.get("/a/no-such-agreement/")

    assert theirs.status_code == nowhere.status_code == 404
    assert without_token(theirs) == without_token(nowhere)


def without_token(answer: HttpResponse) -> str:
    """The page, less what is the asker's own: the form token and the address asked for."""
    return re.sub(r'value="[\w/-]+"', "", answer.content.decode())
