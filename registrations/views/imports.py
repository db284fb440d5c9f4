"""A register from elsewhere: sent, its columns told, looked at row by row, and imported."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import Import, ImportRow, ImportSource, LedgerEntry
from registrations.forms.base import ActForm
from registrations.forms.imports import ColumnsForm, FileForm, NothingForm
from registrations.services import imports, jobs
from registrations.services.ledger import SECURITY_NAMES
from registrations.spreadsheets.fields import LABELS
from registrations.tables import Table

from .exports import ListPage
from .paging import pages
from .recording import ActPage
from .scope import CounselPage

IN_A_PAGE = 50
_KINDS = dict(LedgerEntry.Kind.choices)


class ImportsPage(ListPage):
    """Did it load?"""

    template_name = "counsel/imports.html"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = Import.objects.filter(agreement=self.agreement)
        page = pages(self.request, every.count(), IN_A_PAGE)
        rows = every.select_related("source", "job", "sent_by").order_by("-sent_at", "-pk")
        shown = rows[page.start : page.stop]
        kwargs.update(rows=[{"of": of, "state": state_of(of)} for of in shown], pages=page)
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-imports-{self.today}",
            ["File", "From", "SHA-256", "Sent", "By", "Rows", "State"],
            ([
                of.name, str(of.source), of.sha256, self.agreement.day_of(of.sent_at),
                str(of.sent_by), of.counts.get("rows"), state_of(of),
            ] for of in (each["of"] for each in context["rows"])),
        )  # fmt: skip


class ImportPage(ListPage):
    """What becomes of each row, and which are to be put right?"""

    listed = "rows_to_fix"
    template_name = "counsel/import.html"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        of = find_import(self, self.kwargs["import"])
        fate = self.request.GET.get("fate", "")
        rows = ImportRow.objects.filter(of=of)
        if fate in ImportRow.Fate.values:
            rows = rows.filter(fate=fate)
            total = rows.count()
        else:
            fate = ""
            total = of.counts.get("rows", 0) if of.read_at and not of.written_at else 0
        page = pages(self.request, total, IN_A_PAGE)
        if self.request.GET.get("format"):
            shown: list[Any] = []
        else:
            shown = [told(row) for row in rows.order_by("row")[page.start : page.stop]]
        working = of.job is not None and of.job.ended_at is None
        kwargs.update(
            of=of, state=state_of(of), rows=shown, pages=page, fate=fate, working=working,
            fates=ImportRow.Fate.choices, far=jobs.far(of.job) if of.job else jobs.Far(),
            columns=[LABELS["name"], *(LABELS[n] for n in ("security", "quantity", "on"))],
        )  # fmt: skip
        if of.counts.get("wrong"):
            kwargs["rows_to_fix"] = of.counts["wrong"]
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        """The file as it was sent, each row with what is to be put right in it."""
        of = context["of"]
        name = of.name.rpartition(".")[0] or of.name
        return Table(
            f"{self.agreement.slug}-{name}-to-put-right",
            [*of.head, imports.TO_PUT_RIGHT],
            imports.rows_with_problems(of),
        )


def find_import(page: CounselPage, public_id: UUID) -> Import:
    """An import of the page's agreement, or 404."""
    of: Import = get_object_or_404(
        Import.objects.select_related("source", "job", "sent_by", "written_by"),
        agreement=page.agreement,
        public_id=public_id,
    )
    of.agreement = page.agreement
    return of


def state_of(of: Import) -> str:
    """Where an import stands, in words."""
    if of.written_at is not None:
        return "On the register"
    if of.dropped_at is not None:
        return "Laid aside"
    if of.job is not None and of.job.ended_at is None:
        return "Being worked on"
    if of.job is not None and of.job.failed:
        return "Could not be done"
    if of.read_at is None:
        return "To be read"
    wrong = of.counts.get("wrong", 0)
    return f"{wrong:,} row{'s' * (wrong != 1)} to be put right" if wrong else "Ready to import"


def told(row: ImportRow) -> dict[str, Any]:
    """A row with its problems, each by its field's name."""
    problems = [(LABELS.get(field, "The row"), says) for field, says in row.problems]
    security = SECURITY_NAMES.get(row.security, "")
    fate, effect = row.get_fate_display(), ""
    if row.effect is not None:
        fate = "Comes on the register" if row.fate == ImportRow.Fate.ADDS else fate
        effect = row.note if "event" not in row.effect else _KINDS.get(row.effect["kind"], "")
        if "event" not in row.effect:
            security = SECURITY_NAMES.get(row.effect["security"], "")
    shown = security if row.quantity or effect else ""
    return {"row": row, "problems": problems, "security": shown, "fate": fate, "effect": effect}


class OnImports(ActPage):
    """An act on an import: nothing is on the register by it yet."""

    nav = "holders"
    looks = False
    of: Import

    def where(self) -> list[tuple[str, str]]:
        slug = self.agreement.slug
        here = [("Holders", reverse("holders", args=[slug]))]
        here.append(("Imports", reverse("imports", args=[slug])))
        if "import" in self.kwargs:
            here.append((self.of.name, self.lands_on(None)))
        return here

    def find(self) -> None:
        if "import" in self.kwargs:
            self.of = find_import(self, self.kwargs["import"])

    def lands_on(self, made: Any) -> str:
        return reverse("import", args=[self.agreement.slug, self.of.public_id])


class SendFile(OnImports):
    """A file with a register."""

    form_class = FileForm
    heading = "Import a register"
    intro = (
        "Send the list of holders as your transfer agent or your own spreadsheet has it. You see "
        "what becomes of every row before anything is on the register."
    )
    button = "Send the file"
    saved = "The file is here."
    multipart = True

    def form_options(self) -> dict[str, Any]:
        known = ImportSource.objects.filter(agreement=self.agreement).order_by("name")
        return {"sources": list(known.values_list("name", flat=True)[:20])}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return imports.take_in(
            agreement=self.agreement,
            source=form.cleaned_data["source"],
            file=form.cleaned_data["file"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        page = "import" if made.form == "ocf" else "import-columns"
        return reverse(page, args=[self.agreement.slug, made.public_id])


class ChooseColumns(OnImports):
    """Which column is what."""

    template_name = "counsel/acts/import_columns.html"
    form_class: type[ActForm] = ColumnsForm
    button = "Read the file"
    saved = "The file is being read."

    def find(self) -> None:
        super().find()
        if self.of.form == "ocf":
            self.form_class = NothingForm
            self.heading = f"Read {self.of.name} again?"
            self.intro = (
                "Nothing is on the register by this. An Open Cap Format file says itself what is "
                "what; read again, it is held against the register as it is now."
            )
            return
        self.heading = f"What is in {self.of.name}?"
        self.intro = (
            "Nothing is on the register by this. What you choose here is remembered for the next "
            f"file from {self.of.source}."
        )

    def form_options(self) -> dict[str, Any]:
        return {} if self.of.form == "ocf" else {"head": self.of.head, "reads": self.of.reads}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        if self.of.form == "ocf":
            return imports.read_again(of=self.of, when=self.acting)
        chosen = cast(ColumnsForm, form)
        data = chosen.cleaned_data
        return imports.choose_columns(
            of=self.of,
            columns=chosen.columns(),
            dates=data["dates"],
            security=data["security"],
            on=data["on"],
            party_from=data["party_from"],
            parts=data["parts"],
            when=self.acting,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, of=self.of)


class ConfirmImport(OnImports):
    """All of it on the register, as one act."""

    form_class = NothingForm
    button = "Import it"
    saved = "It is being written. All of it will be on the register, or nothing."

    def find(self) -> None:
        super().find()
        counts = self.of.counts
        self.heading = f"Import {counts.get('rows', 0):,} rows of {self.of.name}?"
        self.intro = (
            f"{counts.get('new', 0):,} new Investors and {counts.get('holdings', 0):,} holdings "
            f"come on the register; {counts.get('same', 0):,} rows are there already. Every date "
            "that follows is worked out anew. What is wrong later is corrected by entries of its "
            "own."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return imports.confirm(of=self.of, when=self.acting)


class DropImport(OnImports):
    """Nothing of it comes on the register."""

    form_class = NothingForm
    button = "Lay it aside"
    saved = "Laid aside. Nothing of it is on the register; the file is kept."

    def find(self) -> None:
        super().find()
        self.heading = f"Lay {self.of.name} aside?"
        self.intro = "Nothing of it comes on the register. You can send the file again."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        imports.drop(of=self.of, when=self.acting)
