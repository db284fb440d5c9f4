"""A small world to tell stories in: the BestNet agreement, a few Investors, counsel.

Counsel acts for the Company; ``stranger`` acts for another one and must see nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from investors.models import (
    AffiliateMember,
    Agreement,
    Company,
    CorporateAction,
    Investor,
    Membership,
    Transfer,
    User,
)
from notices.models import Delivery, DeliveryRecord, Notice
from registrations import library
from registrations.models import Demand, EdgarProposal
from registrations.services import (
    actions,
    affiliates,
    agreements,
    correspondence,
    deliveries,
    ledger,
    matters,
    people,
    register,
    transfers,
)
from registrations.services.actions import ActionIn
from registrations.services.deliveries import CopyIn
from registrations.services.recording import When
from registrations.services.requests import AskIn
from registrations.services.transfers import TakerIn

PASSWORD = "a long enough password"
SIGNED_ON = date(2003, 3, 30)
ZONE = "America/Detroit"

# Units held by each Investor in the stories; 3,600,000 in all, and Alder alone is a majority of
# the 4,500,000 offered as well.
HOLDINGS = {"Alder": 2_300_000, "Birch": 700_000, "Cedar": 400_000, "Dale": 200_000}


def noon(day: date, zone: str = ZONE) -> datetime:
    """Noon of a day in the agreement's zone, as an instant."""
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)


@dataclass
class World:
    company: Company
    agreement: Agreement
    counsel: User
    reader: User
    stranger: User
    investors: dict[str, Investor] = field(default_factory=dict)

    def at(self, day: date, by: User | None = None) -> When:
        """Counsel acting at noon of a day."""
        return When(noon(day, self.agreement.time_zone), by or self.counsel)


def person(email: str, name: str) -> User:
    return User.objects.create_user(email, PASSWORD, name=name)


def build(
    holdings: Mapping[str, int] = HOLDINGS,
    *,
    slug: str = "bestnet",
    offered: int | None = None,
    zone: str = ZONE,
    without: tuple[str, ...] = (),
) -> World:
    """BestNet with its agreement of March 30, 2003, and Units issued the day after;
    ``without`` some of its terms."""
    company = Company.objects.create(name=f"{slug.title()} Communications", slug=slug)
    counsel = person(f"counsel@{slug}.example", "Casey Counsel")
    reader = person(f"reader@{slug}.example", "Robin Reader")
    stranger = person(f"stranger@{slug}-other.example", "Sandy Stranger")
    elsewhere = Company.objects.create(name="Somewhere Else, Inc.", slug=f"not-{slug}")
    Membership.objects.create(company=company, user=counsel, role=Membership.Role.COUNSEL)
    Membership.objects.create(company=company, user=reader, role=Membership.Role.READ_ONLY)
    Membership.objects.create(company=elsewhere, user=stranger, role=Membership.Role.OWNER)
    terms = library.agreement("bestnet").terms
    terms = {name: entry for name, entry in terms.items() if name not in without}
    if offered is not None:
        terms = {**terms, "units_offered": terms["units_offered"]._replace(value=offered)}
    agreement = agreements.put_on_record(
        company=company,
        slug=slug,
        title="Registration Rights Agreement",
        dated_on=SIGNED_ON,
        time_zone=zone,
        terms=terms,
        company_address="5075 Cascade Road SE, Suite A\nGrand Rapids, Michigan 49546",
        when=When(noon(SIGNED_ON, zone), counsel),
    )
    world = World(company, agreement, counsel, reader, stranger)
    for name, units in holdings.items():
        add(world, name, units)
    return world


def add(world: World, name: str, units: int, *, on: date = date(2003, 3, 31)) -> Investor:
    """An Investor with an address, a contact and Units."""
    investor = register.add_investor(
        agreement=world.agreement,
        name=name,
        kind=Investor.Kind.PERSON,
        party_from=SIGNED_ON,
        address=f"1 {name} Street\nGrand Rapids, Michigan",
        contact_name=name,
        contact_email=f"{name.lower().replace(' ', '.')}@investors.example",
        when=world.at(on),
    )
    if units:
        ledger.issue_units(investor=investor, units=units, on=on, when=world.at(on))
    world.investors[name] = investor
    return investor


def representative(
    world: World, name: str, role: str = "signs", *, email: str = "", also: tuple[str, ...] = ()
) -> User:
    """A person invited to act for an Investor in the portal, who came."""
    email = email or f"{name.lower()}@portal.example"
    when = world.at(date(2003, 4, 1))
    invitation = people.invite(
        agreement=world.agreement,
        investors=[world.investors[each] for each in (name, *also)],
        name=f"Pat {name}",
        email=email,
        role=role,
        when=when,
    )
    user = User.objects.filter(email=email).first() or person(email, f"Pat {name}")
    people.accept(invitation=invitation, when=when._replace(by=user))
    return user


def auditor(world: World, *, email: str = "auditor@firm.example") -> User:
    """A person invited to look over the agreement, who came."""
    when = world.at(date(2003, 4, 1))
    invitation = people.invite_auditor(
        agreement=world.agreement, name="Ada Auditor", email=email, when=when
    )
    user = User.objects.filter(email=email).first() or person(email, "Ada Auditor")
    people.accept(invitation=invitation, when=when._replace(by=user))
    return user


def split(
    world: World,
    numerator: int,
    denominator: int,
    *,
    on: date,
    recorded_on: date | None = None,
    **given: Any,
) -> CorporateAction:
    """So many for so many of every share of Common; ``given`` is what else is said of it."""
    said = {"kind": "split", "security": "common", "fractions": "dropped", **given}
    return actions.record_action(
        agreement=world.agreement,
        action=ActionIn(numerator=numerator, denominator=denominator, on=on, **said),
        when=world.at(recorded_on or on),
    )


def transfer(
    world: World,
    name: str,
    to: Investor | TakerIn,
    quantity: int,
    *,
    on: date,
    security: str = "unit",
    by: When | None = None,
) -> Transfer:
    """Something went from an Investor to somebody, entered on the day unless ``by`` says."""
    lines = transfers.record_transfer(
        investor=world.investors[name],
        to=to,
        quantity=quantity,
        on=on,
        security=security,
        when=by or world.at(on),
    )
    found = Transfer.objects.select_related("agreement", "giver", "taker").get(act=lines[0].act)
    if found.taker is not None:
        world.investors[found.taker_name] = found.taker
    return found


def group(
    world: World, name: str, members: Mapping[str, str], *, from_on: date
) -> dict[str, AffiliateMember]:
    """Investors that count as one from a day, each with what it is to the group."""
    when = world.at(from_on)
    made = affiliates.form_group(agreement=world.agreement, name=name, when=when)
    return {
        who: affiliates.add_member(
            group=made, investor=world.investors[who], kin=kin, from_on=from_on, when=when
        )
        for who, kin in members.items()
    }


def demand(
    world: World,
    *,
    received_on: date,
    by: tuple[str, ...] = ("Alder",),
    sent_on: date | None = None,
    method: str = "certified_mail",
    shares: int | None = 1_000_000,
) -> Demand:
    """A Demand Notice in the Company's hands."""
    return correspondence.record_demand_notice(
        agreement=world.agreement,
        asks=[
            AskIn(world.investors[name], None, shares, "Sale on the open market", "") for name in by
        ],
        copy=CopyIn(method, sent_on or received_on, received_on),
        when=world.at(received_on),
    )


def tell(
    world: World,
    matter: Demand,
    receipts: Mapping[str, date | None],
    *,
    sent_on: date,
    method: str = "certified_mail",
) -> Notice:
    """The Company Notice posted to some Investors, then signed for on days, or not yet."""
    notice = correspondence.record_company_notice(
        demand=matter,
        copies=[(world.investors[name], CopyIn(method, sent_on, None)) for name in receipts],
        when=world.at(sent_on),
    )
    for name, received_on in receipts.items():
        if received_on is not None:
            signed_for(world, matter, name, received_on)
    return notice


def copy_to(world: World, matter: Demand, name: str) -> DeliveryRecord:
    """What stands on record of the Company Notice to an Investor."""
    return (
        DeliveryRecord.objects.standing()
        .select_related("delivery__notice__agreement", "delivery__recipient")
        .get(
            delivery__in=Delivery.objects.filter(
                notice__answers=matter.notice,
                notice__kind=Notice.Kind.COMPANY,
                recipient=world.investors[name],
            )
        )
    )


def signed_for(
    world: World,
    matter: Demand,
    name: str,
    received_on: date,
    *,
    reason: str = "",
    on: date | None = None,
) -> DeliveryRecord:
    """Record, or with a reason correct, the day an Investor received the Company Notice."""
    stands = copy_to(world, matter, name)
    return deliveries.record_delivery(
        replaces=stands,
        copy=CopyIn(stands.method, stands.sent_on, received_on, stands.address),
        reason=reason,
        when=world.at(on or received_on),
    )


def asks(
    world: World,
    matter: Demand,
    name: str,
    *,
    received_on: date,
    sent_on: date | None = None,
    shares: int | None = 60_000,
    method: str = "certified_mail",
    distribution: str = "Sale on the open market",
    other_information: str | None = "None",
    declines: bool = False,
) -> Notice:
    """An Investor's request to join in the Company's hands, or its answer declining."""
    return correspondence.record_answer(
        demand=matter,
        ask=AskIn(world.investors[name])
        if declines
        else AskIn(world.investors[name], None, shares, distribution, other_information),
        copy=CopyIn(method, sent_on or received_on, received_on),
        declines=declines,
        when=world.at(received_on),
    )


def effective(world: World, matter: Demand, on: date) -> None:
    """The statement filed for a matter becomes effective."""
    matters.record_effectiveness(demand=matter, on=on, when=world.at(on))


def selling(world: World) -> Demand:
    """DR-1 with Alder's and Birch's shares, filed on July 15 and effective on September 2."""
    matter = demand(world, received_on=date(2003, 6, 2))
    receipts = {"Birch": date(2003, 6, 7), "Cedar": date(2003, 6, 9), "Dale": date(2003, 6, 10)}
    tell(world, matter, receipts, sent_on=date(2003, 6, 5))
    asks(world, matter, "Birch", received_on=date(2003, 6, 20), shares=60_000)
    files(world, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 60_000})
    effective(world, matter, date(2003, 9, 2))
    return matter


def edgar_says(world: World, *, kind: str = "filed", note: str = "") -> EdgarProposal:
    """Something EDGAR says that nobody has looked at, of a statement nobody recorded."""
    accession = f"9999999001-03-{EdgarProposal.objects.count() + 41:06}"
    source = {"accession": accession, "form": "S-3", "filed_on": "2003-07-15", "accepted": ""}
    return EdgarProposal.objects.create(
        agreement=world.agreement,
        kind=kind,
        accession=accession,
        form="S-3",
        file_number="333-107001",
        on=date(2003, 7, 15),
        days=[{"on": "2003-07-15", "says": "the filing date EDGAR gives"}],
        reasons=[{"clause": "", "says": note or "EDGAR gives it this date."}],
        source={"cik": "9999999001", "row": source, "notice": None},
    )


def files(world: World, matter: Demand, on: date, covers: Mapping[str, int] | None = None) -> None:
    """The Company files the Registration Statement."""
    matters.record_filing(
        demand=matter,
        on=on,
        covers={world.investors[name].pk: shares for name, shares in (covers or {}).items()},
        when=world.at(on),
    )
