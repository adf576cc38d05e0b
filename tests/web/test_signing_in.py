"""Signing in with a password: what it gives, and what it withholds."""

from datetime import timedelta

import pytest
from httpx2 import Response
from structlog.testing import capture_logs

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
    assert answer.status_code == 303 and answer.headers["location"] == "/inbox"
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
    assert sign_in(town, member, next=next).headers["location"] == "/inbox"


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


def test_guessing_one_account_is_slowed_down(town: Town, member: str) -> None:
    for _ in range(5):
        assert sign_in(town, "slow@town.example", "wrong wrong wrong").status_code == 422
    answer = sign_in(town, "Slow@town.example", "wrong wrong wrong")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    assert f"{answer.headers['retry-after']} seconden" in answer.text
    assert sign_in(town, member).status_code == 303
    town.clock.pass_(seconds=int(answer.headers["retry-after"]))
    assert sign_in(town, "slow@town.example", "wrong wrong wrong").status_code == 422


def test_attempts_are_written_down_without_the_password(town: Town, member: str) -> None:
    with capture_logs() as lines:
        sign_in(town, member, "not the password")
        sign_in(town, "nobody@town.example", "my own secret")
        sign_in(town, member)
        town.client.post("/sign-out", data={"csrf": town.csrf()})
    assert [line["event"] for line in lines] == ["sign-in failed", "sign-in failed", "signed in", "signed out"]
    assert lines[0]["account"] == lines[2]["account"] == lines[3]["by"] and lines[1]["account"] is None
    assert not any(secret in str(lines) for secret in (PASSWORD, "not the password", "my own secret", "nobody@"))


def test_signing_in_gives_another_session_and_ends_the_one_before(town: Town, member: str) -> None:
    sign_in(town, member)
    before = town.client.cookies["__Host-session"]
    sign_in(town, member)
    assert town.client.cookies["__Host-session"] != before
    assert town.client.get("/account", headers={"Cookie": f"__Host-session={before}"}).status_code == 303


def test_a_session_that_somebody_planted_is_never_taken_over(town: Town, member: str) -> None:
    town.client.cookies.set("__Host-session", "planted", domain="town.example")
    sign_in(town, member)
    town.client.cookies.clear()
    assert town.client.get("/account", headers={"Cookie": "__Host-session=planted"}).status_code == 303


NEW = "another long password"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"now": "wrong"}, "huidige wachtwoord klopt niet"),
        ({"again": "something else here"}, "niet gelijk"),
        ({"new": "short", "again": "short"}, "te kort"),
        ({"new": "a" * 20, "again": "a" * 20}, "te eenvoudig"),
        ({"new": "kim@town.example", "again": "kim@town.example"}, "lijkt te veel"),
        ({"new": PASSWORD, "again": PASSWORD}, "hetzelfde"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    town: Town, member: str, fields: dict[str, str], said: str
) -> None:
    sign_in(town, member)
    form = {"csrf": town.csrf(), "now": PASSWORD, "new": NEW, "again": NEW, **fields}
    answer = town.client.post("/account/password", data=form)
    assert answer.status_code == 422 and said in answer.text
    assert sign_in(town, member).status_code == 303


def test_another_password_holds_at_once_and_ends_other_sessions(town: Town, member: str) -> None:
    sign_in(town, member)
    elsewhere = town.client.cookies["__Host-session"]
    town.client.cookies.clear()
    sign_in(town, member)
    answer = town.client.post(
        "/account/password", data={"csrf": town.csrf(), "now": PASSWORD, "new": NEW, "again": NEW}
    )
    assert answer.headers["location"] == "/account?said=password"
    assert town.client.get("/account?said=password").status_code == 200
    assert town.client.get("/account", headers={"Cookie": f"__Host-session={elsewhere}"}).status_code == 303
    assert sign_in(town, member).status_code == 422
    assert sign_in(town, member, NEW).status_code == 303


def test_one_sees_where_one_is_signed_in_and_ends_it(town: Town, member: str) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"}
    town.client.post("/sign-in", data={"email": member, "password": PASSWORD}, headers=phone)
    elsewhere = town.client.cookies["__Host-session"]
    town.client.cookies.clear()
    sign_in(town, member)
    assert "Firefox, Android" in town.client.get("/account").text
    assert town.client.post("/account/elsewhere", data={"csrf": town.csrf()}).status_code == 303
    assert "Firefox, Android" not in town.client.get("/account").text
    assert town.client.get("/account", headers={"Cookie": f"__Host-session={elsewhere}"}).status_code == 303


def test_ones_own_language_is_kept_with_the_account(town: Town, member: str) -> None:
    sign_in(town, member)
    town.client.get("/account?lang=nl")
    answer = town.client.post("/account/language", data={"csrf": town.csrf(), "language": "en"})
    assert "Your language was kept" in town.client.get(answer.headers["location"]).text
    assert town.client.post("/account/language", data={"csrf": town.csrf(), "language": "xx"}).status_code == 422
