"""The walk that tells of late payers, through a million accounts: how quick, and that its memory does not grow with them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from flask import Flask

from bench.client import ROOT
from bench.ground import PYTHON, Ground, empty_ground
from bench.imports import database
from bench.report import Row, at_most_times, number
from vssid.factory import create_app
from vssid.kernel.clock import VIETNAM, today
from vssid.records.contributions.rules import first_day, month_of
from vssid.records.contributions.watch import making

PART = "radar"
MANY, FEW = 1_000_000, 100_000
MANY_QUICK, FEW_QUICK = 50_000, 10_000
MOST_TIMES = 1.3
PERIODS = 5  # a person: four of BHXH, one of BHYT which the walk passes over

# Every second has an address; of forty people two have an employer that is late, two one that stopped, four left long ago.
# Ids are spread as those of people are.
_FILL = """
CREATE TEMP TABLE people AS
  WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :people)
  SELECT n, lower(hex(randomblob(16))) AS id, lower(hex(randomblob(16))) AS account FROM counted;
INSERT INTO persons (id, full_name, name_folded, birth_date, sex, phone, email, address, unit_system, province_code, ward_code,
    household_code, household_relation, nationality, created_at, updated_at)
  SELECT id, 'Nguyễn Mẫu ' || n, 'nguyen mau ' || n, '1985-09-04', 'F', '', '', '', '', '', '', '', '', 'VN', :at, :at
  FROM people ORDER BY id;
INSERT INTO accounts (id, person_id, status, phone, email, email_proven_at, language, sms_sign_in, terms_version,
    created_at)
  SELECT account, id, 'active', '+849' || printf('%08d', n), CASE WHEN n % 2 THEN 'mau' || n || '@vidu.vn' END,
    CASE WHEN n % 2 THEN :at END, 'vi', 1, '', :at
  FROM people ORDER BY id;
INSERT INTO contributions (id, person_id, fund, kind, from_month, to_month, employer_code, employer_name, employer_key, job,
    workplace, salary, coefficient, currency, status, recorded_at, updated_at)
  SELECT lower(hex(randomblob(16))), id, fund, 'bat_buoc', first,
    CASE WHEN slot = 3 AND n % 40 IN (3, 5) THEN :stopped WHEN slot = 3 AND n % 40 BETWEEN 7 AND 10 THEN :left ELSE last END,
    'TE' || (n % 500), 'Công ty Mẫu số ' || (n % 500), 'te' || (n % 500), '', '', 500000000, NULL, 'VND',
    CASE WHEN slot = 4 AND n % 40 IN (1, 11) THEN 'cham_dong' ELSE 'da_dong' END, :at, :at
  FROM people JOIN (
    SELECT 1 AS slot, 'BHXH' AS fund, '2010-01-01' AS first, '2014-12-01' AS last
    UNION ALL SELECT 2, 'BHXH', '2015-01-01', '2019-12-01' UNION ALL SELECT 3, 'BHXH', '2020-01-01', :before
    UNION ALL SELECT 4, 'BHXH', :recent, :newest UNION ALL SELECT 5, 'BHYT', '2010-01-01', :newest)
  WHERE NOT (slot = 4 AND (n % 40 IN (3, 5) OR n % 40 BETWEEN 7 AND 10));
"""


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    many, few = (MANY_QUICK, FEW_QUICK) if quick else (MANY, FEW)
    found = {}
    for people in (few, many):
        with empty_ground() as ground:
            ground.flask("db", "upgrade")
            say(f"radar: {people:,} people")
            periods = fill(ground, people)
            say(f"radar: walking through {people:,} accounts, twice")
            found[people] = walked(ground, days=2) | {"periods": periods}
    return _rows(many, few, found)


def _rows(many: int, few: int, found: dict[int, dict[str, Any]]) -> list[Row]:
    large, small = found[many], found[few]
    first, second = large["walks"]
    rows = []
    for what, one in (("first walk", first), ("… the next day", second)):
        took = f"{one['seconds']:.1f} s, {number(large['periods'] / one['seconds'])} rows/s"
        said = f"{number(many / one['seconds'])} accounts/s, {number(one['told'])} told"
        rows.append(Row(PART, f"{what}: {many:,} accounts, {large['periods']:,} periods", took, figure=said))
    peaks = [one["peak"] for one in (large, small)]
    rows.append(Row(PART, "… memory of its process before it begins", f"{large['before']:.0f} MiB"))
    beside = f"{few:,} accounts: {peaks[1]:.0f} MiB"
    what = "… the most memory that it took"
    return [*rows, at_most_times(PART, what, f"{peaks[0]:.0f} MiB", beside, peaks[0] / peaks[1], MOST_TIMES)]


def fill(ground: Ground, people: int) -> int:
    """A register of so many with accounts and periods; returns how many periods."""
    last = month_of(today()) - 1
    values = {
        "people": people, "at": f"{datetime.now(VIETNAM):%Y-%m-%d %H:%M:%S.%f}", "newest": f"{first_day(last)}",
        "recent": f"{first_day(last - 1)}", "before": f"{first_day(last - 2)}", "stopped": f"{first_day(last - 3)}",
        "left": f"{first_day(last - 36)}",
    }  # fmt: skip
    with database(ground.data_dir / "vssid.sqlite") as connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in _FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {name: one for name, one in values.items() if f":{name}" in statement})
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        return int(connection.execute("SELECT count(*) FROM contributions").fetchone()[0])


def walked(ground: Ground, days: int) -> dict[str, Any]:
    """The walk in a process of its own, as `flask work` does it: seconds, who was told, memory in MiB."""
    command = [PYTHON, "-m", "bench.radar", str(days)]
    done = subprocess.run(command, cwd=ROOT, env=ground.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the walk ended with {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told = found["walks"][0]["told"]
    if not told or any(walk["told"] for walk in found["walks"][1:]):
        raise RuntimeError(f"the walks told {[walk['told'] for walk in found['walks']]}")
    return found


def _peak() -> float:
    """Of this process since it was started; what the system counts for its parent includes who started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _walk(app: Flask, ground_file: str, day: datetime) -> dict[str, float]:
    before, started = _told(ground_file), time.perf_counter()
    while making.step(app, day):
        pass
    return {"seconds": time.perf_counter() - started, "told": _told(ground_file) - before}


def _told(file: str) -> int:
    with database(Path(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM employer_notices").fetchone()[0])


def main(days: int) -> None:
    """Walk on as many days, and say how it went."""
    app = create_app()
    morning = datetime.combine(today(), clock_time(10), VIETNAM)
    file = os.environ["DATA_DIR"] + "/vssid.sqlite"
    before = _peak()
    walks = [_walk(app, file, morning + timedelta(days=day)) for day in range(days)]
    print(json.dumps({"before": before, "walks": walks, "peak": _peak()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
