"""Acts on agreements: putting one on record with its terms, as a file or by hand, handing
one out as a file, and asking a term of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pghistory
from django.db import connection, transaction

from investors import sight
from investors.acts import Refused
from investors.models import Address, Agreement, Company, Term

from ..facts import entries_of, terms_of
from ..rules import questions
from ..rules.exchange import Document, read_document, write_document
from ..rules.shapes import Problem
from ..rules.terms import TermEntry, read_terms
from .recording import When


class Unreadable(Refused):
    """Terms that cannot be read: refused whole, every problem with its path."""

    def __init__(self, field: str, problems: Sequence[Problem]) -> None:
        super().__init__(field, " ".join(problem.text for problem in problems))
        self.problems = problems


def document_of(data: Any) -> Document:
    """The agreement in a file's data.  Raises ``Unreadable`` listing every problem."""
    document, problems = read_document(data)
    if document is None:
        raise Unreadable("file", problems)
    return document


def put_document_on_record(
    *,
    company: Company,
    slug: str,
    document: Document,
    dated_on: date | None = None,
    time_zone: str = "",
    company_address: str = "",
    when: When,
) -> Agreement:
    """Put the agreement of a file on record.

    ``dated_on`` and ``time_zone`` are for what the file leaves open, or is to be changed
    in.  Raises ``Refused`` when neither says them.
    """
    day = dated_on or document.dated_on
    if day is None:
        raise Refused("dated_on", "The file gives no date of the agreement. Give it here.")
    zone = time_zone or document.time_zone
    if not zone:
        raise Refused("time_zone", "The file gives no time zone to count days in. Give it here.")
    return put_on_record(
        company=company,
        slug=slug,
        title=document.title,
        dated_on=day,
        time_zone=zone,
        terms=document.terms,
        governing_law=document.governing_law,
        company_address=company_address,
        when=when,
    )


def hand_out(agreement: Agreement, on: date) -> dict[str, Any]:
    """The agreement as the data of its file, with the terms in force on a day."""
    return write_document(
        Document(
            title=agreement.title,
            company=agreement.company.name,
            terms=entries_of(agreement, on),
            dated_on=agreement.dated_on,
            time_zone=agreement.time_zone,
            governing_law=agreement.governing_law,
        )
    )


def ask(agreement: Agreement, term: str, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What a term of the agreement, as in force on a day, answers on some facts.

    Raises ``rules.terms.TermError`` where the agreement does not give the term, and
    ``rules.questions.QuestionError`` where the facts cannot be read.
    """
    return questions.ask(term, terms_of(agreement, on), facts)


@transaction.atomic
def put_on_record(
    *,
    company: Company,
    slug: str,
    title: str,
    dated_on: date,
    time_zone: str,
    terms: Mapping[str, TermEntry],
    governing_law: str = "",
    company_address: str = "",
    when: When,
) -> Agreement:
    """Put an agreement on record, with its terms as signed and the Company's address for
    notices.

    ``terms`` are checked as a whole first; raises ``Unreadable``, a ``Refused``, listing
    every one that cannot be read.
    """
    if problems := read_terms(terms).problems:
        raise Unreadable("terms", problems)
    with sight.everything():
        taken = Agreement.objects.filter(slug=slug).exists()
    if taken:
        raise Refused("slug", "Another agreement has this short name. Choose another.")
    agreement = Agreement(
        company=company,
        slug=slug,
        title=title,
        dated_on=dated_on,
        time_zone=time_zone,
        governing_law=governing_law,
    )
    agreement.full_clean()
    agreement.pk = _next_key()
    with (
        sight.whole(agreement.pk),
        pghistory.context(
            agreement=agreement.pk,
            act="agreement.recorded",
            actor=str(when.by),
            actor_id=when.by.pk,
            says=f"Put the {title} of {company} on record",
            reason="",
        ),
    ):
        agreement.save(force_insert=True)
        Term.objects.bulk_create(
            Term(
                agreement=agreement,
                name=name,
                value=entry.value,
                clause=entry.clause,
                summary=entry.summary,
                in_force_from=dated_on,
                recorded_by=when.by,
            )
            for name, entry in terms.items()
        )
        if company_address.strip():
            Address.objects.create(
                agreement=agreement,
                investor=None,
                lines=company_address.strip(),
                in_force_from=dated_on,
                recorded_by=when.by,
            )
    sight.look_again(when.by)
    return agreement


def _next_key() -> int:
    """The key the agreement will have, taken beforehand so that the audit trail of its
    own recording can name it."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('investors_agreement', 'id'))")
        return int(cursor.fetchone()[0])
