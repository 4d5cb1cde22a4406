"""Structured logs without personal data: rules instead of addresses, ids instead of names, one line a request."""

import logging
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

ALLOWED = {
    "event", "level", "timestamp", "method", "rule", "status", "ms", "problem", "at", "errno", "request", "kind",
    "channel", "count", "job", "actor", "tag", "seconds", "id", "variable", "attempt",
}  # fmt: skip


# In the environment of a request that nobody sent.
QUIET = "vssid.quiet"


def _only_allowed(_logger: Any, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Drop keys that nobody has thought about: the safe default for a system full of names and numbers."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: str) -> None:
    """JSON lines on standard error; a line break in a value cannot forge a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def init_app(app: Flask) -> None:
    """Log each request when it is answered, probes and static files only when they fail."""
    log = structlog.get_logger()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        probe = rule.startswith(("/static", "/healthz", "/readyz")) or QUIET in request.environ
        quiet = probe and response.status_code < 400
        if not quiet:
            ms = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
            log.info("request", method=request.method, rule=rule, status=response.status_code, ms=ms)
        return response
