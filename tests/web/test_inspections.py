"""Wardens go and look, with a phone: what is on their list, and what becomes of what they tell."""

import re
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from domain.words import CaseId
from readmodel.database import reading
from readmodel.inspections import to_look_at
from readmodel.schema import LETTERS
from readmodel.sight import Sight
from tests.readmodel.town import HEIDE
from tests.web.images import jpeg
from tests.web.people import MANAGER, MEMBER, WARDEN, WARDEN_ELSEWHERE
from tests.web.reading_pages import Outline
from tests.web.town import CITY, Town


def listed(town: Town, by: object = WARDEN) -> list[str]:
    town.sign_in(by)  # type: ignore[arg-type]
    answer = town.client.get("/inspections", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    Outline(answer.text)
    return re.findall(r'class="to-case"[^>]*>[^<]*</a> <span class="muted">([0-9-]+)', answer.text)


def test_a_warden_looks_at_what_was_reported_done_and_the_manager_hears_that_it_is_not(town: Town) -> None:
    done, new = town.report(), town.report()
    case_id = done["case_id"]
    town.clock.pass_(hours=1)
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="New bulb")
    assert set(listed(town)) == set(listed(town, MANAGER)) == {done["number"], new["number"]}
    assert listed(town, WARDEN_ELSEWHERE) == []
    town.clock.pass_(hours=1)
    town.sign_in(WARDEN)
    form = {"csrf": town.csrf(), "command": "inspect", "command_id": str(uuid4()), "next": "/inspections"}
    seen = {**form, "found": "not_done", "note": "Only the pole is new", "public": "no"}
    for _ in range(2):
        answer = town.client.post(f"/cases/{case_id}/act", data=seen, files={"photos": ("a.jpg", jpeg(), "image/jpeg")})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/inspections")
    assert listed(town) == [new["number"]]
    case = town.case(case_id, MANAGER)
    assert (case["stage"], case["inspection"]["found"]) == ("resolved", "not_done")
    assert [line["note"] for line in case["timeline"] if line["event"] == "case_inspected"] == ["Only the pole is new"]
    assert len(case["photos"]) == 1
    followed = town.get(f"/follow/{done['token']}").json()
    assert [line["note"] for line in followed["timeline"] if line["event"] == "case_inspected"] == [None]
    assert followed["photos"] == []
    with reading(town.context.database) as session:
        mine = (LETTERS.c.case_id == CaseId(case_id), LETTERS.c.kind == "contradicted")
        assert list(session.execute(select(LETTERS.c.recipient).where(*mine)).scalars()) == [f"manager:{HEIDE}"]
    assert town.does(case_id, MANAGER, "assign", departments=["roads"])["stage"] == "assigned"


def test_what_a_warden_tells_the_resident_is_read_there(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], WARDEN, "inspect", found="nothing_there", note="We saw no broken lamp.", public=True)
    followed = town.get(f"/follow/{report['token']}").json()
    told = [line["note"] for line in followed["timeline"] if line["event"] == "case_inspected"]
    assert told == ["We saw no broken lamp."]
    assert listed(town) == []


def test_what_is_about_people_is_not_for_the_street(town: Town) -> None:
    report = town.report()
    discreet = replace(CITY, services={code: replace(one, private=True) for code, one in CITY.services.items()})
    with reading(town.context.database) as session:
        for city, found in ((CITY, [report["number"]]), (discreet, [])):
            looks = to_look_at(session, city, town.clock(), Sight(neighbourhoods=(HEIDE,)))
            assert [one.case.number for one in looks] == found
