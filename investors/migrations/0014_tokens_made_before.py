from django.db import migrations

# What was in the package's own table opened everything its person saw.  Going back, a token
# that opens less stays behind, as there it would open more.  The table stays, empty and tied
# to nothing: the package's migrations know of it, and nothing else does.
FORWARD = [
    """
    insert into investors_apitoken
        (digest, token_key, user_id, created, expiry, public_id, name, scope)
    select digest, token_key, user_id, created, expiry, gen_random_uuid(), 'Made before', 'record'
    from knox_authtoken
    """,
    "delete from knox_authtoken",
    """
    do $$
    declare tie text;
    begin
        for tie in select conname from pg_constraint
            where conrelid = 'knox_authtoken'::regclass and contype = 'f'
        loop
            execute format('alter table knox_authtoken drop constraint %I', tie);
        end loop;
    end $$
    """,
]
BACK = [
    """
    alter table knox_authtoken add constraint knox_authtoken_user_id_fk
        foreign key (user_id) references investors_user (id) deferrable initially deferred
    """,
    """
    with gone as (
        delete from investors_apitoken
        where scope = 'record' and agreement_id is null and revoked_at is null
        returning digest, token_key, user_id, created, expiry
    )
    insert into knox_authtoken (digest, token_key, user_id, created, expiry)
    select digest, token_key, user_id, created, expiry from gone
    """,
]


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0013_api_tokens"),
        ("knox", "0009_extend_authtoken_field"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
