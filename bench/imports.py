"""Taking over a table of participants, beside a bare executemany of the same rows into the same table."""

import contextlib
import csv
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pysqlite3.dbapi2
from sqlalchemy import Engine, create_engine

from bench.ground import Ground, empty_ground
from bench.report import Row, Series, at_least_share, number
from vssid import directory
from vssid.demo.people import PROVINCE, Ids, Someone, Village
from vssid.imports import actions
from vssid.imports.kinds import KINDS
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import Tally
from vssid.kernel import clock
from vssid.kernel.audit import OPERATOR
from vssid.kernel.db import engine_options, prepare, reading
from vssid.records import PartialDate

PART = "import"
SEED = 7
LEAST_SHARE = 0.10
SIZES, QUICK_SIZES = (20_000, 100_000), (20_000,)
TABLES = ("persons", "person_identifiers", "guardianships")
COLUMNS = (
    "ma_so_bhxh", "ho_ten", "ngay_sinh", "gioi_tinh", "so_giay_to", "dien_thoai", "email", "dia_chi", "ma_tinh", "ma_xa",
    "ma_ho", "quan_he_chu_ho", "ma_so_bhxh_giam_ho", "ngay_chet",
)  # fmt: skip
# As kernel.db sets them, with the cache that the import takes for its big transaction.
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536",
)  # fmt: skip
Values = dict[str, list[tuple[object, ...]]]


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with empty_ground() as ground:
        ground.flask("db", "upgrade")
        desk = Desk(ground)
        rows: list[Row] = []
        for size in QUICK_SIZES if quick else SIZES:
            say(f"import: {size:,} rows")
            rows += desk.compare(size, 1 if quick else 3, by_command=not quick)
        return rows


class Desk:
    """Runs imports and their bare counterparts, each into a fresh copy of the same empty database."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._file = ground.data_dir / "vssid.sqlite"
        self._template = ground.data_dir / "template.sqlite"
        self._file.rename(self._template)

    def compare(self, size: int, turns: int, *, by_command: bool) -> list[Row]:
        """Import and executemany in turns."""
        table = self._ground.data_dir / f"participants-{size}.csv"
        self._fresh()
        write_table(table, size, self._wards())
        engine_times, command_times, persons_times, all_times = [], [], [], []
        values: Values = {}
        for _turn in range(turns):
            engine_times.append(self._in_process(table, size))
            values = values or self._imported()
            persons_times.append(self._bare({"persons": values["persons"]}))
            all_times.append(self._bare(values))
            if by_command:
                command_times.append(self._by_command(table, size))
        table.unlink()
        ours, persons = Series(engine_times), Series(persons_times)
        what = f"{size:,} participants"
        written = sum(map(len, values.values()))
        rows = [
            compared(PART, f"{what}, beside `persons` alone", size, ours, persons, LEAST_SHARE),
            compared(PART, f"{what}, beside all {written:,} rows written", size, ours, Series(all_times)),
        ]
        if by_command:
            command = f"{what} by `flask imports run`, beside `persons` alone"
            rows.append(compared(PART, command, size, Series(command_times), persons))
        return rows

    def _fresh(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self._template, self._file)

    def _wards(self) -> list[str]:
        with engine_on(self._file) as engine, reading(engine) as db:
            return [place.code for place in directory.places_in(db, PROVINCE)]

    def _in_process(self, table: Path, size: int) -> float:
        """What the command does between its first and its last statement."""
        self._fresh()
        took, tally = taken_over(self._file, "participants", table)
        if tally.difference.new != size or tally.refused:
            raise RuntimeError(f"the import took {tally.line()}")
        return took

    def _by_command(self, table: Path, size: int) -> float:
        self._fresh()
        started = time.perf_counter()
        said = self._ground.flask("imports", "run", "participants", str(table), "--yes")
        took = time.perf_counter() - started
        if f"new={size} " not in said:
            raise RuntimeError(f"the import said {said[-500:]}")
        return took

    def _imported(self) -> Values:
        """The very rows that the import wrote, as SQLite keeps them."""
        with database(self._file) as connection:
            return {name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in TABLES}

    def _bare(self, values: Values) -> float:
        """One transaction, one executemany a table, into the same tables with the same indexes."""
        self._fresh()
        with database(self._file) as connection:
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for name, rows in values.items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            connection.execute("COMMIT")
            return time.perf_counter() - started


def taken_over(file: Path, kind: str, table: Path) -> tuple[float, Tally]:
    """How long a file takes in this process, from the first statement to the last, and what became of its rows."""
    with engine_on(file) as engine, ErrorsFile(table.with_suffix(".errors.csv")) as errors:
        started = time.perf_counter()
        run = actions.begin(engine, KINDS[kind], table, as_of=clock.today(), at=clock.now())
        actions.stage(engine, run, errors, today=clock.today(), progress=lambda _position: None)
        actions.examine(engine, run, errors)
        actions.take_over(engine, run, OPERATOR)
        return time.perf_counter() - started, run.tally


def compared(part: str, what: str, size: int, ours: Series, bare: Series, least: float | None = None) -> Row:
    """One row of the table: our rate beside the bare one."""
    share = bare.median / ours.median
    rate, beside = f"{number(size / ours.median)} rows/s", f"executemany: {number(size / bare.median)} rows/s"
    noisy = ours.noisy or bare.noisy
    if least is None:
        return Row(part, what, rate, beside, f"{share:.1%}", noisy=noisy)
    return at_least_share(part, what, rate, beside, share, least, noisy=noisy)


@contextlib.contextmanager
def engine_on(file: Path) -> Iterator[Engine]:
    """Our own engine on a database file."""
    url = f"sqlite:///{file}"
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def database(file: Path) -> Iterator["pysqlite3.dbapi2.Connection"]:
    """The driver alone on a database file."""
    connection = pysqlite3.dbapi2.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    try:
        yield connection
    finally:
        connection.close()


def write_table(path: Path, size: int, wards: list[str]) -> None:
    """A file of `participants` with the specimens' people: the same every time."""
    village = Village(random.Random(SEED), Ids(SEED), wards, clock.today())
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for household in village.households(size):
            numbers = {who.id: who.ma_so for who in household}
            for who in household:
                guardian = numbers.get(who.guardians[0], "") if who.guardians else ""
                table.writerow(_cells(who, guardian))


def _cells(who: Someone, guardian: str) -> list[str]:
    died = f"{who.died_on:%d/%m/%Y}" if who.died_on else ""
    return [
        who.ma_so, who.name, PartialDate.parse(who.birth).vn(), {"M": "Nam", "F": "Nữ"}[who.sex],
        next(iter(who.papers.values()), ""), who.phone.replace("+84", "0", 1), who.email, who.home.address, PROVINCE,
        who.home.ward_code, who.home.household_code, who.relation, guardian, died,
    ]  # fmt: skip
