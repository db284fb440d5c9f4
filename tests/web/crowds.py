"""Many rows fast: Investors in one matter, and matters in one agreement."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import connection

from investors.models import Address, Investor, LedgerEntry
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord
from registrations.models import Demand
from tests.world import SIGNED_ON, World


def investors(world: World, matter: Demand, upto: int) -> None:
    """Investors up to a number, each told of the demand; every third has asked to join."""
    agreement = world.agreement
    have = Investor.objects.filter(agreement=agreement, name__startswith="Holder").count()
    people = Investor.objects.bulk_create(
        Investor(agreement=agreement, name=f"Holder {n:05}", party_from=SIGNED_ON)
        for n in range(have, upto)
    )
    Address.objects.bulk_create(
        Address(agreement=agreement, investor=i, lines="1 Street", in_force_from=SIGNED_ON)
        for i in people
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            agreement=agreement,
            investor=i,
            act=uuid.uuid4(),
            kind="issue",
            security="common",
            change=100,
            on=SIGNED_ON,
        )
        for i in people
    )
    company = matter.notice.replies.filter(kind=Notice.Kind.COMPANY).first()
    copies = Delivery.objects.bulk_create(Delivery(notice=company, recipient=i) for i in people)
    DeliveryRecord.objects.bulk_create(
        DeliveryRecord(
            delivery=copy,
            method="certified_mail",
            sent_on=date(2003, 6, 5),
            received_on=date(2003, 6, 7 + n % 4) if n % 10 else None,
        )
        for n, copy in enumerate(copies)
    )
    number = Notice.objects.filter(agreement=agreement).count()
    askers = people[::3]
    requests = Notice.objects.bulk_create(
        Notice(
            agreement=agreement,
            number=1000 + number + n,
            kind=Notice.Kind.REQUEST,
            answers=matter.notice,
            sender=i,
        )
        for n, i in enumerate(askers)
    )
    RequestRecord.objects.bulk_create(
        RequestRecord(notice=r, investor=i, shares=100, stated_on=date(2003, 6, 12))
        for r, i in zip(requests, askers, strict=True)
    )
    received = Delivery.objects.bulk_create(Delivery(notice=r) for r in requests)
    DeliveryRecord.objects.bulk_create(
        DeliveryRecord(
            delivery=copy,
            method="certified_mail",
            sent_on=date(2003, 6, 11),
            received_on=date(2003, 6, 12),
        )
        for copy in received
    )


def matters(world: World, matter: Demand, upto: int) -> None:
    """Copies of one matter's demand, docket and flags, up to a number of matters."""
    have = Demand.objects.filter(agreement=world.agreement).count()
    about = {"agreement": world.agreement.pk, "demand": matter.pk, "first": have + 1, "last": upto}
    with connection.cursor() as cursor:
        for statement in (_NOTICES, _DEMANDS, _ENTRIES, _FLAGS, _STATES):
            cursor.execute(statement, about)


_NOTICES = """
INSERT INTO notices_notice (public_id, agreement_id, number, kind, note, recorded_at)
SELECT gen_random_uuid(), %(agreement)s, 5000 + n, 'demand', '', now()
FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_DEMANDS = """
INSERT INTO registrations_demand (public_id, agreement_id, number, notice_id)
SELECT gen_random_uuid(), agreement_id, number - 5000, id FROM notices_notice
WHERE agreement_id = %(agreement)s AND number - 5000 BETWEEN %(first)s AND %(last)s
"""
_ENTRIES = """
INSERT INTO registrations_docketentry
    (demand_id, agreement_id, time_zone, kind, key, rule, clause, text, party, force,
     investor_id, opens_on, closes_on, lenient_on, practical_opens_on, practical_closes_on,
     done_on, flag_kind, flag_on, aim_on, attend_on, detail)
SELECT d.id, e.agreement_id, e.time_zone, e.kind, e.key, e.rule, e.clause, e.text, e.party,
       e.force, e.investor_id, e.opens_on, e.closes_on, e.lenient_on, e.practical_opens_on,
       e.practical_closes_on, e.done_on, e.flag_kind, e.flag_on, e.aim_on, e.attend_on, e.detail
FROM registrations_docketentry e, registrations_demand d
WHERE e.demand_id = %(demand)s AND d.agreement_id = %(agreement)s
  AND d.number BETWEEN %(first)s AND %(last)s
"""
_FLAGS = """
INSERT INTO registrations_flag
    (demand_id, agreement_id, key, kind, since_on, text, detail, raised_at)
SELECT d.id, f.agreement_id, f.key, f.kind, f.since_on, f.text, f.detail, f.raised_at
FROM registrations_flag f, registrations_demand d
WHERE f.demand_id = %(demand)s AND d.agreement_id = %(agreement)s
  AND d.number BETWEEN %(first)s AND %(last)s
"""
_STATES = """
INSERT INTO registrations_docketstate (demand_id, outcome, ruling, rebuilt_at, error)
SELECT d.id, 'good', '{}', now(), '' FROM registrations_demand d
WHERE d.agreement_id = %(agreement)s AND d.number BETWEEN %(first)s AND %(last)s
"""
