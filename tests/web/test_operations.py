"""What operators and programmers find: readiness, figures, and a description of the API."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from readmodel.database import connect
from tests.web.people import ADMINISTRATOR, MEMBER
from tests.web.town import Town, problem
from web.app import create_app


def samples(town: Town) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(town.client.get("/metrics").text)
    return {(s.name, "/".join(s.labels.values())): s.value for family in families for s in family.samples}


def test_the_process_is_up_whatever_is_down(town: Town) -> None:
    town.engine.down = True
    assert town.client.get("/healthz").status_code == 200


def test_it_is_ready_when_database_and_engine_answer(town: Town) -> None:
    assert town.client.get("/readyz").json() == {"status": "ready", "database": "reachable", "temporal": "reachable"}
    town.engine.down = True
    answer = town.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["temporal"] == "out of reach"


def test_without_a_database_it_says_so(town: Town, tmp_path: Path) -> None:
    nowhere = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    with TestClient(create_app(replace(town.context, database=nowhere)), raise_server_exceptions=False) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, "out of reach")
        problem(client.get("/api/v1/cases", headers=town.as_(ADMINISTRATOR)), 503, "unavailable")
    nowhere.dispose()


def test_figures_tell_how_cases_intake_and_answers_stand(town: Town) -> None:
    town.report()
    town.engine.down = True
    town.report()
    found = samples(town)
    assert found["aanjager_open_cases", "assigned"] == 2
    assert found["aanjager_intake_waiting", ""] == 1
    assert found["aanjager_letters", "waiting"] > 0
    assert found["aanjager_request_seconds_count", "POST//api/v1/cases/201"] >= 2
    assert not any("number" in label for _, label in found)


def test_the_description_names_every_operation_and_what_it_may_answer(town: Town) -> None:
    document: dict[str, Any] = town.client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {
        *("/api/v1/cases", "/api/v1/cases/{case_id}", "/api/v1/cases/{case_id}/commands", "/api/v1/escalations"),
        *("/api/v1/throughput", "/api/v1/limits", "/api/v1/events", "/api/v1/events/stream", "/api/v1/follow/{token}"),
    } <= set(document["paths"])
    command = document["paths"]["/api/v1/cases/{case_id}/commands"]["post"]
    assert {"200", "401", "403", "404", "409", "422", "503"} <= set(command["responses"])
    assert "application/problem+json" in command["responses"]["409"]["content"]
    names = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))


def test_every_reference_in_the_description_leads_somewhere(town: Town) -> None:
    document = town.client.get("/api/v1/openapi.json").json()

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            mapped = list(part.get("discriminator", {}).get("mapping", {}).values())
            return own + mapped + [r for value in part.values() for r in references(value)]
        return [r for value in part for r in references(value)] if isinstance(part, list) else []

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def test_the_description_can_be_read_as_a_page(town: Town) -> None:
    page = town.client.get("/api/v1/docs")
    assert page.status_code == 200
    for call in ("/api/v1/cases/{case_id}/commands", "/api/v1/follow/{token}/feedback", "/readyz"):
        assert f"<code>{call}</code>" in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize("path", ["/", "/report", "/api/v1/docs", "/api/v1/cases", "/healthz", "/static/style.css"])
def test_every_answer_lets_browsers_run_and_embed_nothing(town: Town, path: str) -> None:
    headers = town.client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_browsers_keep_to_https_where_the_city_does(town: Town) -> None:
    assert int(town.client.get("/").headers["strict-transport-security"].partition("=")[2]) >= 365 * 86400
    plain = town.context.settings.model_copy(update={"public_url": "http://127.0.0.1:8080"})
    with TestClient(create_app(replace(town.context, settings=plain))) as client:
        assert "strict-transport-security" not in client.get("/").headers


def test_pages_may_ask_where_the_phone_is_and_for_its_camera_and_nothing_else(town: Town) -> None:
    allowed = town.client.get("/report").headers["permissions-policy"]
    assert "geolocation=(self)" in allowed and "camera=(self)" in allowed and "microphone=()" in allowed


def test_answers_about_cases_are_not_cached(town: Town) -> None:
    case_id = town.report()["case_id"]
    answer = town.client.get(f"/api/v1/cases/{case_id}", headers=town.as_(MEMBER))
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/report", "/api/v1/openapi.json", "/static/style.css"])
def test_whoever_asks_for_the_head_alone_gets_what_get_would_say(town: Town, path: str) -> None:
    whole, head = town.client.get(path), town.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers} == {**whole.headers}


def test_the_head_of_what_one_may_not_see_is_refused_alike(town: Town) -> None:
    assert town.client.head("/api/v1/cases").status_code == 401
    assert town.client.head("/api/v1/events/stream", headers=town.as_(ADMINISTRATOR)).status_code == 405
