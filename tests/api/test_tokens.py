"""Tokens: what one opens, what it may do, how long, and what the trail says of it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import get_digest_token
from knox.settings import CONSTANTS
from pghistory.models import Context

from investors.models import ApiToken, Investor, Membership
from registrations.services.recording import When
from registrations.services.tokens import make_token, note_use, revoke_token
from tests import world as worlds
from tests.api.conftest import Caller, caller, using
from tests.services.saved import refused
from tests.world import World

JUNE_2 = date(2003, 6, 2)
NOON = worlds.noon(JUNE_2)
UNITS = {"quantity": 10, "on": "2003-06-02"}


@pytest.fixture(autouse=True)
def _june() -> Any:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def other(bestnet: World) -> World:
    """Another agreement of another company, for which the same counsel acts too."""
    other = worlds.build({"Elm": 10}, slug="elsewhere")
    Membership.objects.create(
        company=other.company, user=bestnet.counsel, role=Membership.Role.COUNSEL
    )
    return other


def made(world: World, **given: Any) -> tuple[ApiToken, Caller]:
    said = {"name": "Report", "scope": "record", "agreement": None, "days": 30, **given}
    token, secret = make_token(**said, when=When(NOON, world.counsel))
    return token, using(secret)


def trail(world: World) -> list[tuple[str, str]]:
    """The lines about tokens on an agreement's trail: who and what."""
    found = Context.objects.filter(
        metadata__agreement=world.agreement.pk, metadata__act__startswith="token."
    )
    lines = found.order_by("created_at", "id").values_list("metadata", flat=True)
    return sorted((line["act"], line["says"]) for line in lines)


# --- what it opens ---------------------------------------------------------------------------


def test_a_token_for_all_opens_all_its_person_sees(bestnet, other):
    _, program = made(bestnet)

    slugs = {each["slug"] for each in program.read("agreements/")["results"]}

    assert slugs == {"bestnet", "elsewhere"}


def test_a_token_for_one_agreement_knows_of_no_other(bestnet, other):
    matter = worlds.demand(bestnet, received_on=JUNE_2)
    elm = other.investors["Elm"].public_id
    _, program = made(bestnet, agreement=other.agreement)

    assert [a["slug"] for a in program.read("agreements/")["results"]] == ["elsewhere"]
    program.read("agreements/elsewhere/")
    program.act(f"investors/{elm}/issue-units/", UNITS)
    for path in ("demands/", "notices/", "deliveries/", "flags/"):
        assert program.read(path)["results"] == []
    for path in (
        "agreements/bestnet/", "agreements/bestnet/holdings/", f"demands/{matter.public_id}/",
        f"notices/{matter.notice.public_id}/", f"investors/{bestnet.investors['Dale'].public_id}/",
    ):  # fmt: skip
        program.read(path, 404)
    program.act(f"investors/{bestnet.investors['Dale'].public_id}/issue-units/", UNITS, 404)
    program.act("agreements/bestnet/company-registrations/", {}, 404)


def test_a_token_for_one_agreement_puts_no_other_on_record(bestnet):
    file = made(bestnet)[1].read("library/bestnet/")
    _, program = made(bestnet, agreement=bestnet.agreement)
    body = {"company": "bestnet", "slug": "second", "file": file, "dated_on": "2003-03-30"}

    problem = program.act("agreements/", body, 403)

    assert "all your agreements" in problem["detail"]


def test_a_token_opens_no_more_than_its_person_sees_today(bestnet):
    _, program = made(bestnet, agreement=bestnet.agreement)
    program.read("agreements/bestnet/")

    Membership.objects.filter(user=bestnet.counsel).update(ended_at=NOON)

    program.read("agreements/bestnet/", 404)


# --- what it may do --------------------------------------------------------------------------


def test_a_token_to_read_does_not_record_and_is_told_what_would(bestnet):
    _, program = made(bestnet, scope="read")
    matter = worlds.demand(bestnet, received_on=JUNE_2)
    dale = bestnet.investors["Dale"].public_id

    program.read(f"investors/{dale}/")
    for path, query in (
        (f"investors/{dale}/issue-units/", {}),
        (f"demands/{matter.public_id}/decisions/", {"preview": "true"}),
        (f"notices/{matter.notice.public_id}/evidence/", {}),
        ("agreements/", {}),
    ):
        problem = program.act(path, UNITS, 403, **query)
        assert "“Read and record” (record)" in problem["detail"]
    assert Investor.objects.get(public_id=dale).ledger.count() == 4


def test_a_token_to_read_may_ask(bestnet):
    _, program = made(bestnet, scope="read")
    matter = worlds.demand(bestnet, received_on=JUNE_2)

    # Neither question is a good one; that it was read is what matters.
    for path in (f"demands/{matter.public_id}/cutback/", "agreements/bestnet/terms/joining/"):
        program.act(path, {"nonsense": 1}, 400)


def test_a_token_to_record_lets_a_reader_record_no_more(bestnet):
    program = caller(bestnet.reader)

    problem = program.act(
        f"investors/{bestnet.investors['Dale'].public_id}/issue-units/", UNITS, 403
    )

    assert problem["detail"].startswith("Your account may read")


# --- how long --------------------------------------------------------------------------------


def test_a_token_is_kept_as_a_digest_and_opens_nothing_once_over(bestnet):
    token, secret = make_token(
        name="Report", scope="read", agreement=None, days=1, when=When(NOON, bestnet.counsel)
    )

    assert secret.startswith("rb_")
    using(secret).read("agreements/")
    kept = [*ApiToken.objects.values(), *ApiToken.pgh_event_model.objects.values()]
    assert secret not in json.dumps(kept, default=str)
    with time_machine.travel(token.expiry + timedelta(minutes=1)):
        using(secret).read("agreements/", 401)
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_a_token_revoked_opens_nothing_from_then_on(bestnet):
    token, program = made(bestnet)
    program.read("agreements/")

    for _ in range(2):
        revoke_token(token=token, when=When(NOON, bestnet.counsel))

    program.read("agreements/", 401)
    assert [act for act, _ in trail(bestnet)].count("token.revoked") == 1


def test_a_token_of_somebody_disabled_opens_nothing(bestnet):
    _, program = made(bestnet)
    bestnet.counsel.is_active = False
    bestnet.counsel.save()
    program.read("agreements/", 401)

    bestnet.counsel.is_active = True
    bestnet.counsel.save()
    program.read("agreements/")


def test_a_token_of_nobody_opens_nothing(bestnet):
    using("rb_" + "0" * 64).read("agreements/", 401)
    assert caller(bestnet.counsel).read("agreements/")["results"]


# --- what the trail says ---------------------------------------------------------------------


def test_making_using_and_revoking_stand_on_the_trail_of_what_it_opens(bestnet, other):
    token, program = made(bestnet, name="Nightly report")
    for _ in range(3):
        program.read("agreements/")
    with time_machine.travel(NOON + timedelta(days=1)):
        program.read("agreements/")
    revoke_token(token=token, when=When(NOON + timedelta(days=1), bestnet.counsel))

    said = [
        (
            "token.made",
            "Made the API token “Nightly report”, to read and record, good until Wed, Jul 2, 2003",
        ),
        ("token.revoked", "Revoked the API token “Nightly report”"),
        (
            "token.used",
            "Used the API token “Nightly report”, for the first time on Mon, Jun 2, 2003",
        ),
        (
            "token.used",
            "Used the API token “Nightly report”, for the first time on Tue, Jun 3, 2003",
        ),
    ]
    assert trail(bestnet) == trail(other) == said
    token.refresh_from_db()
    assert token.used_on == date(2003, 6, 3)


def test_a_token_for_one_agreement_is_on_no_other_s_trail(bestnet, other):
    _, program = made(bestnet, agreement=other.agreement)
    program.read("agreements/")

    assert [act for act, _ in trail(other)] == ["token.made", "token.used"]
    assert trail(bestnet) == []


def test_a_second_use_in_a_day_writes_nothing(bestnet):
    token, program = made(bestnet)
    program.read("agreements/")
    token.refresh_from_db()
    note_use(token=token, on=JUNE_2)

    with CaptureQueriesContext(connection) as asked:
        program.read("agreements/")

    verbs = {query["sql"].split()[0].lower() for query in asked.captured_queries}
    assert verbs == {"select", "reset"}
    assert [act for act, _ in trail(bestnet)].count("token.used") == 1


# --- tokens made before they had a scope -----------------------------------------------------


def test_a_token_made_before_goes_on_and_back(bestnet, as_superuser):
    steps = import_module("investors.migrations.0014_tokens_made_before")
    digest, secret = get_digest_token()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into knox_authtoken (digest, token_key, user_id, created, expiry)"
            " values (%s, %s, %s, %s, %s)",
            [
                digest, secret[: CONSTANTS.TOKEN_KEY_LENGTH], bestnet.counsel.pk, NOON,
                NOON + timedelta(days=9),
            ],
        )  # fmt: skip
        for step in steps.FORWARD:
            cursor.execute(step)
    program = using(secret)

    program.read("agreements/bestnet/")
    program.act(f"investors/{bestnet.investors['Dale'].public_id}/issue-units/", UNITS)

    made(bestnet, scope="read")
    with connection.cursor() as cursor:
        for step in steps.BACK:
            cursor.execute(step)
        cursor.execute("select digest from knox_authtoken")
        assert cursor.fetchall() == [(digest,)]
    assert [token.scope for token in ApiToken.objects.all()] == ["read"]


# --- making one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "a\nb"}),
        ("scope", {"scope": "write"}),
        ("days", {"days": 0}),
        ("days", {"days": 366}),
    ],
)
def test_a_token_that_cannot_be(bestnet, field, given):
    with refused(field):
        made(bestnet, **given)


def test_no_token_for_an_agreement_one_does_not_see(bestnet):
    other = worlds.build({"Elm": 10}, slug="elsewhere")

    with refused("agreement"):
        made(bestnet, agreement=other.agreement)


def printed(email: str, **options: Any) -> str:
    out, err = StringIO(), StringIO()
    call_command("api_token", email, stdout=out, stderr=err, **options)
    assert "not shown again" in err.getvalue()
    return out.getvalue().strip()


def test_an_operator_makes_one_by_command(bestnet):
    token = printed("COUNSEL@bestnet.example", days=1, scope="read", agreement="bestnet")

    assert len(using(token).read("agreements/")["results"]) == 1
    kept = ApiToken.objects.get()
    assert (kept.scope, kept.agreement, kept.name) == (
        "read", bestnet.agreement, "Made by an operator",
    )  # fmt: skip
    assert [act for act, _ in trail(bestnet)] == ["token.made", "token.used"]


@pytest.mark.parametrize(
    ("email", "options"),
    [
        ("nobody@example.com", {}),
        ("counsel@bestnet.example", {"days": 366}),
        ("counsel@bestnet.example", {"agreement": "elsewhere"}),
    ],
)
def test_no_token_for_nobody_nor_for_ever_nor_for_what_is_not_there(bestnet, email, options):
    with pytest.raises(CommandError):
        call_command("api_token", email, **options)
    assert not ApiToken.objects.exists()
