"""Acts on the workspace: the standards counsel keep beside the agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pghistory
from django.db import transaction

from investors.acts import Refused
from investors.models import Agreement, Company

from .. import sweep
from .recording import When, recording

MOST_REMINDERS = 12


@transaction.atomic
def change_settings(
    *,
    agreement: Agreement,
    reminder_days: Sequence[int],
    promptly_business_days: int,
    receipt_expected_days: int,
    due_soon_days: int,
    reason: str,
    when: When,
) -> Company:
    """Change the Company's own standards, for every one of its agreements: each has the
    change on its trail, its dockets redrawn and its reminders attended to at once.

    None of them is in an agreement, so a date that follows from one moves but is never a
    breach.  Raises ``Refused`` for a number out of range or when nothing changes.
    """
    days = sorted(set(reminder_days), reverse=True)
    if not days:
        raise Refused("reminder_days", "Give at least one day, such as 7.")
    if len(days) > MOST_REMINDERS:
        raise Refused("reminder_days", f"Give at most {MOST_REMINDERS} days.")
    if days[0] > 366 or days[-1] < -60:
        raise Refused("reminder_days", "Give days from 366 before to 60 after, as -60.")
    for field, value, least, most in (
        ("promptly_business_days", promptly_business_days, 1, 60),
        ("receipt_expected_days", receipt_expected_days, 1, 90),
        ("due_soon_days", due_soon_days, 1, 90),
    ):
        if not least <= value <= most:
            raise Refused(field, f"Enter a whole number from {least} to {most}.")
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    wanted = {
        "reminder_days": days,
        "promptly_business_days": promptly_business_days,
        "receipt_expected_days": receipt_expected_days,
        "due_soon_days": due_soon_days,
    }
    # All at once and in one order, so that two who change settings cannot wait for each other.
    agreements = Agreement.objects.select_for_update(no_key=True).filter(
        company=agreement.company_id
    )
    for each in sorted(agreements.order_by("pk"), key=lambda a: a.pk != agreement.pk):
        with recording(
            each,
            "settings.changed",
            when=when,
            says="Changed our own standards: reminders, promptly, receipts, due soon",
            reason=reason.strip(),
        ):
            if each.pk == agreement.pk:
                company = _save(agreement.company_id, wanted)
            else:
                pghistory.create_event(company, label="stands")
            sweep.attend_again([each.pk])
    return company


def _save(company_id: int, wanted: Mapping[str, object]) -> Company:
    company = Company.objects.select_for_update(no_key=True).get(pk=company_id)
    changed = [name for name, value in wanted.items() if getattr(company, name) != value]
    if not changed:
        raise Refused("reminder_days", "These are the settings already.")
    for name in changed:
        setattr(company, name, wanted[name])
    company.save(update_fields=changed)
    return company
