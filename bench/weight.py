"""What a first visit costs in bytes over real HTTP, and whether Chromium has to wait for anything before it paints."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.client import Answer, fetch
from bench.ground import SERVE, citizen, cookies_of, newcomer_who_agreed, serving, specimen_ground
from bench.report import Row, at_most

PART = "weight"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Ten TCP segments: what a server may send before it hears from the browser again.
FIRST_FLIGHT = 14_600
WITH_SCRIPT = 40_000
# The compressed answers vary by some bytes on purpose (BREACH): the heaviest of these counts.
SAMPLES = 8
MOST_HOPS = 5
_SHEETS = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"')
_SCRIPTS = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"')
_BLOCKING = """() => performance.getEntriesByType('resource')
    .filter(entry => entry.renderBlockingStatus !== 'non-blocking').map(entry => new URL(entry.name).pathname)"""


@dataclass(frozen=True)
class Visit:
    """The bytes of a page with all hops to it, its style sheets and its scripts."""

    hops: list[tuple[str, int]]
    sheets: int
    scripts: int

    @property
    def light(self) -> int:
        return sum(size for _path, size in self.hops) + self.sheets

    @property
    def full(self) -> int:
        return self.light + self.scripts


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        app = ground.app()
        signed_in = citizen(app)
        signed_in.get("/")  # from the second page on the session cookie stays the same
        agreed, inside = cookies_of(newcomer_who_agreed(app)), cookies_of(signed_in)
        pages = [
            ("`/`, first visit", "/", ""),
            ("`/dang-ky`, first visit (303 to `/bat-dau`, both)", "/dang-ky", ""),
            ("`/dang-ky` after the terms", "/dang-ky", agreed),
            ("the form `/dang-ky/ca-nhan/thong-tin`", "/dang-ky/ca-nhan/thong-tin", agreed),
            ("`/dang-nhap`, first visit", "/dang-nhap", ""),
        ]
        rows: list[Row] = []
        with serving([*SERVE, "--no-worker"], ground), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, path, cookies in pages:
                say(f"weight: {path}")
                rows += _of_page(name, heaviest(ground.port, path, cookies, 2 if quick else SAMPLES))
                rows.append(_in_chromium(browser, name, ground.port, path, cookies))
            rows += _for_information(browser, ground.port, inside)
            browser.close()
    return rows


def heaviest(port: int, path: str, cookies: str, samples: int) -> Visit:
    """The heaviest of some visits."""
    return max((visit(port, path, cookies) for _sample in range(samples)), key=lambda found: found.full)


def visit(port: int, path: str, cookies: str) -> Visit:
    """One visit with an empty cache."""
    hops: list[tuple[str, int]] = []
    answer: Answer | None = None
    while answer is None or answer.status == 303:
        answer = fetch(port, path, cookies)
        hops.append((path, answer.size))
        path = answer.headers.get("Location", "")
        if len(hops) > MOST_HOPS:
            raise RuntimeError(f"{hops[0][0]} leads round and round")
    if answer.status != 200:
        raise RuntimeError(f"{hops[-1][0]} answered {answer.status}")
    html = _text(answer)
    sheets, scripts = (
        sum(fetch(port, address).size for address in set(pattern.findall(html))) for pattern in (_SHEETS, _SCRIPTS)
    )
    return Visit(hops, sheets, scripts)


def _text(answer: Answer) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.body) if packed else answer.body).decode()


def _of_page(name: str, found: Visit) -> list[Row]:
    light = at_most(PART, f"{name}: HTML + CSS", found.light, FIRST_FLIGHT, "B")
    full = at_most(PART, f"{name}: with script", found.full, WITH_SCRIPT, "B")
    hops = [Row(PART, f"… hop {path.partition('?')[0]}", f"{size:,} B") for path, size in found.hops]
    return [light, full, *(hops if len(hops) > 1 else [])]


def _for_information(browser: Browser, port: int, cookies: str) -> list[Row]:
    """The card page, which has no bound of its own."""
    path = "/ca-nhan/the-bhyt"
    light, _full = _of_page(f"`{path}`, signed in", heaviest(port, path, cookies, 2))
    rows = [light, _in_chromium(browser, f"`{path}`, signed in", port, path, cookies)]
    return [replace(row, figure="", bound="", met=None) for row in rows]


def _in_chromium(browser: Browser, name: str, port: int, path: str, cookies: str) -> Row:
    """Nothing may block rendering; beside it all bytes that Chromium fetched, icons included."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN", service_workers="block")
    url = f"http://127.0.0.1:{port}"
    pairs = (pair.split("=", 1) for pair in cookies.split("; ") if pair)
    context.add_cookies([{"name": key, "value": value, "url": url} for key, value in pairs])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", note)
    wire.on("Network.requestWillBeSent", lambda event: _note_hop(event, sizes))
    page.goto(url + path, wait_until="networkidle")
    blocking: list[str] = page.evaluate(_BLOCKING)
    context.close()
    fetched = f"{sum(sizes):,.0f} B in {len(sizes)} answers"
    return Row(
        PART, f"{name}: blocks rendering in Chromium", ", ".join(blocking) or "nothing",
        f"all it fetched: {fetched}", "", "nothing", not blocking,
    )  # fmt: skip


def _note_hop(event: dict[str, Any], sizes: list[float]) -> None:
    """A redirect has no loadingFinished of its own."""
    if "redirectResponse" in event:
        sizes.append(event["redirectResponse"]["encodedDataLength"])
