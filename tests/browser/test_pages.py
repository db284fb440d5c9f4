"""What only a browser shows: explanations, the what-if, menus, print, and no scripts at all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from investors.models import Investor

pytestmark = pytest.mark.browser

DR4 = "/a/northgate/registrations/DR-4/"


def test_an_explanation_opens_and_closes_by_keyboard_and_gives_focus_back(visit):
    page = visit(DR4)
    citation = page.locator('.computed-list [popovertarget="why-file-by"]')
    panel = page.locator("#why-file-by")
    expect(panel).to_be_hidden()

    citation.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Calendar days")

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(citation).to_be_focused()


def test_a_supposition_changes_its_own_part_and_the_address(visit):
    page = visit(DR4)
    fox = Investor.objects.get(name__startswith="Fox River")
    delacroix = Investor.objects.get(name__startswith="Delacroix")
    heading = page.locator("h1").inner_text()
    filing = page.get_by_label("The Company files on")

    for who in (fox, delacroix):
        supposed = page.get_by_label(f"{who.name} received the Company Notice on")
        supposed.fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Work it out").click()

    expect(page.locator("#whatif tr:has(th:text-is('First day to file'))")).to_contain_text(
        "Becomes known"
    )
    expect(page).to_have_url(re.compile(f"received_{fox.public_id}="))
    assert page.locator("h1").inner_text() == heading
    expect(filing).to_be_visible()

    page.reload()
    expect(page.locator("#whatif")).to_contain_text("Becomes known")


def test_the_menu_on_a_phone(visit):
    page = visit("/a/northgate/", width=390)
    expect(page.get_by_role("link", name="Deadlines", exact=True)).to_be_hidden()

    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Deadlines", exact=True).click()

    expect(page.locator("h1")).to_contain_text("The next date is")


def test_without_scripts_everything_still_works(visit):
    page = visit("/a/northgate/", width=390, scripts=False)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="DR-4 Demand").and_(page.locator(".menu a")).click()
    expect(page.locator("h1")).to_contain_text("DR-4 must be filed by")
    expect(page.get_by_role("button", name="Print docket")).to_be_hidden()

    page.locator('.computed-list [popovertarget="why-file-by"]').click()
    expect(page.locator("#why-file-by")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_label("The Company files on").fill("2999-01-01")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator("#whatif")).to_contain_text("late")

    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_earlier_day_can_be_asked_for_from_the_top_bar(visit):
    page = visit("/a/bestnet/registrations/DR-1/")
    page.locator(".as-of summary").click()
    page.get_by_label("Show the record as of").fill("2003-06-15")
    page.get_by_role("button", name="Show this day").click()

    expect(page.locator("h1")).to_contain_text("DR-1 must be filed by")
    expect(page.get_by_text("Read-only.")).to_be_visible()
    expect(page.get_by_role("link", name="Record a notice")).to_have_count(0)


def test_the_skip_link_comes_first_and_leads_to_the_content(visit):
    page = visit("/a/northgate/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_print_opens_every_reason_and_drops_the_frame(visit):
    page = visit(DR4)
    page.emulate_media(media="print")

    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator("#whatif")).to_be_hidden()
    expect(page.locator("#why-file-by")).to_be_visible()
    expect(page.get_by_role("heading", name="Participants")).to_be_visible()


def test_every_column_of_the_participants_is_in_sight_on_a_laptop(visit):
    page = visit(DR4, width=1280)

    hidden = page.locator("table.people").evaluate(
        "table => table.parentElement.scrollWidth - table.parentElement.clientWidth"
    )

    assert hidden == 0
