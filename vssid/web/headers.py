"""Response headers that make a browser our ally (safety.md 1.6), on every answer, errors included."""

import gzip
import hashlib
import io
import secrets
from base64 import b64encode

from flask import Flask, Response, request

COMPRESSIBLE = ("text/html", "application/json", "text/javascript", "application/manifest+json")
SMALLEST_WORTH_COMPRESSING = 600


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

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return _compress(response)


def _compress(response: Response) -> Response:
    """Gzip a dynamic answer. A random file name in the gzip header varies its length, which blunts BREACH."""
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
    packed = io.BytesIO()
    with gzip.GzipFile(secrets.token_hex(secrets.randbelow(16) + 1), "wb", 6, packed, mtime=0) as out:
        out.write(body)
    response.set_data(packed.getvalue())
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
