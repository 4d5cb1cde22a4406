"""The XML files behind a path: one file, a folder, or a zip; read one by one, a bomb given up while it is read."""

import hashlib
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vssid.kernel.labels import N_, Refused
from vssid.kernel.tables import BROKEN_ZIP, plainly_packed
from vssid.kernel.text import one_line

_ZIP = b"PK\x03\x04"
_PIECE = 64 * 1024
MOST_FILES = 10_000
# Files of claims shrink to a tenth, at best to a fiftieth: what unpacks to more than two hundred times its size is none.
MOST_RATIO, RATIO_FROM = 200, 8 * 1024**2
MOST_UNPACKED = 8 * 1024**3
_LONGEST_NAME = 200


@dataclass
class Source:
    """One XML file: its name for people, its bytes. `pieces` raises Refused when they cannot be had."""

    name: str
    pieces: Iterator[bytes]


def is_zip(path: Path) -> bool:
    """Whether a file is a zip, whatever its name."""
    with path.open("rb") as file:
        return file.read(4) == _ZIP


def digest(path: Path) -> str:
    """A digest of a file, or of all names and files that would be read in a folder."""
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for one in _files_in(path):
        whole.update(f"{one.relative_to(path)}\0{digest(one)}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def size(path: Path) -> int:
    """How many bytes there seem to be to read: for showing how far one is, not for deciding."""
    if path.is_dir():
        return sum(one.stat().st_size for one in _files_in(path))
    try:
        with zipfile.ZipFile(path) as packed:
            return sum(one.file_size for one in packed.infolist())
    except BROKEN_ZIP:
        return path.stat().st_size


def sources(path: Path, progress: Callable[[int], None]) -> Iterator[Source]:
    """Each XML file in the order of the names. Raises Refused when a folder or zip is none that can be read.

    `progress` is told of each piece how many bytes it has.
    """
    for one in _sources(path):
        yield Source(one.name, _told(one.pieces, progress))


def _told(pieces: Iterator[bytes], progress: Callable[[int], None]) -> Iterator[bytes]:
    for piece in pieces:
        progress(len(piece))
        yield piece


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        for one in _files_in(path):
            yield Source(_shown(str(one.relative_to(path))), _plain(one))
    elif is_zip(path):
        yield from _zipped(path)
    else:
        yield Source(_shown(path.name), _plain(path))


def _files_in(folder: Path) -> list[Path]:
    # Links are not followed: a folder that somebody sent may point anywhere.
    found = sorted(
        one for one in folder.rglob("*") if one.suffix.lower() == ".xml" and stat.S_ISREG(one.lstat().st_mode)
    )
    _check_number(len(found))
    return found


def _check_number(files: int) -> None:
    if files > MOST_FILES:
        raise Refused(N_("Có quá %(max)d tệp. Hãy chia nhỏ.", max=MOST_FILES))


def _shown(name: str) -> str:
    return "".join(sign for sign in one_line(name) if sign.isprintable())[-_LONGEST_NAME:]


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _zipped(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [one for one in packed.infolist() if one.filename.lower().endswith(".xml") and not one.is_dir()]
            _check_number(len(packed.infolist()))
            unpacked = [0]
            for member in sorted(members, key=lambda one: one.filename):
                yield Source(_shown(member.filename), _unpacked(packed, member, unpacked))
    except BROKEN_ZIP as wrong:
        raise Refused(N_("Tệp zip hỏng.")) from wrong


def _unpacked(packed: zipfile.ZipFile, member: zipfile.ZipInfo, total: list[int]) -> Iterator[bytes]:
    if not plainly_packed(member):
        raise Refused(N_("Tệp này trong zip có mật khẩu hoặc nén theo cách không dùng được."))
    try:
        with packed.open(member) as file:
            yield from _bounded(file, member.compress_size, total)
    except BROKEN_ZIP as wrong:
        raise Refused(N_("Tệp này trong zip bị hỏng.")) from wrong


def _bounded(file: IO[bytes], compressed: int, total: list[int]) -> Iterator[bytes]:
    """What a zip says of sizes may be a lie: only what comes out is counted."""
    read = 0
    while piece := file.read(_PIECE):
        read += len(piece)
        total[0] += len(piece)
        if (read > RATIO_FROM and read > MOST_RATIO * max(compressed, 1)) or total[0] > MOST_UNPACKED:
            raise Refused(N_("Tệp zip bung ra lớn bất thường nên không đọc."))
        yield piece
