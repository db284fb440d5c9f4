"""An Investor on its phone, from the invitation to the receipt, and what counsel then sees."""

from __future__ import annotations

import pytest
from django.urls import reverse

from investors.invitations import sealed
from notices.models import Mail, Receipt
from registrations import demo
from tests.web.accounts import code

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SECRET = "a sentence of mine"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_invited_enrolls_with_a_second_factor_joins_a_demand_and_counsel_sees_it(
    visit, site, browser, settings, scripts
):
    counsel = visit("/a/northgate/people/", scripts=scripts)
    counsel.get_by_role("link", name="Invite a person for Hannah M. Weiss").click()
    counsel.get_by_label("Name").fill("Hannah M. Weiss")
    counsel.get_by_label("E-mail").fill("hannah@weiss.example")
    counsel.get_by_label("Sign: send requests").check()
    counsel.get_by_role("button", name="Send invitation").click()
    counsel.get_by_text("hannah@weiss.example").first.wait_for()
    mail = Mail.objects.get(recipient="hannah@weiss.example")

    settings.REQUIRE_MFA = True
    context = browser.new_context(**PHONE, java_script_enabled=scripts)
    phone = context.new_page()
    phone.goto(f"{site}{reverse('invitation', args=[sealed(mail.opens)])}")
    phone.get_by_label("Password", exact=True).fill(SECRET)
    phone.get_by_label("The same password once more").fill(SECRET)
    phone.get_by_role("button", name="Make my account").click()
    phone.wait_for_url("**/portal/**")
    phone.get_by_role("link", name="Set it up").click()
    phone.get_by_role("link", name="Use an authenticator app").click()
    secret = phone.locator("code").first.text_content().replace(" ", "")
    phone.get_by_label("Code").fill(code(secret))
    phone.get_by_role("button", name="Set up").click()
    phone.get_by_role("heading", name="Your recovery codes").wait_for()
    phone.goto(f"{site}/portal/")
    assert phone.locator("h1").inner_text().startswith("You can join a Demand Registration until")

    phone.get_by_role("link", name="Join", exact=True).click()
    phone.get_by_label("How many Registrable Shares?").fill("120,000")
    phone.get_by_label("Sale through a broker on the open market").check()
    phone.get_by_role("button", name="Check my answer").click()
    phone.get_by_role("button", name="Send my answer").click()
    assert phone.locator("h1").inner_text().startswith("Received ")
    assert "On time" in phone.content()
    number = Receipt.objects.get(sent_by__email="hannah@weiss.example").number
    assert number in phone.content()
    context.close()

    settings.REQUIRE_MFA = False  # counsel signed in before it was asked for
    counsel.goto(f"{site}/a/northgate/registrations/DR-4/")
    row = counsel.get_by_role("row").filter(has_text="Hannah M. Weiss").first
    assert "120,000" in row.inner_text()


def test_the_whole_answer_by_keyboard(visit, site):
    page = visit("/portal/", login=demo.LOGINS[2])
    page.get_by_role("link", name="Join", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("How many Registrable Shares?").focus()
    page.keyboard.type("1000")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Check my answer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send my answer").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/**")

    assert page.locator("h1").inner_text().startswith("Received ")
