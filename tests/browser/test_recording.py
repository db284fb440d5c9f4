"""Recording in a real browser: what follows is worked out while one types, and without a
script one presses a button more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notices.models import DeliveryRecord, Evidence

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def waiting() -> DeliveryRecord:
    """A copy of the demo by regular mail whose receipt is not on record."""
    found: DeliveryRecord = DeliveryRecord.objects.standing().get(
        method="regular_mail", received_on=None
    )
    return found


def test_what_follows_is_worked_out_while_typing(visit: Open, tmp_path: Path) -> None:
    scan = tmp_path / "card.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    record = waiting()
    day = record.sent_on + timedelta(days=2)
    page = visit(f"/a/northgate/deliveries/{record.delivery.public_id}/")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_label("Return receipt or other evidence").set_input_files(scan)
    page.get_by_label("Received on").fill(day.isoformat())
    page.get_by_label("Received on").press("Tab")
    follows = page.locator("#what-follows")
    expect(follows).to_contain_text("Answers by")
    expect(page.locator("#id_received_on_echo")).to_contain_text(str(day.year))
    # The method decides which questions are asked: the form is drawn anew and keeps the file.
    page.get_by_label("How it travelled").select_option("facsimile")
    expect(follows).to_contain_text("Say why what was recorded is changed")
    page.get_by_label("How it travelled").select_option("regular_mail")
    expect(follows).to_contain_text("Answers by")
    page.get_by_role("button", name="Save receipt").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert DeliveryRecord.objects.standing().get(delivery=record.delivery).received_on == day
    assert Evidence.objects.get(delivery=record.delivery).name == "card.pdf"


def test_without_scripts_one_button_more(visit: Open) -> None:
    record = waiting()
    page = visit(f"/a/northgate/deliveries/{record.delivery.public_id}/", scripts=False)
    page.get_by_label("Received on").fill((record.sent_on + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("#what-follows")).to_contain_text("Answers by")
    page.get_by_role("button", name="Save receipt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("N-")
    stands = DeliveryRecord.objects.standing().get(delivery=record.delivery)
    assert stands.received_on == record.sent_on + timedelta(days=2)


def test_the_kind_of_notice_can_be_changed_without_scripts(visit: Open) -> None:
    page = visit("/a/northgate/notices/new/?kind=company&for=DR-1", scripts=False)
    page.get_by_label("Request to join received from an Investor").check()
    page.get_by_role("button", name="Continue").first.click()
    expect(page.get_by_label("From which Investor?")).to_be_visible()
    expect(page.locator("[data-error-summary]")).to_have_count(0)


def test_focus_goes_to_what_was_wrong(visit: Open) -> None:
    signed_in = visit("/a/northgate/notices/new/?kind=demand")
    page = signed_in.context.new_page()  # nobody listens here for the 422 this is about
    page.goto(signed_in.url)
    tomorrow = timezone.now().date() + timedelta(days=2)
    page.get_by_label("Sent on").fill(tomorrow.isoformat())
    page.get_by_role("button", name="Show what follows").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Sent on")).to_have_value(tomorrow.isoformat())


def test_a_note_drawn_larger_survives_the_form_drawn_anew(visit: Open) -> None:
    """A browser keeps a drawn size as an inline style, which our policy forbids to copy."""
    page = visit("/a/northgate/notices/new/?for=DR-4&kind=company")
    note = page.locator("#id_note")
    note.evaluate("note => { note.style.height = '117px' }")
    note.fill("By hand")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#id_method").select_option(index=2)
    expect(page.locator("#id_note:not([style])")).to_have_value("By hand")
