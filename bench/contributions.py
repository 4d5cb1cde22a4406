"""Taking over a table of contributions, beside a bare executemany of the same rows into the same table."""

import csv
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.ground import Ground, empty_ground
from bench.imports import LEAST_SHARE, QUICK_SIZES, SEED, SIZES, compared, database, engine_on, taken_over, write_table
from bench.report import Row, Series
from vssid import directory
from vssid.demo.people import PROVINCE
from vssid.kernel import clock
from vssid.kernel.db import reading
from vssid.records.contributions.rules import Fund, month_of, spoken

PART = "contributions"
PERIODS = 10  # a person
COLUMNS = (
    "ma_so_bhxh", "quy", "tu_thang", "den_thang", "ma_don_vi", "ten_don_vi", "chuc_vu", "noi_lam_viec", "tien_luong", "he_so",
    "loai_tien", "loai_hinh", "trang_thai",
)  # fmt: skip
JOBS = ("Công nhân", "Chuyên viên", "Kế toán", "Giáo viên", "Lái xe")
MOST_EMPLOYERS = 500


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with empty_ground() as ground:
        ground.flask("db", "upgrade")
        rows: list[Row] = []
        for size in QUICK_SIZES if quick else SIZES:
            say(f"contributions: {size:,} rows")
            rows.append(_compare(ground, size, 1 if quick else 3))
        return rows


def _compare(ground: Ground, size: int, turns: int) -> Row:
    """Import and executemany in turns, each into a fresh copy of the same register of people."""
    file, peopled = ground.data_dir / "vssid.sqlite", ground.data_dir / f"peopled-{size}.sqlite"
    people, table = ground.data_dir / f"people-{size}.csv", ground.data_dir / f"contributions-{size}.csv"
    with engine_on(file) as engine, reading(engine) as db:
        wards = [place.code for place in directory.places_in(db, PROVINCE)]
    empty = ground.data_dir / "empty.sqlite"
    if not empty.exists():
        file.rename(empty)
    _fresh(file, empty)
    write_table(people, size // PERIODS, wards)
    taken_over(file, "participants", people)
    with database(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, peopled)
    _write(table, people)
    ours, bare = [], []
    for _turn in range(turns):
        _fresh(file, peopled)
        took, tally = taken_over(file, "contributions", table)
        if tally.difference.new != size or tally.refused:
            raise RuntimeError(f"the import took {tally.line()}")
        ours.append(took)
        with database(file) as connection:
            written = connection.execute("SELECT * FROM contributions ORDER BY rowid").fetchall()
        _fresh(file, peopled)
        bare.append(_bare(file, written))
    what = f"{size:,} contributions, beside `contributions`"
    return compared(PART, what, size, Series(ours), Series(bare), LEAST_SHARE)


def _fresh(file: Path, source: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copy(source, file)


def _bare(file: Path, rows: list[tuple[object, ...]]) -> float:
    with database(file) as connection:
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO contributions VALUES ({marks})", rows)
        connection.execute("COMMIT")
        return time.perf_counter() - started


def _write(path: Path, people: Path) -> None:
    """A file of `contributions` of all who stand in a file of people: the same every time."""
    rng = random.Random(SEED)
    now = month_of(clock.today())
    with people.open(encoding="utf-8-sig", newline="") as lines, path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for person in csv.DictReader(lines):
            table.writerows(_periods(rng, person["ma_so_bhxh"], now))


def _periods(rng: random.Random, ma_so: str, now: int) -> Iterator[list[str]]:
    last = now - 1
    for _period in range(PERIODS):
        first = last - rng.randint(0, 11)
        number = rng.randrange(MOST_EMPLOYERS)
        # Some employers have no code.
        code = f"TE{number:04}E" if number % 10 else ""
        yield [
            ma_so, Fund.BHXH, spoken(first), spoken(last), code, f"Công ty Mẫu số {number}", rng.choice(JOBS),
            "Phường Long Xuyên, tỉnh An Giang", f"{rng.randint(4_960, 20_000)}000", f"{rng.randint(186, 800) / 100}", "VND",
            "bat_buoc", rng.choice(("da_dong", "da_dong", "da_dong", "cham_dong")),
        ]  # fmt: skip
        last = first - 1 - rng.choice((0, 0, 0, 2))
