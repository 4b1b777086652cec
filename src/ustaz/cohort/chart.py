"""Counts as a picture in a notebook: stacked bars in SVG, without another library.

A picture that needs nothing outside stands in an exported notebook as it does in JupyterLab. It
takes its colours from the page around it, so that it is read in a dark theme too, and each part
carries its number, so that none is told by its colour alone.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

LABELS: Final = 190
LENGTH: Final = 440
ROW: Final = 30
BAR: Final = 20
LEGEND: Final = 22
#: Colours that are told apart by lightness as well, and hold black letters (Okabe and Ito, 2008).
COLOURS: Final = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#bbbbbb")


@dataclass(frozen=True)
class Bars:
    """Rows of counts as stacked bars; the last expression of a cell shows it.

    Attributes
    ----------
    rows : tuple of str
    parts : tuple of str
        What the parts of each bar are.
    counts : tuple of tuple of int
        One a row, in the order of the parts.
    """

    rows: tuple[str, ...]
    parts: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __repr__(self) -> str:
        """Return the numbers as lines."""
        lines = [
            f"{row}: " + ", ".join(f"{part} {count}" for part, count in self._some(counts))
            for row, counts in zip(self.rows, self.counts, strict=True)
        ]
        return "\n".join(lines) or "-"

    def _some(self, counts: tuple[int, ...]) -> list[tuple[str, int]]:
        return [(part, n) for part, n in zip(self.parts, counts, strict=True) if n]

    def _repr_html_(self) -> str:
        """Return the picture."""
        most = max((sum(counts) for counts in self.counts), default=0) or 1
        legend = LEGEND * len(self.parts) if len(self.parts) > 1 else 0
        height = ROW * len(self.rows) + legend + 8
        drawn = [
            *(self._row(at, most) for at in range(len(self.rows))),
            *(self._legend(at) for at in range(len(self.parts)) if legend),
        ]
        size = f'width="{LABELS + LENGTH + 30}" height="{height}"'
        # Numbers again in words, for whoever hears the page.
        spoken = html.escape(repr(self).replace("\n", "; "), quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{spoken}" {size} '
            'style="max-width:100%;color:var(--jp-content-font-color1,currentColor)" '
            f'font-family="system-ui, sans-serif" font-size="13">{"".join(drawn)}</svg>'
        )

    def _row(self, at: int, most: int) -> str:
        top = at * ROW + 4
        name = self.rows[at]
        short = html.escape(name if len(name) <= 26 else f"{name[:25]}…")
        label = (
            f'<text x="{LABELS - 8}" y="{top + 15}" text-anchor="end" fill="currentColor">'
            f"<title>{html.escape(name)}</title>{short}</text>"
        )
        drawn = [label]
        left = float(LABELS)
        for part, count in enumerate(self.counts[at]):
            if not count:
                continue
            width = count / most * LENGTH
            label = html.escape(f"{self.parts[part]}: {count}")
            drawn.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" '
                f'fill="{_colour(part)}" stroke="currentColor" stroke-width=".5">'
                f"<title>{label}</title></rect>"
                f'<text x="{left + width / 2:.1f}" y="{top + 15}" text-anchor="middle" '
                f'fill="#000">{count}</text>'
            )
            left += width
        return "".join(drawn)

    def _legend(self, at: int) -> str:
        top = ROW * len(self.rows) + LEGEND * at + 6
        return (
            f'<rect x="{LABELS}" y="{top}" width="14" height="14" fill="{_colour(at)}" '
            'stroke="currentColor" stroke-width=".5"/>'
            f'<text x="{LABELS + 22}" y="{top + 12}" fill="currentColor">'
            f"{html.escape(self.parts[at] or '–')}</text>"
        )


def _colour(at: int) -> str:
    return COLOURS[at % len(COLOURS)]


def bars(counts: pd.DataFrame | pd.Series) -> Bars:
    """Draw counts: of a frame a bar a row with a part a column, of a series a bar a value.

    Parameters
    ----------
    counts : DataFrame or Series of whole numbers
        As :meth:`Cohort.counts` or ``Series.value_counts()`` gives them; missing counts as none.

    Raises
    ------
    TypeError
        If they are no counts.

    Examples
    --------
    >>> from ustaz.cohort import bars
    >>> bars(plan.table("steps").status.value_counts())  # doctest: +SKIP
    """
    import pandas as pd
    from pandas.api.types import is_numeric_dtype

    frame = counts.to_frame() if isinstance(counts, pd.Series) else counts
    if not isinstance(frame, pd.DataFrame) or not all(map(is_numeric_dtype, frame.dtypes)):
        raise TypeError(
            "bars: expected counts, such as table.status.value_counts() or cohort.counts(…)"
        )
    rows = tuple(_name(row) for row in frame.index)
    parts = tuple(_name(column) for column in frame.columns)
    numbers = frame.fillna(0).astype("int64").to_numpy()
    return Bars(rows, parts, tuple(tuple(max(0, int(n)) for n in row) for row in numbers))


def _name(key: object) -> str:
    return " · ".join(map(str, key)) if isinstance(key, tuple) else str(key)
