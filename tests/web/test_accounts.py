"""One's own account: a forgotten password, second factors, sessions, and the record of it."""

from __future__ import annotations

import logging
import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import NoReverseMatch, reverse

from investors import accounts
from investors.models import AccountRecord, User
from notices.models import Mail
from tests.web.accounts import (
    NEW,
    What,
    browser,
    code,
    happened,
    posted,
    refused,
    set_up_app,
    sign_in,
)
from tests.web.pages import Page, read
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("nobody_counted", "told_at_once")


# --- accounts


def test_an_account_that_is_opened_can_sign_in(bestnet):
    person = accounts.open_account(email="New@Fund.example", name="Nora", password=PASSWORD)

    assert person.email == "new@fund.example"
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == (person.email, True, True)
    assert sign_in(Client(), person)["Location"] == "/"
    with pytest.raises(IntegrityError):
        accounts.open_account(email="new@fund.EXAMPLE", name="Again", password=PASSWORD)


def test_an_administrator_made_on_the_command_line_can_sign_in(bestnet, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="root@x.example", name="Root", interactive=False)

    client = browser(User.objects.get(email="root@x.example"))

    assert client.get("/admin/").status_code == 200


def test_the_admin_has_no_door_of_its_own(bestnet):
    answer = Client().get("/admin/login/?next=/admin/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_nobody_signs_up(bestnet):
    assert Client().get("/account/signup/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_a_changed_address_waits_for_its_link(bestnet):
    counsel, client = bestnet.counsel, browser(bestnet.counsel)
    old = counsel.email

    taken = client.post("/account/address/", {"email": old, "action_add": ""})
    assert "This is your address already" in refused(taken).text
    client.post("/account/address/", {"email": "new@firm.example", "action_add": ""})
    counsel.refresh_from_db()
    assert counsel.email == old
    link = re.search(r"http://localhost(/account/address/\S+)", posted()[-1].body)
    assert link
    assert "new@firm.example" in read(client, link[1]).text
    assert client.post(link[1])["Location"] == "/account/"

    counsel.refresh_from_db()
    assert counsel.email == "new@firm.example"
    assert [a.email for a in EmailAddress.objects.filter(user=counsel)] == [counsel.email]
    assert posted()[-1].to == [old]
    assert What.ADDRESS_CHANGED in happened(counsel)
    assert sign_in(Client(), counsel).status_code == 302


def test_an_address_that_was_never_confirmed_does_not_get_in(bestnet):
    EmailAddress.objects.filter(user=bestnet.counsel).update(verified=False)

    answer = sign_in(Client(), bestnet.counsel)

    assert answer["Location"] == "/sign-in/unconfirmed/"
    read(Client(), "/sign-in/unconfirmed/")
    assert posted()[-1].subject == "Confirm your e-mail address"


# --- a forgotten password


def ask_for_link(email: str) -> str:
    """Ask for a link as anybody can; the page that answers."""
    answer = Client().post("/account/password/forgotten/", {"email": email}, follow=True)
    page = Page(answer.content.decode())
    page.check()
    return page.text


def link_in(message: str) -> str:
    found = re.search(r"http://localhost(/account/password/new/\S+)", message)
    assert found
    return found[1]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(bestnet):
    elsewhere = browser(bestnet.counsel)
    ask_for_link(bestnet.counsel.email.upper())
    link = link_in(posted()[-1].body)
    client = Client()
    form = client.get(link)["Location"]
    assert "set-password" in form
    read(client, form)
    short = refused(client.post(form, {"password1": "short", "password2": "short"}))
    assert "12 characters" in short.text

    done = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)

    assert Page(done.content.decode()).heading == "Password changed"
    assert client.get("/account/").status_code == 302, "the link signs nobody in"
    assert elsewhere.get("/account/").status_code == 302
    assert refused(sign_in(Client(), bestnet.counsel))
    assert sign_in(Client(), bestnet.counsel, NEW).status_code == 302
    assert read(Client(), link).heading == "This link cannot be used"
    assert posted()[-1].subject == What.PASSWORD_RESET.label
    assert happened(bestnet.counsel)[1:3] == [What.RESET_ASKED, What.PASSWORD_RESET]


@pytest.mark.parametrize("known", [True, False])
def test_with_the_mail_server_down_the_link_goes_once_it_is_back(bestnet, settings, known):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    address = bestnet.counsel.email if known else "nobody@bestnet.example"

    ask_for_link(address)
    assert posted() == []
    settings.EMAIL_BACKEND = working
    with time_machine.travel(time.time() + 120):
        (sent,) = posted()

    assert sent.to == [address]
    assert bool(re.search("password/new", sent.body)) is known


def test_what_the_outbox_keeps_of_a_link_opens_nothing(bestnet):
    ask_for_link(bestnet.counsel.email)
    kept = Mail.objects.get()

    assert "password/new" not in kept.body
    assert kept.opens == f"password:{bestnet.counsel.pk}"


def test_a_link_is_good_for_an_hour(bestnet):
    ask_for_link(bestnet.counsel.email)
    link = link_in(posted()[-1].body)
    with time_machine.travel(time.time() + 3700):
        page = read(Client(), link)

    assert page.heading == "This link cannot be used"


def test_asking_for_a_link_does_not_tell_whether_the_account_exists(bestnet):
    bestnet.reader.is_active = False
    bestnet.reader.save()
    answers = {ask_for_link(each) for each in (
        bestnet.counsel.email, bestnet.reader.email, "nobody@bestnet.example",
    )}  # fmt: skip

    assert len(answers) == 1
    assert len(posted()) == 3
    assert [bool(re.search("password/new", sent.body)) for sent in posted()] == [
        True, False, False,
    ]  # fmt: skip


def test_links_in_mail_begin_with_our_own_address_whatever_a_request_claims(bestnet, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://rights.example.com"
    Client(headers={"host": "evil.example"}).post(
        "/account/password/forgotten/", {"email": bestnet.counsel.email}
    )

    assert "https://rights.example.com/account/password/new/" in posted()[-1].body
    assert "evil.example" not in posted()[-1].body


def test_asking_for_links_is_stopped(bestnet):
    for _ in range(5):
        ask_for_link(bestnet.counsel.email)

    answer = Client().post("/account/password/forgotten/", {"email": bestnet.counsel.email})

    assert refused(answer, 429).heading == "Too many tries from here"
    assert len(posted()) == 5


def test_a_reset_does_not_bypass_the_second_factor(bestnet):
    secret = set_up_app(browser(bestnet.counsel))
    ask_for_link(bestnet.counsel.email)
    client = Client()
    form = client.get(link_in(posted()[-1].body))["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})

    assert sign_in(client, bestnet.counsel, NEW)["Location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code(secret, 1)})["Location"] == "/"


# --- guessing


def test_many_accounts_tried_from_one_address_are_stopped_before_any_hashing(
    bestnet, settings, monkeypatch
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"wrong_password": "3/10m/ip"}
    client = Client()
    for n in range(3):
        client.post("/sign-in/", {"username": f"u{n}@x.example", "password": "wrong"})
    monkeypatch.setattr(User, "check_password", None)
    monkeypatch.setattr(User, "set_password", None)

    answer = sign_in(client, bestnet.counsel)

    assert refused(answer, 429).heading == "Sign-in is paused for 10 minutes"


def test_an_account_is_not_locked_for_its_owner_by_guesses_from_elsewhere(bestnet):
    for n in range(6):
        Client(REMOTE_ADDR="198.51.100.7").post(
            "/sign-in/", {"username": bestnet.counsel.email, "password": f"wrong {n}"}
        )

    assert sign_in(Client(), bestnet.counsel).status_code == 302
    record = AccountRecord.objects.filter(what=What.WRONG_PASSWORD).first()
    assert record.user == bestnet.counsel
    assert record.network == "198.51.100.0/24"


def test_guessing_codes_is_stopped_wherever_the_guesses_come_from(bestnet):
    set_up_app(browser(bestnet.counsel))
    answers = []
    for n in range(6):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        sign_in(client, bestnet.counsel)
        answers.append(client.post("/sign-in/code/", {"code": f"00000{n}"}))

    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert "Wait ten minutes" in refused(answers[-1], 429).text


def test_people_sign_in_while_redis_is_gone_but_not_by_a_code_that_may_be_used(bestnet, settings):
    client = browser(bestnet.counsel)
    secret = set_up_app(client)
    one = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)[0]
    there = settings.CACHES["default"]
    settings.CACHES = {"default": there | {"LOCATION": "unix:///nowhere/redis.sock?db=1"}}

    assert sign_in(Client(), bestnet.stranger)["Location"] == "/"
    client = Client()
    assert sign_in(client, bestnet.counsel)["Location"] == "/sign-in/code/"
    refused(client.post("/sign-in/code/", {"code": code(secret, 1)}))
    assert client.post("/sign-in/code/", {"code": one})["Location"] == "/"


# --- sessions


def test_sessions_are_listed_and_ended(bestnet):
    phone = browser(bestnet.counsel, "Mozilla/5.0 (iPhone) Safari/605.1")
    third = browser(bestnet.counsel)
    client = browser(bestnet.counsel)
    page = read(client, "/account/")
    assert "Safari on iPhone" in page.text
    assert page.text.count("Firefox on Windows") == 3  # two, one of them with a button
    ids = re.findall(r"/account/sessions/([0-9a-f]{32})/end/", page.html)
    assert len(ids) == 2

    iphone = UserSession.objects.get(user_agent__contains="iPhone")
    client.post(reverse("end-session", args=[iphone.pk]))
    assert phone.get("/account/").status_code == 302
    assert third.get("/account/").status_code == 200

    client.post("/account/sessions/end/")
    assert third.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert happened(bestnet.counsel).count(What.SESSIONS_ENDED) == 2


def test_nobody_ends_another_s_session(bestnet):
    theirs = browser(bestnet.counsel)
    row = UserSession.objects.get(user=bestnet.counsel)

    answer = browser(bestnet.stranger).post(reverse("end-session", args=[row.pk]))

    assert answer.status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(bestnet):
    other, client = browser(bestnet.counsel), browser(bestnet.counsel)
    before = client.session.session_key

    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert other.get("/account/").status_code == 302
    page = read(client, "/account/")
    assert "(this one)" in page.text
    assert client.session.session_key != before
    assert posted()[-1].subject == What.PASSWORD_CHANGED.label
    assert NEW not in posted()[-1].body
    assert happened(bestnet.counsel)[-2:] == [What.PASSWORD_CHANGED, What.SESSIONS_ENDED]


@pytest.mark.parametrize(
    ("every", "until", "alive"),
    [
        (timedelta(minutes=20), timedelta(hours=3), True),
        (timedelta(minutes=31), timedelta(minutes=31), False),
        (timedelta(minutes=20), timedelta(hours=12, minutes=20), False),
    ],
)
def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours(
    bestnet, every, until, alive
):
    start = time.time()
    client = browser(bestnet.counsel)
    passed = every
    while passed <= until:
        with time_machine.travel(start + passed.total_seconds()):
            answer = client.get("/account/")
        passed += every

    assert answer.status_code == (200 if alive else 302)


def test_an_account_switched_off_is_out_at_once(bestnet):
    client = browser(bestnet.counsel)
    bestnet.counsel.is_active = False
    bestnet.counsel.save()

    assert client.get("/account/").status_code == 302


# --- the record


def test_what_happened_is_on_the_account_s_own_page_and_on_nobody_else_s(bestnet):
    sign_in(Client(), bestnet.counsel, "wrong")
    client = browser(bestnet.counsel)
    client.post("/sign-out/")

    page = read(browser(bestnet.counsel), "/account/")

    assert "A wrong password was tried" in page.text
    assert "Signed out" in page.text
    assert "network 127.0.0.0/24" in page.text
    assert "wrong password" not in read(browser(bestnet.stranger), "/account/").text


def test_each_is_a_line_of_the_log_with_who_and_from_where(bestnet, caplog):
    caplog.set_level(logging.INFO)
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.post("/sign-in/", {"username": bestnet.counsel.email, "password": "a guess"})
    client.post("/sign-in/", {"username": "nobody@x.example", "password": "a guess"})
    sign_in(client, bestnet.counsel)
    set_up_app(client)
    client.post("/sign-out/")
    for n in range(6):
        client.post("/sign-in/", {"username": bestnet.reader.email, "password": f"guess {n}"})
    client.get("/a/bestnet/")
    said = [line.getMessage() for line in caplog.records]
    mine, other = (f"account {user.pk}" for user in (bestnet.counsel, bestnet.reader))

    for line in (
        f"{mine}: wrong_password from 198.51.100.0/24",
        "account unknown: wrong_password from 198.51.100.0/24",
        f"{mine}: signed_in from 198.51.100.0/24",
        f"{mine}: app_added from 198.51.100.0/24",
        f"{other}: locked_out from 198.51.100.0/24",
        "429 to nobody: POST /sign-in/ from 198.51.100.0/24",
    ):
        assert line in said, line
    assert not any("x.example" in line or "guess" in line for line in said)


def test_a_try_with_an_unknown_address_is_on_record_without_it(bestnet):
    Client().post("/sign-in/", {"username": "nobody@x.example", "password": "wrong"})

    assert happened(None) == [What.WRONG_PASSWORD]


def test_it_is_not_in_any_agreement_s_trail(bestnet):
    client = browser(bestnet.counsel)

    assert "Signed in" not in read(client, "/a/bestnet/audit/").text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", ""),
    ],
)
def test_only_the_network_of_an_address_is_kept(address, network):
    assert accounts.network_of(address) == network
