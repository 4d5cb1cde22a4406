"""/tra-cuu/du-lieu: the public lists as files. They come from the disk, also while the database is away."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for

from vssid.directory import open_data
from vssid.directory.open_data import BY_SLUG, DATASETS, FORMATS, Dataset, Version
from vssid.kernel.labels import N_
from vssid.web import errors, pages
from vssid.web.guards import public
from vssid.web.published import published

bp = Blueprint("open_data", __name__, url_prefix="/tra-cuu/du-lieu")
CHUNK = 64 * 1024
SLUGS = ", ".join(f"'{dataset.slug}'" for dataset in DATASETS)
_FORMATS = ", ".join(f"'{form}'" for form in FORMATS)


@bp.get("")
@published
@public
def index() -> Response:
    """What there is, how it may be used, and each version with its day."""
    lists = [(dataset, _versions(dataset)) for dataset in DATASETS]
    return pages.page("lookups/open_data.html", lists=lists, forms=list(FORMATS), active="tra-cuu")


@bp.get(f"/<any({SLUGS}):slug>.<any({_FORMATS}):form>")
@public
def newest(slug: str, form: str) -> Response:
    """The list as it is now."""
    found = _versions(BY_SLUG[slug])
    if not found:
        return errors.error_page(404, text=N_("Danh mục này chưa có dữ liệu."))
    return _file(slug, found[0], form, "public, max-age=3600, stale-while-revalidate=86400")


@bp.get(f"/<any({SLUGS}):slug>/<stamp>.<any({_FORMATS}):form>")
@public
def version(slug: str, stamp: str, form: str) -> Response:
    """The list as it was; such a file never changes."""
    found = next((one for one in _versions(BY_SLUG[slug]) if one.stamp == stamp), None) or abort(404)
    return _file(slug, found, form, "public, max-age=31536000, immutable")


def _versions(dataset: Dataset) -> list[Version]:
    return open_data.versions(open_data.folder_of(current_app, dataset))


def _file(slug: str, found: Version, form: str, cache: str) -> Response:
    path = found.files[form]
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(_bytes(path, packed=packed), mimetype=FORMATS[form], direct_passthrough=True)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{found.changed_at:%Y-%m-%d}.{form}"'
    response.headers["Link"] = (
        f'<{url_for("open_data.version", slug=slug, stamp=found.stamp, form=form)}>; rel="canonical"'
    )
    response.last_modified = found.changed_at
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.content_length = path.stat().st_size
    response.set_etag(f"{found.stamp}-{form}{'-gzip' if packed else ''}")
    return response.make_conditional(request)  # type: ignore[return-value]


def _bytes(path: Path, *, packed: bool) -> Iterator[bytes]:
    with path.open("rb") if packed else gzip.open(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk
