"""The links in partners' letters: one for each letter, for one answer, gone with letters that never left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from domain.actor import Actor
from domain.case import Case
from domain.city import City
from domain.commands import Accept, Command, ReportProgress, Submitted
from domain.decide import decide
from domain.words import AssignmentId, NoteId, Role
from readmodel.action_links import (
    GIVEN_UP,
    LASTS,
    ActionLink,
    claim,
    link_by_id,
    links_of,
    made_by,
    release,
    revoke_links,
    use_up,
)
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.eventlog import as_of, timeline
from readmodel.intake import Accepted, accept
from readmodel.letters import LetterKind, LetterStatus
from readmodel.recording import record
from readmodel.schema import LETTERS
from tests.readmodel.town import CITY as PLAIN_CITY
from tests.readmodel.town import MORNING, ROADS, a_report, later, rows, rules_for

CITY: City = replace(
    PLAIN_CITY, departments={**PLAIN_CITY.departments, ROADS: replace(PLAIN_CITY.departments[ROADS], partner=True)}
)
TASK = AssignmentId("a1")


def opened(engine: Engine) -> Accepted:
    with writing(engine) as session:
        return accept(session, CITY, rules_for, a_report(), MORNING)


def links(engine: Engine, accepted: Accepted) -> list[ActionLink]:
    with reading(engine) as session:
        return links_of(session, accepted.case_id)


def answers(engine: Engine, accepted: Accepted, link: ActionLink, command: Command, hours: float = 1) -> Case:
    by = Actor(Role.PARTNER, f"link:{link.id}", ROADS)
    with writing(engine) as session:
        state = case_state(session, accepted.case_id)
        assert state is not None
        case, rules = state
        events = decide(rules, case, Submitted(str(link.command_id), by, command), later(hours))
        record(session, CITY, case.case_id, events)
        return record(session, CITY, case.case_id, events)


def test_the_letter_to_a_partner_brings_one_link_for_a_month(engine: Engine) -> None:
    [link] = links(engine, opened(engine))
    assert (link.assignment, link.department, link.made_at) == (TASK, ROADS, MORNING)
    assert link.expires_at == MORNING + LASTS


def test_an_answer_recorded_twice_brings_one_letter_and_one_fresh_link(engine: Engine) -> None:
    accepted = opened(engine)
    [link] = links(engine, accepted)
    answers(engine, accepted, link, Accept(TASK))
    first, fresh = links(engine, accepted)
    assert first == link
    with reading(engine) as session:
        assert made_by(session, link) == fresh
        assert made_by(session, fresh) is None
    letters = [row for row in rows(engine, LETTERS) if row["kind"] == LetterKind.CONTINUED]
    assert [(row["recipient"], row["digest"]) for row in letters] == [("department:roads", None)]


def test_a_first_report_of_progress_brings_one_letter(engine: Engine) -> None:
    accepted = opened(engine)
    [link] = links(engine, accepted)
    answers(engine, accepted, link, ReportProgress(TASK, NoteId("n1")))
    assert [row["kind"] for row in rows(engine, LETTERS)].count(LetterKind.CONTINUED) == 1
    with writing(engine) as session:
        assert claim(session, link.id, "progress", later(1))
        used = link_by_id(session, link.id)
    assert used is not None
    assert (used.used_for, used.used_at) == ("report_progress", later(1))


def test_only_one_answer_claims_a_link_until_it_is_released_or_given_up(engine: Engine) -> None:
    [link] = links(engine, opened(engine))
    with writing(engine) as session:
        assert claim(session, link.id, "yes", MORNING)
        assert claim(session, link.id, "yes", MORNING)
        assert not claim(session, link.id, "no", MORNING)
        release(session, link.id)
        assert claim(session, link.id, "no", MORNING)
        assert not claim(session, link.id, "yes", MORNING + GIVEN_UP)
        assert claim(session, link.id, "yes", MORNING + GIVEN_UP + timedelta(seconds=1))


def test_a_used_revoked_or_expired_link_is_never_claimed(engine: Engine) -> None:
    used, revoked, expired = (opened(engine) for _ in range(3))
    with writing(engine) as session:
        assert claim(session, links_of(session, used.case_id)[0].id, "yes", MORNING)
        use_up(session, links_of(session, used.case_id)[0].id, "accept", MORNING)
        release(session, links_of(session, used.case_id)[0].id)
        assert revoke_links(session, revoked.case_id, "user:director", MORNING) == 1
        assert revoke_links(session, revoked.case_id, "user:director", MORNING) == 0
        assert revoke_links(session, used.case_id, "user:director", MORNING) == 0
        for accepted, at in ((used, MORNING), (revoked, MORNING), (expired, MORNING + LASTS)):
            assert not claim(session, links_of(session, accepted.case_id)[0].id, "yes", at)


@pytest.mark.parametrize(("status", "left"), [(LetterStatus.WAITING, 1), (LetterStatus.SENT, 2)])
def test_a_story_told_anew_takes_back_the_links_of_letters_that_never_left(
    engine: Engine, status: LetterStatus, left: int
) -> None:
    accepted = opened(engine)
    [link] = links(engine, accepted)
    answers(engine, accepted, link, Accept(TASK))
    with writing(engine) as session:
        session.execute(update(LETTERS).values(status=status.value))
    with writing(engine) as session:
        case = as_of(timeline(session, accepted.case_id), 2)
        state = case_state(session, accepted.case_id)
        assert state is not None
        other = Actor(Role.DEPARTMENT, "user:member", ROADS)
        anew = decide(state[1], case, Submitted("anew", other, Accept(TASK, later(48))), later(2))
        record(session, CITY, accepted.case_id, anew)
    assert len(links(engine, accepted)) == left
