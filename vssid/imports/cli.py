"""`flask imports run KIND FILE` and `flask imports undo`: exit 0 done, 1 refused with words, 2 bad usage."""

import sys
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from vssid.imports import actions, undoing, ways
from vssid.imports.actions import Job
from vssid.imports.models import ImportRun
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import State, Tag, spoken
from vssid.imports.ways import Way
from vssid.kernel import clock
from vssid.kernel import undo as undo_notes
from vssid.kernel.audit import OPERATOR
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.rows import Counts
from vssid.web.db import db as request_db

imports = AppGroup("imports", help="Take over tables from files.")


@imports.command("run")
@click.argument("kind", type=click.Choice(sorted(ways.names())))
@click.argument("file", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day for which the file speaks; default today.")
def run(kind: str, file: Path, *, dry_run: bool, yes: bool, as_of: datetime | None) -> None:
    """Take over FILE as KIND: all rows or none. Problems go to FILE.errors.csv.

    Of claims-xml and papers-xml FILE may be a folder or a zip; each HOSO is taken over or refused by itself.
    """
    way = ways.way_of(kind)
    if way.whole and file.is_dir():
        raise click.BadParameter("is a folder; only claims-xml and papers-xml take one", param_hint="FILE")
    try:
        day = as_of.date() if as_of else clock.today()
        done = _run(request_db.engine, way, kind, file, day, dry_run=dry_run, yes=yes)
    except (OperationalError, OSError) as trouble:
        # A full disk, a database that is locked or away: taking over is one transaction, so nothing of it happened; of
        # hospital files one transaction a batch.
        reason = trouble.orig if isinstance(trouble, OperationalError) else trouble.strerror
        left = "Chưa nhập gì." if way.whole else "Hồ sơ đã nhập thì được giữ."
        click.echo(f"Không đọc hoặc không ghi được dữ liệu ({reason}). {left}", err=True)
        click.echo("Hãy xem chỗ trống trên đĩa và cơ sở dữ liệu rồi chạy lại.", err=True)
        done = False
    sys.exit(0 if done else 1)


def _run(engine: Engine, way: Way, kind: str, file: Path, day: date, *, dry_run: bool, yes: bool) -> bool:
    job = way.begin(engine, kind, file, day, clock.now())
    try:
        with way.errors(file) as errors:
            _read(engine, way, job, errors)
            return _finish(engine, way, job, errors, dry_run=dry_run, yes=yes)
    except Refused as refusal:
        click.echo(spoken(refusal.label), err=True)
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
        return False
    except BaseException:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        raise


def _read(engine: Engine, way: Way, job: Job, errors: ErrorsFile) -> None:
    length, hidden = way.size(job.path), not sys.stderr.isatty()
    with click.progressbar(length=length, label="Đọc tệp", file=sys.stderr, hidden=hidden) as bar:
        way.stage(engine, job, errors, clock.today(), lambda position: bar.update(position - bar.pos))
    if job.ignored:
        click.echo(f"Bỏ qua các cột không dùng: {', '.join(job.ignored)}", err=True)
    way.examine(engine, job, errors)


def _finish(engine: Engine, way: Way, job: Job, errors: ErrorsFile, *, dry_run: bool, yes: bool) -> bool:
    """Take over what is good, or say why not; True when that is done and nothing was refused."""
    found, done = job.tally.difference, True
    if job.tally.refused and (way.whole or found == Counts()):
        actions.leave(engine, job, State.REFUSED, Tag.REFUSED, OPERATOR)
    elif dry_run:
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chạy thử: chưa nhập gì.", err=True)
    elif (found.new or found.changed) and not yes and not _agreed(way, found):
        actions.leave(engine, job, State.ABANDONED, Tag.TRIED, OPERATOR)
        click.echo("Chưa nhập gì. Thêm --yes để nhập không cần hỏi.", err=True)
        done = False
    else:
        way.take(engine, job, errors, OPERATOR)
    if job.tally.refused:
        _say_refused(way, job, errors)
    click.echo(job.tally.line())
    return done and not job.tally.refused


def _say_refused(way: Way, job: Job, errors: ErrorsFile) -> None:
    for words in errors.shown:
        click.echo(words, err=True)
    if way.whole:
        click.echo(f"{errors.count} lỗi, xem {errors.path}. Không dòng nào được nhập.", err=True)
    else:
        click.echo(f"{job.tally.refused} hồ sơ bị từ chối, xem {errors.path}.", err=True)


def _agreed(way: Way, found: Counts) -> bool:
    """Only a person at a terminal can agree."""
    if not sys.stdin.isatty():
        return False
    what = "dòng" if way.whole else "hồ sơ"
    return click.confirm(f"Nhập {found.new} {what} mới, {found.changed} {what} thay đổi?", default=False, err=True)


@imports.command("undo")
@click.argument("run", type=click.UUID, required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def undo(run: UUID | None, *, yes: bool) -> None:
    """Take an import back, as long as nobody has built on it: the newest one, or RUN by its id."""
    engine = request_db.engine
    with reading(engine) as db:
        query = select(ImportRun).where(ImportRun.state.in_(undoing.ENDED), ImportRun.ended_at.is_not(None))
        wanted = query.where(ImportRun.id == run) if run else query.order_by(ImportRun.ended_at.desc()).limit(50)
        found = next((one for one in db.scalars(wanted) if undo_notes.touched(db, one.id)), None)
    if found is None:
        click.echo(spoken(undoing.NOTHING), err=True)
        sys.exit(1)
    counts = found.counts
    what = f"{found.kind} {found.id}: {counts.get('new', 0)} mới, {counts.get('changed', 0)} thay đổi"
    if not yes and not (sys.stdin.isatty() and click.confirm(f"Hoàn tác {what}?", default=False, err=True)):
        click.echo(f"Chưa hoàn tác {what}. Thêm --yes để làm không cần hỏi.", err=True)
        sys.exit(1)
    try:
        rows = undoing.take_back(engine, found.id, OPERATOR, clock.now())
    except Refused as refusal:
        click.echo(spoken(refusal.label), err=True)
        sys.exit(1)
    click.echo(f"undone={found.kind} rows={rows}")
