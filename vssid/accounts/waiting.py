"""What waits for its hour: for how long, and the code with which whoever is told of it stops it at /huy. Pure but for chance."""

import re
import secrets
from datetime import timedelta

from vssid.kernel.crypto import Keyring

SHORTEST_WAIT, LONGEST_WAIT = 24, 72
STOP_DIGITS = 8


def waiting_period(hours: str) -> timedelta:
    """The waiting period of a parameter, never shorter or longer than safety asks for; what is no number counts as longest."""
    given = int(hours) if re.fullmatch(r"[0-9]{1,4}", hours) else LONGEST_WAIT
    return timedelta(hours=min(max(given, SHORTEST_WAIT), LONGEST_WAIT))


def new_stop_code() -> str:
    """Eight digits to type at /huy."""
    return str(secrets.randbelow(10**STOP_DIGITS)).zfill(STOP_DIGITS)


def typed_stop_code(text: str) -> str:
    """A code as it was typed, without the blanks it was printed with."""
    return re.sub(r"[\s.\-]", "", text)


def stop_digest(keyring: Keyring, code: str) -> bytes:
    """What is kept of a code for /huy."""
    return keyring.digest("cancel", code)
