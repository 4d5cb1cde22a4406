"""The style sheets that pages carry within themselves: a link would cost a first visit another round trip."""

import re
from pathlib import Path
from typing import NamedTuple


class Sheets(NamedTuple):
    """The style of every page, and the same with that of the card, as they stand between <style> and </style>."""

    core: str
    with_card: str


def read(folder: Path) -> Sheets:
    """The sheets of `folder`."""
    core, card = (compact((folder / name).read_text()) for name in ("core.css", "card.css"))
    return Sheets(core, core + card)


def compact(css: str) -> str:
    """A style sheet without comments and line breaks."""
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.S)).strip()
