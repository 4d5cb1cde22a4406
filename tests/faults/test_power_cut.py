"""The power fails twenty times while people register and a register is imported: nothing acknowledged is lost."""

import random
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests import serving
from tests.faults import inspection
from tests.faults.importing import ROWS, Imports
from tests.faults.province import Province, found
from tests.faults.visitors import Crowd, Visitor
from vssid.kernel.db import reading, unit

KILLS = 20
REGISTRATIONS = 500
VISITORS_AT_ONCE = 6
SEED = 20261125
# An import of 10,000 rows takes about so long: beginning at most so long before the cut, it is hit anywhere.
IMPORT_SECONDS = 2.0
READY_SECONDS = 5.0
LONGEST_LIFE_SECONDS = 30.0
FOLLOWED = 25


@dataclass
class Strike:
    """The server, the crowd before it and the import behind it; they live and die together."""

    province: Province
    crowd: Crowd
    imports: Imports
    ready: list[float] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    def power_on(self) -> None:
        """Start the server, note after how many seconds it is ready, let the people in."""
        started = time.monotonic()
        self.server = serving.start(self.province.values)
        self.ready.append(time.monotonic() - started)
        self.crowd.power.set()

    def power_off(self) -> None:
        """Every process dies at once, in the middle of whatever it does."""
        self.imports.look()
        self.province.let_go()
        assert self.server is not None
        serving.kill(self.server)
        self.imports.cut()
        self.crowd.power.clear()

    def stop(self) -> None:
        """Leave nothing behind."""
        self.crowd.close()
        if self.server is not None:
            serving.kill(self.server)
        self.imports.abandon()


def test_nothing_acknowledged_is_lost_when_the_power_fails_twenty_times(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    (tmp_path / "data").mkdir()
    province = found(tmp_path / "data", CAPTCHA="off")
    crowd = Crowd(province.url, VISITORS_AT_ONCE)
    strike = Strike(province, crowd, Imports(province.values, tmp_path, province.engine))
    began = time.monotonic()
    try:
        crowd.open()
        strike_at_random(strike)
        let_all_finish(strike)
        follow(crowd.visitors, province.url)
    finally:
        strike.stop()
    province.let_go()
    tell(strike, report, time.monotonic() - began)
    check(strike)


def strike_at_random(strike: Strike) -> None:
    """The power cuts are spread over the registrations; the moment of each within them is chance."""
    chance = random.Random(SEED)
    for kill in range(1, KILLS + 1):
        strike.power_on()
        wait_until_sent(strike.crowd, kill * REGISTRATIONS // (KILLS + 1))
        strike.imports.begin()
        time.sleep(chance.uniform(0.0, IMPORT_SECONDS))
        strike.power_off()


def wait_until_sent(crowd: Crowd, number: int) -> None:
    deadline = time.monotonic() + LONGEST_LIFE_SECONDS
    while crowd.sent < number and time.monotonic() < deadline:
        time.sleep(0.05)


def let_all_finish(strike: Strike) -> None:
    """The last life lasts until the import has ended and the last person has registered."""
    strike.power_on()
    strike.imports.begin()
    strike.imports.end()
    strike.imports.look()
    wait_until_sent(strike.crowd, REGISTRATIONS)
    strike.crowd.close()


def follow(visitors: list[Visitor], url: str) -> None:
    """Some of those who hold a code look after their declaration, each in a browser that knows nothing yet."""
    holders = [visitor for visitor in visitors if visitor.code]
    for visitor in random.Random(SEED).sample(holders, FOLLOWED):
        browser = serving.PlainBrowser(url, source=visitor.browser.source)
        answer = browser.post("/to-khai", {"code": visitor.code, "phone": visitor.who.phone})
        assert (answer.status, answer.location) == (303, "/to-khai/xem"), answer.text[-300:]
        assert f"{visitor.code[:4]}-{visitor.code[4:]}" in browser.get("/to-khai/xem").text


def check(strike: Strike) -> None:
    crowd, imports, province = strike.crowd, strike.imports, strike.province
    assert crowd.problems == []
    with reading(province.engine) as db:
        assert inspection.forgotten(db, province.app.extensions["keyring"], crowd.visitors) == []
    with unit(province.engine) as db:
        assert inspection.faults(db, province.app.extensions["files"]) == []
    assert imports.leftovers() == 0
    province.let_go()
    assert max(strike.ready) <= READY_SECONDS, strike.ready
    assert crowd.sent >= REGISTRATIONS
    cut_short = [visitor for visitor in crowd.visitors if not visitor.done]
    assert cut_short, "nobody was cut off in the middle: the test proves little"
    assert imports.killed, "no import was cut off: the test proves little"


def tell(strike: Strike, report: Callable[[str], None], seconds: float) -> None:
    crowd, imports = strike.crowd, strike.imports
    acknowledged = sum(bool(visitor.code) for visitor in crowd.visitors)
    unanswered = sum(visitor.unanswered for visitor in crowd.visitors)
    steps = sum(len(visitor.acknowledged) for visitor in crowd.visitors)
    left = sum(not visitor.done for visitor in crowd.visitors)
    report(f"power cut {len(strike.ready) - 1} times within {seconds:.0f} s, seed {SEED}")
    report(f"  ready after {statistics.median(strike.ready):.2f} s (median), {max(strike.ready):.2f} s (worst)")
    report(f"  {acknowledged} declarations acknowledged, {unanswered} sent but cut off before the answer")
    report(f"  {steps} steps acknowledged in all, {left} people left in the middle and their drafts were kept")
    report(f"  imports of {ROWS:,} rows: {imports.killed} killed, {imports.ended} reported done")
    report(f"  {max(imports.counts):,} persons in the end; {imports.dead()} imports died with rows staged")
