"""What every page shows around its content: name, navigation, language, size, who is here, until when."""

import functools
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, abort, current_app, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from vssid.kernel.audit import ActorKind
from vssid.kernel.labels import Label
from vssid.settings import Settings
from vssid.web.guards import actor_of, public
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import LANGUAGES, language, say, text_size, texts


@dataclass(frozen=True)
class Item:
    """One entry of a navigation list; `label` is marked, not translated."""

    label: Label
    href: str
    icon: str = ""
    key: str = ""


@dataclass(frozen=True)
class Navigation:
    """The three lists of the citizen's frame."""

    bar: tuple[Item, ...]
    drawer: tuple[Item, ...]
    footer: tuple[Item, ...]


def compact(css: str) -> str:
    """The style sheet without comments and line breaks: it travels in each page."""
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.S)).strip()


def init_app(app: Flask, settings: Settings, core_css: str, navigation: Navigation) -> None:
    """Templates get strict variables, the `ui` macros and the frame's lists."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.globals["core_css"] = Markup(core_css)  # noqa: S704 - our own file, allowed by its hash
    env.globals["version"] = app.config["VERSION"]

    @functools.cache
    def translated(_language: str) -> dict[str, list[dict[str, str]]]:
        """The navigation in a language: the same for everybody, so it is translated once."""
        lists = {"nav_items": navigation.bar, "drawer_items": navigation.drawer, "footer_items": navigation.footer}
        return {name: _translated(items) for name, items in lists.items()}

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "site": {"name": settings.site_name, "hotline": settings.hotline},
            "specimen": current_app.extensions.get("specimen", bool)(),
            "lang_tag": LANGUAGES[language()][1],
            "text_size": text_size(),
            **translated(language()),
            **texts(language()),
            **_presence(),
        }

    @app.post("/phien", endpoint="stay")
    @public
    def stay() -> Response:
        """The reader is still there: being asked who they are has just renewed their session."""
        actor = actor_of(ActorKind.CITIZEN) or actor_of(ActorKind.OFFICER)
        if actor is None:
            abort(401)
        return Response(status=204, headers={"X-Session-Ends": str(int(actor.ends_at.timestamp()))})

    @app.after_request
    def tell_end(response: Response) -> Response:
        actor = g.get("actor")
        if actor is not None and is_fragment_request():
            response.headers["X-Session-Ends"] = str(int(actor.ends_at.timestamp()))
        return response

    # Nothing in it depends on the reader.
    env.globals["head_html"] = Markup(env.get_template("parts/head.html").render())  # noqa: S704 - our own template

    @functools.lru_cache(1024)
    def settings_html(_language: str, _size: str, start: str, narrow: bool) -> Markup:
        """The two menus of the top bar: the same for everybody who stands at this address with these choices."""
        choices = {
            "lang_url": lambda code: f"{start}lang={code}",
            "size_url": lambda size: f"{start}co={size}",
            "lang_tag": LANGUAGES[_language][1],
            "text_size": _size,
            **({"languages": ("vi", "en")} if narrow else {}),
        }
        return Markup(env.get_template("parts/settings.html").render(**choices))  # noqa: S704 - our own template

    env.globals["settings_menu"] = lambda narrow=False: settings_html(language(), text_size(), _choice_start(), narrow)
    env.globals["ui"] = env.get_template("parts/ui.html").module


def _translated(items: tuple[Item, ...]) -> list[dict[str, str]]:
    return [{"label": say(item.label), "href": item.href, "icon": item.icon, "key": item.key} for item in items]


def _presence() -> dict[str, Any]:
    kind = ActorKind.OFFICER if request.path.startswith("/can-bo") else ActorKind.CITIZEN
    actor = actor_of(kind)
    if actor is None:
        return {"actor_kind": "", "session_ends": None, "session_now": None}
    return {"actor_kind": str(kind), "session_ends": int(actor.ends_at.timestamp()), "session_now": int(time.time())}


def _choice_start() -> str:
    """This page's address, ready for a choice of language (`lang=`) or text size (`co=`) to be added."""
    kept = {key: value for key, value in request.args.items() if key not in ("lang", "co")}
    return f"{quote(request.path)}?{urlencode(kept)}{'&' if kept else ''}"
