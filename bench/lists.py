"""A page of the API's list of Investors against what a list costs without us.

The numerator is the API as programs use it: a token, row-level security, what the person may
see, throttling, filters, pages by cursor, ETag.  One denominator is a plain viewset of the
framework over the same rows, giving the same bytes of rows, to anybody who asks; the other
lets PostgreSQL write the JSON itself, in one query.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from knox.models import get_digest_token
from knox.settings import CONSTANTS
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.viewsets import GenericViewSet

from bench.imports import an_agreement
from bench.measure import Result, Side, compare, growing
from bench.sweep import as_owner
from investors.models import Address, Agreement, ApiToken, Investor, Membership, User
from registrations.api.agreements import with_addresses
from registrations.api.shapes import InvestorShape
from registrations.services.recording import When

SIZES = (25, 100, 200)  # rows on a page; the API gives no more at once
TIMES = 5  # pages a run

IN_ONE_QUERY = """
select json_agg(row) from (
  select i.public_id as id, a.slug as agreement, i.name, i.kind, i.party_from, i.note, (
    select coalesce(json_agg(x), '[]') from (
      select lines, facsimile, in_force_from from investors_address d
      where d.investor_id = i.id order by in_force_from) x) as addresses
  from investors_investor i join investors_agreement a on a.id = i.agreement_id
  where i.agreement_id = %s order by i.name, i.id limit %s) row
"""


class Plain(ListModelMixin, GenericViewSet):
    """The framework's own list, for anybody."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    filter_backends: list[Any] = []
    pagination_class = LimitOffsetPagination
    serializer_class = InvestorShape

    def get_queryset(self) -> Any:
        found = Investor.objects.filter(agreement_id=self.kwargs["agreement"])
        return with_addresses(found).order_by("name", "pk")


def in_one_query(request: HttpRequest, agreement: int, n: int) -> HttpResponse:
    """The list as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute(IN_ONE_QUERY, [agreement, n])
        (found,) = cursor.fetchone()
    return HttpResponse(found, content_type="application/json")


def results() -> Iterator[Result]:
    as_owner()
    SimpleRateThrottle.THROTTLE_RATES = dict.fromkeys(SimpleRateThrottle.THROTTLE_RATES, None)
    agreement, client = _filled(max(SIZES))
    plain, factory = Plain.as_view({"get": "list"}), RequestFactory()
    path = f"/api/v1/agreements/{agreement.slug}/investors/"
    lines: dict[str, list[Result]] = defaultdict(list)
    for n in SIZES:

        def ours(n: int = n) -> Any:
            for _ in range(TIMES):
                answer = client.get(path, {"page_size": n})
            assert answer.status_code == 200, answer.content
            return answer.json()["results"]

        def bare(n: int = n) -> Any:
            for _ in range(TIMES):
                answer = plain(factory.get("/", {"limit": n}), agreement=agreement.pk).render()
            return json.loads(answer.content)["results"]

        def sql(n: int = n) -> Any:
            for _ in range(TIMES):
                answer = in_one_query(factory.get("/"), agreement.pk, n)
            return json.loads(answer.content)

        for what, side in (("the framework's list", bare), ("one query's JSON", sql)):
            lines[what].append(
                compare(
                    f"a page of Investors, against {what}",
                    Side("the API", ours),
                    Side(what, side),
                    n=n * TIMES,
                    digest=lambda rows: json.dumps(rows, sort_keys=True).encode(),
                    rows=n,
                    target=round(1 / (0.7 if side is bare else 0.25), 2),
                )
            )
    for what in lines:
        yield from growing(lines[what])


def _filled(n: int) -> tuple[Agreement, APIClient]:
    user = User.objects.create_user("lists@example.com", name="Bench")
    agreement = an_agreement(When(timezone.now(), user))
    Membership.objects.create(company=agreement.company, user=user, role="counsel")
    investors = Investor.objects.bulk_create(
        Investor(agreement=agreement, name=f"Holder {i:04}", party_from=date(2003, 3, 30))
        for i in range(n)
    )
    Address.objects.bulk_create(
        Address(agreement=agreement, investor=i, lines="1 Main Street\nAlma, Michigan",
                in_force_from=date(2003, 3, 30))
        for i in investors
    )  # fmt: skip
    digest, token = get_digest_token()
    ApiToken.objects.create(
        digest=digest, token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH], user=user, name="Bench",
        scope="read", expiry=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return agreement, client
