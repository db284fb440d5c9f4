"""A second factor: set up, asked for, lost, and required of counsel."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from investors import accounts, recovery
from investors.models import Membership, User
from tests import world as tell
from tests.web.accounts import What, browser, code, happened, posted, refused, set_up_app, sign_in
from tests.web.pages import read, signed_in
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("nobody_counted", "told_at_once")


# --- second factors


def test_an_authenticator_app_is_set_up_and_then_asked_for(bestnet):
    client = browser(bestnet.counsel)
    wrong = refused(client.post("/account/app/", {"code": "000000"}))
    assert "does not fit" in wrong.text
    secret = set_up_app(client)
    codes = read(client, "/account/recovery-codes/")
    assert len(re.findall(r"<code>\d{8}</code>", codes.html)) == 10
    assert "<code>" not in read(client, "/account/recovery-codes/").html, "they are shown once"

    again = Client()
    answer = sign_in(again, bestnet.counsel)
    assert answer["Location"] == "/sign-in/code/"
    before = again.session.session_key
    read(again, "/sign-in/code/")
    assert again.get("/a/bestnet/").status_code == 302
    assert "does not fit" in refused(again.post("/sign-in/code/", {"code": "000000"})).text

    assert again.post("/sign-in/code/", {"code": code(secret, 1)})["Location"] == "/"
    assert again.session.session_key != before
    assert again.get("/a/bestnet/").status_code == 200
    assert posted()[0].subject == What.APP_ADDED.label
    assert secret not in posted()[0].body
    assert happened(bestnet.counsel) == [
        What.SIGNED_IN, What.APP_ADDED, What.WRONG_CODE, What.SIGNED_IN,
    ]  # fmt: skip


def test_a_code_is_good_once(bestnet):
    secret = set_up_app(browser(bestnet.counsel))
    shown = code(secret, 1)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, bestnet.counsel)

    assert first.post("/sign-in/code/", {"code": shown}).status_code == 302
    assert "used already" in refused(second.post("/sign-in/code/", {"code": shown})).text


def test_a_code_of_another_time_is_refused(bestnet):
    secret = set_up_app(browser(bestnet.counsel))
    client = Client()
    sign_in(client, bestnet.counsel)

    refused(client.post("/sign-in/code/", {"code": code(secret, 3)}))
    refused(client.post("/sign-in/code/", {"code": code(secret, -3)}))


def test_a_recovery_code_lets_in_once(bestnet):
    client = browser(bestnet.counsel)
    set_up_app(client)
    one = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)[0]

    for expected in (302, 422):
        again = Client()
        sign_in(again, bestnet.counsel)
        assert again.post("/sign-in/code/", {"code": one}).status_code == expected

    assert "9 left" in read(client, "/account/").text
    assert What.CODE_USED in happened(bestnet.counsel)


def test_of_recovery_codes_only_digests_are_kept_once_they_were_shown(bestnet, settings):
    client = browser(bestnet.counsel)
    set_up_app(client)
    shown = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)
    kept = Authenticator.objects.get(type="recovery_codes").data

    assert len(shown) == len(kept["migrated_codes"]) == 10
    assert "seed" not in kept
    assert not any(code in str(kept) for code in shown)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, after the key was changed, of fifty letters"
    assert recovery.kept(kept["migrated_codes"][3]) == shown[3]
    assert recovery.kept(kept["migrated_codes"][3]) != shown[4]


def test_secrets_are_not_kept_as_they_are(bestnet):
    secret = set_up_app(browser(bestnet.counsel))

    kept = Authenticator.objects.get(type="totp").data["secret"]

    assert secret not in kept
    assert kept.startswith("gAAAA")


def test_a_second_factor_set_up_ends_the_other_sessions(bestnet):
    """One of them may be somebody's who found out the password."""
    other, client = browser(bestnet.counsel), browser(bestnet.counsel)

    set_up_app(client)

    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_what_protects_an_account_is_changed_only_by_who_has_just_shown_who_they_are(bestnet):
    client = browser(bestnet.counsel)
    with time_machine.travel(time.time() + 600):
        answer = client.get("/account/app/")
        assert answer["Location"] == "/account/confirm/?next=%2Faccount%2Fapp%2F"
        read(client, answer["Location"])
        wrong = refused(client.post(answer["Location"], {"password": "wrong"}))
        assert "not your password" in wrong.text

        right = client.post(answer["Location"], {"password": PASSWORD})
        assert right["Location"] == "/account/app/"
        read(client, "/account/app/")


def test_an_app_is_removed_and_its_codes_with_it(bestnet):
    client = browser(bestnet.counsel)
    set_up_app(client)
    read(client, "/account/app/remove/")

    assert client.post("/account/app/remove/")["Location"] == "/account/"

    assert not Authenticator.objects.exists()
    assert sign_in(Client(), bestnet.counsel)["Location"] == "/"
    assert happened(bestnet.counsel)[-2:] == [What.APP_REMOVED, What.SIGNED_IN]


def test_new_recovery_codes_make_the_old_ones_void(bestnet):
    client = browser(bestnet.counsel)
    set_up_app(client)
    old = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)
    assert "10 you have left" in read(client, "/account/recovery-codes/new/").text

    client.post("/account/recovery-codes/new/")

    new = re.findall(r"<code>(\d{8})</code>", read(client, "/account/recovery-codes/").html)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert What.CODES_MADE in happened(bestnet.counsel)


def test_an_administrator_removes_what_somebody_lost(bestnet):
    lost = browser(bestnet.counsel)
    set_up_app(lost)
    User.objects.create_superuser("root@x.example", PASSWORD, name="Root")
    client = browser(User.objects.get(email="root@x.example"))

    client.post(
        "/admin/investors/user/",
        {"action": "remove_second_factors", "_selected_action": [bestnet.counsel.pk]},
    )

    assert not Authenticator.objects.exists()
    assert lost.get("/account/").status_code == 302
    assert happened(bestnet.counsel)[-1] == What.FACTORS_REMOVED


# --- required of counsel


@pytest.fixture
def required(settings) -> None:
    settings.REQUIRE_MFA = True


def test_counsel_without_a_second_factor_reaches_nothing_else(bestnet, required):
    client = browser(bestnet.counsel)
    for address in ("/", "/a/bestnet/", "/account/", "/account/password/", "/library/"):
        assert client.get(address)["Location"] == "/account/second-factor/", address
    assert client.post("/a/bestnet/settings/")["Location"] == "/account/second-factor/"
    refusal = client.get("/api/v1/agreements/")
    assert refusal.status_code == 403
    assert "second factor" in refusal.json()["detail"]
    read(client, "/account/second-factor/")
    read(client, "/account/passkeys/new/")

    set_up_app(client)

    assert client.get("/a/bestnet/").status_code == 200
    assert client.get("/api/v1/agreements/").status_code == 200


def test_a_session_from_before_does_not_profit_from_a_second_factor_set_up_elsewhere(
    bestnet, required
):
    before, client = signed_in(bestnet.counsel), browser(bestnet.counsel)
    assert before.get("/")["Location"] == "/account/second-factor/"

    set_up_app(client)

    for address in ("/account/passkeys/new/", "/"):
        assert before.get(address)["Location"].startswith("/sign-in/")


def test_an_app_taken_away_has_to_be_replaced(bestnet, required):
    client = browser(bestnet.counsel)
    set_up_app(client)
    client.post("/account/app/remove/")

    assert client.get("/a/bestnet/")["Location"] == "/account/second-factor/"


def test_it_is_required_of_who_uses_the_admin_and_of_nobody_without_a_company(bestnet, required):
    staff = User.objects.create_superuser("root@x.example", PASSWORD, name="Root")
    outsider = accounts.open_account(email="o@x.example", name="Olga", password=PASSWORD)
    Membership.objects.filter(user=bestnet.reader).update(ended_at=timezone.now())

    assert browser(staff).get("/admin/")["Location"] == "/account/second-factor/"
    assert browser(outsider).get("/").status_code == 200
    assert browser(bestnet.reader).get("/").status_code == 200


def test_an_investors_person_looks_without_one_and_signs_with_one(bestnet, required):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    birch = tell.representative(bestnet, "Birch")
    own = f"/portal/{bestnet.investors['Birch'].public_id}/"
    client = browser(birch)

    home = read(client, own)
    assert "Set up a second factor before you sign or send anything." in home.text
    join = f"{own}registrations/{matter.public_id}/join/"
    assert join not in home.links
    for address in (join, f"{own}address/", f"{own}delivery/"):
        assert client.post(address)["Location"] == "/account/second-factor/", address
    assert client.get(join)["Location"] == "/account/second-factor/"
    assert "What is signed here binds an Investor" in read(client, "/account/second-factor/").text

    set_up_app(client)

    home = read(client, own)
    assert "Set up a second factor" not in home.text
    assert client.get(join).status_code == 200


def test_an_investors_session_from_before_shows_it_by_signing_in_again(bestnet, required):
    birch = tell.representative(bestnet, "Birch")
    before, client = signed_in(birch), browser(birch)
    before.get("/portal/")
    set_up_app(client)

    assert before.get("/account/second-factor/")["Location"].startswith("/sign-in/")


def test_a_program_with_a_token_needs_none(bestnet, required, capsys):
    call_command("api_token", bestnet.counsel.email)
    token = capsys.readouterr().out.strip()

    answer = Client().get("/api/v1/agreements/", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 200
