"""Public ids in place of database keys in what a docket calls its windows and concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Model

from investors.models import Investor
from notices.models import Notice

from .models import Demand, Statement
from .rules.waivers import OF_ONE

# What the number at the end of a key is the key of, by what stands before it.
ENDS_IN: Mapping[str, type[Model]] = {
    "join": Investor,
    "receipt": Investor,
    "coverage": Investor,
    "over:demand": Investor,
    "over": Notice,
    "incomplete": Notice,
    "decide:request": Notice,
    "request": Notice,
    "decide:both": Notice,
    "both": Notice,
    "accept": Investor,
    "rest": Statement,
    "waived": Investor,
    **{f"waiver:{right}": Investor for right in OF_ONE},
}


def public_keys(keys: Iterable[str]) -> dict[str, str]:
    """Each key with the public id in place of the number it ends in; at most one query
    for each kind of thing named.  What an act previewed and undone had made is ``new``."""
    wanted: dict[type[Model], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    found: dict[str, str] = {}
    for key in keys:
        before, _, end = key.rpartition(":")
        if end.isdigit() and before in ENDS_IN:
            wanted[ENDS_IN[before]][int(end)].append(key)
        else:
            found[key] = key
    for model, by_pk in wanted.items():
        found |= {k: f"{k.rpartition(':')[0]}:new" for named in by_pk.values() for k in named}
        public = model._default_manager.filter(pk__in=by_pk).values_list("pk", "public_id")
        for pk, public_id in public:
            for key in by_pk[pk]:
                found[key] = f"{key.rpartition(':')[0]}:{public_id}"
    return found


def internal_about(about: str, demand: Demand) -> str:
    """What the services call the question a public name asks, for a decision; the name
    itself where it names nothing of this matter."""
    before, _, end = about.rpartition(":")
    if before not in ("request", "both"):
        return about
    replies = {str(pid): pk for pid, pk in demand.notice.replies.values_list("public_id", "pk")}
    return f"{before}:{replies[end]}" if end in replies else about
