"""The OpenAPI description is valid and complete, and people can read it behind the sign-in."""

from __future__ import annotations

import io

from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

from tests.api.conftest import ROOT
from tests.api.contract import contract


def test_it_is_valid():
    validate(contract().described)


def test_making_it_warns_of_nothing():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())


def test_every_operation_says_what_it_does_and_how_it_may_fail():
    for path, operations in contract().described["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path}"
            assert {"400", "401", "429"} <= set(operation["responses"])
            assert method in ("get", "post")
            if method == "post":
                assert {"403", "409", "415"} <= set(operation["responses"])
            if "{" in path:
                assert "404" in operation["responses"]


def test_it_is_served_to_those_who_are_signed_in(bestnet, counsel, nobody):
    served = counsel.get(ROOT + "schema/")

    assert served.status_code == 200
    assert served.json()["openapi"].startswith("3.1")
    assert nobody.get(ROOT + "schema/").status_code == 401
    assert nobody.get(ROOT + "docs/").status_code == 302


def test_the_page_has_no_script_or_style_of_its_own(bestnet):
    browser = Client()
    browser.force_login(bestnet.counsel)

    page = browser.get(ROOT + "docs/")

    assert page.status_code == 200
    html = page.content.decode()
    assert "<style" not in html
    assert html.count("<script") == html.count("<script src=")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    # The directives come in any order.
    allowed = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert allowed["script-src"] == "'self'"
    assert allowed["style-src"] == "'self'"
    assert sorted(allowed["img-src"].split()) == ["'self'", "data:"]
