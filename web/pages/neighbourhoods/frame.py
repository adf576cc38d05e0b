"""What the pages of a neighbourhood share: who may read them, its name, and the tabs above them."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from domain.city import Neighbourhood
from domain.words import Role
from readmodel.database import reading
from web.context import Context, WebContext
from web.pages.frame import Way, page, speaking
from web.reach import reached
from web.signin.viewer import AnyStaff, Viewer
from web.team import on_team

HOME = "/neighbourhoods"


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of a neighbourhood."""

    name: str
    """Of its text, in the section `neighbourhood_tabs`."""
    path: str
    """What follows the address of the neighbourhood."""
    roles: frozenset[Role] | None = None
    """Whom it is for; None: whoever may read of the neighbourhood."""
    team: bool = False
    """Only for those who read what the neighbourhood's team does."""


BUDGETING = frozenset({Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP, Role.ADMINISTRATOR})
TABS: tuple[Tab, ...] = (
    Tab("profile", ""),
    Tab("hot_spots", "/hot-spots"),
    Tab("team", "/team", team=True),
    Tab("budget", "/budget", BUDGETING),
)


def _reached(neighbourhood: str, context: Context, viewer: AnyStaff) -> Neighbourhood:
    with reading(context.database) as session:
        return reached(session, context, viewer.actor, neighbourhood)


Reached = Annotated[Neighbourhood, Depends(_reached)]
"""The neighbourhood that `{neighbourhood}` in the address names; 404 also for one that is not the reader's to know."""


def neighbourhood_page(
    request: Request,
    context: WebContext,
    template: str,
    viewer: Viewer,
    here: Neighbourhood,
    *,
    area: str = "neighbourhoods",
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A page whose template extends `neighbourhoods/frame.html`."""
    tabs = tabs_of(request, context, viewer, here)
    return page(
        request, context, template, area=area, viewer=viewer, status=status, neighbourhood=here, tabs=tabs, **values
    )


def tabs_of(request: Request, context: WebContext, viewer: Viewer, here: Neighbourhood) -> list[Way]:
    """Those for the reader; none where there is nothing to choose."""
    say = speaking(request, context, viewer).say
    path, home = request.url.path, f"{HOME}/{here.id}"
    mine = [
        tab
        for tab in TABS
        if (tab.roles is None or viewer.role in tab.roles) and (not tab.team or on_team(viewer.actor, here))
    ]
    if len(mine) < 2:
        return []
    return [
        Way(
            f"{home}{tab.path}",
            say(tab.name, "neighbourhood_tabs"),
            path == f"{home}{tab.path}" or (tab.path != "" and path.startswith(f"{home}{tab.path}/")),
        )
        for tab in mine
    ]
