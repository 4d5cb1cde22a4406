"""A checked file at rest between the look at it and its saving: rows and problems as encrypted JSON."""

import json
from dataclasses import astuple
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import Label
from vssid.kernel.tables import Problem
from vssid.rosters.models import RosterUpload
from vssid.rosters.rules import Reading, Row

_TYPE = "application/json"


def keep(
    db: Session, store: FileStore, organisation_id: UUID, title: str, reading: Reading, at: datetime
) -> RosterUpload:
    """Keep what was read; the file is on the disk before the first statement is sent."""
    content = {
        "rows": [astuple(row) for row in reading.rows],
        "problems": [(one.line, one.column, str(one.label), one.label.params) for one in reading.problems],
        "refused": reading.refused,
        "ignored": reading.ignored,
    }
    file = store.put(db, json.dumps(content).encode(), _TYPE, at)
    upload = RosterUpload(id=uuid4(), organisation_id=organisation_id, title=title, file_id=file.id, created_at=at)
    db.flush()
    db.add(upload)
    return upload


def opened(db: Session, store: FileStore, upload: RosterUpload) -> Reading:
    """What was read."""
    content = json.loads(store.read(db.get_one(StoredFile, upload.file_id)))
    problems = [Problem(line, column, Label(text, **params)) for line, column, text, params in content["problems"]]
    return Reading([Row(*row) for row in content["rows"]], problems, content["refused"], content["ignored"])
