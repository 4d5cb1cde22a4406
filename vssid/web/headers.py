"""Response headers that make a browser our ally (safety.md 1.6), on every answer, errors included."""

import gzip
import hashlib
import secrets
import struct
import zlib
from base64 import b64encode

from flask import Flask, Response, request

from vssid.web.sheets import Sheets

COMPRESSIBLE = ("text/html", "application/json", "text/javascript", "application/manifest+json")
SMALLEST_WORTH_COMPRESSING = 600
LEVEL = 4
# Status line, date, length, kind and version of an answer, beside the headers that all have.
ANSWERS_OWN = 400
_SHEET_BEGINS = b"<style>"


def style_hash(css: str) -> str:
    """The CSP source that allows exactly this inline style sheet."""
    return "'sha256-" + b64encode(hashlib.sha256(css.encode()).digest()).decode() + "'"


def policy(*sheets: str) -> str:
    """The Content-Security-Policy: nothing but our own files, and the inlined style sheets by their hashes."""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": " ".join(["'self'", *map(style_hash, sheets)]),
        "img-src": "'self'",
        "media-src": "'self'",
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


def init_app(app: Flask, sheets: Sheets) -> None:
    """Add the headers after every view; views may set their own Cache-Control."""
    fixed = {
        "Content-Security-Policy": policy(*sheets),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }

    app.config["HEADER_BYTES"] = sum(len(name) + len(value) + 4 for name, value in fixed.items()) + ANSWERS_OWN

    # The longer one first: it begins with the other.
    packer = Packer(sheets.with_card, sheets.core)

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


def unpacked(response: Response) -> bytes:
    """The body of an answer as its view gave it."""
    body = response.get_data()
    return gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body


class Packer:
    """Gzip for pages that all begin with a style sheet: two thirds of a page are compressed once, at the start.

    Deflate blocks may be joined where one was flushed; what follows the style sheet may still refer back into it. A
    random file name in the gzip header varies the length, which blunts BREACH.
    """

    def __init__(self, *sheets: str) -> None:
        """`sheets` are the texts of the inlined style sheets; one that begins with another stands before it."""
        self._sheets = [_Sheet(text.encode()) for text in sheets]

    def pack(self, body: bytes) -> bytes:
        """`body` as one gzip member."""
        at = body.find(_SHEET_BEGINS) + len(_SHEET_BEGINS)
        sheet = next((one for one in self._sheets if body.startswith(one.text, at)), None)
        if sheet is None:
            rest = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            parts = [rest.compress(body), rest.flush()]
        else:
            before, after = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS), sheet.after.copy()
            parts = [before.compress(body[:at]), before.flush(zlib.Z_SYNC_FLUSH), sheet.packed]
            parts += [after.compress(body[at + len(sheet.text) :]), after.flush()]
        name = secrets.token_hex(secrets.randbelow(16) + 1).encode() + b"\0"
        header = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name
        return b"".join([header, *parts, struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)])


class _Sheet:
    """A style sheet, the same compressed, and the compressor as it stood behind it."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        # Compressed once, so as well as can be; what follows sees it behind itself like any text that went before.
        packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.packed = packing.compress(text) + packing.flush(zlib.Z_SYNC_FLUSH)
        self.after = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=text)
