"""Two questions of an operator's monitor: whether the process lives, and whether it can do its work."""

import shutil
from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text

from vssid.kernel.db import unit
from vssid.web import db
from vssid.web.guards import public

bp = Blueprint("probes", __name__)
LEAST_FREE_BYTES = 50 * 1024**2


def init_app(app: Flask, migrated: Callable[[], bool]) -> None:
    """`migrated` says whether the database has the newest tables."""
    app.extensions["migrated"] = migrated
    app.register_blueprint(bp)


@bp.get("/healthz")
@public
def health() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Database writable, disk not full, migrations done; 503 names what is not."""
    checks = {"database": _writable(), "disk": _disk(), "migrations": current_app.extensions["migrated"]()}
    good = all(checks.values())
    named = {name: "ok" if fine else "failed" for name, fine in checks.items()}
    return jsonify(status="ok" if good else "failed", checks=named), 200 if good else 503


def _writable() -> bool:
    try:
        with unit(db.engine()) as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except Exception:
        return False
    return True


def _disk() -> bool:
    return shutil.disk_usage(current_app.config["DATA_DIR"]).free > LEAST_FREE_BYTES
