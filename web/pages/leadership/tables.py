"""The tables behind the charts: the same rows for the page and for its CSV."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from web.charts.drawing import Drawing
from web.csv_answer import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a program reads it, and as people do."""

    value: Value
    shown: str
    href: str | None = None
    bar: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Head:
    key: str
    """The name of the column in CSV; it never changes, whatever the reader's language."""
    text: str
    number: bool = True
    href: str | None = None
    """Where one goes to have the rows in the order of this column."""
    sorted: str | None = None
    """`ascending` or `descending`, where they are."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    csv: str = ""
    """Its address as CSV."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A question, its drawing for wide and for narrow screens, and its table."""

    id: str
    title: str
    lead: str
    """What it tells, in a sentence."""
    means: str
    """How its figures are counted."""
    wide: Drawing | None
    narrow: Drawing | None
    table: Table
    open: bool = False
    """The table is the chart: each row has its bar."""
    broad: bool = False
    """It takes the whole width."""
    unit: str = ""
    """What the numbers on the axis are."""
    shares: Sequence[tuple[str, str]] = field(default=())
    """Texts beside the legend's names."""
