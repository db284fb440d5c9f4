"""The demo's registration of 2003 carried through: prospectuses, a suspension, two states.

Invented, like the holders: the prospectus is amended in November for the third quarter, one
Investor has the revised one a week before the other.
"""

from __future__ import annotations

from datetime import date, time

from investors.models import Investor

from .models import Demand
from .services import prospectuses, selling
from .services.deliveries import CopyIn
from .services.prospectuses import Sent
from .services.recording import When

NOV_3, NOV_5, NOV_7, NOV_12, NOV_19 = (date(2003, 11, day) for day in (3, 5, 7, 12, 19))


def carry(demand: Demand, sellers: list[Investor], note: str, when: When) -> None:
    """Carry a demand filed in July 2003 through to the end of that year."""
    statement = demand.statement
    prospectuses.furnish(
        statement=statement,
        investors=sellers,
        kind="final",
        sent=Sent("overnight_courier", 25, date(2003, 9, 3), date(2003, 9, 4)),
        when=when,
    )
    suspension = selling.begin_suspension(
        statement=statement,
        on=NOV_3,
        time=time(16, 10),
        note=f"The third quarter’s figures. {note}",
        when=when,
    )
    selling.record_letter(
        suspension=suspension,
        copies=[(investor, CopyIn("certified_mail", NOV_3, NOV_5)) for investor in sellers],
        asks_to_stop=True,
        time=time(16, 30),
        note=note,
        when=when,
    )
    for kind, on, copies in (("acknowledged", NOV_5, None), ("returned", NOV_7, 20)):
        selling.record_stop_answer(
            suspension=suspension, investors=sellers, kind=kind, on=on, copies=copies, when=when
        )
    for investors, received_on in ((sellers[:1], NOV_12), (sellers[1:], NOV_19)):
        prospectuses.furnish(
            statement=statement,
            investors=investors,
            kind="revised",
            sent=Sent("overnight_courier", 25, NOV_12, received_on),
            suspension=suspension,
            when=when,
        )
    for state, kind, on, who, why in (
        ("MI", "requested", date(2003, 6, 19), sellers[0], ""),
        ("MI", "filed", date(2003, 7, 21), None, ""),
        ("MI", "cleared", date(2003, 8, 11), None, ""),
        ("AZ", "requested", date(2003, 6, 20), sellers[-1], ""),
        ("AZ", "not_needed", date(2003, 7, 2), None, "Exempt there. Invented."),
    ):
        prospectuses.record_state(
            statement=statement, state=state, kind=kind, on=on, investor=who, note=why, when=when
        )
