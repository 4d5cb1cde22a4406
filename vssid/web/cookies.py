"""Our own long-lived cookies, named and flagged like the session cookie: __Host- and Secure exactly under https."""

from flask import Response, current_app, request

DAY_SECONDS = 24 * 3600


def full_name(name: str) -> str:
    """The cookie's name as the browser knows it."""
    return f"__Host-vssid-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else f"vssid-{name}"


def get(name: str) -> str | None:
    """The cookie's value, or None; absurdly long values count as none."""
    value = request.cookies.get(full_name(name))
    return value if value and len(value) <= 1000 else None


def put(response: Response, name: str, value: str, days: int) -> None:
    """Keep `value` for `days`, out of reach of scripts and of other sites."""
    response.set_cookie(
        full_name(name),
        value,
        max_age=days * DAY_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def drop(response: Response, name: str) -> None:
    """Forget it."""
    response.delete_cookie(
        full_name(name), path="/", httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )


def drop_all(response: Response) -> None:
    """Forget every long-lived one that this browser showed, whichever room put it there."""
    start = full_name("")
    for name in request.cookies:
        if name.startswith(start):
            drop(response, name.removeprefix(start))
