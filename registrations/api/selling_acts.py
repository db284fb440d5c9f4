"""Acts that carry a registration through by REST: suspensions, prospectuses, blue sky (S2–S4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from investors.acts import Conflict
from notices.models import Method

from ..models import Demand, ProspectusCopies, StateEntry, Statement, Suspension, SuspensionAnswer
from ..rules.blue_sky import STATES
from ..services import prospectuses, selling
from ..services.matters import statement_of
from ..services.prospectuses import Sent
from ..services.recording import MEANWHILE
from .acting import Act, documented
from .acts import CompanyCopyBody
from .bodies import MOST_INVESTORS, Body, Day, InvestorField, copy_of, read_body, text
from .doors import fields_named
from .selling import ENTRIES, SellingShape, entries_about, selling_data


def _clock() -> serializers.TimeField:
    return serializers.TimeField(
        required=False,
        allow_null=True,
        default=None,
        input_formats=["%H:%M", "%H:%M:%S"],
        help_text="Time of day in the agreement’s zone, as 16:10, where known.",
    )


def _suspension() -> serializers.CharField:
    return serializers.CharField(max_length=12, help_text="Its reference, such as S-1.")


def _investors() -> serializers.ListField:
    return serializers.ListField(
        child=InvestorField(), allow_empty=False, max_length=MOST_INVESTORS
    )


def _copies(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10**6, default=None,
        help_text=help_text,
    )  # fmt: skip


class CarriedAct(Act):
    """An act on the statement of a registration, answered with the whole as it then stands."""

    def carry(self, demand: Demand, attempt: Callable[[], Any]) -> Response:
        today = demand.agreement.day_of(self.now)
        return self.do(attempt, lambda _: selling_data(demand, today, today), demand=demand)

    def statement(self, demand: Demand) -> Statement:
        """The statement filed for a matter.  Raises ``Refused`` where none is on record."""
        statement = statement_of(demand)
        statement.demand = demand
        return statement

    def suspension(self, demand: Demand, reference: str) -> Suspension:
        """One of the suspensions under it, by its reference."""
        statement = self.statement(demand)
        number = re.fullmatch(r"S-([0-9]{1,6})", reference)
        found = statement.suspensions.filter(number=int(number[1])).first() if number else None
        if found is None:
            raise ValidationError({"suspension": "There is no such suspension."})
        found.statement = statement
        return found


class AmendedBody(Body):
    on = Day(help_text="The day the prospectus was amended, or found to need it.")
    time = _clock()
    note = serializers.CharField(max_length=4000, help_text="What is amended, and why.")


class Suspensions(CarriedAct):
    @documented(AmendedBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the prospectus is amended, and begin the suspension (S4)."""
        matter = self.matter(demand)
        given, _ = read_body(AmendedBody, request, matter.agreement)
        statement = self.statement(matter)
        return self.carry(
            matter,
            lambda: selling.begin_suspension(statement=statement, when=self.when, **given),
        )


class SuspensionNoticeBody(Body):
    suspension = _suspension()
    copies = CompanyCopyBody(many=True, allow_empty=False, max_length=MOST_INVESTORS)  # type: ignore[call-arg]  # a list takes it
    asks_to_stop = serializers.BooleanField(
        help_text="Whether it asks them to stop offers and return their copies."
    )
    time = _clock()
    note = text(4000)


class SuspensionNotices(CarriedAct):
    @documented(SuspensionNoticeBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record a notice to Selling Investors that the prospectus is amended, and whether
        it asks them to stop offers (S4, N1 to N5)."""
        matter = self.matter(demand)
        given, register = read_body(SuspensionNoticeBody, request, matter.agreement)
        suspension = self.suspension(matter, given.pop("suspension"))
        places = {each["investor"].pk: n for n, each in enumerate(given["copies"])}
        copies = [
            (each["investor"], copy_of(each, register, each["investor"], f"copies.{n}."))
            for n, each in enumerate(given.pop("copies"))
        ]

        def named(field: str) -> str:
            if found := re.fullmatch(r"(\w+)_(\d+)", field):
                return f"copies.{places[int(found[2])]}.{found[1]}"
            return "copies" if field == "investors" else field

        def attempt() -> Any:
            with fields_named(named):
                return selling.record_letter(
                    suspension=suspension, copies=copies, when=self.when, **given
                )

        return self.carry(matter, attempt)


class StopAnswerBody(Body):
    """What Selling Investors did: acknowledged, or returned copies of the prospectus.
    ``copies`` is of each, only for a return."""

    suspension = _suspension()
    investors = _investors()
    kind = serializers.ChoiceField(SuspensionAnswer.Kind.choices)
    on = Day()
    copies = _copies("Copies that came back from each; left out where nobody counted them.")


class SuspensionAnswers(CarriedAct):
    @documented(StopAnswerBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that Selling Investors acknowledged, or sent prospectuses back (S4)."""
        matter = self.matter(demand)
        given, _ = read_body(StopAnswerBody, request, matter.agreement)
        suspension = self.suspension(matter, given.pop("suspension"))
        return self.carry(
            matter,
            lambda: selling.record_stop_answer(suspension=suspension, when=self.when, **given),
        )


class ReleaseBody(Body):
    suspension = _suspension()
    on = Day()
    time = _clock()
    note = serializers.CharField(max_length=4000, help_text="How it was taken back, and why.")


class SuspensionReleases(CarriedAct):
    @documented(ReleaseBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the Company took back its request to stop (S4)."""
        matter = self.matter(demand)
        given, _ = read_body(ReleaseBody, request, matter.agreement)
        suspension = self.suspension(matter, given.pop("suspension"))
        return self.carry(
            matter, lambda: selling.release(suspension=suspension, when=self.when, **given)
        )


class FurnishBody(Body):
    """Prospectuses that went the same way on the same day.  ``suspension`` only for a
    revised one: whose amendment it carries."""

    investors = _investors()
    kind = serializers.ChoiceField(ProspectusCopies.Kind.choices)
    suspension = serializers.CharField(required=False, allow_blank=True, max_length=12, default="")
    method = serializers.ChoiceField(Method.choices)
    copies = _copies("Copies to each; left out where nobody counted them.")
    sent_on = Day(required=False, allow_null=True, default=None)
    received_on = Day(required=False, allow_null=True, default=None)


class Prospectuses(CarriedAct):
    @documented(FurnishBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record prospectuses furnished to Selling Investors (S2, S4)."""
        matter = self.matter(demand)
        given, _ = read_body(FurnishBody, request, matter.agreement)
        reference = given.pop("suspension")
        suspension = self.suspension(matter, reference) if reference else None
        statement = self.statement(matter)
        sent = Sent(**{name: given.pop(name) for name in Sent._fields})
        return self.carry(
            matter,
            lambda: prospectuses.furnish(
                statement=statement, suspension=suspension, sent=sent, when=self.when, **given
            ),
        )


class StateBody(Body):
    """A dated entry about a state.  ``investor`` only for a request: who asked."""

    state = serializers.ChoiceField(list(STATES.items()))
    kind = serializers.ChoiceField(StateEntry.Kind.choices)
    on = Day()
    investor = InvestorField(required=False, allow_null=True, default=None)
    note = text(4000, help_text="Needed where it is not needed there: why.")


class States(CarriedAct):
    @documented(StateBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that a state was asked for, or what was done there (S3)."""
        matter = self.matter(demand)
        given, _ = read_body(StateBody, request, matter.agreement)
        statement = self.statement(matter)
        return self.carry(
            matter,
            lambda: prospectuses.record_state(statement=statement, when=self.when, **given),
        )


class CarriedCorrectionBody(Body):
    """What an entry should have said.  What is left out stays; a field that is not of its
    kind is refused."""

    what = serializers.ChoiceField(list(ENTRIES))
    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry, as you last read it."
    )
    on = Day(required=False)
    time = serializers.TimeField(
        required=False, allow_null=True, input_formats=["%H:%M", "%H:%M:%S"]
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    asks_to_stop = serializers.BooleanField(required=False)
    copies = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10**6)
    method = serializers.ChoiceField(Method.choices, required=False)
    sent_on = Day(required=False, allow_null=True)
    received_on = Day(required=False, allow_null=True)
    reason = text(help_text="Why.  Not needed where only what was not known is filled in.")


def _furnished(replaces: ProspectusCopies, reason: str, when: Any, **data: Any) -> Any:
    return prospectuses.correct_furnished(
        replaces=replaces, sent=Sent(**data), reason=reason, when=when
    )


CORRECT: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "amendment": (selling.correct_suspension, ("on", "time", "note")),
    "notice": (selling.correct_letter, ("asks_to_stop", "time")),
    "answer": (selling.correct_stop_answer, ("on", "copies")),
    "prospectus": (_furnished, Sent._fields),
    "state": (prospectuses.correct_state, ("on", "note")),
}
"""The service that corrects an entry, and what of it can be corrected."""


class CorrectCarried(CarriedAct):
    @documented(CarriedCorrectionBody, SellingShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Correct an entry on how a registration is carried through, by one that replaces
        it."""
        matter = self.matter(demand)
        given, _ = read_body(CarriedCorrectionBody, request, matter.agreement)
        what, number, reason = (given.pop(name) for name in ("what", "replaces", "reason"))
        correct, names = CORRECT[what]
        for name in given:
            if name not in names:
                raise ValidationError({name: f"This is no part of “{what}”."})
        entries = entries_about(matter, what)
        if number > len(entries):
            raise ValidationError({"replaces": "There is no such entry."})
        entry = entries[number - 1]
        if hasattr(entry, "replacement"):
            raise Conflict("replaces", MEANWHILE)
        data = {name: given.get(name, getattr(entry, name)) for name in names}
        return self.carry(
            matter,
            lambda: correct(replaces=entry, reason=reason, when=self.when, **data),
        )
