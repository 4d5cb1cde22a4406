"""How soon a weak phone on a slow line shows a screen, beside a bare page of the same text.

Chromium with a sixth of this processor, 360 × 640 points, 400 kbit/s and 400 ms: seven screens, each as the first page
with an empty cache and as the fifth page of a visit, with the service worker that we register.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.test import TestResponse

from bench.bare import bare, keep
from bench.ground import (
    SERVE,
    Ground,
    citizen,
    cookies_of,
    free_port,
    gunicorn,
    newcomer_who_agreed,
    serving,
    specimen_ground,
)
from bench.report import Row, Series, at_most_times
from bench.weight import CHROMIUM, FLAGS

PART = "phone"
SLOWER = 6
LATENCY_MS = 400
BYTES_PER_SECOND = 400_000 / 8
MOST_TIMES_BARE = 1.25
# Long enough for whatever a page does after its load: scripts, the service worker's first caching.
SETTLE_MS = 1500
# What is for information only is asked less often.
TURNS, LINKED_TURNS = 5, 3
EARLIER = ("/quyen-rieng-tu", "/kich-hoat", "/quen-mat-khau", "/to-khai/quen-ma")
_LINE = {
    "offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND,
}  # fmt: skip
# Long tasks count from the first paint on, by what they exceed 50 ms: Lighthouse's total blocking time.
OBSERVE = """(() => {
  const seen = window.benchSeen = {largest: 0, element: '', shift: 0, first: 0, tasks: []};
  const on = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({type, buffered: true});
  const name = (e) => e ? e.localName + (e.getAttribute('class') ? '.' + e.getAttribute('class').split(' ')[0] : '') : '';
  on('largest-contentful-paint', (e) => { seen.largest = e.startTime; seen.element = name(e.element); });
  on('layout-shift', (e) => { if (!e.hadRecentInput) seen.shift += e.value; });
  on('paint', (e) => { if (e.name === 'first-contentful-paint') seen.first = e.startTime; });
  on('longtask', (e) => { seen.tasks.push([e.startTime, e.duration]); });
})()"""


@dataclass(frozen=True)
class Screen:
    """An address and the cookies of the one who opens it."""

    path: str
    cookies: str


@dataclass(frozen=True)
class Side:
    """A server: ours, the bare one, ours with a linked sheet; `words` names it in a row."""

    words: str
    port: int
    works: bool


@dataclass(frozen=True)
class Seen:
    """What Chromium saw of one page: largest paint and blocking time in ms, layout shift as it scores it."""

    largest: float
    element: str
    shift: float
    blocking: float

    @classmethod
    def of(cls, page: Page) -> "Seen":
        found: dict[str, Any] = page.evaluate("window.benchSeen")
        late = (start + length - max(start, found["first"]) for start, length in found["tasks"])
        blocking = sum(max(0.0, length - 50) for length in late)
        return cls(found["largest"], found["element"], found["shift"], blocking)


Found = dict[tuple[str, bool, str], list[Seen]]


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part; `quick` takes one turn and leaves out the linked sheet."""
    with specimen_ground() as ground, ExitStack() as open_:
        screens, answers = _screens(ground)
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="vssid-bench-")))
        kept = keep(folder, answers)
        sides = [Side("ours", ground.port, True), Side("bare", free_port(), False)]
        open_.enter_context(serving([*SERVE, "--no-worker"], ground))
        plain = replace(ground, port=sides[1].port)
        open_.enter_context(serving(gunicorn(plain.port, f"bench.bare:create({str(kept)!r})"), plain, "/"))
        if not quick:
            sides.append(Side("linked", free_port(), True))
            other = replace(ground, port=sides[2].port)
            open_.enter_context(serving(gunicorn(other.port, "bench.bare:linked()"), other))
        play = open_.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = _turns(browser, screens, sides, 1 if quick else TURNS, say)
        browser.close()
    return _rows(screens, found)


def _screens(ground: Ground) -> tuple[list[Screen], dict[str, tuple[str, bytes]]]:
    """The seven screens, and what the bare server answers for them, their images and the pages before them."""
    app = ground.app()
    newcomer, agreed, inside = app.test_client(), newcomer_who_agreed(app), citizen(app)
    visited = [
        (newcomer, "/"), (agreed, "/dang-ky/ca-nhan/thong-tin"), (newcomer, "/dang-nhap"), (newcomer, "/to-khai"),
        (inside, "/ca-nhan"), (inside, "/ca-nhan/the-bhyt"), (inside, "/ca-nhan/the-bhyt/su-dung"),
    ]  # fmt: skip
    answers: dict[str, tuple[str, bytes]] = {}
    for client, path in [*visited, *((newcomer, path) for path in EARLIER)]:
        html, images = bare(_got(client, path).get_data(as_text=True))
        answers[path] = "text/html", html.encode()
        answers.update({address: ("image/jpeg", _got(client, address).get_data()) for address in images})
    # The newcomer's own cookie is left out: a first visit has none.
    return [Screen(path, "" if who is newcomer else cookies_of(who)) for who, path in visited], answers


def _got(client: FlaskClient, path: str) -> TestResponse:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer


# --- looking ----------------------------------------------------------------------------------------------------------


def _turns(browser: Browser, screens: list[Screen], sides: list[Side], turns: int, say: Callable[[str], None]) -> Found:
    """Every screen on every side in turns, so that a slow minute of the machine hits all."""
    found: Found = defaultdict(list)
    for turn in range(turns):
        for screen in screens:
            say(f"phone: turn {turn + 1} of {turns}, {screen.path}")
            for fifth in (False, True):
                for side in sides if turn < LINKED_TURNS else sides[:2]:
                    found[screen.path, fifth, side.words].append(_look(browser, screen, side, fifth=fifth))
    return found


def _look(browser: Browser, screen: Screen, side: Side, *, fifth: bool) -> Seen:
    """One page in a browser that starts empty; the four before it are opened at full speed, or nobody would wait."""
    url = f"http://127.0.0.1:{side.port}"
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, device_scale_factor=2, is_mobile=True, has_touch=True, locale="vi-VN"
    )
    try:
        pairs = (pair.split("=", 1) for pair in screen.cookies.split("; ") if pair)
        context.add_cookies([{"name": key, "value": value, "url": url} for key, value in pairs])
        context.add_init_script(OBSERVE)
        page = context.new_page()
        for path in EARLIER if fifth else ():
            page.goto(url + path, wait_until="networkidle")
        if fifth and side.works:
            page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
            _slow_workers(browser, url)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", _LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(url + screen.path, wait_until="networkidle")
        page.wait_for_timeout(SETTLE_MS)
        return Seen.of(page)
    finally:
        context.close()


def _slow_workers(browser: Browser, url: str) -> None:
    """Put the line before the service workers of `url` too: what they fetch does not pass the page's emulation.

    Playwright has no session for workers, hence the messages to the target. The session ends with the worker.
    """
    wire = browser.new_browser_cdp_session()
    targets: list[dict[str, Any]] = wire.send("Target.getTargets")["targetInfos"]
    workers = [one for one in targets if one["type"] == "service_worker" and one["url"].startswith(url)]
    if not workers:
        raise RuntimeError(f"{url} has no service worker")
    for worker in workers:
        session = wire.send("Target.attachToTarget", {"targetId": worker["targetId"], "flatten": False})["sessionId"]
        for number, (method, given) in enumerate(
            (("Network.enable", {}), ("Network.emulateNetworkConditions", _LINE)), start=1
        ):
            message = json.dumps({"id": number, "method": method, "params": given})
            wire.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})


# --- saying -----------------------------------------------------------------------------------------------------------


def _rows(screens: list[Screen], found: Found) -> list[Row]:
    pages = [(screen.path, fifth) for screen in screens for fifth in (False, True)]
    rows = [_paint(path, fifth, found) for path, fifth in pages]
    rows.append(_none("layout shift", "", pages, found, lambda seen: seen.shift))
    rows.append(_none("blocking time", " ms", pages, found, lambda seen: seen.blocking))
    if any(words == "linked" for _path, _fifth, words in found):
        rows += [_linked(path, fifth, found) for path, fifth in pages]
    return rows


def _named(path: str, fifth: bool) -> str:
    return f"`{path}`, {'fifth page' if fifth else 'first visit'}"


def _largest(seen: list[Seen]) -> Series:
    return Series([one.largest for one in seen])


def _paint(path: str, fifth: bool, found: Found) -> Row:
    """The ratio of the medians: turns of ours and of the bare page are no pairs, they only share the hour."""
    seen = found[path, fifth, "ours"]
    ours, bare_ = _largest(seen), _largest(found[path, fifth, "bare"])
    element = max({one.element for one in seen}, key=[one.element for one in seen].count)
    return at_most_times(
        PART, f"{_named(path, fifth)}: largest paint (`{element}`)", f"{ours.median:.0f} ms",
        f"bare page: {bare_.median:.0f} ms", ours.median / bare_.median, MOST_TIMES_BARE,
        noisy=ours.noisy or bare_.noisy,
    )  # fmt: skip


def _none(what: str, unit: str, pages: list[tuple[str, bool]], found: Found, of: Callable[[Seen], float]) -> Row:
    """The worst median of all pages, with the pages that have any; beside it the bare page's worst."""
    medians, theirs = (
        {page: Series([of(one) for one in found[*page, words]]).median for page in pages} for words in ("ours", "bare")
    )
    guilty = "; ".join(f"{_named(*page)}: {value:.3g}{unit}" for page, value in medians.items() if value)
    worst = max(medians.values())
    return Row(
        PART, f"{what}, worst of the {len(pages)}", guilty or f"0{unit}", f"bare page: {max(theirs.values()):.3g}{unit}",
        "", "0", not worst,
    )  # fmt: skip


def _linked(path: str, fifth: bool, found: Found) -> Row:
    """For information: the same page with its style sheet linked."""
    ours, other = _largest(found[path, fifth, "ours"]), _largest(found[path, fifth, "linked"])
    return Row(
        PART, f"… {_named(path, fifth)}: with the sheet linked instead of inlined", f"{ours.median:.0f} ms",
        f"linked: {other.median:.0f} ms", f"{other.median - ours.median:+.0f} ms", noisy=ours.noisy or other.noisy,
    )  # fmt: skip
