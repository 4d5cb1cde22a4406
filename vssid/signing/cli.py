"""`flask signing …`: which authorities are trusted; exit 0 done, 1 refused with words, 2 bad usage."""

import re
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from vssid import signing as door
from vssid.kernel.audit import OPERATOR, record
from vssid.kernel.clock import VIETNAM, now
from vssid.kernel.db import unit
from vssid.kernel.labels import Busy, Refused
from vssid.signing import store
from vssid.signing.rules import Tag, Verdict
from vssid.signing.store import Authority
from vssid.web import db
from vssid.web.i18n import say

signing = AppGroup("signing", help="Authorities (CA) whose digital signatures count.")
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


def _data_dir() -> Path:
    folder: Path = current_app.config["SETTINGS"].data_dir
    return folder


def _line(authority: Authority) -> str:
    ended = "" if authority.valid_from <= now() <= authority.valid_to else " (KHÔNG CÒN HOẶC CHƯA CÓ HIỆU LỰC)"
    day = authority.valid_to.astimezone(VIETNAM).strftime("%d/%m/%Y")
    return f"{authority.subject}\n  đến {day}{ended}\n  SHA-256 {authority.fingerprint}"


@signing.command("list")
def list_() -> None:
    """Show the trusted authorities: subject, valid until, fingerprint. Bad files go to standard error."""
    trust = store.read(_data_dir())
    for _path, authority in trust.authorities:
        click.echo(_line(authority))
    if not trust.authorities:
        click.echo("Chưa có nơi cấp nào; mọi chữ ký số sẽ bị từ chối.", err=True)
    for path, reason in trust.bad:
        click.echo(f"{path.name}: {say(reason)}", err=True)


@signing.command("add")
@click.argument("file", type=_FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
def add(file: Path, *, yes: bool) -> None:
    """Trust the authority in FILE (PEM or DER). Compare the fingerprint with the one that the authority publishes."""
    try:
        authority = store.read_file(file)
        if authority.fingerprint in {known.fingerprint for _path, known in store.read(_data_dir()).authorities}:
            click.echo("Nơi cấp này đã có.")
            return
        click.echo(_line(authority))
        if not yes and not _agreed("Tin cậy nơi cấp này?"):
            sys.exit(1)
        with unit(db.db.engine) as session:
            record(session, Tag.TRUSTED, OPERATOR, ("authority", None), now(), sha256=authority.fingerprint)
            store.keep(_data_dir(), authority)
    except Refused as refusal:
        raise click.ClickException(say(refusal.label)) from refusal
    except OSError as trouble:
        raise click.ClickException(f"Không ghi được vào DATA_DIR ({trouble.strerror}). Chưa thêm gì.") from trouble
    click.echo("Đã thêm.")


@signing.command("remove")
@click.argument("fingerprint")
def remove(fingerprint: str) -> None:
    """Trust the authority with this SHA-256 fingerprint no longer."""
    wanted = re.sub(r"[\s:]", "", fingerprint).lower()
    found = [path for path, known in store.read(_data_dir()).authorities if known.fingerprint == wanted]
    if not found:
        raise click.ClickException("Không có nơi cấp nào mang dấu vân tay này. Xem: flask signing list")
    try:
        with unit(db.db.engine) as session:
            record(session, Tag.REMOVED, OPERATOR, ("authority", None), now(), sha256=wanted)
            for path in found:
                store.drop(path)
    except OSError as trouble:
        raise click.ClickException(f"Không xoá được tệp trong DATA_DIR ({trouble.strerror}).") from trouble
    click.echo("Đã bỏ.")


@signing.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Validate the signed PDF in FILE against the trusted authorities, whoever signed."""
    with file.open("rb") as opened:
        pdf = opened.read(door.LARGEST_BYTES + 1)
    try:
        verdict = door.judge(current_app.extensions["workshop"], _data_dir(), pdf, None, None, now())
    except Busy as busy:
        raise click.ClickException("Máy đang bận. Hãy chạy lại.") from busy
    for line in _words(verdict):
        click.echo(line)
    sys.exit(1 if verdict.problem else 0)


def _words(verdict: Verdict) -> list[str]:
    lines = [say(verdict.problem.label) if verdict.problem else "Chữ ký số hợp lệ."]
    if verdict.signer:
        signer = verdict.signer
        lines += [
            f"  Người ký: {signer.name} {signer.number}".rstrip(),
            f"  Tổ chức: {signer.organisation or '-'}",
            f"  Nơi cấp: {signer.authority}, số sê-ri {signer.serial}",
        ]
    if verdict.signed_at:
        lines.append(f"  Phần mềm ký ghi: {verdict.signed_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    return lines if verdict.problem else [*lines, f"  {say(verdict.revocation.label)}"]


def _agreed(question: str) -> bool:
    """Only a person at a terminal can agree."""
    if not sys.stdin.isatty():
        click.echo("Chưa thêm gì. Thêm --yes để không cần hỏi.", err=True)
        return False
    return click.confirm(question, default=False, err=True)
