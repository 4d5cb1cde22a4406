"""What the card's pages say of its renewal, with the sources that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vssid import directory
from vssid.card.renewal import rules
from vssid.card.rules import Face
from vssid.directory.models import Parameter
from vssid.kernel.labels import Label


@dataclass(frozen=True)
class Shown:
    """As templates/card/renewal.html takes it."""

    words: tuple[Label, ...]
    pays: bool
    sources: tuple[str, ...]


def note_of(found: Mapping[str, Parameter], face: Face, today: date) -> Shown | None:
    """The note on this card, if there is one to be made of what holds today."""
    note = rules.note(face, {code: one.value for code, one in found.items()}, today)
    if note is None:
        return None
    sources = dict.fromkeys(directory.shown_source(found[code].source) for code in note.codes)
    return Shown(note.words, note.pays, tuple(sources))
