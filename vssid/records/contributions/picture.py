"""The timeline as a picture: a row a year, a cell a month; years that are alike from end to end share a row. Pure.

Lengths are units of the picture's own, of which a telephone of 360 px shows about one a pixel.
"""

from dataclasses import dataclass

from vssid.records.contributions.rules import Month, Span, State, Tally

WIDTH = 328
TOP = 18  # below the numbers of the months
_LEFT, _PITCH = 76, 21  # cells begin right of the years
_CELL_WIDTH, _CELL_HEIGHT = 18, 15
_ALIKE = (State.PAID, State.GAP)


@dataclass(frozen=True)
class Line:
    """One row: its years, where the text stands, and for years put together their number and state."""

    label: str
    y: int
    years: int
    state: State | None = None

    @property
    def middle(self) -> int:
        """The middle of the bar across, for its text."""
        return _LEFT + (12 * _PITCH) // 2


@dataclass(frozen=True)
class Picture:
    """Newest year first. `cells` are SVG paths by state; `months` the numbers above with their places.

    `older` is how many lines were left out at the end.
    """

    lines: list[Line]
    cells: dict[State, str]
    older: int = 0

    @property
    def width(self) -> int:
        """The width of the whole."""
        return WIDTH

    @property
    def height(self) -> int:
        """The height of the whole."""
        return TOP + len(self.lines) * _PITCH

    @property
    def months(self) -> list[tuple[int, int]]:
        """1 to 12 with the middle of each column."""
        return [(number, _LEFT + (number - 1) * _PITCH + _CELL_WIDTH // 2) for number in range(1, 13)]


def draw(found: Tally, most: int | None = None) -> Picture | None:
    """The picture of one fund's months, at most so many lines; None where there are none."""
    if found.whole is None:
        return None
    first, last = found.whole
    lines: list[Line] = []
    paths: dict[State, list[str]] = {state: [] for state in State}
    groups = _groups(found, found.whole)
    for oldest, newest, state in groups[:most]:
        y = TOP + len(lines) * _PITCH
        label = str(newest) if oldest == newest else f"{oldest}–{newest}"
        lines.append(Line(label, y + 12, newest - oldest + 1, state))
        if state is not None:
            paths[state].append(_box(_LEFT, y, 11 * _PITCH + _CELL_WIDTH))
            continue
        end = f" {y}{_CELL}"
        for month in range(max(first, newest * 12), min(last, newest * 12 + 11) + 1):
            paths[found.state(month)].append(_COLUMNS[month % 12] + end)
    cells = {state: "".join(boxes) for state, boxes in paths.items() if boxes}
    return Picture(lines, cells, len(groups) - len(lines))


_COLUMNS = [f"M{_LEFT + number * _PITCH}" for number in range(12)]
_CELL = f"h{_CELL_WIDTH}v{_CELL_HEIGHT}h-{_CELL_WIDTH}z"


def _box(x: int, y: int, width: int) -> str:
    return f"M{x} {y}h{width}v{_CELL_HEIGHT}h-{width}z"


def _groups(found: Tally, whole: Span) -> list[tuple[int, int, State | None]]:
    """(oldest, newest, state) of each row, newest first; the state only where more than one year is put together."""
    groups: list[tuple[int, int, State | None]] = []
    for year in range(whole.last // 12, whole.first // 12 - 1, -1):
        state = _state_of(found, whole, year * 12)
        if groups and state is not None and groups[-1][2] is state:
            groups[-1] = (year, groups[-1][1], state)
        else:
            groups.append((year, year, state))
    return [(oldest, newest, state if oldest < newest else None) for oldest, newest, state in groups]


def _state_of(found: Tally, whole: Span, january: Month) -> State | None:
    """The state of a year all of whose months are paid, or all of them missing; None for any other year."""
    if january < whole.first or january + 11 > whole.last:
        return None
    states = {found.state(month) for month in range(january, january + 12)}
    [state, *others] = states
    return state if not others and state in _ALIKE else None
