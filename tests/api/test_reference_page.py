"""The API reference in a browser, under the site's own policy."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests import world as worlds


@pytest.mark.browser
def test_it_is_drawn_and_nothing_is_refused(transactional_db, live_server, page: Page):
    world = worlds.build()
    client = Client()
    client.force_login(world.counsel)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(f"{live_server.url}/api/v1/docs/")

    expect(page.get_by_role("heading", name="Rightsbook")).to_be_visible()
    operation = page.locator(".opblock", has_text="/api/v1/demands/{demand}/docket/")
    page.locator(".opblock").first.wait_for()
    while not operation.count():  # of so many operations those are drawn that are in sight
        before = page.evaluate("window.scrollY")
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(150)
        assert page.evaluate("window.scrollY") > before, "not among the operations"
    operation.locator("button").first.click()
    expect(page.get_by_text("every date with its reasons").first).to_be_visible()
    operation.get_by_role("button", name="Try it out").click()
    assert not [line for line in said if not line.startswith(("log", "info", "debug"))]
