"""The demo: real figures of 2003, invented holders, and matters dated from today.

Two workspaces.  *BestNet* carries the figures its own filings give, with one demand told
as it would have run in June 2003.  *Northgate* is invented, under the same terms, and its
four demands are dated so that today one is missed, one is open, one waits for a paper and
one has no day left.  Beside them stands an offering of the Company's own.  So many at once
would be unusual; they stand side by side to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction

from investors.models import (
    Agreement,
    Company,
    Investor,
    Membership,
    Representative,
    ShareCount,
    User,
)

from . import library
from .demo_edgar import found
from .demo_imports import send_list
from .demo_papers import load_papers
from .demo_selling import carry
from .facts import open_days
from .models import Demand
from .services import (
    agreements,
    answering,
    company,
    correspondence,
    ledger,
    matters,
    people,
    register,
)
from .services.deliveries import CopyIn
from .services.recording import When
from .services.requests import AskIn

PASSWORD = "rightsbook demo 2003"  # noqa: S105 printed by the demo, and good for nothing else
INVENTED = "Invented for the demo."
ON_MARKET = "Sale on the open market from time to time"


class Login(NamedTuple):
    """A demo account."""

    email: str
    name: str
    role: str
    staff: bool = False


LOGINS = (
    Login("counsel@demo.example", "Casey Counsel", Membership.Role.OWNER, staff=True),
    Login("reader@demo.example", "Robin Reader", Membership.Role.READ_ONLY),
    Login("investor@demo.example", "Ira Investor", "signs for an Investor, in the portal"),
)


class Holder(NamedTuple):
    """An invented holder: Units bought in the first placement and in the second."""

    name: str
    kind: str
    first: int
    second: int = 0


# The totals are BestNet's own: 3,055,399 Units placed in March 2003 and 3,563,593 in all.
BESTNET_HOLDERS = (
    Holder("Harbor Point Partners, L.P.", Investor.Kind.PARTNERSHIP, 900_000, 150_000),
    Holder("Calder Ridge Capital LLC", Investor.Kind.LLC, 700_000, 100_000),
    Holder("Mesa Verde Growth Fund II, L.P.", Investor.Kind.PARTNERSHIP, 450_000, 100_000),
    Holder("Thomas A. Lindqvist", Investor.Kind.PERSON, 255_399, 58_194),
    Holder("Great Lakes Telecom Investors LLC", Investor.Kind.LLC, 250_000, 50_000),
    Holder("Priya N. Raman", Investor.Kind.PERSON, 150_000, 50_000),
    Holder("Okafor & Daughters, Inc.", Investor.Kind.CORPORATION, 150_000),
    Holder("Ridgeline Family Trust", Investor.Kind.TRUST, 100_000),
    Holder("Eleanor R. Voss", Investor.Kind.PERSON, 100_000),
)
NORTHGATE_HOLDERS = (
    Holder("Arbor Lane Partners, L.P.", Investor.Kind.PARTNERSHIP, 1_350_000),
    Holder("Bluewater Capital LLC", Investor.Kind.LLC, 900_000),
    Holder("Copper Basin Fund III, L.P.", Investor.Kind.PARTNERSHIP, 675_000),
    Holder("Delacroix & Sons, Inc.", Investor.Kind.CORPORATION, 375_000),
    Holder("Erik J. Halvorsen", Investor.Kind.PERSON, 300_000),
    Holder("Fox River Holdings LLC", Investor.Kind.LLC, 300_000),
    Holder("Greenfield Family Trust", Investor.Kind.TRUST, 225_000),
    Holder("Hannah M. Weiss", Investor.Kind.PERSON, 225_000),
    Holder("Ines Q. Moreau", Investor.Kind.PERSON, 150_000),
)


class CutOff(Exception):
    """An earlier load did not come to its end."""


def load(now: datetime) -> bool:
    """Load the demo, act by act as people would have recorded it; ``False`` when it is
    there already.

    The colleague who only reads joins at the very end, and so tells a whole demo from one
    that was cut off; that raises ``CutOff``.
    """
    counsel, reader, _ = LOGINS
    if User.objects.filter(email=reader.email).exists():
        return False
    if User.objects.filter(email=counsel.email).exists():
        raise CutOff("Loading the demo was cut off. Start afresh: make demo-reset, make demo.")
    when = When(now, _account(counsel))
    companies = [_bestnet(when), _northgate(when)]
    with transaction.atomic():
        person = _account(reader)
        for company in companies:
            Membership.objects.create(company=company, user=person, role=reader.role)
    return True


def _account(login: Login) -> User:
    return User.objects.create_user(
        login.email,
        PASSWORD,
        name=login.name,
        is_staff=login.staff,
        is_superuser=login.staff,
    )


# --- BestNet, 2003 ---------------------------------------------------------------------


def _bestnet(when: When) -> Company:
    agreement = _agreement(
        "bestnet",
        "BestNet Communications Corp.",
        date(2003, 3, 30),
        "5075 Cascade Road SE, Suite A\nGrand Rapids, Michigan 49546",
        when,
    )
    investors = _holders(agreement, BESTNET_HOLDERS, date(2003, 3, 30), when)
    for holder in BESTNET_HOLDERS:
        ledger.issue_units(
            investor=investors[holder.name],
            units=holder.first,
            on=date(2003, 3, 31),
            note="First placement; the split among holders is invented",
            when=when,
        )
    for holder in BESTNET_HOLDERS:
        if holder.second:
            ledger.issue_units(
                investor=investors[holder.name],
                units=holder.second,
                on=date(2003, 5, 1),
                note="Second placement; its day and the split among holders are invented",
                when=when,
            )
    prospectus = "Resale prospectus of May 19, 2003, file no. 333-105026"
    for kind, count, on, source in (
        (ShareCount.Kind.AUTHORIZED_COMMON, 50_000_000, date(2003, 4, 21), prospectus),
        (ShareCount.Kind.OUTSTANDING_COMMON, 19_257_325, date(2003, 4, 21), prospectus),
        (ShareCount.Kind.PROSPECTUS_UNITS, 3_563_593, date(2003, 5, 19), prospectus),
        (ShareCount.Kind.PROSPECTUS_SHARES, 21_439_058, date(2003, 5, 19), prospectus),
    ):
        register.record_share_count(
            agreement=agreement, kind=kind, count=count, on=on, source=source, when=when
        )
    _june_2003(agreement, investors, when)
    return agreement.company


def _june_2003(agreement: Agreement, investors: Mapping[str, Investor], when: When) -> None:
    """A demand of June 2, 2003: Company Notices posted June 5 and signed for June 7, 9 and
    10; filed July 15."""
    told = {
        "Okafor & Daughters, Inc.": date(2003, 6, 7),
        "Ridgeline Family Trust": date(2003, 6, 9),
        "Eleanor R. Voss": date(2003, 6, 10),
    }
    starting = [investor for name, investor in investors.items() if name not in told]
    demand = correspondence.record_demand_notice(
        agreement=agreement,
        asks=[AskIn(i, None, 600_000, ON_MARKET, "None") for i in starting],
        copy=CopyIn("certified_mail", date(2003, 5, 30), date(2003, 6, 2)),
        note=INVENTED,
        files=[_scan("Demand Notice", "Received June 2, 2003")],
        when=when,
    )
    correspondence.record_company_notice(
        demand=demand,
        copies=[
            (investors[name], CopyIn("certified_mail", date(2003, 6, 5), received_on))
            for name, received_on in told.items()
        ],
        note=INVENTED,
        files={
            investors[name].pk: [_scan(f"Return receipt, {name}", f"Signed for {on:%B %d, %Y}")]
            for name, on in told.items()
        },
        when=when,
    )
    correspondence.record_answer(
        demand=demand,
        ask=AskIn(investors["Ridgeline Family Trust"], None, 300_000, ON_MARKET, "None"),
        copy=CopyIn("certified_mail", date(2003, 6, 16), date(2003, 6, 19)),
        when=when,
    )
    covers = {i.pk: 600_000 for i in starting} | {investors["Ridgeline Family Trust"].pk: 300_000}
    matters.record_filing(
        demand=demand, on=date(2003, 7, 15), covers=covers, form="SB-2", when=when
    )
    matters.record_effectiveness(demand=demand, on=date(2003, 9, 2), when=when)
    sellers = [i for i in investors.values() if i.pk in covers]
    carry(demand, sellers, INVENTED, when)
    matters.record_all_sold(demand=demand, on=date(2004, 5, 14), when=when)
    load_papers(demand, investors, when)


# --- Northgate, dated from today ----------------------------------------------------------


def _northgate(when: When) -> Company:
    started = when.now.date() - timedelta(days=400)
    agreement = _agreement(
        "northgate",
        "Northgate Systems, Inc. (invented)",
        started,
        "1200 Harbor Street\nGrand Rapids, Michigan 49503",
        when,
    )
    investors = _holders(agreement, NORTHGATE_HOLDERS, started, when)
    for holder in NORTHGATE_HOLDERS:
        ledger.issue_units(
            investor=investors[holder.name], units=holder.first, on=started, when=when
        )
    ledger.convert_preferred(
        investor=investors["Hannah M. Weiss"],
        preferred=75_000,
        on=started + timedelta(days=120),
        when=when,
    )
    story = _Northgate(agreement, investors, when)
    story.missed()
    story.impossible()
    story.open()
    story.waits_for_a_paper()
    story.in_the_portal(story.offering())
    send_list(agreement, started, when)
    found(agreement, story._day(2), INVENTED, when)
    return agreement.company


class _Northgate:
    """Northgate's registrations.  Days are counted back from today and put on the business day
    on or before, as letters are posted on business days."""

    START = ("Arbor Lane Partners, L.P.", "Bluewater Capital LLC", "Ines Q. Moreau")
    OTHERS = (
        "Copper Basin Fund III, L.P.",
        "Delacroix & Sons, Inc.",
        "Erik J. Halvorsen",
        "Fox River Holdings LLC",
        "Greenfield Family Trust",
        "Hannah M. Weiss",
    )

    def __init__(self, agreement: Agreement, investors: Mapping[str, Investor], when: When) -> None:
        self.agreement = agreement
        self.investors = investors
        self.when = when
        self.today = when.today(agreement)

    def missed(self) -> None:
        """The last day to file went by; one request came between the two readings."""
        demand = self._demand(60, shares=1_000_000)
        told = self._tell(demand, 57, dict.fromkeys(self.OTHERS, 53))
        self._ask(demand, "Copper Basin Fund III, L.P.", 44, 1_350_000)
        between = told + timedelta(days=22)  # after 20 days from giving, within 20 of receipt
        self._ask_on(demand, "Fox River Holdings LLC", between, 600_000)
        self._decline(demand, "Hannah M. Weiss", 45)

    def impossible(self) -> None:
        """One Investor signed for the notice more than fifteen days after the demand."""
        demand = self._demand(27, shares=800_000)
        receipts = dict.fromkeys(self.OTHERS, 20) | {"Greenfield Family Trust": 8}
        self._tell(demand, 24, receipts)
        self._ask(demand, "Erik J. Halvorsen", 12, 900_000)

    def open(self) -> None:
        """The Company may file today; one request lacks its method of distribution."""
        demand = self._demand(38, shares=900_000)
        self._tell(demand, 36, dict.fromkeys(self.OTHERS, 33))
        self._ask(demand, "Copper Basin Fund III, L.P.", 25, 1_350_000)
        self._ask(demand, "Delacroix & Sons, Inc.", 23, 750_000, distribution="")
        self._decline(demand, "Erik J. Halvorsen", 24)

    def waits_for_a_paper(self) -> None:
        """One return receipt has not come back, and one letter went by regular mail."""
        demand = self._demand(13, shares=700_000)
        receipts: dict[str, int | None] = dict.fromkeys(self.OTHERS, 8)
        receipts["Fox River Holdings LLC"] = None
        by_post = receipts.pop("Delacroix & Sons, Inc.", None)
        assert by_post is not None
        sent_on = self._tell(demand, 11, receipts)
        correspondence.record_company_notice(
            demand=demand,
            copies=[
                (
                    self.investors["Delacroix & Sons, Inc."],
                    CopyIn("regular_mail", sent_on, None),
                )
            ],
            note=INVENTED,
            when=self.when,
        )
        self._ask(demand, "Greenfield Family Trust", 3, 450_000)

    def offering(self) -> Demand:
        """The Company's own underwritten offering: one Investor asked to be in it and has
        not accepted the underwriting, one was faxed the notice and no receipt is back."""
        proposed_on, sent_on = self._day(20), self._day(15)
        by_fax = "Erik J. Halvorsen"
        matter = company.propose_registration(
            agreement=self.agreement,
            proposal=company.ProposalIn(
                "2,000,000 shares of Common Stock",
                "the Company",
                "S-3",
                True,
                underwritten=True,
                planned_on=open_days().on_or_after(self.today + timedelta(days=25)),
            ),
            proposed_on=proposed_on,
            note=INVENTED,
            when=self.when,
        )
        correspondence.record_company_notice(
            demand=matter,
            copies=[
                (
                    investor,
                    CopyIn("facsimile", sent_on)
                    if name == by_fax
                    else CopyIn("certified_mail", sent_on, self._day(10)),
                )
                for name, investor in self.investors.items()
            ],
            note=INVENTED,
            when=self.when,
        )
        self._ask(matter, "Hannah M. Weiss", 6, 400_000)
        return matter

    def in_the_portal(self, offering: Demand) -> None:
        """The Company takes what comes through the portal; one Investor sent its Piggy-back
        Request there, and has a demand to answer yet."""
        investor = self.investors["Copper Basin Fund III, L.P."]
        register.record_consent(
            agreement=self.agreement, investor=None, signed_on=self._day(60), when=self.when
        )
        login = LOGINS[2]
        invitation = people.invite(
            agreement=self.agreement,
            investors=[investor],
            name=login.name,
            email=login.email,
            role=Representative.Role.SIGNS,
            when=self.when,
        )
        acting = self.when._replace(by=_account(login))
        people.accept(invitation=invitation, when=acting)
        answering.send_answer(
            demand=offering,
            ask=AskIn(investor, None, 675_000, "Underwritten offering", ""),
            when=acting,
        )

    def _day(self, ago: int) -> date:
        return open_days().on_or_before(self.today - timedelta(days=ago))

    def _demand(self, ago: int, *, shares: int) -> Demand:
        return correspondence.record_demand_notice(
            agreement=self.agreement,
            asks=[
                AskIn(
                    self.investors[name],
                    None,
                    min(shares, 900_000) if name == "Ines Q. Moreau" else shares,
                    ON_MARKET,
                    "None",
                )
                for name in self.START
            ],
            copy=CopyIn("facsimile", self._day(ago), self._day(ago)),
            note=INVENTED,
            files=[_scan("Demand Notice", f"Received by facsimile {self._day(ago):%B %d, %Y}")],
            when=self.when,
        )

    def _tell(self, demand: Demand, ago: int, receipts: Mapping[str, int | None]) -> date:
        """Post the Company Notice certified; ``receipts`` are days ago, ``None`` not back."""
        sent_on = self._day(ago)
        correspondence.record_company_notice(
            demand=demand,
            copies=[
                (
                    self.investors[name],
                    CopyIn(
                        "certified_mail",
                        sent_on,
                        None if received is None else max(sent_on, self._day(received)),
                    ),
                )
                for name, received in receipts.items()
            ],
            note=INVENTED,
            files={
                self.investors[name].pk: [_scan(f"Return receipt, {name}", "Signed for")]
                for name, received in receipts.items()
                if received is not None
            },
            when=self.when,
        )
        return sent_on

    def _ask(
        self, demand: Demand, name: str, ago: int, shares: int, *, distribution: str = ON_MARKET
    ) -> None:
        self._ask_on(demand, name, self._day(ago), shares, distribution=distribution)

    def _ask_on(
        self,
        demand: Demand,
        name: str,
        on: date,
        shares: int,
        *,
        distribution: str = ON_MARKET,
    ) -> None:
        correspondence.record_answer(
            demand=demand,
            ask=AskIn(self.investors[name], None, shares, distribution, "None"),
            copy=CopyIn("personal", None, on),
            note=INVENTED,
            when=self.when,
        )

    def _decline(self, demand: Demand, name: str, ago: int) -> None:
        correspondence.record_answer(
            demand=demand,
            ask=AskIn(self.investors[name]),
            copy=CopyIn("facsimile", self._day(ago), self._day(ago)),
            declines=True,
            note=INVENTED,
            when=self.when,
        )


# --- shared ------------------------------------------------------------------------------


def _agreement(slug: str, company_name: str, dated_on: date, address: str, when: When) -> Agreement:
    company = Company.objects.create(name=company_name, slug=slug)
    Membership.objects.create(company=company, user=when.by, role=LOGINS[0].role)
    return agreements.put_on_record(
        company=company,
        slug=slug,
        title="Registration Rights Agreement",
        dated_on=dated_on,
        time_zone="America/Detroit",
        terms=library.agreement("bestnet").terms,
        governing_law="Nevada",
        company_address=address,
        when=when,
    )


def _holders(
    agreement: Agreement, holders: Sequence[Holder], party_from: date, when: When
) -> dict[str, Investor]:
    return {
        holder.name: register.add_investor(
            agreement=agreement,
            name=holder.name,
            kind=holder.kind,
            party_from=party_from,
            address=f"{100 + n} Example Avenue\nGrand Rapids, Michigan 49503",
            contact_name=holder.name,
            contact_email=f"investor{n}@{agreement.slug}.example",
            note=INVENTED,
            when=when,
        )
        for n, holder in enumerate(holders, start=1)
    }


def _scan(title: str, *lines: str) -> ContentFile[bytes]:
    """A one-page PDF that stands for a scanned paper, and says that it is invented."""
    text = "".join(
        f"BT /F1 {size} Tf 72 {700 - 28 * n} Td ({_plain(line)}) Tj ET\n"
        for n, (size, line) in enumerate(
            ((18, title), *((12, each) for each in (*lines, INVENTED)))
        )
    ).encode()
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%sendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, starts = b"%PDF-1.4\n", []
    for n, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\n" % table
    out += b"startxref\n%d\n%%%%EOF\n" % out.index(b"xref")
    return ContentFile(out, name=f"{title}.pdf")


def _plain(text: str) -> str:
    return text.replace("\\", "").replace("(", "[").replace(")", "]")
