"""The key figures of a period, each beside that of the period before and with what it means."""

from dataclasses import dataclass

from web.pages.leadership.measured import SHOWN, Change, change, written
from web.pages.leadership.story import Told
from web.pages.leadership.tables import Cell, Head, Table

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("flow_group", ("opened", "closed", "open_at_end")),
    ("speed_group", ("median_days_to_close", "p90_days_to_close", "median_hours_to_respond")),
    ("promise_group", ("responded_in_time", "resolved_in_time", "solved_first_time")),
    ("voice_group", ("satisfaction", "feedback_count", "response_rate")),
    ("reporters_group", ("known_reports", "reporters", "returning_reporters", "returning_share")),
    ("trouble_group", ("escalations", "transfers", "bounced", "declined", "paused", "reopened")),
)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    name: str
    value: str
    change: Change
    means: str
    href: str | None
    """The cases behind it."""
    behind: str
    """What these cases are."""


def key_figures(told: Told) -> list[tuple[str, list[KeyFigure]]]:
    """By what they tell about."""
    period = told.asked.period
    found = {}
    for shown in SHOWN:
        value = shown.of(told.now.whole)
        href = None
        if shown.key == "open_at_end" and period.end >= told.today:
            href = told.asked.open_cases()
        elif shown.measure is not None and value is not None and (value or shown.failed):
            href = told.asked.cases(shown.measure, period.start, period.end, failed=shown.failed)
        found[shown.key] = KeyFigure(
            told.reader.say(shown.key, "leadership_names"),
            written(told.reader, shown.unit, value),
            change(shown, told.now.whole, told.before, told.reader),
            told.reader.say(shown.key, "leadership_means"),
            href,
            told.reader.say(shown.key, "leadership_behind") if href else "",
        )
    return [(told.say(title), [found[key] for key in keys]) for title, keys in GROUPS]


def key_table(told: Told) -> Table:
    """All of them, for CSV."""
    heads = [Head("figure", ""), Head("value", ""), Head("value_before", "")]
    rows = [
        [Cell(shown.key, ""), Cell(shown.of(told.now.whole), ""), Cell(shown.of(told.before), "")] for shown in SHOWN
    ]
    return Table("key_figures", told.say("key_figures"), heads, rows)
