"""Open311 as others made it: two clients run unmodified from their packages, and the JSON Schemas of the standard.

`three` is of the time of Python 2: it runs where AANJAGER_PYTHON_TWO names one that has it, or python2.7 has it.
"""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jsonschema_rs
import pytest
import uvicorn
from georeport import GeoReport

from domain.words import Role
from readmodel.accounts import Mandate
from tests.web.images import jpeg
from tests.web.people import ADMINISTRATOR, MEMBER
from tests.web.test_questions import asking_about_lamps
from tests.web.town import Town

APP = Mandate(Role.RESIDENT)
DATA = Path(__file__).parents[3] / "shared/data/open311"
SENT = {"service_code": "lamp", "description": "Dark", "lat": "50.512345", "long": "5.212345", "attribute[pole]": "L-7"}
OF_THE_STANDARD = (
    "npm_service-request.xml",
    "npm_service-requests.xml",
    "sanfrancisco_cfa_get_service_request.xml",
    "sanfrancisco_cfa_service_requests.xml",
)
BY_THREE = """
import json, sys
import three
key, photo = sys.argv[2:4]
api = three.Three(sys.argv[1], api_key=key)
told = {"discovery": api.discovery(), "services": api.services(), "definition": api.services("lamp")}
fields = {"attribute[pole]": "L-7", "address": "Heidestraat 7", "name": "An Peeters"}
told["posted"] = api.post("lamp", description="Dark", lat="50.5", long="5.2", media=open(photo, "rb"), **fields)
token = told["posted"][0]["token"]
told["token"] = api.token(token)
told["own"] = api.request(token)
told["public"] = api.request(told["token"][0]["service_request_id"])
told["open"] = api.requests("lamp", status="open", count=10, between=["03-01-2026", "03-31-2026"])
print(json.dumps(told))
"""


@pytest.fixture
def asking(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    asking_about_lamps(town, monkeypatch)
    return town


@pytest.fixture(scope="module")
def address(built: Town) -> Iterator[str]:
    """The web of the town, for programs that know nothing but HTTP."""
    server = uvicorn.Server(uvicorn.Config(built.client.app, lifespan="off", log_config=None, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/open311/v2"
        server.should_exit = True
        serving.join()


def post(town: Town, **fields: str) -> dict[str, Any]:
    body = {"api_key": town.token(APP), **SENT, **fields}
    answer = town.client.post("/open311/v2/requests.json", data=body, files={"media": jpeg()})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()[0]
    return told


def resolve(town: Town, number: str) -> None:
    [case] = town.get("/cases", ADMINISTRATOR, q=number).json()["items"]
    town.does(case["case_id"], MEMBER, "accept", assignment="a1")
    town.does(case["case_id"], MEMBER, "resolve", assignment="a1", note="We replaced the lamp.")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_what_was_reported(asking: Town, address: str, form: str) -> None:
    client = GeoReport(address, jurisdiction="town", output_format=form)
    assert {s["service_code"] for s in client.get_service_list()} == {"lamp", "tree", "other"}
    asked = client.get_service_definition("lamp")["attributes"]
    assert [a["code"] for a in (asked if form == "json" else asked["attribute"])] == ["note", "pole", "what", "since"]
    told = post(asking)
    asking.clock.pass_(minutes=1)
    other = post(asking)
    resolve(asking, told["service_request_id"])
    [latest, first] = client.get_service_requests(service_code="lamp", status="open")
    assert [latest["service_request_id"], first["service_request_id"]] == [
        other["service_request_id"],
        told["service_request_id"],
    ]
    assert first["status_notes"] == "We replaced the lamp." and not first["description"]
    own = client.get_service_request(told["token"])
    assert own["description"] == "Dark" and own["status_notes"] == "We replaced the lamp."
    assert asking.client.get(urlsplit(own["media_url"]).path).headers["content-type"] == "image/jpeg"


def python2_with_three() -> str | None:
    python = os.environ.get("AANJAGER_PYTHON_TWO") or shutil.which("python2.7")
    if python is None:
        return None
    tried = subprocess.run([python, "-c", "import three"], capture_output=True, check=False)
    return python if tried.returncode == 0 else None


def test_three_sends_a_photo_and_an_answer_and_reads_them_back(asking: Town, address: str, tmp_path: Path) -> None:
    python = python2_with_three()
    if python is None:
        pytest.skip("three needs a Python 2.7 that has it: name one in AANJAGER_PYTHON_TWO")
    photo = tmp_path / "lamp.jpg"
    photo.write_bytes(jpeg())
    script = [python, "-c", BY_THREE, address, asking.token(APP), str(photo)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["discovery"]["endpoints"] and len(told["services"]) == 3
    assert told["definition"]["attributes"][1]["code"] == "pole"
    [own], [public], [listed] = told["own"], told["public"], told["open"]
    assert (own["description"], own["address"]) == ("Dark", "Heidestraat 7, Heide, Town")
    assert own["attributes"] == [{"code": "pole", "values": [{"key": "L-7", "name": "L-7"}]}]
    assert asking.client.get(urlsplit(own["media_url"]).path).headers["content-type"] == "image/jpeg"
    assert own["service_request_id"] == public["service_request_id"] == listed["service_request_id"]
    assert public["status"] == "open" and public["description"] is None


def schema(name: str) -> Any:
    if not DATA.is_dir():
        pytest.skip("the JSON Schemas of Open311 are in a folder beside this checkout, which is not here")
    return json.loads((DATA / f"schema_georeport-v2_{name}.json").read_text(encoding="utf-8"))


def test_answers_are_as_the_json_schemas_say(asking: Town) -> None:
    told = post(asking)
    resolve(asking, told["service_request_id"])
    post(asking, service_code="tree", **{"attribute[pole]": ""})
    for name, path in (("service", "services"), ("request", "requests"), ("request", f"requests/{told['token']}")):
        answers = asking.client.get(f"/open311/v2/{path}.json").json()
        assert isinstance(answers, list) and answers
        for answer in answers:
            jsonschema_rs.validate(schema(name), answer)
    definition = asking.client.get("/open311/v2/services/lamp.json").json()
    jsonschema_rs.validate(schema("service-definition"), definition)


def shape(element: ElementTree.Element) -> set[str]:
    """Every path of names in the document."""
    return {element.tag, *(f"{element.tag}/{path}" for part in element for path in shape(part))}


@pytest.mark.parametrize("example", OF_THE_STANDARD)
def test_requests_in_xml_have_the_shape_of_the_standards_own_example(asking: Town, example: str) -> None:
    if not DATA.is_dir():
        pytest.skip("the examples of Open311 are in a folder beside this checkout, which is not here")
    post(asking)
    given = shape(ElementTree.parse(DATA / example).getroot())
    assert shape(ElementTree.fromstring(asking.client.get("/open311/v2/requests.xml").text)) == given


def test_a_definition_in_xml_has_the_shape_of_one_in_use(asking: Town) -> None:
    if not DATA.is_dir():
        pytest.skip("the examples of Open311 are in a folder beside this checkout, which is not here")
    given = shape(ElementTree.parse(DATA / "npm_dc-services-S0301.xml").getroot())
    assert shape(ElementTree.fromstring(asking.client.get("/open311/v2/services/lamp.xml").text)) == given
