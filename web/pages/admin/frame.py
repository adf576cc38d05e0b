"""What the pages for administrators share: who may see them, and the tabs above them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from domain.words import Role
from web.context import WebContext
from web.pages.frame import Way, page, speaking
from web.signin.viewer import Viewer, viewing

Administrator = Annotated[Viewer, Depends(viewing(Role.ADMINISTRATOR))]

HOME = "/admin"
TABS = ("overview", "users", "tokens", "webhooks", "letters", "calendar", "city")


def admin_page(
    request: Request,
    context: WebContext,
    template: str,
    viewer: Viewer,
    *,
    area: str = "admin",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page whose template extends `admin/frame.html`."""
    tabs = tabs_of(request, context, viewer)
    return page(
        request, context, template, area=area, viewer=viewer, status=status, headers=headers, tabs=tabs, **values
    )


def tabs_of(request: Request, context: WebContext, viewer: Viewer) -> list[Way]:
    say = speaking(request, context, viewer).say
    path = request.url.path
    return [
        Way(href, say(f"tab_{tab}", "admin"), path == href or (href != HOME and path.startswith(f"{href}/")))
        for tab in TABS
        for href in (HOME if tab == "overview" else f"{HOME}/{tab}",)
    ]
