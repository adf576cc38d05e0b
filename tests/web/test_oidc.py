"""Coming in through the city's own sign-in, played by a real provider over HTTP."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread

from configuration.settings import Settings
from domain.words import Role
from readmodel.accounts import Mandate, add_user, user_by_email
from readmodel.database import reading, writing
from readmodel.schema import USERS
from readmodel.staff import disable_user
from tests.readmodel.town import CITY, DORP, HEIDE, ROADS, rows
from tests.web.people import ADMINISTRATOR, LEADERSHIP, MEMBER
from tests.web.town import Town
from web.app import create_app
from web.signin.claims import mandate_in
from web.signin.identity import NotBelieved, UnknownKey, believed

pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
"""Of the provider's own making: it runs in this process."""
HOST = "https://town.example"
MANAGER = ["warden", f"neighbourhood_manager:{HEIDE}", "unknown:thing"]
PEOPLE = [
    User(
        sub="kim",
        claims={
            "name": "Kim Claes",
            "email": "kim@town.example",
            "locale": "en-GB",
            "realm_access": {"roles": MANAGER},
            "roles": [f"department:{ROADS}"],
        },
    ),
    User(sub="visitor", claims={"name": "Jo", "email": "jo@town.example", "roles": ["mayor", "department:nowhere"]}),
]


@dataclass
class Door:
    """The town with single sign-on, and a browser before it."""

    town: Town
    client: TestClient
    issuer: str

    def away(self, next: str = "") -> str:
        """The address at the provider to which the browser is sent."""
        answer = self.client.get("/sign-in/oidc", params={"next": next})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def at_provider(self, address: str, sub: str = "kim") -> str:
        """Signs in there; the address with which the provider sends the browser back."""
        answer = httpx2.post(address, data={"sub": sub}, follow_redirects=False)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["location"].removeprefix(HOST)

    def come_in(self, sub: str = "kim", next: str = "") -> httpx2.Response:
        return self.client.get(self.at_provider(self.away(next), sub))

    @property
    def signed_in(self) -> bool:
        return self.client.get("/account").status_code == 200


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    before = os.environ.get("AUTHLIB_INSECURE_TRANSPORT")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]
    if before is not None:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = before


def opened(town: Town, issuer: str, **more: Any) -> TestClient:
    town.clock.now = datetime.now(UTC)
    named = {"oidc_issuer": issuer, "oidc_client_id": "aanjager", "oidc_client_secret": "hush", **more}
    settings = Settings(data=town.context.settings.data, public_url=HOST, public_rate=100_000, **named)
    app = create_app(replace(town.context, settings=settings))
    return TestClient(app, HOST, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def door(town: Town, issuer: str) -> Iterator[Door]:
    with opened(town, issuer) as client:
        yield Door(town, client, issuer)


def test_whoever_the_city_knows_comes_in_with_the_role_it_gives(door: Door) -> None:
    answer = door.come_in(next="/cases?page=2")
    assert answer.status_code == 303 and answer.headers["location"] == "/cases?page=2"
    [user] = rows(door.town.context.database, USERS)
    assert (user["name"], user["email"], user["language"]) == ("Kim Claes", "kim@town.example", "en")
    assert (user["role"], user["department"], user["issuer"], user["subject"]) == (
        "department", ROADS, door.issuer, "kim",
    )  # fmt: skip
    assert door.signed_in


def test_the_request_is_proved_and_bound_to_this_attempt(door: Door) -> None:
    asked = parse_qs(urlsplit(door.away()).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert asked["response_type"] == ["code"] and "openid" in asked["scope"][0]
    assert asked["redirect_uri"] == [f"{HOST}/sign-in/oidc/back"]
    again = parse_qs(urlsplit(door.away()).query)
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != again[name]


def test_a_role_may_stand_deeper_in_the_claims(town: Town, issuer: str) -> None:
    with opened(town, issuer, oidc_roles_claim="realm_access.roles") as client:
        assert Door(town, client, issuer).come_in().headers["location"] == "/escalations"
    with reading(town.context.database) as session:
        user = user_by_email(session, "kim@town.example")
    assert user is not None and user.mandate == Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (HEIDE,))


def test_coming_in_again_is_the_same_person_with_what_holds_today(door: Door) -> None:
    door.come_in()
    httpx2.put(f"{door.issuer}/users/kim", json={**PEOPLE[0].claims, "name": "Kim C.", "roles": ["leadership"]})
    try:
        assert door.come_in().headers["location"] == "/figures"
    finally:
        httpx2.put(f"{door.issuer}/users/kim", json=dict(PEOPLE[0].claims))
    [user] = rows(door.town.context.database, USERS)
    assert (user["name"], user["role"], user["department"]) == ("Kim C.", "leadership", None)


def test_an_account_without_a_valid_role_is_told_so(door: Door) -> None:
    answer = door.come_in("visitor")
    assert answer.status_code == 403 and "geen rol" in answer.text and "jo@town.example" in answer.text
    assert rows(door.town.context.database, USERS) == [] and not door.signed_in


def test_whoever_loses_their_role_is_signed_out_everywhere(door: Door) -> None:
    door.come_in()
    other = door.client.cookies["__Host-session"]
    httpx2.put(f"{door.issuer}/users/kim", json={**PEOPLE[0].claims, "roles": []})
    try:
        assert door.come_in().status_code == 403
    finally:
        httpx2.put(f"{door.issuer}/users/kim", json=dict(PEOPLE[0].claims))
    assert door.client.get("/account", headers={"Cookie": f"__Host-session={other}"}).status_code == 303


def test_a_disabled_account_stays_out(door: Door) -> None:
    door.come_in()
    [user] = rows(door.town.context.database, USERS)
    with writing(door.town.context.database) as session:
        disable_user(session, user["id"], door.town.clock())
    answer = door.come_in()
    assert answer.status_code == 403 and "afgesloten" in answer.text and not door.signed_in


def test_an_account_that_awaited_its_owner_becomes_theirs(door: Door) -> None:
    with writing(door.town.context.database) as session:
        waiting = add_user(session, "kim@town.example", "Kim", LEADERSHIP, None, door.town.clock())
    assert door.come_in().status_code == 303
    [user] = rows(door.town.context.database, USERS)
    assert (user["id"], user["subject"], user["role"]) == (waiting.id, "kim", "department")


def test_an_account_with_a_password_is_nobody_elses(door: Door) -> None:
    with writing(door.town.context.database) as session:
        add_user(session, "kim@town.example", "Kim", ADMINISTRATOR, "a long enough password", door.town.clock())
    answer = door.come_in()
    assert answer.status_code == 403 and "al in gebruik" in answer.text and not door.signed_in


def test_passwords_still_let_in_whoever_has_one(door: Door) -> None:
    with writing(door.town.context.database) as session:
        add_user(session, "key@town.example", "Key", ADMINISTRATOR, "a long enough password", door.town.clock())
    assert 'href="/sign-in/oidc"' in door.client.get("/sign-in").text
    answer = door.client.post("/sign-in", data={"email": "key@town.example", "password": "a long enough password"})
    assert answer.headers["location"] == "/admin"


@pytest.mark.parametrize("state", ["", "guessed"])
def test_an_answer_to_another_attempt_is_refused(door: Door, state: str) -> None:
    back = door.at_provider(door.away())
    path, query = back.split("?")
    answer = door.client.get(f"{path}?{urlencode({**{k: v[0] for k, v in parse_qs(query).items()}, 'state': state})}")
    assert answer.status_code == 400 and not door.signed_in


def test_an_answer_in_another_browser_is_refused(door: Door) -> None:
    back = door.at_provider(door.away())
    door.client.cookies.clear()
    assert door.client.get(back).status_code == 400 and not door.signed_in


def test_an_answer_works_once(door: Door) -> None:
    address = door.away()
    kept = door.client.cookies["__Host-away"]
    back = door.at_provider(address)
    assert door.client.get(back).status_code == 303
    assert "__Host-away" not in door.client.cookies
    door.client.cookies.clear()
    assert door.client.get(back).status_code == 400
    replayed = door.client.get(back, headers={"Cookie": f"__Host-away={kept}"})
    assert replayed.status_code == 400 and "al gebruikt" in replayed.text and not door.signed_in


def test_an_identity_made_for_another_attempt_is_refused(door: Door) -> None:
    address = door.away()
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    altered = parts._replace(query=urlencode({**asked, "nonce": "another"})).geturl()
    assert door.client.get(door.at_provider(altered)).status_code == 400 and not door.signed_in


def test_whoever_stops_at_the_provider_is_told_how_to_go_on(door: Door) -> None:
    state = parse_qs(urlsplit(door.away()).query)["state"][0]
    answer = door.client.get("/sign-in/oidc/back", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 400 and "afgebroken" in answer.text


def test_nobody_is_led_elsewhere_after_coming_in(door: Door) -> None:
    assert door.come_in(next="https://elsewhere.example").headers["location"] == "/inbox"


def test_a_silent_provider_is_a_page_and_not_a_failure(town: Town) -> None:
    with opened(town, "http://localhost:9") as client:
        answer = client.get("/sign-in/oidc")
        assert answer.status_code == 503 and "antwoordt niet" in answer.text and answer.headers["retry-after"]
        assert client.get("/sign-in").status_code == 200


def test_an_issuer_that_calls_itself_otherwise_is_not_used(town: Town, issuer: str) -> None:
    with opened(town, issuer.replace("localhost", "127.0.0.1") + "/elsewhere") as client:
        assert client.get("/sign-in/oidc").status_code == 503


def test_signing_out_offers_to_sign_out_of_the_city_too(door: Door) -> None:
    door.come_in()
    door.town.client.cookies = door.client.cookies
    answer = door.client.post("/sign-out", data={"csrf": door.town.csrf()})
    assert answer.headers["location"] == "/sign-in/oidc/out" and not door.signed_in
    page = door.client.get("/sign-in/oidc/out").text
    assert f"{door.issuer}/oauth2/end_session?client_id=aanjager" in page


# What an ID token must say.

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
CLAIMS = {"iss": "https://id.example", "sub": "kim", "aud": "aanjager", "nonce": "n", "iat": 0, "exp": 0}


def token(key: Any = KEY, alg: str = "RS256", kid: str = "one", **changes: Any) -> str:
    now = int(NOW.timestamp())
    claims = {**CLAIMS, "iat": now, "exp": now + 300, **changes}
    return jwt.encode({"alg": alg, "kid": kid}, {k: v for k, v in claims.items() if v is not None}, key)


def read(id_token: str) -> Any:
    return believed(
        id_token,
        KeySet([KEY]),
        algorithms=("RS256", "HS256", "none"),
        issuer="https://id.example",
        client_id="aanjager",
        nonce="n",
        access_token=None,
        now=NOW,
    )


def test_a_sound_token_is_believed() -> None:
    assert read(token())["sub"] == "kim"
    assert read(token(aud=["aanjager", "other"], azp="aanjager"))["sub"] == "kim"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": ["aanjager", "other"], "azp": "other"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int((NOW - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_token_for_anything_else_is_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotBelieved):
        read(token(**wrong))


def test_a_token_that_the_provider_did_not_sign_is_not_believed() -> None:
    with pytest.raises(NotBelieved):
        read(token(RSAKey.generate_key(2048, parameters={"kid": "one"})))
    with pytest.raises(UnknownKey):
        read(token(RSAKey.generate_key(2048, parameters={"kid": "two"}), kid="two"))
    with pytest.raises(NotBelieved):
        read(token(OctKey.generate_key(256, parameters={"kid": "one"}), alg="HS256"))
    header, body, _ = token().split(".")
    for broken in (f"eyJhbGciOiJub25lIn0.{body}.", f"{header}.{body}.", "", "x", f"{token()}x"):
        with pytest.raises(NotBelieved):
            read(broken)


@pytest.mark.parametrize(
    ("values", "mandate"),
    [
        ([f"department:{ROADS}"], MEMBER),
        (["department", "department:nowhere", "leadership:x", 7, None, "resident"], None),
        (["leadership", "administrator"], ADMINISTRATOR),
        ("leadership warden", LEADERSHIP),
        ([f"neighbourhood_manager:{HEIDE}", f"neighbourhood_manager:{DORP}"], (HEIDE, DORP)),
        ([f"neighbourhood_manager:{HEIDE},nowhere"], (HEIDE,)),
        (["neighbourhood_manager:nowhere", "neighbourhood_manager:"], None),
        (["neighbourhood_manager", f"neighbourhood_manager:{HEIDE}"], ()),
        ({"role": "leadership"}, None),
        (None, None),
    ],
)
def test_roles_are_read_from_what_the_city_tells(values: Any, mandate: Any) -> None:
    if isinstance(mandate, tuple):
        mandate = Mandate(Role.NEIGHBOURHOOD_MANAGER, None, tuple(sorted(mandate)))
    assert mandate_in({"roles": values}, "roles", CITY) == mandate
    assert mandate_in({"a": {"b": values}}, "a.b", CITY) == mandate
    assert mandate_in({"https://x.example/roles": values}, "https://x.example/roles", CITY) == mandate
