"""One click signs in: in the demonstration only, and only for whoever sits at the machine."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from aanjager.processes import run_web
from configuration.settings import SettingsMistake
from readmodel.accounts import user_by_email
from readmodel.database import reading
from readmodel.schema import USERS
from tests.readmodel.town import rows
from tests.web.town import Town
from web.app import create_app

HERE = "http://127.0.0.1:8080"
ROLES = (
    "department", "department_head", "neighbourhood_manager", "warden", "leadership", "administrator",
)  # fmt: skip


def served(
    town: Town, *, public_url: str = HERE, client: str = "127.0.0.1", demonstration: bool = True, base: str = HERE
) -> TestClient:
    settings = town.context.settings.model_copy(update={"public_url": public_url})
    app = create_app(replace(town.context, settings=settings, demonstration=demonstration))
    return TestClient(app, base, client=(client, 5000), raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def here(town: Town) -> Iterator[TestClient]:
    with served(town) as client:
        yield client


def click(client: TestClient, role: str = "leadership", **headers: str) -> Any:
    return client.post("/sign-in/demonstration", data={"role": role}, headers=headers)


@pytest.mark.parametrize("role", ROLES)
def test_one_click_signs_in_as_each_role(here: TestClient, town: Town, role: str) -> None:
    assert f'value="{role}"' in here.get("/sign-in").text
    answer = click(here, role)
    assert answer.status_code == 303
    page = here.get("/account").text
    assert "(demonstratie)" in page and "@demo.invalid" in page and "Demo:" in page
    [user] = rows(town.context.database, USERS)
    assert (user["role"], user["password_hash"]) == (role, None)


def test_whoever_is_clicked_twice_is_one_person(here: TestClient, town: Town) -> None:
    click(here, "warden")
    click(here, "warden")
    assert len(rows(town.context.database, USERS)) == 1


def test_people_are_there_where_there_is_most_to_do(here: TestClient, town: Town) -> None:
    town.report()
    click(here, "department_head")
    with reading(town.context.database) as session:
        head = user_by_email(session, "department-head@demo.invalid")
    assert head is not None and head.mandate.department == "roads"


@pytest.mark.parametrize("role", ["resident", "mayor", ""])
def test_nobody_else_can_be_clicked(here: TestClient, role: str) -> None:
    assert click(here, role).status_code == 422


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"demonstration": False},
        {"client": "192.0.2.7"},
        {"public_url": "https://town.example"},
        {"base": "http://town.example"},
    ],
)
def test_from_anywhere_else_there_is_no_such_thing(town: Town, elsewhere: dict[str, Any]) -> None:
    with served(town, **elsewhere) as client:
        assert "/sign-in/demonstration" not in client.get("/sign-in").text
        assert click(client).status_code == 403
    assert rows(town.context.database, USERS) == []


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"])
def test_behind_a_proxy_there_is_no_such_thing(here: TestClient, header: str) -> None:
    assert "/sign-in/demonstration" not in here.get("/sign-in", headers={header: "127.0.0.1"}).text
    assert click(here, **{header: "127.0.0.1"}).status_code == 403


def test_another_site_cannot_click(here: TestClient) -> None:
    assert click(here, Origin="https://elsewhere.example").status_code == 403
    assert here.get("/sign-in/demonstration").status_code in (404, 405)


def test_a_web_that_others_reach_refuses_to_start_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AANJAGER_DEMONSTRATION", "1")
    with pytest.raises(SettingsMistake, match=r"^AANJAGER_DEMONSTRATION: .*0\.0\.0\.0"):
        run_web("0.0.0.0", 8080)
