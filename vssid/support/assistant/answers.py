"""What is said to a question: a text quoted with its source, a line of one's own record, entries of a list, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy.orm import Session

from vssid.accounts import Citizen
from vssid.directory import listings
from vssid.directory.listings import Asked
from vssid.kernel.clock import day_of
from vssid.kernel.labels import Label
from vssid.kernel.markup import from_markdown
from vssid.kernel.text import phones
from vssid.lookups.lists import queries as lists
from vssid.lookups.lists.rules import SHEETS, map_address
from vssid.newsroom import PublishedText
from vssid.support.assistant import own, rules
from vssid.support.assistant.asking import NOT_OURS, OWN, asked_of, factors
from vssid.support.assistant.intents import Intent
from vssid.support.assistant.knowledge import Library, Shelf
from vssid.support.assistant.places import Place, names_it, place_asked

OTHERS, ENTRIES = 2, 3
_HEADING = re.compile(r"^#{2,3} +", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One place: numbers as (written, dialled), where the phone's own map opens ('' without an address)."""

    name: str
    address: str
    numbers: Sequence[tuple[str, str]]
    map_at: str


@dataclass(frozen=True)
class Answer:
    """The answer, in `language`. Of one's own record `lines`; they are None for who is not signed in."""

    language: str
    title: str | Label = ""
    address: str = ""
    lead: str = ""
    quoted: Markup | None = None
    day: date | None = None
    intent: Intent | None = None
    lines: Sequence[Label] | None = None
    entries: Sequence[Entry] = ()
    others: Sequence[tuple[str | Label, str]] = ()

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return bool(self.title)


def answer(
    db: Session, library: Library, question: str, interface: str, who: Citizen | None, at: datetime, today: date
) -> Answer:
    """The answer to a question in its own language, else from the Vietnamese texts, else none."""
    tongue = rules.language_of(question, interface)
    # Vietnamese names in an English question look Vietnamese.
    asked = (place_asked(question, one) for one in (rules.LATIN if tongue in rules.LATIN else (tongue,)))
    for place in (one for one in asked if one is not None):
        entries = _entries(db, place, today)
        if not entries:
            continue
        sheet = next(one for one in SHEETS if one.kind is place.kind)
        address = f"/tra-cuu/{sheet.slug}?{urlencode({'q': place.text})}"
        return Answer(tongue, sheet.title, address, entries=entries)
    for language in dict.fromkeys((tongue, "vi")):
        shelf = library.shelf(db, language, at)
        matches = [one for one in shelf.index.find(question, factors(question, language)) if one.enough]
        if matches and matches[0].key == NOT_OURS:
            break
        if matches := [one for one in matches if one.key != NOT_OURS]:
            first, *rest = [match.key for match in matches[: OTHERS + 1]]
            others = [_linked(shelf, key) for key in rest]
            if first.startswith(OWN):
                return _of_record(db, asked_of(Intent(first.removeprefix(OWN)), question), language, others, who, today)
            return _quoted(shelf, shelf.texts[first], question, others)
    return Answer(tongue)


def _of_record(
    db: Session, intent: Intent, language: str, others: Any, who: Citizen | None, today: date
) -> Answer:  # fmt: skip
    lines: Sequence[Label] | None = own.lines(own.Asking(db, who, today), intent) if who else None
    if intent is Intent.SOMEBODY_ELSE:
        lines = own.NOT_YOURS  # nobody need sign in to be told
    return Answer(language, intent.heading, intent.address, intent=intent, lines=lines, others=others)


def _linked(shelf: Shelf, key: str) -> tuple[str | Label, str]:
    if key.startswith(OWN):
        intent = Intent(key.removeprefix(OWN))
        return intent.heading, intent.address
    return shelf.texts[key].title, key


def _quoted(shelf: Shelf, text: PublishedText, question: str, others: Any) -> Answer:
    """The lead and that section of the text which has most of the question; a text without headings is one section."""
    parts = [part for part in _HEADING.split(text.source) if part.strip()]
    best = max(parts, key=lambda part: shelf.index.fits(question, part), default="")
    whole = from_markdown(("### " if len(parts) > 1 and "## " in text.source else "") + best)
    return Answer(
        text.language, text.title, text.address, text.lead, whole, day_of(text.changed_at), others=others
    )  # fmt: skip


def _entries(db: Session, place: Place, today: date) -> list[Entry]:
    """The first entries of a list that have all that was asked for."""
    codes = listings.find(db, Asked(place.kind, place.text), today).codes
    rows = lists.details(db, place.kind, codes)
    found = [row for code in codes if (row := rows.get(code)) is not None and names_it(place, row.name, row.address)]
    return [
        Entry(
            row.name,
            row.address,
            phones(getattr(row, "phone", "")),
            map_address(row.name, row.address) if row.address else "",
        )
        for row in found[:ENTRIES]
    ]
