"""The web application: everything under one roof."""

from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry

from web import operations, problems
from web.api import boards, cases, commands, events, follow, openapi
from web.bodies import Limited
from web.context import WebContext
from web.headers import Heads, SafeHeaders
from web.measuring import API, STREAM, Counted, Measured
from web.pages import follow as follow_pages
from web.pages import home, live, report, sign_in
from web.pages.frame import ask_to_sign_in, problem_page
from web.pages.templating import STATIC
from web.rate import Rate
from web.signin.viewer import NotSignedIn
from web.watching import Watch


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
    app.state.watch = Watch(context)
    app.state.registry = CollectorRegistry()
    app.state.registry.register(Counted(context.database))
    for router in (cases.router, commands.router, boards.router, events.router, follow.router, openapi.router):
        app.include_router(router, prefix=API)
    app.include_router(operations.router)
    for pages in (home, report, follow_pages, sign_in, live):
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app, problem_page)
    app.add_exception_handler(NotSignedIn, ask_to_sign_in)
    openapi.describe(app)
    app.add_middleware(Limited)
    app.add_middleware(Measured, registry=app.state.registry)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Heads, endless=STREAM)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _version() -> str:
    try:
        return version("aanjager")
    except PackageNotFoundError:
        return "0"
