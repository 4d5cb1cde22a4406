import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring, Unreadable, new_key, parse_key
from vssid.kernel.db import reading, unit, writing
from vssid.kernel.files import FileStore, StoredFile

PHOTO = b"\xff\xd8\xff a face " * 1000
RING = Keyring([parse_key(new_key())])


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", RING)


def put(store: FileStore, engine: Engine) -> StoredFile:
    with unit(engine) as db:
        return store.put(db, PHOTO, "image/jpeg", datetime.now(UTC))


def stored(store: FileStore) -> list[Path]:
    return sorted(store.root.glob("*/*"))


def age(path: Path, hours: float) -> None:
    past = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(path, (past, past))


def test_a_file_is_encrypted_on_the_disk_and_comes_back_whole(store: FileStore, engine: Engine) -> None:
    row = put(store, engine)
    [path] = stored(store)
    assert b"a face" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert (store.read(row), row.size, row.media_type) == (PHOTO, len(PHOTO), "image/jpeg")


def test_the_same_photo_twice_shares_nothing(store: FileStore, engine: Engine) -> None:
    put(store, engine)
    put(store, engine)
    one, other = (path.read_bytes() for path in stored(store))
    assert one != other


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-1], lambda d: d + b"x", lambda d: bytes([d[0] ^ 1]) + d[1:], lambda d: b""]
)
def test_an_altered_file_is_refused(store: FileStore, engine: Engine, spoil) -> None:
    row = put(store, engine)
    [path] = stored(store)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Unreadable):
        store.read(row)


def test_one_file_does_not_open_in_the_place_of_another(store: FileStore, engine: Engine) -> None:
    put(store, engine)
    row = put(store, engine)
    one, other = stored(store)
    mine = one if one.stem == row.id.hex else other
    mine.write_bytes((other if mine is one else one).read_bytes())
    with pytest.raises(Unreadable):
        store.read(row)


def test_a_wrapped_key_of_another_row_does_not_open_it(store: FileStore, engine: Engine) -> None:
    one, other = put(store, engine), put(store, engine)
    one.wrapped_key = other.wrapped_key
    with pytest.raises(Unreadable):
        store.read(one)


def test_once_its_row_is_gone_the_bytes_left_on_the_disk_are_noise(store: FileStore, engine: Engine) -> None:
    row = put(store, engine)
    with unit(engine) as db:
        db.delete(db.get_one(StoredFile, row.id))
    [path] = stored(store)
    assert b"a face" not in path.read_bytes()
    with reading(engine) as db:
        assert db.get(StoredFile, row.id) is None


def test_files_whose_row_never_came_are_swept_after_an_hour(store: FileStore, engine: Engine) -> None:
    kept = put(store, engine)
    with Session(writing(engine)) as db:
        store.put(db, PHOTO, "image/jpeg", datetime.now(UTC))
        db.rollback()
    with unit(engine) as db:
        assert store.sweep(db, datetime.now(UTC)) == 0
    for path in stored(store):
        age(path, 1.1)
    (store.root / "ab").mkdir(exist_ok=True)
    partial = store.root / "ab" / f"{uuid4().hex}.part"
    partial.write_bytes(b"half")
    age(partial, 1.1)
    with unit(engine) as db:
        assert store.sweep(db, datetime.now(UTC)) == 2
    assert [path.stem for path in stored(store)] == [kept.id.hex]


def test_sweeping_before_the_first_file_does_nothing(store: FileStore, engine: Engine) -> None:
    with unit(engine) as db:
        assert store.sweep(db, datetime.now(UTC)) == 0


def test_a_row_whose_file_is_gone_is_reported_and_unreadable(store: FileStore, engine: Engine) -> None:
    row = put(store, engine)
    [path] = stored(store)
    path.unlink()
    with reading(engine) as db:
        assert store.missing(db) == [row.id]
    with pytest.raises(Unreadable):
        store.read(row)
