"""The audit trail sealed: whatever is changed in it afterwards is found."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pghistory.models import Context

from investors import seals
from investors.models import Agreement, LedgerEntry, Seal, SealedAct
from notices.heartbeat import pulse
from notices.models import Mail
from registrations import tasks
from registrations.services import ledger
from scripts.check_trail import wrong_with
from tests import world as tell

ON = date(2003, 6, 10)
NOW = tell.noon(ON)
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("as_superuser")


@pytest.fixture
def sealed(bestnet, as_superuser):
    tell.demand(bestnet, received_on=date(2003, 6, 2))
    for name in ("Birch", "Cedar"):
        ledger.issue_units(investor=bestnet.investors[name], units=7, on=ON, when=bestnet.at(ON))
    seals.seal(NOW)
    return bestnet


def tamper(sql: str, *params: object) -> None:
    """Change history as whoever owns the database could: with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount, "nothing was changed"
        cursor.execute("set session_replication_role = origin")


BESIDE = " is not what its history says."


def broken(anchors=(), *, beside: bool = False) -> list[str]:
    """What is found; with ``beside`` also the facts that changed history no longer fits."""
    found = [each.says for each in seals.verify(anchors).broken]
    return [says for says in found if beside or not says.endswith(BESIDE)]


def test_every_act_is_sealed_once_and_found_as_it_was(sealed):
    found = seals.verify()
    assert found.broken == []  # nor is a fact other than its history
    assert found.acts == Context.objects.count() == SealedAct.objects.count() > 5
    assert (found.unsealed, seals.seal(NOW)) == (0, 0)
    links = list(Seal.objects.filter(agreement=sealed.agreement).order_by("seq"))
    assert [link.seq for link in links] == [1]


def test_what_is_recorded_later_joins_the_chain(sealed):
    ledger.issue_units(investor=sealed.investors["Dale"], units=7, on=ON, when=sealed.at(ON))
    assert seals.verify().unsealed == 1
    seals.seal(NOW)
    first, second = Seal.objects.filter(agreement=sealed.agreement).order_by("seq")
    assert second.previous == first.digest
    assert seals.verify().broken == []


MADE_OF = "The fingerprints in it are not those it was made of."
GONE, OTHER = "The act is gone.", "The act, or a row it wrote, is not as it was sealed."


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("update investors_ledgerentryevent set change = change + 1 where pgh_id ="
         " (select max(pgh_id) from investors_ledgerentryevent)", OTHER),
        ("delete from investors_ledgerentryevent where pgh_id ="
         " (select max(pgh_id) from investors_ledgerentryevent)", OTHER),
        ("insert into investors_ledgerentryevent select * from (select (jsonb_populate_record("
         "e, jsonb_build_object('pgh_id', 999999))).* from investors_ledgerentryevent e limit 1) x",
         OTHER),
        ("update pghistory_context set metadata = jsonb_set(metadata, '{actor}', '\"Nobody\"')"
         " where id = (select act from investors_sealedact order by act limit 1)", OTHER),
        ("update pghistory_context set created_at = created_at + interval '1 microsecond'"
         " where id = (select act from investors_sealedact order by act limit 1)", OTHER),
        ("delete from pghistory_context where id ="
         " (select act from investors_sealedact order by act limit 1)", GONE),
        ("update notices_deliveryevent set of_agreement = null", OTHER),
        ("update investors_sealedact set agreement_id = null where place = 1", MADE_OF),
        ("update investors_seal set sealed_at = sealed_at + interval '1 second'"
         " where agreement_id is not null", MADE_OF),
    ],
)  # fmt: skip
def test_a_change_is_found_and_the_act_named(sealed, sql, says):
    tamper(sql)
    found = [each for each in seals.verify().broken if not each.says.endswith(BESIDE)]
    assert {each.says for each in found} == {says}
    assert all(each.act for each in found) == (says is not MADE_OF)


def test_two_rows_swapped_are_found(sealed):
    ids = LedgerEntry.pgh_event_model.objects.order_by("-pgh_id").values_list("pgh_id", flat=True)
    low, high = sorted([ids[0], ids[5]])
    tamper("update investors_ledgerentryevent set pgh_id = %s where pgh_id = %s", 10**9, low)
    tamper("update investors_ledgerentryevent set pgh_id = %s where pgh_id = %s", low, high)
    tamper("update investors_ledgerentryevent set pgh_id = %s where pgh_id = %s", high, 10**9)
    assert OTHER in broken()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_byte_of_any_history_row_is_missed_by_nothing(sealed, data):
    texts = [
        (table, column)
        for table, columns in seals.shape().items()
        for column in columns
        if column in ("name", "note", "reason", "kind", "lines", "text", "security", "title")
    ]
    with connection.cursor() as cursor:
        there = []
        for table, column in texts:
            cursor.execute(
                f"select pgh_id, {column} from {table}"  # noqa: S608
                f" where pgh_context_id is not null and {column} <> '' order by pgh_id"
            )
            there += [(table, column, pk, value) for pk, value in cursor.fetchall()]
    table, column, pk, value = data.draw(st.sampled_from(there))
    at = data.draw(st.integers(0, len(value) - 1))
    other = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
    sql = f"update {table} set {column} = %s where pgh_id = %s"  # noqa: S608
    tamper(sql, other, pk)
    assert broken() == [OTHER]
    tamper(sql, value, pk)
    assert broken() == []


def test_a_fact_changed_beside_its_history_is_found(sealed):
    tamper("update investors_investor set name = 'Somebody' where name = 'Cedar'")
    pk = sealed.investors["Cedar"].pk
    assert broken(beside=True) == [f"investor {pk}{BESIDE}"]


def test_history_by_an_act_there_is_not_is_found(sealed):
    tamper(
        "insert into investors_ledgerentryevent select * from (select (jsonb_populate_record("
        "e, jsonb_build_object('pgh_id', 999999, 'pgh_context_id', gen_random_uuid()))).*"
        " from investors_ledgerentryevent e order by pgh_id limit 1) x"
    )
    assert "Rows of history are by no act there is." in broken()


def test_a_row_put_under_an_old_act_in_a_younger_history_is_found(sealed, monkeypatch):
    whole = seals.shape()
    younger = {table: cols for table, cols in whole.items() if "ledgerentry" not in table}
    tamper("delete from investors_sealedact")
    tamper("delete from investors_seal")
    monkeypatch.setattr(seals, "shape", lambda: younger)
    seals.seal(NOW)
    assert broken() == []
    monkeypatch.undo()
    assert OTHER in broken()


def test_a_tail_cut_off_is_found_by_a_head_kept_elsewhere_and_not_without(sealed, tmp_path):
    ledger.issue_units(investor=sealed.investors["Dale"], units=7, on=ON, when=sealed.at(ON))
    seals.seal(NOW)
    kept = seals.anchor(tmp_path, NOW)
    assert len(kept) == Seal.objects.values("agreement").distinct().count()
    last = Seal.objects.filter(agreement=sealed.agreement).latest("seq")
    acts = list(SealedAct.objects.filter(seal=last).values_list("act", flat=True))
    tamper("delete from investors_ledgerentryevent where pgh_context_id = any (%s)", acts)
    tamper("delete from pghistory_context where id = any (%s)", acts)
    tamper("delete from investors_sealedact where seal_id = %s", last.pk)
    tamper("delete from investors_seal where id = %s", last.pk)

    assert broken() == []  # the control: the chain alone does not know where it ended
    assert broken(kept) == ["The chain ends before a head that was kept."]


def test_a_chain_written_anew_is_another_than_the_one_kept(sealed, tmp_path):
    kept = seals.anchor(tmp_path, NOW)
    tamper("update investors_ledgerentryevent set change = change + 1")
    tamper("delete from investors_sealedact")
    tamper("delete from investors_seal")
    seals.seal(NOW)
    assert broken() == []
    assert "The chain is another than the one that was kept." in broken(kept)


def test_heads_are_kept_once_a_day(sealed, tmp_path):
    assert seals.anchor(tmp_path, NOW)
    assert seals.anchor(tmp_path, NOW) == []
    assert seals.anchor(tmp_path, NOW + timedelta(days=1))
    lines = (tmp_path / "anchors.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["2003-06-10"] * (len(lines) // 2) + [
        "2003-06-11"
    ] * (len(lines) // 2)


def test_a_column_added_later_leaves_old_seals_whole(sealed):
    with connection.cursor() as cursor:
        cursor.execute("alter table investors_ledgerentryevent add column later text default 'x'")
    assert broken() == []


def test_the_application_cannot_change_a_seal(bestnet):
    from django.db import DatabaseError, transaction

    seals.seal(NOW)
    for change in (
        lambda: Seal.objects.update(digest="0" * 64), lambda: SealedAct.objects.all().delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_once_a_day_it_is_looked_through_and_counsel_see_what_was_found(
    sealed, settings, tmp_path, client
):
    settings.ANCHOR_DIR, settings.ANCHOR_TO = tmp_path, ["auditor@firm.example"]
    with time_machine.travel(NOW, tick=False):
        tasks.watch_trail()
        assert "audit trail" not in client_page(client, sealed)
        (mail,) = Mail.objects.filter(recipient="auditor@firm.example")
        assert mail.body.splitlines() == (tmp_path / "anchors.txt").read_text().splitlines()
        tamper("update investors_ledgerentryevent set change = change + 1")
        tasks.watch_trail()  # not due yet
        assert not any(job.name == "trail" and job.dead for job in pulse(NOW))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        tasks.watch_trail()
        assert "The audit trail is not as it was sealed." in client_page(client, sealed)
        (found,) = [p for p in pulse(NOW) if p.name == "trail"]
        assert found.dead


def client_page(client, world) -> str:
    client.force_login(world.counsel, "django.contrib.auth.backends.ModelBackend")
    return client.get("/a/bestnet/").content.decode().split("<main", 1)[1]


def test_the_command_says_where_and_fails(sealed, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_trail", stdout=out)
    assert "acts are as they were sealed" in out.getvalue()
    tamper("update investors_ledgerentryevent set change = change + 1 where pgh_id ="
           " (select max(pgh_id) from investors_ledgerentryevent)")  # fmt: skip
    with pytest.raises(CommandError, match="broken in 2 places"):
        call_command("verify_trail", stdout=out, stderr=err)
    assert "bestnet, link 1, act" in err.getvalue()


def test_what_is_exported_is_checked_by_anybody(sealed, client, tmp_path):
    client.force_login(sealed.counsel, "django.contrib.auth.backends.ModelBackend")
    answer = client.get("/a/bestnet/audit/sealed/")
    lines = answer.getvalue().decode().splitlines()
    assert "sealed" in answer["Content-Disposition"]
    head = Seal.objects.filter(agreement=sealed.agreement).latest("seq").digest
    assert wrong_with(lines, head) == ""
    assert wrong_with(lines, "0" * 64).startswith("The head that was kept is not in")
    link = json.loads(lines[0])
    assert all(isinstance(act, str) for act in link["acts"])
    for changed in (
        {**link, "acts": [link["acts"][0].replace("2003", "2004"), *link["acts"][1:]]},
        {**link, "acts": link["acts"][1:]},
        {**link, "seq": 2},
    ):
        assert wrong_with([json.dumps(changed)])
    file = tmp_path / "trail.jsonl"
    file.write_text("\n".join(lines))
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/check_trail.py", file, head], capture_output=True
    )
    assert (done.returncode, done.stdout) == (0, b"1 links: nothing was changed.\n")


def test_one_agreement_s_chain_tells_nothing_of_another_s(sealed):
    tell.build({"Yew": 600}, slug="elsewhere")
    seals.seal(NOW)
    other = Agreement.objects.get(slug="elsewhere")
    ours = {act for link in seals.export(sealed.agreement) for act in link["acts"]}
    theirs = {act for link in seals.export(other) for act in link["acts"]}
    assert ours.isdisjoint(theirs)
    assert not any("Yew" in act for act in ours)
