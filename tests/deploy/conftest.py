"""Servers and a compose file, for the tests of how Rightsbook is run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.servers import Servers, servers


@pytest.fixture(scope="session")
def own_servers() -> Iterator[Servers]:
    # pytest's own temporary folders have long names, and a socket's path must be short
    with (
        tempfile.TemporaryDirectory(prefix="rightsbook-servers-") as folder,
        servers(Path(folder)) as running,
    ):
        yield running
