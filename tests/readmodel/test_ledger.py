"""A budget is reserved, spent or returned, and never overdrawn, however many ask for it at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from domain.actor import Actor
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents
from domain.words import NoteId, OfferId, Role
from readmodel.database import reading, writing
from readmodel.intake import Accepted
from readmodel.ledger import Balance, Money, Wish, balance, release, reserve, year_of
from readmodel.offers import last_offer, not_taken_up, open_offers
from readmodel.schema import LETTERS, RESERVATIONS
from readmodel.setting_aside import set_aside
from tests.readmodel.town import CITY, DIRECTOR, HEIDE, MORNING, do, later, let_time_pass, open_case, rows

BUDGET = 500_00
AN = Actor(Role.RESIDENT, "an")
NOTE, DONE = NoteId("n1"), NoteId("n2")
AT_ONCE = 8


def wish(case: Accepted, amount: int = 200_00, id: str = "adopt", offer: str = "o1") -> Wish:
    return Wish(case.case_id, OfferId(offer), HEIDE, 2026, amount, id)


def wanted(engine: Engine, one: Wish, budget: int = BUDGET) -> bool:
    with writing(engine) as session:
        return reserve(session, one, budget, MORNING)


def stands(engine: Engine, year: int = 2026, budget: int = BUDGET) -> Balance:
    with reading(engine) as session:
        return balance(session, HEIDE, year, budget)


def test_of_many_who_reserve_in_the_same_instant_no_more_get_it_than_there_is_money(engine: Engine) -> None:
    cases = [open_case(engine) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        granted = list(threads.map(lambda case: wanted(engine, wish(case)), cases))
    assert sum(granted) == 2
    assert stands(engine) == Balance(BUDGET, reserved=400_00)
    assert stands(engine).free == 100_00


def test_one_adoption_that_asks_many_times_at_once_reserves_once(engine: Engine) -> None:
    case = open_case(engine)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert all(threads.map(lambda _: wanted(engine, wish(case, 500_00)), range(AT_ONCE)))
    assert stands(engine).reserved == 500_00


def test_what_was_released_is_free_and_a_late_attempt_reserves_nothing(engine: Engine) -> None:
    case = open_case(engine)
    assert wanted(engine, wish(case))
    for _ in range(2):
        with writing(engine) as session:
            release(session, wish(case), MORNING)
    assert not wanted(engine, wish(case)), "the same adoption, come late"
    assert stands(engine) == Balance(BUDGET)
    assert wanted(engine, wish(case, id="of somebody else"))


def test_a_budget_that_was_lowered_is_not_negative_and_gives_nothing_more(engine: Engine) -> None:
    one, other, third = (open_case(engine) for _ in range(3))
    assert wanted(engine, wish(one, 400_00))
    assert stands(engine, budget=300_00).free == 0
    assert not wanted(engine, wish(other, 1), budget=300_00)
    assert wanted(engine, wish(third, 0), budget=300_00), "what costs nothing is always possible"


def test_each_year_has_its_own_budget_by_the_clocks_of_the_city(engine: Engine) -> None:
    one, other = open_case(engine), open_case(engine)
    assert wanted(engine, wish(one, 500_00))
    assert wanted(engine, replace(wish(other, 500_00), year=2027))
    new_year = MORNING.replace(month=12, day=31, hour=23, minute=30)
    assert (year_of("Europe/Brussels", new_year), year_of("UTC", new_year)) == (2027, 2026)


def test_the_ledger_and_the_offers_follow_what_is_recorded(engine: Engine) -> None:
    case = open_case(engine)
    do(engine, case, OfferToResidents(200_00, NOTE), DIRECTOR, later(1), id="offer")
    with reading(engine) as session:
        assert [offer.amount for offer in open_offers(session)] == [200_00]
        assert not_taken_up(session, HEIDE) == 200_00
    assert wanted(engine, wish(case))
    do(engine, case, Adopt(), AN, later(2), id="adopt")
    assert stands(engine) == Balance(BUDGET, reserved=200_00), "the event finds it reserved"
    do(engine, case, HandBack(), AN, later(3), id="back")
    assert stands(engine) == Balance(BUDGET, returned=200_00)
    do(engine, case, OfferToResidents(100_00, NOTE), DIRECTOR, later(4), id="again")
    do(engine, case, Adopt(), AN, later(5), id="readopt")
    do(engine, case, Account(60_50, DONE), AN, later(6), id="account")
    assert stands(engine) == Balance(BUDGET, spent=60_50, returned=239_50)
    assert [(row["offer"], row["state"]) for row in rows(engine, RESERVATIONS)] == [
        ("o1", Money.RETURNED),
        ("o2", Money.SPENT),
    ]
    with reading(engine) as session:
        offer = last_offer(session, case.case_id)
        assert offer is not None
        assert (offer.state, open_offers(session), not_taken_up(session, HEIDE)) == ("accounted", (), 0)


def test_what_comes_back_by_itself_is_free_again(engine: Engine) -> None:
    case = open_case(engine)
    do(engine, case, OfferToResidents(200_00, NOTE), DIRECTOR, later(1), id="offer")
    do(engine, case, Adopt(), AN, later(2), id="adopt")
    let_time_pass(engine, case, later(24 * 20))
    assert stands(engine) == Balance(BUDGET, returned=200_00)


@pytest.mark.parametrize("attempts", [1, 2])
def test_the_manager_hears_once_that_the_money_does_not_reach(engine: Engine, attempts: int) -> None:
    case = open_case(engine)
    do(engine, case, OfferToResidents(600_00, NOTE), DIRECTOR, later(1), id="offer")
    for attempt in range(attempts):
        with writing(engine) as session:
            assert not set_aside(session, CITY, wish(case, 600_00, id=f"adopt-{attempt}"), later(2))
    told = [row for row in rows(engine, LETTERS) if row["kind"] == "short"]
    assert [row["recipient"] for row in told] == [f"manager:{HEIDE}"]
