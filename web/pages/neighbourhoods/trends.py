"""The small charts of a profile: each theme month by month, beside its own past; and what stays open."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.buckets import Bucket
from domain.comparing import Share
from readmodel.profile import Month, Theme
from web.charts.drawing import Drawing, Series, Size
from web.charts.multiples import against_past
from web.charts.over_time import lines
from web.pages.languages import Language
from web.pages.leadership.measured import Unit, full_label, label, written
from web.pages.neighbourhoods.sentences import AREA
from web.pages.neighbourhoods.tables import reported_link
from web.profiles import ProfileRead

MOST_CHARTS = 6


@dataclass(frozen=True, slots=True)
class Trend:
    """A theme as one of the small charts, with what it says in words."""

    name: str
    href: str
    number: str
    before: str
    share: str
    share_briefly: str
    drawing: Drawing


def trends(reader: Language, read: ProfileRead) -> list[Trend]:
    """The most frequent themes, all on the same scale."""
    shown = [theme for theme in read.figures.themes if theme.now][:MOST_CHARTS]
    known = read.figures.past_known
    numbers = [month.opened for theme in shown for month in (*theme.months, *(theme.past_months if known else ()))]
    return [_trend(reader, read, theme, max(numbers)) for theme in shown]


def open_course(reader: Language, read: ProfileRead, size: Size) -> Drawing:
    """What was open at the end of each month."""
    figures = read.figures
    labels = [label(reader, Bucket.MONTH, month.first, place) for place, month in enumerate(figures.months)]
    series = [_series(reader, "these_months", figures.months, "a")]
    if figures.past_known:
        series.append(_series(reader, "year_before", figures.past_months, "b"))
    title = reader.say("open_course", AREA)
    says = reader.say("open_course_says", AREA, number=figures.now.open_at_end)
    return lines(title, says, labels, series, size, reader.number)


def _series(reader: Language, name: str, months: Sequence[Month], look: str) -> Series:
    values = [month.open_at_end for month in months]
    return Series(reader.say(name, AREA), values, look, [reader.number(value) for value in values])


def _trend(reader: Language, read: ProfileRead, theme: Theme, most: int) -> Trend:
    figures = read.figures
    name = reader.named(theme.id, "themes")
    past = theme.past_months if figures.past_known else ()
    labels = [
        f"{full_label(reader, Bucket.MONTH, month.first)}: {reader.number(month.opened)}" for month in theme.months
    ]
    shorts = [label(reader, Bucket.MONTH, month.first, 0) for month in theme.months]
    shares = (
        Share(theme.now, figures.now.figures.opened).value,
        Share(theme.peers_now, figures.peers.figures.opened).value,
    )
    here, peers = (written(reader, Unit.SHARE, share) for share in shares)
    drawing = against_past(
        reader.say("trend_title", AREA, theme=name, number=reader.number(theme.now)),
        labels,
        [month.opened for month in theme.months],
        [month.opened for month in past],
        most,
        ends=(shorts[0], shorts[-1]),
    )
    return Trend(
        name,
        reported_link(read, theme),
        reader.say("trend_one" if theme.now == 1 else "trend_number", AREA, number=reader.number(theme.now)),
        reader.say("trend_before", AREA, number=reader.number(theme.before)) if figures.past_known else "",
        reader.say("trend_share", AREA, share=here, peers=peers),
        reader.say("trend_share_briefly", AREA, share=here, peers=peers),
        drawing,
    )
