"""What signing in costs beside the hash that it cannot do without, and whom a wave of bad sign-ins holds up."""

import multiprocessing
import os
import statistics
import threading
import time
from collections.abc import Callable
from uuid import uuid4

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from bench import ground as places
from bench.client import CONNECTIONS, COUNTED, PROCESSES, fetch, load_with, post_bytes
from bench.ground import SERVE, Ground, cookies_of, serving, specimen_ground
from bench.report import Row, Series, at_least_share, at_most_times, number
from vssid import settings as environment
from vssid.accounts.models import Account, Device, LoginName
from vssid.accounts.passwords import KIBIBYTES, PASSES, hashed
from vssid.content import TERMS_VERSION
from vssid.factory import create_app
from vssid.kernel.clock import now
from vssid.kernel.crypto import digest
from vssid.kernel.db import unit
from vssid.records.models import Person
from vssid.web.db import db as request_db

PART = "signin"
PASSWORD = "mùa lúa chín vàng"
ACCOUNTS = CONNECTIONS
BAD = 50
LEAST_SHARE, MOST_TIMES, MOST_APART = 0.8, 2.0, 1.05
CARD = "/ca-nhan/the-bhyt"


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    turns, seconds = (1, 3.0) if quick else (3, 8.0)
    with specimen_ground() as ground:
        app = ground.app()
        citizen = cookies_of(places.citizen(app))
        requests = sign_ins(app, ground)
        with app.app_context():
            request_db.engine.dispose()
        return [
            *_right(ground, requests, turns, seconds, say),
            *_others(ground, app, citizen, turns, seconds, say),
            *_alike(ground, 15 if quick else 45, say),
        ]


def sign_ins(app: Flask, ground: Ground) -> list[bytes]:
    """A right sign-in of each of sixteen people, from the device that their account knows."""
    password_hash, at, secrets = hashed(PASSWORD), now(), {}
    with app.app_context(), unit(request_db.engine) as db:
        taken = select(Account.person_id)
        people = db.scalars(select(Person.id).where(Person.id.not_in(taken)).limit(ACCOUNTS)).all()
        for n, person_id in enumerate(people):
            name, secret = f"77{n:08}", uuid4().hex
            account = Account(
                phone=phone_of(n), id=uuid4(), person_id=person_id, status="active", password_hash=password_hash,
                terms_version=TERMS_VERSION, created_at=at,
            )  # fmt: skip
            db.add(account)
            db.flush()
            db.add(LoginName(value=name, account_id=account.id))
            db.add(
                Device(
                    id=uuid4(),
                    account_id=account.id,
                    token_digest=digest(secret),
                    label="",
                    created_at=at,
                    last_seen_at=at,
                )
            )
            secrets[name] = secret
    return [sign_in(app, ground, name, PASSWORD, f"; vssid-device={secret}") for name, secret in secrets.items()]


def sign_in(app: Flask, ground: Ground, name: str, password: str, more_cookies: str = "") -> bytes:
    """A sign-in as the form sends it; its token holds as long as the server."""
    client = app.test_client()
    token = places.form_token(client, "/dang-nhap")
    cookies = cookies_of(client) + more_cookies
    form = {"csrf_token": token, "name": name, "password": password}
    return post_bytes(ground.port, "/dang-nhap", cookies, form)


# --- right ones -------------------------------------------------------------------------------------------------------


def _verify(seconds: float) -> int:
    hasher = PasswordHasher(time_cost=PASSES, memory_cost=KIBIBYTES, parallelism=1)
    stored, count = hasher.hash(PASSWORD), 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        hasher.verify(stored, PASSWORD)
        count += 1
    return count


def bare(seconds: float) -> float:
    """Verifications a second of one process a core."""
    cores = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.map(_verify, [0.1] * cores)
        return sum(pool.map(_verify, [seconds] * cores, chunksize=1)) / seconds


def _right(ground: Ground, requests: list[bytes], turns: int, seconds: float, say: Callable[[str], None]) -> list[Row]:
    cores = os.cpu_count() or 1
    ours, theirs, cpu, failed = [], [], [], 0
    # Many short turns, each compared with what stood beside it: a machine's speed changes within minutes.
    turns, seconds = 3 * turns, seconds / 2
    for turn in range(turns):
        say(f"signin: right ones, turn {turn + 1} of {turns}")
        theirs.append(bare(seconds) / cores)
        with serving([*SERVE, "--no-worker"], ground) as running:
            load_with(ground.port, requests, 1.5, ACCOUNTS, 303)
            before = running.cpu_seconds()
            found = load_with(ground.port, requests, seconds, ACCOUNTS, 303)
            cpu.append((running.cpu_seconds() - before) / found.answers)
        ours.append(found.per_second / cores)
        failed += found.failed
    rate, bare_rate = Series(ours), Series(theirs)
    share = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    alone = 1 / Series(cpu).median
    what = f"right sign-ins a second and core ({ACCOUNTS} connections from {PROCESSES} processes)"
    return [
        at_least_share(
            PART, what, f"{rate.median:.1f}", f"argon2id alone: {bare_rate.median:.1f}", share,
            LEAST_SHARE, noisy=rate.noisy or bare_rate.noisy,
        ),
        Row(PART, "… a second of the server's own processor time", f"{alone:.1f}", "", f"{alone / bare_rate.median:.1%}"),
        Row(PART, "… answers other than 303", number(failed), "", "", "none", not failed),
    ]  # fmt: skip


# --- bad ones, and the others meanwhile -------------------------------------------------------------------------------


def _others(
    ground: Ground, app: Flask, citizen: str, turns: int, seconds: float, say: Callable[[str], None]
) -> list[Row]:
    bad = sign_in(app, ground, COUNTED.decode(), "chắc chắn là sai")
    pages = (("/", ""), (CARD, citizen))
    idle: dict[str, list[float]] = {path: [] for path, _cookies in pages}
    busy: dict[str, list[float]] = {path: [] for path, _cookies in pages}
    refused = []
    with serving([*SERVE, "--no-worker"], ground):
        for turn in range(turns):
            say(f"signin: bad ones, turn {turn + 1} of {turns}")
            for path, cookies in pages:
                idle[path].append(_p95(ground.port, path, cookies, seconds / 2))
                wave: list[float] = []
                attack = threading.Thread(
                    target=lambda wave=wave: wave.append(_wave(ground.port, bad, seconds / 2 + 1))
                )
                attack.start()
                time.sleep(1.2)
                busy[path].append(_p95(ground.port, path, cookies, seconds / 2 - 0.6))
                attack.join()
                refused += wave
    return [
        *(
            at_most_times(
                PART, f"`{path}`: 95th percentile while {BAD} bad sign-ins run", f"{after.median:.1f} ms",
                f"idle: {before.median:.1f} ms", after.median / before.median, MOST_TIMES,
                noisy=before.noisy or after.noisy,
            )
            for path, before, after in ((path, Series(idle[path]), Series(busy[path])) for path, _cookies in pages)
        ),
        Row(PART, "… bad sign-ins refused a second meanwhile", f"{Series(refused).median:.1f}"),
    ]  # fmt: skip


def _wave(port: int, bad: bytes, seconds: float) -> float:
    return load_with(port, [bad], seconds, BAD, 422).per_second


def _p95(port: int, path: str, cookies: str, seconds: float) -> float:
    """Milliseconds within which 95 of 100 answers came to a reader who asks again 20 ms after each."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        if fetch(port, path, cookies).status != 200:
            raise RuntimeError(f"{path} did not answer 200")
        found.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    return statistics.quantiles(found, n=20)[18]


# --- known and unknown ------------------------------------------------------------------------------------------------


def phone_of(n: int) -> str:
    """The number of the n-th account."""
    return f"+8490001{n:04}"


def _alike(ground: Ground, pairs: int, say: Callable[[str], None]) -> list[Row]:
    """How long refusals and answers take for somebody who is there, beside somebody who is not; asked in turns."""
    say("signin: known and unknown")
    app = create_app(environment.load({**ground.values("error"), "CAPTCHA": "off"}))
    asked: list[tuple[str, str, Callable[[int, bool], dict[str, str]]]] = [
        ("a wrong password", "/dang-nhap", lambda n, known: {"name": _name(n, known), "password": "chắc chắn là sai"}),
        ("a forgotten password", "/quen-mat-khau", lambda n, known: {"phone": _local_phone(n, known)}),
    ]
    rows = []
    for what, path, form in asked:
        client = app.test_client()
        token = places.form_token(client, path)
        times: dict[bool, list[float]] = {True: [], False: []}
        for n in range(-3, pairs):
            for known in (n % 2 == 0, n % 2 != 0):
                # Networks of their own, so that no limit answers in our place.
                address = {"REMOTE_ADDR": f"198.51.{abs(n)}.{1 + known}"}
                began = time.perf_counter()
                client.post(path, data={"csrf_token": token, **form(abs(n), known)}, environ_base=address)
                if n >= 0:
                    times[known].append((time.perf_counter() - began) * 1000)
        here, nowhere = Series(times[True]), Series(times[False])
        # Of pairs, because the first codes to a number cost more than the later ones that its limit stops.
        between = statistics.median(known - unknown for known, unknown in zip(times[True], times[False], strict=True))
        apart = 1 + abs(between) / nowhere.median
        rows.append(
            at_most_times(
                PART, f"`{path}`, {what}: median for who is known", f"{here.median:.1f} ms",
                f"unknown: {nowhere.median:.1f} ms", apart, MOST_APART, noisy=here.noisy or nowhere.noisy,
            )
        )  # fmt: skip
    return rows


# As many are asked about who are not there, and as often: limits count for both.
def _name(n: int, known: bool) -> str:
    return f"{77 if known else 66}{n % ACCOUNTS:08}"


def _local_phone(n: int, known: bool) -> str:
    return "0" + phone_of(n % ACCOUNTS + (0 if known else 5_000))[3:]
