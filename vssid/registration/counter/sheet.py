"""The sheet that a person takes home: activation code, backup codes, what to do. Printed once, kept nowhere."""

from datetime import datetime

from vssid import accounts
from vssid.accounts import Purpose
from vssid.kernel.clock import day_of
from vssid.kernel.text import grouped
from vssid.registration.models import Declaration
from vssid.web import pages, qr
from vssid.web.i18n import texts


def sheet_html(declaration: Declaration, code: str, batch: accounts.backup.Batch, at: datetime, url: str) -> str:
    """The document in Vietnamese or, for readers of all other languages, English: the printer's letters end there."""
    until = day_of(at + accounts.CODE_RULES[Purpose.ACTIVATION_ON_PAPER].life)
    language = "vi" if declaration.language == "vi" else "en"
    return pages.paper(
        "registration/counter_sheet.html",
        **texts(language),
        language=language,
        name=declaration.full_name,
        ma_so=grouped(declaration.ma_so_bhxh, 2, 4),
        code=grouped(code, 5),
        backup=[grouped(one, 4, 4) for one in batch.codes],
        until=until.strftime("%d/%m/%Y"),
        url=url,
        qr_svg=qr.svg(f"{url}/kich-hoat", "QR"),
    )
