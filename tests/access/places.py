"""A world with one of everything, and where each is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.test import Client

from investors.models import User
from notices.models import Delivery
from registrations.converters import Row
from registrations.models import Expense, StatementRecord, SuspensionRecord, Waiver
from registrations.pdf import Paper, as_pdf
from registrations.services import (
    claims,
    company,
    delays,
    documents,
    edgar,
    evidence,
    expenses,
    imports,
    information,
    jobs,
    others,
    people,
    register,
    selling,
    tokens,
    waivers,
    webhooks,
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

# A number of shares found nowhere else, so that a leak of it is known for what it is.
CANARY = 1_046_527
BACKEND = "django.contrib.auth.backends.ModelBackend"
PDF = as_pdf(Paper("A scan", "A carrier", "Received"), made_at=tell.noon(tell.SIGNED_ON))


@dataclass
class Place:
    """A world with one of everything, and the address of each."""

    world: tell.World
    ids: dict[str, Any]
    investors: dict[str, User]
    auditor: User
    viewer: User
    outsider: User

    def address(self, route: str) -> str:
        path = route.replace("<company:number>", self.ids["company"])
        path = path.replace("<uuid:transfer>/standing", f"{self.ids['late']}/standing")
        path = path.replace(
            "company-registrations/<uuid:demand>", f"company-registrations/{self.ids['proposed']}"
        )
        if "notices/N-" in route:
            numbers = self.ids["notice_number"]
            path = path.replace("<int:number>", str(numbers))
        if route.startswith("portal/"):
            path = path.replace("<uuid:delivery>", str(self.ids["own_delivery"]))
        path = path.replace("letter-texts/<slug:letter>", "letter-texts/delay")
        claim = self.ids["claim"]
        path = path.replace("<uuid:claim>", str(claim.public_id))
        path = path.replace("<int:claim>", str(claim.number))
        for name, value in self.ids.items():
            for converter in ("slug", "int", "uuid", "str", "base36", "row"):
                path = path.replace(f"<{converter}:{name}>", str(value))
        assert "<" not in path, f"{route} has a part this test does not know how to fill"
        return f"/{path}"


def whole(bestnet: tell.World) -> Place:
    """The world with one of everything in it."""
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
        "own_delivery": Delivery.objects.get(
            notice__kind="company", recipient=bestnet.investors["Dale"]
        ).public_id,
        "public_id": scan.public_id,
        "name": "joining",
        "kind": "company_notice",
        "occasion": "information",
        "letter": "information",
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
    shown = documents.show_document(
        agreement=bestnet.agreement, title="A letter for Dale", investor=bestnet.investors["Dale"],
        files=[SimpleUploadedFile("letter.pdf", PDF, "application/pdf")], when=when,
    )  # fmt: skip
    ids["document"] = shown.public_id
    sent = imports.take_in(
        agreement=bestnet.agreement, source="The agent",
        file=SimpleUploadedFile("register.csv", b"Investor\nElm\n"), when=when,
    )  # fmt: skip
    ids["import"] = ids["of"] = sent.public_id
    job = imports.choose_columns(of=sent, columns={"name": 0}, when=when)
    jobs.keep_file(job, f"{CANARY}.zip", ContentFile(b"PK\5\6" + bytes(18)))
    job.save()
    ids["job"] = job.public_id
    edgar.set_cik(agreement=bestnet.agreement, cik="9999999001", reason="Form ID", when=when)
    ids["proposal"] = tell.edgar_says(bestnet, note=f"{CANARY:,} shares").public_id
    register.tell_address(investor=bestnet.investors["Dale"], lines="9 New Street", when=when)
    webhook, _ = webhooks.make_webhook(
        agreement=bestnet.agreement, url="https://93.184.216.34/", kinds=["fact.recorded"],
        description=f"Room {CANARY:,}", when=when,
    )  # fmt: skip
    ids["webhook"] = webhook.public_id
    ids["message"] = webhooks.send_test(endpoint=webhook, when=when).public_id
    viewer = tell.representative(bestnet, "Dale", "views", email="viewer@dale.example")
    outsider = tell.representative(tell.build({"Yew": 600}, slug="elsewhere"), "Yew")
    place = Place(bestnet, ids, {"dale": dale, "birch": birch}, auditor, viewer, outsider)
    place.ids["consent"] = consent.pk
    return place


def primary_key(place: Place, route: str) -> Place:
    """The same place with the key an address ending in a plain number is about."""
    if "<row:pk>" not in route:
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
        key = place.world.investors["Dale"].representatives.get(role="signs").pk
    elif "contacts" in route:
        key = place.world.investors["Dale"].contacts.get().pk
    else:
        key = place.ids["consent"]
    return replace(place, ids={**place.ids, "pk": Row().to_url(key)})


class Visitors:
    """People who ask, each signed in once.  Nothing an asking does stays."""

    def __init__(self, people: Mapping[str, User | None], **client: Any) -> None:
        self.people = people
        self._clients = {who: Client(**client) for who in people}
        for who, person in people.items():
            if person is not None:
                self._clients[who].force_login(person, BACKEND)
        self._cookies = {who: copy.deepcopy(c.cookies) for who, c in self._clients.items()}

    def ask(self, who: str, method: str, address: str) -> HttpResponse:
        client = self._clients[who]
        client.cookies = copy.deepcopy(self._cookies[who])
        with transaction.atomic():
            answer: HttpResponse = getattr(client, method)(address)
            if answer.streaming:
                # Rows read after the request would be out of its person's sight.
                assert isinstance(answer, FileResponse), address
                answer.streaming_content = [answer.getvalue()]
            transaction.set_rollback(True)
        return answer
