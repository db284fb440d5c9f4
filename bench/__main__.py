"""``python -m bench [name …]``: run the named benches, or all; one JSON line per result."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

NOT_BENCHES = {"__init__", "__main__", "measure"}


def names() -> list[str]:
    """Every bench there is, by module name."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(name for name in found - NOT_BENCHES if not name.startswith("_"))


def main(asked: list[str]) -> int:
    unknown = sorted(set(asked) - set(names()))
    if unknown:
        print(
            f"No bench named {', '.join(unknown)}; there are: {', '.join(names())}.",
            file=sys.stderr,
        )
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for name in asked or names():
        for result in import_module(f"bench.{name}").results():
            print(result.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
