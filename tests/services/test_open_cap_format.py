"""A register in Open Cap Format: given out, taken in, and the same again (H1, H2, H6)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investors.acts import Refused
from investors.models import Agreement, Import, Investor, Job, LedgerEntry, Transfer
from registrations import library
from registrations.facts import actions_of, held_by_all, ledger_of
from registrations.rules.securities import Position, units_issued
from registrations.services import agreements, cap_table, imports, ledger
from registrations.services.transfers import TakerIn
from tests import world as tell

from .imported import ON, work, written
from .saved import refused, rows

Objects = dict[str, list[dict[str, Any]]]


def exported(world: tell.World, agreement: Agreement | None = None) -> bytes:
    return cap_table.as_open_cap_format(agreement or world.agreement, ON, made_at=tell.noon(ON))


def objects(content: bytes) -> Objects:
    """The items of each file of an archive, by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        read = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    return {name: each.get("items", [each]) for name, each in read.items()}


def packed(files: Objects, manifest: dict[str, Any] | None = None) -> bytes:
    """An archive of these items; its manifest names each file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        names = [name for name in files if name != "Manifest.ocf.json"]
        manifest = manifest or {
            "file_type": "OCF_MANIFEST_FILE",
            "transactions_files": [{"filepath": f"./{name}", "md5": ""} for name in names],
        }
        archive.writestr("Manifest.ocf.json", json.dumps(manifest))
        for name in names:
            archive.writestr(name, json.dumps({"file_type": "OCF", "items": files[name]}))
    return out.getvalue()


def empty(world: tell.World, slug: str = "elsewhere") -> Agreement:
    """Another agreement of the same terms, with nobody on its register."""
    return agreements.put_on_record(
        company=world.company,
        slug=slug,
        title="Registration Rights Agreement",
        dated_on=tell.SIGNED_ON,
        time_zone=tell.ZONE,
        terms=library.agreement("bestnet").terms,
        company_address="5075 Cascade Road SE",
        when=world.at(tell.SIGNED_ON),
    )


def sent(world: tell.World, content: bytes, agreement: Agreement | None = None) -> Import:
    return imports.take_in(
        agreement=agreement or world.agreement,
        source="Cap table",
        file=ContentFile(content, "register.ocf.zip"),
        when=world.at(ON),
    )


def taken_over(world: tell.World, content: bytes, agreement: Agreement) -> Import:
    of = sent(world, content, agreement)
    work(world)
    of.refresh_from_db()
    assert of.counts.get("wrong") == 0, list(of.rows.filter(fate="wrong").values("problems"))
    of = written(world, of)
    assert of.written_at is not None, Job.objects.get(pk=of.job_id).failed
    return of


def held(agreement: Agreement, on: date = ON) -> dict[str, Position]:
    names = dict(Investor.objects.filter(agreement=agreement).values_list("pk", "name"))
    found = {names[pk]: each for pk, each in held_by_all(agreement, on).items()}
    return {name: each for name, each in found.items() if each != Position()}


def same_on_every_day(one: Agreement, other: Agreement) -> None:
    days = set(LedgerEntry.objects.filter(agreement=one).values_list("on", flat=True))
    days |= {action.on for action in actions_of(one)} | {ON}
    for day in sorted(days):
        assert held(one, day) == held(other, day), day
        assert units_issued(ledger_of(one), day) == units_issued(ledger_of(other), day), day


@pytest.fixture
def eventful(bestnet: tell.World) -> tell.World:
    """A register on which something of everything happened."""
    world, april = bestnet, date(2003, 4, 1)
    whose = world.investors
    at = world.at(april)
    ledger.convert_preferred(investor=whose["Birch"], preferred=1_000, on=april, when=at)
    ledger.exercise_warrants(investor=whose["Birch"], warrants=300, on=april, when=at)
    tell.transfer(world, "Alder", whose["Cedar"], 500, on=april)
    tell.transfer(world, "Alder", whose["Dale"], 70, on=april, security="common")
    tell.transfer(world, "Alder", whose["Dale"], 7, on=april, security="warrant")
    tell.split(world, 3, 2, on=date(2003, 4, 10))
    on, at = date(2003, 4, 12), world.at(date(2003, 4, 12))
    ledger.convert_preferred(investor=whose["Cedar"], preferred=33, on=on, when=at)
    ledger.record_public_sale(investor=whose["Dale"], shares=105, under="rule_144", on=on, when=at)
    tell.transfer(world, "Cedar", TakerIn("Sly Fund"), 10, on=on, security="preferred")
    tell.transfer(world, "Cedar", TakerIn("Elm", on, address="1 Elm Street"), 20, on=on)
    tell.split(world, 1, 4, on=date(2003, 4, 20))
    ledger.correct_ledger(
        investor=whose["Birch"], security="common", change=-11, on=date(2003, 5, 1),
        reason="Counted twice", when=world.at(date(2003, 5, 1)),
    )  # fmt: skip
    ledger.exercise_warrants(
        investor=whose["Dale"], warrants=9, on=date(2003, 5, 2), when=world.at(date(2003, 5, 2))
    )
    return world


def test_taken_in_elsewhere_it_is_the_same_register(eventful):
    other = empty(eventful)
    of = taken_over(eventful, exported(eventful), other)
    same_on_every_day(eventful.agreement, other)
    assert of.counts["new"] == 5
    elm = other.investors.get(name="Elm")
    assert (elm.kind, elm.party_from) == ("person", date(2003, 4, 12))
    assert elm.addresses.get().lines == "1 Elm Street"
    assert other.investors.get(name="Alder").contacts.get().email == "alder@investors.example"
    assert not other.investors.filter(name__in=["Sly Fund", "The public, rule 144"]).exists()
    gone = Transfer.objects.get(agreement=other, taker=None)
    assert (gone.taker_name, gone.quantity, gone.security) == ("Sly Fund", 10, "preferred")
    sale = LedgerEntry.objects.get(agreement=other, kind="public_sale")
    assert (sale.change, sale.sold_under) == (-105, "rule_144")


def test_and_given_out_again_the_same_too(eventful):
    other, third = empty(eventful), empty(eventful, "third")
    taken_over(eventful, exported(eventful), other)
    taken_over(eventful, exported(eventful, other), third)
    same_on_every_day(eventful.agreement, third)


def test_the_same_file_again_adds_nothing(eventful):
    other = empty(eventful)
    taken_over(eventful, exported(eventful), other)
    again = sent(eventful, exported(eventful), other)
    work(eventful)
    again.refresh_from_db()
    assert again.counts["same"] == again.counts["rows"]
    with refused(""):
        imports.confirm(of=again, when=eventful.at(ON))


def test_what_left_this_register_is_known_when_it_comes_back(eventful):
    of = sent(eventful, exported(eventful))
    work(eventful)
    of.refresh_from_db()
    assert of.counts["same"] == of.counts["rows"]


def test_the_same_register_makes_the_same_file(eventful):
    assert exported(eventful) == exported(eventful)


def test_the_file_is_of_the_shape_the_format_asks_for(eventful):
    found = objects(exported(eventful))
    (manifest,) = found["Manifest.ocf.json"]
    assert (manifest["file_type"], manifest["as_of"]) == ("OCF_MANIFEST_FILE", "2003-06-10")
    transactions = found["Transactions.ocf.json"]
    ids = [each["id"] for items in found.values() for each in items if "id" in each]
    assert len(ids) == len(set(ids))
    certificates = {t["security_id"] for t in transactions if t["object_type"].endswith("ISSUANCE")}
    used = [t["security_id"] for t in transactions if "resulting_security_ids" in t]
    assert len(used) == len(set(used))
    for each in transactions:
        named = [*each.get("resulting_security_ids", ()), each.get("balance_security_id")]
        assert {*named, each.get("security_id")} - {None} <= certificates
        assert all(isinstance(each.get(n, ""), str) for n in ("quantity", "quantity_converted"))
    assert {t["object_type"] for t in transactions} == {
        "TX_STOCK_ISSUANCE", "TX_WARRANT_ISSUANCE", "TX_STOCK_TRANSFER", "TX_WARRANT_TRANSFER",
        "TX_STOCK_CONVERSION", "TX_WARRANT_EXERCISE", "TX_STOCK_CLASS_SPLIT",
        "TX_STOCK_CANCELLATION",
    }  # fmt: skip


STAKEHOLDER = {
    "id": "s1", "object_type": "STAKEHOLDER", "name": {"legal_name": "Gum LLC"},
    "stakeholder_type": "INSTITUTION",
}  # fmt: skip
OTHER = {**STAKEHOLDER, "id": "s2", "name": {"legal_name": "Hay Trust"}}
COMMON = {"id": "c1", "object_type": "STOCK_CLASS", "name": "Common", "class_type": "COMMON"}
PREFERRED = {**COMMON, "id": "p1", "name": "Series A", "class_type": "PREFERRED"}
SHARES = {
    "id": "t1", "object_type": "TX_STOCK_ISSUANCE", "security_id": "x1", "custom_id": "CS-1",
    "stakeholder_id": "s1", "stock_class_id": "c1", "quantity": "100.00", "date": "2003-04-01",
}  # fmt: skip
HANDED = {
    "id": "t2", "object_type": "TX_STOCK_TRANSFER", "security_id": "x1", "quantity": "40",
    "date": "2003-04-02", "resulting_security_ids": ["x2"], "balance_security_id": "x3",
}  # fmt: skip
TAKEN = {**SHARES, "id": "t3", "security_id": "x2", "custom_id": "CS-2", "stakeholder_id": "s2",
         "quantity": "40", "date": "2003-04-02"}  # fmt: skip
LEFT = {**SHARES, "id": "t4", "security_id": "x3", "custom_id": "CS-3", "quantity": "60",
        "date": "2003-04-02"}  # fmt: skip
WARRANT = {
    "id": "t5", "object_type": "TX_WARRANT_ISSUANCE", "security_id": "x5", "custom_id": "W-1",
    "stakeholder_id": "s1", "quantity": "9", "date": "2003-04-01",
    "warrant_expiration_date": "2006-03-31",
}  # fmt: skip
ALL = (STAKEHOLDER, OTHER, COMMON, PREFERRED, SHARES, HANDED, TAKEN, LEFT, WARRANT)


def changed(known_as: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**each, **fields} if each["id"] == known_as else each for each in ALL]


def test_a_file_of_another_program_is_read(bestnet):
    other = empty(bestnet)
    taken_over(bestnet, packed({"All.ocf.json": list(ALL)}), other)
    assert held(other) == {
        "Gum LLC": Position(common=60, warrants=9, from_warrants=9),
        "Hay Trust": Position(common=40),
    }
    assert LedgerEntry.objects.get(agreement=other, reference="CS-1").change == 100
    assert {e.reference for e in LedgerEntry.objects.filter(agreement=other)} == {
        "CS-1", "t2", "W-1",
    }  # fmt: skip
    warrant = LedgerEntry.objects.get(agreement=other, security="warrant")
    assert warrant.expires_on == date(2006, 3, 31)
    assert other.investors.get(name="Gum LLC").party_from == tell.SIGNED_ON


def test_a_conversion_at_another_rate_is_taken_over_as_the_file_says_it(bestnet):
    preferred = {**SHARES, "stock_class_id": "p1", "quantity": "10"}
    common = {**SHARES, "id": "t3", "security_id": "x2", "custom_id": "CS-2", "quantity": "15",
              "date": "2003-04-02"}  # fmt: skip
    turned = {"id": "t2", "object_type": "TX_STOCK_CONVERSION", "security_id": "x1",
              "date": "2003-04-02", "quantity_converted": "10",
              "resulting_security_ids": ["x2"]}  # fmt: skip
    items = [STAKEHOLDER, COMMON, PREFERRED, preferred, common, turned]
    taken_over(bestnet, packed({"All.ocf.json": items}), other := empty(bestnet))
    assert held(other) == {"Gum LLC": Position(common=15)}


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (changed("t1", stakeholder_id="s9"), "its stakeholder_id s9 is not in the file"),
        (changed("t1", stock_class_id="c9"), "its stock_class_id c9 is not in the file"),
        (changed("t2", security_id="x9"), "its security_id x9 is not in the file"),
        (changed("t2", resulting_security_ids=["x9"]), "x9, is not there"),
        (changed("t3", id="t1"), "the id t1 is used twice"),
        (changed("t3", security_id="x1"), "the security_id x1 is used twice"),
        (changed("s2", name={"legal_name": "gum llc"}), "are both called gum llc"),
        (changed("t1", quantity="10.5"), "not a whole number"),
        (changed("t1", quantity=10), "not a whole number"),
        (changed("t1", quantity="-1"), "not a whole number"),
        (changed("t1", date="2003-02-30"), "not a day"),
        (changed("t2", quantity="41"), "it is about 41 and leaves 60; there were 100"),
        (changed("t2", date="2003-03-01"), "dated before what it is about"),
        (changed("p1", class_type="OTHER"), "neither COMMON nor PREFERRED"),
        ([*ALL, {**SHARES, "id": "t9", "object_type": "TX_CONVERTIBLE_ISSUANCE"}],
         "has a TX_CONVERTIBLE_ISSUANCE (t9). It may change what is held"),
        ([*ALL, {**HANDED, "id": "t9"}], "x1 is used up already"),
        (changed("s2", name={"legal_name": "Hay\x00"}), "characters that are none"),
        (changed("s2", name={"legal_name": "Hay\ud800"}), "characters that are none"),
        ([*ALL, "nothing"], "an item that is no object"),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_refused_with_its_reason(bestnet, items, says):
    before = rows()
    with pytest.raises(Refused) as why:
        sent(bestnet, packed({"All.ocf.json": items}))
    assert why.value.field == "file"
    assert says in why.value.message
    assert rows() == before


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Manifest.ocf.json", b" " * 60_000_000)
    return out.getvalue()


def nested() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Manifest.ocf.json", "[" * 200_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bomb, "would unpack to over 50 MB"),
        (nested, "nested deeper"),
        (lambda: b"PK\x03\x04 not an archive", "not what its name says"),
        (lambda: packed({"A.ocf.json": []})[:-30], "not what its name says"),
        (lambda: packed({}, {"file_type": "OCF_STAKEHOLDERS_FILE"}), "not an Open Cap Format"),
        (lambda: packed({}, {"file_type": "OCF_MANIFEST_FILE", "stakeholders_files": [
            {"filepath": "./S.ocf.json"}]}), "names ./S.ocf.json, which is not in the archive"),
        (lambda: packed({"A.ocf.json": []}, {"file_type": "OCF_MANIFEST_FILE"}),
         "does not name it"),
        (lambda: packed({"Manifest.json": []}, {"file_type": "OCF_MANIFEST_FILE",
            "x_files": [{"filepath": "/etc/passwd"}]}), "not in the archive"),
    ],
)  # fmt: skip
def test_an_archive_that_is_none_is_refused(bestnet, content: Callable[[], bytes], says):
    with pytest.raises(Refused) as why:
        sent(bestnet, content())
    assert says in why.value.message
    assert not Import.objects.exists()


def test_nothing_is_half_done_where_somebody_would_hold_fewer_than_none(bestnet):
    whole = {"All.ocf.json": list(ALL)}
    taken_over(bestnet, packed(whole), other := empty(bestnet))
    whose = other.investors.get(name="Gum LLC")
    ledger.correct_ledger(
        investor=whose, security="common", change=-30, on=date(2003, 5, 1), reason="Lost",
        when=bestnet.at(ON),
    )  # fmt: skip
    more = {**HANDED, "id": "t7", "security_id": "x3", "quantity": "60", "date": "2003-05-02",
            "resulting_security_ids": ["x7"], "balance_security_id": None}  # fmt: skip
    made = {**TAKEN, "id": "t8", "security_id": "x7", "custom_id": "CS-7", "quantity": "60",
            "date": "2003-05-02"}  # fmt: skip
    of = sent(bestnet, packed({"All.ocf.json": [*ALL, more, made]}), other)
    work(bestnet)
    of = written(bestnet, of)
    assert of.written_at is None
    assert "fewer than none" in Job.objects.get(pk=of.job_id).failed
    assert LedgerEntry.objects.filter(agreement=other).count() == 5
    assert held(other)["Gum LLC"].common == 30


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["issue", "convert", "exercise", "units", "common", "warrant", "out", "split"]
        ),
        st.integers(1, 40), st.integers(0, 2), st.integers(0, 2), st.integers(1, 9),
        st.integers(1, 3),
    ),
    max_size=8,
)  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_register_taken_in_again_is_the_same(db, steps):
    from django.db import transaction

    with transaction.atomic():
        world = tell.build({"Ash": 30, "Bay": 20, "Cob": 10}, slug="any")
        names = list(world.investors)
        day = date(2003, 4, 1)
        for what, n, i, j, days, m in steps:
            day += timedelta(days=days % 3)
            who, at = world.investors[names[i]], world.at(day)
            to: Any = world.investors[names[j]] if i != j else TakerIn("Sly")
            try:
                if what == "issue":
                    ledger.issue_units(investor=who, units=n, on=day, when=at)
                elif what == "convert":
                    ledger.convert_preferred(investor=who, preferred=n, on=day, when=at)
                elif what == "exercise":
                    ledger.exercise_warrants(investor=who, warrants=n, on=day, when=at)
                elif what == "out":
                    ledger.record_public_sale(
                        investor=who, shares=n, under="statement", on=day, when=at
                    )
                elif what == "split":
                    tell.split(world, m, days, on=day, fractions="rounded_up" if n % 2 else "cash")
                else:
                    security = "unit" if what == "units" else what
                    tell.transfer(world, names[i], to, n, on=day, security=security)
            except Refused:
                continue
        other = empty(world)
        taken_over(world, exported(world), other)
        same_on_every_day(world.agreement, other)
        transaction.set_rollback(True)
