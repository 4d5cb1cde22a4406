"""Files at rest: each encrypted under a key of its own, on the disk before its row commits.

Deleting the row destroys the wrapped key, so what a backup still holds of the file is unreadable (crypto-shredding).
A file without a row is an orphan of a crash and is swept.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from vssid.kernel.crypto import Keyring, Unreadable
from vssid.kernel.db import Base

_NONCE = bytes(12)  # each key encrypts exactly one file, so a fixed nonce never repeats under a key
ORPHAN_AGE = timedelta(hours=1)


class StoredFile(Base):
    """One encrypted file: what it is, how large in bytes, and its key under the data key."""

    __tablename__ = "stored_files"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary(128))
    created_at: Mapped[datetime]


class FileStore:
    """The folder of encrypted files under DATA_DIR and the keys to it."""

    def __init__(self, root: Path, keyring: Keyring) -> None:
        """`root` is made when the first file comes."""
        self.root = root
        self._keyring = keyring

    def _path(self, id: UUID) -> Path:
        return self.root / id.hex[:2] / f"{id.hex}.bin"

    def put(self, db: Session, data: bytes, media_type: str, at: datetime) -> StoredFile:
        """Write and fsync `data` (bytes of a picture or document), then add its row to the caller's transaction."""
        id, key = uuid4(), AESGCM.generate_key(256)
        path = self._path(id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, AESGCM(key).encrypt(_NONCE, data, id.bytes))
        # Each name on the way: another process may have made a folder a moment ago and not have synced it yet.
        for folder in (path.parent, self.root, self.root.parent):
            _sync(folder)
        row = StoredFile(
            id=id,
            media_type=media_type,
            size=len(data),
            wrapped_key=self._keyring.seal(key, f"file {id}"),
            created_at=at,
        )
        db.add(row)
        return row

    def read(self, row: StoredFile) -> bytes:
        """The decrypted content. Raises Unreadable when it is missing or was altered."""
        key = self._keyring.open(row.wrapped_key, f"file {row.id}")
        try:
            return AESGCM(key).decrypt(_NONCE, self._path(row.id).read_bytes(), row.id.bytes)
        except Exception as wrong:
            raise Unreadable(f"file {row.id} is missing or altered") from wrong

    def sweep(self, db: Session, at: datetime) -> int:
        """Remove files without a row that are older than an hour; returns how many."""
        return sum(self._sweep(db, folder, at) for folder in self.root.glob("[0-9a-f][0-9a-f]"))

    def _sweep(self, db: Session, folder: Path, at: datetime) -> int:
        """One folder of the 256 at a time: memory stays small however many files there are."""
        first, last = (UUID(folder.name + digit * 30) for digit in "0f")
        known = {id.hex for id in db.scalars(select(StoredFile.id).where(StoredFile.id.between(first, last)))}
        removed = 0
        for path in folder.iterdir():
            old = path.stat().st_mtime < (at - ORPHAN_AGE).timestamp()
            if old and (path.suffix != ".bin" or path.stem not in known):
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def missing(self, db: Session) -> list[UUID]:
        """Rows whose file is gone: what `flask verify` reports."""
        return [id for id in db.scalars(select(StoredFile.id)) if not self._path(id).exists()]


def _write(path: Path, content: bytes) -> None:
    """The file under its name with its content on the disk, or not at all: a full disk has no room for half a file."""
    partial = path.with_suffix(".part")
    try:
        with open(partial, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
