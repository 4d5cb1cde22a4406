"""The archive: du-lieu.json with everything, tom-tat.pdf to read, the files that still exist, README.txt that says so."""

import io
import json
import zipfile
from typing import Any

from sqlalchemy.orm import Session

from vssid import records
from vssid.kernel.clock import VIETNAM
from vssid.kernel.crypto import Unreadable
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Label
from vssid.kernel.workshop import PDF, Workshop
from vssid.privacy.export import readable
from vssid.privacy.export.holdings import HOLDINGS, Nothing
from vssid.privacy.export.reading import Copy, Section
from vssid.privacy.export.words import WORDS
from vssid.records import IdKind
from vssid.web import pages
from vssid.web.i18n import say_in

FORMAT = 1
SECONDS = 120
# Lines of a section in the PDF; all are in du-lieu.json.
SHOWN_ROWS = 15
LARGEST_FILES = 60 * 1024**2

_README = (
    N_("Dữ liệu cá nhân của %(name)s, lập lúc %(when)s (giờ Việt Nam)."),
    N_("tom-tat.pdf: bản tóm tắt để đọc và in."),
    N_("du-lieu.json: tất cả những gì hệ thống giữ về bạn, cho máy đọc (UTF-8; ngày theo ISO 8601, giờ UTC)."),
    N_("tep/: ảnh và tệp của bạn còn được giữ; tên tệp được nêu trong du-lieu.json."),
    N_(
        "Trong du-lieu.json, mỗi mục có: tieu_de (tên mục), chu_giai (nghĩa của từng khoá), khong_gui (khoá không đưa ra và lý do), dong (các dòng). Khoá không có chú giải là tên kỹ thuật."
    ),
    N_("Của người khác chỉ có họ tên; của cán bộ chỉ có họ tên và mã cán bộ, không có số điện thoại hay email."),
    N_(
        "Không có trong bản này: mật khẩu, mã, khoá và dấu vết của chúng; nội dung tin nhắn (bị xoá ngay khi gửi xong); bản nháp chưa gửi."
    ),
    N_("Tệp này không được mã hoá sau khi tải về. Hãy giữ như giữ giấy tờ tuỳ thân, và xoá khi không cần nữa."),
)


def archive(db: Session, store: FileStore, copy: Copy, language: str) -> bytes:
    """The zip. `language` is that of README.txt; the summary is Vietnamese. Reads files within `db`."""
    workshop = Workshop()
    try:
        pdf: bytes = workshop.run_named(SECONDS, PDF, summary_html(copy))
    finally:
        workshop.close()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("README.txt", readme(copy, language))
        missing = _write_files(db, store, copy, zipped)
        zipped.writestr("du-lieu.json", json.dumps(document(db, copy, missing), ensure_ascii=False, indent=1))
        zipped.writestr("tom-tat.pdf", pdf)
    return out.getvalue()


def _write_files(db: Session, store: FileStore, copy: Copy, zipped: zipfile.ZipFile) -> list[str]:
    """The files; names of those that cannot be read any more or are too much for one archive."""
    missing, room = [], LARGEST_FILES
    for id, name in copy.files.items():
        row = db.get_one(StoredFile, id)
        try:
            if row.size > room:
                raise Unreadable("too much for one archive")
            zipped.writestr(name, store.read(row), zipfile.ZIP_STORED)
            room -= row.size
        except Unreadable:
            missing.append(name)
    return missing


def readme(copy: Copy, language: str) -> str:
    """What is what, in the reader's language."""
    when = copy.at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    lines = [say_in(language, Label(str(one), name=copy.person.full_name, when=when)) for one in _README]
    return "\r\n\r\n".join(lines) + "\r\n"


def document(db: Session, copy: Copy, missing: list[str]) -> dict[str, Any]:
    """What du-lieu.json says. Keys are stable within one `phien_ban`."""
    numbers = records.identifiers(db, copy.person.id)
    return {
        "phien_ban": FORMAT,
        "lap_luc": copy.at.isoformat(),
        "nguoi": {"ho_ten": copy.person.full_name, "ma_so_bhxh": numbers.get(IdKind.MA_SO_BHXH, "")},
        "muc": {section.key: _section(section) for section in copy.sections},
        "tep_khong_doc_duoc": missing,
        "khong_gom": {name: entry.because for name, entry in HOLDINGS.items() if isinstance(entry, Nothing)},
    }


def _section(section: Section) -> dict[str, Any]:
    keys = section.rows[0] if section.rows else ()
    return {
        "tieu_de": str(section.held.title),
        "chu_giai": {key: str(WORDS[key]) for key in keys if key in WORDS},
        "khong_gui": {key: str(why.label) for key, why in section.held.withheld.items()},
        "bi_cat": section.cut,
        "dong": section.rows,
    }


def summary_html(copy: Copy) -> str:
    """The summary as one self-contained document, in Vietnamese."""
    sections = [
        {
            "title": str(section.held.title),
            "count": len(section.rows),
            "rows": [lines for row in section.rows[:SHOWN_ROWS] if (lines := readable.lines(row))],
        }
        for section in copy.sections
        if section.rows
    ]
    when = copy.at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    return pages.paper("privacy/summary.html", name=copy.person.full_name, when=when, sections=sections)
