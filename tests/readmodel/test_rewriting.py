"""What was recorded and never happened is taken back: the workflow's history is the truth."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, update
from structlog.testing import capture_logs

from domain.actor import Actor
from domain.commands import Accept, AskResident, Command, Decline, GiveFeedback, Resolve, Submitted
from domain.decide import decide
from domain.events import Happened
from domain.evolve import evolve
from domain.words import AssignmentId, Cause, NoteId, Solved
from readmodel.database import reading, writing
from readmodel.eventlog import events_after, last_position, timeline
from readmodel.intake import Accepted
from readmodel.letters import LetterStatus
from readmodel.recording import record
from readmodel.rewriting import Outdated
from readmodel.schema import ASSIGNMENTS, CASES, FEEDBACK, LETTERS
from readmodel.steps import Gap
from tests.readmodel.town import CITY, MEMBER, RESIDENT, later, open_case, rows

Act = tuple[float, Actor, Command]

TASK, NOTE = AssignmentId("a1"), NoteId("n1")
ACCEPTED: Act = (2, MEMBER, Accept(TASK))
RESOLVED: Act = (5, MEMBER, Resolve(TASK, NOTE))
CONTENT: Act = (9, RESIDENT, GiveFeedback(Solved.YES, 5, NOTE))
DECLINED: Act = (12, MEMBER, Decline(TASK, Cause.NOT_OURS, NOTE))


def lived(accepted: Accepted, *acts: Act) -> list[Happened]:
    """What follows the opening, when people do this so many hours after it."""
    case, story = accepted.case, list[Happened]()
    for hours, by, command in acts:
        for happened in decide(accepted.rules, case, Submitted(f"at {hours}", by, command), later(hours)):
            case = evolve(case, happened)
            story.append(happened)
    return story


def bring(engine: Engine, accepted: Accepted, events: Sequence[Happened], *, certain: bool = True) -> None:
    with writing(engine) as session:
        record(session, CITY, accepted.case_id, events, certain=certain)


def kept(engine: Engine, accepted: Accepted) -> list[Happened]:
    with reading(engine) as session:
        return list(timeline(session, accepted.case_id))[accepted.case.version :]


def test_a_step_that_the_workflow_took_otherwise_takes_the_place_of_what_was_recorded(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, ACCEPTED, RESOLVED, CONTENT))
    truth = lived(accepted, ACCEPTED, DECLINED)
    with capture_logs() as logs:
        bring(engine, accepted, truth[1:])
    assert kept(engine, accepted) == truth
    assert rows(engine, CASES)[0]["stage"] == "triage"
    assert [row["state"] for row in rows(engine, ASSIGNMENTS)] == ["declined"]
    assert rows(engine, FEEDBACK) == []
    [warning] = logs
    assert (warning["event"], warning["log_level"], warning["case"]) == ("rewritten", "warning", accepted.case_id)
    assert (warning["first"], warning["last"]) == (4, 7)


def test_the_same_step_at_another_moment_is_another_step(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, (2, MEMBER, Accept(TASK))))
    bring(engine, accepted, lived(accepted, (2.5, MEMBER, Accept(TASK))))
    assert rows(engine, ASSIGNMENTS)[0]["responded_at"] == later(2.5)


def test_what_was_rewritten_is_told_again_to_those_who_follow_the_city(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, ACCEPTED, RESOLVED))
    with reading(engine) as session:
        seen = last_position(session)
    truth = lived(accepted, ACCEPTED, DECLINED)
    bring(engine, accepted, truth)
    with reading(engine) as session:
        assert [recorded.happened for recorded in events_after(session, seen)] == truth[1:]


def test_the_same_again_is_no_rewriting(engine: Engine) -> None:
    accepted = open_case(engine)
    story = lived(accepted, ACCEPTED, RESOLVED, CONTENT)
    bring(engine, accepted, story)
    with reading(engine) as session:
        seen = last_position(session)
    with capture_logs() as logs:
        for part in (story, story[:1], story[1:3]):
            bring(engine, accepted, part)
    with reading(engine) as session:
        assert last_position(session) == seen
    assert logs == []


def test_a_letter_that_left_is_not_sent_again_and_one_that_waits_is_written_anew(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, RESOLVED))
    [sent] = (row for row in rows(engine, LETTERS) if row["kind"] == "resolved")
    with writing(engine) as session:
        session.execute(update(LETTERS).where(LETTERS.c.id == sent["id"]).values(status=LetterStatus.SENT.value))
    bring(engine, accepted, lived(accepted, (7, MEMBER, Resolve(TASK, NOTE))))
    assert [r["status"] for r in rows(engine, LETTERS) if r["kind"] == "resolved"] == ["sent"]

    other = open_case(engine)
    bring(engine, other, lived(other, RESOLVED))
    bring(engine, other, lived(other, (7, MEMBER, Resolve(TASK, NOTE))))
    [waiting] = (r for r in rows(engine, LETTERS) if r["kind"] == "resolved" and r["case_id"] == other.case_id)
    assert (waiting["status"], waiting["created_at"]) == ("waiting", later(7))


def test_a_letter_of_a_step_that_never_happened_does_not_leave(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, (2, MEMBER, AskResident(TASK, NOTE))))
    bring(engine, accepted, lived(accepted, (3, MEMBER, Accept(TASK))))
    assert "asked" not in {row["kind"] for row in rows(engine, LETTERS)}


def test_a_letter_that_left_for_nothing_does_not_stand_in_the_way_later(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, ACCEPTED, RESOLVED))
    with writing(engine) as session:
        session.execute(update(LETTERS).values(status=LetterStatus.SENT.value))
    truth = lived(accepted, (3, MEMBER, Accept(TASK)), (8, MEMBER, Resolve(TASK, NOTE)))
    bring(engine, accepted, truth[:1])
    bring(engine, accepted, truth[1:])
    assert kept(engine, accepted) == truth
    assert [row["kind"] for row in rows(engine, LETTERS)].count("resolved") == 1


def test_what_comes_late_and_may_never_have_happened_changes_nothing(engine: Engine) -> None:
    accepted = open_case(engine)
    truth = lived(accepted, (3, MEMBER, Accept(TASK)))
    bring(engine, accepted, truth, certain=False)
    with pytest.raises(Outdated):
        bring(engine, accepted, lived(accepted, ACCEPTED, RESOLVED), certain=False)
    assert kept(engine, accepted) == truth


def test_what_is_certain_stands_even_where_clocks_went_back(engine: Engine) -> None:
    accepted = open_case(engine)
    bring(engine, accepted, lived(accepted, (3, MEMBER, Accept(TASK))), certain=False)
    truth = lived(accepted, ACCEPTED)
    bring(engine, accepted, truth, certain=True)
    assert kept(engine, accepted) == truth


def test_a_case_keeps_the_event_that_opened_it(engine: Engine) -> None:
    accepted, other = open_case(engine), open_case(engine)
    with reading(engine) as session:
        opening = timeline(session, other.case_id)
    with pytest.raises(Gap, match="opened"):
        bring(engine, accepted, opening)
