"""Long work that a person asked for and that goes on without them, and imports of a register."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q

from .agreements import Agreement


def kept_under_a_random_name(_row: Any, _filename: str) -> str:
    """Where a file is kept: nothing of the sender's is in a path."""
    return uuid.uuid4().hex


class Job(models.Model):
    """Long work somebody asked for: waiting, under way, or ended one way or another.

    Nothing here says which of these it is; that follows from what is set.  A worker holds a
    lock of the database while it works, so that a job whose worker died is seen at once and
    begun again, ``MOST_TRIES`` times in all.  ``about`` says what it is to do and ``made``
    what came of it; ``file`` is what it made, where that is a file.
    """

    MOST_TRIES = 3

    class Kind(models.TextChoices):
        READ_IMPORT = "read_import", "Read a file to import"
        WRITE_IMPORT = "write_import", "Write an import on the register"
        LETTERS = "letters", "Make the letters of a registration"
        BINDER = "binder", "Put together an evidence binder"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=16, choices=Kind)
    about = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    failed = models.TextField(blank=True)
    made = models.JSONField(default=dict)
    file = models.FileField(upload_to=kept_under_a_random_name, storage=default_storage, blank=True)
    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="job_to_do"),
            models.Index(fields=["agreement", "-asked_at"], name="job_by_agreement"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_ended_after_asked",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("asked_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, asked {self.asked_at:%Y-%m-%d}"

    @property
    def state(self) -> str:
        """waiting, working, cancelling, done, failed or cancelled."""
        if self.ended_at is None:
            if self.cancelled_at is not None:
                return "cancelling"
            return "waiting" if self.begun_at is None else "working"
        if self.failed:
            return "failed"
        return "done" if self.cancelled_at is None else "cancelled"


class ImportSource(models.Model):
    """Where registers are imported from, and how its files were read the last time.

    A row of a source is known again by its reference there, so that the same file read twice
    adds nothing the second time.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="import_sources")
    name = models.CharField(max_length=80)
    reads = models.JSONField(default=dict, help_text="Which of its columns is what.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="import_source_once",
                violation_error_message="There is a source of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """A file with a register in it, what was found in it, and when it was written.

    ``head`` and ``sample`` are its first lines as they stand; ``reads`` says which column is
    what.  ``counts`` are its rows by what becomes of them.  It is written as one act or not
    at all.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="imports")
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="imports")
    file = models.FileField(upload_to=kept_under_a_random_name, storage=default_storage)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=4, help_text="csv, xlsx or ocf.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    head = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    reads = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, blank=True, related_name="+", help_text="The last of it."
    )
    read_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "-sent_at"], name="import_by_agreement")]
        constraints = [
            models.CheckConstraint(
                name="import_written_or_dropped", condition=Q(written_at=None) | Q(dropped_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """A row of a file to import as it was understood, and what becomes of it.

    Read anew from the file at any time: the table is not kept through a crash of the database.
    ``row`` is its number as a spreadsheet shows it.  ``problems`` are pairs of a column and
    what is wrong there.  Numbers are whole securities.  ``effect`` says of a row from an Open
    Cap Format file which event it belongs to, and of what kind; ``None`` in a list of holdings.
    """

    class Fate(models.TextChoices):
        WRONG = "wrong", "To be put right"
        NEW = "new", "A new Investor"
        ADDS = "adds", "More for an Investor there is"
        SAME = "same", "On the register already"

    # Rows come by the hundred thousand and can be read again: nothing is checked row by row.
    pk = models.CompositePrimaryKey("of", "row")
    of = models.ForeignKey(
        Import, models.DO_NOTHING, related_name="rows", db_index=False, db_constraint=False
    )
    agreement = models.ForeignKey(
        Agreement, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    row = models.PositiveIntegerField()
    name = models.TextField()
    kind = models.CharField(max_length=12)
    party_from = models.DateField(null=True)
    address = models.TextField()
    facsimile = models.TextField()
    contact_name = models.TextField()
    contact_email = models.TextField()
    note = models.TextField()
    security = models.CharField(max_length=10)
    quantity = models.BigIntegerField(null=True)
    on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    reference = models.TextField()
    problems = models.JSONField()
    effect = models.JSONField(null=True)
    fate = models.CharField(max_length=5, choices=Fate)
    first = models.BooleanField(help_text="The first row of a new Investor.")

    class Meta:
        indexes = [
            models.Index(fields=["of", "row"], condition=Q(fate="wrong"), name="import_rows_wrong")
        ]

    def __str__(self) -> str:
        return f"Row {self.row} of {self.of}"
