"""Whether a declaration may be signed digitally instead of on paper."""

from flask import current_app

from vssid import signing
from vssid.kernel.clock import today
from vssid.kernel.labels import Refused
from vssid.registration.models import Declaration
from vssid.registration.rules import Status, check_paper


def offered(declaration: Declaration) -> bool:
    """It waits for its paper, and the operator trusts an authority whose signatures count."""
    try:
        check_paper(Status(declaration.status), declaration.paper_at is not None, declaration.lapses_on, today())
    except Refused:
        return False
    return signing.offered(current_app.config["SETTINGS"].data_dir)
