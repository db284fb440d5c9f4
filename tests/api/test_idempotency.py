"""A request sent twice under one key records once and is answered twice.

The acts here are Units issued to Dale and a Demand Notice of Alder's: each would count
again if it were done again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from knox.crypto import hash_token
from rest_framework.response import Response

from investors.models import KeptAnswer, LedgerEntry, Membership
from notices.models import Evidence
from registrations.api.register import IssueUnits
from registrations.models import Demand
from registrations.services import answers
from registrations.tasks import forget_answers
from tests import world as worlds
from tests.api.conftest import ROOT, Caller, caller
from tests.api.contract import contract
from tests.world import World

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
UNITS = {"quantity": 10, "on": "2003-06-02"}


@pytest.fixture(autouse=True)
def _june(travel: Callable[[date], None]) -> None:
    travel(date(2003, 6, 2))


@pytest.fixture
def issue(ids: dict[str, str]) -> str:
    return f"{ROOT}investors/{ids['Dale']}/issue-units/"


def send(
    by: Caller, path: str, body: Any = UNITS, key: str = KEY, format: str = "json"
) -> Response:
    return by.post(path, body, format=format, headers={"Idempotency-Key": key})


def issued() -> int:
    """How many times Units were issued since the world began."""
    lines = LedgerEntry.objects.filter(kind="issue", on=date(2003, 6, 2))
    return lines.values("act").distinct().count()


def is_again(answer: Any, first: Any) -> bool:
    assert answer.status_code == first.status_code == 201, answer.content
    assert answer["Content-Type"] == first["Content-Type"]
    return answer.content == first.content and answer.headers.get("Idempotency-Replayed") == "true"


# --- the same request again ------------------------------------------------------------------


def test_sent_again_it_records_once_and_answers_the_same(counsel, issue):
    first = send(counsel, issue)
    assert "Idempotency-Replayed" not in first.headers

    assert is_again(send(counsel, issue), first)
    assert is_again(send(counsel, issue, dict(reversed(UNITS.items()))), first)
    assert issued() == 1


def test_without_a_key_each_request_is_an_act(counsel, issue):
    for _ in range(2):
        assert counsel.post(issue, UNITS, format="json").status_code == 201
    assert send(counsel, issue, key="another").status_code == 201

    assert issued() == 3
    assert KeptAnswer.objects.count() == 1


def test_the_answer_is_the_first_one_though_the_record_has_moved_on(counsel, ids):
    path = f"{ROOT}agreements/bestnet/demand-notices/"
    body = {
        "method": "personal", "received_on": "2003-06-02",
        "investors": [{"investor": ids["Alder"], "shares": 1_000_000}],
    }  # fmt: skip
    first = send(counsel, path, body)
    counsel.act(
        f"demands/{first.json()['id']}/company-notices/",
        {"copies": [{"investor": ids["Birch"], "method": "personal", "received_on": "2003-06-02"}]},
    )

    assert is_again(send(counsel, path, body), first)
    assert Demand.objects.count() == 1


def test_an_answer_that_was_lost_is_had_by_asking_again(counsel, issue, monkeypatch):
    """The act is committed, and the program never hears of it."""
    finalize = IssueUnits.finalize_response

    def lost(*args: Any, **kwargs: Any) -> Any:
        finalize(*args, **kwargs)
        raise ConnectionResetError

    monkeypatch.setattr(IssueUnits, "finalize_response", lost)
    with pytest.raises(ConnectionResetError):
        send(counsel, issue)
    monkeypatch.undo()
    assert issued() == 1

    again = send(counsel, issue)

    assert again.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert issued() == 1


def test_an_act_whose_answer_cannot_be_kept_is_not_done(counsel, issue, monkeypatch):
    """Both or neither."""

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(answers, "keep", broken)
    with pytest.raises(OSError):  # noqa: PT011
        send(counsel, issue)

    assert issued() == 0


def test_files_are_the_same_by_what_is_in_them(bestnet, counsel):
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    path = f"{ROOT}notices/{matter.notice.public_id}/evidence/"

    def attach(content: bytes, name: str = "card.pdf") -> Response:
        file = SimpleUploadedFile(name, content, "application/pdf")
        return send(counsel, path, {"files": [file]}, format="multipart")

    first = attach(PDF)

    assert is_again(attach(PDF), first)
    assert attach(PDF + b"\n").status_code == 422
    assert attach(PDF, "other.pdf").status_code == 422
    assert Evidence.objects.count() == 1
    with Evidence.objects.get().file.open() as kept:
        assert kept.read() == PDF


# --- another request under the same key ------------------------------------------------------


def test_another_body_or_address_is_refused_by_name(counsel, issue, ids):
    send(counsel, issue)
    elsewhere = issue.replace(ids["Dale"], ids["Cedar"])

    for refused in (send(counsel, issue, {**UNITS, "quantity": 11}), send(counsel, elsewhere)):
        assert refused.status_code == 422
        assert refused["Content-Type"] == "application/problem+json"
        problem = refused.json()
        assert problem["type"] == "urn:rightsbook:problem:key-taken"
        assert problem["errors"][0]["field"] == "Idempotency-Key"
        assert "new key" in problem["detail"]
    assert issued() == 1


def test_the_same_key_of_another_person_or_token_is_another_key(bestnet, counsel, issue):
    first = send(counsel, issue)
    colleague = worlds.person("colleague@bestnet.example", "Connie Colleague")
    Membership.objects.create(company=bestnet.company, user=colleague, role=Membership.Role.COUNSEL)

    for other in (caller(colleague), caller(bestnet.counsel)):
        answer = send(other, issue, {**UNITS, "quantity": 11})
        assert answer.status_code == 201
        assert answer.content != first.content
    assert issued() == 3


def test_a_stranger_learns_nothing_of_a_key(counsel, stranger, issue):
    send(counsel, issue)

    assert send(stranger, issue).status_code == 404


def test_who_has_left_is_not_told_again(bestnet, counsel, issue):
    send(counsel, issue)
    Membership.objects.filter(user=bestnet.counsel).update(ended_at=worlds.noon(date(2003, 6, 2)))

    assert send(counsel, issue).status_code == 404


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "a\x7fb"])
def test_a_key_that_cannot_be_one(counsel, issue, key):
    refused = send(counsel, issue, key=key)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"
    assert issued() == 0


# --- what keeps nothing ----------------------------------------------------------------------


def test_a_refusal_leaves_the_key_free(counsel, reader, issue):
    assert send(counsel, issue, {**UNITS, "on": "2003-06-03"}).status_code == 400
    assert send(counsel, issue, {**UNITS, "quantity": "ten"}).status_code == 400
    assert send(reader, issue).status_code == 403
    assert KeptAnswer.objects.count() == 0

    assert send(counsel, issue).status_code == 201
    assert issued() == 1


def test_a_preview_keeps_nothing_and_takes_no_key(bestnet, counsel):
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    path = f"{ROOT}demands/{matter.public_id}/decisions/"
    body = {
        "about": "eligibility", "choice": "held", "decided_on": "2003-06-02", "reason": "A memo.",
    }  # fmt: skip
    for _ in range(2):
        assert send(counsel, f"{path}?preview=true", body).status_code == 200
    assert KeptAnswer.objects.count() == 0

    assert send(counsel, path, body).status_code == 201
    assert send(counsel, f"{path}?preview=true", body).status_code == 200


def test_a_question_keeps_nothing(counsel, bestnet):
    path = f"{ROOT}agreements/bestnet/terms/joining/"

    assert {send(counsel, path, {}).status_code for _ in range(2)} <= {200, 400}
    assert KeptAnswer.objects.count() == 0


def test_reading_heeds_no_key(counsel, issue):
    send(counsel, issue)

    answer = counsel.get(f"{ROOT}agreements/", headers={"Idempotency-Key": KEY})

    assert answer.status_code == 200


def test_answers_are_kept_for_their_term(counsel, issue, settings):
    send(counsel, issue)
    day = worlds.noon(date(2003, 6, 2))

    with time_machine.travel(day + settings.ANSWERS_KEPT_FOR - timedelta(minutes=1)):
        forget_answers()
        assert KeptAnswer.objects.count() == 1
    with time_machine.travel(day + settings.ANSWERS_KEPT_FOR + timedelta(minutes=1)):
        forget_answers()
        forget_answers()
    assert KeptAnswer.objects.count() == 0
    assert issued() == 1


def test_the_key_is_described_once_and_stands_at_every_post():
    described = contract().described
    for operations in described["paths"].values():
        for method, operation in operations.items():
            keyed = {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get(
                "parameters", ()
            )
            assert keyed == (method == "post")
            assert ("422" in operation["responses"]) == keyed
    assert described["components"]["parameters"]["IdempotencyKey"]["name"] == "Idempotency-Key"


# --- at once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_record_once(transactional_db):
    world: World = worlds.build()
    path = f"{ROOT}investors/{world.investors['Dale'].public_id}/issue-units/"
    program = caller(world.counsel)
    contract()  # made before the start, or the first to come holds up the rest
    gate, found = Barrier(16), []

    def run() -> None:
        each = Caller()
        each.credentials(**program._credentials)
        try:
            gate.wait()
            found.append(send(each, path))
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 16
    assert issued() == 1
    recorded = [a for a in found if a.status_code == 201]
    waiting = [a for a in found if a.status_code == 409]
    assert len(recorded) + len(waiting) == 16
    assert len({a.content for a in recorded}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in recorded) == 1
    assert all(a["Retry-After"] == "1" for a in waiting)
    assert send(program, path)["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_in_hand_the_second_is_told_to_come_back(transactional_db):
    world: World = worlds.build()
    path = f"{ROOT}investors/{world.investors['Dale'].public_id}/issue-units/"
    program, found = caller(world.counsel), []

    def second() -> None:
        found.append(send(program, path))
        connection.close()

    asked = answers.Asked(world.counsel, token_of(program), KEY, "")
    with transaction.atomic():
        assert answers.alone(asked)
        thread = Thread(target=second)
        thread.start()
        thread.join()

    (told,) = found
    assert told.status_code == 409
    assert told["Retry-After"] == "1"
    assert told.json()["errors"][0]["field"] == "Idempotency-Key"
    assert issued() == 0
    assert send(program, path).status_code == 201


def token_of(program: Caller) -> str:
    """The digest of a program's token."""
    digest: str = hash_token(program._credentials["HTTP_AUTHORIZATION"].partition(" ")[2])
    return digest
