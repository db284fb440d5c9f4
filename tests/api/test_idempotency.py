"""A program names its request: sent again, lost or doubled, it is recorded once (R11)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from notices.models import Evidence
from registrations.api.once import KEPT_FOR, forget
from registrations.models import KeptAnswer
from tests import world as tell
from tests.api.conftest import ROOT, Caller, caller

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def send(client, body, key, path, **query):
    return client.post(
        ROOT + path, body, format="json", query_params=query, headers={"Idempotency-Key": key}
    )


@pytest.fixture
def waivers(bestnet, travel):
    """Where a waiver of a demand is recorded, and the body of one."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    travel(date(2003, 6, 12))
    body = {"investor": str(bestnet.investors["Dale"].public_id), "right": "join",
            "signed_on": "2003-06-10"}  # fmt: skip
    return f"demands/{matter.public_id}/waivers/", body


def test_sent_again_it_is_answered_as_before_and_recorded_once(counsel, waivers):
    path, body = waivers
    first = send(counsel, body, "k-1", path)
    again = send(counsel, dict(reversed(body.items())), "k-1", path)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert len(counsel.read(path)["waivers"]) == 1


def test_without_a_key_the_second_is_what_it_always_was(counsel, waivers):
    path, body = waivers
    counsel.act(path, body)
    counsel.act(path, body, status=409)


def test_another_request_under_the_key_is_refused_and_says_what_to_do(counsel, waivers):
    path, body = waivers
    send(counsel, body, "k-1", path)
    other = send(counsel, {**body, "right": "notice"}, "k-1", path)

    assert other.status_code == 422
    problem = other.json()
    assert problem["type"] == "urn:rightsbook:problem:key-reused"
    assert problem["errors"][0]["field"] == "Idempotency-Key"
    assert "a key of its own" in problem["detail"]
    assert len(counsel.read(path)["waivers"]) == 1


def test_the_key_of_another_person_or_token_has_nothing_to_do_with_it(bestnet, waivers):
    path, body = waivers
    one, two = caller(bestnet.counsel), caller(bestnet.counsel)
    send(one, body, "k-1", path)
    assert send(two, {**body, "right": "notice"}, "k-1", path).status_code == 201
    stranger = caller(bestnet.stranger)
    assert send(stranger, body, "k-1", path).status_code == 404


def test_a_refusal_keeps_no_key_so_that_it_may_be_mended(counsel, waivers):
    path, body = waivers
    refused = send(counsel, {**body, "right": "weather"}, "k-1", path)
    mended = send(counsel, body, "k-1", path)

    assert (refused.status_code, mended.status_code) == (400, 201)
    assert KeptAnswer.objects.count() == 1


def test_a_preview_keeps_nothing(counsel, waivers):
    path, body = waivers
    assert send(counsel, body, "k-1", path, preview="true").status_code == 200
    assert not KeptAnswer.objects.exists()
    assert send(counsel, body, "k-1", path).status_code == 201


def test_a_file_is_known_by_its_content(counsel, bestnet, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    travel(date(2003, 6, 12))
    url = f"{ROOT}notices/{matter.notice.public_id}/evidence/"

    def upload(content: bytes) -> int:
        scan = SimpleUploadedFile("scan.pdf", content, "application/pdf")
        answer = counsel.post(
            url, {"files": scan}, format="multipart", headers={"Idempotency-Key": "scan"}
        )
        return answer.status_code

    assert [upload(PDF), upload(PDF), upload(PDF + b"\n")] == [201, 201, 422]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_a_key_that_is_none_is_named(counsel, waivers, key):
    path, body = waivers
    answer = send(counsel, body, key, path)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_come_to_one_act(bestnet, waivers):
    path, body = waivers
    token = caller(bestnet.counsel)._credentials
    clients = [Caller() for _ in range(16)]
    for client in clients:
        client.credentials(**token)
    start = threading.Barrier(len(clients))

    def sends(client) -> tuple[int, bytes]:
        start.wait(timeout=30)
        try:
            answer = send(client, body, "one", path)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = set(pool.map(sends, clients))

    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    assert KeptAnswer.objects.count() == 1


def test_it_is_forgotten_after_seven_days(counsel, waivers):
    path, body = waivers
    send(counsel, body, "k-1", path)
    kept = KeptAnswer.objects.get()

    assert forget(kept.made_at + KEPT_FOR) == 0
    assert forget(kept.made_at + KEPT_FOR + timedelta(seconds=1)) == 1


def test_where_nothing_can_be_posted_a_key_changes_nothing(counsel, bestnet):
    assert send(counsel, {}, "k-1", "agreements/bestnet/").status_code == 405
