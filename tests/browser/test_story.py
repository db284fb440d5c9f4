"""A matter as counsel lives it, from the Demand Notice to the filing, through the pages alone.

Facts lie in the past and every date is counted by hand from them: 45 days from the Demand Notice
to file, no sooner than 30 from the last receipt of the Company Notice, 20 to ask to join.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from notices.heartbeat import EVERY_SECONDS, beat
from registrations.sweep import sweep
from tests import world as worlds

BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
pytestmark = pytest.mark.browser


def days(n: int) -> timedelta:
    return timedelta(days=n)


def say(day: date) -> str:
    """Thu, Sep 11, 2003"""
    return f"{day:%a, %b} {day.day}, {day.year}"


def say_long(day: date, today: date) -> str:
    """Thursday, September 11; the year too unless it is today's."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%A, %B} {day.day}{year}"


def reads(where: Locator, text: str) -> None:
    """What a part of a page says, as it is read."""
    expect(where).to_contain_text(text, use_inner_text=True)


class Desk:
    """Counsel at a browser: opens pages, fills in forms, and waits for what they answer."""

    def __init__(self, page: Page, site: str, today: date, *, scripts: bool) -> None:
        self.page, self.site, self.today, self.scripts = page, site, today, scripts

    # --- reading

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def follows(self) -> Locator:
        """What the form says would follow."""
        return self.page.locator("#what-follows")

    def section(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def date_row(self, label: str) -> Locator:
        """One of the dates that follow, on a registration's page."""
        named = self.page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
        return self.section("Dates that follow").locator("dl > div").filter(has=named)

    def flag(self, text: str) -> Locator:
        """One of the flags a registration ever had, standing or cleared."""
        return self.section("Flags raised here").get_by_role("listitem").filter(has_text=text)

    def moved(self, label: str) -> Locator:
        """One of the dates a form says would be new or would move."""
        return self.follows.locator("dl.moved > div").filter(has_text=label)

    # --- going about

    def sign_in(self, who: str, password: str) -> None:
        self.page.goto(f"{self.site}/sign-in/")
        self.page.get_by_label("E-mail address").press_sequentially(who)
        self.page.get_by_label("Password").press_sequentially(password)
        self.page.get_by_role("button", name="Sign in").click()

    def go(self, name: str) -> None:
        """Follow the navigation, which a phone keeps behind a button."""
        menu = self.page.get_by_text("Menu", exact=True)
        if menu.is_visible():
            menu.click()
        links = self.page.get_by_role("navigation").get_by_role("link", name=name)
        links.locator("visible=true").first.click()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    # --- filling in

    def _answered(self, act: Callable[[], object]) -> None:
        """Do something that has the form work out anew what follows, and wait until it has."""
        if not self.scripts:
            act()
            return
        # A page that came by a click may still be loading its scripts, and one just drawn anew
        # may still be settling: what is typed then is worked out by nobody.
        self.page.wait_for_load_state("load")
        expect(self.page.locator(BUSY)).to_have_count(0)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            act()
        expect(self.page.locator(BUSY)).to_have_count(0)

    def write(self, label: str, what: str | date) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(str(what))
        self._answered(lambda: field.press("Tab"))

    def tick(self, label: str) -> None:
        box = self.page.get_by_label(label)
        if not box.is_checked():
            self._answered(box.check)

    def pick(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self._answered(lambda: field.select_option(option))

    def look(self) -> None:
        """Without scripts what follows is asked for by a button."""
        if not self.scripts:
            self.page.get_by_role("button", name="Show what follows").click()

    def save(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator(".message.success")).to_be_visible()


Sit = Callable[..., Desk]


@pytest.fixture
def world(transactional_db: None) -> worlds.World:
    """The agreement and its register; no registration yet.  The watch is awake."""
    now = timezone.now()
    for job in EVERY_SECONDS:
        beat(job, now=now)
    return worlds.build()


@pytest.fixture
def sit(world: worlds.World, live_server, browser: Browser) -> Iterator[Sit]:
    """Sit counsel down at a browser, signed out: ``sit(width=390, scripts=False)``.

    Whatever the browser complains of fails the test, save that a whole page which comes back
    with a question, as one does without scripts, is answered 422.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def at(*, width: int = 1440, scripts: bool = True) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error" and (scripts or "status of 422" not in message.text):
                complaints.append(message.text)

        page.on("console", hear)
        today = world.agreement.day_of(timezone.now())
        return Desk(page, live_server.url, today, scripts=scripts)

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


def record_demand(desk: Desk, *, sent_on: date, received_on: date) -> None:
    """Alder's Demand Notice, come by certified mail; the form stands open at what follows."""
    desk.tick("Demand Notice received by the Company")
    desk.pick("How did it travel?", "certified_mail")
    desk.write("Sent on", sent_on)
    desk.write("Received on", received_on)
    desk.tick("Alder (2,300,000 Units)")
    desk.write("Registrable Shares", "1,000,000")
    desk.write("Intended method of distribution", "Sale on the open market")
    desk.look()


def post_company_notice(desk: Desk, *, sent_on: date, received_on: date | None = None) -> None:
    """Word to every other Investor, by certified mail; the form stands open at what follows."""
    desk.tick("Company Notice given to Investors")
    desk.pick("How did it travel?", "certified_mail")
    desk.write("Sent on", sent_on)
    if received_on is not None:
        desk.write("Received on", received_on)
    desk.look()


def record_receipt(desk: Desk, name: str, on: date) -> None:
    """From the Company Notice's page: the day an Investor signed for its copy."""
    desk.page.get_by_role("row", name=name).get_by_role("link", name="Record receipt").click()
    expect(desk.heading).to_have_text(f"When did {name} receive N-2?")
    desk.write("Received on", on)
    desk.look()


def a_late_receipt_leaves_no_day(desk: Desk, *, demanded_on: date, received_on: date) -> str:
    """Dale signed so late that no day is left: said before saving, and on every page after it.

    Gives the flag's own words.
    """
    first, last = received_on + days(30), demanded_on + days(45)
    assert first > last
    text = (
        f"No day is left to file: the first is {say(first)}, from the receipt of the Company "
        f"Notice on {say(received_on)}; the last is {say(last)}, from the receipt of the Demand "
        "Notice."
    )
    record_receipt(desk, "Dale", received_on)
    reads(desk.follows, f"This would raise {text}")
    reads(desk.moved("First day to file"), f"becomes {say(first)}")
    reads(desk.moved("Last day to file"), f"{say(last)} No day left")
    desk.save("Save receipt and record a missed date")

    desk.go("DR-1")
    expect(desk.heading).to_have_text(
        f"DR-1 has no day left to file: not before {say_long(first, desk.today)}, "
        f"and not after {say_long(last, desk.today)}."
    )
    reads(desk.date_row("First day the Company may file"), say(first))
    reads(desk.date_row("Last day to file"), say(last))
    reads(desk.date_row("Last day to file"), "No day left")
    reads(desk.flag(text), "Stands")
    desk.go("Dashboard")
    reads(desk.heading, "One registration has no day left to file.")
    reads(desk.section("No day left"), text)
    return text


def its_correction_brings_the_window_back(
    desk: Desk, flag: str, *, demanded_on: date, was: date, received_on: date, reason: str
) -> None:
    """The receipt is corrected: why is asked, before and after are shown, the flag is cleared."""
    first, last = received_on + days(30), demanded_on + days(45)
    assert first <= last
    desk.go("Notices")
    desk.follow("N-2 Company Notice")
    desk.page.get_by_role("row", name="Dale").get_by_role("link", name="Correct").click()
    expect(desk.heading).to_have_text("Correct how N-2 reached Dale")
    desk.write("Received on", received_on)
    desk.look()
    expect(desk.page.get_by_text("Say why what was recorded is changed.").first).to_be_visible()
    desk.write("Why it is changed", reason)
    desk.look()
    reads(desk.moved("First day to file"), f"was {say(was + days(30))} → becomes {say(first)}")
    reads(desk.follows, f"This would settle {flag}")
    desk.save("Save correction")
    reads(desk.section("On file"), f"received {say(was)}")
    reads(desk.section("On file"), f"Replaced: “{reason}”")

    desk.go("DR-1")
    expect(desk.heading).to_have_text(
        f"DR-1 must be filed by {say_long(last, desk.today)}, "
        f"and no earlier than {say_long(first, desk.today)}."
    )
    reads(desk.date_row("First day the Company may file"), say(first))
    expect(desk.date_row("Last day to file")).not_to_contain_text("No day left")
    reads(desk.flag(flag), "Cleared")
    expect(desk.flag(flag)).not_to_contain_text("Stands")
    desk.go("Dashboard")
    expect(desk.section("No day left")).to_have_count(0)


def a_late_filing_clears_what_was_missed(
    desk: Desk, ref: str, *, demanded_on: date, filed_on: date
) -> None:
    """The last day passed unfiled: the dashboard says so until the filing is on record."""
    last = demanded_on + days(45)
    late = f"{(filed_on - last).days} days late"
    reads(desk.heading, "One window was missed.")
    missed = desk.section("Missed")
    reads(missed, f"{ref} was not filed by its last day")
    reads(
        missed,
        f"Last day to file: 45 days after {say(demanded_on)} (Demand Notice received by the "
        f"Company) is {say(last)}.",
    )

    missed.get_by_role("link", name="Record the filing").click()
    expect(desk.page.get_by_label("Alder", exact=True)).to_have_value("1,000,000")
    desk.write("Filed on", filed_on)
    desk.look()
    reads(desk.moved("Last day to file"), late)
    desk.save("Save filing and record a missed date")

    expect(desk.heading).to_have_text(
        f"{ref} was filed on {say_long(filed_on, desk.today)}, {late}. It must be effective by "
        f"{say_long(filed_on + days(120), desk.today)}."
    )
    reads(desk.date_row("Last day to file"), say(last))
    reads(desk.date_row("Last day to file"), late)
    reads(desk.section("Facts on record"), f"Registration Statement filed {say(filed_on)}")
    reads(desk.flag(f"{ref} was not filed by its last day"), "Cleared")
    desk.go("Dashboard")
    reads(desk.heading, "Nothing is missed.")
    expect(desk.section("Missed")).to_have_count(0)


def test_from_the_demand_notice_to_a_late_filing(sit: Sit, world: worlds.World) -> None:
    desk = sit()
    page, today = desk.page, desk.today
    demanded_on, posted_on = today - days(25), today - days(22)
    late, right = today - days(5), today - days(18)
    reason = "The green card reads the 18th day before; the 5th was when it came back to us."

    desk.sign_in(world.counsel.email, worlds.PASSWORD)
    expect(desk.heading).to_have_text("No registration is under way.")

    # A Demand Notice starts the clock: 45 days to file.
    desk.follow("Record a Demand Notice")
    record_demand(desk, sent_on=demanded_on - days(3), received_on=demanded_on)
    reads(desk.follows, "The demand Enough Units on every reading")
    reads(desk.moved("Last day to file"), say(demanded_on + days(45)))
    reads(desk.moved("First day to file"), "Not known")
    reads(desk.moved("Last safe receipt"), say(demanded_on + days(45 - 30)))
    desk.save("Save notice and record a missed date")
    expect(desk.heading).to_have_text("N-1, Demand Notice: received.")

    # The Company tells the others: 20 days from posting to ask to join.
    desk.follow("Record a notice")
    post_company_notice(desk, sent_on=posted_on)
    reads(
        desk.moved("Answers by: Birch, Cedar and Dale"),
        f"was Not known → becomes {say(posted_on + days(20))}",
    )
    desk.save("Save notice")
    expect(desk.heading).to_have_text("N-2, Company Notice: 3 of 3 receipts not on record.")

    # Return cards come in; the first day to file is not known before the last of them.
    for name, on in (("Birch", posted_on + days(2)), ("Cedar", posted_on + days(3))):
        record_receipt(desk, name, on)
        reads(desk.follows, f"This would settle {name}’s receipt")
        desk.save("Save receipt")
    expect(desk.heading).to_have_text("N-2, Company Notice: 1 of 3 receipts not on record.")
    desk.follow("DR-1 in full")
    reads(
        desk.heading,
        f"DR-1 must be filed by {say_long(demanded_on + days(45), today)}. The first day is not "
        f"known yet: not before {say_long(posted_on + days(3 + 30), today)}",
    )
    reads(desk.date_row("Investors may ask to join until"), say(posted_on + days(20)))

    desk.go("Notices")
    desk.follow("N-2 Company Notice")
    flag = a_late_receipt_leaves_no_day(desk, demanded_on=demanded_on, received_on=late)
    its_correction_brings_the_window_back(
        desk, flag, demanded_on=demanded_on, was=late, received_on=right, reason=reason
    )
    reads(desk.heading, "Nothing is missed.")

    # An older Demand Notice turns up in a drawer, its last day gone by.
    forgotten_on = today - days(50)
    desk.follow("Record a notice")
    record_demand(desk, sent_on=forgotten_on, received_on=forgotten_on)
    reads(desk.moved("Last day to file"), say(forgotten_on + days(45)))
    desk.save("Save notice and record a missed date")
    desk.follow("Record a notice")
    told_on = today - days(45)
    post_company_notice(desk, sent_on=told_on - days(2), received_on=told_on)
    reads(desk.moved("First day to file"), say(told_on + days(30)))
    desk.save("Save notice")
    desk.go("Dashboard")
    a_late_filing_clears_what_was_missed(
        desk, "DR-2", demanded_on=forgotten_on, filed_on=today - days(2)
    )

    # Who did all this, and why.
    desk.go("Audit trail")
    acts = page.locator(".entry-list > li")
    told = [
        f"Recorded the filing of DR-2 on {say(today - days(2))}",
        "Recorded the Company Notice in DR-2 to 3 Investors",
        "Recorded a Demand Notice from Alder",
        "Corrected how N-2 (Company Notice) reached Dale",
        "Recorded how N-2 (Company Notice) reached Dale",
        "Recorded how N-2 (Company Notice) reached Cedar",
        "Recorded how N-2 (Company Notice) reached Birch",
        "Recorded the Company Notice in DR-1 to 3 Investors",
        "Recorded a Demand Notice from Alder",
    ]
    assert acts.locator("b").all_inner_texts()[: len(told)] == told
    for nth in range(len(told)):
        reads(acts.nth(nth), "Casey Counsel")
    correction = acts.filter(has_text="Corrected how N-2")
    reads(correction, f"Why: “{reason}”")
    correction.get_by_text("What was written").click()
    reads(correction.get_by_role("row", name="Received on"), f"{say(late)} {say(right)}")


def test_on_a_phone_without_scripts(sit: Sit, world: worlds.World) -> None:
    desk = sit(width=390, scripts=False)
    today = desk.today
    demanded_on, posted_on = today - days(25), today - days(22)
    matter = worlds.demand(world, received_on=demanded_on)
    signed = {"Birch": posted_on + days(2), "Cedar": posted_on + days(3), "Dale": None}
    worlds.tell(world, matter, signed, sent_on=posted_on)
    forgotten_on = today - days(50)
    forgotten = worlds.demand(world, received_on=forgotten_on)
    met = dict.fromkeys(("Birch", "Cedar", "Dale"), forgotten_on + days(5))
    worlds.tell(world, forgotten, met, sent_on=forgotten_on + days(3))

    desk.sign_in(world.counsel.email, worlds.PASSWORD)
    desk.go("Notices")
    desk.follow("N-2 Company Notice")
    late = today - days(5)
    flag = a_late_receipt_leaves_no_day(desk, demanded_on=demanded_on, received_on=late)
    its_correction_brings_the_window_back(
        desk,
        flag,
        demanded_on=demanded_on,
        was=late,
        received_on=today - days(18),
        reason="The carrier’s own record shows the earlier day.",
    )

    sweep(timezone.now())  # as the watch does when a last day has passed
    desk.go("Dashboard")
    a_late_filing_clears_what_was_missed(
        desk, "DR-2", demanded_on=forgotten_on, filed_on=today - days(2)
    )
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_offering_of_the_company_s_own(sit: Sit, world: worlds.World) -> None:
    """Screened, told to every Investor, asked to be in, accepted, filed early, withdrawn."""
    desk = sit()
    page, today = desk.page, desk.today
    proposed_on, planned_on = today - days(10), today + days(30)
    desk.sign_in(world.counsel.email, worlds.PASSWORD)
    desk.go("Registrations")
    desk.follow("Record a Company registration")
    desk.write("What does the Company propose to register?", "2,000,000 shares of Common Stock")
    desk.tick("Yes")
    desk.tick("Underwritten")
    desk.write("Planned filing day", planned_on)
    desk.write("Proposed on", proposed_on)
    reads(desk.follows, "A Registration Notice is owed to every Investor")
    reads(desk.moved("Last safe day to give the Registration Notice"), say(planned_on - days(20)))
    desk.save("Save registration")
    reads(desk.heading, "CR-1: give the Registration Notice by")

    desk.follow("Record a notice")
    desk.pick("How did it travel?", "certified_mail")
    desk.write("Sent on", today - days(8))
    reads(desk.follows, say(today + days(12)))
    desk.save("Save notice")

    desk.follow("Record a notice")
    desk.tick("Piggy-back Request received from an Investor")
    desk.pick("From which Investor?", str(world.investors["Birch"].pk))
    desk.pick("How did it travel?", "facsimile")
    desk.write("Received on", today - days(3))
    desk.write("Registrable Shares", "60,000")
    reads(desk.follows, "not yet able to participate")
    desk.save("Save notice")

    desk.go("CR-1 Company")
    desk.follow("Record an acceptance")
    desk.pick("Which Investor?", str(world.investors["Birch"].pk))
    desk.write("Accepted on", today - days(1))
    desk.save("Save acceptance")
    reads(desk.section("Facts on record"), "Underwriting accepted by Birch")

    desk.follow("Record the filing")
    desk.write("Filed on", today)
    reads(desk.follows, "it will need an amendment")
    desk.save("Save filing")

    desk.follow("Record withdrawal")
    desk.write("Withdrawn on", today)
    desk.write("Why", "The market fell.")
    desk.save("Save withdrawal")
    reads(desk.heading, "CR-1 was withdrawn on")
    reads(desk.section("Facts on record"), "the expenses stay the Company’s")
    assert page.url.endswith("/registrations/CR-1/")
