"""Read a file with a register in it, in a process with little memory and little time.

python -m registrations.spreadsheets.read head FORM FILE            its first lines, as JSON
python -m registrations.spreadsheets.read plain FORM FILE           its rows, as JSON
python -m registrations.spreadsheets.read rows FORM FILE READS DAY  its rows, for the database
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date
from pathlib import Path

from .fields import Reads
from .files import Unreadable, head_and_sample, rows_of
from .rows import Understood

MEMORY, SECONDS = 512 * 1024**2, 120
AT_ONCE = 2_000  # rows


def main(words: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    what, form, path = words[:3]
    try:
        with Path(path).open("rb") as file:
            rows = rows_of(file, form)
            if what == "head":
                _, head, sample = head_and_sample(rows)
                sys.stdout.write(json.dumps({"head": head, "sample": sample}))
                return 0
            _, head = next(rows)
            if what == "plain":
                for each in rows:
                    sys.stdout.write(json.dumps(each) + "\n")
                return 0
            reads, today = Reads.of(json.loads(words[3])), date.fromisoformat(words[4])
            line = Understood(reads, today=today, width=len(head)).line
            out: list[str] = []
            write = sys.stdout.buffer.write
            for number, cells in rows:
                out.append(line(number, cells))
                if len(out) == AT_ONCE:
                    write(("\n".join(out) + "\n").encode())
                    out.clear()
            if out:
                write(("\n".join(out) + "\n").encode())
            sys.stdout.flush()
    except Unreadable as why:
        sys.stderr.write(str(why))
        return 3
    except MemoryError:
        sys.stderr.write("The file takes more memory to read than a register does.")
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
