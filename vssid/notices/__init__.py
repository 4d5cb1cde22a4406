"""What people are told within the house: the bell, the notice board, services that rest, an invitation. Door."""

from flask import Flask

from vssid.notices import bell, board, inviting, switches
from vssid.notices.switches import Service
from vssid.notices.switches.gate import rests

__all__ = ["JOBS", "Service", "init_app", "inviting", "rests"]

JOBS = (*bell.JOBS, *board.JOBS, *switches.JOBS)


def init_app(app: Flask, services: tuple[Service, ...]) -> None:
    """Open all windows; `services` are those that may be switched off."""
    bell.init_app(app)
    board.init_app(app)
    switches.init_app(app, services)
    app.register_blueprint(inviting.bp)
