"""A webhook made in a browser, tested, and no page of it with a barrier."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from notices import webhooks

from .test_accessibility import RULES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_webhook_is_made_and_tested_without_a_barrier(visit, theme, width):
    page = visit("/a/northgate/settings/", theme=theme, width=width)
    found: list[str] = []

    def look(at: str) -> None:
        violations = Axe().run(page, options=RULES).response["violations"]
        found.extend(f"{at}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{at}: scrolls sideways")

    page.get_by_role("link", name="Webhooks").click()
    look("none yet")
    page.get_by_role("link", name="Make a webhook").first.click()
    look("making one")
    page.get_by_label("Address").fill("https://93.184.216.34/a-long-address-" + "x" * 300)
    page.get_by_label("A flag cleared").uncheck()
    page.get_by_role("button", name="Make the webhook").click()
    assert "whsec_" in page.locator("main").inner_text()
    look("the secret")
    page.get_by_role("link", name="I have it").click()
    look("nothing told")
    page.get_by_role("button", name="Send a test").click()
    now = timezone.now()
    webhooks.mark(webhooks.lease(now), webhooks.Tried(500, "<b>" + "x" * 900, "", 12), now)
    page.reload()
    assert "<b>xxx" in page.locator("main").inner_text()
    look("a message")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last.click()
    look("a webhook")
    page.get_by_role("link", name="Send again from a day on").click()
    look("send again")
    page.go_back()
    page.get_by_role("link", name="Webhooks").first.click()
    assert "Failing" in page.locator("main").inner_text()
    look("one in use")

    assert found == []
