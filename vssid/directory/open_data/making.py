"""Writing a version of a list when it has changed: by `flask work`, off any request."""

import gzip
import json
import os
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vssid.directory.listings.building import source_of
from vssid.directory.listings.models import ListingState
from vssid.directory.open_data.rules import DATASETS, KEPT, Dataset
from vssid.directory.open_data.versions import stamp_of, versions
from vssid.kernel.db import reading
from vssid.kernel.tables import csv_bytes
from vssid.web.db import db as request_db

AT_ONCE = 5_000


def folder_of(app: Flask, dataset: Dataset) -> Path:
    """Where the versions of a list lie."""
    folder: Path = app.config["DATA_DIR"] / "open-data" / dataset.slug
    return folder


def make_next(app: Flask, _at: datetime) -> bool:
    """Write the version of one list that has changed; True when there was one."""
    with app.app_context():
        return any(_bring_up(request_db.engine, dataset, folder_of(app, dataset)) for dataset in DATASETS)


def _bring_up(engine: Engine, dataset: Dataset, folder: Path) -> bool:
    with reading(engine) as db:
        changed_at = _changed_at(db, dataset)
        seen = folder / "seen"
        if changed_at is None or (seen.is_file() and seen.read_text() == changed_at.isoformat()):
            return False
        records = _records(db, dataset)
    contents = {"csv": _as_csv(dataset, records), "json": _as_json(dataset, records)}
    known = versions(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # Brought in again without a change: the day on which it last changed stays.
    if not known or gzip.decompress(known[0].files["csv"].read_bytes()) != contents["csv"]:
        for form, content in contents.items():
            _write(folder / f"{stamp_of(changed_at)}.{form}.gz", gzip.compress(content, 9, mtime=0))
        for old in versions(folder)[KEPT:]:
            for path in old.files.values():
                path.unlink(missing_ok=True)
    _write(seen, changed_at.isoformat().encode())
    return True


def _changed_at(db: Session, dataset: Dataset) -> datetime | None:
    """When the list last changed; None while nothing was ever imported."""
    moments = db.scalars(select(ListingState.changed_at).where(ListingState.kind.in_(dataset.kinds)))
    return max(filter(None, moments), default=None)


def _records(db: Session, dataset: Dataset) -> list[dict[str, str]]:
    """Every row by its code; of one moment, because one transaction reads them."""
    model = source_of(dataset.kinds[0])
    rows = db.scalars(select(model).order_by(model.code).execution_options(yield_per=AT_ONCE))
    return [dataset.record(row) for row in rows]


def _as_csv(dataset: Dataset, records: list[dict[str, str]]) -> bytes:
    return csv_bytes([list(dataset.columns), *(list(record.values()) for record in records)])


def _as_json(dataset: Dataset, records: list[dict[str, str]]) -> bytes:
    return json.dumps({"danh_muc": dataset.slug, "so_muc": len(records), "muc": records}, ensure_ascii=False).encode()


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(f"{uuid4()}.part")
    partial.write_bytes(content)
    os.replace(partial, path)
