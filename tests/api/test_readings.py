"""Readings chosen for the whole agreement by REST (N8)."""

from __future__ import annotations

from datetime import date

from tests import world as tell

PATH = "agreements/bestnet/readings/"
CHOICE = {
    "question": "joining", "choice": "received", "governs_from": "2003-06-12",
    "reason": "The later sentence is the special one.",
}  # fmt: skip


def test_listed_chosen_and_shown_in_the_docket(counsel, bestnet, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 5))
    travel(date(2003, 6, 12))
    listed = {q["question"]: q for q in counsel.read(PATH)["questions"]}
    assert [r["name"] for r in listed["joining"]["readings"]] == ["given", "received"]
    assert listed["joining"]["chosen"] is None

    shown = {q["question"]: q for q in counsel.act(PATH, CHOICE)["questions"]}
    assert [r["name"] for r in shown["joining"]["readings"] if r["governs"]] == ["received"]
    assert shown["joining"]["chosen"]["reason"] == CHOICE["reason"]
    windows = counsel.read(f"demands/{matter.public_id}/docket/")["windows"]
    join = next(w for w in windows if w["key"].startswith("join:"))
    assert join["closes_on"] == "2003-06-29"
    assert join["decision"]["for_agreement"] is True
    assert {r["name"]: r["closes_on"] for r in join["readings"]}["given"] == "2003-06-25"


def test_refused_by_field(counsel, bestnet, travel):
    travel(date(2003, 6, 12))
    assert "choice" in str(counsel.act(PATH, {**CHOICE, "choice": "posted"}, status=400))
    assert "question" in str(counsel.act(PATH, {**CHOICE, "question": "weather"}, status=400))
    assert "governs_from" in str(counsel.act(PATH, {**CHOICE, "governs_from": "soon"}, status=400))
