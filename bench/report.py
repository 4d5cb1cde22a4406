"""Rows of the table that a run prints, how figures become words, and on what machine they were taken."""

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pysqlite3.dbapi2

HEADING = "| Part | What | VssID | Beside it | Figure | Bound | |\n|---|---|---|---|---|---|---|"
NOISY_FROM = 0.2
README = Path(__file__).with_name("README.md")
PICTURE = Path(__file__).with_name("figures.svg")
RESULTS = Path(__file__).with_name("results")
_FIGURES = re.compile(r"(<!-- figures -->\n).*(<!-- /figures -->)", re.DOTALL)


@dataclass(frozen=True)
class Series:
    """The same thing measured several times."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def noisy(self) -> bool:
        """Whether the middle half of the values spreads over more than a fifth of the median; of a few, all of them."""
        low, high = min(self.values), max(self.values)
        if len(self.values) >= 8:
            low, _middle, high = statistics.quantiles(self.values, n=4)
        return (high - low) > NOISY_FROM * self.median


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None for what has no bound; `used` is the share of it that is used up."""

    part: str
    what: str
    ours: str
    beside: str = ""
    figure: str = ""
    bound: str = ""
    met: bool | None = None
    noisy: bool = False
    used: float | None = None

    def line(self) -> str:
        """In Markdown."""
        verdict = {None: "", True: "ok", False: "**MISSED**"}[self.met] + (" ~" if self.noisy else "")
        return f"| {self.part} | {self.what} | {self.ours} | {self.beside} | {self.figure} | {self.bound} | {verdict} |"


def at_most(part: str, what: str, value: float, limit: float, unit: str, **more: bool) -> Row:
    """A figure with an upper bound, in whole units or thousandths of them."""
    shown = number(value) if value >= 100 or value == int(value) else f"{value:.2f}"
    return Row(
        part,
        what,
        f"{shown} {unit}",
        "",
        f"{value / limit:.0%} of it",
        f"≤ {number(limit)} {unit}",
        value <= limit,
        used=value / limit,
        **more,
    )


def at_most_times(part: str, what: str, ours: str, beside: str, times: float, limit: float, **more: bool) -> Row:
    """So many times what stands beside it, with an upper bound."""
    return Row(part, what, ours, beside, f"{times:.2f} ×", f"≤ {limit} ×", times <= limit, used=times / limit, **more)


def at_least_share(part: str, what: str, ours: str, beside: str, share: float, least: float, **more: bool) -> Row:
    """Such a share of what stands beside it, with a lower bound."""
    figure, bound = f"{share:.1%}", f"≥ {least:.0%}"
    return Row(part, what, ours, beside, figure, bound, share >= least, used=least / share, **more)


def number(value: float) -> str:
    """1,234."""
    return f"{value:,.0f}"


def table(rows: Sequence[Row]) -> str:
    """All rows, in Markdown."""
    return "\n".join([HEADING, *(row.line() for row in rows)])


def machine() -> str:
    """What the figures depend on; no name, no address, no path."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    parts = [
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        f"SQLite {pysqlite3.dbapi2.sqlite_version}",
        *(f"{name} {version(name)}" for name in ("flask", "gunicorn", "sqlalchemy", "weasyprint")),
        subprocess.run(["chromium", "--version"], capture_output=True, text=True).stdout.partition(" built")[0].strip(),
    ]
    return ", ".join(parts)


def written(rows: Sequence[Row], about: Sequence[str], at: datetime, picture: str, *, readme: bool) -> Path:
    """Add the table to the day's file, its picture beside it, and, if told, make both the README's.

    Returns the day's file.
    """
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{at:%Y-%m-%d}.md"
    words = "\n".join([*about, "", table(rows), ""])
    with path.open("a", encoding="utf-8") as out:
        out.write(f"## {at:%H:%M}\n\n{words}\n")
    (RESULTS / f"{at:%Y-%m-%d-%H%M}.svg").write_text(picture, encoding="utf-8")
    if readme:
        PICTURE.write_text(picture, encoding="utf-8")
        text = README.read_text(encoding="utf-8")
        filled = _FIGURES.sub(lambda found: f"{found[1]}\n{words}\n{found[2]}", text)
        README.write_text(filled, encoding="utf-8")
    return path
