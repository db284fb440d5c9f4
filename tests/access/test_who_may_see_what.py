"""Who may see what, asked of every address there is.

The list of addresses is the URL configuration itself.  A route this file says nothing
about fails the test, so nobody can add a page without saying who may see it.

``reader`` is counsel who may read and not record, and an ``auditor`` sees of this agreement
what they see; ``stranger`` is counsel of another company, for whom what belongs to this one
does not exist.  ``dale`` and ``birch`` act for
two Investors: each has the portal of its own, and is a stranger everywhere else.  ``viewer``
may look at what Dale has there and sign nothing; ``outsider`` acts for an Investor of another
company, and to it nothing of this one exists either.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from investors.models import User
from registrations import pdf
from tests import world as tell
from tests.api.contract import contract
from tests.web.pages import signed_in

from .places import CANARY, Place, Visitors, primary_key
from .policy import NOWHERE, POLICY, Policy, routes


def test_every_address_says_whom_it_is_for() -> None:
    known = set(POLICY) | set(NOWHERE)

    assert sorted(set(routes()) - known) == []
    assert sorted(known - set(routes())) == []


def test_the_description_of_the_api_names_the_same_addresses() -> None:
    """Built from the URL configuration and from the OpenAPI description: the two agree, so
    that a route in one of them alone fails here."""
    described = {
        re.sub(r"\{\w+\}", "*", path.removeprefix("/")) for path in contract().described["paths"]
    }
    declared = {re.sub(r"<[^>]+>", "*", route) for route in POLICY if route.startswith("api/")}

    assert described == declared - {"api/v1/schema/", "api/v1/docs/"}


@pytest.mark.parametrize("method", ["get", "post"])
@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_who_may_see_what(place: Place, method: str) -> None:
    world = place.world
    visitors = Visitors(
        {
            "nobody": None,
            "stranger": world.stranger,
            "reader": world.reader,
            "auditor": place.auditor,
            "viewer": place.viewer,
            "outsider": place.outsider,
            "counsel": world.counsel,
            **place.investors,
        }
    )
    wrong = []
    for route, policy in POLICY.items():
        address = primary_key(place, route).address(route)
        found = {who: visitors.ask(who, method, address) for who in visitors.people}
        said = ", ".join(f"{who} {answer.status_code}" for who, answer in found.items())
        for problem in problems(policy, method, found, place):
            wrong.append(f"{method.upper()} {address} ({policy.value}): {problem}; {said}")

    assert not wrong, "\n".join(wrong)


def problems(
    policy: Policy, method: str, found: Mapping[str, HttpResponse], place: Place
) -> Iterator[str]:
    """What is wrong with how an address answered each person."""
    status = {who: answer.status_code for who, answer in found.items()}
    if max(status.values()) >= 500:
        yield "it broke"
    if policy is Policy.OPEN:
        return
    if status["nobody"] not in (302, 401, 403):
        yield "nobody was let in"
    if status["nobody"] == 302 and not found["nobody"]["Location"].startswith("/sign-in/"):
        yield "nobody was sent elsewhere than to sign in"
    for who in ("stranger", "outsider"):
        yield from leaks(found[who], place)
    yield from leaks(found["viewer"], place, to="dale")
    for who in place.investors:
        yield from leaks(found[who], place, to=who)
    if policy is Policy.SIGNED_IN:
        return
    if status["auditor"] != status["reader"]:
        yield "an auditor is not treated as a reader"
    # 405 may come before anybody is let in: the address has no such method for anyone.
    if {status["stranger"], status["reader"], status["counsel"]} == {405}:
        return
    if {status["stranger"], status["outsider"]} != {404}:
        yield "to a stranger it exists"
    if policy is Policy.SHARED:
        if {status["reader"], status["counsel"]} != {404}:
            yield "it exists for the Company"
        if {status[who] for who in (*place.investors, "viewer")} != {302}:
            yield "an Investor is not led to its own page"
        return
    if policy in (Policy.OWN, Policy.SIGNED):
        if {status["reader"], status["counsel"], status["birch"]} != {404}:
            yield "it exists for another than its Investor"
        if method == "get" and status["dale"] != 200:
            yield "its Investor cannot see it"
        looks = policy is Policy.OWN and method == "get"
        if status["viewer"] not in ((200,) if looks else (403, 405)):
            yield "who may only view is not held to it"
        return
    if {status[who] for who in (*place.investors, "viewer")} != {404}:
        yield "to an Investor it exists"
    if policy is Policy.ASKED:
        if status["reader"] != status["counsel"]:
            yield "a reader may not ask what counsel may"
    elif policy is Policy.SEEN and method == "get":
        if status["reader"] != 200:
            yield "a reader cannot see it"
    elif status["reader"] not in (403, 405):
        yield "a reader may record"
    # 302: a page that has to be told what it is about sends counsel where it can be chosen.
    if method == "get" and status["counsel"] not in (200, 302, 405):
        yield "counsel cannot see it"


def leaks(answer: HttpResponse, place: Place, to: str = "") -> Iterator[str]:
    """Names and figures of the other company's that are in what a stranger gets; and, ``to``
    one who acts for an Investor, those of the other Investors."""
    body = answer.getvalue() if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    for secret in told_in(expanded(body) + headers, place, to=to):
        yield f"it tells {to or 'a stranger'} {secret!r}"


def told_in(text: str, place: Place, to: str = "") -> Iterator[str]:
    """What of the other company, or of the other Investors, is in a text."""
    hidden = (*place.world.investors, f"{CANARY:,}", str(CANARY))
    for secret in hidden if to else (*hidden, place.world.company.name):
        if secret.lower() != to and re.search(rf"\b{re.escape(secret)}\b", text):
            yield secret


def expanded(body: bytes) -> str:
    """All the words in a file, those in a PDF and in what is packed in it too: a Word letter
    and a workbook are archives of XML."""
    text = body.decode(errors="replace")
    if body.startswith(b"%PDF-"):
        text += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    elif body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            text += "".join(expanded(archive.read(name)) for name in archive.namelist())
    return text


def test_a_planted_leak_is_caught(place: Place) -> None:
    """The control: a page that says too much is found out."""
    told = {
        "nobody": HttpResponse(status=403),
        "stranger": HttpResponse(f"Alder holds {CANARY:,} shares"),
        "reader": HttpResponse(),
        "auditor": HttpResponse(status=404),
        "counsel": HttpResponse(),
        "dale": HttpResponse("Dale, and Cedar too", status=404),
        "birch": HttpResponse(),
        "viewer": HttpResponse(status=404),
        "outsider": HttpResponse(status=404),
    }

    assert list(problems(Policy.SEEN, "get", told, place)) == [
        "it tells a stranger 'Alder'",
        f"it tells a stranger '{CANARY:,}'",
        "it tells dale 'Cedar'",
        "an auditor is not treated as a reader",
        "to a stranger it exists",
        "to an Investor it exists",
    ]


def test_a_leak_in_a_file_is_caught(place: Place) -> None:
    """The control: what a PDF says is read, though no byte of it is in the file as such."""
    paper = pdf.Paper("A", "B", "A letter", paragraphs=["To Cedar"])
    told = pdf.as_pdf(paper, made_at=tell.noon(date(2003, 6, 12)))
    answer = HttpResponse(told, content_type="application/pdf")

    assert b"Cedar" not in told
    assert list(leaks(answer, place, to="dale")) == ["it tells dale 'Cedar'"]


def test_a_leak_in_an_archive_in_an_archive_is_caught(place: Place) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as letter:
        letter.writestr("word/document.xml", f"<t>{CANARY:,}</t>" * 9)
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.docx", inner.getvalue())
    answer = HttpResponse(outer.getvalue(), content_type="application/zip")

    assert list(leaks(answer, place)) == [f"it tells a stranger '{CANARY:,}'"]


@pytest.mark.parametrize("address", ["/admin/", "/admin/investors/investor/"])
def test_the_admin_is_for_staff(place: Place, address: str) -> None:
    for person in (place.world.stranger, place.world.reader, place.world.counsel):
        assert signed_in(person).get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_an_address_that_names_another_company_s_thing_is_as_absent(place: Place) -> None:
    """What is not there and what is not yours look alike."""
    stranger: User = place.world.stranger
    client = signed_in(stranger)

    theirs = client.get(f"/a/{place.world.agreement.slug}/")
    nowhere = client.get("/a/no-such-agreement/")

    assert theirs.status_code == nowhere.status_code == 404
    assert without_token(theirs) == without_token(nowhere)


def without_token(answer: HttpResponse) -> str:
    """The page, less what is the asker's own: the form token and the address asked for."""
    return re.sub(r'value="[\w/-]+"', "", answer.content.decode())
