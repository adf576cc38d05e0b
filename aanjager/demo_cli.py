"""The command by which `up` fills an empty installation with the demonstration."""

from datetime import UTC, datetime

import typer


def add_to(app: typer.Typer) -> None:
    """Adds `fill-demo`, not listed in the help."""
    app.command("fill-demo", hidden=True)(fill)


def fill() -> None:
    """Fills an empty installation with a year of invented cases, all marked; does nothing where there are cases.

    Example: aanjager fill-demo
    """
    from aanjager.demo import fill_demo
    from aanjager.installation import installation

    filled = fill_demo(installation(), datetime.now(UTC))
    if filled is not None:
        print(f"The demonstration: {filled.cases:,} cases, {filled.open:,} of them open, all marked [demo].")
