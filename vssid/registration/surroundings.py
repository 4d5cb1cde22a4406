"""What the verbs of this room need of the house around them."""

from dataclasses import dataclass

from flask import current_app

from vssid.kernel.crypto import Keyring


@dataclass(frozen=True)
class Surroundings:
    """The keys, and the address that messages name."""

    keyring: Keyring
    url: str


def house() -> Surroundings:
    """The house of this application."""
    return Surroundings(current_app.extensions["keyring"], current_app.config["SETTINGS"].public_url)
