"""Static files from memory: hashed addresses that never change, compressed once at the start."""

import functools
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request

from vssid.web.guards import public

COMPRESSIBLE = {"text/css", "text/javascript", "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file of static/: its content, the same with gzip if that helps, its type and the hash in its address."""

    body: bytes
    packed: bytes | None
    media_type: str
    version: str

    @functools.cached_property
    def _squeezed(self) -> bytes:
        """With brotli, a sixth smaller than the next quality below; when it is first asked for, or each start took a second more."""
        return bytes(brotli.compress(self.body, mode=brotli.MODE_TEXT, quality=11))

    def packed_for(self, accepted: str) -> tuple[str, bytes]:
        """Name of the encoding ("" for none) and content for a browser that takes the encodings `accepted`."""
        if self.packed and "br" in accepted:
            return "br", self._squeezed
        return ("gzip", self.packed) if self.packed and "gzip" in accepted else ("", self.body)


def read_all(root: Path) -> dict[str, Asset]:
    """Every file below `root` by its path there."""
    mimetypes.add_type("text/javascript", ".js")
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in (".md", ".txt"):
            body = path.read_bytes()
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            helps = media_type in COMPRESSIBLE
            found[path.relative_to(root).as_posix()] = Asset(
                body,
                gzip.compress(body, 9, mtime=0) if helps else None,
                media_type,
                hashlib.sha256(body).hexdigest()[:10],
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
        encoding, body = found.packed_for(request.headers.get("Accept-Encoding", ""))
        response = Response(body, mimetype=found.media_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
        current = request.args.get("v") == found.version
        response.headers["Cache-Control"] = FOREVER if current else "public, max-age=300"
        return response

    app.jinja_env.globals["asset"] = asset
    return assets
