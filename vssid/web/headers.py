"""Response headers that make a browser our ally (safety.md 1.6), on every answer, errors included."""

import hashlib
import secrets
import struct
import zlib
from base64 import b64encode

from flask import Flask, Response, request

COMPRESSIBLE = ("text/html", "application/json", "text/javascript", "application/manifest+json")
SMALLEST_WORTH_COMPRESSING = 600
LEVEL = 4


def style_hash(css: str) -> str:
    """The CSP source that allows exactly this inline style sheet."""
    return "'sha256-" + b64encode(hashlib.sha256(css.encode()).digest()).decode() + "'"


def policy(core_css: str) -> str:
    """The Content-Security-Policy: nothing but our own files, and the one inlined style sheet by its hash."""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' {style_hash(core_css)}",
        "img-src": "'self'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def init_app(app: Flask, core_css: str) -> None:
    """Add the headers after every view; views may set their own Cache-Control."""
    fixed = {
        "Content-Security-Policy": policy(core_css),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }

    packer = Packer(core_css)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(fixed)  # no view sets these itself
        response.headers.setdefault("Cache-Control", "no-store")
        return _compress(response, packer)


def _compress(response: Response, packer: "Packer") -> Response:
    if (
        response.mimetype not in COMPRESSIBLE
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) < SMALLEST_WORTH_COMPRESSING:
        return response
    response.set_data(packer.pack(body))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


class Packer:
    """Gzip for pages that all hold the same style sheet: two thirds of a page are compressed once, at the start.

    Deflate blocks may be joined where one was flushed; what follows the style sheet may still refer back into it. A
    random file name in the gzip header varies the length, which blunts BREACH.
    """

    def __init__(self, shared: str) -> None:
        """`shared` is the text that most bodies contain once."""
        self._shared = shared.encode()
        self._after = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed = self._after.compress(self._shared) + self._after.flush(zlib.Z_SYNC_FLUSH)

    def pack(self, body: bytes) -> bytes:
        """`body` as one gzip member."""
        at = body.find(self._shared) if self._shared else -1
        if at < 0:
            rest = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            parts = [rest.compress(body), rest.flush()]
        else:
            before, after = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS), self._after.copy()
            parts = [before.compress(body[:at]), before.flush(zlib.Z_SYNC_FLUSH), self._packed]
            parts += [after.compress(body[at + len(self._shared) :]), after.flush()]
        name = secrets.token_hex(secrets.randbelow(16) + 1).encode() + b"\0"
        header = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name
        return b"".join([header, *parts, struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)])
