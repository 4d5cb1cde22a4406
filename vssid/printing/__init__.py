"""In thẻ theo lô: the paper cards of a whole school or ward, wanted by one supervisor, agreed to by a second. Door."""

from datetime import timedelta

from vssid.printing import making
from vssid.printing.desk import init_app

JOBS = (("printing.drop_old", timedelta(minutes=10), making.drop_old),)

# Heavy work that waits in a table and is leased: see `work.register_maker`.
MAKERS = (("printing.make", making.make_next),)

__all__ = ["JOBS", "MAKERS", "init_app"]
