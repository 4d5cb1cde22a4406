"""Files that come with a letter: bounded, opened and made anew in the workshop, so that nothing foreign is kept or shown.

A photo becomes a JPEG without metadata; a PDF is rebuilt of its pages alone: no script, no embedded files, no letterhead
of another format around it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import FileStorage

from vssid.kernel import images
from vssid.kernel.images import Photo, Trouble
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import has_control_characters, one_line
from vssid.kernel.workshop import REBUILT, Workshop
from vssid.support.feedback.rules import LARGEST_ALL, LARGEST_FILE, MOST_FILES

SECONDS = 20
PDF_SIGNATURE = b"%PDF-"
FIELD = "files"
TOO_MANY_FILES = N_("Chỉ kèm được tối đa %(most)s tệp. Hãy chọn lại.", most=MOST_FILES)
TOO_LARGE = N_("Tệp “%(name)s” lớn hơn 8 MB. Hãy chọn lại các tệp, bỏ tệp này hoặc chọn tệp nhỏ hơn.")
ALL_TOO_LARGE = N_("Các tệp cộng lại lớn hơn 20 MB. Hãy chọn lại ít tệp hơn.")
EMPTY = N_("Tệp “%(name)s” trống. Hãy chọn lại các tệp.")
NOT_TAKEN = N_("Tệp “%(name)s” không phải ảnh JPEG, PNG, WebP, HEIC hoặc PDF. Hãy chọn lại các tệp.")
DAMAGED = N_("Không mở được tệp “%(name)s”: tệp hỏng, có mật khẩu hoặc quá lớn. Hãy chọn lại các tệp.")
TOO_SMALL = N_("Ảnh “%(name)s” quá nhỏ, không đọc được. Hãy chọn lại các tệp.")
NAMELESS = "tep"


@dataclass(frozen=True)
class Attached:
    """One file as it is kept: its cleaned `body`, and of what arrived the `name`, the `size` in bytes and the SHA-256 in hex."""

    name: str
    size: int
    fingerprint: str
    body: bytes
    media_type: str


def taken(uploads: Sequence[FileStorage]) -> list[Attached]:
    """The files of a form, cleaned. Raises Refused naming the file, Busy; call it outside any transaction."""
    if len(uploads) > MOST_FILES:
        raise Refused(TOO_MANY_FILES, FIELD)
    read = [(_name(one.filename or ""), one.stream.read(LARGEST_FILE + 1)) for one in uploads]
    for name, data in read:
        if not data:
            raise _refused(EMPTY, name)
        if len(data) > LARGEST_FILE:
            raise _refused(TOO_LARGE, name)
    if sum(len(data) for _name_, data in read) > LARGEST_ALL:
        raise Refused(ALL_TOO_LARGE, FIELD)
    return [_cleaned(name, data) for name, data in read]


def _refused(words: Label, name: str) -> Refused:
    return Refused(Label(str(words), name=name), FIELD)


def _name(given: str) -> str:
    """The last part of the name that the browser sent, as one line without what no keyboard makes."""
    line = one_line(given.replace("\\", "/").rpartition("/")[2])
    return line[-100:] if line and not has_control_characters(line) else NAMELESS


def _cleaned(name: str, data: bytes) -> Attached:
    workshop: Workshop = current_app.extensions["workshop"]
    fingerprint = hashlib.sha256(data).hexdigest()
    if data.startswith(PDF_SIGNATURE):
        rebuilt: bytes | None = workshop.run_named(SECONDS, REBUILT, data)
        if rebuilt is None or len(rebuilt) > LARGEST_FILE:
            raise _refused(DAMAGED, name)
        return Attached(name, len(data), fingerprint, rebuilt, "application/pdf")
    photo: Photo | Trouble = workshop.run(SECONDS, images.prepare, data)
    if isinstance(photo, Photo):
        return Attached(name, len(data), fingerprint, photo.jpeg, "image/jpeg")
    raise _refused({Trouble.NOT_A_PHOTO: NOT_TAKEN, Trouble.TOO_SMALL: TOO_SMALL}.get(photo, DAMAGED), name)
