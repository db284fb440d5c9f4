"""Acts on a workspace: the settings its counsel keep beside their agreements."""

from __future__ import annotations

from collections.abc import Sequence

import pghistory
from django.db import transaction

from investors.acts import Refused
from investors.models import Company

from .. import sweep
from .recording import When, recording

LONGEST = 366


@transaction.atomic
def change_settings(
    *,
    company: Company,
    reminder_days: Sequence[int],
    promptly_business_days: int,
    receipt_expected_days: int,
    due_soon_days: int,
    when: When,
) -> Company:
    """Change when reminders go and what the workspace's own standards are.

    None of it is in any agreement, but each agreement's dockets, reminders and audit
    trail follow: every one of them is redrawn and has the change on its record.
    """
    steps = sorted(set(reminder_days), reverse=True)
    if not steps:
        raise Refused("reminder_days", "Give at least one day on which a reminder goes.")
    if len(steps) < len(reminder_days):
        raise Refused("reminder_days", "Give each day once.")
    if steps[0] > LONGEST or steps[-1] < -60:
        raise Refused(
            "reminder_days", f"Give days from {LONGEST} before the last day to 60 after, as -60."
        )
    standards = {
        "promptly_business_days": promptly_business_days,
        "receipt_expected_days": receipt_expected_days,
        "due_soon_days": due_soon_days,
    }
    for field, days in standards.items():
        if not 0 <= days <= LONGEST:
            raise Refused(field, f"Enter a whole number of days from 0 to {LONGEST}.")
    wanted = {"reminder_days": steps, **standards}
    says = f"Changed the settings of {company}"
    agreements = list(company.agreements.order_by("pk"))
    if not agreements:
        with pghistory.context(
            agreement=None,
            act="settings.changed",
            actor=str(when.by),
            actor_id=when.by.pk,
            says=says,
            reason="",
        ):
            return _save(company, wanted)
    for agreement in agreements:
        with recording(agreement, "settings.changed", when=when, says=says) as locked:
            if agreement is agreements[0]:
                company = _save(company, wanted)
            else:
                pghistory.create_event(company, label="stands")
            sweep.attend_again([locked.pk])
    return company


def _save(company: Company, wanted: dict[str, object]) -> Company:
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if all(getattr(company, field) == value for field, value in wanted.items()):
        raise Refused("reminder_days", "These are the settings already.")
    for field, value in wanted.items():
        setattr(company, field, value)
    company.save(update_fields=list(wanted))
    return company
