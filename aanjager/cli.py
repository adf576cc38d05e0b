"""The command line: `aanjager --help` explains it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from aanjager import accounts_cli, case_cli, data_cli, demo_cli
from aanjager.failures import told

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Follows up what a city promises its neighbourhoods. `aanjager up` runs everything on this machine.",
)
city = typer.Typer(no_args_is_help=True, help="The city's files.")
app.add_typer(city, name="city")
accounts_cli.add_to(app)
data_cli.add_to(app)
case_cli.add_to(app)
demo_cli.add_to(app)

CityOption = Annotated[Path | None, typer.Option("--city", help="The city's files; Genk, the example, if absent.")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Where databases and uploads are kept [./data].")]
HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]


@app.command()
def up(
    city: CityOption = None,
    data: DataOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8080,
    demo: Annotated[bool, typer.Option(help="Fill an empty installation with a marked example history.")] = True,
) -> None:
    """Everything in one go: Temporal server, database, workers and pages; Ctrl-C stops it all.

    Example: aanjager up --city mycity --data /var/lib/aanjager --no-demo
    """
    from aanjager.up import run_everything

    run_everything(city, data, host, port, demo=demo)


@app.command()
def worker(
    metrics: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where to tell metrics to Prometheus.")
    ] = None,
) -> None:
    """One worker process of a production installation; settings from the environment.

    Example: TEMPORAL_ADDRESS=temporal:7233 AANJAGER_DATABASE_URL=postgresql+psycopg://... aanjager worker
    """
    from aanjager.processes import run_worker

    run_worker(metrics)


@app.command()
def web(host: HostOption = "127.0.0.1", port: PortOption = 8080) -> None:
    """One web process of a production installation; settings from the environment.

    Example: AANJAGER_PUBLIC_URL=https://meldingen.example aanjager web --host 0.0.0.0
    """
    from aanjager.processes import run_web

    run_web(host, port)


@app.command()
def migrate(quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False) -> None:
    """Brings the database, and Temporal's search attributes and schedules, up to date; safe to repeat.

    Example: AANJAGER_DATABASE_URL=postgresql+psycopg://... aanjager migrate
    """
    from aanjager.processes import run_migrate

    run_migrate(quiet=quiet)


@city.command("check")
def city_check(directory: Annotated[Path, typer.Argument(help="The directory with the city's files.")]) -> None:
    """Validates a city's files: every mistake on a line of its own.

    Example: aanjager city check deploy/cities/genk
    """
    from datetime import UTC, datetime

    from configuration.city_files import check_city, read_city

    today = datetime.now(UTC).date()
    mistakes = check_city(directory, today)
    for mistake in mistakes:
        print(mistake)
    if mistakes:
        raise typer.Exit(1)
    found = read_city(directory, today)
    print(
        f"{found.name}: {len(found.departments)} departments, {len(found.services)} services, "
        f"{len(found.neighbourhoods)} neighbourhoods, {len(found.policies)} policies; no mistakes."
    )


def main() -> None:
    """Runs the command line; what goes wrong is told in one line on stderr."""
    try:
        app()
    except Exception as failure:
        if os.environ.get("AANJAGER_DEBUG"):
            raise
        print(f"aanjager: {told(failure)}", file=sys.stderr)
        sys.exit(1)
