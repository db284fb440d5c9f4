"""Matters with docket entries put in by hand, for tests of what is done with a docket.

Karen acts for the company, Rita may only read, and Ada answers for an Investor.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from investors.models import Agreement, Company, Contact, Investor, Membership, User
from notices.models import Notice
from registrations.models import Demand, DocketEntry
from registrations.sweep import AT_ONCE

DETROIT = "America/Detroit"


def noon(day: date, zone: str = DETROIT) -> datetime:
    """Noon of a day in the agreement's zone, as an instant."""
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)


def make_company(name: str, days: list[int] | None = None) -> Company:
    company = Company(name=name, slug=name.lower())
    if days is not None:
        company.reminder_days = days
    company.save()
    for who, role in (("karen", "counsel"), ("rita", "read_only")):
        user = User.objects.create(email=f"{who}@{company.slug}.example", name=who.title())
        Membership.objects.create(company=company, user=user, role=role)
    return company


def make_matter(company: Company, *, zone: str = DETROIT, slug: str | None = None) -> Demand:
    agreement = Agreement.objects.create(
        company=company,
        slug=slug or company.slug,
        dated_on=date(2003, 3, 30),
        time_zone=zone,
    )
    investor = Investor.objects.create(
        agreement=agreement, name="Ada Holdings", party_from=date(2003, 3, 30)
    )
    Contact.objects.create(investor=investor, name="Ada", email=f"ada@{agreement.slug}.example")
    notice = Notice.objects.create(agreement=agreement, number=1, kind="demand", sender=investor)
    return Demand.objects.create(agreement=agreement, number=1, notice=notice)


def put(demand: Demand, key: str = "file", **days: object) -> DocketEntry:
    """Rewrite one entry as the projection would: every field, to be attended at once."""
    party = str(days.pop("party", "company"))
    values: dict[str, object] = {
        "agreement": demand.agreement,
        "time_zone": demand.agreement.time_zone,
        "kind": "window",
        "rule": "D7",
        "clause": "1(a)",
        "text": "File the Registration Statement",
        "party": party,
        "investor": demand.agreement.investors.first() if party == "investor" else None,
        "closes_on": None,
        "done_on": None,
        "aim_on": None,
        "flag_on": None,
        "flag_kind": "",
        "attend_on": AT_ONCE,
        "detail": {
            "act": "File the Registration Statement",
            "force": "duty",
            "because": [{"text": "45 days after the Demand Notice came", "clause": "1(a)"}],
            "readings": [],
            "awaiting": [],
        },
    }
    return DocketEntry.objects.update_or_create(demand=demand, key=key, defaults=values | days)[0]


def put_open(demand: Demand, closes_on: date, key: str = "file", **more: object) -> DocketEntry:
    """A duty not yet done."""
    open_window = {
        "closes_on": closes_on,
        "aim_on": closes_on,
        "flag_kind": "missed",
        "flag_on": closes_on + timedelta(1),
    }
    return put(demand, key, **(open_window | more))
