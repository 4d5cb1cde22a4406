"""The card without network: what its strips weigh and cost, how soon a weak phone opens it, what a verifier has to fetch."""

import gzip
import json
import re
import time
from collections.abc import Callable
from datetime import date
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.client import fetch
from bench.ground import SERVE, Ground, citizen, cookies_of, serving, specimen_ground
from bench.phone import OBSERVE, SLOWER, Seen
from bench.report import Row, Series, at_least_share, at_most, at_most_times
from bench.weight import CHROMIUM, FLAGS
from vssid.card.rules import Face
from vssid.card.strips import rules, signing
from vssid.kernel.crypto import Keyring

PART = "card"
MOST_BYTES, MOST_VERIFIER = 4096, 30_000
LEAST_SHARE, MOST_TIMES_BARE = 0.5, 1.1
TURNS, QUICK_TURNS = 15, 5
BATCH, BATCHES = 50, 9
SETTLE_MS = 700
_SCRIPTS = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"')
_FACE = Face(
    version_id=uuid4(), ma_so="8900000101", number="DN4898900000101", holder="Đặng Thị Mẫu Ưng", birth="04/09/1985", sex="F",
    address="", facility_code="89012", facility_name="", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    five_years_from=date(2025, 2, 1), level=4, area_code="", object_code="DN", issued_on=None, issued_by="", signatory="",
    withdrawn=False,
)  # fmt: skip
# The page as the script has made it, without script: what a phone would show that need not make anything.
_BARE = """async () => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll('script').forEach((one) => one.remove());
  const text = '<!doctype html>' + copy.outerHTML;
  for (const name of await caches.keys()) {
    if (/^static-/.test(name)) await (await caches.open(name)).put('/ngoai-tuyen', new Response(text, {headers: {'Content-Type': 'text/html'}}));
  }
}"""


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    rows = _strips()
    with specimen_ground() as ground:
        cookies = cookies_of(citizen(ground.app()))
        with serving([*SERVE, "--no-worker"], ground):
            rows.append(_verifier(ground))
            say("card: opened without network, in turns with a bare page")
            rows.append(_offline(ground, cookies, QUICK_TURNS if quick else TURNS))
    return rows


def _strips() -> list[Row]:
    private, keyring = Ed25519PrivateKey.generate(), Keyring([bytes(32)])
    issuer, handle = signing.Issuer(1, private, keyring, specimen=False), bytes(6)
    today = date(2026, 11, 29)
    packed = json.dumps(signing.daily(issuer, _FACE, handle, bytes(8), today).packed(), separators=(",", ":"))
    message = rules.DOMAIN + rules.payload(signing.strip(issuer, _FACE, handle, bytes(8), today, today, paper=False))
    ours, bare = [], []
    for _turn in range(BATCHES):
        ours.append(_timed(lambda: signing.daily(issuer, _FACE, handle, bytes(8), today)) / rules.DAYS)
        bare.append(_timed(lambda: [private.sign(message) for _day in range(rules.DAYS)]) / rules.DAYS)
    mine, theirs = 1 / Series(ours).median, 1 / Series(bare).median
    return [
        at_most(PART, f"strips of one person for {rules.DAYS} days", len(packed), MOST_BYTES, "B"),
        at_least_share(
            PART, "strips signed a second, spoken codes included", f"{mine:,.0f}", f"bare Ed25519: {theirs:,.0f}",
            mine / theirs, LEAST_SHARE, noisy=Series(ours).noisy or Series(bare).noisy,
        ),
    ]  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    """Seconds a call, of a batch."""
    started = time.perf_counter()
    for _call in range(BATCH):
        work()
    return (time.perf_counter() - started) / BATCH


def _verifier(ground: Ground) -> Row:
    """The page, its scripts, keys and list; not the reader of codes, which comes on a tap, nor the library for old browsers."""
    page = fetch(ground.port, "/xac-minh")
    scripts = _SCRIPTS.findall(gzip.decompress(page.body).decode())
    paths = [*scripts, "/xac-minh/khoa.json", "/xac-minh/thu-hoi.json"]
    size = page.size + sum(fetch(ground.port, path).size for path in paths)
    return at_most(PART, "`/xac-minh` in all, compressed, headers included", size, MOST_VERIFIER, "B")


def _offline(ground: Ground, cookies: str, turns: int) -> Row:
    url = f"http://127.0.0.1:{ground.port}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, device_scale_factor=2, is_mobile=True, base_url=url, locale="vi-VN"
        )
        pairs = (pair.split("=", 1) for pair in cookies.split("; ") if pair)
        context.add_cookies([{"name": key, "value": value, "url": url} for key, value in pairs])
        context.add_init_script(OBSERVE)
        _keep(context.new_page())
        _opened(context, "/the-da-luu")  # as on every day but the first
        context.set_offline(True)
        ours, bare = [], []
        for _turn in range(turns):
            ours.append(_opened(context, "/ca-nhan/the-bhyt/su-dung"))
            bare.append(_opened(context, "/ca-nhan"))
        browser.close()
    mine, theirs = Series(ours), Series(bare)
    return at_most_times(
        PART, "the kept card, opened without network: largest paint", f"{mine.median:.0f} ms",
        f"the same page finished, without script: {theirs.median:.0f} ms", mine.median / theirs.median, MOST_TIMES_BARE,
        noisy=mine.noisy or theirs.noisy,
    )  # fmt: skip


def _keep(page: Page) -> None:
    page.goto("/ca-nhan/the-bhyt/giu-tren-may")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.locator("#agree").check()
    page.locator("[data-keep-form] [type=submit]").click()
    page.wait_for_url("**/the-da-luu#*")
    page.locator("[data-fill=strip] svg").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate(_BARE)
    page.close()


def _opened(context: BrowserContext, path: str) -> float:
    """Milliseconds to the largest paint on a processor that is a sixth of this one."""
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(path)
    page.wait_for_timeout(SETTLE_MS)
    found = Seen.of(page).largest
    page.close()
    return found
