"""A neighbourhood's team meets: planned by its manager, with an agenda made by the engine, and what it decides kept."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import select

from domain.words import CaseId, MeetingId
from readmodel.accounts import Mandate
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.meeting_course import advance
from readmodel.schema import DECISIONS, LETTERS, MEETINGS
from readmodel.structural.hot_spots import Found, keep_found
from tests.readmodel.town import DORP, GREEN, HEIDE, OTHER
from tests.web.people import GARDENER, LEADERSHIP, MANAGER, MANAGER_EVERYWHERE, MEMBER, WARDEN
from tests.web.test_teams import with_city
from tests.web.town import IN_DORP, Town, fields, problem

TEAM = f"/neighbourhoods/{HEIDE}/team"
FORM = {"day": "2026-03-19", "hour": "13:30", "place": "Community centre", "every_weeks": "4"}


@pytest.fixture
def team(town: Town) -> Iterator[Town]:
    """The gardeners sit in the team of Heide."""
    yield from with_city(town, (GREEN,))


def read(town: Town, by: Mandate, path: str = TEAM) -> str:
    town.sign_in(by)
    answer = town.client.get(path, params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def send(town: Town, path: str, **form: str) -> Response:
    """By the manager of Heide."""
    return send_by(town, MANAGER, path, **form)


def send_by(town: Town, by: Mandate, path: str, **form: str) -> Response:
    town.sign_in(by)
    return town.client.post(path, data={**form, "csrf": town.csrf()})


def planned(town: Town) -> str:
    """The address of a new meeting."""
    answer = send(town, f"{TEAM}/plan", **FORM)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def begun(town: Town) -> str:
    address = planned(town)
    assert send(town, f"{address}/begin").status_code == 303
    return address


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def kinds(town: Town) -> list[tuple[str, str]]:
    """The letters about meetings: what about, and to whom."""
    with reading(town.context.database) as session:
        query = select(LETTERS.c.kind, LETTERS.c.recipient).where(LETTERS.c.meeting_id.is_not(None))
        return [(row.kind, row.recipient) for row in session.execute(query.order_by(LETTERS.c.id))]


def test_the_agenda_names_what_needs_the_team_and_why(team: Town) -> None:
    unplaced = team.report(service=OTHER)
    team.report()
    address = planned(team)
    for who in (MANAGER, GARDENER, WARDEN):
        page = read(team, who, address)
        assert unplaced["number"] in page
        assert "waits for a department since Mon 2 Mar" in page
    assert read(team, GARDENER).count(unplaced["number"]) == 2, "on the agenda, and among the open cases"


def test_cases_of_other_neighbourhoods_and_what_is_about_people_are_not_on_it(town: Town) -> None:
    for team in with_city(town, (GREEN,), private=OTHER):
        elsewhere = team.report(service=OTHER, location=IN_DORP)["number"]
        private = team.report(service=OTHER)["number"]
        address = planned(team)
        page = read(team, MANAGER, address)
        assert elsewhere not in page and private not in page
        for number, why in ((elsewhere, "no such case in this neighbourhood"), (private, "about people")):
            answer = send(team, f"{address}/add", number=number)
            assert answer.status_code == 422
            assert why in answer.text or "wijk" in answer.text


def test_the_manager_adds_and_leaves_out_with_a_reason(team: Town) -> None:
    on, extra = team.report(service=OTHER), team.report()
    address = planned(team)
    send(team, f"{address}/add", number=extra["number"], note="The street asks for it")
    send(team, f"{address}/add", title="The street party")
    assert send(team, f"{address}/park", item=on["case_id"], note="").status_code == 422
    send(team, f"{address}/park", item=on["case_id"], note="Waits for the survey")
    agenda, left_out = read(team, MANAGER, address).split("Left out", 1)
    assert extra["number"] in agenda and "The street party" in agenda and on["number"] not in agenda
    assert on["number"] in left_out and "Waits for the survey" in left_out
    send(team, f"{address}/back", item=on["case_id"])
    assert "Waits for the survey" not in read(team, MANAGER, address)


def test_a_decision_stands_on_the_case_with_the_meeting_it_was_taken_at(team: Town) -> None:
    case = team.report(service=OTHER)
    address = begun(team)
    form = {"item": case["case_id"], "note": "Green takes it on.", "decision": str(uuid4())}
    for _ in range(2):
        assert send(team, f"{address}/decide", **form).status_code == 303
    told = [line for line in team.case(case["case_id"], MANAGER)["timeline"] if line["event"] == "decision_recorded"]
    assert [line["note"] for line in told] == ["Green takes it on."]
    page = read(team, MANAGER, f"/cases/{case['case_id']}")
    assert "Decided together by the neighbourhood team, meeting of Thu 19 Mar" in text_of(page)
    assert f'href="{address}"' in page
    shown = read(team, GARDENER, address)
    assert "Green takes it on." in shown and "Decided · Kim, Mon 2 Mar" in text_of(shown)


def test_the_case_is_acted_on_from_the_agenda_by_the_ordinary_forms(team: Town) -> None:
    case = team.report(service=OTHER)
    address = begun(team)
    page = read(team, MANAGER, address)
    assert f'action="/cases/{case["case_id"]}/act"' in page
    send(team, f"/cases/{case['case_id']}/act", command="assign", departments=GREEN, next=f"{address}?item=x")
    assert team.case(case["case_id"], GARDENER)["stage"] == "assigned"


def test_a_case_that_closed_meanwhile_keeps_its_story_and_the_minutes_have_the_decision(team: Town) -> None:
    case = team.report(service=OTHER)
    address = begun(team)
    team.does(case["case_id"], MANAGER, "close", outcome="explained", note="Twice reported")
    assert send(team, f"{address}/decide", item=case["case_id"], note="Nothing more to do.").status_code == 303
    assert "it was closed" in read(team, MANAGER, address)
    assert team.case(case["case_id"], MANAGER)["timeline"][-1]["event"] == "case_closed"


def test_what_the_rules_refuse_is_told_and_nothing_typed_is_lost(team: Town) -> None:
    team.engine.down = True
    case = team.report(service=OTHER)
    address = begun(team)
    answer = send(team, f"{address}/decide", item=case["case_id"], note="Green takes it on.")
    assert answer.status_code == 503
    assert "Green takes it on." in answer.text
    assert send(team, f"{TEAM}/plan", **{**FORM, "day": "2026-02-19"}).status_code == 422
    assert send(team, f"{TEAM}/plan", **{**FORM, "day": "soon"}).status_code == 422
    assert send(team, f"{address}/move", **FORM).status_code == 409


def test_the_minutes_go_to_the_whole_team_once(team: Town) -> None:
    address = begun(team)
    assert send(team, f"{address}/close").status_code == 303
    assert send(team, f"{address}/close").status_code == 409
    assert kinds(team) == [("minutes", f"department:{GREEN}"), ("minutes", f"manager:{HEIDE}")]
    assert "held" in read(team, GARDENER)


def test_members_who_have_the_agenda_hear_of_a_move_and_of_a_cancellation(team: Town) -> None:
    address = planned(team)
    send(team, f"{address}/move", **{**FORM, "hour": "15:00"})
    assert kinds(team) == [], "nobody had the agenda yet"
    id = MeetingId(address.rpartition("/")[2])
    team.clock.pass_(days=16)
    with writing(team.context.database) as session:
        advance(session, team.context.city, id, team.clock())
    send(team, f"{address}/move", **{**FORM, "place": "Library"})
    send(team, f"{address}/cancel", note="Snow", series="no")
    assert [kind for kind, _ in kinds(team)] == ["agenda"] * 2 + ["meeting_moved"] * 2 + ["meeting_cancelled"] * 2
    with reading(team.context.database) as session:
        rows = session.execute(select(MEETINGS.c.state).order_by(MEETINGS.c.starts_at)).scalars()
        assert list(rows) == ["cancelled", "planned"], "the next of the series goes on"


def test_a_hot_spot_nobody_decided_about_is_on_the_agenda_too(team: Town) -> None:
    day = team.clock().date()
    spot = Found("theme-lamp", HEIDE, 50.5, 5.2, 100.0, day, day, 1.0, 0.01, (CaseId("a"), CaseId("b"), CaseId("c")))
    with writing(team.context.database) as session:
        keep_found(session, [spot], 10, day, team.clock())
    address = begun(team)
    whole = read(team, GARDENER, address)
    assert f'href="/neighbourhoods/{HEIDE}/hot-spots#spot-' in whole
    page = text_of(whole)
    assert "Hot spot: theme lamp" in page and "3 reports in one place, found on Mon 2 Mar" in page


def test_a_decision_names_only_a_meeting_of_a_team_that_the_case_concerns(team: Town) -> None:
    meeting = planned(team).rpartition("/")[2]
    here, elsewhere = team.report()["case_id"], team.report(location=IN_DORP)["case_id"]
    decision = {"note": "Roads comes on Monday.", "meeting": meeting}
    team.does(here, MANAGER, "record_decision", **decision)
    for case_id, named in ((elsewhere, meeting), (here, str(uuid4()))):
        answer = team.command(case_id, MANAGER_EVERYWHERE, "record_decision", **{**decision, "meeting": named})
        assert fields(problem(answer, 422, "invalid")) == ["meeting"]


def test_the_same_form_sent_twice_plans_one_meeting(team: Town) -> None:
    form = {**FORM, "meeting": str(uuid4())}
    first, second = (send(team, f"{TEAM}/plan", **form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(team.get(f"/neighbourhoods/{HEIDE}/meetings", MANAGER).json()["items"]) == 1


def test_leadership_reads_what_is_on_the_agenda_without_what_people_wrote(team: Town) -> None:
    case = team.report(service=OTHER)
    address = begun(team)
    send(team, f"{address}/add", title="The street party")
    send(team, f"{address}/decide", item=case["case_id"], note="Green takes it on.")
    page = read(team, LEADERSHIP, address)
    assert case["number"] in page
    for text in ("Green takes it on.", "The street party", "The lamp at number 7"):
        assert text not in page


def test_only_the_team_reads_and_only_the_manager_leads(team: Town) -> None:
    address = planned(team)
    for path in (TEAM, address):
        team.sign_in(MEMBER)
        assert team.client.get(path).status_code == 404
    assert send_by(team, GARDENER, f"{address}/begin").status_code == 403
    assert team.get(f"/meetings/{address.rpartition('/')[2]}", MEMBER).status_code == 404


def test_programs_plan_and_read_meetings(team: Town) -> None:
    case = team.report(service=OTHER)
    body = {"starts_at": "2026-03-19T13:30:00+01:00", "place": "Community centre", "every_weeks": 4}
    made = team.post(f"/neighbourhoods/{HEIDE}/meetings", body, MANAGER)
    assert made.status_code == 201, made.text
    id = made.json()["meeting"]
    assert [m["meeting"] for m in team.get(f"/neighbourhoods/{HEIDE}/meetings", GARDENER).json()["items"]] == [id]
    [item] = team.get(f"/meetings/{id}", GARDENER).json()["agenda"]
    assert (item["number"], [r["reason"] for r in item["reasons"]]) == (case["number"], ["to_place"])
    problem(team.post(f"/neighbourhoods/{HEIDE}/meetings", body, GARDENER), 403, "forbidden")
    problem(team.post(f"/neighbourhoods/{DORP}/meetings", body, MANAGER), 404, "not_found")
    late = {**body, "starts_at": "2026-02-19T13:30:00+01:00"}
    problem(team.post(f"/neighbourhoods/{HEIDE}/meetings", late, MANAGER), 422, "invalid")


def test_erasing_a_case_erases_what_was_decided_about_it_in_words(team: Town) -> None:
    case = team.report(service=OTHER)
    address = begun(team)
    send(team, f"{address}/decide", item=case["case_id"], note="Mrs Peeters at number 7 was told.")
    with writing(team.context.database) as session:
        erase(session, case["case_id"])
        assert session.execute(select(DECISIONS.c.text)).scalars().all() == [""]
    assert "Peeters" not in read(team, MANAGER, address)
