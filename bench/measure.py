"""Measuring honestly: a ratio of two jobs run turn and turn about, never a bare time.

Each round runs the numerator once and the denominator twice, in random order.  The first
denominator of a round is what the numerator is divided by; the second divided by the
first is the A/A line, the ratio of a job to itself, and shows what this machine can tell
apart.  A result whose interval the A/A line covers is "no difference".

A bench is a module beside this one with a ``results()`` that yields ``Result`` values::

    def results():
        yield compare(
            "sweep-due", Side("our sweep", sweep, before=reset), Side("one CTE", cte, before=reset),
            n=10_000, digest=flags_written,
        )
"""

from __future__ import annotations

import gc
import hashlib
import json
import math
import platform
import random
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

PAIRS = 24
RESAMPLES = 2_000
REPORTED_PACKAGES = ("django", "djangorestframework", "psycopg", "celery")


def _nothing() -> None:
    return None


class Side(NamedTuple):
    """One job.  ``before`` readies it and is not timed; what ``run`` returns is its output."""

    name: str
    run: Callable[[], Any]
    before: Callable[[], object] = _nothing


class Result(NamedTuple):
    """One line of the report.

    ``slope`` is the growth of the numerator's time with ``n`` on log scales, where several
    sizes were run; ``bytes_equal`` whether both sides put out the same, ``None`` if that
    was not asked.  ``us_per_n`` is the median time of each side for one of ``n``, in
    microseconds: colour, true of this machine only.
    """

    name: str
    numerator: str
    denominator: str
    n: int
    pairs: int
    median: float
    ci95: tuple[float, float]
    aa_median: float
    aa_p10_p90: tuple[float, float]
    slope: float | None
    bytes_equal: bool | None
    us_per_n: tuple[float, float]
    notes: dict[str, Any]

    @property
    def differs(self) -> bool:
        """Whether the interval lies clear of what the A/A line ranges over."""
        low, high = self.aa_p10_p90
        return self.ci95[0] > high or self.ci95[1] < low

    def line(self) -> str:
        """The result as one line of JSON, with the machine and the versions it is true of."""
        return json.dumps({**self._asdict(), "differs": self.differs, **_here()})


def compare(
    name: str,
    numerator: Side,
    denominator: Side,
    *,
    n: int,
    pairs: int = PAIRS,
    digest: Callable[[Any], bytes] | None = None,
    seed: int = 1,
    **notes: Any,
) -> Result:
    """The ratio of two jobs' times over ``pairs`` rounds, after one round to warm up.

    ``digest`` turns an output into the bytes that must be equal on both sides.
    """
    rng = random.Random(seed)
    turns = (("numerator", numerator), ("denominator", denominator), ("again", denominator))
    ratios: list[float] = []
    against_itself: list[float] = []
    times: dict[str, list[float]] = {key: [] for key, _ in turns}
    outputs: dict[str, str] = {}
    for round_ in range(pairs + 1):
        took: dict[str, float] = {}
        for key, side in rng.sample(turns, k=len(turns)):
            took[key], output = timed(side)
            if digest is not None and round_ == 0:
                outputs[key] = hashlib.sha256(digest(output)).hexdigest()
            del output
        if round_ == 0:
            continue
        ratios.append(took["numerator"] / took["denominator"])
        against_itself.append(took["again"] / took["denominator"])
        for key, seconds in took.items():
            times[key].append(seconds)
    return Result(
        name=name,
        numerator=numerator.name,
        denominator=denominator.name,
        n=n,
        pairs=pairs,
        median=_short(median(ratios)),
        ci95=_bootstrap(ratios, rng),
        aa_median=_short(median(against_itself)),
        aa_p10_p90=(_short(_quantile(against_itself, 0.1)), _short(_quantile(against_itself, 0.9))),
        slope=None,
        bytes_equal=None if digest is None else len(set(outputs.values())) == 1,
        us_per_n=(_us(times["numerator"], n), _us(times["denominator"] + times["again"], n)),
        notes=notes,
    )


def timed(side: Side) -> tuple[float, Any]:
    """How many seconds one run took, and what it put out.

    Rubbish is collected beforehand and collection held off during the run, so that one
    side does not pay for the other's.
    """
    side.before()
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        start = perf_counter()
        output = side.run()
        return perf_counter() - start, output
    finally:
        if was_on:
            gc.enable()


def growing(results: Sequence[Result]) -> list[Result]:
    """The same results, each with the slope of the numerator's time over all their sizes."""
    grows = slope([(r.n, r.us_per_n[0] * r.n) for r in results])
    return [r._replace(slope=grows) for r in results]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The least-squares slope of ``(n, time)`` on log scales: 1.0 is linear growth."""
    logs = [(math.log(n), math.log(time)) for n, time in points]
    mean_n = sum(x for x, _ in logs) / len(logs)
    mean_t = sum(y for _, y in logs) / len(logs)
    spread = sum((x - mean_n) ** 2 for x, _ in logs)
    return _short(sum((x - mean_n) * (y - mean_t) for x, y in logs) / spread)


def _bootstrap(ratios: Sequence[float], rng: random.Random) -> tuple[float, float]:
    medians = sorted(median(rng.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return _short(_quantile(medians, 0.025)), _short(_quantile(medians, 0.975))


def _quantile(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def _us(times: Sequence[float], n: int) -> float:
    return _short(median(times) / n * 1e6)


def _short(number: float) -> float:
    return float(f"{number:.4g}")


@cache
def _here() -> dict[str, Any]:
    """The commit, the processor and the versions a result is true of."""
    return {"commit": _commit(), "cpu": _cpu(), "versions": _versions()}


def _commit() -> str:
    root = Path(__file__).resolve().parent.parent
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return said.stdout.strip() or "unknown"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in REPORTED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
