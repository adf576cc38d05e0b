"""What a service asks: by the form, by the API and by Open311, and who reads the answers."""

from dataclasses import replace
from typing import Any, cast

import pytest

from domain.questions import Choice, Datatype, Question
from domain.words import CaseId, Role
from readmodel.accounts import Mandate
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.schema import REPORTS
from tests.readmodel.town import LAMP
from tests.web.people import ADMINISTRATOR, LEADERSHIP, MANAGER, MEMBER
from tests.web.town import REPORT, Town, fields, problem

APP = Mandate(Role.RESIDENT)


def text(words: str) -> dict[str, str]:
    return {"nl": f"{words} (nl)", "en": words}


QUESTIONS = (
    Question("note", Datatype.TEXT, False, 1, text("Stay away from bare wires."), asks=False),
    Question("pole", Datatype.STRING, True, 2, text("Number on the pole?"), text("Such as L-0421")),
    Question(
        "what",
        Datatype.SOME_OF_A_LIST,
        False,
        3,
        text("What do you see?"),
        choices=(Choice("dark", text("It is dark")), Choice("glass", text("Broken glass"))),
    ),
    Question("since", Datatype.DATETIME, False, 4, text("Since when?")),
)
FORM = {"service": "lamp", "neighbourhood": "heide", "description": "Dark", "seen": "yes"}


def asking_about_lamps(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = replace(town.context.city.services[LAMP], questions=QUESTIONS)
    monkeypatch.setitem(cast(Any, town.context.city.services), LAMP, asking)


@pytest.fixture(autouse=True)
def _asking(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asking_about_lamps(town, monkeypatch)


def test_answers_come_with_a_report_and_staff_read_them(town: Town) -> None:
    attributes = {"pole": "L-0421", "what": ["glass", "dark"], "since": "2026-03-01T20:00"}
    case_id = town.report(attributes=attributes)["case_id"]
    assert town.case(case_id, MEMBER)["attributes"] == [
        {"code": "pole", "values": ["L-0421"]},
        {"code": "what", "values": ["dark", "glass"]},
        {"code": "since", "values": ["2026-03-01T20:00:00+01:00"]},
    ]
    assert town.case(case_id, LEADERSHIP)["attributes"] == []
    town.sign_in(MANAGER)
    page = town.client.get(f"/cases/{case_id}?lang=en").text
    assert "Number on the pole?" in page and "L-0421" in page and "It is dark, Broken glass" in page
    assert "Sunday 1 March 2026, 20:00" in page
    town.sign_in(LEADERSHIP)
    assert "L-0421" not in town.client.get(f"/cases/{case_id}?lang=en").text


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({}, "attributes.pole"),
        ({"pole": "1", "what": "dragons"}, "attributes.what"),
        ({"pole": "1", "since": "soon"}, "attributes.since"),
        ({"pole": "1", "colour": "red"}, "attributes.colour"),
        ({"pole": ["1", "2"]}, "attributes.pole"),
    ],
)
def test_answers_that_do_not_fit_are_refused_by_field(town: Town, attributes: dict[str, Any], field: str) -> None:
    assert fields(problem(town.post("/cases", {**REPORT, "attributes": attributes}), 422, "invalid")) == [field]


def test_the_form_asks_what_the_service_asks(town: Town) -> None:
    page = town.client.get("/report/details", params={"service": "lamp", "neighbourhood": "heide", "lang": "en"}).text
    assert "Stay away from bare wires." in page and "Number on the pole?" in page and "Such as L-0421" in page
    assert 'type="datetime-local"' in page
    assert page.count('type="checkbox" name="attribute[what]"') == 2
    other = town.client.get("/report/details", params={"service": "tree", "neighbourhood": "heide", "lang": "en"}).text
    assert "attribute[" not in other


def test_a_question_that_must_be_answered_is_asked_again_with_all_that_was_filled_in(town: Town) -> None:
    answer = town.client.post("/report?lang=en", data={**FORM, "attribute[what]": ["dark", "glass"]})
    assert answer.status_code == 422
    assert '<a href="#attributes.pole">Number on the pole?</a>: this must be answered' in answer.text
    assert answer.text.count(" checked> <span>") == 2


def test_what_was_answered_in_the_form_is_kept_and_its_reporter_reads_it_back(town: Town) -> None:
    filled = {**FORM, "attribute[pole]": "L-7", "attribute[what]": ["glass"], "attribute[colour]": "red"}
    answer = town.client.post("/report?lang=en", data=filled)
    assert answer.status_code == 303
    followed = town.client.get(answer.headers["location"]).text
    assert "L-7" in followed and "Broken glass" in followed


def test_answers_go_along_on_the_way_back_to_the_first_step(town: Town) -> None:
    back = town.client.post("/report/where?lang=en", data={**FORM, "attribute[pole]": "L-7"}).text
    assert '<input type="hidden" name="attribute[pole]" value="L-7">' in back


def test_open311_asks_the_same_and_takes_the_same(town: Town) -> None:
    told = town.client.get("/open311/v2/services/lamp.json", params={"locale": "en"}).json()
    assert [(a["code"], a["datatype"], a["required"], a["variable"]) for a in told["attributes"]] == [
        ("note", "text", False, False),
        ("pole", "string", True, True),
        ("what", "multivaluelist", False, True),
        ("since", "datetime", False, True),
    ]
    assert told["attributes"][2]["values"][0] == {"key": "dark", "name": "It is dark"}
    body = {"api_key": town.token(APP), "service_code": "lamp", "lat": "50.5", "long": "5.2"}
    answer = town.client.post("/open311/v2/requests.json", data=body)
    assert answer.status_code == 400
    assert answer.json() == [{"code": 400, "description": "attribute[pole]: must be answered"}]
    for several in (
        {"attribute[what]": ["dark", "glass"]},
        {"attribute[what][]": ["dark", "glass"]},
        {"attribute[what]": "glass,dark"},
    ):
        answer = town.client.post("/open311/v2/requests.json", data={**body, "attribute[pole]": "L-0421", **several})
        assert answer.status_code == 200, answer.text
        [request] = town.client.get(f"/open311/v2/requests/{answer.json()[0]['token']}.json?locale=en").json()
        assert request["attributes"] == [
            {"code": "pole", "values": [{"key": "L-0421", "name": "L-0421"}]},
            {
                "code": "what",
                "values": [{"key": "dark", "name": "It is dark"}, {"key": "glass", "name": "Broken glass"}],
            },
        ]


def test_a_link_is_kept_for_staff_and_never_followed(town: Town) -> None:
    link = "https://photos.example/1.jpg"
    body = {"api_key": town.token(APP), "service_code": "tree", "address_id": "heide", "media_url": link}
    [told] = town.client.post("/open311/v2/requests.json", data=body).json()
    [case] = town.get("/cases", ADMINISTRATOR, q=told["service_request_id"]).json()["items"]
    assert town.case(case["case_id"], MANAGER)["media_url"] == link
    [own] = town.client.get(f"/open311/v2/requests/{told['token']}.json").json()
    [public] = town.client.get(f"/open311/v2/requests/{told['service_request_id']}.json").json()
    assert (own["media_url"], public["media_url"]) == (link, None)
    wrong = town.client.post("/open311/v2/requests.json", data={**body, "media_url": "file:///etc/passwd"})
    assert wrong.status_code == 400 and wrong.json()[0]["description"].startswith("media_url: ")


def test_answers_are_erased_with_the_case(town: Town) -> None:
    case_id = town.report(attributes={"pole": "Behind An's house"}, media_url="https://photos.example/1.jpg")["case_id"]
    with writing(town.context.database) as session:
        assert erase(session, CaseId(case_id))
    with reading(town.context.database) as session:
        [kept] = session.execute(REPORTS.select()).mappings()
    assert (kept["answers"], kept["media_url"]) == (None, None)
    assert town.case(case_id, MEMBER)["attributes"] == []
