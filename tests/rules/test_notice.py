"""Given and received, section 8(a): N1 to N5."""

from __future__ import annotations

import pytest

from registrations.rules.notice import Address, Arrival, Consent, Post, arrival

from .bestnet import TERMS, asks, certified, copy, fax, join_window, matter, maybe, on, told


def arrived(*copies, addresses=(), consents=()) -> Arrival:
    return Post(copies, addresses, consents).arrival(TERMS)


def given_received(found: Arrival):
    return found.given_on, found.received_on


@pytest.mark.parametrize(
    ("method", "sent", "received", "given", "known_received", "rule"),
    [
        pytest.param(
            "certified_mail", "2003-06-05", "2003-06-09", "2003-06-05", "2003-06-09", "N1",
            id="certified, given when posted and received when signed for",
        ),
        pytest.param(
            "registered_mail", "2003-06-05", None, "2003-06-05", None, "N1",
            id="registered, given though nobody has signed yet",
        ),
        pytest.param(
            "certified_mail", None, "2003-06-09", None, "2003-06-09", "N1",
            id="certified with no day of posting, received but not known to be given",
        ),
        pytest.param(
            "facsimile", "2003-06-05", None, None, None, "N2",
            id="fax without receipt, neither",
        ),
        pytest.param(
            "facsimile", "2003-06-05", "2003-06-06", "2003-06-06", "2003-06-06", "N2",
            id="fax, given only when received",
        ),
        pytest.param(
            "regular_mail", "2003-06-05", "2003-06-11", "2003-06-11", "2003-06-11", "N2",
            id="regular mail, given only when received",
        ),
        pytest.param(
            "personal", None, "2003-06-05", "2003-06-05", "2003-06-05", "N2",
            id="by hand, given when received",
        ),
        pytest.param(
            "email", "2003-06-05", "2003-06-05", None, None, "N4",
            id="e-mail without consent, never",
        ),
        pytest.param(
            "portal", "2003-06-05", "2003-06-05", None, None, "N4",
            id="portal without consent, never",
        ),
        pytest.param(
            "pigeon", "2003-06-05", "2003-06-05", None, None, "N2",
            id="a method nobody listed, never",
        ),
    ],
)  # fmt: skip
def test_one_copy(method, sent, received, given, known_received, rule):
    found = arrived(copy(method, sent, received))

    assert given_received(found) == (maybe(given), maybe(known_received))
    assert found.because[0].rule == rule
    assert found.because[0].clause
    assert bool(found.awaiting) is (given is None)


OLD, NEW = Address(1, on("2003-03-30")), Address(2, on("2003-06-05"))


@pytest.mark.parametrize(
    ("sent", "address", "given"),
    [
        pytest.param("2003-06-04", 1, "2003-06-04", id="the old address, the day before"),
        pytest.param("2003-06-04", 2, None, id="the new address, the day before"),
        pytest.param("2003-06-05", 1, "2003-06-05", id="the old address, the very day"),
        pytest.param("2003-06-05", 2, "2003-06-05", id="the new address, the very day"),
        pytest.param("2003-06-06", 1, None, id="the old address, the day after"),
        pytest.param("2003-06-06", 2, "2003-06-06", id="the new address, the day after"),
        pytest.param("2003-06-06", None, "2003-06-06", id="no address noted"),
        pytest.param("2003-03-29", 1, None, id="before any address was of record"),
    ],
)
def test_certified_mail_to_an_address_that_changed_on_5_june(sent, address, given):
    found = arrived(copy("certified_mail", sent, address=address), addresses=(NEW, OLD))

    assert found.given_on == maybe(given)
    assert found.because[0].rule == ("N1" if given else "N5")


def test_an_address_superseded_between_sending_and_receipt_was_good_when_sent():
    posted = copy("certified_mail", "2003-06-04", "2003-06-08", address=1)

    assert given_received(arrived(posted, addresses=(OLD, NEW))) == (
        on("2003-06-04"),
        on("2003-06-08"),
    )


def test_a_letter_to_a_superseded_address_counts_when_it_arrives_after_all():
    found = arrived(
        copy("certified_mail", "2003-06-06", "2003-06-12", address=1), addresses=(OLD, NEW)
    )

    assert given_received(found) == (on("2003-06-12"), on("2003-06-12"))
    assert found.because[0].rule == "N5"


def test_of_two_addresses_that_changed_on_one_day_both_are_good_that_day():
    addresses = (OLD, NEW, Address(3, NEW.in_force_from))

    for address in (1, 2, 3):
        found = arrived(copy("certified_mail", "2003-06-05", address=address), addresses=addresses)
        assert found.given_on == on("2003-06-05")
    later = arrived(copy("certified_mail", "2003-06-06", address=3), addresses=addresses)
    assert later.given_on == on("2003-06-06")


@pytest.mark.parametrize("method", ["portal", "email"])
@pytest.mark.parametrize(
    ("received", "counts"),
    [
        pytest.param("2003-05-31", False, id="the day before it was signed"),
        pytest.param("2003-06-01", True, id="the day it was signed"),
        pytest.param("2003-06-09", True, id="the day before it was withdrawn"),
        pytest.param("2003-06-10", False, id="the day it was withdrawn"),
        pytest.param("2003-06-11", False, id="the day after"),
        pytest.param("2003-07-01", True, id="under a second consent"),
        pytest.param(None, False, id="sent, not known to have arrived"),
    ],
)
def test_electronic_copies_count_on_receipt_under_a_consent_in_force_that_day(
    method, received, counts
):
    consents = (Consent(on("2003-06-01"), on("2003-06-10")), Consent(on("2003-07-01")))
    found = arrived(copy(method, "2003-05-30", received), consents=consents)

    day = maybe(received) if counts else None
    assert given_received(found) == (day, day)
    assert found.because[0].rule == "N4"


def test_a_consent_helps_only_the_methods_it_is_for():
    found = arrived(copy("pigeon", received="2003-06-05"), consents=(Consent(on("2003-01-01")),))

    assert given_received(found) == (None, None)


def test_two_methods_to_one_investor_give_the_first_given_and_the_first_received():
    letter = copy("certified_mail", "2003-06-05", "2003-06-12", id=1)
    faxed = copy("facsimile", "2003-06-06", "2003-06-06", id=2)

    for copies in [(letter, faxed), (faxed, letter)]:
        found = arrived(*copies)
        assert given_received(found) == (on("2003-06-05"), on("2003-06-06"))
        assert [(r.rule, r.fact.on) for r in found.because] == [
            ("N1", on("2003-06-05")),
            ("N2", on("2003-06-06")),
        ]
        assert found.awaiting == ()


def test_a_second_copy_not_yet_received_takes_nothing_from_the_first():
    letter, faxed = certified("2003-06-05", "2003-06-09"), fax("2003-06-05")

    assert given_received(arrived(letter, faxed)) == given_received(arrived(letter))


def test_with_no_copy_received_every_missing_receipt_is_named():
    found = arrived(fax("2003-06-05"), copy("regular_mail", "2003-06-05", id=4))

    assert [a.fact for a in found.awaiting] == [
        "receipt of the copy sent by facsimile",
        "receipt of the copy sent by regular mail",
    ]


def test_a_notice_nobody_sent_is_neither_given_nor_received():
    found = arrived()

    assert given_received(found) == (None, None)
    assert [a.fact for a in found.awaiting] == ["a copy sent"]


def test_a_reply_deemed_given_when_posted_is_not_received_until_it_is_received():
    birch = told(
        "Birch",
        certified("2003-06-05", "2003-06-07"),
        asks=(asks("2003-06-28", sent="2003-06-20"), asks(None, sent="2003-06-10", id=2)),
    )

    assert join_window(matter(birch), "Birch").done_on == on("2003-06-28")


def test_a_copy_is_judged_by_itself_in_any_company():
    alone = arrival(certified("2003-06-05"), terms=TERMS)

    assert alone == arrived(certified("2003-06-05"))
