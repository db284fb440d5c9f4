"""Row-level security: what the database itself keeps from whoever asks, with every filter of
the program's own switched off; and that those filters hold without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.http import Http404

from config.embedded import APP
from investors import sight
from investors.acts import act
from investors.models import (
    Agreement,
    Investor,
    LedgerEntry,
    User,
)
from investors.models.agreements import AgreementQuerySet, CompanyQuerySet
from investors.models.parties import InvestorQuerySet
from notices.models import Notice
from registrations.models import JointDemand, JointSignature
from registrations.models.matters import DemandQuerySet
from registrations.views.portal.scope import PortalPage

from .places import Place, Visitors, primary_key
from .policy import POLICY, Policy
from .test_who_may_see_what import leaks

# What belongs to a person's account, or to nobody, and says nothing of an agreement: what
# everything else is decided from.
OPEN = {
    "account_emailaddress", "account_emailconfirmation", "auth_group",
    "auth_group_permissions", "auth_permission",
    "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog",
    "axes_accesslog", "django_admin_log", "django_content_type", "django_migrations",
    "django_session", "knox_authtoken", "investors_accountrecord", "investors_accountrecordevent",
    "investors_apitoken", "investors_apitokenevent", "investors_auditor",
    "investors_auditorevent", "investors_calendarfeed",
    "investors_mailchoice", "investors_membership", "investors_membershipevent",
    "investors_representative", "investors_representativeevent", "investors_sealshape",
    "investors_user",
    "investors_user_groups", "investors_user_user_permissions", "investors_userevent",
    "mfa_authenticator", "notices_heartbeat", "usersessions_usersession",
}  # fmt: skip


def asked(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture
def narrowed() -> Iterator[None]:
    """What a test narrowed is wide again for the next."""
    yield
    sight.widen()


def test_every_table_is_guarded_or_known_to_be_open(db: None) -> None:
    guarded = dict(
        asked(
            "select relname, relrowsecurity and relforcerowsecurity from pg_class"
            " where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
    )

    assert {table for table, held in guarded.items() if not held} - OPEN == set()
    assert {table for table in OPEN if guarded.get(table)} == set()


def test_every_row_carries_the_agreement_it_is_of(place: Place) -> None:
    """The marks are filled by the database as rows come, whoever inserts them."""
    marked = asked(
        "select table_name, column_name from information_schema.columns"
        " where column_name = 'of_agreement' and table_schema = 'public' order by 1"
    )
    known = set(Agreement.objects.values_list("pk", flat=True))
    filled = 0
    for table, column in marked:
        for (agreement,) in asked(f"select {column} from {table}"):  # noqa: S608
            assert agreement in known, table
            filled += 1

    assert len(marked) > 60
    assert filled > 80


def test_who_asks_for_nothing_sees_nothing(place: Place, narrowed: None) -> None:
    sight.narrow(None)

    assert [m.__name__ for m in of_agreements() if m._base_manager.exists()] == []


def test_every_row_is_seen_by_counsel_of_its_company_alone(place: Place, narrowed: None) -> None:
    """Of two companies each counsel sees the rows of their own, and together they see all."""
    # What a person or a company has beside any agreement, and the jobs' mail.
    beside = ("Company", "Submission", "KeptAnswer", "Mail", "Calendar")
    private = ("Joint", "AnswerDraft")  # an Investor's, until it goes
    models = [m for m in of_agreements() if not m.__name__.startswith(beside + private)]
    there = {m: m._base_manager.count() for m in models}
    other = User.objects.get(email="counsel@elsewhere.example")

    sight.narrow(place.world.stranger)
    assert [m.__name__ for m in models if m._base_manager.exists()] == []
    sight.narrow(other)
    theirs = {m: m._base_manager.count() for m in models}
    sight.narrow(place.world.counsel)
    for model, count in there.items():
        assert model._base_manager.count() == count - theirs[model], model
    assert sum(theirs.values()) > 40


@pytest.mark.parametrize("who", ["dale", "birch"])
def test_an_investor_s_person_sees_no_row_about_another(
    place: Place, who: str, narrowed: None
) -> None:
    mine = Investor.objects.get(name__iexact=who)
    sight.narrow(place.investors[who])

    assert list(Investor.objects.all()) == [mine]
    assert LedgerEntry.objects.exists()
    for model in of_agreements():
        for field in model._meta.concrete_fields:
            if field.related_model is Investor and model.__name__ != "JointDemand":
                about = set(model._base_manager.values_list(field.attname, flat=True))
                assert about <= {mine.pk, None}, (model, field.name)


def test_a_token_for_one_agreement_opens_no_row_of_another(place: Place, narrowed: None) -> None:
    other = Agreement.objects.create(
        company=place.world.company, title="Another", slug="another", dated_on=date(2003, 1, 1),
        time_zone="America/Detroit",
    )  # fmt: skip
    counsel = place.world.counsel
    counsel.token = Token(other.pk)
    sight.narrow(counsel)

    assert list(Agreement.objects.all()) == [other]
    assert not Notice.objects.exists()


class Token:
    def __init__(self, agreement_id: int) -> None:
        self.agreement_id = agreement_id


def test_an_act_sees_its_agreement_whole_and_afterwards_no_more_than_before(
    place: Place, narrowed: None
) -> None:
    dale = place.investors["dale"]
    sight.narrow(dale)
    own = place.world.agreement

    with act(own, "test", by=dale, says="Looked"):
        assert Investor.objects.count() > 3
    assert Investor.objects.count() == 1

    def fails() -> None:
        with act(own, "test", by=dale, says="Looked"):
            raise Http404

    with pytest.raises(Http404):
        fails()
    assert Investor.objects.count() == 1


def test_a_row_cannot_be_written_where_it_cannot_be_seen(place: Place, narrowed: None) -> None:
    notice = Notice.objects.first()
    assert notice is not None
    sight.narrow(place.world.stranger)

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Notice.objects.create(agreement_id=notice.agreement_id, number=999, kind=Notice.Kind.DEMAND)
    assert Investor.objects.update(name="Taken over") == 0


def test_the_owner_of_a_table_is_held_too(place: Place, as_superuser: None) -> None:
    """FORCE: a program that signs in as the owner by mistake sees no more."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table investors_investor owner to {APP}")
        cursor.execute(f"set local role {APP}")
        cursor.execute("set local rightsbook.everything = 'off'")

    assert not Investor.objects.exists()


def test_what_an_investor_prepares_is_hidden_from_counsel(place: Place, narrowed: None) -> None:
    """A demand being signed, and a draft, are the Investors' own until they go."""
    sight.narrow(place.world.counsel)
    assert not JointDemand.objects.exists()
    assert not JointSignature.objects.exists()
    sight.narrow(place.investors["dale"])
    assert JointSignature.objects.get().investor.name == "Dale"


# --- One without the other ------------------------------------------------------------------


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as if it had forgotten everywhere to ask what a person may see."""

    def every(rows: Any, user: User) -> Any:
        return rows

    for kind in (AgreementQuerySet, CompanyQuerySet, DemandQuerySet):
        for name in ("visible_to", "editable_by"):
            monkeypatch.setattr(kind, name, every)
    monkeypatch.setattr(InvestorQuerySet, "represented_by", every)

    def find_investor(page: PortalPage, user: User, public_id: Any) -> None:
        found = Investor.objects.filter(public_id=public_id).select_related("agreement__company")
        page.investor = found.first()  # type: ignore[assignment]
        if page.investor is None:
            raise Http404
        page.may_sign = True

    monkeypatch.setattr(PortalPage, "find_investor", find_investor)


def asked_everywhere(place: Place, method: str) -> list[str]:
    """What strangers and Investors' people are told anywhere that is not theirs to know."""
    people = {"stranger": place.world.stranger, **place.investors}
    # A page that meets rows it never met without its filter may break: it must not tell.
    visitors = Visitors(people, raise_request_exception=False)
    told = []
    for route, policy in POLICY.items():
        if policy is Policy.OPEN:
            continue
        address = primary_key(place, route).address(route)
        for who in visitors.people:
            answer = visitors.ask(who, method, address)
            to = "" if who == "stranger" else who
            told += [f"{address}: {leak}" for leak in leaks(answer, place, to=to)]
            strange = who == "stranger" and policy is not Policy.SIGNED_IN
            if strange and answer.status_code not in (404, 405):
                told.append(f"{address}: to a stranger it exists ({answer.status_code})")
    return told


@pytest.mark.parametrize("method", ["get", "post"])
@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_the_database_alone_keeps_what_is_another_s(
    place: Place, unfiltered: None, method: str
) -> None:
    assert asked_everywhere(place, method) == []


@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_without_either_everything_is_told(
    place: Place, unfiltered: None, as_superuser: None
) -> None:
    """The control: with both switched off the same questions find leaks at every turn."""
    assert len(asked_everywhere(place, "get")) > 50


@pytest.mark.parametrize("method", ["get", "post"])
@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_the_filters_alone_keep_what_is_another_s(
    place: Place, as_superuser: None, method: str
) -> None:
    """Row-level security holds no superuser: it is as good as off."""
    assert asked_everywhere(place, method) == []


def of_agreements() -> list[type[models.Model]]:
    """The models whose rows belong to some agreement, their history and the trail too."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("investors", "notices", "registrations")
        and model._meta.managed
        and model._meta.db_table not in OPEN
    ]
