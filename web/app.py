"""The web application: everything under one roof."""

import re
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import GZipMiddleware

from web import operations, problems
from web.api import boards, cases, commands, events, follow, openapi
from web.api import photos as api_photos
from web.bodies import Limited, forms
from web.context import WebContext
from web.headers import Heads, SafeHeaders
from web.measuring import API, STREAM, Counted, Measured
from web.pages import (
    account,
    acting,
    bulk,
    case_list,
    demonstration,
    find,
    home,
    kept_views,
    letters,
    live,
    photos,
    report,
    sign_in,
    silence,
    support,
    task,
    task_links,
    work,
)
from web.pages import follow as follow_pages
from web.pages.admin import calendar, city, overview, tokens, users
from web.pages.board import page as board_page
from web.pages.board import together as board_together
from web.pages.frame import ask_to_choose, ask_to_sign_in, problem_page
from web.pages.leadership import routes as figures
from web.pages.staff import case_page
from web.pages.templating import STATIC
from web.pictures import LARGEST_FORM
from web.rate import PASSWORDS_A_MINUTE, Rate
from web.signin.viewer import MustChoose, NotSignedIn, secure
from web.watching import Watch

TAKING_PHOTOS = re.compile(r"/report|/(follow|cases)/[^/]+/[^/]+|/task/[^/]+")
"""The paths of forms that may carry photos."""


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
    for router in (cases.router, commands.router, boards.router, events.router, follow.router, openapi.router):
        app.include_router(router, prefix=API)
    app.include_router(api_photos.router, prefix=API)
    app.include_router(operations.router)
    for pages in (
        board_page,
        board_together,
        case_page,
        home,
        report,
        find,
        support,
        follow_pages,
        photos,
        sign_in,
        live,
    ):
        app.include_router(pages.router)
    for at_work in (acting, kept_views, work, bulk, case_list):
        app.include_router(at_work.router)
    app.include_router(figures.router)
    for by_letter in (letters, silence, task, task_links):
        app.include_router(by_letter.router)
    for own in (account, demonstration, overview, users, tokens, calendar, city):
        app.include_router(own.router)
    if context.settings.oidc:
        _with_single_sign_on(app, context)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app, problem_page)
    app.add_exception_handler(NotSignedIn, ask_to_sign_in)
    app.add_exception_handler(MustChoose, ask_to_choose)
    openapi.describe(app)
    app.add_middleware(Limited, allowance=forms(TAKING_PHOTOS, LARGEST_FORM))
    app.add_middleware(Measured, registry=app.state.registry)
    app.add_middleware(SafeHeaders, https=secure(context))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Heads, endless=STREAM)
    return app


def _with_single_sign_on(app: FastAPI, context: WebContext) -> None:
    """Its libraries are loaded only where it is used."""
    from web.pages import oidc
    from web.signin.provider import Provider

    app.state.provider = Provider(context.settings)
    app.include_router(oidc.router)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _version() -> str:
    try:
        return version("aanjager")
    except PackageNotFoundError:
        return "0"
