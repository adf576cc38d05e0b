"""Signing in with a password: what it gives, and what it withholds."""

from datetime import timedelta

import pytest
from httpx2 import Response

from readmodel.accounts import add_user
from readmodel.database import writing
from readmodel.sessions import IDLE, LONGEST
from tests.web.people import LEADERSHIP, MEMBER
from tests.web.town import Town

PASSWORD = "a long enough password"


@pytest.fixture
def member(town: Town) -> str:
    with writing(town.context.database) as session:
        return add_user(session, "Kim@town.example", "Kim", MEMBER, PASSWORD, town.clock()).email


def sign_in(town: Town, email: str, password: str = PASSWORD, **more: str) -> Response:
    return town.client.post("/sign-in", data={"email": email, "password": password, **more})


def test_whoever_has_the_password_begins_where_their_work_is(town: Town, member: str) -> None:
    answer = sign_in(town, member)
    assert answer.status_code == 303 and answer.headers["location"] == "/work"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "Secure" in cookie and "samesite=lax" in cookie.lower()


@pytest.mark.parametrize("email", ["kim@town.example", "nobody@town.example", "", "x" * 5000])
def test_a_wrong_password_is_refused_in_the_same_words_for_everyone(town: Town, member: str, email: str) -> None:
    answer = sign_in(town, email, "not the password")
    assert answer.status_code == 422
    assert "horen niet bij elkaar" in answer.text and "set-cookie" not in answer.headers


def test_one_comes_back_to_where_one_wanted_to_go(town: Town, member: str) -> None:
    asked = town.client.get("/live?from=2026-01-01")
    assert asked.headers["location"] == "/sign-in?next=%2Flive%3Ffrom%3D2026-01-01"
    assert sign_in(town, member, next="/live?from=2026-01-01").headers["location"] == "/live?from=2026-01-01"


@pytest.mark.parametrize("next", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_led_elsewhere(town: Town, member: str, next: str) -> None:
    assert sign_in(town, member, next=next).headers["location"] == "/work"


@pytest.mark.parametrize("longer_than", [IDLE, LONGEST])
def test_a_session_ends_by_itself(town: Town, longer_than: timedelta) -> None:
    town.sign_in(LEADERSHIP)
    assert town.client.get("/sign-in").status_code == 303
    town.clock.now += longer_than
    assert town.client.get("/sign-in").status_code == 200


def test_signing_out_ends_the_session_for_good(town: Town) -> None:
    town.sign_in(LEADERSHIP)
    cookie = f"__Host-session={town.client.cookies['__Host-session']}"
    assert town.client.post("/sign-out", data={"csrf": town.csrf()}).status_code == 303
    assert town.client.get("/sign-in", headers={"Cookie": cookie}).status_code == 200


def test_a_form_without_what_the_session_carries_does_nothing(town: Town) -> None:
    town.sign_in(LEADERSHIP)
    assert town.client.post("/sign-out", data={"csrf": "guessed"}).status_code == 403
    assert town.client.get("/sign-in").status_code == 303


def test_a_form_from_another_site_is_refused(town: Town, member: str) -> None:
    answer = town.client.post(
        "/sign-in", data={"email": member, "password": PASSWORD}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
