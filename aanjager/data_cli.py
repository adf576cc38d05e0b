"""Commands for the data as a whole: bringing referrals in, and writing them out."""

import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from aanjager.taking import Imported

REJECTED = 3
"""The exit code of an import that could not take every row."""

DAY = ["%Y-%m-%d"]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=DAY, help="The first day, in the city's time zone.")
]
ToOption = Annotated[
    datetime | None, typer.Option("--to", formats=DAY, help="The last day, inclusive, in the city's time zone.")
]


def add_to(app: typer.Typer) -> None:
    """Adds `import`, `export` and `hot-spots`."""
    app.command("import")(import_referrals)
    app.command("export")(export_records)
    app.command("hot-spots")(find_hot_spots)


def import_referrals(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file.")],
    mapping: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, readable=True, help="The TOML file that says which column is what."),
    ],
    open_only: Annotated[bool, typer.Option("--open-only", help="Leave out what was closed already.")] = False,
) -> None:
    """Brings in referrals in bulk; safe to repeat. Rejected rows go, with the reason, to FILE.rejected.csv.

    Exit code 0: every row was taken; 3: some were rejected; 1: the file or the mapping cannot be used.

    Example: aanjager import requests.csv --mapping requests.toml
    """
    from aanjager.importing import import_file
    from aanjager.installation import installation
    from aanjager.mapping import read_mapping
    from aanjager.progress import file_progress

    here = installation()
    meaning = read_mapping(mapping, here.city)
    with file_progress(file.name, file.stat().st_size) as progress:
        done = import_file(
            here.engine,
            here.city,
            here.places,
            file,
            meaning,
            now=datetime.now(UTC),
            map_file=mapping.name,
            open_only=open_only,
            progress=progress,
        )
    print(_summary(done))
    if done.rejected:
        raise typer.Exit(REJECTED)


def export_records(
    what: Annotated[Literal["cases", "events"], typer.Argument(help="Cases, or everything that happened to them.")],
    form: Annotated[
        Literal["csv", "jsonl"], typer.Option("--format", help="A table with a header, or one JSON object a line.")
    ],
    start: FromOption = None,
    end: ToOption = None,
) -> None:
    """Writes cases (by the day they were opened) or events (by the day they happened) to stdout; nothing personal.

    Example: aanjager export cases --format csv --from 2026-01-01 --to 2026-03-31 > quarter.csv
    """
    from aanjager.exporting import Format, What, export
    from aanjager.installation import installation
    from readmodel.database import reading

    first, last = (day.date() if day is not None else None for day in (start, end))
    if first is not None and last is not None and last < first:
        raise typer.BadParameter("is before --from", param_hint="--to")
    here = installation()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    try:
        with reading(here.engine) as session:
            export(session, here.city, sys.stdout, What(what), Format(form), first, last)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_quietly()


def find_hot_spots() -> None:
    """Looks for hot spots now, as the weekly review does, and tells those that are open; safe to repeat.

    Example: aanjager hot-spots
    """
    from aanjager.installation import installation
    from activities.hot_spots.reviewing import review_hot_spots
    from readmodel.database import reading
    from readmodel.structural.hot_spots import HotSpotState, hot_spots_of

    here = installation()
    review_hot_spots(here.engine, here.city, datetime.now(UTC))
    with reading(here.engine) as session:
        still_open = hot_spots_of(session, state=HotSpotState.OPEN)
    for one in still_open:
        found = one.found
        print(
            f"{found.neighbourhood}, {found.theme}: {len(found.cases)} reports within {found.radius:.0f} m "
            f"since {found.first_day}, where {found.expected:.1f} are usual (p {found.p:.3f})"
        )
    if not still_open:
        print("No open hot spots.")


def _summary(done: "Imported") -> str:
    parts = [f"{done.rows:,} rows", f"{done.live:,} live cases", f"{done.finished:,} finished"]
    parts += [f"{done.present:,} here already"] if done.present else []
    parts += [f"{done.skipped:,} closed ones left out"] if done.skipped else []
    parts += [f"{done.rejected:,} rejected, in {done.rejected_file}"] if done.rejected else []
    return f"{parts[0]}: {', '.join(parts[1:])}."


def _leave_quietly() -> None:
    """Whoever read our output has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(1)
