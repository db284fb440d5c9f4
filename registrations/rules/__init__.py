"""The rules of a registration rights agreement, as pure functions of facts and terms.

Standard library only: no Django, no database, no clock, no locale.  The map from rule to
function:

===== ============= =============================================================
rule  section       where
===== ============= =============================================================
N1–N5 8(a), 8(c)    ``notice.arrival``
N6    --            ``days.Period.after``
N7    --            ``days.BusinessDays``; ``filing.filing``, ``filing_conflicts``
N8    --            ``states.standing``; readings on every ``findings.Window``
N8    --            ``governing.put_first``, ``decisions``: chosen for the agreement
H1    recitals      ``securities.unit_lines``
H2    7             ``securities.positions``, ``actions.course``, ``actions.per_unit``
H3    7             ``transferees.after_sale``
H4    7, 8(g)       ``transferees.standing``
H5    3(c)          ``affiliates.groups_on``, ``first_clash``
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
D11   1(a)          ``capital.room``, ``capital_concerns``, ``demand_left``
D12   1(b)          ``others.placed``
D13   1(c)          ``statement.demand_use``, ``counter``; ``capital.demand_left``
D14   1(c)          ``filing.rest``
D13   1(c)          ``allowances.may_demand``, ``allowances.counted``
D15   1(d)          ``delay.judged_delays``, ``put_off``; ``allowances.may_use``, ``ends_by``
P1–P2 3(a)          ``piggyback.notice_owed``, ``registration_notice``
P3    3(a)          ``joining.joining``, by ``by_registration_notice``
P4    3(a)          ``piggyback.last_safe_notice``, ``early_filing``; ``filing.coverage``
P5    3(b)          ``piggyback.until_effective``
P6    3(c)          ``piggyback.not_accepted``, ``participating``
P8    --            ``piggyback.twice``, ``matter.Request.available``
P7    3(c)          ``cutback.allocate``, with H5; told by ``cutback_steps.steps``
S1    2(b), 2(e)    ``filing.kept_effective``
S2    2(c)          ``selling.without``
S3    2(d)          ``blue_sky.status``
S4    2             ``selling.who_may_sell``; ``suspending.promptly``, ``unfinished``
S5    6             ``information.stands``, ``doubts``
S6    4             ``money.borne``, ``expenses.account``
S7    5             ``money.liable``, ``indemnity.judge_claim``, ``contribution.contribute``
S8    8(c)          ``consents.amended``, ``consents.waived_for``; ``waivers.binding``
===== ============= =============================================================

Any agreement's terms are read and asked by the same few rules, whatever they are called:
``reckoning.reckon`` (a day), ``conditions.judge`` (what must be so),
``allowances.may_use`` (how often and how long), ``damages.owed``, ``lockups.locked``,
``consents.ended`` and ``notice.given_on``.  ``by_terms`` works out a demand with them where
its terms have other forms than the map's rules take.  ``questions.ask`` is the door to all of them,
``exchange.read_document`` the file an agreement comes in, ``wording.term_words`` a term
in words.
"""
