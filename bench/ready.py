"""How long it takes from the start of the server to its first “ready”."""

from collections.abc import Callable

from bench.ground import SERVE, empty_ground, serving, specimen_ground
from bench.report import Row, Series, at_most

PART = "ready"
MOST_SECONDS = 5.0


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    prepared, empty = [], []
    with specimen_ground() as ground:
        for turn in range(1 if quick else 5):
            say(f"ready: prepared data, start {turn + 1}")
            with serving(SERVE, ground) as running:
                prepared.append(running.ready_after)
    for turn in range(1 if quick else 3):
        say(f"ready: empty data, start {turn + 1}")
        with empty_ground() as ground, serving([*SERVE, "--prepare"], ground) as running:
            empty.append(running.ready_after)
    known, first = Series(prepared), Series(empty)
    return [
        at_most(PART, "prepared data: start to `/readyz` 200", known.median, MOST_SECONDS, "s", noisy=known.noisy),
        Row(PART, "… the slowest of them", f"{max(prepared):.2f} s"),
        Row(
            PART,
            "empty data, as `make run` starts: tables, 500 specimens, ready",
            f"{first.median:.2f} s",
            noisy=first.noisy,
        ),
    ]
