"""Investors at their own browsers, at a desk and on a phone: a demand signed together, and a
request to stop selling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from notices.models import Notice
from registrations.models import SuspensionAnswer
from registrations.services import register, selling
from registrations.services.deliveries import CopyIn
from tests import world as worlds

pytestmark = pytest.mark.browser

APRIL_1, NOV_3 = date(2003, 4, 1), date(2003, 11, 3)
SIZES = {"desk": (1280, 900), "phone": (390, 844)}

Enter = Callable[[str], Page]


@pytest.fixture
def world(transactional_db: None) -> worlds.World:
    """Alder, Birch, Cedar and Dale, with the Company's consent to what comes here."""
    world = worlds.build()
    register.record_consent(
        agreement=world.agreement, investor=None, signed_on=APRIL_1, when=world.at(APRIL_1)
    )
    return world


@pytest.fixture(params=SIZES)
def enter(
    request: pytest.FixtureRequest, world: worlds.World, live_server, browser: Browser
) -> Iterator[Enter]:
    """Sign in as somebody who acts for an Investor, in a browser of their own, and go home."""
    width, height = SIZES[request.param]
    contexts = []

    def entered(name: str) -> Page:
        user = worlds.representative(world, name)
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.goto(f"{live_server.url}/sign-in/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(worlds.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/portal/**")
        return page

    yield entered
    for context in contexts:
        context.close()


def heading(page: Page, says: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(says)


def signs(page: Page, shares: str) -> None:
    page.get_by_label("How many Registrable Shares?").fill(shares)
    page.get_by_label("Sale through a broker on the open market").check()
    page.get_by_role("button", name="Sign").click()


def begins(page: Page) -> str:
    """Begin a demand; give the address it is shared by."""
    page.get_by_role("link", name="Start a demand with others").click()
    signs(page, "60,000")
    heading(page, "700,000 of the 2,250,001 Units it takes have signed.")
    return page.get_by_role("region", name="Share this address").locator("p").first.inner_text()


def test_a_demand_signed_by_too_few_does_not_go(enter: Enter) -> None:
    birch, cedar = enter("Birch"), enter("Cedar")
    shared = begins(birch)

    cedar.goto(shared)
    heading(cedar, "Birch asks you to sign a demand.")
    assert "700,000" not in cedar.content(), "what others hold is told to who signs"
    signs(cedar, "6,000")
    expect(cedar.get_by_text("Units it takes have signed.")).to_be_visible()
    birch.reload()
    expect(birch.get_by_role("region", name="Signed")).to_contain_text("Cedar")
    assert not Notice.objects.exists()

    birch.get_by_role("button", name="End this demand").click()
    cedar.reload()
    heading(cedar, "Whoever began this demand ended it. Nothing was sent.")


def test_a_demand_signed_by_enough_goes_and_each_has_a_receipt(enter: Enter) -> None:
    birch, alder = enter("Birch"), enter("Alder")
    shared = begins(birch)

    alder.goto(shared)
    signs(alder, "1,000,000")
    heading(alder, "The Demand Notice went to the Company.")
    for page, shares in ((alder, "1,000,000"), (birch, "60,000")):
        page.reload()
        page.get_by_role("link", name="Your receipt").click()
        heading(page, "Received ")
        expect(page.get_by_text(shares).first).to_be_visible()
    assert "1,000,000" not in birch.content()
    assert Notice.objects.get().kind == Notice.Kind.DEMAND


def test_a_request_to_stop_selling_stands_until_it_is_acknowledged(
    world: worlds.World, enter: Enter
) -> None:
    matter = worlds.selling(world)
    suspension = selling.begin_suspension(
        statement=matter.statement, on=NOV_3, note="Restated accounts", when=world.at(NOV_3)
    )
    selling.record_letter(
        suspension=suspension,
        copies=[(world.investors["Birch"], CopyIn("certified_mail", NOV_3))],
        asks_to_stop=True,
        when=world.at(NOV_3),
    )
    page = enter("Birch")
    band = page.get_by_text("Do not sell under the registration.")

    for room in ("Holdings", "Notices", "Home"):
        page.get_by_role("link", name=room, exact=True).locator("visible=true").first.click()
        expect(band).to_be_visible()
    page.get_by_role("link", name="What to do").first.click()
    heading(page, "Do not sell. Stop offers at once, then say that you did.")
    page.get_by_role("button", name="I have stopped offers").click()
    heading(page, "Do not sell until you have the revised prospectus.")
    expect(band).to_be_visible()
    assert SuspensionAnswer.objects.get().kind == "acknowledged"
