"""How a neighbourhood's budget stands, in one sentence."""

from domain.words import NeighbourhoodId
from readmodel.database import reading
from readmodel.offers import not_taken_up
from web.context import WebContext
from web.offering import balance_now
from web.pages.languages import Language


def money_left(context: WebContext, reader: Language, neighbourhood: NeighbourhoodId) -> str:
    stands = balance_now(context, neighbourhood)
    with reading(context.database) as session:
        offered = not_taken_up(session, neighbourhood)
    return reader.say(
        "budget_left",
        "acting",
        year=str(context.local(context.now()).year),
        free=reader.euro(stands.free),
        budget=reader.euro(stands.budget),
        reserved=reader.euro(stands.reserved),
        spent=reader.euro(stands.spent),
        offered=reader.euro(offered),
    )
