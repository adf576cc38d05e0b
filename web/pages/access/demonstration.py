"""One click that signs in as someone of the demonstration, for whoever sits at this machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from domain.words import Role
from readmodel.accounts import User
from readmodel.database import reading, writing
from web.context import Context, WebContext
from web.pages.forms import read_fields
from web.pages.frame import speaking
from web.pages.languages import Language, language
from web.problems import forbidden, invalid
from web.signin.demonstration import Person, at_this_machine, people, user_for
from web.signin.journal import note
from web.signin.letting_in import let_in

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """Someone to be, as the sign-in page shows them."""

    role: Role
    reach: str
    """Their department or neighbourhood; empty for those who look after the whole city."""


def offered_people(request: Request, context: WebContext) -> Sequence[Offered]:
    """Nobody where one click may not sign in."""
    if not at_this_machine(request, context):
        return ()
    with reading(context.database) as session:
        found = people(session, context.city)
    reader = speaking(request, context)
    return [Offered(role, _reach(person, context, reader)) for role, person in found.items()]


@router.post("/sign-in/demonstration")
async def be_someone(request: Request, context: Context) -> Response:
    form = await read_fields(request, context)
    if not at_this_machine(request, context):
        raise forbidden("One click signs in only in the demonstration, on the machine that it runs on.")
    role = next((role for role in Role if role.value == form.get("role")), None)
    user = await run_in_threadpool(_user, context, role) if role is not None else None
    if user is None:
        raise invalid("role", "is not someone of the demonstration")
    note("signed in", request, account=user.id, way="demonstration", role=user.mandate.role.value)
    return await run_in_threadpool(let_in, request, context, user, form.get("next", ""), demonstration=True)


def _user(context: WebContext, role: Role) -> User | None:
    words = language(context.city.languages[0])
    with writing(context.database) as session:
        person = people(session, context.city).get(role)
        if person is None:
            return None
        reach = _reach(person, context, words)
        name = words.say(f"{role.value}_of" if reach else role.value, "demonstration", reach=reach)
        return user_for(session, person, name, context)


def _reach(person: Person, context: WebContext, reader: Language) -> str:
    city, mandate = context.city, person.mandate
    if mandate.department is not None:
        return reader.of(city.departments[mandate.department].name)
    return ", ".join(city.neighbourhoods[id].name for id in mandate.neighbourhoods)
