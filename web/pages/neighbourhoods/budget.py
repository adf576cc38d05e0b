"""`/neighbourhoods/{neighbourhood}/budget`: what there is for residents' own actions, and where it went."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from domain.city import Neighbourhood
from readmodel.budget_lines import Line, lines_of
from readmodel.database import reading
from readmodel.ledger import Balance, balance, years_of
from readmodel.offers import not_taken_up
from web.context import Context, WebContext
from web.csv_answer import csv_answer
from web.pages.frame import speaking
from web.pages.neighbourhoods.frame import BUDGETING, HOME, Reached, neighbourhood_page
from web.problems import not_found
from web.sight import sees_texts
from web.signin.viewer import Viewer, viewing

router = APIRouter(include_in_schema=False)

ADDRESS = f"{HOME}/{{neighbourhood}}/budget"
HEADS = ("year", "case", "service", "state", "amount", "spent", "reserved_at", "settled_at")
Reader = Annotated[Viewer, Depends(viewing(*BUDGETING))]


@dataclass(frozen=True, slots=True)
class Year:
    """A year's budget; `offered` and what is free are known of the year that runs only."""

    year: int
    running: bool
    stands: Balance
    offered: int
    lines: tuple[Line, ...]


@router.get(ADDRESS)
def budget(request: Request, context: Context, viewer: Reader, here: Reached) -> Response:
    """This year, or another in which something happened."""
    reader = speaking(request, context, viewer)
    this_year = context.local(context.now()).year
    wanted = request.query_params.get("year", str(this_year))
    years = _years(context, here)
    if wanted not in {str(year) for year in years}:
        raise not_found("Nothing is known of that year.")
    return neighbourhood_page(
        request,
        context,
        "neighbourhoods/budget.html",
        viewer,
        here,
        area="budget",
        year=_year(context, here, int(wanted)),
        years=years,
        service=lambda code: reader.of(context.city.services[code].name) if code in context.city.services else code,
        texts=sees_texts(viewer.actor),
    )


@router.get(f"{ADDRESS}.csv")
def budget_csv(context: Context, viewer: Reader, here: Reached) -> Response:
    """Every year, a line for each adoption; amounts in euro."""
    rows = [
        (
            year,
            line.number,
            line.service,
            line.state.value,
            line.amount / 100,
            line.spent / 100 if line.spent is not None else None,
            context.local(line.reserved_at).isoformat(),
            context.local(line.settled_at).isoformat() if line.settled_at is not None else None,
        )
        for year in _years(context, here)
        for line in _year(context, here, year).lines
    ]
    return csv_answer(f"budget-{here.id}", HEADS, rows)


def _years(context: WebContext, here: Neighbourhood) -> list[int]:
    """The latest first."""
    with reading(context.database) as session:
        return sorted({*years_of(session, here.id), context.local(context.now()).year}, reverse=True)


def _year(context: WebContext, here: Neighbourhood, year: int) -> Year:
    """Of a year that is over, the budget is what the city's files said then."""
    running = year == context.local(context.now()).year
    with reading(context.database) as session:
        then = years_of(session, here.id).get(year, 0)
        stands = balance(session, here.id, year, here.budget * 100 if running else then)
        offered = not_taken_up(session, here.id) if running else 0
        return Year(year, running, stands, offered, lines_of(session, here.id, year))
