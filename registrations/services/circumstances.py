"""What counsel fill in of a demand beside its papers, where the terms hang on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from investors.acts import Conflict, Refused

from ..facts import terms_for
from ..models import Circumstances, Demand
from ..rules.asking import Needed, needed_by
from ..rules.by_terms import ON_RECORD
from ..rules.terms import Terms
from ..rules.words import Kind
from .recording import MEANWHILE, When, recording

# The terms a demand's docket is worked out from.
OF_A_DEMAND = (
    "demand_threshold", "demand_min_size", "demand_opens", "demand_closes", "company_notice",
    "joining", "filing_opens", "filing_closes", "effectiveness", "keep_effective", "rests",
)  # fmt: skip


def asked_of(terms: Terms) -> list[Needed]:
    """The words a demand's terms hang on that its papers do not answer, each once."""
    found: dict[tuple[Kind | None, str], Needed] = {}
    for name in OF_A_DEMAND:
        for each in needed_by(terms.values.get(name)):
            if each.word in ON_RECORD:
                continue
            stands = found.get((each.kind, each.word))
            options = dict.fromkeys([*(stands.options if stands else ()), *each.options])
            found[each.kind, each.word] = each._replace(options=tuple(options))
    return list(found.values())


def record_circumstances(
    *,
    demand: Demand,
    told: Mapping[str, Mapping[str, Any]],
    reason: str = "",
    replaces: Circumstances | None = None,
    when: When,
) -> Circumstances:
    """Record what the terms of a demand hang on beside its papers; or, with ``replaces`` and
    a reason, what is known of it now.

    ``told`` has ``events`` (days), ``measures`` (numbers as text), ``facts`` and ``choices``.
    Raises ``Refused`` for a word no term hangs on or a value that cannot be read, and
    ``Conflict`` when ``replaces`` no longer stands.
    """
    if demand.by_company:
        raise Refused("told", "Only a demand has circumstances of its own.")
    terms = terms_for(demand)
    kinds = {each.word: each.kind for each in asked_of(terms)}
    kept: dict[str, dict[str, Any]] = {}
    for kind, words in told.items():
        for word, value in words.items():
            if word not in kinds or _called(kinds[word]) != kind:
                known = ", ".join(sorted(kinds)) or "none"
                raise Refused("told", f"No term hangs on “{word}” so; only on: {known}.")
            kept.setdefault(kind, {})[word] = _checked(kind, word, value)
    if replaces is not None and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    with recording(
        demand.agreement,
        "circumstances.recorded",
        when=when,
        matter=demand,
        says=f"Recorded what the terms of {demand.reference} hang on",
        reason=reason.strip(),
    ):
        stands = Circumstances.objects.standing().filter(demand=demand).first()
        if stands != replaces:
            raise Conflict("reason" if replaces else "told", MEANWHILE)
        return Circumstances.objects.create(
            demand=demand,
            told=kept,
            replaces=replaces,
            reason=reason.strip() if replaces else "",
            recorded_by=when.by,
        )


def _called(kind: Kind | None) -> str:
    return kind.value if kind is not None else "choices"


def _checked(kind: str, word: str, value: Any) -> Any:
    """The value as it is kept; refuses one that cannot be read."""
    try:
        match kind:
            case "events":
                return date.fromisoformat(str(value)).isoformat()
            case "measures":
                return str(Fraction(str(value)))
            case "facts" if isinstance(value, bool):
                return value
            case "choices" if isinstance(value, str) and len(value) <= 60:
                return value
    except (ValueError, ZeroDivisionError):
        pass
    raise Refused("told", f"“{value}” is no value for {word.replace('_', ' ')}.")
