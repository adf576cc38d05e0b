"""Open311 over HTTP: what everyone may read, what whoever reports may, and what is said of mistakes."""

from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from domain.words import Role
from readmodel.accounts import Mandate, create_token
from readmodel.database import writing
from tests.readmodel.town import LAMP
from tests.web.images import jpeg
from tests.web.people import ADMINISTRATOR, MANAGER, MEMBER
from tests.web.town import Town
from web.app import create_app

APP = Mandate(Role.RESIDENT)
BASE = "/open311/v2"
WHERE = {"lat": "50.512345", "long": "5.212345"}


def get(town: Town, path: str, **params: str) -> Response:
    return town.client.get(f"{BASE}/{path}", params=params)


def got(town: Town, path: str, **params: str) -> Any:
    answer = get(town, path, **params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    return answer.json()


def post(town: Town, form: str = "json", files: Any = None, **fields: Any) -> Response:
    data = {"api_key": town.token(APP), "service_code": "lamp", "description": "Dark", **WHERE, **fields}
    return town.client.post(f"{BASE}/requests.{form}", data=data, files=files)


def posted(town: Town, files: Any = None, **fields: Any) -> dict[str, Any]:
    answer = post(town, files=files, **fields)
    assert answer.status_code == 200, answer.text
    [told] = answer.json()
    return dict(told)


def case_id_of(town: Town, number: str) -> str:
    [case] = town.get("/cases", ADMINISTRATOR, q=number).json()["items"]
    return str(case["case_id"])


def wrong(answer: Response, status: int) -> str:
    """What the error says, in either format."""
    assert answer.status_code == status, answer.text
    if answer.headers["content-type"] == "text/xml; charset=utf-8":
        [error] = ElementTree.fromstring(answer.text).iter("error")
        told = {part.tag: part.text for part in error}
    else:
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        [told] = answer.json()
    assert set(told) == {"code", "description"}
    assert int(told["code"] or 0) == status
    return str(told["description"])


def test_discovery_tells_where_it_is_and_in_which_formats(town: Town) -> None:
    told = got(town, "discovery.json")
    [endpoint] = told["endpoints"]
    assert endpoint["url"] == "https://town.example/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root = ElementTree.fromstring(get(town, "discovery.xml").text)
    assert root.tag == "discovery" and root.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_services_are_told_in_the_language_that_is_asked_for(town: Town) -> None:
    lamp = next(s for s in got(town, "services.json", locale="nl") if s["service_code"] == "lamp")
    assert set(lamp) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    answer = get(town, "services.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert "lamp" in [service.findtext("service_code") for service in ElementTree.fromstring(answer.text)]


def test_a_report_comes_in_and_is_a_case_of_the_app(town: Town) -> None:
    with writing(town.context.database) as session:
        key = create_token(session, APP, town.clock(), "Buurtapp")
    told = posted(town, api_key=key, first_name="An", last_name="Peeters", email="an@example.org", phone="+32 89 1234")
    assert set(told) == {"service_request_id", "token", "service_notice", "account_id"}
    case = town.case(case_id_of(town, told["service_request_id"]), MANAGER)
    assert case["description"] == "Dark" and case["location"]["lat"] == 50.512345
    contact = {"name": "An Peeters", "email": "an@example.org", "phone": "+32 89 1234", "language": "nl"}
    assert case["reporter"].items() >= contact.items()
    assert case["timeline"][0]["by"] == "resident"
    [resolved] = got(town, f"tokens/{told['token']}.json")
    assert resolved == {"service_request_id": told["service_request_id"], "token": told["token"]}


def test_everyone_reads_where_it_stands_and_nothing_that_was_written(town: Town) -> None:
    told = posted(
        town, description="My neighbour An is afraid", address_string="Heidestraat 7", files={"media": jpeg()}
    )
    [request] = got(town, f"requests/{told['service_request_id']}.json", locale="en")
    assert request["service_request_id"] == told["service_request_id"]
    assert (request["status"], request["service_code"], request["agency_responsible"]) == ("open", "lamp", "roads")
    assert request["status_notes"] == "With the department"
    assert (request["lat"], request["long"]) == (50.512, 5.212)
    assert request["description"] is None and request["media_url"] is None
    assert "Heidestraat" not in request["address"] and "heide" in request["address_id"]
    assert request["requested_datetime"] == "2026-03-02T10:00:00+01:00"
    assert request["expected_datetime"] == "2026-03-17T10:00:00+01:00"


def test_whoever_reported_reads_it_back_by_their_token_and_sees_their_photo(town: Town) -> None:
    told = posted(town, address_string="Heidestraat 7", files={"media": ("p.jpg", jpeg(), "image/jpeg")})
    [request] = got(town, f"requests/{told['token']}.json")
    assert request["service_request_id"] == told["service_request_id"]
    assert request["description"] == "Dark" and request["address"].startswith("Heidestraat 7, ")
    assert (request["lat"], request["long"]) == (50.512345, 5.212345)
    photo = town.client.get(urlsplit(request["media_url"]).path)
    assert photo.status_code == 200 and photo.headers["content-type"] == "image/jpeg"
    assert told["token"] not in request["media_url"]


def test_the_address_of_a_photo_cannot_be_guessed(town: Town) -> None:
    told = posted(town, files={"media": jpeg()})
    [request] = got(town, f"requests/{told['token']}.json")
    path = urlsplit(request["media_url"]).path
    forged = path[: -len("A.jpg")] + ("A" if path[-5] != "A" else "B") + ".jpg"
    assert town.client.get(forged).status_code == 404
    assert town.client.get(f"{BASE}/media/nothing.jpg").status_code == 404


def test_what_staff_write_for_residents_is_the_status_and_what_they_write_among_themselves_is_not(town: Town) -> None:
    told = posted(town)
    number, case_id = told["service_request_id"], case_id_of(town, told["service_request_id"])
    town.does(case_id, MEMBER, "accept", assignment="a1", note="Call An on 0470")
    [request] = got(town, f"requests/{number}.json", locale="en")
    assert request["status_notes"] == "Being worked on"
    town.clock.pass_(hours=2)
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="We replaced the lamp.")
    [request] = got(town, f"requests/{number}.json")
    assert (request["status"], request["status_notes"]) == ("open", "We replaced the lamp.")
    assert request["updated_datetime"] == "2026-03-02T12:00:00+01:00"
    assert town.post(f"/follow/{told['token']}/feedback", {"solved": "yes"}).status_code == 200
    [request] = got(town, f"requests/{number}.json")
    assert (request["status"], request["status_notes"]) == ("closed", "We replaced the lamp.")


def test_a_question_to_whoever_reported_is_theirs_alone(town: Town) -> None:
    told = posted(town)
    case_id = case_id_of(town, told["service_request_id"])
    town.does(case_id, MEMBER, "accept", assignment="a1")
    town.does(case_id, MEMBER, "ask_resident", assignment="a1", question="Is your mother home?")
    [seen], [public] = (got(town, f"requests/{told[by]}.json") for by in ("token", "service_request_id"))
    assert seen["status_notes"] == "Is your mother home?"
    assert "mother" not in public["status_notes"]


def test_what_is_about_people_is_not_there_for_anyone_but_its_reporter(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    about_people = replace(town.context.city.services[LAMP], private=True)
    monkeypatch.setitem(cast(Any, town.context.city.services), LAMP, about_people)
    told = posted(town)
    assert got(town, "requests.json") == []
    assert wrong(get(town, f"requests/{told['service_request_id']}.json"), 404)
    [request] = got(town, f"requests/{told['token']}.json")
    assert request["description"] == "Dark"


def test_requests_are_listed_the_latest_first_and_narrowed_by_what_is_asked(town: Town) -> None:
    first = posted(town)["service_request_id"]
    town.clock.pass_(days=100)
    second = posted(town, service_code="tree")["service_request_id"]
    town.clock.pass_(hours=1)
    third = posted(town)["service_request_id"]
    town.does(case_id_of(town, third), MANAGER, "close", outcome="explained", note="It is to be dark there.")

    def ids(**params: str) -> list[str]:
        return [request["service_request_id"] for request in got(town, "requests.json", **params)]

    assert ids() == [third, second]
    assert ids(status="", service_code="", start_date="") == [third, second]
    assert ids(status="closed") == [third] and ids(status="open") == [second]
    assert ids(status="open,closed") == [third, second]
    assert ids(service_code="tree,nothing") == [second]
    assert ids(start_date="2026-03-01T00:00:00Z", end_date="2026-03-02T12:00:00Z") == [first]
    assert ids(start_date="2026-03-02", end_date="2026-03-02") == [first]
    assert ids(end_date="2026-03-02T10:00:00 01:00") == [first]
    assert ids(end_date="2026-03-02T09:59:59+01:00") == []
    assert ids(service_request_id=f"{first},{second},2026-999999", status="closed") == [second, first]
    assert ids(page_size="1") == [third] and ids(page_size="1", page="2") == [second] and ids(page="3") == []


@pytest.mark.parametrize(
    "params",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"},
        {"start_date": "yesterday"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"status": "pending"},
        {"page": "0"},
        {"page_size": "many"},
    ],
)
def test_a_list_that_cannot_be_given_is_400(town: Town, params: dict[str, str]) -> None:
    for form in ("json", "xml"):
        assert wrong(get(town, f"requests.{form}", **params), 400)


@pytest.mark.parametrize("path", ["services/nothing", "requests/2026-999999", "requests/not-an-id", "tokens/nothing"])
def test_what_is_not_there_is_404(town: Town, path: str) -> None:
    for form in ("json", "xml"):
        assert path.partition("/")[2] in wrong(get(town, f"{path}.{form}"), 404)


def test_another_jurisdiction_is_404_and_our_own_may_be_named(town: Town) -> None:
    assert get(town, "services.json", jurisdiction_id="town").status_code == 200
    assert get(town, "services.json", jurisdiction_id="").status_code == 200
    for path in ("services.xml", "services/lamp.json", "requests.json", "requests/1.xml", "tokens/a.json"):
        assert "elsewhere.gov" in wrong(get(town, path, jurisdiction_id="elsewhere.gov"), 404)
    assert wrong(post(town, jurisdiction_id="elsewhere.gov"), 404)


def test_another_format_is_404(town: Town) -> None:
    assert wrong(get(town, "services.csv"), 404)
    assert wrong(get(town, "nothing"), 404)


@pytest.mark.parametrize("key", ["", "wrong", "x" * 5000])
def test_a_report_needs_a_key_that_is_in_force(town: Town, key: str) -> None:
    for form in ("json", "xml"):
        assert "api_key" in wrong(post(town, form, api_key=key), 403)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"service_code": ""}, "service_code"),
        ({"service_code": "nothing"}, "service_code"),
        ({"lat": "", "long": ""}, "lat"),
        ({"lat": "north"}, "lat"),
        ({"long": ""}, "long"),
        ({"lat": "95"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "10", "long": "10"}, "lat"),
        ({"email": "an"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"description": "x" * 4001}, "description"),
        ({"lat": "", "long": "", "address_id": "nowhere"}, "address_id"),
        ({"lat": "", "long": "", "address_string": "Straat 1, Elders"}, "address_string"),
        ({"media": "not a file"}, "media"),
    ],
)
def test_a_report_with_a_mistake_is_400_and_names_the_parameter(town: Town, fields: dict[str, str], named: str) -> None:
    for form in ("json", "xml"):
        assert named in wrong(post(town, form, **fields), 400)


def test_a_file_that_is_no_photo_is_400(town: Town) -> None:
    assert "media" in wrong(post(town, files={"media": ("a.jpg", b"no photo", "image/jpeg")}), 400)


def test_a_report_needs_no_more_than_a_service_and_a_place(town: Town) -> None:
    told = posted(town, description="", lat="", long="", address_id="dorp")
    [request] = got(town, f"requests/{told['token']}.json")
    assert (request["description"], request["address_id"], request["lat"]) == ("lamp", "dorp", None)


def test_an_address_is_enough_where_it_names_a_neighbourhood(town: Town) -> None:
    told = posted(town, lat="", long="", address_string="Kerkstraat 1, Dorp")
    [request] = got(town, f"requests/{told['token']}.json")
    assert request["address_id"] == "dorp" and request["address"].startswith("Kerkstraat 1, Dorp")


def test_a_report_that_is_sent_again_with_its_key_is_the_same(town: Town) -> None:
    data = {"api_key": town.token(APP), "service_code": "lamp", "description": "Dark", **WHERE}
    answers = [
        town.client.post(f"{BASE}/requests.json", data=data, headers={"Idempotency-Key": "1"}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]


def test_a_body_that_is_no_form_is_400(town: Town) -> None:
    assert wrong(town.client.post(f"{BASE}/requests.json", json={"api_key": "x"}), 400)


def test_an_apps_token_reads_nothing_more_and_acts_on_nothing(town: Town) -> None:
    case_id = town.report()["case_id"]
    assert town.get("/cases", APP).json()["items"] == []
    assert town.get(f"/cases/{case_id}", APP).status_code == 404
    assert town.command(case_id, APP, "comment", note="x", public=True).status_code == 404
    assert town.get("/events", APP, after=0).json() == []
    assert town.get("/throughput", APP).status_code == 403


def test_an_apps_key_counts_for_its_address_and_a_key_of_the_staff_does_not(town: Town) -> None:
    settings = town.context.settings.model_copy(update={"public_rate": 1})
    strict = TestClient(create_app(replace(town.context, settings=settings)), "https://town.example")

    def brought(by: Mandate) -> Response:
        data = {"api_key": town.token(by), "service_code": "lamp", **WHERE}
        return strict.post(f"{BASE}/requests.json", data=data)

    assert brought(APP).status_code == 200
    refused = brought(APP)
    assert wrong(refused, 429) and refused.headers["retry-after"] == "60"
    assert [brought(ADMINISTRATOR).status_code for _ in range(2)] == [200, 200]


def test_xml_holds_whatever_people_write(town: Town) -> None:
    told = posted(town, description="<b> & \U0001f4a1 ]]>")
    root = ElementTree.fromstring(get(town, f"requests/{told['token']}.xml").text)
    assert root.tag == "service_requests"
    [request] = root
    assert request.findtext("description") == "<b> & \U0001f4a1 ]]>"
    assert request.findtext("zipcode") == ""
