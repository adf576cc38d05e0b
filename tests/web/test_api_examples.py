"""The description of the API: every operation says what it is for, what it may answer, and shows it by an example."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from tests.web.town import Town
from web.api.examples import FOLDER, example_of
from web.api.meetings import MEETING_SENT
from web.api.projects import REACTION_SENT
from web.command_models import ANSWER_SENT, ANY_COMMAND, FEEDBACK_SENT, NOTHING_SENT, AnyCommand
from web.initiative_models import ACCOUNT_SENT, ADOPT_AS_FOLLOWER_SENT, ADOPT_SENT, HAND_BACK_SENT
from web.new_case import NEW_CASE
from web.structural import DISMISSAL, NEW_STRUCTURAL

BODIES: dict[str, TypeAdapter[Any]] = {
    "report": NEW_CASE,
    "command": ANY_COMMAND,
    "plan_meeting": MEETING_SENT,
    "open_one": NEW_STRUCTURAL,
    "dismiss_one": DISMISSAL,
    "feedback": FEEDBACK_SENT,
    "answer": ANSWER_SENT,
    "support": NOTHING_SENT,
    "withdraw": NOTHING_SENT,
    "adopt": ADOPT_AS_FOLLOWER_SENT,
    "account": ACCOUNT_SENT,
    "hand_back": HAND_BACK_SENT,
    "take_on": ADOPT_SENT,
    "reactions": REACTION_SENT,
}
"""What reads the body of each operation; `add` takes a form."""


def operations(town: Town) -> Iterator[dict[str, Any]]:
    document = town.client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {"path": path, "method": method, **operation}


def test_every_operation_says_what_it_is_for_and_what_it_may_answer(town: Town) -> None:
    for operation in operations(town):
        named = operation["operationId"]
        assert operation["summary"] and operation["description"] and operation["tags"], named
        assert all(answer["description"] for answer in operation["responses"].values()), named
        if "requestBody" in operation:
            assert {"404", "409"} & set(operation["responses"]) or named == "report", named
            assert {"413", "415", "422"} <= set(operation["responses"]), named
        if operation.get("security"):
            assert "401" in operation["responses"], named
        assert "web__" not in str(operation), named


def test_every_operation_shows_what_is_sent_and_what_is_answered(town: Town) -> None:
    for operation in operations(town):
        named = operation["operationId"]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["examples"], named
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                plain = kind.startswith(("image/", "application/pdf")) or (status, named) == ("503", "readyz")
                assert plain or "example" in content, f"{named} {status} {kind}"


def test_no_example_is_of_what_is_not_there(town: Town) -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} <= {one["operationId"] for one in operations(town)}


def test_every_example_of_a_body_would_be_read(town: Town) -> None:
    with_body = {one["operationId"] for one in operations(town) if "requestBody" in one}
    assert with_body == {*BODIES, "add"}
    for operation, model in BODIES.items():
        for sent in example_of(operation)["sent"].values():
            model.validate_json(json.dumps(sent))


def test_every_example_of_an_answer_is_what_could_be_answered(town: Town) -> None:
    told = {route.name: route.response_model for route in api_routes(town.client.app.routes)}  # type: ignore[attr-defined]
    named = {one["operationId"] for one in operations(town)} & {name for name, model in told.items() if model}
    assert len(named) > 25
    for name in named:
        TypeAdapter(told[name]).validate_json(json.dumps(example_of(name)["answered"]))


def api_routes(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            yield route
        elif hasattr(route, "original_router"):
            yield from api_routes(route.original_router.routes)


def test_every_command_is_shown() -> None:
    kinds = {get_args(one.model_fields["command"].annotation)[0] for one in get_args(get_args(AnyCommand)[0])}
    assert set(example_of("command")["sent"]) == kinds


@pytest.mark.parametrize("example", ["pause", "a street light", "a document for residents"])
def test_the_page_shows_the_examples(town: Town, example: str) -> None:
    page = town.client.get("/api/v1/docs").text
    assert f"<p>{example}</p><pre>" in page
    assert page.count("Example of an answer") > 30
