"""Which browser the tests drive, and how it is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest


def chromium() -> str | None:
    """A Chromium of the machine's, or the one `scripts/chromium.sh` put under .tools."""
    named = os.environ.get("RIGHTSBOOK_CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    unpacked = Path(__file__).resolve().parent.parent / ".tools" / "chromium" / "chromium"
    return str(unpacked) if unpacked.exists() else None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = chromium()
    if program is None:
        pytest.fail("No Chromium found. Run scripts/chromium.sh, or set RIGHTSBOOK_CHROMIUM.")
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": [
            # Chromium's own sandbox cannot start as root or in most containers; the pages are ours.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }
