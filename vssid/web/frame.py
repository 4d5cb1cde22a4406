"""What every page shows around its content: name, navigation, language, size, who is here, until when."""

import functools
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from markupsafe import Markup

from vssid.kernel.audit import ActorKind
from vssid.kernel.labels import Label
from vssid.settings import Settings
from vssid.web import choices, weight
from vssid.web.choices import CONTRAST, SIZE, chosen, text_only
from vssid.web.guards import TOKEN_KEYS, actor_of, public
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import LANGUAGES, language, say, texts, unbroken
from vssid.web.published import is_published
from vssid.web.sheets import Sheets

# Stands for the form token in a part that is rendered once; no text of ours looks like it.
_CSRF_PLACE = "\x00csrf\x00"
# Likewise for the bell, which each reader has for themselves: a callable that a room above gives.
_BELL_PLACE = "\x00bell\x00"


LONGEST_KEPT = 200
_CHOICES = frozenset(choice.parameter for choice in choices.ALL)


@dataclass(frozen=True)
class Item:
    """One entry of a navigation list; `label` is marked, not translated."""

    label: Label
    href: str
    icon: str = ""
    key: str = ""


@dataclass(frozen=True)
class Navigation:
    """The lists of the citizen's frame, and the drawer of the members of an organisation."""

    bar: tuple[Item, ...]
    drawer: tuple[Item, ...]
    footer: tuple[Item, ...]
    members: tuple[Item, ...] = ()


def init_app(app: Flask, settings: Settings, sheets: Sheets, navigation: Navigation) -> None:
    """Templates get strict variables, the `ui` macros and the frame's lists."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.globals["core_css"] = Markup(sheets.core)  # noqa: S704 - our own file, allowed by its hash
    env.globals["version"] = app.config["VERSION"]

    site = {
        "name": settings.site_name,
        "hotline": unbroken(settings.hotline),
        "dial": re.sub(r"[^0-9+]", "", settings.hotline),
    }

    @functools.cache
    def translated(_language: str) -> dict[str, list[dict[str, str]]]:
        """The navigation in a language: the same for everybody, so it is translated once."""
        lists = {
            "nav_items": navigation.bar,
            "drawer_items": navigation.drawer,
            "footer_items": navigation.footer,
            "member_items": navigation.members,
        }
        return {name: _translated(items) for name, items in lists.items()}

    env.globals["weight_place"] = weight.PLACE
    env.globals["choice_url"] = lambda parameter, value: f"{_choice_start()}{parameter}={value}"

    @app.context_processor
    def frame() -> dict[str, Any]:
        presence = _presence()
        board = current_app.extensions.get("board")
        return {
            "site": site,
            "specimen": current_app.extensions.get("specimen", bool)(),
            "lang_tag": LANGUAGES[language()][1],
            "text_size": chosen(SIZE),
            "contrast": chosen(CONTRAST),
            "text_mode": text_only(),
            "published": is_published(),
            **texts(language()),
            "board": board(_audience(presence["actor_kind"])) if board else (),
            **presence,
        }

    @app.post("/phien", endpoint="stay")
    @public
    def stay() -> Response:
        """The reader is still there: being asked who they are has just renewed their session."""
        actor = next(filter(None, map(actor_of, TOKEN_KEYS)), None)
        if actor is None:
            abort(401)
        return Response(status=204, headers={"X-Session-Ends": str(int(actor.ends_at.timestamp()))})

    @app.after_request
    def tell_end(response: Response) -> Response:
        actor = g.get("actor")
        if actor is not None and is_fragment_request():
            response.headers["X-Session-Ends"] = str(int(actor.ends_at.timestamp()))
        return response

    # Nothing in them depends on the reader.
    head = env.get_template("parts/head.html")
    card_css = Markup(sheets.with_card)  # noqa: S704 - our own file, allowed by its hash
    env.globals["head_html"] = Markup(head.render())  # noqa: S704 - our own template
    env.globals["card_head_html"] = Markup(head.render(core_css=card_css))  # noqa: S704 - likewise
    # Without htmx: of pages that a phone keeps, or that must be small.
    env.globals["light_head_html"] = Markup(head.render(core_css=card_css, light=True))  # noqa: S704 - likewise

    def drawn(name: str, code: str, size: str, kind: str, active: str, start: str) -> str:
        return env.get_template(f"parts/{name}.html").render(
            site=site,
            lang_tag=LANGUAGES[code][1],
            text_size=size,
            lang_url=lambda choice: f"{start}lang={choice}",
            size_url=lambda choice: f"{start}co={choice}",
            actor_kind=kind,
            active=active,
            csrf_place=_CSRF_PLACE,
            bell_place=_BELL_PLACE,
            **translated(code),
            **texts(code),
        )

    part = functools.lru_cache(1024)(drawn)

    def chrome(name: str, kind: str, active: str = "", *, here: bool = False) -> Markup:
        """A part of the frame that is the same for everybody of one kind, language and text size (and, `here`, address)."""
        start = _choice_start() if here else ""
        # A long address is one of a kind: it would only fill the memory.
        make = part if len(start) < LONGEST_KEPT else drawn
        html = make(name, language(), chosen(SIZE), kind, active, start)
        if _BELL_PLACE in html:
            html = html.replace(_BELL_PLACE, current_app.extensions.get("bell", str)())
        return Markup(html.replace(_CSRF_PLACE, generate_csrf()) if _CSRF_PLACE in html else html)  # noqa: S704

    env.globals["chrome"] = chrome
    env.globals["ui"] = env.get_template("parts/ui.html").module


def _audience(kind: str) -> str:
    """For whom a page is: officers (also before they have signed in), somebody signed in, or anybody."""
    if _kind_of(request.path) is ActorKind.OFFICER:
        return "can-bo"
    return "dan" if kind else "cong"


def _translated(items: tuple[Item, ...]) -> list[dict[str, str]]:
    return [{"label": say(item.label), "href": item.href, "icon": item.icon, "key": item.key} for item in items]


def _presence() -> dict[str, Any]:
    kind = _kind_of(request.path)
    helper = actor_of(ActorKind.HELPER) if kind is ActorKind.CITIZEN else None
    actor = helper or actor_of(kind)
    if actor is None:
        return {"actor_kind": "", "session_ends": None, "session_now": None, "helper": None}
    kind = ActorKind.HELPER if helper else kind
    ends, here = int(actor.ends_at.timestamp()), int(time.time())
    return {"actor_kind": str(kind), "session_ends": ends, "session_now": here, "helper": helper}


def _kind_of(path: str) -> ActorKind:
    """Whose pages these are: of several people signed in in one browser, the frame shows the one they are for."""
    if path.startswith("/can-bo"):
        return ActorKind.OFFICER
    return ActorKind.MEMBER if re.match("/to-chuc(/|$)", path) else ActorKind.CITIZEN


def _choice_start() -> str:
    """This page's address, ready for a choice (`lang=`, `co=` …) to be added."""
    kept = {key: value for key, value in request.args.items() if key not in _CHOICES}
    return f"{quote(request.path)}?{urlencode(kept)}{'&' if kept else ''}"
