"""Whatever somebody is called: a name is text on every page, runs nothing and breaks nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from investors.models import Agreement, Investor, User
from registrations import demo
from registrations.services import people, register
from registrations.services.recording import When

pytestmark = pytest.mark.browser

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ request.user.password }} {% csrf_token %}",
    "O’Brien & Søn, L.P.; =1+1",
    "‮txet‬ 林",
]


@pytest.fixture
def named(site: str) -> list[Investor]:
    """Investors of such names on the demo's register, one of whom counsel's own portal is of."""
    agreement = Agreement.objects.get(slug="northgate")
    when = When(timezone.now(), User.objects.get(email=demo.LOGINS[0].email))
    found = [
        register.add_investor(
            agreement=agreement, name=name, kind="person", party_from=agreement.dated_on,
            address=f"1 {name} Street", contact_name=name, contact_email=f"n{n}@x.example",
            when=when,
        )
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    investor = User.objects.get(email=demo.LOGINS[2].email)
    invitation = people.invite(
        agreement=agreement, investors=found, name=NAMES[0], email=investor.email, role="signs",
        when=when,
    )  # fmt: skip
    people.accept(invitation=invitation, when=when._replace(by=investor))
    return found


def test_a_name_is_text_wherever_it_stands(named, visit):
    heard: list[str] = []
    page = visit("/a/northgate/holders/")
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    shown = page.locator("main").inner_text()
    for name in NAMES:
        assert name in shown

    first = named[1]
    for address in (
        f"/a/northgate/holders/{first.public_id}/",
        f"/a/northgate/holders/{first.public_id}/address/",
        f"/a/northgate/holders/{first.public_id}/people/new/",
        "/a/northgate/people/",
        "/a/northgate/audit/",
        "/a/northgate/notices/new/?kind=demand",
    ):
        page.goto(page.url.split("/a/")[0] + address)
        assert NAMES[1] in page.locator("main").inner_text(), address

    portal = visit("/portal/?all=1", login=demo.LOGINS[2])
    portal.on("dialog", lambda dialog: heard.append(dialog.message))
    assert NAMES[0] in portal.locator("main").inner_text()
    portal.goto(portal.url.split("/portal/")[0] + reverse("portal-home", args=[first.public_id]))
    assert NAMES[1] in portal.locator(".portal-bar").inner_text()
    assert heard == []
