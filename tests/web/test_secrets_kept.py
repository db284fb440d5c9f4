"""What is kept of a secret that was given out opens nothing: no row of any table holds it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from registrations.services import people, webhooks
from registrations.services.calendars import make_feed
from registrations.services.recording import When
from registrations.services.tokens import make_token
from tests import world as tell
from tests.web.accounts import browser, posted, read, set_up_app
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("as_superuser")


def rows_of_every_table() -> str:
    """All there is in the database, as text: what a dump of it would hold."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        told = []
        for table in tables:
            cursor.execute(f'select t::text from "{table}" t')  # noqa: S608  # our own names
            told += [row for (row,) in cursor.fetchall()]
    return "\n".join(told)


def kept(secret: str, dump: str) -> bool:
    """Whether a secret is in the text, as such or as the bytes of it in hexadecimal."""
    return secret in dump or secret.encode().hex() in dump


def test_a_dump_of_the_database_holds_nothing_that_opens(bestnet: tell.World) -> None:
    when = When(now=timezone.now(), by=bestnet.counsel)
    _, token = make_token(name="Report", scope="record", agreement=None, days=30, when=when)
    calendar = make_feed(bestnet.counsel, now=timezone.now())[1]
    webhook, hooked = webhooks.make_webhook(
        agreement=bestnet.agreement, url="https://93.184.216.34/", kinds=["fact.recorded"],
        description="", when=when,
    )  # fmt: skip
    renewed = webhooks.renew_secret(endpoint=webhook, when=when)[1]
    client = browser(bestnet.counsel)
    seed = set_up_app(client)
    codes = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)
    Client().post("/account/password/forgotten/", {"email": bestnet.counsel.email})
    people.invite(
        agreement=bestnet.agreement, investors=[bestnet.investors["Dale"]], name="Second",
        email="second@dale.example", role="views", when=when,
    )  # fmt: skip
    sent = posted()
    links = [
        link
        for each in sent
        for link in re.findall(r"/(?:invitation|password/new)/([\w:-]{20,})", str(each.body))
    ]
    dump = rows_of_every_table()

    assert (len(codes), len(links)) == (10, 2)
    signs = (hooked.removeprefix("whsec_"), renewed.removeprefix("whsec_"))
    for secret in (token, calendar, seed, *codes, *links, *signs, PASSWORD):
        assert not kept(secret, dump), secret
    assert kept(bestnet.counsel.email, dump), "the control: the dump is whole"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not any(kept(link, rows_of_every_table()) for link in links)
