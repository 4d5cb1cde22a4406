"""Công tắc: one service rests for a while, with words in its place; all others go on. Door."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import N_
from vssid.notices.standing import Standing, keep
from vssid.notices.switches import actions, desk, gate, queries
from vssid.notices.switches.rules import Atlas, Service, Stop
from vssid.officers import Permission, Tool

__all__ = ["JOBS", "Service", "init_app"]

JOBS = (("notices.switches", timedelta(hours=1), actions.forget_over),)


def init_app(app: Flask, services: tuple[Service, ...]) -> None:
    """Stand at the gate, open the desk, say on the console's home what rests."""
    before: dict[str, Stop] = {}
    app.extensions["switches"] = gate.Gate(Atlas(services), keep(app, Standing(_ask, before)))
    # Before anything reads the request: a body that nobody will take need not be waited for.
    app.before_request_funcs.setdefault(None, []).insert(0, gate.stop)
    app.jinja_env.globals["rests"] = gate.rests
    app.register_blueprint(desk.bp)
    officers.register_tool(
        app, Tool(desk.KEY, N_("Công tắc dịch vụ"), "switches_desk.list_services", Permission.NOTICES_MANAGE)
    )
    officers.register_alarm(app, gate.alarms)


def _ask(db: Session) -> dict[str, Stop]:
    return queries.stops(db, now())
