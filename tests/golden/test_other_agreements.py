"""Forty real agreements, each put on record from its file and asked what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from investors.models import Company, Membership
from registrations import library
from registrations.services import agreements
from registrations.services.recording import When
from tests.world import noon, person

from .other_agreements import SCENARIOS, Scenario

ZONE = "America/New_York"
DATED_ON = date(1995, 1, 2)  # for a file that leaves the date open


@pytest.fixture
def put_on_record(db):
    company = Company.objects.create(name="The Company", slug="the-company")
    counsel = person("counsel@the-company.example", "Casey Counsel")
    Membership.objects.create(company=company, user=counsel, role=Membership.Role.COUNSEL)

    def put(name: str):
        document = library.agreement(name)
        return agreements.put_document_on_record(
            company=company,
            slug=name,
            document=document,
            dated_on=document.dated_on or DATED_ON,
            time_zone=document.time_zone or ZONE,
            when=When(noon(DATED_ON, ZONE), counsel),
        )

    return put


def said(answer: Any, expected: Any, path: str = "answer") -> None:
    """That an answer says what is expected of it; it may say more."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            assert key in answer, f"{path} has no {key}"
            said(answer[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert len(answer) >= len(expected), f"{path} has only {len(answer)}"
        for n, value in enumerate(expected):
            said(answer[n], value, f"{path}[{n}]")
    else:
        assert answer == expected, f"{path}: {answer!r}, not {expected!r}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.number} {s.title}")
def test_an_agreement_answers_as_counsel_would(scenario: Scenario, put_on_record):
    agreement = put_on_record(scenario.agreement)
    today = max(agreement.dated_on, DATED_ON)

    for step in scenario.steps:
        answer = agreements.ask(agreement, step.term, step.asked, today)
        said(answer, step.answer, step.term)
        assert answer["clause"], "every answer names its clause"


@pytest.mark.parametrize("name", library.names())
def test_every_agreement_of_the_library_goes_on_record_and_comes_back_out(name, put_on_record):
    agreement = put_on_record(name)
    out = agreements.hand_out(agreement, agreement.dated_on)

    assert out["terms"] == library.data(name)["terms"]
    assert agreements.document_of(out).terms == library.agreement(name).terms
