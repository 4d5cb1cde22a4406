"""`flask imports run KIND FILE`: exit 0 done, 1 refused with words, 2 bad usage."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from vssid.imports import actions, claims, sources
from vssid.imports.actions import Job, Run
from vssid.imports.claims import ClaimsRun
from vssid.imports.hosos import HOSO_KINDS, HosoKind
from vssid.imports.kinds import KINDS, Kind
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import State, Tag, spoken
from vssid.kernel import clock
from vssid.kernel.audit import OPERATOR
from vssid.kernel.labels import Refused
from vssid.web.db import db as request_db

imports = AppGroup("imports", help="Take over tables from files.")


@imports.command("run")
@click.argument("kind", type=click.Choice(sorted([*KINDS, *HOSO_KINDS])))
@click.argument("file", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day for which the file speaks; default today.")
def run(kind: str, file: Path, *, dry_run: bool, yes: bool, as_of: datetime | None) -> None:
    """Take over FILE as KIND: all rows or none. Problems go to FILE.errors.csv.

    Of claims-xml and papers-xml FILE may be a folder or a zip; each HOSO is taken over or refused by itself.
    """
    hosos = HOSO_KINDS.get(kind)
    if hosos is None and file.is_dir():
        raise click.BadParameter("is a folder; only claims-xml and papers-xml take one", param_hint="FILE")
    day = as_of.date() if as_of else clock.today()
    try:
        if hosos is not None:
            done = _run_claims(request_db.engine, hosos, file, day, dry_run=dry_run, yes=yes)
        else:
            done = _run(request_db.engine, KINDS[kind], file, day, dry_run=dry_run, yes=yes)
    except (OperationalError, OSError) as trouble:
        # A full disk, a database that is locked or away: taking over is one transaction, so nothing of it happened; of
        # hospital files one transaction a batch.
        reason = trouble.orig if isinstance(trouble, OperationalError) else trouble.strerror
        left = "Hồ sơ đã nhập thì được giữ." if hosos is not None else "Chưa nhập gì."
        click.echo(f"Không đọc hoặc không ghi được dữ liệu ({reason}). {left}", err=True)
        click.echo("Hãy xem chỗ trống trên đĩa và cơ sở dữ liệu rồi chạy lại.", err=True)
        done = False
    sys.exit(0 if done else 1)


def _run(engine: Engine, kind: Kind, file: Path, day: date, *, dry_run: bool, yes: bool) -> bool:
    job = actions.begin(engine, kind, file, as_of=day, at=clock.now())
    try:
        with ErrorsFile(file.with_name(file.name + ".errors.csv")) as errors:
            _read(engine, job, errors)
        return _finish(engine, job, errors, dry_run=dry_run, yes=yes)
    except Refused as refusal:
        click.echo(spoken(refusal.label), err=True)
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
        return False
    except BaseException:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        raise


def _read(engine: Engine, job: Run, errors: ErrorsFile) -> None:
    size = job.path.stat().st_size
    with click.progressbar(length=size, label="Đọc tệp", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        actions.stage(
            engine, job, errors, today=clock.today(), progress=lambda position: bar.update(position - bar.pos)
        )
    if job.ignored:
        click.echo(f"Bỏ qua các cột không dùng: {', '.join(job.ignored)}", err=True)
    actions.examine(engine, job, errors)


def _finish(engine: Engine, job: Run, errors: ErrorsFile, *, dry_run: bool, yes: bool) -> bool:
    """Apply, or say why not; True when done."""
    changes = job.tally.difference.new + job.tally.difference.changed
    done = not job.tally.refused
    if job.tally.refused:
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
        for words in errors.shown:
            click.echo(words, err=True)
        click.echo(f"{errors.count} lỗi, xem {errors.path}. Không dòng nào được nhập.", err=True)
    elif dry_run:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chạy thử: chưa nhập gì.", err=True)
    elif changes and not yes and not _agreed(job):
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chưa nhập gì. Thêm --yes để nhập không cần hỏi.", err=True)
        done = False
    else:
        actions.take_over(engine, job, OPERATOR)
    click.echo(job.tally.line())
    return done


def _run_claims(engine: Engine, kind: HosoKind, path: Path, day: date, *, dry_run: bool, yes: bool) -> bool:
    job = claims.begin(engine, path, as_of=day, at=clock.now(), kind=kind)
    try:
        with claims.errors_file(path) as errors:
            length, hidden = sources.size(path), not sys.stderr.isatty()
            with click.progressbar(length=length, label="Đọc tệp", file=sys.stderr, hidden=hidden) as bar:
                claims.stage(engine, job, errors, today=clock.today(), progress=bar.update)
            claims.examine(engine, job, errors)
            return _finish_claims(engine, job, errors, dry_run=dry_run, yes=yes)
    except Refused as refusal:
        click.echo(spoken(refusal.label), err=True)
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
        return False
    except BaseException:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        raise


def _finish_claims(engine: Engine, job: ClaimsRun, errors: ErrorsFile, *, dry_run: bool, yes: bool) -> bool:
    """Take over what is good, or say why not; True when that is done and nothing was refused."""
    found, done = job.tally.difference, True
    if dry_run:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chạy thử: chưa nhập gì.", err=True)
    elif not (found.new or found.changed or found.same):
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
    elif (found.new or found.changed) and not yes and not _agreed(job):
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chưa nhập gì. Thêm --yes để nhập không cần hỏi.", err=True)
        done = False
    else:
        claims.take_over(engine, job, errors, OPERATOR)
    if job.tally.refused:
        for words in errors.shown:
            click.echo(words, err=True)
        click.echo(f"{job.tally.refused} hồ sơ bị từ chối, xem {errors.path}.", err=True)
    click.echo(job.tally.line())
    return done and not job.tally.refused


def _agreed(job: Job) -> bool:
    """Only a person at a terminal can agree."""
    if not sys.stdin.isatty():
        return False
    found, what = job.tally.difference, "hồ sơ" if job.kind.name in HOSO_KINDS else "dòng"
    return click.confirm(f"Nhập {found.new} {what} mới, {found.changed} {what} thay đổi?", default=False, err=True)
