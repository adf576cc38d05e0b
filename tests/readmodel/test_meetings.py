"""Meetings of neighbourhood teams as they are kept: planned once, told to their workflow once, with a fixed agenda."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from domain.commands import Assign
from domain.refusal import Refused
from domain.teams.agenda import Reason
from domain.teams.course import MeetingState
from domain.words import MeetingId, Tier
from readmodel.agendas import agenda_of, park
from readmodel.database import reading, writing
from readmodel.meeting_course import advance, begin, cancel, send_agenda
from readmodel.meetings import Meeting, coming, mark_told, meeting_by_id, plan, to_tell
from readmodel.schema import LETTERS
from tests.readmodel.town import CITY, DIRECTOR, GREEN, HEIDE, MORNING, OTHER, ROADS, a_report, do, open_case

DAY = timedelta(days=1)
STARTS = MORNING + 6 * DAY
M1 = MeetingId("m1")
PLANNED = Meeting(M1, HEIDE, STARTS, "Town hall", MeetingState.PLANNED, every_weeks=2)


def planned(engine: Engine) -> Meeting:
    with writing(engine) as session:
        for _ in range(2):
            plan(session, PLANNED, "user:director", MORNING)
        meeting = meeting_by_id(session, M1, to_change=True)
    assert meeting is not None
    return meeting


def test_a_meeting_is_planned_once_and_told_until_its_workflow_knows(engine: Engine) -> None:
    assert planned(engine) == PLANNED
    with writing(engine) as session:
        assert to_tell(session, 10) == [(M1, 1)]
        mark_told(session, M1, 1)
        assert to_tell(session, 10) == []
        assert advance(session, CITY, M1, MORNING) == STARTS - 2 * DAY
        assert advance(session, CITY, M1, STARTS) == STARTS + DAY, "when the minutes are asked for"
        [(first, _), (second, revision)] = sorted(to_tell(session, 10), key=lambda told: told[0] != M1)
    assert (first, revision) == (M1, 1)
    with reading(engine) as session:
        begun, following = coming(session, HEIDE)
    assert (begun.state, following.meeting_id, following.starts_at) == (
        MeetingState.BEGUN,
        second,
        STARTS + timedelta(weeks=2),
    )


def test_the_agenda_follows_the_cases_until_the_meeting_begins_and_then_stays(engine: Engine) -> None:
    meeting = planned(engine)
    placed, waiting = open_case(engine, a_report(OTHER)), open_case(engine, a_report(OTHER))
    do(engine, placed, Assign((GREEN,)), DIRECTOR, MORNING)
    with writing(engine) as session:
        assert [i.item for i in agenda_of(session, CITY, meeting, MORNING).items] == [waiting.case_id]
        meeting = begin(session, CITY, meeting, STARTS)
    do(engine, waiting, Assign((ROADS,)), DIRECTOR, STARTS, id="later")
    with reading(engine) as session:
        [item] = agenda_of(session, CITY, meeting, STARTS + DAY).items
    assert [why.reason for why in item.whys] == [Reason.TO_PLACE]


def test_an_attention_neighbourhood_puts_what_is_new_before_its_team_and_tells_it_in_the_letter(engine: Engine) -> None:
    watched = replace(CITY.neighbourhoods[HEIDE], tier=Tier.ATTENTION, team=(GREEN,))
    city = replace(CITY, neighbourhoods={**CITY.neighbourhoods, HEIDE: watched})
    meeting, fresh = planned(engine), open_case(engine, a_report())
    with writing(engine) as session:
        assert agenda_of(session, CITY, meeting, MORNING).items == ()
        [item] = agenda_of(session, city, meeting, MORNING).items
        assert (item.item, [why.reason for why in item.whys]) == (fresh.case_id, [Reason.ATTENTION])
        send_agenda(session, city, meeting, MORNING)
        told = session.execute(select(LETTERS.c.recipient, LETTERS.c.facts).where(LETTERS.c.kind == "agenda")).all()
    whys = {row.recipient: [why["reason"] for why in row.facts["items"][0]["whys"]] for row in told}
    assert whys == {f"department:{GREEN}": ["attention"], f"manager:{HEIDE}": ["attention"]}


def test_what_was_left_out_stays_out_as_long_as_the_engine_would_list_it(engine: Engine) -> None:
    meeting = planned(engine)
    waiting = open_case(engine, a_report(OTHER))
    with writing(engine) as session:
        park(session, CITY, meeting, waiting.case_id, "Next time", MORNING, "user:director")
        agenda = agenda_of(session, CITY, meeting, MORNING)
        assert (agenda.items, [i.note for i in agenda.parked]) == ((), ["Next time"])
        with pytest.raises(Refused):
            park(session, CITY, meeting, waiting.case_id, "Again", MORNING, "user:director")


def test_a_cancelled_meeting_ends_its_series_only_where_that_was_said(engine: Engine) -> None:
    meeting = planned(engine)
    with writing(engine) as session:
        cancel(session, CITY, meeting, "Snow", MORNING, "user:director")
        [following] = coming(session, HEIDE)
        cancel(session, CITY, following, "No more", MORNING, "user:director", series=True)
        assert coming(session, HEIDE) == []
        with pytest.raises(Refused, match="cancelled"):
            begin(session, CITY, replace(meeting, state=MeetingState.CANCELLED), STARTS)
