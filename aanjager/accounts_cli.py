"""Commands for accounts: people and tokens."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.authority import OF_DEPARTMENT
from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from readmodel.staff import Member

RoleOption = Annotated[Role, typer.Option(help="In what capacity.")]
DepartmentOption = Annotated[str | None, typer.Option(help="The department's id, for those who act for one.")]
NeighbourhoodOption = Annotated[
    list[str] | None, typer.Option(help="A neighbourhood's id; repeat for several; absent: the whole city.")
]
EmailArgument = Annotated[str, typer.Argument(help="The address with which the person signs in.")]


def add_to(app: typer.Typer) -> None:
    """Adds `user` and `token`, with what can be done to them."""
    user = typer.Typer(no_args_is_help=True, help="People of the staff.")
    token = typer.Typer(no_args_is_help=True, help="Access for programs.")
    user.command("add")(user_add)
    user.command("list")(user_list)
    user.command("password")(user_password)
    user.command("disable")(user_disable)
    user.command("enable")(user_enable)
    token.command("create")(token_create)
    token.command("list")(token_list)
    token.command("revoke")(token_revoke)
    app.add_typer(user, name="user")
    app.add_typer(token, name="token")


def token_create(
    role: RoleOption,
    department: DepartmentOption = None,
    neighbourhood: NeighbourhoodOption = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Creates a token for the API. It is shown once, as the last word, and kept as a digest only.

    Role resident is for apps: it brings reports by Open311 and reads nothing more than everyone may.

    Example: aanjager token create --role department --department roads
    """
    from aanjager.installation import installation
    from readmodel.accounts import create_token
    from readmodel.database import writing

    here = installation()
    mandate = _mandate(role, department, neighbourhood, here.city)
    with writing(here.engine) as session:
        token = create_token(session, mandate, datetime.now(UTC), label)
    print(f"A token for {role}, shown only now: {token}")


def token_list() -> None:
    """Lists the tokens, those in force first: id, what it is for, when it was last used.

    Example: aanjager token list
    """
    from aanjager.installation import installation
    from readmodel.accounts import list_tokens
    from readmodel.database import reading

    with reading(installation().engine) as session:
        for token in list_tokens(session):
            used = f"used {token.used_at:%Y-%m-%d}" if token.used_at is not None else "not used"
            state = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at is not None else used
            print(f"{token.id}\t{_told(token.mandate)}\t{state}\t{token.label}")


def token_revoke(
    id: Annotated[str, typer.Argument(help="As `token list` shows it.")],
) -> None:
    """Revokes a token: whoever uses it is shut out at once.

    Example: aanjager token revoke token:2f0f5c1e-8b7e-4f6e-9c3b-0d6a3f1b2c4d
    """
    from aanjager.installation import installation
    from readmodel.accounts import revoke_token
    from readmodel.database import writing

    with writing(installation().engine) as session:
        revoked = revoke_token(session, id, datetime.now(UTC))
    if not revoked:
        raise SystemExit(_fails(f"there is no token {id} in force"))
    print(f"{id} is revoked.")


def user_add(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: RoleOption,
    department: DepartmentOption = None,
    neighbourhood: NeighbourhoodOption = None,
    password: Annotated[str | None, typer.Option(help="At least 12 characters; asked for if absent.")] = None,
    single_sign_on: Annotated[
        bool, typer.Option("--single-sign-on", help="Without a password: comes in through the city's own sign-in.")
    ] = False,
) -> None:
    """Adds a person of the staff.

    Example: aanjager user add an@stad.example --name "An" --role neighbourhood_manager --neighbourhood bokrijk
    """
    from sqlalchemy.exc import IntegrityError

    from aanjager.installation import installation
    from readmodel.accounts import add_user
    from readmodel.database import writing

    here = installation()
    if role is Role.RESIDENT:
        raise typer.BadParameter("residents act by the secret link of their report", param_hint="--role")
    mandate = _mandate(role, department, neighbourhood, here.city)
    if "@" not in email.strip("@"):
        raise typer.BadParameter("is not an e-mail address", param_hint="EMAIL")
    chosen = None if single_sign_on else _good(password, email)
    try:
        with writing(here.engine) as session:
            user = add_user(session, email, name, mandate, chosen, datetime.now(UTC))
    except IntegrityError:
        raise SystemExit(_fails(f"{email} has an account already")) from None
    print(f"{user.email} may act as {role}.")


def user_list() -> None:
    """Lists the people of the staff: address, name, role, and when they last signed in.

    Example: aanjager user list
    """
    from aanjager.installation import installation
    from readmodel.database import reading
    from readmodel.staff import list_staff

    with reading(installation().engine) as session:
        for member in list_staff(session, datetime.now(UTC)):
            seen = f"signed in {member.signed_in_at:%Y-%m-%d}" if member.signed_in_at is not None else "never signed in"
            state = f"disabled {member.disabled_at:%Y-%m-%d}" if member.disabled_at is not None else seen
            print(f"{member.user.email}\t{member.user.name}\t{_told(member.user.mandate)}\t{state}")


def user_password(
    email: EmailArgument,
    password: Annotated[str | None, typer.Option(help="At least 12 characters; asked for if absent.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Make one for one time, and show it as the last word.")] = False,
) -> None:
    """Gives a person another password, and signs them out everywhere.

    Example: aanjager user password an@stad.example --once
    """
    from aanjager.installation import installation
    from readmodel.database import writing
    from readmodel.passwords import one_time_password
    from readmodel.staff import set_password

    here = installation()
    chosen = one_time_password() if once else _good(password, email)
    with writing(here.engine) as session:
        member = _member(session, email)
        set_password(session, member.user.id, chosen, once_from=datetime.now(UTC) if once else None)
    print(f"For one time, within a week: {chosen}" if once else f"{member.user.email} has another password.")


def user_disable(email: EmailArgument) -> None:
    """Shuts a person out: signed out everywhere, and no way in any more. What they did stays.

    Example: aanjager user disable an@stad.example
    """
    from aanjager.installation import installation
    from readmodel.database import writing
    from readmodel.staff import LastAdministrator, disable_user

    try:
        with writing(installation().engine) as session:
            member = _member(session, email)
            disable_user(session, member.user.id, datetime.now(UTC))
    except LastAdministrator:
        raise SystemExit(_fails(f"{email} is the last administrator who can sign in")) from None
    print(f"{member.user.email} is disabled.")


def user_enable(email: EmailArgument) -> None:
    """Lets a person in again.

    Example: aanjager user enable an@stad.example
    """
    from aanjager.installation import installation
    from readmodel.database import writing
    from readmodel.staff import enable_user

    with writing(installation().engine) as session:
        member = _member(session, email)
        enable_user(session, member.user.id)
    print(f"{member.user.email} may sign in again.")


def _member(session: "Session", email: str) -> "Member":
    """Raises SystemExit where there is no such account."""
    from readmodel.staff import list_staff

    wanted = email.strip().lower()
    found = next((m for m in list_staff(session, datetime.now(UTC)) if m.user.email == wanted), None)
    if found is None:
        raise SystemExit(_fails(f"{email} has no account"))
    return found


def _good(password: str | None, email: str) -> str:
    """The password, asked for if absent. Raises BadParameter where it is too easy to guess."""
    from readmodel.passwords import SHORTEST, weakness

    chosen = password
    if chosen is None:
        chosen = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    why = {
        "short": f"needs at least {SHORTEST} characters",
        "long": "is too long",
        "plain": "is too simple: use more different characters",
        "theirs": "is too much like the address",
        None: "",
    }[weakness(chosen, email)]
    if why:
        raise typer.BadParameter(why, param_hint="--password")
    return chosen


def _fails(what: str) -> int:
    typer.echo(f"aanjager: {what}", err=True)
    return 1


def _told(mandate: Mandate) -> str:
    reach = [mandate.department] if mandate.department is not None else list(mandate.neighbourhoods)
    return f"{mandate.role}:{','.join(reach)}" if reach else str(mandate.role)


def _mandate(role: Role, department: str | None, neighbourhood: list[str] | None, city: City) -> Mandate:
    """Raises BadParameter where the role and its reach do not fit each other or the city."""
    if (department is not None) != (role in OF_DEPARTMENT):
        need = f"{role} needs a department" if department is None else f"{role} has no department"
        raise typer.BadParameter(need, param_hint="--department")
    if department is not None and department not in city.departments:
        raise typer.BadParameter(f'there is no department "{department}"', param_hint="--department")
    for name in neighbourhood or ():
        if name not in city.neighbourhoods:
            raise typer.BadParameter(f'there is no neighbourhood "{name}"', param_hint="--neighbourhood")
    return Mandate(
        role,
        DepartmentId(department) if department is not None else None,
        tuple(NeighbourhoodId(name) for name in neighbourhood or ()),
    )
