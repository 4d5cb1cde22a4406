"""How much a request may bring: a photo or a form everywhere, a table only where tables are sent."""

from flask import Flask, request

LARGEST = 9 * 1024**2
# The largest file that a window takes, and its form around it.
LARGER = {"/can-bo/nhap-lieu": 21 * 1024**2, "/ho-tro/phan-anh/moi": 21 * 1024**2}
# The same for windows whose address holds an id: an article's film.
LARGER_BELOW = (("/can-bo/noi-dung/", "/video", 21 * 1024**2),)


def largest(path: str) -> int:
    """The bytes of a body that a request to `path` may have."""
    below = next((size for start, end, size in LARGER_BELOW if path.startswith(start) and path.endswith(end)), LARGEST)
    return LARGER.get(path, below)


def init_app(app: Flask) -> None:
    """Bound each body before anybody reads of it: to be called before whoever does."""
    app.before_request(_bound)


def _bound() -> None:
    request.max_content_length = largest(request.path)
