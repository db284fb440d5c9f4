"""Agreements as files by REST, and a term asked on facts."""

from __future__ import annotations

import jsonschema

from investors.models import Agreement
from registrations import library
from tests.api.conftest import Caller
from tests.world import World


def test_the_schema_takes_every_file_the_library_gives(counsel: Caller) -> None:
    schema = counsel.read("exchange-schema/")
    names = [each["name"] for each in counsel.read("library/")["agreements"]]

    assert names == list(library.names())
    for name in names[:5]:
        jsonschema.Draft202012Validator(schema).validate(counsel.read(f"library/{name}/"))
    counsel.read("library/no-such/", status=404)


def test_a_file_is_taken_in_and_handed_out(counsel: Caller, bestnet: World) -> None:
    file = library.data("hexcel-2000")
    body = {"company": bestnet.company.slug, "slug": "hexcel", "file": file}

    counsel.act("agreements/", {**body, "dated_on": "2000-12-19"})
    out = counsel.read("agreements/hexcel/file/")

    assert out["terms"] == file["terms"]
    assert out["dated_on"] == "2000-12-19"


def test_every_mistake_of_a_file_is_listed_with_its_path(counsel: Caller, bestnet: World) -> None:
    file = library.data("hexcel-2000")
    file["terms"]["demand_threshold"]["value"]["share"] = "120%"
    file["terms"]["company_notice"]["value"]["unit"] = "weeks"
    answer = counsel.act(
        "agreements/",
        {"company": bestnet.company.slug, "slug": "hexcel", "file": file, "dated_on": "2000-12-19"},
        status=400,
    )

    text = str(answer)
    assert "terms.demand_threshold.value.share" in text
    assert "terms.company_notice.value.unit" in text
    assert not Agreement.objects.filter(slug="hexcel").exists()


def test_another_company_s_is_refused_like_one_that_is_not_there(
    counsel: Caller, bestnet: World
) -> None:
    other = bestnet.stranger.memberships.get().company
    counsel.act(
        "agreements/",
        {"company": other.slug, "slug": "theirs", "file": library.data("bestnet")},
        status=400,
    )


def test_a_term_says_what_it_is_asked_with_and_answers(counsel: Caller, bestnet: World) -> None:
    term = counsel.read("agreements/bestnet/terms/joining/")
    facts = {"events": {"company_notice_given": "2003-06-05",
                        "company_notice_received": "2003-06-09"}}  # fmt: skip
    jsonschema.Draft202012Validator(term["asked_with"]).validate(facts)
    answer = counsel.act("agreements/bestnet/terms/joining/", facts, status=200)

    assert answer["day"] == "2003-06-25"
    assert [reading["day"] for reading in answer["readings"]] == ["2003-06-25", "2003-06-29"]
    assert answer["clause"] == "1(a)"
    assert "20 days after Thu, Jun 5, 2003" in answer["because"][0]["text"]


def test_what_is_not_known_is_named_and_not_guessed(counsel: Caller, bestnet: World) -> None:
    answer = counsel.act("agreements/bestnet/terms/filing_closes/", {"events": {}}, status=200)

    assert answer["day"] is None
    assert answer["awaiting"] == [
        {"fact": "Demand Notice received by the Company", "clause": "1(a)"}
    ]


def test_facts_that_cannot_be_read_are_refused_by_path(counsel: Caller, bestnet: World) -> None:
    answer = counsel.act(
        "agreements/bestnet/terms/filing_closes/",
        {"events": {"demand_notice_received": "June 2"}, "moon": "full"},
        status=400,
    )

    assert "$.events.demand_notice_received" in str(answer)
    assert "$.moon" in str(answer)


def test_a_term_the_agreement_does_not_give_is_not_found(counsel: Caller, bestnet: World) -> None:
    counsel.read("agreements/bestnet/terms/lockup/", status=404)
    counsel.act("agreements/bestnet/terms/lockup/", {}, status=404)
    counsel.act("agreements/bestnet/terms/weather/", {}, status=404)
