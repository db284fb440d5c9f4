"""The audit trail as counsel read it."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from registrations.services import ledger, register
from tests import world as w
from tests.web.forms import Desk


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def test_a_correction_shows_before_after_and_why(desk: Desk) -> None:
    matter = w.demand(desk.world, received_on=date(2003, 6, 2))
    w.tell(desk.world, matter, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 5))
    w.signed_for(desk.world, matter, "Birch", date(2003, 6, 7), reason="Misread the card",
                 on=date(2003, 6, 12))  # fmt: skip
    page = desk.client.get(desk.url("audit"), {"act": "delivery.corrected"})
    (entry,) = page.context["entries"]
    assert (entry.actor, entry.reason) == ("Casey Counsel", "Misread the card")
    fields = {name: (old, new) for row in entry.rows for name, old, new in row.fields}
    assert fields["Received on"] == ("Mon, Jun 9, 2003", "Sat, Jun 7, 2003")
    assert "Method" not in fields  # it did not change


def test_names_stand_where_keys_are(desk: Desk) -> None:
    w.demand(desk.world, received_on=date(2003, 6, 2))
    page = desk.client.get(desk.url("audit"), {"act": "demand.recorded"})
    (entry,) = page.context["entries"]
    fields = {name: new for row in entry.rows for name, _, new in row.fields}
    assert fields["Sender"] == "Alder"
    assert "1,000,000" in fields.values()


def test_filters_by_person_act_and_day(desk: Desk) -> None:
    url = desk.url("audit")
    every = desk.client.get(url).context["pages"].total
    assert desk.client.get(url, {"who": "Casey Counsel"}).context["pages"].total == every
    assert desk.client.get(url, {"who": "Nobody"}).context["pages"].total == 0
    assert desk.client.get(url, {"act": "investor.added"}).context["pages"].total == 4
    assert desk.client.get(url, {"to": "2003-01-01"}).context["pages"].total == 0
    page = desk.client.get(url, {"from": "6/5/2003"})
    assert "can be read two ways" in page.content.decode()


def test_another_agreements_acts_are_not_here(desk: Desk) -> None:
    other = w.build(slug="elsewhere")
    text = desk.client.get(desk.url("audit")).content.decode()
    assert "Elsewhere" not in text
    assert desk.client.get(f"/a/{other.agreement.slug}/audit/").status_code == 404


def test_the_export_runs_nowhere(desk: Desk) -> None:
    register.add_investor(
        agreement=desk.world.agreement,
        name="=HYPERLINK(1)",
        kind="person",
        party_from=w.SIGNED_ON,
        when=desk.world.at(date(2003, 6, 2)),
    )
    response = desk.client.get(desk.url("audit"), {"format": "csv"})
    assert response["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode())))  # type: ignore[attr-defined]
    assert rows[0] == ["When", "Who", "What", "Why", "Act"]
    assert len(rows) > 9
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row)


MOST = 79  # a query a table that is tracked, and a few


def test_a_page_of_acts_costs_the_same(desk: Desk, django_assert_max_num_queries: Any) -> None:
    matter = w.demand(desk.world, received_on=date(2003, 6, 2))
    w.tell(desk.world, matter, {"Birch": None, "Cedar": None}, sent_on=date(2003, 6, 5))
    with django_assert_max_num_queries(MOST):
        desk.client.get(desk.url("audit"))
    for n in range(30):
        ledger.issue_units(
            investor=desk.world.investors["Dale"], units=n + 1, on=date(2003, 6, 2),
            when=desk.world.at(date(2003, 6, 2)),
        )  # fmt: skip
    with django_assert_max_num_queries(MOST):
        desk.client.get(desk.url("audit"))
