"""Give the application's database role its rights: rows, and nothing else.

Two roles keep history honest.  The owner (MIGRATE_DATABASE_URL) makes the tables.  The application
(DATABASE_URL) reads and writes rows; as it owns nothing it cannot empty a table, drop it, or
switch off the triggers that make history append-only.

Usage, after `manage.py migrate`: python -m config.roles.  Running it again changes nothing.
"""

from __future__ import annotations

import os
import sys

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


class RolesRefused(Exception):
    """The two roles would not keep history honest; the text says what to do."""


def grant(owner_url: str, app_url: str) -> str:
    """Grant the application's role its rights, as the owner.  Gives the role's name."""
    app = conninfo_to_dict(app_url)
    name = app.get("user")
    if not name:
        raise RolesRefused(
            "DATABASE_URL names no user, e.g. postgresql://app:PASSWORD@db/rightsbook"
        )
    role = sql.Identifier(str(name))
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        owner = connection.info.user
        if owner == name:
            raise RolesRefused(
                "MIGRATE_DATABASE_URL and DATABASE_URL name the same role. "
                "The application's role must not own the tables."
            )
        if not connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
            _create(connection, str(name), app.get("password"))
        for statement in (
            "grant usage on schema public to {}",
            "revoke all on all tables in schema public from {}",
            "grant select, insert, update, delete on all tables in schema public to {}",
            "revoke insert, update, delete on django_migrations from {}",
            "grant usage, select on all sequences in schema public to {}",
            # and the same for what a later migration makes
            "alter default privileges in schema public"
            " grant select, insert, update, delete on tables to {}",
            "alter default privileges in schema public grant usage, select on sequences to {}",
        ):
            connection.execute(sql.SQL(statement).format(role))
        _check(connection, str(name))
    return str(name)


def _create(connection: psycopg.Connection, name: str, password: object) -> None:
    statement = sql.SQL("create role {} login").format(sql.Identifier(name))
    if password:
        statement += sql.SQL(" password {}").format(sql.Literal(str(password)))
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        raise RolesRefused(
            f"The role {name} does not exist and the owner may not create it. As an "
            f"administrator, run: CREATE ROLE {name} LOGIN PASSWORD '...'"
        ) from None


def _check(connection: psycopg.Connection, name: str) -> None:
    """Refuse a role whose power does not come from the grants above."""
    powerful, owns = connection.execute(
        """
        select exists (
                 select from pg_roles
                 where (rolsuper or rolbypassrls or rolcreaterole)
                   and pg_has_role(%(name)s, oid, 'member')),
               exists (
                 select from pg_class
                 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S')
                   and pg_has_role(%(name)s, relowner, 'member'))
        """,
        {"name": name},
    ).fetchone() or (True, True)
    if powerful:
        raise RolesRefused(f"The role {name} has an administrator's rights. Name an ordinary one.")
    if owns:
        raise RolesRefused(
            f"The role {name} owns tables, itself or through another role. "
            "Let MIGRATE_DATABASE_URL's role own them: REASSIGN OWNED BY … TO …"
        )


def main() -> int:
    owner_url, app_url = os.environ.get("MIGRATE_DATABASE_URL"), os.environ.get("DATABASE_URL")
    if not owner_url or not app_url:
        print("Set MIGRATE_DATABASE_URL (the owner) and DATABASE_URL (the application).")
        return 2
    try:
        name = grant(owner_url, app_url)
    except (RolesRefused, psycopg.Error) as problem:
        print(f"Roles: {str(problem).strip()}", file=sys.stderr)
        return 1
    print(f"{name} may read and write rows.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
