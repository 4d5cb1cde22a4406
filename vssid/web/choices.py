"""What a reader chose for all pages beside the language: text size, contrast, text mode. By the address, kept in cookies."""

from dataclasses import dataclass

from flask import Flask, Response, g, request

from vssid.web import cookies
from vssid.web.i18n import LANGUAGES

_YEAR_DAYS = 365


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the address's parameter, the cookie's name, the values; the first one is what holds unasked."""

    parameter: str
    cookie: str
    values: tuple[str, ...]


LANGUAGE = Choice("lang", "lang", tuple(LANGUAGES))
SIZE = Choice("co", "size", ("m", "l", "xl"))
CONTRAST = Choice("tuong-phan", "contrast", ("thuong", "cao"))
MODE = Choice("che-do", "mode", ("day-du", "chu"))
ALL = (LANGUAGE, SIZE, CONTRAST, MODE)


def chosen(choice: Choice) -> str:
    """What the reader of this request wants: by the address, by the cookie, or what holds unasked. Not for the language."""
    kept: dict[str, str] = g.setdefault("choices", {})
    if choice.parameter not in kept:
        wishes = (request.args.get(choice.parameter), cookies.get(choice.cookie), choice.values[0])
        kept[choice.parameter] = next(wish for wish in wishes if wish in choice.values)
    return kept[choice.parameter]


def text_only() -> bool:
    """Whether the reader wants pages without pictures and scripts."""
    return chosen(MODE) == "chu"


def init_app(app: Flask) -> None:
    """Remember what the address chooses."""
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    for choice in ALL:
        wish = request.args.get(choice.parameter)
        if wish is not None and wish in choice.values:
            cookies.put(response, choice.cookie, wish, _YEAR_DAYS)
    return response
