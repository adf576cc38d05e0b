"""Photos from the form to those who may see them, and no further."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Route

from domain.actor import Actor
from domain.refusal import Refused
from domain.words import CaseId, Solved
from readmodel.accounts import Mandate, add_user
from readmodel.database import writing
from readmodel.erasure import erase
from readmodel.followers import add_follower
from readmodel.letters import FollowerRole
from readmodel.origin import NewFollower
from readmodel.photos import MOST, Picture
from readmodel.schema import CASES, NOTES, PHOTOS
from readmodel.sessions import begin_session
from tests.readmodel.town import rows
from tests.web.images import from_a_telephone, jpeg
from tests.web.people import ELSEWHERE, LEADERSHIP, MANAGER, MEMBER, STAFF
from tests.web.town import REPORT, Town, problem
from web import command_models as sent
from web.app import TAKING_PHOTOS
from web.bodies import LARGEST, Limited, forms
from web.command_models import AnyCommand
from web.commanding import give
from web.following import do, follower_of
from web.new_case import NEW_CASE
from web.pictures import LARGEST_FILE, LARGEST_FORM, MOST_FILES, picture_of, read_pictures
from web.problems import Problem, answer
from web.sight import sight_of
from web.taking_in import Taken, take_in

FILE = jpeg(1200, 900)
LAMP, POLE = picture_of(BytesIO(FILE)), picture_of(BytesIO(from_a_telephone()))


async def report_with(town: Town, *photos: Picture, key: str | None = None) -> Taken:
    report = NEW_CASE.validate_json(json.dumps(REPORT))
    return await take_in(town.context, report, None, key, photos=photos)


async def command_with(town: Town, case_id: str, by: Mandate, body: AnyCommand, *photos: Picture) -> None:
    actor = Actor(by.role, "user:someone", by.department, by.neighbourhoods)
    await give(town.context, CaseId(case_id), actor, sight_of(actor), body, photos)


def resolve(id: UUID | None = None, assignment: str = "a1") -> sent.Resolve:
    return sent.Resolve(command="resolve", command_id=id, assignment=assignment, note="New bulb")


def comment(*, public: bool) -> sent.Comment:
    return sent.Comment(command="comment", note="Look", public=public)


def photos(town: Town, case_id: str, by: Mandate = MEMBER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.case(case_id, by)["photos"]
    return found


def followed(town: Town, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.get(f"/follow/{token}").json()["photos"]
    return found


def a_supporter(town: Town, case_id: str) -> str:
    """The token of someone else who follows the case."""
    with writing(town.context.database) as session:
        add_follower(session, CaseId(case_id), NewFollower("s1", FollowerRole.SUPPORTER, "s" * 22), town.clock())
    return "s" * 22


async def test_a_reporter_sees_the_photos_of_their_report(town: Town) -> None:
    accepted = (await report_with(town, LAMP, POLE)).accepted
    first, second = followed(town, accepted.token)
    assert (first["width"], first["height"], first["seq"], first["note"]) == (1200, 900, 1, None)
    assert town.client.get(first["url"]).content == LAMP.content
    assert town.client.get(second["url"]).content == POLE.content
    assert town.client.get(second["small"]).content == POLE.thumbnail


async def test_a_supporter_sees_what_the_city_did_and_not_the_photos_of_the_reporter(town: Town) -> None:
    accepted = (await report_with(town, LAMP)).accepted
    await command_with(town, accepted.case_id, MEMBER, comment(public=False), POLE)
    await command_with(town, accepted.case_id, MEMBER, resolve(), POLE)
    supporter = a_supporter(town, accepted.case_id)
    [shown] = followed(town, supporter)
    assert shown["note"] == "New bulb"
    assert town.client.get(shown["url"]).status_code == 200
    for hidden in photos(town, accepted.case_id)[:2]:
        address = f"/follow/{supporter}/photos/{hidden['photo']}"
        problem(town.client.get(address), 404, "not_found")
    assert [p["note"] for p in followed(town, accepted.token)] == [None, "New bulb"]


async def test_staff_who_may_read_the_texts_of_a_case_see_its_photos(town: Town) -> None:
    case_id = (await report_with(town, LAMP)).accepted.case_id
    [photo] = photos(town, case_id)
    for mandate in STAFF:
        seen = town.client.get(photo["url"], headers=town.as_(mandate))
        if mandate == LEADERSHIP:
            problem(seen, 404, "not_found")
            assert photos(town, case_id, LEADERSHIP) == []
        else:
            assert seen.content == LAMP.content
    for mandate in ELSEWHERE:
        problem(town.client.get(photo["url"], headers=town.as_(mandate)), 404, "not_found")
    problem(town.client.get(photo["url"]), 401, "unauthenticated")


async def test_staff_who_are_signed_in_see_photos_on_their_pages(town: Town) -> None:
    case_id = (await report_with(town, LAMP)).accepted.case_id
    [photo] = photos(town, case_id)
    with writing(town.context.database) as session:
        member = add_user(session, "an@town.example", "An", MEMBER, None, town.clock())
        cookie = {"Cookie": f"__Host-session={begin_session(session, member, town.clock())}"}
    seen = town.client.get(f"/photos/{photo['photo']}?size=small", headers=cookie)
    assert seen.content == LAMP.thumbnail
    assert town.client.get(f"/photos/{photo['photo']}").status_code == 303


async def test_a_link_shows_no_photos_of_another_case(town: Town) -> None:
    one, other = [(await report_with(town, LAMP)).accepted for _ in range(2)]
    [photo] = photos(town, one.case_id)
    problem(town.client.get(f"/follow/{other.token}/photos/{photo['photo']}"), 404, "not_found")


@pytest.mark.parametrize("name", ["nowhere", "%00", "00000000-0000-0000-0000-000000000000", "x" * 500])
async def test_a_photo_that_is_not_there_is_not_found(town: Town, name: str) -> None:
    token = (await report_with(town)).accepted.token
    problem(town.client.get(f"/follow/{token}/photos/{name}"), 404, "not_found")
    problem(town.get(f"/photos/{name}", MEMBER), 404, "not_found")


async def test_a_photo_is_served_as_nothing_but_an_image_and_kept_by_its_reader_only(town: Town) -> None:
    accepted = (await report_with(town, LAMP)).accepted
    [photo] = followed(town, accepted.token)
    seen = town.client.get(photo["url"])
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["content-security-policy"] == "default-src 'none'"
    assert seen.headers["cache-control"] == "private, max-age=86400, immutable"
    again = town.client.get(photo["url"], headers={"If-None-Match": f'"other", W/{seen.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    small = town.client.get(photo["small"], headers={"If-None-Match": seen.headers["etag"]})
    assert small.content == LAMP.thumbnail


async def test_the_photo_of_a_resolution_stands_beside_its_words(town: Town) -> None:
    case_id = (await report_with(town)).accepted.case_id
    await command_with(town, case_id, MEMBER, resolve(), LAMP, POLE)
    shown = photos(town, case_id)
    timeline = {line["seq"]: (line["event"], line["note"]) for line in town.case(case_id, MEMBER)["timeline"]}
    assert {timeline[p["seq"]] for p in shown} == {("assignment_resolved", "New bulb")}
    assert [p["width"] for p in shown] == [LAMP.width, POLE.width]


async def test_a_refused_command_leaves_no_photo_behind(town: Town) -> None:
    case_id = (await report_with(town)).accepted.case_id
    with pytest.raises(Refused):
        await command_with(town, case_id, MEMBER, resolve(assignment="a9"), LAMP)
    assert rows(town.context.database, PHOTOS) == rows(town.context.database, NOTES) == []


async def test_a_repeated_command_keeps_the_photos_that_came_first(town: Town) -> None:
    case_id, id = (await report_with(town)).accepted.case_id, uuid4()
    for sent_along in ([LAMP], [LAMP], [POLE, POLE]):
        await command_with(town, case_id, MEMBER, resolve(id), *sent_along)
    assert [row["content"] for row in rows(town.context.database, PHOTOS)] == [LAMP.content]


async def test_the_photos_of_a_command_that_did_not_come_through_are_not_shown_until_it_does(town: Town) -> None:
    accepted, id = (await report_with(town)).accepted, uuid4()
    town.engine.down = True
    with pytest.raises(Problem):
        await command_with(town, accepted.case_id, MEMBER, resolve(id), LAMP)
    assert photos(town, accepted.case_id) == followed(town, accepted.token) == []
    town.engine.down = False
    await command_with(town, accepted.case_id, MEMBER, resolve(id), LAMP)
    assert len(photos(town, accepted.case_id)) == len(followed(town, accepted.token)) == 1


async def test_a_command_without_words_takes_no_photos(town: Town) -> None:
    case_id = (await report_with(town)).accepted.case_id
    body = sent.Resume(command="resume", assignment="a1")
    with pytest.raises(Problem) as raised:
        await command_with(town, case_id, MEMBER, body, LAMP)
    assert (raised.value.status, raised.value.errors[0].field) == (422, "photos")
    assert rows(town.context.database, PHOTOS) == []


async def test_a_resident_shows_that_it_is_not_solved_without_a_word(town: Town) -> None:
    accepted = (await report_with(town)).accepted
    town.does(accepted.case_id, MEMBER, "resolve", assignment="a1", note="New bulb")
    follower = follower_of(town.context, accepted.token)
    await do(town.context, follower, sent.GiveFeedback(command="give_feedback", solved=Solved.NO), [LAMP])
    [own], [seen] = followed(town, accepted.token), photos(town, accepted.case_id)
    assert own["photo"] == seen["photo"]
    assert followed(town, a_supporter(town, accepted.case_id)) == []


async def test_a_report_that_is_sent_again_keeps_one_set_of_photos(town: Town) -> None:
    first = await report_with(town, LAMP, POLE, key="once")
    again = await report_with(town, LAMP, POLE, key="once")
    assert first.accepted.case_id == again.accepted.case_id
    assert len(photos(town, first.accepted.case_id)) == 2
    with pytest.raises(Problem) as raised:
        await report_with(town, LAMP, key="once")
    assert raised.value.code == "conflict"


async def test_a_report_with_too_many_photos_is_not_kept(town: Town) -> None:
    with pytest.raises(Problem) as raised:
        await report_with(town, *[LAMP] * (MOST + 1))
    assert [(e.field, e.detail) for e in raised.value.errors] == [("photos", "too_many")]
    assert rows(town.context.database, CASES) == []


async def test_the_photos_of_an_erased_case_are_nowhere_to_be_seen(town: Town) -> None:
    accepted = (await report_with(town, LAMP)).accepted
    await command_with(town, accepted.case_id, MEMBER, resolve(), POLE)
    addresses = [p["url"] for p in followed(town, accepted.token)]
    with writing(town.context.database) as session:
        erase(session, accepted.case_id)
    assert followed(town, accepted.token) == photos(town, accepted.case_id, MANAGER) == []
    for address in addresses:
        problem(town.client.get(address), 404, "not_found")


@pytest.fixture(scope="module")
def house() -> Iterator[TestClient]:
    """A form of ours behind the limits of the house; it tells the sizes of the pictures that it got."""

    async def form(request: Request) -> Answer:
        try:
            read = await read_pictures(await request.form(max_files=MOST_FILES))
        except Problem as problem:
            return answer(problem)
        return JSONResponse([[p.width, p.height] for p in read])

    app = Starlette(routes=[Route("/{path:path}", form, methods=["POST"])])
    with TestClient(Limited(app, forms(TAKING_PHOTOS, LARGEST_FORM)), raise_server_exceptions=False) as client:
        yield client


def upload(house: TestClient, *files: bytes, path: str = "/report", name: str = "p.jpg", **fields: str) -> Response:
    return house.post(path, files=[("photos", (name, file, "image/jpeg")) for file in files], data=fields)


def faults(answer: Response) -> list[tuple[str, str]]:
    return [(e["field"], e["detail"]) for e in problem(answer, 422, "invalid")["errors"]]


def test_a_form_brings_its_pictures_in_their_order(house: TestClient) -> None:
    assert upload(house, FILE, from_a_telephone(), service="lamp").json() == [[1200, 900], [600, 800]]


def test_a_form_in_which_no_photo_was_chosen_brings_none(house: TestClient) -> None:
    nothing = (
        b'--x\r\nContent-Disposition: form-data; name="photos"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert house.post("/report", content=nothing, headers=kind).json() == []
    assert house.post("/report", data={"service": "lamp", "photos": ""}).json() == []


def test_what_is_wrong_with_photos_is_told_by_a_word_that_pages_translate(house: TestClient) -> None:
    assert faults(upload(house, *[FILE] * (MOST + 1))) == [("photos", "too_many")]
    assert faults(upload(house, FILE, FILE + bytes(LARGEST_FILE))) == [("photos", "too_large")]
    assert faults(upload(house, FILE, b"MZ not a picture", name="lamp.jpg")) == [("photos", "not_a_picture")]
    assert faults(upload(house, b"", name="lamp.jpg")) == [("photos", "not_a_picture")]
    assert faults(house.post("/report", data={"photos": "lamp.jpg"})) == [("photos", "not_a_picture")]


@pytest.mark.parametrize("path", ["/report", "/follow/abc/feedback", "/cases/2026-000001/resolve"])
def test_forms_with_photos_may_be_larger_than_anything_else(house: TestClient, path: str) -> None:
    large = FILE + bytes(LARGEST)
    assert upload(house, large, large, path=path).json() == [[1200, 900]] * 2
    assert house.post(path, content=large).status_code == 413
    assert house.post(path, json={"description": "x" * LARGEST}).status_code == 413
    assert upload(house, FILE, path=path, description="x" * LARGEST_FORM).status_code == 413


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/cases", "/follow/abc", "/report/more", "/"])
def test_forms_elsewhere_may_not(house: TestClient, path: str) -> None:
    problem(upload(house, FILE + bytes(LARGEST), path=path), 413, "too_large")


def test_the_house_opens_its_door_wider_for_photos_only(town: Town) -> None:
    assert upload(town.client, FILE + bytes(LARGEST)).status_code != 413
    problem(upload(town.client, FILE + bytes(LARGEST), path="/sign-in"), 413, "too_large")
