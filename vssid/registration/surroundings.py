"""What the verbs of this room need of the house around them."""

from dataclasses import dataclass

from flask import current_app

from vssid.kernel.crypto import Keyring


@dataclass(frozen=True)
class Surroundings:
    """The keys, the address and the number that messages name."""

    keyring: Keyring
    url: str
    hotline: str


def house() -> Surroundings:
    """The house of this application."""
    settings = current_app.config["SETTINGS"]
    return Surroundings(current_app.extensions["keyring"], settings.public_url, settings.hotline)
