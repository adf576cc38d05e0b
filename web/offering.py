"""What the rules of a case cannot see when it is offered to residents: what it is about, and what the budget allows."""

from domain.initiatives.commands import OfferToResidents
from domain.refusal import Refused
from domain.words import CaseId, NeighbourhoodId
from readmodel.case_detail import case_state
from readmodel.database import reading
from readmodel.ledger import Balance, balance, year_of
from web.context import WebContext


def check_offer(context: WebContext, case_id: CaseId, command: OfferToResidents) -> None:
    """Raises Refused for what is about people, and for more than the budget of this year has left.

    Offers that nobody has taken up hold nothing back: the budget is reserved by whoever comes first.
    """
    with reading(context.database) as session:
        found = case_state(session, case_id)
    if found is None or found[0].closed:
        return
    case, _ = found
    service = context.city.services.get(case.service)
    if service is not None and service.private:
        raise Refused("What is about people is not offered to residents.", rule="offer_private")
    free = balance_now(context, case.neighbourhood).free
    if command.amount > free:
        said = f"{free / 100:.2f}"
        raise Refused(
            f"The neighbourhood's budget has {said} euro left this year.",
            "refused",
            "amount",
            "budget_left",
            {"amount": str(free)},
        )


def balance_now(context: WebContext, neighbourhood: NeighbourhoodId) -> Balance:
    """How the budget of this year stands."""
    found = context.city.neighbourhoods.get(neighbourhood)
    year = year_of(context.city.timezone, context.now())
    with reading(context.database) as session:
        return balance(session, neighbourhood, year, found.budget * 100 if found is not None else 0)
