"""A docket recomputed from the rows of the database against no more than fetching them.

The numerator is what a page, a POST or the sweep does to know a matter: ask the database,
make facts of the answers, work the whole docket out.  The denominator asks for the rows of
the register and of the matter's thread with ``.values_list`` and does nothing with them:
once whole, as they are stored, and once of each row only the few columns the docket reads,
which is the least that could be asked for.
"""

from __future__ import annotations

import gc
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from bench.measure import Result, Side, compare, growing
from bench.sweep import as_owner
from investors.models import Address, Agreement, Company, Investor, LedgerEntry, User
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord
from registrations import library
from registrations.facts import docket_of
from registrations.facts.mail import in_thread
from registrations.models import Demand
from registrations.services import agreements, correspondence, ledger, register
from registrations.services.deliveries import CopyIn
from registrations.services.recording import When
from registrations.services.requests import AskIn

SIGNED_ON, RECEIVED = date(2003, 3, 30), date(2003, 6, 2)
NOON = datetime(2003, 6, 2, 16, tzinfo=UTC)
SIZES = (100, 1_000, 10_000)  # Investors told besides the one that demands
PARTS = {"unit": 1, "common": 3, "preferred": 2, "warrant": 1}  # the lines of 100 Units


def results() -> Iterator[Result]:
    as_owner()
    lines: dict[str, list[Result]] = defaultdict(list)
    for investors in SIZES:
        matter = _filled(investors)
        rows = sum(len(table) for table in columns(matter))
        with CaptureQueriesContext(connection) as asked:
            windows = len(docket_of(matter).windows)
        # What is loaded by now lives as long as the process; see the docket bench.
        gc.collect()
        gc.freeze()
        for what, fetch in (("whole rows", whole), ("the columns it reads", columns)):
            lines[what].append(
                compare(
                    f"docket-from-rows, {what}",
                    Side("ask, make facts, work the docket out", lambda m=matter: docket_of(m)),
                    Side("fetch with .values_list", lambda m=matter, f=fetch: f(m)),
                    n=windows,
                    investors=investors,
                    rows=rows,
                    queries=len(asked),
                    target=3,
                )
            )
    for what in lines:
        yield from growing(lines[what])


def whole(matter: Demand) -> list[list[Any]]:
    """The rows as they are stored."""
    return [list(table.values_list()) for table, _ in _tables(matter)]


def columns(matter: Demand) -> list[list[Any]]:
    """Of each row what the docket reads."""
    return [list(table.values_list(*read)) for table, read in _tables(matter)]


def _tables(matter: Demand) -> list[tuple[QuerySet[Any], tuple[str, ...]]]:
    """The tables a docket is made from, and the columns it reads."""
    ours = {"agreement": matter.agreement_id}
    thread = in_thread(matter)
    return [
        (Investor.objects.filter(**ours), ("pk", "name", "party_from")),
        (Address.objects.standing().filter(**ours), ("pk", "investor_id", "in_force_from")),
        (
            LedgerEntry.objects.filter(**ours),
            ("investor_id", "security", "change", "on", "expires_on", "kind"),
        ),
        (thread, ("pk", "kind", "sender_id")),
        (Delivery.objects.filter(notice__in=thread), ("pk", "notice_id", "recipient_id")),
        (
            DeliveryRecord.objects.standing().filter(delivery__notice__in=thread),
            ("delivery_id", "method", "sent_on", "received_on", "address_id"),
        ),
        (
            RequestRecord.objects.standing().filter(notice__in=thread),
            (
                "notice_id", "investor_id", "units", "shares", "distribution",
                "other_information", "stated_on",
            ),
        ),
    ]  # fmt: skip


# --- A matter with so many Investors: half have answered, nine in ten have signed ------------


def _filled(many: int) -> Demand:
    rng = random.Random(many)
    agreement = _agreement(f"with-{many}")
    when = When(NOON, _counsel())
    leader = _holder(agreement, "Alder", 3_000_000, when)
    told = Investor.objects.bulk_create(
        Investor(agreement=agreement, name=f"Investor {n:05}", party_from=SIGNED_ON)
        for n in range(many)
    )
    addresses = Address.objects.bulk_create(
        Address(agreement=agreement, investor=i, lines="1 Street", in_force_from=SIGNED_ON)
        for i in told
    )
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                agreement=agreement, investor=i, act=uuid.uuid4(), kind="issue",
                security=security, change=100 * parts, on=date(2003, 3, 31),
            )
            for i in told
            for security, parts in PARTS.items()
        ],
        batch_size=2_000,
    )  # fmt: skip
    matter = correspondence.record_demand_notice(
        agreement=agreement,
        asks=[AskIn(leader, None, 1_000_000, "Sale on the open market", "")],
        copy=CopyIn("personal", RECEIVED, RECEIVED),
        when=when,
    )
    notice = Notice.objects.create(
        agreement=agreement, number=2, kind="company", answers_id=matter.notice_id
    )
    sent = [RECEIVED + timedelta(rng.randint(1, 3)) for _ in told]
    signed = [on + timedelta(rng.randint(1, 9)) if rng.random() < 0.9 else None for on in sent]
    copies = [Delivery(notice=notice, recipient=i) for i in told]
    records = [
        DeliveryRecord(method="certified_mail", sent_on=s, received_on=r, address=a)
        for s, r, a in zip(sent, signed, addresses, strict=True)
    ]
    answering = [(i, s) for i, s in zip(told, sent, strict=True) if rng.random() < 0.5]
    answers = Notice.objects.bulk_create(
        Notice(agreement=agreement, number=3 + n, kind="request", sender=i,
               answers_id=matter.notice_id)
        for n, (i, _) in enumerate(answering)
    )  # fmt: skip
    came = [s + timedelta(rng.randint(5, 35)) for _, s in answering]
    copies += [Delivery(notice=a) for a in answers]
    records += [DeliveryRecord(method="facsimile", sent_on=on, received_on=on) for on in came]
    for copy, record in zip(Delivery.objects.bulk_create(copies), records, strict=True):
        record.delivery = copy
    DeliveryRecord.objects.bulk_create(records, batch_size=2_000)
    RequestRecord.objects.bulk_create(
        RequestRecord(notice=a, investor=i, shares=300, distribution="Through a broker",
                      other_information="", stated_on=on)
        for a, (i, _), on in zip(answers, answering, came, strict=True)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Demand.objects.select_related("agreement__company").get(pk=matter.pk)


def _counsel() -> User:
    return User.objects.get_or_create(email="counsel@bench.example", name="Counsel")[0]


def _agreement(slug: str) -> Agreement:
    return agreements.put_on_record(
        company=Company.objects.create(name=slug, slug=slug),
        slug=slug,
        title="Registration Rights Agreement",
        dated_on=SIGNED_ON,
        time_zone="America/Detroit",
        terms=library.agreement("bestnet").terms,
        company_address="5075 Cascade Road SE, Grand Rapids, Michigan",
        when=When(NOON, _counsel()),
    )


def _holder(agreement: Agreement, name: str, units: int, when: When) -> Investor:
    investor = register.add_investor(
        agreement=agreement,
        name=name,
        kind=Investor.Kind.PERSON,
        party_from=SIGNED_ON,
        address="1 Street",
        contact_name=name,
        contact_email="alder@investors.example",
        when=when,
    )
    ledger.issue_units(investor=investor, units=units, on=date(2003, 3, 31), when=when)
    return investor
