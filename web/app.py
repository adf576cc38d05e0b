"""The web application: everything under one roof."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry

from web import boards, cases, commands, events, follow, openapi, operations, pages, problems
from web.bodies import Limited
from web.context import WebContext
from web.headers import Heads, SafeHeaders
from web.measuring import API, STREAM, Counted, Measured
from web.rate import Rate

STATIC = Path(__file__).parent / "static"


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
    app.state.registry = CollectorRegistry()
    app.state.registry.register(Counted(context.database))
    for router in (cases.router, commands.router, boards.router, events.router, follow.router, openapi.router):
        app.include_router(router, prefix=API)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app, pages.problem_page)
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
