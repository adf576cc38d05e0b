"""The web application: everything under one roof."""

import re
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import GZipMiddleware

from web import operations, problems
from web.api import (
    boards,
    cases,
    commands,
    documents,
    events,
    follow,
    limits,
    meetings,
    offers,
    openapi,
    profiles,
    projects,
    structural,
)
from web.api import photos as api_photos
from web.bodies import Limited, forms
from web.context import WebContext
from web.headers import Heads, SafeHeaders
from web.measuring import API, STREAM, Counted, Measured
from web.open311 import answers as open311
from web.open311 import media, posting, requests, services
from web.pages.frame import ask_to_choose, ask_to_sign_in, problem_page
from web.pages.routes import page_routers
from web.pages.templating import STATIC
from web.pictures import LARGEST_FORM
from web.problems import Problem
from web.rate import PASSWORDS_A_MINUTE, Rate
from web.signin.viewer import MustChoose, NotSignedIn, secure
from web.watching import Watch

if TYPE_CHECKING:
    from web.signin.provider import Provider

TAKING_PHOTOS = re.compile(
    r"/report|/(follow|cases)/[^/]+/[^/]+|/task/[^/]+|/projects/(new|[^/]+/documents)|/open311/v2/requests\.[a-z]+"
    r"|/api/v1/cases/[^/]+/documents"
)
"""The paths of forms that may carry photos or documents."""


def create_app(context: WebContext) -> FastAPI:
    """The app for one city. It starts, takes reports in and answers what is known while Temporal is down."""
    app = FastAPI(
        title=f"Aanjager {context.city.name}",
        version=_version(),
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    app.state.context = context
    app.state.rate = Rate(context.settings.public_rate)
    app.state.password_rate = Rate(PASSWORDS_A_MINUTE)
    app.state.watch = Watch(context)
    app.state.registry = CollectorRegistry()
    app.state.registry.register(Counted(context.database))
    for module in (cases, commands, boards, limits, meetings, structural, profiles, events, follow, offers, openapi):
        app.include_router(module.router, prefix=API)
    app.include_router(api_photos.router, prefix=API)
    app.include_router(projects.router, prefix=API)
    app.include_router(documents.router, prefix=API)
    app.include_router(operations.router)
    for calls in (services, requests, posting, media):
        app.include_router(calls.router)
    for pages in page_routers(context.settings):
        app.include_router(pages)
    if context.settings.oidc:
        app.state.provider = _provider(context)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app, answered)
    app.add_exception_handler(NotSignedIn, ask_to_sign_in)
    app.add_exception_handler(MustChoose, ask_to_choose)
    openapi.describe(app)
    app.add_middleware(Limited, allowance=forms(TAKING_PHOTOS, LARGEST_FORM), answering=answered)
    app.add_middleware(Measured, registry=app.state.registry)
    app.add_middleware(SafeHeaders, https=secure(context))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Heads, endless=STREAM)
    return app


def answered(request: Request, problem: Problem) -> Response:
    """As Open311 has it to those who speak that; as a page to those who read pages; else as a problem detail."""
    if open311.of_open311(request.url.path):
        return open311.errors(request, problem)
    return problems.answer_to(request, problem, problem_page)


def _provider(context: WebContext) -> "Provider":
    """What it needs is loaded only where it is used."""
    from web.signin.provider import Provider

    return Provider(context.settings)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _version() -> str:
    try:
        return version("aanjager")
    except PackageNotFoundError:
        return "0"
