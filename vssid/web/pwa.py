"""The installable side: manifest, service worker and the page that is shown without a network."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request

from vssid.kernel.labels import N_
from vssid.web import pages
from vssid.web.assets import Asset
from vssid.web.guards import public
from vssid.web.installing import WAYS, inside_another_app, way_of

bp = Blueprint("pwa", __name__)
PRECACHED = ("js/app.js", "js/offline.js", "vendor/htmx.min.js", "icons/sprite.svg")
# Pages that a phone keeps whole once they are wanted: address, template, static files and data that they need.
KITS = {
    "kept": ("/the-da-luu", "card/kept.html", ("js/app.js", "js/kept.js", "vendor/qrcode.js"), ()),
    "verify": (
        "/xac-minh",
        "verifying/check.html",
        ("js/app.js", "js/verify.js", "vendor/noble-ed25519.js", "js/scan.js", "vendor/jsQR.js"),
        ("/xac-minh/khoa.json", "/xac-minh/thu-hoi.json"),
    ),
}
# What a long press on the icon offers: name, address, picture in static/icons/.
SHORTCUTS = (
    (N_("Sử dụng thẻ BHYT"), "/ca-nhan/the-bhyt/su-dung", "shortcut-card.png"),
    (N_("Tìm mã số Bảo hiểm xã hội"), "/tra-cuu/ma-so", "shortcut-search.png"),
    (N_("Xác minh thẻ, giấy tờ"), "/xac-minh", "shortcut-check.png"),
)


def init_app(app: Flask, assets: dict[str, Asset], css: str) -> None:
    """Register the addresses; `BUILD` changes whenever something kept does, `INSTALL_KB` is what that weighs on the line."""
    app.config["BUILD"] = stamp(app.config["PROJECT_ROOT"], css + "".join(asset.version for asset in assets.values()))
    files = [assets[path].packed or assets[path].body for path in PRECACHED]
    app.config["INSTALL_KB"] = -(-sum(map(len, [*files, gzip.compress(css.encode())])) // 10_240) * 10
    app.register_blueprint(bp)


def stamp(root: Path, files: str) -> str:
    """What tells phones of a deployment: `files` by their versions, and the kept pages with their frame, in every language."""
    templates = root / "templates"
    kept = [templates / name for name in ("base.html", "pwa/offline.html", *(kit[1] for kit in KITS.values()))]
    parts, words = templates.glob("parts/**/*.html"), root.glob("translations/*/LC_MESSAGES/messages.mo")
    whole = hashlib.sha256(files.encode())
    for path in (*kept, *sorted(parts), *sorted(words)):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The worker: never kept for long, or a broken one could not be replaced."""
    present: dict[str, Any] = current_app.extensions["assets"]
    asset = current_app.jinja_env.globals["asset"]
    precache = [asset(path) for path in PRECACHED if path in present]  # type: ignore[operator]
    kits = {
        name: {"page": page, "needs": [asset(path) for path in needs if path in present] + list(data)}  # type: ignore[operator]
        for name, (page, _template, needs, data) in KITS.items()
    }
    body = render_template("pwa/sw.js", build=current_app.config["BUILD"], precache=precache, kits=kits)
    return _typed(body, "text/javascript", "no-cache")


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What the phone shows once the site is installed."""
    body = render_template("pwa/manifest.json", shortcuts=SHORTCUTS)
    return _typed(body, "application/manifest+json", "private, max-age=86400")


@bp.get("/cai-dat-ung-dung")
@public
def install() -> Response:
    """How to put it on the home screen, the way of the visitor's own browser opened."""
    agent = request.headers.get("User-Agent", "")[:500]
    return pages.page(
        "pwa/install.html",
        ways=WAYS,
        own=way_of(agent),
        inside=inside_another_app(agent),
        size=current_app.config["INSTALL_KB"],
    )


@bp.get("/ngoai-tuyen")
@public
def offline() -> Response:
    """The page that the worker shows when there is no network."""
    return make_response(render_template("pwa/offline.html"))


def _typed(body: str, media_type: str, cache: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = cache
    return response
