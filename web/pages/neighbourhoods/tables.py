"""The tables of a profile: themes, the departments that answer, and what keeps coming back."""

from urllib.parse import urlencode

from domain.comparing import Share
from domain.words import ServiceCode
from readmodel.profile import Pace, Theme
from web.context import WebContext
from web.pages.languages import Language
from web.pages.leadership.measured import Unit, written
from web.pages.leadership.tables import Cell, Head, Table
from web.pages.neighbourhoods.sentences import AREA, department_named
from web.profiles import ProfileRead


def themes_table(reader: Language, read: ProfileRead) -> Table:
    """What was reported of each theme, a year before, and as a part of everything, here and among the peers."""
    figures, past = read.figures, read.figures.past_known
    heads = [_head(reader, "theme", number=False), _head(reader, "reported")]
    heads += [_head(reader, "reported_before")] if past else []
    heads += [_head(reader, "share"), _head(reader, "share_peers"), _head(reader, "open_now")]
    heads += [_head(reader, "open_before")] if past else []
    rows = []
    for theme in figures.themes:
        row = [
            Cell(theme.id, reader.named(theme.id, "themes")),
            _counted(reader, theme.now, reported_link(read, theme)),
        ]
        row += [_counted(reader, theme.before)] if past else []
        row += [
            _share(reader, Share(theme.now, figures.now.figures.opened)),
            _share(reader, Share(theme.peers_now, figures.peers.figures.opened)),
            _counted(reader, theme.months[-1].open_at_end, _link(read, theme=theme.id, open="true")),
        ]
        row += [_counted(reader, theme.past_months[-1].open_at_end)] if past else []
        rows.append(row)
    return Table("themes", reader.say("trends", AREA), heads, rows)


def departments_table(context: WebContext, reader: Language, read: ProfileRead) -> Table:
    heads = [_head(reader, "department", number=False), _head(reader, "open_now"), _head(reader, "answers")]
    heads += [_head(reader, name) for name in ("median", "median_elsewhere", "in_time", "in_time_elsewhere")]
    rows = [
        [
            Cell(one.id, department_named(context, reader, one.id)),
            _counted(reader, one.open, _link(read, department=one.id, open="true")),
            _counted(reader, one.here.in_time.of),
            _hours(reader, one.here),
            _hours(reader, one.elsewhere),
            _share(reader, one.here.in_time),
            _share(reader, one.elsewhere.in_time),
        ]
        for one in read.figures.departments
    ]
    return Table("departments", reader.say("departments", AREA), heads, rows)


def recurring_table(context: WebContext, reader: Language, read: ProfileRead) -> Table:
    heads = [_head(reader, "service", number=False), _head(reader, "reported"), _head(reader, "months")]
    heads.append(_head(reader, "reopened"))
    start, end = (day.isoformat() for day in read.figures.days)
    rows = []
    for one in read.figures.recurring:
        service = context.city.services.get(ServiceCode(one.service))
        name = reader.of(service.name) if service is not None else one.service
        rows.append(
            [
                Cell(one.service, name),
                _counted(reader, one.opened, _link(read, service=one.service, opened_from=start, opened_to=end)),
                _counted(reader, one.months),
                _counted(reader, one.reopened),
            ]
        )
    return Table("recurring", reader.say("recurring", AREA), heads, rows)


def reported_link(read: ProfileRead, theme: Theme) -> str:
    start, end = (day.isoformat() for day in read.figures.days)
    return _link(read, theme=theme.id, opened_from=start, opened_to=end)


def _link(read: ProfileRead, **wanted: str) -> str:
    return f"/cases?{urlencode({'neighbourhood': read.here.id, **wanted})}"


def _head(reader: Language, name: str, *, number: bool = True) -> Head:
    return Head(name, reader.say(name, "profile_heads"), number)


def _counted(reader: Language, number: int, href: str | None = None) -> Cell:
    return Cell(number, reader.number(number), href if number else None)


def _share(reader: Language, share: Share) -> Cell:
    return Cell(share.value, written(reader, Unit.SHARE, share.value))


def _hours(reader: Language, pace: Pace) -> Cell:
    return Cell(pace.median_hours, written(reader, Unit.HOURS, pace.median_hours))
