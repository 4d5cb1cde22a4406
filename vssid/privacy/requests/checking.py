"""Which months a check of somebody's participation is about: kept in Vietnamese for the officer, told to each reader. Pure."""

import re
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.records.contributions.rules import Fund, Month, Span, State, Tally, named, runs, spoken

# The newest of each state; who has more of them is written to about the rest.
MOST_SPANS = 12
_MONTH = re.compile(r"(\d\d)/(\d{4})")
_KEY = "qua_trinh/"
_FUND, _PARTED = N_("Quỹ"), "\n\n"


def key(fund: Fund) -> str:
    """What tells the check of one fund from that of another among requests."""
    return f"{_KEY}{fund}"


def is_check(row_key: str) -> bool:
    """Whether a request asks for such a check."""
    return row_key.startswith(_KEY)


def kept(fund: Fund, found: Tally) -> str:
    """The fund, the gaps and the late months, a line each, as the officer and the export have them."""
    lines = [f"{_FUND}: {fund.label!s}"]
    for state, spans in ((State.GAP, found.gaps), (State.LATE, runs(found.late))):
        if spans:
            newest = [_span(one) for one in spans[::-1][:MOST_SPANS]] + ["…"] * (len(spans) > MOST_SPANS)
            lines.append(f"{state.label!s}: {'; '.join(newest)}")
    return "\n".join(lines)


def _span(span: Span) -> str:
    return spoken(span.first) if span.size == 1 else f"{spoken(span.first)}–{spoken(span.last)}"


def joined(months: str, words: str) -> str:
    """What `kept` has given and the person's own words, as one text."""
    return months + _PARTED + words


def apart(row_key: str, words: str) -> tuple[list[tuple[Label, Label]], str]:
    """The lines of a check with their labels, and the person's own words; no lines for any other request."""
    if not is_check(row_key):
        return [], words
    months, _parted, own = words.partition(_PARTED)
    return told(months), own


def told(months: str) -> list[tuple[Label, Label]]:
    """What `kept` has given, line by line, to be said in any language."""
    parts = (line.split(": ", 1) for line in months.splitlines())
    return [(Label(label), _retold(value)) for label, value in parts]


def _retold(text: str) -> Label:
    """The months as values, so that each language writes them in its own way; a fund's name is a text of its own."""
    months: list[Month] = [int(year) * 12 + int(number) - 1 for number, year in _MONTH.findall(text)]
    at = iter(range(len(months)))
    marked = _MONTH.sub(lambda _found: f"%(m{next(at)})s", text)
    values: dict[str, Any] = {f"m{at}": named(month) for at, month in enumerate(months)}
    return Label(marked, **values)
