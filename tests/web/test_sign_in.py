"""The door: who gets in, what a wrong password is told, and the choice of theme."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.pages import Page
from tests.world import PASSWORD


def tries(client: Client, email: str, password: str):
    return client.post("/sign-in/", {"username": email, "password": password})


def test_the_right_password_leads_to_where_one_was_going(bestnet):
    client = Client()
    answer = client.post(
        "/sign-in/?next=/a/bestnet/deadlines/",
        {"username": "Counsel@BestNet.example", "password": PASSWORD},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/a/bestnet/deadlines/"
    assert client.get("/sign-in/")["Location"] == "/"

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/a/bestnet/").status_code == 302


def test_a_wrong_try_does_not_tell_whether_the_account_exists(bestnet):
    known = tries(Client(), bestnet.counsel.email, "wrong")
    unknown = tries(Client(), "nobody@bestnet.example", "wrong")

    assert known.status_code == unknown.status_code == 422
    for answer in (known, unknown):
        page = Page(answer.content.decode())
        page.check()
        assert "do not belong together" in page.text


def test_an_account_switched_off_is_told_no_more_than_a_stranger(bestnet):
    bestnet.counsel.is_active = False
    bestnet.counsel.save()

    answer = tries(Client(), bestnet.counsel.email, PASSWORD)

    assert "do not belong together" in Page(answer.content.decode()).text


def test_guessing_is_stopped_with_a_page_that_says_how_long(bestnet):
    client = Client()
    answers = [tries(client, bestnet.counsel.email, f"wrong {n}") for n in range(6)]

    assert answers[-1].status_code == 429
    page = Page(answers[-1].content.decode())
    page.check()
    assert page.heading == "Sign-in is paused for 15 minutes"
    assert tries(client, bestnet.counsel.email, PASSWORD).status_code == 429


def test_a_new_password_is_held_to_the_rules_and_then_works(bestnet):
    client = Client()
    tries(client, bestnet.counsel.email, PASSWORD)
    new = "another long pass phrase"

    short = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    )
    assert short.status_code == 422
    assert "Password not changed" in Page(short.content.decode()).text

    done = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
        follow=True,
    )
    assert Page(done.content.decode()).heading == "Password changed"
    assert tries(Client(), bestnet.counsel.email, new).status_code == 302


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [("/a/bestnet/", "/a/bestnet/"), ("https://elsewhere.example/", "/"), ("//elsewhere", "/")],
)
def test_the_theme_is_kept_and_leads_back_to_our_own_pages_only(db, back, leads_to):
    client = Client()

    answer = client.post("/account/theme/", {"theme": "dark", "next": back})

    assert answer["Location"] == leads_to
    assert '<html lang="en-US" data-theme="dark">' in client.get("/sign-in/").content.decode()
    client.post("/account/theme/", {"theme": "system"})
    assert "data-theme" not in client.get("/sign-in/").content.decode()


def test_no_page_there_is_answered_in_our_own_words(bestnet):
    client = Client()
    tries(client, bestnet.counsel.email, PASSWORD)

    answer = client.get("/a/nowhere/")

    assert answer.status_code == 404
    page = Page(answer.content.decode())
    page.check()
    assert page.heading == "There is no page here"
