"""Takes the README's pictures of a running demo: make demo, then
.venv/bin/python scripts/screenshots.py [http://localhost:8000]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(
    os.environ.get("PICTURES", Path(__file__).resolve().parent.parent / "docs" / "screenshots")
)
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = {
    "dashboard": "/a/northgate/",
    "demand": "/a/northgate/registrations/DR-4/",
    "demand-2003": "/a/bestnet/registrations/DR-1/?as_of=2003-06-12",
    "record-a-notice": "/a/northgate/notices/new/?kind=company&for=DR-4",
    "import": "/a/northgate/imports/",
    "letters": "/a/northgate/registrations/DR-4/letters/",
    "holders": "/a/bestnet/holders/?as_of=2003-05-19",
    "selling": "/a/bestnet/registrations/DR-1/selling/?as_of=2003-11-12",
    "term": "/a/northgate/agreement/terms/joining/",
    "delay": "/a/northgate/registrations/DR-2/delay/",
    "worksheet": "/a/bestnet/agreement/ask/?events_demand_notice_received=2003-06-02"
    "&events_company_notice_given=2003-06-05",
}
PORTAL = {"portal": "/portal/"}
LOOKS = (("", WIDE, "light"), ("-phone", PHONE, "light"), ("-dark", WIDE, "dark"))


def sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill("rightsbook demo 2003")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/**")


def main(site: str, only: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("RIGHTSBOOK_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for suffix, size, scheme in LOOKS:
            for who, pages in (("counsel", PAGES), ("investor", PORTAL)):
                context = browser.new_context(viewport=size, color_scheme=scheme)
                page = context.new_page()
                sign_in(page, site, who)
                for name, path in pages.items():
                    if only and name not in only:
                        continue
                    page.goto(f"{site}{path}")
                    if name == "import":  # the list is the address; its first row the page
                        page.locator("tbody a").first.click()
                    page.screenshot(path=PICTURES / f"{name}{suffix}.png", full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    main(next((w for w in words if "://" in w), "http://localhost:8000"),
         [w for w in words if "://" not in w])  # fmt: skip
