"""What the verbs of recovery and of relatives need of the house around them."""

from dataclasses import dataclass

from flask import current_app

from vssid.accounts.naming import NameOf, name_of
from vssid.kernel.crypto import Keyring


@dataclass(frozen=True)
class House:
    """The keys, the number that messages name, and how people are called."""

    keyring: Keyring
    hotline: str
    name_of: NameOf


def house() -> House:
    """The house of this application."""
    return House(current_app.extensions["keyring"], current_app.config["SETTINGS"].hotline, name_of)
