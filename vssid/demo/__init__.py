"""The specimen province (tỉnh mẫu): invented people to try everything with, and the mark that says so. Door."""

from flask import Flask

from vssid.demo.mark import Mark, is_specimen

__all__ = ["init_app", "is_specimen"]


def init_app(app: Flask) -> None:
    """Let the frame ask whether people and figures are invented: `app.extensions["specimen"]()`."""
    app.extensions["specimen"] = Mark()
