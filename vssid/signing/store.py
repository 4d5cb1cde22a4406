"""The authorities whose signatures count: certificates in DATA_DIR/trust that the operator put there, one a file."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import one_line

FOLDER = "trust"
MOST_FILES = 200
LARGEST_FILE = 64 * 1024
SUFFIXES = (".pem", ".crt", ".cer", ".der")
SMALLEST_RSA_BITS = 2048
_UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_PEM = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Authority:
    """A certificate of an authority; `fingerprint` is SHA-256 in lower-case hexadecimal."""

    subject: str
    valid_from: datetime
    valid_to: datetime
    fingerprint: str
    der: bytes


@dataclass(frozen=True)
class Trust:
    """What the folder holds: authorities with their files, and files that do not count with the reason."""

    authorities: tuple[tuple[Path, Authority], ...]
    bad: tuple[tuple[Path, Label], ...]


def read(data_dir: Path) -> Trust:
    """The folder as it is now: at most 200 files, by name. A bad file is reported and left out."""
    folder = data_dir / FOLDER
    paths = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES) if folder.is_dir() else []
    good, bad = (
        [],
        [(path, N_("Quá %(limit)s tệp; tệp này không được đọc.", limit=MOST_FILES)) for path in paths[MOST_FILES:]],
    )
    for path in paths[:MOST_FILES]:
        try:
            good.append((path, read_file(path)))
        except Refused as refusal:
            bad.append((path, refusal.label))
    return Trust(tuple(good), tuple(bad))


def read_file(path: Path) -> Authority:
    """The authority in one PEM or DER file. Raises Refused in words when it cannot vouch for signatures."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as wrong:
        raise Refused(N_("Không đọc được tệp.")) from wrong
    if len(data) > LARGEST_FILE:
        raise Refused(N_("Tệp lớn hơn %(limit)s KB.", limit=LARGEST_FILE // 1024))
    if data.count(_PEM) > 1:
        raise Refused(N_("Tệp có nhiều chứng thư. Hãy tách mỗi chứng thư thành một tệp."))
    try:
        found = x509.load_pem_x509_certificate(data) if _PEM in data else x509.load_der_x509_certificate(data)
        return _examined(found)
    except _UNREADABLE as wrong:
        raise Refused(N_("Tệp không phải chứng thư X.509 (PEM hoặc DER).")) from wrong


def _examined(certificate: x509.Certificate) -> Authority:
    if not _may_issue(certificate):
        raise Refused(N_("Đây không phải chứng thư của nơi cấp (CA)."))
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey) and key.key_size < SMALLEST_RSA_BITS:
        raise Refused(N_("Khoá RSA của chứng thư ngắn hơn %(bits)s bit.", bits=SMALLEST_RSA_BITS))
    return Authority(
        subject=one_line(certificate.subject.rfc4514_string())[:300],
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        der=certificate.public_bytes(Encoding.DER),
    )


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound as missing:
        return missing.oid == x509.KeyUsage.oid


def keep(data_dir: Path, authority: Authority) -> Path:
    """Write the certificate as FINGERPRINT.pem, on the disk before this returns. Raises Refused if the folder is full."""
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    if len(list(folder.iterdir())) >= MOST_FILES:
        raise Refused(N_("Đã có %(limit)s tệp. Hãy bỏ bớt nơi cấp không dùng nữa.", limit=MOST_FILES))
    path = folder / f"{authority.fingerprint}.pem"
    partial = path.with_suffix(".part")
    with partial.open("wb") as out:
        out.write(x509.load_der_x509_certificate(authority.der).public_bytes(Encoding.PEM))
        out.flush()
        os.fsync(out.fileno())
    partial.rename(path)
    _sync(folder)
    return path


def drop(path: Path) -> None:
    """Remove one file of the folder."""
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
