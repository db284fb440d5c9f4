#!/usr/bin/env python
"""Django's command line.

Two commands change tables, and only the role that owns the tables may do that.  When
MIGRATE_DATABASE_URL names that role they run as it; every other command runs as the
application's own role, which owns nothing.
"""

import os
import sys

from django.core.management import execute_from_command_line

AS_OWNER = {"migrate", "pgtrigger"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    owner = os.environ.get("MIGRATE_DATABASE_URL")
    if owner and len(sys.argv) > 1 and sys.argv[1] in AS_OWNER:
        os.environ["DATABASE_URL"] = owner
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
