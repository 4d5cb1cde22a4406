"""What another app shares with us to be checked: a seal, a strip or a typed code among other words. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from vssid.attesting.rules import code_in, spoken

LONGEST_TEXT = 4000
SHARES_AN_HOUR = (300, timedelta(hours=1))
_SEAL = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{130,140}(?![\w-])")
# Signs of base45 (RFC 9285). Its blank, too, so words in capitals behind it would be taken along: its reader refuses those.
_STRIP = re.compile(r"VSSID1:[0-9A-Z $%*+\-./:]{20,}")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{4}(?:[-. ]?[0-9A-Za-z]{4}){3}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Shared:
    """`fragment` is what follows # at /xac-minh, percent-encoded; `code` is a document's code as it is printed. One is ''."""

    fragment: str = ""
    code: str = ""


def found_in(texts: Iterable[str]) -> Shared | None:
    """What can be checked in the first of `texts` that holds such a thing."""
    for text in texts:
        seal, strip = _SEAL.search(text), _STRIP.search(text)
        if seal or strip:
            found = (strip or seal)[0].strip()  # type: ignore[index]
            return Shared(fragment=quote(found, safe="$*+-./:_"))
        codes = (code_in(one[0].replace(" ", "")) for one in _CODE.finditer(text))
        code = next(filter(None, codes), None)
        if code:
            return Shared(code=spoken(code))
    return None
