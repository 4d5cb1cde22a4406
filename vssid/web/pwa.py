"""The installable side: manifest, service worker and the page that is shown without a network."""

import hashlib
from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, render_template

from vssid.web.assets import Asset
from vssid.web.guards import public

bp = Blueprint("pwa", __name__)
PRECACHED = ("js/app.js", "vendor/htmx.min.js", "icons/sprite.svg")
# Pages that a phone keeps whole once they are wanted, and what they need beside what everybody has.
KITS = {
    "kept": ("/the-da-luu", ("js/app.js", "js/kept.js", "vendor/qrcode.js"), ()),
    "verify": (
        "/xac-minh",
        ("js/app.js", "js/verify.js", "vendor/noble-ed25519.js", "js/scan.js", "vendor/jsQR.js"),
        ("/xac-minh/khoa.json", "/xac-minh/thu-hoi.json"),
    ),
}


def init_app(app: Flask, assets: dict[str, Asset], css: str) -> None:
    """Register the three addresses; `build` changes whenever a precached file does."""
    versions = css + "".join(asset.version for asset in assets.values())
    app.config["BUILD"] = hashlib.sha256(versions.encode()).hexdigest()[:12]
    app.register_blueprint(bp)


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The worker: never kept for long, or a broken one could not be replaced."""
    present: dict[str, Any] = current_app.extensions["assets"]
    asset = current_app.jinja_env.globals["asset"]
    precache = [asset(path) for path in PRECACHED if path in present]  # type: ignore[operator]
    kits = {
        name: {"page": page, "needs": [asset(path) for path in needs if path in present] + list(data)}  # type: ignore[operator]
        for name, (page, needs, data) in KITS.items()
    }
    body = render_template("pwa/sw.js", build=current_app.config["BUILD"], precache=precache, kits=kits)
    return _typed(body, "text/javascript", "no-cache")


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What the phone shows once the site is installed."""
    return _typed(render_template("pwa/manifest.json"), "application/manifest+json", "private, max-age=86400")


@bp.get("/ngoai-tuyen")
@public
def offline() -> Response:
    """The page that the worker shows when there is no network."""
    return make_response(render_template("pwa/offline.html"))


def _typed(body: str, media_type: str, cache: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = cache
    return response
