"""All pages there are, with the addresses under which they are found."""

from collections.abc import Iterator

from fastapi import APIRouter

from configuration.settings import Settings
from web.pages import kept_views as views
from web.pages import live, photos
from web.pages.access import account, demonstration, sign_in
from web.pages.acting import given
from web.pages.admin import calendar, city, letters, overview, tokens, users, webhooks
from web.pages.board import page as board
from web.pages.board import together
from web.pages.cases import case_page, listing
from web.pages.leadership import limit_routes as limits
from web.pages.leadership import routes as leadership
from web.pages.neighbourhoods import budget, meeting, profile, team
from web.pages.neighbourhoods import listing as neighbourhoods
from web.pages.partner import links, task
from web.pages.projects import documents, refer
from web.pages.projects import listing as projects
from web.pages.resident import find, follow, home, offers, report, silence, support, take_part
from web.pages.structural import hot_spots
from web.pages.structural import overview as structural
from web.pages.work import bulk, inbox, inspections

RESIDENTS = (home, report, find, follow, offers, support, silence, take_part)
STAFF = (inbox, bulk, inspections, listing, case_page, given, board, together, leadership, limits, views, photos, live)
NEIGHBOURHOODS = (neighbourhoods, profile, hot_spots, structural, team, meeting, budget)
PROJECTS = (projects, refer, documents)
PARTNERS = (task, links)
ADMINISTRATION = (overview, users, tokens, webhooks, calendar, city, letters)
ACCESS = (sign_in, account, demonstration)


def page_routers(settings: Settings) -> Iterator[APIRouter]:
    """Single sign-on is there only where a provider is set; what it needs is loaded only then."""
    for module in (*RESIDENTS, *STAFF, *NEIGHBOURHOODS, *PROJECTS, *PARTNERS, *ADMINISTRATION, *ACCESS):
        yield module.router
    if settings.oidc:
        from web.pages.access import oidc

        yield oidc.router
