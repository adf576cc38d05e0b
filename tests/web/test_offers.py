"""What residents take on themselves, through the API: offered, adopted, accounted for, or handed back."""

import base64
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from PIL import Image

from readmodel.database import reading
from readmodel.followers import followers_of
from tests.web.people import LEADERSHIP, MANAGER, MANAGER_ELSEWHERE, MEMBER
from tests.web.town import Town, fields, problem

AN = {"name": "An", "email": "an@example.org", "language": "en"}
OFFER = {"amount": 150, "note": "Paint the pole"}


def offered(town: Town, **changes: Any) -> str:
    case_id: str = town.report()["case_id"]
    town.does(case_id, MANAGER, "offer_to_residents", **{**OFFER, **changes})
    return case_id


def adopts(town: Town, case_id: str, **changes: Any) -> Response:
    return town.post(f"/offers/{case_id}/adopt", {**AN, **changes})


def adopted(town: Town, **changes: Any) -> tuple[str, str]:
    case_id = offered(town, **changes)
    answer = adopts(town, case_id)
    assert answer.status_code == 201, answer.text
    return case_id, answer.json()["token"]


def picture() -> str:
    written = BytesIO()
    Image.new("RGB", (8, 8), "green").save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


def test_everyone_reads_what_is_offered_and_nothing_of_who_reported_it(town: Town) -> None:
    case_id = offered(town, amount=12.5)
    answer = town.get("/offers")
    [offer] = answer.json()["items"]
    assert (offer["case_id"], offer["amount"], offer["about"]) == (case_id, 12.5, "Paint the pole")
    assert offer["location"] == {"lat": 50.5, "lon": 5.2}
    for private in ("An Peeters", "example.org", "dark"):
        assert private not in answer.text


def test_someone_takes_it_on_does_it_and_accounts_for_it(town: Town) -> None:
    case_id, token = adopted(town)
    assert town.get("/offers").json() == {"items": []}
    seen = town.get(f"/follow/{token}").json()
    assert seen["description"] is None, "that is the reporter's"
    assert seen["offer"]["yours"] is True
    assert seen["may"]["account"] is seen["may"]["hand_back"] is True
    answer = town.post(f"/follow/{token}/account", {"spent": 120.5, "note": "Done, with Omar", "photo": picture()})
    assert answer.json()["stage"] == "closed", answer.text
    case = town.case(case_id, MEMBER)
    assert case["outcome"] == "adopted"
    [offer] = case["offers"]
    assert (offer["offer"], offer["amount"], offer["spent"], offer["ending"]) == ("o1", 150, 120.5, None)
    assert [photo["note"] for photo in case["photos"]] == ["Done, with Omar"]
    assert town.get(f"/follow/{token}").json()["offer"]["spent"] == 120.5


def test_the_reporter_may_take_it_on_by_their_own_link_and_hand_it_back(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MANAGER, "offer_to_residents", **OFFER)
    link = f"/follow/{report['token']}"
    assert town.get(link).json()["may"]["adopt"] is True
    assert town.post(f"{link}/adopt", {"offer": "o1"}).status_code == 200
    assert town.post(f"{link}/hand-back", {"note": "I broke my arm"}).json()["stage"] == "assigned"
    kinds = [line["event"] for line in town.case(report["case_id"], MEMBER)["timeline"]]
    assert kinds[-2:] == ["offer_returned", "assignment_resumed"]


def test_who_comes_second_is_refused_kindly_and_leaves_no_trace(town: Town) -> None:
    case_id, _ = adopted(town)
    refused = problem(adopts(town, case_id, name="Omar", email="omar@example.org"), 409, "refused")
    assert "Thank you" in refused["detail"]
    with reading(town.context.database) as session:
        assert [follower.name for follower in followers_of(session, case_id)] == ["An Peeters", "An"]  # type: ignore[arg-type]


def test_a_budget_that_does_not_reach_refuses_and_the_offer_stands(town: Town) -> None:
    first, second = offered(town, amount=300), offered(town, amount=300)
    assert adopts(town, first).status_code == 201
    problem(adopts(town, second), 409, "refused")
    assert [offer["case_id"] for offer in town.get("/offers").json()["items"]] == [second]
    report = town.report()["case_id"]
    refused = problem(town.command(report, MANAGER, "offer_to_residents", amount=200.01, note="x"), 409, "refused")
    assert fields(refused) == ["amount"]


def test_the_same_adoption_twice_is_one(town: Town) -> None:
    case_id, id = offered(town), str(uuid4())
    one, other = (adopts(town, case_id, command_id=id) for _ in range(2))
    assert (one.status_code, other.status_code) == (201, 201)
    assert one.json() == other.json()


@pytest.mark.parametrize("amount", [-1, 1.005, "much", True, None, 10**9])
def test_an_amount_is_euro_with_at_most_two_decimals(town: Town, amount: Any) -> None:
    case_id = town.report()["case_id"]
    answer = town.command(case_id, MANAGER, "offer_to_residents", amount=amount, note="x")
    assert fields(problem(answer, 422, "invalid")) == ["amount"]


def test_what_is_not_offered_cannot_be_taken_on_nor_found(town: Town) -> None:
    problem(adopts(town, town.report()["case_id"]), 404, "not_found")
    problem(adopts(town, str(uuid4())), 404, "not_found")
    assert fields(problem(adopts(town, offered(town), email="nobody"), 422, "invalid")) == ["email"]


def test_only_the_manager_of_the_neighbourhood_offers(town: Town) -> None:
    case_id = town.report()["case_id"]
    for stranger, status in ((MEMBER, 403), (LEADERSHIP, 403), (MANAGER_ELSEWHERE, 404)):
        assert town.command(case_id, stranger, "offer_to_residents", **OFFER).status_code == status


def test_an_offer_comes_back_by_itself_and_says_so_beforehand(town: Town) -> None:
    case_id = offered(town)
    assert town.case(case_id, MEMBER)["next"][0]["what"] == "offer_returns"
    town.clock.pass_(days=31)
    town.engine.let_time_pass(case_id)  # type: ignore[arg-type]
    case = town.case(case_id, MEMBER)
    assert case["stage"] == "assigned"
    assert [line["rule"] for line in case["timeline"]][-2:] == ["offered_until", "offer_ended"]
    problem(adopts(town, case_id), 409, "refused")
