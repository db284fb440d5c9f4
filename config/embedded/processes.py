"""Telling our own processes from others, and stopping what an earlier run left behind."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path


class CannotStart(Exception):
    """Something the person at the keyboard can mend; the text says what to do."""


def package_folder(name: str) -> Path | None:
    """Where a wheel was installed, without importing it."""
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def socket_folder(kind: str, root: Path) -> Path:
    """A private folder for a socket: always the same for one data folder, and short.

    The path of a Unix socket may have about 100 characters, so it cannot lie in the data
    folder itself.
    """
    tag = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"rightsbook-{kind}-{os.getuid()}-{tag}"


def make_private(folder: Path) -> None:
    """Make ``folder``, or refuse one that somebody else made first at the same place."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.getuid() == 0 and not folder.is_symlink():
        os.chown(folder, 0, 0)  # root's PostgreSQL may have run as another account
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise CannotStart(f"{folder} belongs to another user. Remove it and start again.")
    folder.chmod(0o700)


def command_line(pid: int) -> str:
    """What a process was started as; empty when it is gone or only waits to be reaped."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (
                (proc / str(pid) / "cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
            )
        except OSError:
            return ""
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if listed.startswith("Z") else listed


def read_pid(file: Path) -> int | None:
    """The number on a pid file's first line, if the file is there and whole."""
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def stop_leftover(pid_file: Path, marker: str, sign: signal.Signals, patience: float = 15) -> None:
    """Stop the process a pid file names, if it still is the one we started, and drop the file.

    Numbers are used again by the system, so the command line must hold ``marker``.
    """
    pid = read_pid(pid_file)
    if pid is not None and pid > 1 and marker in command_line(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        end = time.monotonic() + patience
        while marker in command_line(pid):
            if time.monotonic() > end:
                # Only what we started as the leader of its own group is killed as a group.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL) if os.getpgid(pid) == pid else os.kill(
                        pid, signal.SIGKILL
                    )
                time.sleep(0.2)
                break
            time.sleep(0.03)
    pid_file.unlink(missing_ok=True)


def last_lines(log: Path, count: int = 3) -> str:
    """The end of a log, for a message about why its writer did not start."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
