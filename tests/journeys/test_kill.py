"""kill -9 of the whole server at any moment of the journey loses nothing acknowledged and leaves nothing half-done.

The short form of `make faults`, for every day.
"""

import itertools
import random
import time
from pathlib import Path

from tests import serving
from tests.faults import inspection
from tests.faults.province import found
from tests.faults.visitors import Crowd
from vssid.kernel.db import reading, unit

ROUNDS, MOST_ROUNDS = 5, 25
LIFE_SECONDS = (2.0, 5.0)
SEED = 11


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    province, chance = found(tmp_path), random.Random(SEED)
    crowd = Crowd(province.url, at_once=2, impatient=2)
    crowd.open()
    try:
        # A slow machine needs more lives until the first registration has come through.
        for number in itertools.count():
            if number >= MOST_ROUNDS or (number >= ROUNDS and crowd.sent):
                break
            server = serving.start(province.values)
            crowd.power.set()
            time.sleep(chance.uniform(*LIFE_SECONDS))
            serving.kill(server)
            crowd.power.clear()
    finally:
        crowd.close()
    assert crowd.problems == []
    with reading(province.engine) as db:
        assert inspection.forgotten(db, province.app.extensions["keyring"], crowd.visitors) == []
    with unit(province.engine) as db:
        assert inspection.faults(db, province.app.extensions["files"]) == []
    province.let_go()
    assert any(visitor.code for visitor in crowd.visitors), "no registration came through: the test proves nothing"
    assert any(not visitor.done for visitor in crowd.visitors), "nobody was cut off in the middle"
