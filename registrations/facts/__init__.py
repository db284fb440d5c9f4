"""Rows in, facts out: the one door between the database and the rules.

Each function reads whole tables of one agreement or one matter at once, so that the number
of queries does not grow with the number of Investors.
"""

from .beside import circumstances_of, delays_directed, delays_of, numbered_delays, others_of
from .letters import texts_of
from .mail import (
    TELLS,
    address_notices,
    address_of_record,
    addresses_by_party,
    addresses_of_record,
    consents_by_party,
)
from .matters import company_facts, demand_facts, docket_of, facts_of, invited_of
from .own import (
    Answer,
    OwnMatter,
    OwnStop,
    copies_to,
    own_asking,
    own_copies,
    own_matters,
    own_position,
    own_stops,
    would_arrive,
)
from .register import (
    action_of,
    actions_of,
    affiliate_groups,
    group_names_on,
    held_by_all,
    holdings,
    ledger_of,
    line_of,
    lines_of,
    memberships,
    per_unit,
    taken_of,
    transfers_in_question,
    worked_from,
)
from .statements import filing_of
from .terms import (
    began_on,
    entries_of,
    house_of,
    open_days,
    terms_day_by_day,
    terms_for,
    terms_of,
)
from .tie_out import TieOut, tie_out

__all__ = [
    "TELLS",
    "Answer",
    "OwnMatter",
    "OwnStop",
    "TieOut",
    "action_of",
    "actions_of",
    "address_notices",
    "address_of_record",
    "addresses_by_party",
    "addresses_of_record",
    "affiliate_groups",
    "began_on",
    "circumstances_of",
    "company_facts",
    "consents_by_party",
    "copies_to",
    "delays_directed",
    "delays_of",
    "demand_facts",
    "docket_of",
    "entries_of",
    "facts_of",
    "filing_of",
    "group_names_on",
    "held_by_all",
    "holdings",
    "house_of",
    "invited_of",
    "ledger_of",
    "line_of",
    "lines_of",
    "memberships",
    "numbered_delays",
    "open_days",
    "others_of",
    "own_asking",
    "own_copies",
    "own_matters",
    "own_position",
    "own_stops",
    "per_unit",
    "taken_of",
    "terms_day_by_day",
    "terms_for",
    "terms_of",
    "texts_of",
    "tie_out",
    "transfers_in_question",
    "worked_from",
    "would_arrive",
]
