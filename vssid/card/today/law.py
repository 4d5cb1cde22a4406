"""Sentences of the law as pages show them: the words of a parameter, and its source."""

from collections.abc import Mapping

from vssid import directory
from vssid.card.today.rules import RECEPTION, SYSTEM_DOWN
from vssid.directory.models import Parameter

Found = Mapping[str, Parameter]


def said(found: Found, code: str) -> tuple[str, str] | None:
    """The words and their source; None where the day knows none."""
    return (found[code].value, source(found, code)) if code in found else None


def source(found: Found, code: str) -> str:
    """Where a value comes from, fit to be shown."""
    return directory.shown_source(found[code].source)


def for_reception(found: Found) -> list[tuple[str, str]]:
    """What to show at a counter that refuses, as templates/card/reception.html takes it."""
    return [one for one in (said(found, code) for code in (RECEPTION, SYSTEM_DOWN)) if one is not None]
