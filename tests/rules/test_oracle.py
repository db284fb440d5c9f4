"""The rules against a second opinion: the same days and states from one SQL query, written
from the agreement rather than from the rules."""

from datetime import timedelta

import pytest
from django.db import connection

from bench.docket import TODAY, by_query, by_rules, load, ordinary, strange, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("after", [0, 5, 20, 21, 40, 45, 46, 400])
def test_rules_and_query_agree_on_strange_matters_on_any_day(after):
    matters = [strange(seed=seed) for seed in range(300)]
    today = TODAY + timedelta(after - 25)
    with connection.cursor() as cursor:
        load(cursor, matters)
        asked, derived = by_query(cursor, today), by_rules(matters, today)

    by_window = {tuple(row[:2]): tuple(row) for row in asked}
    for found in derived:
        assert by_window.pop(tuple(found[:2])) == tuple(found)
    assert not by_window


def test_rules_and_query_agree_on_a_matter_of_a_thousand():
    matters = [ordinary(1_000, seed=1)]
    with connection.cursor() as cursor:
        load(cursor, matters)
        assert told(by_query(cursor)) == told(by_rules(matters))
