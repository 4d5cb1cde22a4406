"""Static files from memory: hashed addresses that never change, compressed once at the start."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from vssid.web.guards import public

COMPRESSIBLE = {"text/css", "text/javascript", "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file of static/: its content, the same compressed if that helps, its type and the hash in its address."""

    body: bytes
    packed: bytes | None
    media_type: str
    version: str


def read_all(root: Path) -> dict[str, Asset]:
    """Every file below `root` by its path there."""
    mimetypes.add_type("text/javascript", ".js")
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in (".md", ".txt"):
            body = path.read_bytes()
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            packed = gzip.compress(body, 9, mtime=0) if media_type in COMPRESSIBLE else None
            found[path.relative_to(root).as_posix()] = Asset(
                body, packed, media_type, hashlib.sha256(body).hexdigest()[:10]
            )
    return found


def init_app(app: Flask) -> dict[str, Asset]:
    """Serve static/ at /static/<path>?v=<hash> and give templates `asset(path)`."""
    assets = read_all(Path(app.root_path).parent / "static")

    def asset(path: str) -> str:
        """The address of static/`path`. A KeyError in a test is better than a 404 in the street."""
        return f"/static/{path}?v={assets[path].version}"

    @app.get("/static/<path:path>", endpoint="static")
    @public
    def serve(path: str) -> Response:
        found = assets.get(path) or abort(404)
        packed = found.packed if "gzip" in request.headers.get("Accept-Encoding", "") else None
        response = Response(packed or found.body, mimetype=found.media_type)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        current = request.args.get("v") == found.version
        response.headers["Cache-Control"] = FOREVER if current else "public, max-age=300"
        return response

    app.jinja_env.globals["asset"] = asset
    return assets
