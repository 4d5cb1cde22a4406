"""The two ways of an import: a table is taken over whole or not at all; hospital files HOSO by HOSO. One face for both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from vssid.imports import actions, claims, sources
from vssid.imports.actions import Job, Progress
from vssid.imports.hosos import HOSO_KINDS, HosoKind
from vssid.imports.kinds import KINDS, Named
from vssid.imports.problems import ErrorsFile
from vssid.kernel.audit import By
from vssid.kernel.rows import Changed, Data


@dataclass(frozen=True)
class Way:
    """How the files of some kinds go through the desk. `progress` of `stage` is told how many bytes of `size` were read.

    `whole` says that one refused row keeps all others out. `shown` is what an officer sees of a staged row.
    """

    whole: bool
    run: Callable[..., Any]
    begin: Callable[[Engine, str, Path, date, datetime], Job]
    errors: Callable[[Path], ErrorsFile]
    size: Callable[[Path], int]
    stage: Callable[[Engine, Any, ErrorsFile, date, Progress], None]
    examine: Callable[[Engine, Any, ErrorsFile], None]
    changes: Callable[[Engine, Any, int], list[Changed]]
    take: Callable[[Engine, Any, ErrorsFile, By], None]
    shown: Callable[[Data], Data]


def _stage_table(engine: Engine, run: actions.Run, errors: ErrorsFile, today: date, progress: Progress) -> None:
    actions.stage(engine, run, errors, today=today, progress=progress)


def _stage_claims(engine: Engine, run: claims.ClaimsRun, errors: ErrorsFile, today: date, progress: Progress) -> None:
    read = [0]

    def further(count: int) -> None:
        read[0] += count
        progress(read[0])

    claims.stage(engine, run, errors, today=today, progress=further)


_TABLES = Way(
    whole=True,
    run=actions.Run,
    begin=lambda engine, kind, path, as_of, at: actions.begin(engine, KINDS[kind], path, as_of=as_of, at=at),
    errors=lambda path: ErrorsFile(path.with_name(f"{path.name}.errors.csv")),
    size=lambda path: path.stat().st_size,
    stage=_stage_table,
    examine=actions.examine,
    changes=actions.first_changes,
    take=lambda engine, run, _errors, by: actions.take_over(engine, run, by),
    shown=lambda data: data,
)


def _by_hoso(kind: HosoKind) -> Way:
    return Way(
        whole=False,
        run=claims.ClaimsRun,
        begin=lambda engine, _name, path, as_of, at: claims.begin(engine, path, as_of=as_of, at=at, kind=kind),
        errors=claims.errors_file,
        size=sources.size,
        stage=_stage_claims,
        examine=claims.examine,
        changes=claims.first_changes,
        take=claims.take_over,
        shown=kind.shown,
    )


_BY_HOSO = {kind.name: _by_hoso(kind) for kind in HOSO_KINDS.values()}


def names() -> list[str]:
    """What the kinds are called, in the order in which they are offered."""
    return [*KINDS, *HOSO_KINDS]


def named(kind: str) -> Named | None:
    """The kind of this name, if there is one."""
    return KINDS.get(kind) or HOSO_KINDS.get(kind)


def way_of(kind: str) -> Way:
    """The way of a kind."""
    return _TABLES if kind in KINDS else _BY_HOSO[kind]


def job_of(way: Way, kind: str, **facts: Any) -> Job:
    """A run of this kind."""
    job: Job = way.run(kind=named(kind), **facts)
    return job
