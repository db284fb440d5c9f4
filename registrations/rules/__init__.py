"""The rules of a registration rights agreement, as pure functions of facts and terms.

Standard library only: no Django, no database, no clock, no locale.  The map from rule to
function:

===== ============= =============================================================
rule  section       where
===== ============= =============================================================
N1–N5 8(a), 8(c)    ``notice.arrival``
N6    --            ``days.Period.after``
N7    --            ``days.BusinessDays``; ``filing.filing``, ``filing_conflicts``
N8    --            ``docket.standing``; readings on every ``findings.Window``
H1    recitals      ``securities.unit_lines``
H2    7             ``securities.positions``
H6    --            ``securities.first_shortfall``
D1    1(a)          ``demand.majority``
D2    1(a)          ``demand.company_notice``
D3    1(a)          ``demand.last_safe_receipt``
D4    1(a)          ``joining.joining_days``, ``joining``, ``live_answer``
D5    1(a)          ``joining.missing_parts``, ``request_concerns``, ``demand_concerns``
D6–D7 1(a)          ``filing.filing``
D8    --            ``filing.filing_conflicts``
D9    1(a)          ``filing.effectiveness``
D10   1(a)          ``filing.coverage``
D13   1(c)          ``statement.demand_use``, ``counter``
D14   1(c)          ``filing.rest``
P7    3(c)          ``cutback.cut_back``, with H5
S1    2(b), 2(e)    ``filing.kept_effective``
===== ============= =============================================================
"""
