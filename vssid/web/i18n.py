"""Five languages: choosing one, saying a label in it, dates and numbers as its readers write them."""

import functools
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from vssid.kernel.clock import VIETNAM
from vssid.kernel.labels import CalendarMonth, Label
from vssid.kernel.text import spoken_phone
from vssid.settings import PROJECT_ROOT
from vssid.web import cookies

# code in URLs and cookies → (Babel locale, HTML lang, own name)
LANGUAGES = {
    "vi": ("vi", "vi", "Tiếng Việt"),
    "en": ("en_GB", "en-GB", "English"),
    "ko": ("ko", "ko", "한국어"),
    "zh": ("zh_Hans", "zh-Hans", "简体中文"),
    "ja": ("ja", "ja", "日本語"),
}


def init_app(app: Flask) -> None:
    """Install Babel with our way of choosing."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["PROJECT_ROOT"] / "translations")
    Babel(
        app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=lambda: LANGUAGES[language()][0]
    )
    app.jinja_env.globals.update({name: _asking(name) for name in ("_", "gettext", "pgettext", "ngettext")})
    app.jinja_env.filters.update(
        say=say,
        day=day,
        month=month,
        moment=moment,
        clock=clock_time,
        phone=spoken_phone,
        number=number,
        unbroken=unbroken,
    )


# What templates call. Jinja's own callables do the same (escaped values in trusted words) with four calls for each of a
# page's thirty texts. A page gets those of its language in its context (`texts`); macros, which know no context, ask.


def _filled(words: str, values: dict[str, Any]) -> Markup:
    # Catalogues and templates are ours; `Markup % values` escapes what is filled in.
    trusted = Markup(words)  # noqa: S704
    return trusted % values if values or "%%" in words else trusted


@functools.cache
def _catalogue(code: str) -> NullTranslations:
    folder = str(PROJECT_ROOT / "translations")
    return NullTranslations() if code == "vi" else Translations.load(folder, [LANGUAGES[code][0]])


@functools.cache
def texts(code: str) -> dict[str, Callable[..., Markup]]:
    """The gettext family of one language; its catalogue is read once in a process."""
    catalogue = _catalogue(code)

    @functools.cache
    def plain(message: str) -> Markup:
        """Most texts have no values, and templates ask for the same ones all day."""
        return _filled(catalogue.ugettext(message), {})

    def text(message: str, /, **values: Any) -> Markup:
        return _filled(catalogue.ugettext(message), values) if values else plain(message)

    def sense(context: str, message: str, /, **values: Any) -> Markup:
        return _filled(catalogue.upgettext(context, message), values)

    def count(one: str, many: str, n: int, /, **values: Any) -> Markup:
        return _filled(catalogue.ungettext(one, many, n), {"num": n, **values})

    return {"_": text, "gettext": text, "pgettext": sense, "ngettext": count}


def _asking(name: str) -> Callable[..., Markup]:
    return lambda *words, **values: texts(language())[name](*words, **values)


def language() -> str:
    """The request's language: `?lang=`, cookie, Accept-Language, Vietnamese (outside requests too). Code of LANGUAGES."""
    if not has_request_context():
        return "vi"
    code: str | None = g.get("language")
    if code is None:
        code = g.language = _choose(request.args.get("lang"), cookies.get("lang"))
    return code


def _choose(*wishes: str | None) -> str:
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    return best_of(request.headers.get("Accept-Language", ""))


@functools.lru_cache(500)
def best_of(accepted: str) -> str:
    """The language for a browser that sends `accepted` as its Accept-Language."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES, default="vi") or "vi"


def say(words: str) -> str:
    """`words` in the reader's language, with their values, when they are a Label; plain text stays as it is."""
    return say_in(language(), words) if isinstance(words, Label) else words


def say_in(code: str, words: Label) -> str:
    """`words` in the language `code`, whatever the reader of this request speaks: for messages that leave the house."""
    catalogue = _catalogue(code)
    text = catalogue.upgettext(words.context, str(words)) if words.context else catalogue.ugettext(str(words))
    if not words.params:
        return str(text)
    return str(text) % {key: _spoken(code, value) for key, value in words.params.items()}


def shown(words: Label) -> Markup:
    """The same for a page: values are escaped, and those that are `Markup` already (`vietnamese`) stay as they are."""
    spoken = {key: _spoken(language(), value) for key, value in words.params.items()}
    return Markup(say(Label(str(words), words.context))) % spoken  # noqa: S704 - our own catalogue


def vietnamese(name: str) -> Markup:
    """A name that stays Vietnamese in every language, so marked for who has the page read aloud."""
    return Markup('<span lang="vi">{}</span>').format(name)


def _spoken(code: str, value: Any) -> Any:
    if isinstance(value, Label):
        return say_in(code, value)
    if isinstance(value, Decimal):
        return number_in(code, value)
    if isinstance(value, CalendarMonth):
        return _month_in(code, value.first_day)
    return _day_in(code, value) if isinstance(value, date) else value


def unbroken(number: str) -> str:
    """A telephone number that stays on one line: 0296 000 001 with spaces at which no line breaks."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def number(value: int | Decimal) -> str:
    """A number with its thousands apart: 1.234.567,5 in Vietnamese, 1,234,567.5 elsewhere; at most four decimals."""
    return number_in(language(), value)


def number_in(code: str, value: int | Decimal) -> str:
    """The same in the language `code`, whoever reads: for paper."""
    return str(format_decimal(value, "#,##0.####", locale=LANGUAGES[code][0]))


def day(value: date) -> str:
    """A day: 4/9/1985, 4 September 1985, 1985년 9월 4일, 1985年9月4日; always four-digit years."""
    return _day_in(language(), value)


def _day_in(code: str, value: date) -> str:
    if code == "vi":
        return f"{value.day}/{value.month}/{value.year}"
    return format_date(value, "long", locale=LANGUAGES[code][0])


def month(value: date) -> str:
    """The month in which a day falls: 09/1985, September 1985, 1985년 9월, 1985年9月."""
    return _month_in(language(), value)


def _month_in(code: str, value: date) -> str:
    if code == "vi":
        return f"{value:%m/%Y}"
    return str(format_skeleton("yMMMM", value, locale=LANGUAGES[code][0]))


def clock_time(value: datetime) -> str:
    """The time of day in Vietnam: 14:05."""
    return f"{value.astimezone(VIETNAM):%H:%M}"


def moment(value: datetime) -> str:
    """A moment in Vietnamese time, 24 hours: 14:05, 4/9/2026; in Korean, Chinese and Japanese the day comes first."""
    local = value.astimezone(VIETNAM)
    if language() in ("vi", "en"):
        return f"{local:%H:%M}, {day(local.date())}"
    return f"{day(local.date())} {local:%H:%M}"
