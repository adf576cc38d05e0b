"""The profile of a neighbourhood as the API answers it."""

from collections.abc import Iterable
from dataclasses import asdict

from domain.measures import Measure
from domain.profile import Finding
from readmodel.leadership import Part
from readmodel.ledger import Balance
from readmodel.profile import Department, Month, Pace, Theme
from readmodel.structural.hot_spots import HotSpot
from web.profile_shapes import (
    Days,
    DepartmentShown,
    FiguresShown,
    FindingShown,
    HotSpotOutline,
    LongestOpen,
    MoneyShown,
    MonthShown,
    OpenShown,
    PaceShown,
    ProfileShown,
    ProjectOutline,
    RecurringShown,
    ReportersShown,
    ThemeShown,
)
from web.profiles import ProfileRead


def profile_shown(read: ProfileRead) -> ProfileShown:
    figures, here = read.figures, read.here
    return ProfileShown(
        neighbourhood=here.id,
        name=here.name,
        tier=here.tier,
        days=Days(start=figures.days[0], end=figures.days[1]),
        past=Days(start=figures.past[0], end=figures.past[1]),
        past_known=figures.past_known,
        peers=tuple(read.peers.ids),
        peers_alike=read.peers.alike,
        standing_out=tuple(map(_finding, read.findings)),
        open_now=_open(read),
        figures=_figures(figures.now),
        figures_before=_figures(figures.before),
        figures_of_peers=_figures(figures.peers),
        months=_months(figures.months),
        months_before=_months(figures.past_months),
        themes=tuple(map(_theme, figures.themes)),
        departments=tuple(map(_department, figures.departments)),
        recurring=tuple(RecurringShown(**asdict(one)) for one in figures.recurring),
        hot_spots=tuple(map(_hot_spot, read.hot_spots)),
        reporters=ReportersShown(people=read.reporters.people, returning=read.reporters.returning),
        budget=_money(read.money),
        projects=tuple(ProjectOutline(**asdict(one) | {"title": one.title or None}) for one in read.projects),
    )


def _finding(found: Finding) -> FindingShown:
    return FindingShown(
        about=found.sort,
        subject=found.subject,
        against=found.against,
        here=found.here,
        there=found.there,
        mood=found.mood,
    )


def _open(read: ProfileRead) -> OpenShown:
    stands, longest = read.stands, read.longest_open
    told = None
    if longest is not None:
        opened = longest.opened_at.astimezone(read.at.tzinfo)
        told = LongestOpen(case_id=longest.case_id, number=longest.number, opened_at=opened)
    return OpenShown(
        open=stands.open, overdue=stands.overdue, escalations=stands.stuck, to_place=stands.to_place, longest=told
    )


def _figures(part: Part) -> FiguresShown:
    return FiguresShown(
        **asdict(part.figures),
        response_rate=part.response_rate,
        responses=part.count(Measure.RESPONDED).judged,
        resolutions=part.count(Measure.RESOLVED).judged,
        judged=part.count(Measure.CLOSED).judged,
        ratings=part.count(Measure.FEEDBACK).valued,
    )


def _months(months: Iterable[Month]) -> tuple[MonthShown, ...]:
    return tuple(
        MonthShown(first_day=month.first, opened=month.opened, open_at_end=month.open_at_end) for month in months
    )


def _theme(theme: Theme) -> ThemeShown:
    return ThemeShown(
        theme=theme.id,
        opened=theme.now,
        opened_before=theme.before,
        peers_opened=theme.peers_now,
        peers_opened_before=theme.peers_before,
        months=_months(theme.months),
        months_before=_months(theme.past_months),
    )


def _department(one: Department) -> DepartmentShown:
    return DepartmentShown(department=one.id, open=one.open, here=_pace(one.here), elsewhere=_pace(one.elsewhere))


def _pace(pace: Pace) -> PaceShown:
    return PaceShown(
        median_hours_to_respond=pace.median_hours,
        responded_in_time=pace.in_time.value,
        responses=pace.in_time.of,
    )


def _money(money: Balance) -> MoneyShown:
    return MoneyShown(budget=money.budget, reserved=money.reserved, spent=money.spent, free=money.free)


def _hot_spot(one: HotSpot) -> HotSpotOutline:
    found = one.found
    return HotSpotOutline(
        theme=found.theme,
        lat=found.lat,
        lon=found.lon,
        radius=found.radius,
        first_day=found.first_day,
        last_day=found.last_day,
        reports=len(found.cases),
        state=one.state,
    )
