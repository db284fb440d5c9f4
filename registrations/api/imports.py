"""Imports of a register by REST: send the file, say which column is what, look, import.

Reading and writing go on without the caller: ask the import how far it has got.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement, Import, ImportRow, Job, LedgerEntry

from ..services import imports, jobs
from ..spreadsheets.fields import DATES, LABELS, NAMES, Reads
from .bodies import Body, Day, read_body
from .doors import Door
from .paging import Listing

STATES = ("waiting", "working", "cancelling", "done", "failed", "cancelled")


class JobShape(serializers.Serializer):
    """Long work: whether it waits, is under way, or how it ended, and how far it has got.
    ``total`` is nought where nobody knows."""

    public_id = serializers.UUIDField()
    kind = serializers.ChoiceField(Job.Kind.choices)
    state = serializers.ChoiceField(STATES)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    says = serializers.CharField(allow_blank=True, help_text="What it does, made or failed at.")
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


def job_data(job: Job) -> dict[str, Any]:
    """A job as the API shows it."""
    far = jobs.far(job)
    return {
        "public_id": str(job.public_id), "kind": job.kind, "state": job.state, "done": far.done,
        "total": far.total, "says": job.failed or job.made.get("says", "") or far.says,
        "asked_at": job.asked_at.isoformat(),
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
    }  # fmt: skip


class ReadsShape(serializers.Serializer):
    """How a file is read: the number of the column, from 0, that says each thing."""

    columns = serializers.DictField(child=serializers.IntegerField())
    dates = serializers.ChoiceField(list(DATES.items()))
    security = serializers.ChoiceField(LedgerEntry.Security.choices)
    on = serializers.DateField(allow_null=True)
    party_from = serializers.DateField(allow_null=True)
    parts = serializers.BooleanField()


class ImportCounts(serializers.Serializer):
    """How many rows come to what; ``new`` counts Investors and ``holdings`` what is added."""

    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    adds = serializers.IntegerField()
    same = serializers.IntegerField()
    wrong = serializers.IntegerField()
    holdings = serializers.IntegerField()


class ImportShape(serializers.ModelSerializer):
    """A file with a register, how it is read, and what its rows come to."""

    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # its word
    reads = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    job = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = [
            "public_id", "source", "name", "sha256", "head", "reads", "counts", "job", "sent_at",
            "read_at", "written_at", "dropped_at",
        ]  # fmt: skip
        extra_kwargs = {"head": {"help_text": "The first line: the names of the columns."}}

    @extend_schema_field(ReadsShape)
    def get_reads(self, of: Import) -> dict[str, Any]:
        read = Reads.of(of.reads)._asdict()
        return read | {"on": read["on"] or None, "party_from": read["party_from"] or None}

    @extend_schema_field(ImportCounts(allow_null=True))
    def get_counts(self, of: Import) -> dict[str, int] | None:
        names = ("rows", "new", "adds", "same", "wrong", "holdings")
        return {name: of.counts[name] for name in names} if of.counts else None

    @extend_schema_field(JobShape(allow_null=True))
    def get_job(self, of: Import) -> dict[str, Any] | None:
        return job_data(of.job) if of.job is not None else None


class ImportBody(Body):
    source = serializers.CharField(  # type: ignore[assignment]  # also a serializer's own word
        max_length=80, help_text="Where it is from. Its columns are remembered under it."
    )
    file = serializers.FileField(
        max_length=200,
        help_text="CSV or .xlsx, whose first line names the columns; or an Open Cap "
        "Format .zip, which is read at once.",
    )


class Imports(Listing):
    """Files with a register sent to import, the latest first."""

    parser_classes = [MultiPartParser]
    most_bytes = imports.MOST_BYTES + 1024 * 1024
    serializer_class = ImportShape
    ordering_fields = ("sent_at",)
    ordering = ("-sent_at",)
    queryset = Import.objects.none()

    def get_queryset(self) -> QuerySet[Import]:
        agreement = self.agreement(self.kwargs["slug"])
        return Import.objects.filter(agreement=agreement).select_related("source", "job")

    @extend_schema(request={"multipart/form-data": ImportBody}, responses={201: ImportShape})
    def post(self, request: Request, slug: str) -> Response:
        """Send a file with a register.  Its columns are guessed, and nothing is read yet but an
        Open Cap Format file."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(ImportBody, request, agreement)
        of = imports.take_in(agreement=agreement, **given, when=self.when)
        return Response(ImportShape(of).data, status=201)


class OnImport(Door):
    """One import."""

    def of(self, public_id: UUID) -> Import:
        seen = Agreement.objects.visible_to(self.user)
        found = Import.objects.filter(agreement__in=seen)
        of = get_object_or_404(
            found.select_related("agreement__company", "source", "job"), public_id=public_id
        )
        self.about = of.agreement
        return of

    def shown(self, of: Import) -> Response:
        of = self.of(of.public_id)
        return Response(ImportShape(of).data, status=201)


class OneImport(OnImport):
    @extend_schema(responses=ImportShape)
    def get(self, request: Request, of: UUID) -> Response:
        """An import, and how far it has got."""
        return Response(ImportShape(self.of(of)).data)


class ColumnsBody(Body):
    columns = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=99),
        help_text=f"The number of the column, from 0, that says each of: {', '.join(NAMES)}.",
    )
    dates = serializers.ChoiceField(list(DATES.items()), default="iso")
    security = serializers.ChoiceField(
        LedgerEntry.Security.choices, default="unit", help_text="Where a row names none."
    )
    on = Day(required=False, help_text="Where a row has none: the day it was acquired.")
    party_from = Day(required=False, help_text="Where a row has none: the day it signed.")
    parts = serializers.BooleanField(
        default=True, help_text="Whether a row of Units brings their parts with it."
    )


class ChooseColumns(OnImport):
    @extend_schema(request=ColumnsBody, responses={201: ImportShape})
    def post(self, request: Request, of: UUID) -> Response:
        """Say which column is what, and have the file read that way.  An Open Cap Format file
        says so itself: with no columns it is read again."""
        mine = self.of(of)
        self.may_record(mine.agreement)
        given, _ = read_body(ColumnsBody, request, mine.agreement)
        if mine.form == "ocf" and not given["columns"]:
            imports.read_again(of=mine, when=self.when)
        else:
            imports.choose_columns(of=mine, **given, when=self.when)
        return self.shown(mine)


class NoBody(Body):
    """Nothing to give: the address says it all."""


class ConfirmImport(OnImport):
    @extend_schema(request=NoBody, responses={201: ImportShape})
    def post(self, request: Request, of: UUID) -> Response:
        """Have what was read written on the register: all of it, or nothing."""
        mine = self.of(of)
        self.may_record(mine.agreement)
        read_body(NoBody, request, mine.agreement)
        imports.confirm(of=mine, when=self.when)
        return self.shown(mine)


class DropImport(OnImport):
    @extend_schema(request=NoBody, responses={201: ImportShape})
    def post(self, request: Request, of: UUID) -> Response:
        """Lay an import aside: nothing of it comes on the register."""
        mine = self.of(of)
        self.may_record(mine.agreement)
        read_body(NoBody, request, mine.agreement)
        imports.drop(of=mine, when=self.when)
        return self.shown(mine)


class CancelJob(OnImport):
    @extend_schema(request=NoBody, responses={201: ImportShape})
    def post(self, request: Request, of: UUID) -> Response:
        """Cancel what is being done with an import; it stops at its next step."""
        mine = self.of(of)
        self.may_record(mine.agreement)
        read_body(NoBody, request, mine.agreement)
        imports.cancel(of=mine, when=self.when)
        return self.shown(mine)


class CellProblem(serializers.Serializer):
    """What is wrong in a row, and in which field; empty where it is the row itself."""

    field = serializers.ChoiceField([*LABELS, ""])
    says = serializers.CharField()


class ImportRowShape(serializers.ModelSerializer):
    """A row as it was understood, and what becomes of it."""

    problems = serializers.SerializerMethodField()

    class Meta:
        model = ImportRow
        fields = [
            "row", "name", "kind", "party_from", "security", "quantity", "on", "expires_on",
            "reference", "fate", "problems",
        ]  # fmt: skip

    @extend_schema_field(CellProblem(many=True))
    def get_problems(self, row: ImportRow) -> list[dict[str, str]]:
        return [{"field": field, "says": says} for field, says in row.problems]


class ImportRowFilter(filters.FilterSet):
    class Meta:
        model = ImportRow
        fields = ["fate"]


class ImportRows(Listing, OnImport):
    """What becomes of each row of an import that was read and is not written yet."""

    serializer_class = ImportRowShape
    filterset_class = ImportRowFilter
    ordering_fields = ("row",)
    ordering = ("row",)
    queryset = ImportRow.objects.none()

    def get_queryset(self) -> QuerySet[ImportRow]:
        return ImportRow.objects.filter(of=self.of(self.kwargs["of"]))
