"""A real browser on the demo's matters, which are dated from today."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from notices.heartbeat import EVERY_SECONDS, beat
from registrations import demo

Open = Callable[..., Page]

# One types on before the last answer is there, or leaves the page: the request is taken back,
# as asked, and htmx says so on the console.  One that fails says more than these two.
TAKEN_BACK = ("htmx:sendAbort", "htmx:afterRequest")


def _complains(message: ConsoleMessage) -> bool:
    return message.type == "error" and not message.text.startswith(TAKEN_BACK)


@pytest.fixture
def site(transactional_db: None, live_server) -> str:
    """The address of a server that shows the demo."""
    now = timezone.now()
    demo.load(now)
    for job in EVERY_SECONDS:
        beat(job, now=now)
    return live_server.url


@pytest.fixture
def visit(site: str, browser: Browser) -> Iterator[Open]:
    """Open pages as the demo's counsel, or by another ``login`` of the demo's:
    ``visit("/a/northgate/", width=390, theme="dark")``.

    Whatever the browser complains of, such as a script our own policy forbids, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        address: str,
        *,
        width: int = 1440,
        theme: str = "light",
        scripts: bool = True,
        login: demo.Login = demo.LOGINS[0],
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        context.add_cookies([{"name": "theme", "value": theme, "url": site}])
        page = context.new_page()
        page.on(
            "console",
            lambda message: complaints.append(message.text) if _complains(message) else None,
        )
        page.goto(f"{site}/sign-in/")
        page.get_by_label("E-mail address").fill(login.email)
        page.get_by_label("Password").fill(demo.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(f"{site}{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
