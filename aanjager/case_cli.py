"""Commands for one case: reading its letters, revoking their links, and forgetting whom it concerned."""

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from readmodel.case_detail import CaseName

CaseArgument = Annotated[str, typer.Argument(help="The case: its id, or its number such as 2026-000001.")]


def add_to(app: typer.Typer) -> None:
    """Adds `letters`, `revoke-links` and `erase`."""
    app.command("letters")(case_letters)
    app.command("revoke-links")(revoke_case_links)
    app.command("erase")(erase_case)


def case_letters(
    case: CaseArgument,
    links: Annotated[bool, typer.Option("--links", help="Show the secret links in them too.")] = False,
) -> None:
    """The letters that a case caused, sent or kept, oldest first.

    Example: aanjager letters 2026-000001
    """
    from aanjager.installation import installation
    from configuration.secret_key import secret_key
    from readmodel.correspondence.kept import kept_letters
    from readmodel.database import reading

    here = installation()
    with reading(here.engine) as session:
        found = _named(session, case)
        key = secret_key(here.settings) if links else None
        letters = kept_letters(session, here.city, here.settings.public_url, found.case_id, key=key)
    zone = ZoneInfo(here.city.timezone)
    for letter in letters:
        written = letter.written_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        print(f"--- {written}  {letter.kind} to {letter.recipient}, {letter.status}")
        print(f"{letter.text.subject}\n\n{letter.text.body.rstrip()}\n")
    if not letters:
        print(f"Case {found.number} caused no letters.")


def revoke_case_links(case: CaseArgument) -> None:
    """Makes the links by which partners answer this case's tasks lead nowhere; the next letter carries a new one.

    Example: aanjager revoke-links 2026-000001
    """
    from datetime import UTC, datetime

    from aanjager.installation import installation
    from readmodel.action_links import revoke_links
    from readmodel.database import writing

    here = installation()
    with writing(here.engine) as session:
        found = _named(session, case)
        revoked = revoke_links(session, found.case_id, "command line", datetime.now(UTC))
    print(f"Case {found.number}: {revoked} link{'' if revoked == 1 else 's'} revoked.")


def erase_case(case: CaseArgument) -> None:
    """Removes a case's personal data everywhere: contacts, texts, photos, address, place. What the city did stays.

    Example: aanjager erase 2026-000001
    """
    from aanjager.installation import installation
    from readmodel.database import writing
    from readmodel.erasure import erase

    here = installation()
    with writing(here.engine) as session:
        found = _named(session, case)
        erase(session, found.case_id)
    print(f"Case {found.number} holds no personal data any more.")


def _named(session: "Session", case: str) -> "CaseName":
    """Raises Exit where there is no such case."""
    from readmodel.case_detail import case_named

    found = case_named(session, case)
    if found is None:
        typer.echo(f"aanjager: there is no case {case}", err=True)
        raise typer.Exit(1)
    return found
