"""`flask export-subject MA_SO FILE`: everything held about one person, for who asks at the counter or by post."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from vssid import records
from vssid.kernel import audit
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Busy
from vssid.privacy.export import making
from vssid.privacy.rules import Tag
from vssid.records import IdKind
from vssid.web import db


@click.command("export-subject")
@click.argument("ma_so")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_subject(ma_so: str, file: Path) -> None:
    """Write everything held about the person with MA_SO into FILE (a zip, readable by its owner only; never overwritten)."""
    at = now()
    with reading(db.db.engine) as session:
        person = records.person_by(session, IdKind.MA_SO_BHXH, ma_so.strip())
    if person is None:
        raise click.ClickException("Không có người nào mang mã số này.")
    if file.exists():
        raise click.ClickException("Tệp đã có. Hãy chọn tên khác.")
    # Noted first: what cannot be noted is not given out.
    with unit(db.db.engine) as session:
        audit.record(session, Tag.EXPORTED, OPERATOR, ("person", person.id), at)
    try:
        body = making.made(db.db.engine, person.id, "vi", at)
        with open(file, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            out.write(body)
    except Busy as busy:
        raise click.ClickException("Máy đang bận. Hãy chạy lại.") from busy
    except OSError as trouble:
        raise click.ClickException(f"Không ghi được tệp ({trouble.strerror}).") from trouble
    click.echo(f"Đã ghi {len(body)} byte. Tệp không mã hoá: hãy trao tận tay rồi xoá.")
