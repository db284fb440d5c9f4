"""A passkey in a real browser, with an authenticator that exists in the browser alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from investors.models import AccountRecord
from registrations import demo

from .test_accessibility import RULES

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: str, browser) -> Iterator[Page]:
    """A browser at the door, whose device has a lock that always opens."""
    cache.clear()
    context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{site}/sign-in/")
    yield page
    context.close()
    assert [said for said in complaints if "422" not in said] == []  # a refused form is one


def by_password(page: Page) -> None:
    page.get_by_label("E-mail address").fill(demo.LOGINS[0].email)
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_and_signs_in_without_a_password(page, site, settings):
    settings.REQUIRE_MFA = True
    by_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor to go on")

    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Passkey “Phone”")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{site}/account/")
    expect(page.get_by_text("Passkey “Phone”")).to_be_visible()
    happened = AccountRecord.objects.order_by("pk").values_list("what", flat=True)
    assert list(happened) == ["signed_in", "passkey_added", "signed_out", "signed_in"]


def test_a_passkey_is_the_second_step_after_a_password(page, site):
    by_password(page)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{site}/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out", exact=True).click()

    by_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Now your second factor")
    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_a_protected_account_have_no_barrier(page, site, theme):
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site}])
    by_password(page)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{site}/account/passkeys/new/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    found = barriers(page)
    key = Authenticator.objects.get(type="webauthn").pk
    for address in (
        "/account/",
        "/account/recovery-codes/",
        "/account/recovery-codes/new/",
        reverse("mfa_edit_webauthn", args=[key]),
        reverse("mfa_remove_webauthn", args=[key]),
        "/account/confirm/code/",
        "/account/confirm/passkey/",
    ):
        page.goto(f"{site}{address}")
        found += barriers(page)
    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    by_password(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    found += barriers(page)

    assert found == []


def barriers(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]


def test_after_signing_out_back_shows_nothing(page, site):
    by_password(page)
    expect(page).not_to_have_url(re.compile("/sign-in/"))
    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in/")
    page.go_back()

    expect(page).to_have_url(re.compile("/sign-in/"))
    expect(page.get_by_label("Password")).to_be_visible()
