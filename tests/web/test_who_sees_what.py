"""Every page and every call, asked for by everyone there is: each gets exactly what their work needs.

The tables name every route of the program: one that is missing here, or is here and nowhere else, fails the first test.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response

from domain.teams.course import MeetingState
from domain.webhooks import Subscription
from domain.words import MeetingId, Role
from readmodel.accounts import Mandate, add_user
from readmodel.database import reading, writing
from readmodel.documents import NewDocument, documents_of, put_documents
from readmodel.meetings import Meeting, plan
from readmodel.photos import Picture, photos_of, put_photos
from readmodel.schema import LETTERS, TOKENS
from readmodel.webhooks import add_webhook
from tests.readmodel.town import HEIDE
from tests.readmodel.town import MEMBER as SOMEONE
from tests.web.people import ADMINISTRATOR, ELSEWHERE, GARDENER, HEAD_ELSEWHERE, LEADERSHIP, MANAGER, STAFF, WARDEN
from tests.web.projects import ROUND, refer
from tests.web.town import DESCRIBED, Town
from web.measuring import API

DAY = timedelta(days=1)
Who = Mandate | None
EVERYONE: tuple[Who, ...] = (None, *STAFF, *ELSEWHERE)

ANYONE = frozenset(EVERYONE)
ALL_STAFF = frozenset[Who]((*STAFF, *ELSEWHERE))
CONCERNED = frozenset[Who](STAFF)
"""By the case of these tests: a lamp in Heide, with the roads department."""
READERS_OF_TEXTS = CONCERNED - {LEADERSHIP}
OF_GREEN = frozenset[Who]({GARDENER, HEAD_ELSEWHERE})
"""Whose advice is asked on the project of these tests, which roads refers."""
TEAM = frozenset[Who]({MANAGER, WARDEN, LEADERSHIP, ADMINISTRATOR})
"""No department sits in the team of Heide here; those that do are in `test_teams`."""
LEADING = frozenset[Who]({MANAGER, ADMINISTRATOR})


def those(*roles: Role) -> frozenset[Who]:
    return frozenset(who for who in ALL_STAFF if who is not None and who.role in roles)


REFERRING = those(Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.PARTNER, Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR)
AT_WORK = those(Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.PARTNER)
WATCHING = those(Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP, Role.ADMINISTRATOR)
TOLD = those(Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP)
ADMINISTRATORS = those(Role.ADMINISTRATOR)
INSPECTING = those(Role.WARDEN, Role.NEIGHBOURHOOD_MANAGER)
BUDGETING = frozenset[Who]({MANAGER, LEADERSHIP, ADMINISTRATOR})
MANAGING = those(Role.NEIGHBOURHOOD_MANAGER, Role.ADMINISTRATOR)
"""Of which neighbourhoods is told in `test_structural_calls`."""
REVOKING = frozenset[Who]({MANAGER, ADMINISTRATOR})

BY_SECRET = {
    "GET /follow/{token}", "GET /follow/{token}/{what}", "POST /follow/{token}/{what}",
    "GET /follow/{token}/photos/{photo_id}", "GET /support/{signed}", "POST /support/{signed}",
    "GET /silence/{signed}", "POST /silence/{signed}", "GET /task/{signed}", "POST /task/{signed}",
    "GET /api/v1/follow/{token}", "POST /api/v1/follow/{token}/feedback", "POST /api/v1/follow/{token}/answer",
    "POST /api/v1/follow/{token}/support", "POST /api/v1/follow/{token}/withdraw",
    "GET /open311/v2/tokens/{token}.{form}", "GET /open311/v2/media/{signed}.jpg", "POST /open311/v2/requests.{form}",
    "POST /api/v1/follow/{token}/adopt", "POST /api/v1/follow/{token}/account", "POST /api/v1/follow/{token}/hand-back",
}  # fmt: skip
"""Whoever holds the secret may; who they are otherwise does not matter. Tested where these pages are."""

OPEN_TO: dict[str, frozenset[Who]] = {
    "GET /": ANYONE,
    "GET /report": ANYONE, "GET /report/where": ANYONE, "GET /report/details": ANYONE,
    "POST /report": ANYONE, "POST /report/where": ANYONE, "POST /report/details": ANYONE, "POST /report/join": ANYONE,
    "GET /offers": ANYONE,
    "GET /follow": ANYONE, "POST /follow": ANYONE,
    "GET /sign-in": ANYONE, "POST /sign-in": ANYONE,
    "GET /healthz": ANYONE, "GET /readyz": ANYONE, "GET /metrics": ANYONE,
    "POST /sign-out": ALL_STAFF,
    "GET /account": ALL_STAFF, "POST /account/password": ALL_STAFF, "POST /account/language": ALL_STAFF,
    "POST /account/elsewhere": ALL_STAFF,
    "GET /take-part": ANYONE, "GET /take-part/{number}": ANYONE, "POST /take-part/{number}": ANYONE,
    "GET /take-part/{number}/documents/{document_id}": ANYONE,
    "GET /projects": ALL_STAFF, "GET /projects/new": REFERRING, "POST /projects/new": REFERRING,
    "GET /projects/{project_id:uuid}/documents/{document_id}": READERS_OF_TEXTS | OF_GREEN,
    "POST /projects/{project_id:uuid}/documents": CONCERNED - {WARDEN, LEADERSHIP},
    "GET /cases": ALL_STAFF, "POST /views": ALL_STAFF, "POST /views/drop": ALL_STAFF,
    "GET /cases/{case_id:uuid}": CONCERNED, "POST /cases/{case_id:uuid}/act": CONCERNED,
    "GET /photos/{photo_id}": READERS_OF_TEXTS,
    "GET /cases/{case_id}/links": REVOKING, "POST /cases/{case_id}/links/revoke": REVOKING,
    "GET /inbox": AT_WORK, "GET /inbox/print": AT_WORK, "POST /inbox/bulk": AT_WORK,
    "POST /inbox/quick": AT_WORK & CONCERNED,
    "GET /inbox/{case_id:uuid}/{assignment}": AT_WORK & CONCERNED,
    "GET /inspections": INSPECTING,
    "GET /escalations": WATCHING, "POST /escalations/together": TOLD,
    "GET /figures": WATCHING, "GET /figures.csv": WATCHING,
    "GET /figures/limits": WATCHING, "GET /figures/limits.csv": WATCHING,
    "GET /figures/by/{group_by}": WATCHING, "GET /figures/by/{group_by}.csv": WATCHING,
    "GET /neighbourhoods/{neighbourhood}/team": TEAM, "POST /neighbourhoods/{neighbourhood}/team/plan": LEADING,
    "GET /neighbourhoods/{neighbourhood}/team/{meeting:uuid}": TEAM,
    "POST /neighbourhoods/{neighbourhood}/team/{meeting:uuid}/{what}": LEADING,
    "GET /api/v1/neighbourhoods/{neighbourhood}/meetings": TEAM, "GET /api/v1/meetings/{meeting}": TEAM,
    "POST /api/v1/neighbourhoods/{neighbourhood}/meetings": LEADING,
    "GET /neighbourhoods/{neighbourhood}/hot-spots": CONCERNED,
    "POST /neighbourhoods/{neighbourhood}/hot-spots": LEADING,
    "GET /structural": MANAGING | those(Role.LEADERSHIP),
    "POST /api/v1/structural": MANAGING, "GET /api/v1/hot-spots": ALL_STAFF,
    "POST /api/v1/hot-spots/{hot_spot}/dismiss": MANAGING,
    "GET /neighbourhoods": ALL_STAFF, "GET /neighbourhoods/{neighbourhood}": CONCERNED,
    "GET /neighbourhoods/{neighbourhood}/profile.pdf": CONCERNED,
    "GET /api/v1/neighbourhoods/{neighbourhood}/profile": CONCERNED,
    "GET /neighbourhoods/{neighbourhood}/budget": BUDGETING,
    "GET /neighbourhoods/{neighbourhood}/budget.csv": BUDGETING,
    "GET /admin": ADMINISTRATORS,
    "GET /admin/users": ADMINISTRATORS, "GET /admin/users/new": ADMINISTRATORS, "POST /admin/users/new": ADMINISTRATORS,
    "GET /admin/users/{id}": ADMINISTRATORS, "POST /admin/users/{id}": ADMINISTRATORS,
    "POST /admin/users/{id}/password": ADMINISTRATORS, "POST /admin/users/{id}/disable": ADMINISTRATORS,
    "POST /admin/users/{id}/enable": ADMINISTRATORS, "POST /admin/users/{id}/sign-out": ADMINISTRATORS,
    "GET /admin/tokens": ADMINISTRATORS, "POST /admin/tokens": ADMINISTRATORS,
    "POST /admin/tokens/{id}/revoke": ADMINISTRATORS,
    "GET /admin/webhooks": ADMINISTRATORS, "POST /admin/webhooks": ADMINISTRATORS,
    "GET /admin/webhooks/{id}": ADMINISTRATORS, "POST /admin/webhooks/{id}/{what}": ADMINISTRATORS,
    "GET /admin/calendar": ADMINISTRATORS, "GET /admin/city": ADMINISTRATORS,
    "GET /admin/letters": ADMINISTRATORS, "POST /admin/letters/resend": ADMINISTRATORS,
    "GET /admin/letters/examples": ADMINISTRATORS, "GET /admin/letters/examples/{name}": ADMINISTRATORS,
    "GET /admin/letters/examples/{name}/html": ADMINISTRATORS,
    "GET /admin/letters/{id}": ADMINISTRATORS, "GET /admin/letters/{id}/html": ADMINISTRATORS,
    "GET /open311/v2/discovery.{form}": ANYONE, "GET /open311/v2/services.{form}": ANYONE,
    "GET /open311/v2/services/{code}.{form}": ANYONE, "GET /open311/v2/requests.{form}": ANYONE,
    "GET /open311/v2/requests/{request}.{form}": ANYONE,
    "GET /api/v1/docs": ANYONE, "GET /api/v1/openapi.json": ANYONE,
    "POST /api/v1/cases": ANYONE, "GET /api/v1/cases": ALL_STAFF,
    "GET /api/v1/cases/{case_id}": CONCERNED, "POST /api/v1/cases/{case_id}/commands": CONCERNED,
    "GET /api/v1/cases/{case_id}/duplicates": CONCERNED,
    "GET /api/v1/photos/{photo_id}": READERS_OF_TEXTS,
    "GET /api/v1/projects/{project}/documents/{document_id}": ANYONE,
    "GET /api/v1/cases/{case_id}/documents/{document_id}": READERS_OF_TEXTS | OF_GREEN,
    "POST /api/v1/cases/{case_id}/documents": CONCERNED - {WARDEN, LEADERSHIP},
    "GET /api/v1/projects/{project}/participation": ANYONE, "POST /api/v1/projects/{project}/reactions": ANYONE,
    "GET /api/v1/offers": ANYONE, "POST /api/v1/offers/{case_id}/adopt": ANYONE,
    "GET /api/v1/escalations": ALL_STAFF, "GET /api/v1/events": ALL_STAFF, "GET /api/v1/throughput": WATCHING,
    "GET /api/v1/limits": WATCHING,
}  # fmt: skip
STREAMS = {"GET /live", "GET /api/v1/events/stream"}
"""Endless where they are open; what they tell is tested where they are. Nobody else gets in."""
OF_OFFERS = {"GET /offers/{number}", "POST /offers/{number}"}
"""For all, where something is offered: tested with the offers."""
ONLY_WITH_SETTINGS = {"POST /sign-in/demonstration", "GET /sign-in/oidc", "GET /sign-in/oidc/back"}
"""There only in a demonstration, or with a provider: tested with those."""

Place = dict[str, str]


def routes_of(routes: Any, prefix: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {prefix}{route.path}" for method in route.methods or ())
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, prefix + route.include_context.prefix)


@pytest.fixture(scope="module")
def known(built: Town) -> set[str]:
    return {*routes_of(built.client.app.routes), f"GET {API}/openapi.json"}  # type: ignore[attr-defined]


@pytest.fixture
def place(town: Town) -> Place:
    """What the braces of an address stand for."""
    case_id = town.report(**DESCRIBED)["case_id"]
    picture = Picture(b"content", b"small", 1, 1)
    for who in ALL_STAFF:
        town.sign_in(who)  # type: ignore[arg-type]
    town.client.cookies.clear()
    project = refer(town, participation=ROUND)
    town.token(LEADERSHIP)
    with writing(town.context.database) as session:
        user = add_user(session, "nobody@town.example", "Nobody", Mandate(Role.WARDEN), None, town.clock()).id
        put_photos(session, case_id, [picture], SOMEONE, town.clock())
        photo = photos_of(session, case_id)[0].photo_id
        put_documents(
            session, project["case_id"], [NewDocument("a.pdf", "application/pdf", b"%PDF-")], SOMEONE, town.clock()
        )
        document = documents_of(session, project["case_id"])[0].id
        meeting = MeetingId(str(uuid4()))
        webhook = add_webhook(
            session, "Website", "https://town.example", "a@town.example", Subscription(), town.clock()
        )
        plan(session, Meeting(meeting, HEIDE, town.clock() + DAY, "Hall", MeetingState.PLANNED), None, town.clock())
    with reading(town.context.database) as session:
        letter = session.execute(LETTERS.select().with_only_columns(LETTERS.c.id)).scalars().first()
        token = session.execute(TOKENS.select().with_only_columns(TOKENS.c.id)).scalars().first()
    return {
        "case_id": case_id, "photo_id": photo, "assignment": "a1", "group_by": "service", "name": "receipt",
        "project": project["number"], "number": project["number"], "project_id": project["case_id"],
        "document_id": document,
        "letter": str(letter), "user": user, "token": token or "", "webhook": webhook.id,
        "neighbourhood": HEIDE, "meeting": meeting, "what": "begin", "hot_spot": "none",
        "form": "json", "code": "lamp", "request": case_id,
    }  # fmt: skip


def asked(town: Town, route: str, place: Place, who: Who) -> Response:
    method, path = route.split(" ")
    named = {"letters": "letter", "tokens": "token", "webhooks": "webhook"}
    filled = dict(place, id=place[next((name for part, name in named.items() if part in path), "user")])
    if "webhooks" in path:
        filled["what"] = "test"
    if "documents" in path:
        filled["case_id"] = place["project_id"]
    address = path.replace(":uuid", "").format(**filled)
    town.client.cookies.clear()
    if path.startswith(API):
        body: dict[str, Any] = {} if method == "GET" else {"json": {"command": "comment", "note": "x", "public": False}}
        return town.client.request(method, address, headers=town.as_(who), **body)
    form = {"command": "comment", "note": "x", "page": "/cases", "name": "x", "do": f"accept {place['case_id']}.a1"}
    if who is not None:
        town.sign_in(who)
        form["csrf"] = town.csrf()
    return town.client.request(method, address, data=None if method == "GET" else form)


def shut(answer: Response) -> bool:
    """Nothing was given: refused, unknown, or asked to sign in."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return answer.status_code in (401, 403, 404) or to_sign_in


def test_the_tables_name_every_route_and_no_other(known: set[str]) -> None:
    named = {*OPEN_TO, *BY_SECRET, *STREAMS, *OF_OFFERS, *ONLY_WITH_SETTINGS}
    assert known - ONLY_WITH_SETTINGS == named - ONLY_WITH_SETTINGS


@pytest.mark.parametrize("route", sorted(OPEN_TO))
def test_each_gets_what_their_work_needs_and_no_more(town: Town, place: Place, route: str) -> None:
    if route == "POST /sign-out":
        assert shut(asked(town, route, place, None))
        return
    let_in = {who for who in EVERYONE if not shut(asked(town, route, place, who))}
    assert let_in == OPEN_TO[route]


@pytest.mark.parametrize("route", sorted(STREAMS))
def test_streams_are_for_staff(town: Town, place: Place, route: str) -> None:
    assert shut(asked(town, route, place, None))


@pytest.mark.parametrize(
    "route", sorted(r for r in OPEN_TO if OPEN_TO[r] is not ANYONE and r.startswith("POST /") and API not in r)
)
def test_no_form_is_taken_without_what_the_session_carries(town: Town, place: Place, route: str) -> None:
    town.sign_in(ADMINISTRATOR)
    path = route.removeprefix("POST ").replace(":uuid", "")
    filled = dict(place, id=place["user"])
    assert town.client.post(path.format(**filled), data={"csrf": "guessed"}).status_code in (403, 404)


def test_what_is_not_there_and_what_is_not_yours_look_alike(town: Town, place: Place) -> None:
    town.sign_in(ELSEWHERE[0])
    there, nowhere = (town.client.get(f"/cases/{id}") for id in (place["case_id"], uuid4()))
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
