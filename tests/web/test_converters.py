"""A row in an address: sealed, so that it tells no count and cannot be made up."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from registrations.converters import Row

ROWS = Row()


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_what_was_sealed_opens_to_the_same(number: int) -> None:
    sealed = ROWS.to_url(number)

    assert len(sealed) == 32
    assert ROWS.to_python(sealed) == number


@given(st.binary(min_size=16, max_size=16))
def test_what_was_made_up_opens_to_nothing(made_up: bytes) -> None:
    with pytest.raises(ValueError, match="made up"):
        ROWS.to_python(made_up.hex())


def test_neighbours_have_nothing_in_common() -> None:
    first, second = ROWS.to_url(1), ROWS.to_url(2)

    assert sum(a == b for a, b in zip(first, second, strict=True)) < 12


def test_a_key_that_was_replaced_still_opens_and_seals_no_more() -> None:
    with override_settings(SECRET_KEY="the one before"):
        before = ROWS.to_url(7)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["the one before"]):
        assert ROWS.to_python(before) == 7
        assert ROWS.to_url(7) != before
    with (
        override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]),
        pytest.raises(ValueError, match="made up"),
    ):
        ROWS.to_python(before)
