"""A new agreement from the library or a file, its file handed out, and a term changed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from investors.models import Agreement, Term
from registrations import library
from registrations.facts import terms_of
from registrations.rules.exchange import read_document
from tests import world as tell
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 12)


@pytest.fixture
def desk(bestnet: tell.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def upload(data: object) -> SimpleUploadedFile:
    text = data if isinstance(data, str) else json.dumps(data)
    return SimpleUploadedFile("agreement.json", text.encode(), "application/json")


def test_the_library_shows_every_agreement_and_finds_one(desk: Desk) -> None:
    every = desk.client.get(reverse("library"))
    found = desk.client.get(reverse("library"), {"q": "hexcel block"})
    nothing = desk.client.get(reverse("library"), {"q": "no such company"})

    assert len(every.context["agreements"]) == len(library.names())
    assert [name for name, _ in found.context["agreements"]] == ["hexcel-2000"]
    assert "None of them says" in nothing.content.decode()


@pytest.mark.parametrize("name", library.names())
def test_each_agreement_of_the_library_is_shown_in_words(desk: Desk, name: str) -> None:
    page = desk.client.get(reverse("library-agreement", args=[name]))

    assert page.status_code == 200
    assert "Cannot be read" not in page.content.decode()
    assert escape(library.agreement(name).company) in page.content.decode()


def test_one_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.client.get(reverse("library-agreement", args=["no-such"])).status_code == 404


def test_a_new_agreement_from_one_of_the_library(desk: Desk) -> None:
    with on_day(TODAY):
        answer = desk.client.post(
            reverse("library-agreement", args=["hexcel-2000"]),
            {"company": desk.world.company.pk, "slug": "series-b", "dated_on": "2003-06-01"},
        )
        page = desk.client.get(answer["Location"])

    made = Agreement.objects.get(slug="series-b")
    assert (made.dated_on, made.company) == (date(2003, 6, 1), desk.world.company)
    assert terms_of(made, TODAY).values.keys() == library.agreement("hexcel-2000").terms.keys()
    assert "20%" in page.content.decode()


def test_what_the_file_leaves_open_is_asked_for_and_the_rest_stays_typed(desk: Desk) -> None:
    answer = desk.client.post(
        reverse("library-agreement", args=["nvca-model-ira-2020"]),
        {"company": desk.world.company.pk, "slug": "series-c"},
    )

    assert answer.status_code == 422
    assert "gives no date" in answer.context["form"].errors["dated_on"][0]
    assert 'value="series-c"' in answer.content.decode()


def test_a_short_name_taken_already_is_said_at_its_field(desk: Desk) -> None:
    answer = desk.client.post(
        reverse("library-agreement", args=["bestnet"]),
        {"company": desk.world.company.pk, "slug": "bestnet"},
    )

    assert "Choose another" in answer.context["form"].errors["slug"][0]


def test_a_file_is_taken_in_and_handed_out_again(desk: Desk) -> None:
    with on_day(TODAY):
        desk.client.post(
            reverse("import-agreement"),
            {
                "company": desk.world.company.pk,
                "slug": "second",
                "file": upload(library.data("bestnet")),
            },
        )
        out = desk.client.get(reverse("agreement-file", args=["second"]))

    document, problems = read_document(json.loads(out.content))
    assert not problems
    assert document.terms == library.agreement("bestnet").terms
    assert out["Content-Disposition"] == 'attachment; filename="second.json"'


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param("{\n", "Line 2 is not JSON", id="half a file"),
        pytest.param("[" * 100_000, "nested too deeply", id="a file without a bottom"),
        pytest.param([], "give one agreement", id="a list"),
        pytest.param({"format": "x", "terms": {"joining": {"value": 1}}},
                     "terms.joining.value", id="many mistakes"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(desk: Desk, file: object, says: str) -> None:
    answer = desk.client.post(
        reverse("import-agreement"),
        {"company": desk.world.company.pk, "slug": "second", "file": upload(file)},
    )

    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors["file"])
    assert not Agreement.objects.filter(slug="second").exists()


def test_who_may_only_read_is_shown_no_form_and_can_send_none(bestnet, client) -> None:
    client.force_login(bestnet.reader)
    page = client.get(reverse("import-agreement"))
    sent = client.post(reverse("import-agreement"), {"slug": "second"})

    assert "may not put an agreement on record" in page.content.decode()
    assert sent.status_code == 403


def test_another_company_cannot_be_chosen(desk: Desk, bestnet: tell.World) -> None:
    other = bestnet.stranger.memberships.get().company
    answer = desk.client.post(
        reverse("library-agreement", args=["bestnet"]), {"company": other.pk, "slug": "theirs"}
    )

    assert "company" in answer.context["form"].errors


# --- one term ------------------------------------------------------------------------------


def test_a_correction_is_looked_at_and_then_saved(desk: Desk) -> None:
    matter = tell.demand(desk.world, received_on=date(2003, 6, 2))
    with on_day(TODAY):
        url = desk.url("change-term", "filing_closes", query="?as=data")
        typed = {
            **desk.open(url),
            "value": json.dumps({"n": 60, "after": "demand_notice_received"}),
            "kind": "correction",
            "reason": "The paper says sixty.",
        }
        looked = desk.look(url, typed)
        saved = desk.save(url, typed)

    assert "60 calendar days after Demand Notice received" in looked.content.decode()
    assert any(change.moved for change in looked.context["found"].changes)
    assert saved.status_code == 302
    assert terms_of(desk.world.agreement, TODAY).filing_closes.n == 60
    assert matter.reference in looked.content.decode() or looked.context["moved"]


def test_an_amendment_without_every_consent_is_refused_and_named(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "joining", query="?as=data")
        answer = desk.look(
            url,
            {
                **desk.open(url),
                "value": json.dumps({"n": 10, "after": "company_notice_given"}),
                "kind": "amendment",
                "in_force_from": "2003-06-12",
                "company_consents": "on",
                "reason": "Amendment No. 1",
            },
        )

    assert answer.status_code == 422
    assert "Missing:" in answer.context["form"].errors["consents"][0]
    assert Term.objects.filter(name="joining").count() == 1


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("{", "is not JSON", id="no JSON"),
        pytest.param('{"n": 10, "after": "moonrise"}', "moonrise", id="no such event"),
    ],
)
def test_a_value_that_cannot_be_read_keeps_what_was_typed(
    desk: Desk, value: str, says: str
) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "joining", query="?as=data")
        answer = desk.look(
            url, {**desk.open(url), "value": value, "kind": "correction", "reason": "Misread."}
        )

    assert says in answer.context["form"].errors["value"][0]
    assert "Misread." in answer.content.decode()


def test_a_term_that_does_not_exist_is_not_found(desk: Desk) -> None:
    assert desk.client.get(desk.url("change-term", "weather")).status_code == 404


def test_a_term_not_yet_on_record_is_put_there_from_the_agreement_s_own_day(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "lockup", query="?as=data")
        value = {"ends": {"n": 90, "after": "effective", "bound": "beginning_on"}}
        typed = {"value": json.dumps(value), "kind": "correction", "reason": "Overlooked."}
        assert desk.save(url, typed).status_code == 302

    assert "lockup" in terms_of(desk.world.agreement, desk.world.agreement.dated_on).values


# --- the worksheet --------------------------------------------------------------------------


def test_the_worksheet_works_out_what_is_known_and_names_what_is_not(desk: Desk) -> None:
    with on_day(TODAY):
        page = desk.client.get(
            desk.url("ask-terms"),
            {
                "events_demand_notice_received": "2003-06-02",
                "events_company_notice_given": "2003-06-05",
                "facts_open_to_investors": "yes",
            },
        )

    said = {a.label: a for a in page.context["answers"]}
    assert said["Last day to file"].says == "Thu, Jul 17, 2003"
    assert said["Last day to ask to join"].says == "Wed, Jun 25, 2003"
    assert said["First day to file"].says == "Not known"
    assert said["First day to file"].awaiting == ["Company Notice received by the last Investor"]
    assert said["Who may demand"].says == "Not known"


def test_a_day_that_is_none_is_said_at_its_field_and_nothing_is_worked_out(desk: Desk) -> None:
    with on_day(TODAY):
        page = desk.client.get(
            desk.url("ask-terms"),
            {"events_demand_notice_received": "soon", "measures_initiating_units": "many"},
        )

    assert set(page.context["form"].errors) == {
        "events_demand_notice_received",
        "measures_initiating_units",
    }
    assert page.context["answers"] == []
    assert 'value="many"' in page.content.decode()
