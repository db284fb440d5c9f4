"""Every page of ours, in light and dark, wide and on a phone: axe finds nothing, and the
page does not scroll sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from registrations import demo

pytestmark = pytest.mark.browser

PAGES = [
    "/?all=1",
    "/account/",
    "/account/password/",
    "/account/address/",
    "/account/app/",
    "/account/passkeys/new/",
    "/account/second-factor/",
    "/account/confirm/",
    "/account/password/forgotten/",
    "/account/password/forgotten/sent/",
    "/account/password/new/1-none/",
    "/account/address/none/",
    "/sign-in/unconfirmed/",
    "/account/tokens/",
    "/account/calendar/",
    "/account/mail/",
    "/a/northgate/people/auditors/new/",
    "/a/northgate/documents/",
    "/a/northgate/edgar/",
    "/a/northgate/edgar/cik/",
    "/a/northgate/edgar/ask/",
    "/a/northgate/registrations/DR-4/letters/",
    "/a/northgate/agreement/letters/",
    "/a/northgate/agreement/letters/company_notice/",
    "/a/northgate/agreement/letters/delay/change/",
    "/a/northgate/documents/new/",
    "/a/northgate/",
    "/a/northgate/registrations/",
    "/a/northgate/registrations/DR-1/",
    "/a/northgate/registrations/DR-2/",
    "/a/northgate/registrations/DR-4/",
    "/a/northgate/registrations/CR-1/",
    "/a/northgate/registrations/new/",
    "/a/northgate/registrations/CR-1/acceptance/",
    "/a/northgate/registrations/DR-2/delay/",
    "/a/northgate/company/share-counts/new/",
    "/a/northgate/registrations/DR-2/others/",
    "/a/northgate/deadlines/",
    "/a/northgate/holders/",
    "/a/northgate/imports/",
    "/a/northgate/imports/new/",
    "/a/northgate/registrations/DR-4/binder/",
    "/a/northgate/registrations/DR-4/letters/make/",
    "/a/northgate/holders/tie-out/",
    "/a/northgate/people/",
    "/a/northgate/holders/actions/",
    "/a/northgate/holders/actions/new/",
    "/a/northgate/cutback/?maximum=1000000&company=400000",
    "/a/northgate/registrations/CR-1/cutback/",
    "/a/northgate/registrations/CR-1/cutback/?maximum=1000000&company=400000&name_1=A+lender"
    "&holds_1=900000&asks_1=900000",
    "/library/",
    "/library/nvca-model-ira-2020/",
    "/agreements/new/",
    "/a/northgate/agreement/",
    "/a/northgate/agreement/ask/?events_demand_notice_received=2003-06-02",
    "/a/northgate/registrations/DR-4/waivers/",
    "/a/northgate/registrations/DR-4/waivers/new/",
    "/a/northgate/agreement/readings/",
    "/a/northgate/agreement/readings/choose/?about=joining",
    "/a/northgate/agreement/terms/joining/",
    "/a/northgate/agreement/terms/cutback/",
    "/a/bestnet/registrations/DR-1/",
    "/a/bestnet/registrations/DR-1/?as_of=2003-06-15",
    "/a/bestnet/registrations/DR-1/selling/",
    "/a/bestnet/registrations/DR-1/selling/?as_of=2003-11-12",
    "/a/bestnet/registrations/DR-1/prospectuses/",
    "/a/bestnet/registrations/DR-1/prospectuses/new/?revises=1",
    "/a/bestnet/registrations/DR-1/blue-sky/",
    "/a/bestnet/registrations/DR-1/suspensions/new/",
    "/a/bestnet/registrations/DR-1/suspensions/S-1/notice/",
    "/a/bestnet/registrations/DR-1/expenses/",
    "/a/bestnet/registrations/DR-1/expenses/new/",
    "/a/bestnet/registrations/DR-1/claims/",
    "/a/bestnet/registrations/DR-1/claims/new/",
    "/a/bestnet/claims/IC-1/",
    "/a/bestnet/claims/IC-1/contribution/",
    "/a/bestnet/registrations/DR-1/contribution/?loss=180000&by=net_proceeds&net_company=5000",
    "/a/bestnet/registrations/DR-1/information/",
    "/a/bestnet/registrations/DR-1/information/ask/",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier_axe_can_find(visit, site, theme, width):
    page = visit("/a/northgate/edgar/", theme=theme, width=width)
    of_edgar = [
        page.get_by_role("link", name=name, exact=True).first.get_attribute("href")
        for name in ("Accept", "Set aside")
    ]
    page.goto(f"{site}/a/northgate/imports/")
    of = page.locator("tbody a").first.get_attribute("href")

    assert barriers(page, site, [*PAGES, *of_edgar, of, f"{of}columns/"], width) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nor_has_any_page_of_the_portal(visit, site, theme, width):
    page = visit("/portal/", theme=theme, width=width, login=demo.LOGINS[2])
    home = page.url.removeprefix(site)
    join = page.get_by_role("link", name="Join", exact=True).get_attribute("href")
    decline = page.get_by_role("link", name="Decline").get_attribute("href")
    receipt = page.get_by_role("link", name="Receipt").first.get_attribute("href")
    pages = [home, f"{home}holdings/", f"{home}notices/", f"{home}requests/", join, decline,
             f"{home}delivery/", f"{home}address/", f"{home}documents/", f"{home}demand/new/",
             receipt, f"{receipt}letter/",
             "/receipts/check/", "/portal/?all=1"]  # fmt: skip

    assert barriers(page, site, pages, width) == []


def barriers(page, site, addresses, width):
    """What axe finds on each page, and which of them scroll sideways."""
    axe, found = Axe(), []
    for address in addresses:
        page.goto(f"{site}{address}")
        # Closed parts are looked at too: the tables beside the pictures, and the menus.
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        result = axe.run(page, options=RULES)
        found += [
            f"{address}: {v['id']}: {node['html'][:160]}"
            for v in result.response["violations"]
            for node in v["nodes"][:3]
        ]
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{address}: scrolls sideways")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_explanation_has_no_barrier(visit, theme):
    page = visit("/a/northgate/registrations/DR-4/", theme=theme)
    page.locator('[popovertarget="why-file-from"]').last.click()

    violations = Axe().run(page, context="#why-file-from", options=RULES).response["violations"]

    assert [v["id"] for v in violations] == []


@pytest.mark.parametrize("width", [1440, 320])
def test_a_token_just_made_has_no_barrier(visit, width):
    page = visit("/account/tokens/", width=width)
    page.get_by_label("What it is for").fill("Nightly report")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("Copy it now").wait_for()

    violations = Axe().run(page, options=RULES).response["violations"]

    assert [v["id"] for v in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_320_pixels_do_not_scroll_sideways(visit, site):
    page = visit("/a/northgate/", width=320)
    for address in PAGES:
        page.goto(f"{site}{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
