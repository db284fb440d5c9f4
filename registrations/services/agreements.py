"""Acts on agreements: putting one on record with its terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pghistory
from django.db import connection, transaction

from investors.acts import Refused
from investors.models import Address, Agreement, Company, Term

from ..rules.terms import TermEntry, TermError, Terms
from .recording import When


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

    ``terms`` are checked as a whole first; raises ``Refused`` naming the term that cannot
    be read.
    """
    try:
        Terms.from_entries(terms)
    except TermError as wrong:
        raise Refused("terms", str(wrong)) from wrong
    if Agreement.objects.filter(slug=slug).exists():
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
    with pghistory.context(
        agreement=agreement.pk,
        act="agreement.recorded",
        actor=str(when.by),
        actor_id=when.by.pk,
        says=f"Put the {title} of {company} on record",
        reason="",
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
    return agreement


def _next_key() -> int:
    """The key the agreement will have, taken beforehand so that the audit trail of its
    own recording can name it."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('investors_agreement', 'id'))")
        return int(cursor.fetchone()[0])
