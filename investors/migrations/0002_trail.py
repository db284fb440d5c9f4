"""The audit trail: read newest first, one agreement at a time, and never changed.

The library writes an act's context again with each of its rows, the same each time; that
is let through, and nothing else is.
"""

from django.db import migrations

FORWARDS = """
create index trail_by_agreement on pghistory_context
    (((metadata ->> 'agreement')::bigint), created_at desc);

create function trail_never_changed() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
        and new.id = old.id
        and new.created_at = old.created_at
        and new.metadata::jsonb = old.metadata::jsonb
    then
        return new;
    end if;
    raise exception 'the audit trail is append-only' using errcode = 'restrict_violation';
end $$;

create trigger trail_never_changed before update or delete on pghistory_context
    for each row execute function trail_never_changed();
"""

BACKWARDS = """
drop trigger trail_never_changed on pghistory_context;
drop function trail_never_changed();
drop index trail_by_agreement;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(sql=FORWARDS, reverse_sql=BACKWARDS)]
