"""Row-level security as SQL: which rows of a table the application's role may reach.

What a request may see is in settings of its connection, made by ``investors.sight``:
``rightsbook.agreements`` are those the person sees whole, as counsel or auditor,
``rightsbook.investors`` the Investors the person acts for and ``rightsbook.parties`` their
agreements, ``rightsbook.companies`` the companies of all these, ``rightsbook.person`` the
person; ``rightsbook.everything`` is on for a job, ``rightsbook.whole`` within ``sight.whole``.
A row is let through by comparing what it
carries with them: no policy looks into another table.  A row whose agreement is its parent's
gets that when it is inserted, in a column of the database's own that Django is not told of.
"""

from __future__ import annotations

from typing import NamedTuple

_ON = "(select current_setting('rightsbook.{}', true)) = 'on'"
_OF_WHAT_IT_TELLS_OF = "select of_agreement from {table} where id = new.pgh_obj_id"

# The triggers that refuse a change of facts are off while rows there were are marked.
_MARKED = """
alter table {table} {columns};
alter table {table} disable trigger user;
update {table} as new set {kept};
alter table {table} enable trigger user;
create function {table}_marked() returns trigger language plpgsql as
$$ begin {filled} return new; end $$;
create trigger marked before insert on {table} for each row execute function {table}_marked();
"""


class Guard(NamedTuple):
    """One table, and how its rows are told apart.

    ``agreement`` is the column with the row's agreement, ``investor`` that with the Investor
    it is about.  ``of`` and ``whose`` are looked up instead when a row is inserted: each is a
    SELECT that names the row ``new``.  ``shared``: rows about no Investor are for the people
    of every Investor of the agreement.  ``private``: rows are the Investors' own, and the
    Company's counsel see none.  ``person`` and ``company`` are the columns of what belongs to
    somebody, or to a company, beside any agreement; ``somebody`` is looked up, as ``of`` is.
    ``tracked``: the table has a history.

    Migrations call ``sql``: what it gives for a guard there is may not change.
    """

    table: str
    agreement: str = "agreement_id"
    investor: str = ""
    of: str = ""
    whose: str = ""
    person: str = ""
    somebody: str = ""
    company: str = ""
    shared: bool = False
    private: bool = False
    tracked: bool = True

    @property
    def marks(self) -> dict[str, str]:
        """The columns of the database's own, and the SELECT each is filled from."""
        found = {"of_agreement": self.of, "of_investor": self.whose, "of_person": self.somebody}
        return {column: select for column, select in found.items() if select}

    def seen(self) -> str:
        """The condition a row is seen and written under."""
        agreement = "of_agreement" if self.of else self.agreement
        investor = "of_investor" if self.whose else self.investor
        person = "of_person" if self.somebody else self.person
        ways = [_ON.format("everything")]
        if agreement:
            ways.append(self._whole(agreement))
        if investor:
            ways.append(f"{investor} = any ({_ids('investors')})")
        if self.shared:
            none = f"{investor} is null and " if investor else ""
            ways.append(f"{none}{agreement} = any ({_ids('parties')})")
        if self.company:
            ways.append(f"{self.company} = any ({_ids('companies')})")
        if person:
            ways.append(f"{person} = any ({_ids('person')})")
        return _let_through(ways)

    def _whole(self, agreement: str) -> str:
        """An agreement seen whole: by its counsel, or, what is private, only where something
        is worked out from everybody's facts."""
        seen = f"{agreement} = any ({_ids('agreements')})"
        return f"{_ON.format('whole')} and {seen}" if self.private else seen

    def sql(self) -> str:
        """What guards the table, and its history if it has one."""
        told = _marked(self.table, self.marks)
        told += _guarded(self.table, f"create policy seen on {self.table} using ({self.seen()});")
        if self.tracked:
            told += self._history()
        return told

    def _history(self) -> str:
        """Counsel see the history of what they see whole; whoever changes a row adds to it."""
        table, agreement, marks = f"{self.table}event", self.agreement, {}
        if self.of:
            agreement = "of_agreement"
            marks = {agreement: _OF_WHAT_IT_TELLS_OF.format(table=self.table)}
        ways = [_ON.format("everything")]
        if self.company:
            ways.append(f"{self.company} = any ({_ids('companies')})")
        else:
            ways.append(self._whole(agreement))
        return _marked(table, marks) + _guarded(
            table,
            f"create policy seen on {table} for select using ({_let_through(ways)});"
            f"create policy kept on {table} for insert with check (true);",
        )


def _ids(setting: str) -> str:
    """The ids in a setting, read once a statement."""
    # Read once, and cast there; the second cast, of nothing to nothing, keeps PostgreSQL from
    # taking the SELECT for a list of rows to look through.
    read = f"nullif(current_setting('rightsbook.{setting}', true), '')::bigint[]"
    return f"(select {read})::bigint[]"


def _let_through(ways: list[str]) -> str:
    # A number compared with nought, as the planner takes such a condition to hold for nearly
    # every row.  Of the bare condition it expects one row in hundreds, and joins accordingly.
    told = " ".join(f"when {way} then 1" for way in ways)
    return f"(case {told} else 0 end) <> 0"


def _marked(table: str, marks: dict[str, str]) -> str:
    if not marks:
        return ""
    columns = ", ".join(f"add column {column} bigint" for column in marks)
    kept = ", ".join(f"{column} = ({select})" for column, select in marks.items())
    filled = " ".join(f"new.{column} := ({select});" for column, select in marks.items())
    return _MARKED.format(table=table, columns=columns, kept=kept, filled=filled)


def _guarded(table: str, policies: str) -> str:
    return (
        f"alter table {table} enable row level security;"
        f"alter table {table} force row level security;{policies}"
    )


SETTINGS = ("whole", "agreements", "parties", "investors", "companies", "person")

SEES = """
create function rightsbook_sees(who bigint, only_agreement bigint, everything boolean)
returns void language plpgsql as $$
declare
  acts bigint[]; sees bigint[]; mine bigint[]; party bigint[];
begin
  perform set_config('rightsbook.everything', 'on', false);
  acts := array(select company_id from investors_membership
                where user_id = who and ended_at is null);
  sees := array(select id from investors_agreement
                where (company_id = any (acts)
                       or id in (select agreement_id from investors_auditor
                                 where user_id = who and ended_at is null))
                  and id = coalesce(only_agreement, id));
  mine := array(select r.investor_id from investors_representative r
                join investors_investor i on i.id = r.investor_id
                where r.user_id = who and r.ended_at is null
                  and i.agreement_id = coalesce(only_agreement, i.agreement_id));
  party := array(select distinct agreement_id from investors_investor where id = any (mine));
  perform set_config('rightsbook.person', array_remove(array[who], null)::text, false),
          set_config('rightsbook.agreements', sees::text, false),
          set_config('rightsbook.investors', mine::text, false),
          set_config('rightsbook.parties', party::text, false),
          set_config('rightsbook.companies', (acts || array(select company_id
            from investors_agreement where id = any (sees || party)))::text, false);
  perform set_config('rightsbook.everything', case when everything then 'on' else 'off' end,
                     false);
end $$;
"""
"""Works out, from who acts for whom, what a person sees, and sets it on the connection."""
