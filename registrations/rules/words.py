"""The words a term may use for what happens, what is measured and what is so or not.

They are the field's own.  An agreement that needs another defines it in its own file,
under ``defined_words``; nothing here belongs to one agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a word stands for."""

    EVENT = "events"  # something that happens on a day
    MEASURE = "measures"  # a number of shares, dollars, days, or a percentage
    FACT = "facts"  # so, or not so

    @property
    def noun(self) -> str:
        return self.value[:-1]


EVENTS: Mapping[str, str] = {
    "agreement_date": "date of the agreement",
    "closing": "closing",
    "issue_date": "day the securities were issued",
    "acceptance": "acceptance of the subscription by the Company",
    "completion": "completion of the transaction",
    "demand_notice_sent": "Demand Notice sent",
    "demand_notice_given": "Demand Notice given",
    "demand_notice_received": "Demand Notice received by the Company",
    "shelf_notice_delivered": "shelf notice delivered",
    "company_notice_sent": "Company Notice sent",
    "company_notice_given": "Company Notice given",
    "company_notice_received": "Company Notice received",
    "company_notice_received_by_last": "Company Notice received by the last Investor",
    "company_notice_received_by_first": "Company Notice received by the first Investor",
    "company_notice_delivered": "Company Notice delivered",
    "registration_notice_sent": "Registration Notice sent",
    "registration_notice_given": "Registration Notice given",
    "registration_notice_received": "Registration Notice received",
    "registration_notice_delivered": "Registration Notice delivered",
    "filing_estimated": "filing, as the Company estimates it in good faith",
    "filing_planned": "filing, as planned",
    "filing_due": "last day to file",
    "filed": "registration statement filed",
    "effective": "registration statement effective",
    "other_effective": "another registration statement effective",
    "company_offering_effective": "the Company’s own registration effective",
    "other_activity_begins": "the other activity began",
    "company_offering_begins": "the Company’s own offering begins",
    "takedown_consummated": "underwritten shelf takedown consummated",
    "ipo_effective": "registration for the initial public offering effective",
    "ipo_closing": "closing of the initial public offering",
    "ipo_lockup_ends": "end of the lock-up after the initial public offering",
    "lockup_lapses": "first day the lock-up may lapse",
    "stand_off_ends": "end of the market stand-off",
    "escrow_release": "release from escrow",
    "transfer_restrictions_end": "end of the transfer restrictions",
    "public_offering_effective": "effective date of the public offering",
    "termination_date": "termination date",
    "preliminary_prospectus": "preliminary prospectus finalized",
    "pricing": "pricing",
    "registration_proposed": "the Company proposes a registration",
    "liquidation_event": "deemed liquidation event",
    "first_registration_effective": "the first registration effective",
    "final_prospectus": "date of the final prospectus",
    "comment_letter_received": "comment letter received from the SEC",
    "no_review_notice": "notice from the SEC that there will be no review",
    "acceleration_requested": "acceleration requested",
    "additional_statement_needed": "the Company knows another statement is needed",
    "all_sold": "all covered shares sold",
    "distribution_completed": "underwriters completed the distribution",
    "suspension_begins": "suspension begins",
    "deferral_begins": "deferral begins",
    "lapse": "registration lapsed or stopped being usable",
    "failure": "first day of the failure",
    "period_ends": "end of the period damages accrued for",
    "payment_demanded": "payment demanded",
    "announced_release": "announced earnings release",
}

MEASURES: Mapping[str, str] = {
    "initiating_units": "Units the Initiating Investors hold",
    "units_offered": "Units offered",
    "units_issued": "Units issued under the Purchase Agreement",
    "units_held": "Units Investors hold now",
    "initiating_shares": "Registrable Shares the Initiating Investors hold",
    "initiating_class_shares": "shares of their own class the Initiating Investors hold",
    "registrable_shares": "Registrable Shares outstanding",
    "registrable_class_shares": "Registrable Shares of that class",
    "originally_issued": "Registrable Shares originally issued",
    "outstanding_common": "Common Stock outstanding",
    "held_shares": "shares the holder holds",
    "offered_shares": "shares to be offered",
    "requested_shares": "shares asked for",
    "included_shares": "shares included",
    "sold_shares": "shares sold",
    "covered_shares": "shares the statement is to cover",
    "price_usd": "price of a share, USD",
    "offering_usd": "price to the public of the offering, USD",
    "net_offering_usd": "proceeds of the offering after Selling Expenses, USD",
    "selling_expenses_usd": "Selling Expenses, USD",
    "held_usd": "value of everything the holder holds, USD",
    "days_effective": "days the statement was effective",
    "days_to_offering": "days until the offering is planned to begin",
    "holding_percent": "holding as a percentage of the Company’s shares",
    "amount_invested": "amount the Investor invested, USD",
    "liquidated_value": "liquidated value outstanding, USD",
    "principal": "principal outstanding, USD",
    "registrable_sold": "registrable shares sold to the Investors",
    "warrants_sold": "warrants sold to the Investors",
    "average_close": "average closing price over the period the clause names, USD",
    "purchase_usd": "purchase price to be turned into shares, USD",
}

FACTS: Mapping[str, str] = {
    "effective": "the statement became effective",
    "covers_all_requested": "the statement covered every share duly asked for",
    "withdrawn_by_investors": "withdrawn at the asking Investors’ request",
    "only_for_later_information": "solely for material information learned after the request",
    "withdrawn_by_company": "withdrawn by the Company",
    "withdrawn_in_deferral": "withdrawn while the Company deferred it",
    "withdrawn": "withdrawn",
    "forfeited": "the holders gave up one demand rather than pay",
    "failure_is_holders_fault": "the holders’ own fault kept it from becoming effective",
    "effective_statement_covers": "an effective statement already covers the shares",
    "shelf_on_file": "a shelf registration statement is on file",
    "shelf_covers_holder": "an effective and available shelf covers the holder",
    "short_form_available": "the short form can be used at once",
    "underwritten": "the offering is underwritten",
    "firm_commitment": "firm-commitment underwriting",
    "ipo": "it is the initial public offering",
    "board_consents": "the Board consents",
    "underwriter_waives": "the managing underwriters waive it in writing",
    "officer_certificate": "an officer has signed the certificate",
    "materially_detrimental": "the Board finds in good faith that it would do material harm",
    "open_to_investors": "the offering is open to the Investors",
    "company_engaged": "the Company is engaged in the offering when asked",
    "firm_plans": "the Company has firm plans for the offering",
    "demand_pending": "another demand is being carried out",
    "locked_up": "a lock-up or escrow binds the shares",
    "authorized_capital_short": "too little authorized capital to register every share",
    "holders_cannot_sell": "the stand-off keeps the holders from selling",
    "ipo_done": "the initial public offering has closed",
    "rule_144_all": "the holder could sell everything under Rule 144 in the period named",
    "liquidation_event": "a deemed liquidation event has happened",
    "counterpart_signed": "a counterpart was signed at the time of the transfer",
    "acquired_in_public_offering": "acquired in a registered public distribution",
    "all_held": "everything all holders hold is included",
    "fraud": "fraud or wilful misconduct",
    "waived": "waived by the party it protects",
}

# Ways a notice may travel.  Which of them count, and when, is a term.
METHOD_NAMES: Mapping[str, str] = {
    "registered_mail": "registered mail",
    "certified_mail": "certified mail",
    "overnight_courier": "overnight courier",
    "personal": "personal delivery",
    "facsimile": "facsimile",
    "regular_mail": "regular mail",
    "portal": "the portal",
    "email": "e-mail",
}

WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.EVENT: EVENTS,
    Kind.MEASURE: MEASURES,
    Kind.FACT: FACTS,
}


def label(kind: Kind, word: str, defined: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """A word as people say it, the document's own meaning first."""
    own = (defined or {}).get(kind.value, {})
    return own.get(word) or WORDS[kind].get(word) or word.replace("_", " ")
