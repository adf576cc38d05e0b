"""`/limits`: what holds follow-up back, by cause and group."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.limit_figures import add_up
from readmodel.database import reading
from readmodel.held import Narrowed, grouped, waited
from readmodel.tallies import GroupBy
from web.api.answers import problems, shown
from web.api.boards import Reviewing, days_asked
from web.context import Context
from web.sight import figures_scope
from web.times import start_of_day
from web.views import LimitItem, LimitsShown

router = APIRouter(tags=["follow-up"])


@router.get("/limits", summary="Limits", response_model=LimitsShown, responses=problems(401, 403, 422, 503))
def limits(
    context: Context,
    actor: Reviewing,
    start: Annotated[date | None, Query(alias="from", description="The first day; a year ago where absent")] = None,
    end: Annotated[date | None, Query(alias="to", description="The last day; today where absent")] = None,
    group_by: GroupBy = GroupBy.DEPARTMENT,
) -> Response:
    """What began or lasted from the first day to the last, both included, in the city's time zone.

    A head of department sees their own department, a neighbourhood manager their own neighbourhoods.
    """
    first, last = days_asked(context, start, end)
    since, until = start_of_day(first, context.zone), start_of_day(last + timedelta(days=1), context.zone)
    with reading(context.database) as session:
        groups = grouped(waited(session, since, until, Narrowed(figures_scope(actor))), group_by)

    def items() -> Iterator[LimitItem]:
        for group in sorted(groups):
            by_cause = add_up(groups[group], since, until, context.now())
            total = sum(figures.waiting_days for figures in by_cause.values())
            for cause in sorted(by_cause, key=lambda cause: (cause is None, cause)):
                figures = by_cause[cause]
                yield LimitItem(
                    group=group,
                    cause=cause,
                    declines=figures.declines,
                    pauses=figures.pauses,
                    escalations=figures.escalations,
                    cases=figures.cases,
                    waiting_days=round(figures.waiting_days, 4),
                    median_waiting_days=_rounded(figures.median_waiting_days),
                    share=_rounded(figures.waiting_days / total if total else None),
                )

    return shown(LimitsShown(items=tuple(items())))


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if value is not None else None
