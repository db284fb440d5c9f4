"""Acts on a matter by REST: notices, answers, filing, decisions.  Each may be previewed."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..keys import internal_about
from ..models import Demand, StatementRecord
from ..services import correspondence, matters
from .acting import Act, documented, numbered
from .bodies import (
    AskBody,
    Body,
    CopyBody,
    Day,
    InvestorField,
    Whole,
    ask_of,
    copy_of,
    read_body,
    text,
)
from .doors import fields_named
from .matters import DecisionsShape, DemandShape, decisions_data, demand_data
from .notices import notice_data
from .shapes import NoticeInFull


class DemandNoticeBody(CopyBody):
    investors = AskBody(many=True, allow_empty=False, max_length=10_000)  # type: ignore[call-arg]  # a list takes it
    note = text()


class DemandNotices(Act):
    @documented(DemandNoticeBody, DemandShape)
    def post(self, request: Request, slug: str) -> Response:
        """Record a Demand Notice to the Company and begin its matter (D1)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, register = read_body(DemandNoticeBody, request, agreement)
        asks = [ask_of(each) for each in given["investors"]]
        copy = copy_of(given, register, None)

        def attempt() -> Demand:
            with fields_named(lambda field: _of_asks(field, len(asks))):
                return correspondence.record_demand_notice(
                    agreement=agreement, asks=asks, copy=copy, note=given["note"], when=self.when
                )

        return self.do(attempt, demand_data)


def _of_asks(field: str, count: int) -> str:
    if field not in ("units", "shares"):
        return field
    return f"investors.0.{field}" if count == 1 else "investors"


class CompanyCopyBody(CopyBody):
    investor = InvestorField()


class CompanyNoticeBody(Body):
    copies = CompanyCopyBody(many=True, allow_empty=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    note = text()


class CompanyNotices(Act):
    @documented(CompanyNoticeBody, NoticeInFull)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record the Company Notice to other Investors, a copy each (D2)."""
        matter = self.matter(demand)
        given, register = read_body(CompanyNoticeBody, request, matter.agreement)
        places = {each["investor"].pk: n for n, each in enumerate(given["copies"])}
        copies = [
            (each["investor"], copy_of(each, register, each["investor"], f"copies.{n}."))
            for n, each in enumerate(given["copies"])
        ]

        def named(field: str) -> str:
            if found := re.fullmatch(r"(\w+)_(\d+)", field):
                return f"copies.{places[int(found[2])]}.{found[1]}"
            return "copies" if field == "investors" else field

        def attempt() -> Any:
            with fields_named(named):
                return correspondence.record_company_notice(
                    demand=matter, copies=copies, note=given["note"], when=self.when
                )

        return self.do(attempt, notice_data, demand=matter)


class AnswerBody(CopyBody, AskBody):
    declines = serializers.BooleanField(default=False)
    note = text()


class Answers(Act):
    @documented(AnswerBody, NoticeInFull)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record an Investor’s written answer: a request to join, or with `declines` that
        it does not (D4, D5)."""
        matter = self.matter(demand)
        given, register = read_body(AnswerBody, request, matter.agreement)

        def attempt() -> Any:
            return correspondence.record_answer(
                demand=matter,
                ask=ask_of(given),
                copy=copy_of(given, register, None),
                declines=given["declines"],
                note=given["note"],
                when=self.when,
            )

        return self.do(attempt, notice_data, demand=matter)


class CoverBody(Body):
    investor = InvestorField()
    shares = Whole(help_text="Registrable Shares covered.")


class FilingBody(Body):
    on = Day()
    covers = CoverBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    form = text(12)
    file_number = text(20)


class FileStatement(Act):
    @documented(FilingBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the Registration Statement was filed, and what it covers (D6, D7, D10)."""
        matter = self.matter(demand)
        given, _ = read_body(FilingBody, request, matter.agreement)
        covers = {each["investor"].pk: each["shares"] for each in given.pop("covers", [])}

        def attempt() -> Any:
            return matters.record_filing(demand=matter, covers=covers, **given, when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class DayBody(Body):
    on = Day()


class Effectiveness(Act):
    @documented(DayBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record the day the statement became effective (D9)."""
        matter = self.matter(demand)
        given, _ = read_body(DayBody, request, matter.agreement)

        def attempt() -> Any:
            return matters.record_effectiveness(demand=matter, on=given["on"], when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class AllSold(Act):
    @documented(DayBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record the day all covered shares had been sold (S1)."""
        matter = self.matter(demand)
        given, _ = read_body(DayBody, request, matter.agreement)

        def attempt() -> Any:
            return matters.record_all_sold(demand=matter, on=given["on"], when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class StatementEventBody(Body):
    """Something that happened to the statement.  ``detail`` only for ``method`` (resale,
    firm) and ``withdrawn`` (investors, learned: at their request, solely for material
    information learned later, company); ``covers`` only for an amendment."""

    kind = serializers.ChoiceField(
        [c for c in StatementRecord.Kind.choices if c[0] != StatementRecord.Kind.FILED]
    )
    on = Day()
    detail = serializers.ChoiceField(
        StatementRecord.Detail.choices, required=False, allow_blank=True, default=""
    )
    note = text(4000)
    covers = CoverBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it


class StatementEvents(Act):
    @documented(StatementEventBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record what happened to the statement filed for a demand (D10, D13, S1)."""
        matter = self.matter(demand)
        given, _ = read_body(StatementEventBody, request, matter.agreement)
        covers = {each["investor"].pk: each["shares"] for each in given.pop("covers", ())}

        def attempt() -> StatementRecord:
            return matters.record_event(
                statement=matters.statement_of(matter), covers=covers, when=self.when, **given
            )

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class StatementCorrectionBody(Body):
    """What an entry about the statement should have said.  What is left out stays."""

    kind = serializers.ChoiceField(StatementRecord.Kind.choices)
    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry of that kind, as you last read it."
    )
    on = Day(required=False)
    covers = CoverBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    file_number = serializers.CharField(required=False, allow_blank=True, max_length=20)
    detail = serializers.ChoiceField(
        StatementRecord.Detail.choices, required=False, allow_blank=True
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    reason = text(help_text="Why. It stays on the record.")


class CorrectStatement(Act):
    @documented(StatementCorrectionBody, DemandShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Correct an entry about the statement, such as its day or what the statement
        covers, by one that replaces it."""
        matter = self.matter(demand)
        given, _ = read_body(StatementCorrectionBody, request, matter.agreement)
        entry = standing_entry(matter, given["kind"], given["replaces"])
        covers = None
        if "covers" in given:
            covers = {each["investor"].pk: each["shares"] for each in given["covers"]}

        def attempt() -> StatementRecord:
            return matters.correct_statement_record(
                replaces=entry,
                on=given.get("on", entry.on),
                reason=given["reason"],
                covers=covers,
                file_number=given.get("file_number"),
                detail=given.get("detail"),
                note=given.get("note"),
                when=self.when,
            )

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


def standing_entry(demand: Demand, kind: str, number: int) -> StatementRecord:
    """The entry of that kind and number about a demand’s statement, if it still stands."""
    entries = list(
        StatementRecord.objects.filter(statement__demand=demand, kind=kind)
        .select_related("statement__agreement", "statement__demand__agreement", "replacement")
        .order_by("pk")
    )
    if number <= len(entries) and not hasattr(entries[number - 1], "replacement"):
        return entries[number - 1]
    return numbered(number, entries, "of this kind")


class DecisionBody(Body):
    about = serializers.CharField(
        max_length=60, help_text="A question `open_to_decision`, such as eligibility."
    )
    choice = serializers.CharField(max_length=40, help_text="The name of the reading.")
    decided_on = Day()
    reason = text(help_text="Why. It stays on the record.")


class Decisions(Act):
    @extend_schema(responses=DecisionsShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """What was decided in a matter, and what may be (N8)."""
        return Response(decisions_data(self.demand(demand)))

    @documented(DecisionBody, DecisionsShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record counsel’s choice between readings; it governs from then on (N8)."""
        matter = self.matter(demand)
        given, _ = read_body(DecisionBody, request, matter.agreement)
        given["about"] = internal_about(given["about"], matter)

        def attempt() -> Any:
            return matters.decide(demand=matter, **given, when=self.when)

        return self.do(attempt, lambda _: decisions_data(matter), demand=matter)
