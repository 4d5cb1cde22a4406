"""The server with the one setting changed that the test of the order is about: SQLite does not wait for the disk."""

import sys
from typing import Any

from sqlalchemy import Engine, event

from vssid.kernel import db as ground
from vssid.serve import main

strict = ground.prepare


def relaxed(engine: Engine) -> None:
    """Prepare as always, then take the caution back on each new connection."""
    strict(engine)

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")


if __name__ == "__main__":
    ground.prepare = relaxed
    sys.exit(main(sys.argv[1:]))
