"""Public pages: what the heaviest weighs in each language, and how fast they come from the shelf beside a bare Flask."""

from collections.abc import Callable

from bench.ground import SERVE, Ground, serving, specimen_ground
from bench.report import Row, at_most
from bench.server import throughput
from bench.weight import FIRST_FLIGHT, visit
from vssid.web import copies
from vssid.web.db import db as request_db
from vssid.web.i18n import LANGUAGES

PART = "public"
PAGE = "/tra-cuu/kham-chua-benh"
LEAST_SHARE = 0.6
_DATA = (".json", ".xml", ".csv")


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        app = ground.app()
        pages = [address for address in copies.addresses(app) if not address.endswith(_DATA)]
        with app.app_context():
            request_db.engine.dispose()
        return [
            *_weights(ground, pages, say),
            *throughput(ground, "", quick, say, part=PART, path=PAGE, least=LEAST_SHARE),
        ]


def _weights(ground: Ground, pages: list[str], say: Callable[[str], None]) -> list[Row]:
    """The heaviest page in each language; the language by a cookie, as somebody has it who chose it before."""
    rows = []
    with serving([*SERVE, "--no-worker"], ground):
        for code in LANGUAGES:
            say(f"public: {len(pages)} pages in {code}")
            weight, page = max((visit(ground.port, page, f"vssid-lang={code}").light, page) for page in pages)
            what = f"the heaviest of {len(pages)} public pages in {code} (`{page}`): HTML + CSS"
            rows.append(at_most(PART, what, weight, FIRST_FLIGHT, "B"))
    return rows
