"""What administrators do: people, tokens, and reading the city as the engine understands it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

from domain.words import Role
from domain.working_time import Calendar
from readmodel.accounts import add_user, user_by_id
from readmodel.database import reading, writing
from readmodel.schema import SESSIONS, TOKENS, USERS
from readmodel.sessions import begin_session
from tests.readmodel.town import HEIDE, ROADS, rows
from tests.web.people import ADMINISTRATOR, HEAD, MANAGER, STAFF
from tests.web.town import Town
from web.app import create_app

PASSWORD = "a long enough password"
PAGES = ("/admin", "/admin/users", "/admin/users/new", "/admin/tokens", "/admin/calendar", "/admin/city")
AN = {"name": "An", "email": "An@town.example", "role": "department_head", "department": ROADS}


@pytest.fixture
def admin(town: Town) -> Town:
    town.sign_in(ADMINISTRATOR)
    return town


def post(town: Town, path: str, fields: Mapping[str, str] | None = None) -> Response:
    return town.client.post(path, data={"csrf": town.csrf(), **(fields or {})})


def added(town: Town, email: str = "an@town.example", password: str | None = PASSWORD) -> str:
    with writing(town.context.database) as session:
        return add_user(session, email, "An", HEAD, password, town.clock()).id


def once_in(page: Response) -> str:
    [secret] = re.findall(r'class="secret"><code>([^<]+)<', page.text)
    return str(secret)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_pages_are_there_in_every_language(admin: Town, path: str, lang: str) -> None:
    assert admin.client.get(path, params={"lang": lang}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_they_are_for_administrators_only(town: Town, path: str) -> None:
    assert town.client.get(path).status_code == 303
    for mandate in set(STAFF) - {ADMINISTRATOR}:
        town.sign_in(mandate)
        assert town.client.get(path).status_code == 403


def test_acts_are_for_administrators_only(town: Town) -> None:
    id = added(town)
    town.sign_in(HEAD)
    for path in ("/new", f"/{id}", f"/{id}/password", f"/{id}/disable", f"/{id}/enable", f"/{id}/sign-out"):
        assert post(town, f"/admin/users{path}", AN).status_code == 403
    assert post(town, "/admin/tokens", {"label": "x", "role": "leadership"}).status_code == 403
    assert rows(town.context.database, TOKENS) == []


def test_a_new_person_gets_a_password_for_one_time_and_chooses_their_own(admin: Town) -> None:
    once = once_in(post(admin, "/admin/users/new", AN))
    client = admin.client
    client.cookies.clear()
    answer = client.post("/sign-in", data={"email": "an@town.example", "password": once})
    assert answer.headers["location"] == "/account"
    assert client.get("/cases").headers["location"] == "/account"
    fields = {"now": once, "new": PASSWORD, "again": PASSWORD}
    assert post(admin, "/account/password", fields).status_code == 303
    assert client.get("/account").status_code == 200 and client.get("/sign-in").headers["location"] == "/inbox"
    client.cookies.clear()
    assert client.post("/sign-in", data={"email": "an@town.example", "password": once}).status_code == 422


def test_a_password_for_one_time_lapses(admin: Town) -> None:
    once = once_in(post(admin, "/admin/users/new", AN))
    admin.clock.pass_(days=7)
    admin.client.cookies.clear()
    assert admin.client.post("/sign-in", data={"email": "an@town.example", "password": once}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Vul een naam in"),
        ({"email": "an"}, "geen e-mailadres"),
        ({"role": "resident"}, "Kies een rol"),
        ({"department": "nowhere"}, "hoort bij een dienst"),
        ({"role": "warden", "in-nowhere": "on"}, "wijk bestaat niet"),
    ],
)
def test_a_form_with_a_mistake_adds_nobody(admin: Town, wrong: dict[str, str], said: str) -> None:
    answer = post(admin, "/admin/users/new", {**AN, **wrong})
    assert answer.status_code == 422 and said in answer.text
    assert len(rows(admin.context.database, USERS)) == 1


def test_an_address_has_one_account(admin: Town) -> None:
    added(admin)
    answer = post(admin, "/admin/users/new", AN)
    assert answer.status_code == 422 and "al een account" in answer.text


def test_another_mandate_holds_at_once(admin: Town) -> None:
    id = added(admin)
    fields = {"name": "An P.", "role": "neighbourhood_manager", f"in-{HEIDE}": "on", "language": "en"}
    assert post(admin, f"/admin/users/{id}", fields).status_code == 303
    with reading(admin.context.database) as session:
        user = user_by_id(session, id)
    assert user is not None and (user.name, user.mandate, user.language) == ("An P.", MANAGER, "en")


def test_a_disabled_person_is_out_at_once_until_enabled(admin: Town) -> None:
    id = added(admin)
    with writing(admin.context.database) as session:
        user = user_by_id(session, id)
        assert user is not None
        begin_session(session, user, admin.clock())
    assert post(admin, f"/admin/users/{id}/disable").status_code == 303
    assert [row["user_id"] for row in rows(admin.context.database, SESSIONS)] != [id]
    attempt = {"email": "an@town.example", "password": PASSWORD}
    assert admin.client.post("/sign-in", data=attempt).status_code == 422
    assert post(admin, f"/admin/users/{id}/enable").status_code == 303
    assert admin.client.post("/sign-in", data=attempt).status_code == 303


def test_the_last_administrator_stays(admin: Town) -> None:
    with writing(admin.context.database) as session:
        last = add_user(session, "last@town.example", "Last", ADMINISTRATOR, PASSWORD, admin.clock())
    answer = post(admin, f"/admin/users/{last.id}/disable")
    assert answer.status_code == 409 and "enige beheerder" in answer.text
    assert post(admin, f"/admin/users/{last.id}", {"name": "Last", "role": "leadership"}).status_code == 422
    with writing(admin.context.database) as session:
        add_user(session, "other@town.example", "Other", ADMINISTRATOR, PASSWORD, admin.clock())
    assert post(admin, f"/admin/users/{last.id}/disable").status_code == 303


def test_another_password_signs_out_everywhere(admin: Town) -> None:
    id = added(admin)
    with writing(admin.context.database) as session:
        user = user_by_id(session, id)
        assert user is not None
        begin_session(session, user, admin.clock())
    once = once_in(post(admin, f"/admin/users/{id}/password"))
    assert id not in [row["user_id"] for row in rows(admin.context.database, SESSIONS)]
    assert once not in str(rows(admin.context.database, USERS))
    assert once not in admin.client.get(f"/admin/users/{id}").text


def test_the_list_finds_people(admin: Town) -> None:
    added(admin)
    assert "an@town.example" in admin.client.get("/admin/users?q=AN@").text
    assert "an@town.example" not in admin.client.get("/admin/users?q=nobody").text
    assert "an@town.example" in admin.client.get("/admin/users?who=never").text
    assert "an@town.example" not in admin.client.get("/admin/users?who=disabled").text


def test_who_is_not_there_is_not_found(admin: Town) -> None:
    assert admin.client.get("/admin/users/user:nobody").status_code == 404
    assert post(admin, "/admin/users/user:nobody/disable").status_code == 404


def test_a_token_is_shown_once_works_and_is_revoked(admin: Town) -> None:
    made = post(admin, "/admin/tokens", {"label": "our system", "role": "department", "department": ROADS})
    token = once_in(made)
    bearer = {"Authorization": f"Bearer {token}"}
    assert admin.client.get("/api/v1/cases", headers=bearer).status_code == 200
    page = admin.client.get("/admin/tokens").text
    assert token not in page and "our system" in page and "nog niet" not in page
    [kept] = rows(admin.context.database, TOKENS)
    assert kept["used_at"] == admin.clock()
    assert post(admin, f"/admin/tokens/{kept['id']}/revoke").status_code == 303
    assert admin.client.get("/api/v1/cases", headers=bearer).status_code == 401


@pytest.mark.parametrize("wrong", [{"label": ""}, {"role": "boss"}, {"department": ""}])
def test_a_token_for_nothing_is_not_made(admin: Town, wrong: dict[str, str]) -> None:
    fields = {"label": "x", "role": "department", "department": ROADS, **wrong}
    assert post(admin, "/admin/tokens", fields).status_code == 422
    assert rows(admin.context.database, TOKENS) == []


def test_acts_are_written_down_without_secrets(admin: Town) -> None:
    with capture_logs() as lines:
        once = once_in(post(admin, "/admin/users/new", AN))
        id = next(row["id"] for row in rows(admin.context.database, USERS) if row["role"] == Role.DEPARTMENT_HEAD)
        post(admin, f"/admin/users/{id}/disable")
    assert [line["event"] for line in lines] == ["user added", "user disabled"]
    assert all(line["account"] == id and line["by"] and line["address"] for line in lines)
    assert once not in str(lines)


def test_the_city_is_shown_as_the_engine_understands_it(admin: Town) -> None:
    page = admin.client.get("/admin/city?lang=en").text
    assert all(f'id="department-{id}"' in page for id in admin.context.city.departments)
    assert all(f'id="service-{code}"' in page for code in admin.context.city.services)
    assert all(f'id="policy-{name}"' in page for name in admin.context.city.policies)
    assert page.count("<path") == len(admin.context.city.neighbourhoods)


def test_the_calendar_tells_whether_it_is_open(admin: Town) -> None:
    mornings = Calendar("Europe/Brussels", (((8 * 3600, 12 * 3600),),) * 5 + ((),) * 2, (date(2026, 3, 3),))
    city = replace(admin.context.city, hours=mornings)
    with TestClient(create_app(replace(admin.context, city=city)), "https://town.example") as client:
        client.cookies = admin.client.cookies
        page = client.get("/admin/calendar?lang=en").text
        assert "open now" in page and "08:00–12:00" in page and "Tue 3 Mar" in page
        admin.clock.pass_(hours=3)
        assert "closed until Wed 4 Mar, 8:00" in client.get("/admin/calendar?lang=en").text


def test_what_needs_attention_comes_first(admin: Town) -> None:
    added(admin, "quiet@town.example", password=None)
    page = admin.client.get("/admin?lang=en").text
    assert "People who cannot sign in" in page and "/admin/letters" in page
