"""Commands for accounts: people and tokens."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from domain.city import City
from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate

OF_A_DEPARTMENT = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.PARTNER})

RoleOption = Annotated[Role, typer.Option(help="In what capacity.")]
DepartmentOption = Annotated[str | None, typer.Option(help="The department's id, for those who act for one.")]
NeighbourhoodOption = Annotated[
    list[str] | None, typer.Option(help="A neighbourhood's id; repeat for several; absent: the whole city.")
]


def add_to(app: typer.Typer) -> None:
    """Adds `user add` and `token create`."""
    user = typer.Typer(no_args_is_help=True, help="People of the staff.")
    token = typer.Typer(no_args_is_help=True, help="Access for programs.")
    user.command("add")(user_add)
    token.command("create")(token_create)
    app.add_typer(user, name="user")
    app.add_typer(token, name="token")


def token_create(
    role: RoleOption,
    department: DepartmentOption = None,
    neighbourhood: NeighbourhoodOption = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Creates a token for the API. It is shown once, as the last word, and kept as a digest only.

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


def user_add(
    email: Annotated[str, typer.Argument(help="The address with which the person signs in.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: RoleOption,
    department: DepartmentOption = None,
    neighbourhood: NeighbourhoodOption = None,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for if absent.")
    ] = "",
) -> None:
    """Adds a person of the staff.

    Example: aanjager user add an@stad.example --name "An" --role neighbourhood_manager --neighbourhood bokrijk
    """
    from sqlalchemy.exc import IntegrityError

    from aanjager.installation import installation
    from readmodel.accounts import add_user
    from readmodel.database import writing

    here = installation()
    mandate = _mandate(role, department, neighbourhood, here.city)
    if "@" not in email.strip("@"):
        raise typer.BadParameter("is not an e-mail address", param_hint="EMAIL")
    if len(password) < 10:
        raise typer.BadParameter("needs at least 10 characters", param_hint="--password")
    try:
        with writing(here.engine) as session:
            user = add_user(session, email, name, mandate, password, datetime.now(UTC))
    except IntegrityError:
        raise SystemExit(_exists(email)) from None
    print(f"{user.email} may act as {role}.")


def _exists(email: str) -> int:
    typer.echo(f"aanjager: {email} has an account already", err=True)
    return 1


def _mandate(role: Role, department: str | None, neighbourhood: list[str] | None, city: City) -> Mandate:
    """Raises BadParameter where the role and its reach do not fit each other or the city."""
    if role is Role.RESIDENT:
        raise typer.BadParameter("residents act by the secret link of their report", param_hint="--role")
    if (department is not None) != (role in OF_A_DEPARTMENT):
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
