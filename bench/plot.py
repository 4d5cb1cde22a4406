"""The bounds of a run as one picture: how much of each is used up, part by part."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from bench.report import Row

WIDTH, LEFT, LINE, TOP = 900, 430, 18, 40
FULL = 300  # pixels of a bound that is used up to its last bit
MOST = 1.5  # a bar ends there, however far it would go
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1b2530 }
.part { font-weight: 600 }
.bar { fill: #2b7a4b } .missed { fill: #c0392b } .bound { stroke: #1b2530; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #57b97f } .missed { fill: #ff8b7b } .bound { stroke: #e6edf3 }
}
"""


def svg(rows: Sequence[Row], title: str) -> str:
    """A bar for each row with a bound; those that end left of the dashed line keep it."""
    bounded = [row for row in rows if row.used is not None]
    lines: list[str] = []
    y = TOP
    for part, group in groupby(bounded, key=lambda row: row.part):
        y += LINE
        lines.append(f'<text class="part" x="8" y="{y}">{escape(part)}</text>')
        for row in group:
            y += LINE
            lines.append(_bar(row, y))
    height = y + LINE
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>', f"<style>{STYLE}</style>",
        f'<text x="8" y="20">{escape(title)}</text>',
        f'<text x="{LEFT + FULL}" y="{TOP}" text-anchor="middle">the bound</text>',
        f'<line class="bound" x1="{LEFT + FULL}" x2="{LEFT + FULL}" y1="{TOP + 6}" y2="{height - LINE // 2}"/>',
        *lines, "</svg>", "",
    ])  # fmt: skip


def _bar(row: Row, y: int) -> str:
    used = row.used or 0.0
    kind = "bar" if row.met else "bar missed"
    length = round(min(used, MOST) * FULL)
    what = row.what.replace("`", "")
    label = escape(what if len(what) <= 66 else f"{what[:65]}…")
    figure = escape(f"{row.figure} ({row.bound}){' ~' if row.noisy else ''}")
    return (
        f'<text x="20" y="{y}">{label}</text><rect class="{kind}" x="{LEFT}" y="{y - 10}" width="{length}" height="11"/>'
        f'<text x="{8 + (LEFT + length if used < 0.4 else LEFT + max(length, FULL))}" y="{y}">{figure}</text>'
    )
