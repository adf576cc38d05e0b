"""Several people, or one person twice, act on one case at the same moment."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.commands import Accept, Acknowledge, Comment, GiveFeedback, Resolve, Support
from domain.refusal import Refused
from domain.words import AssignmentId, EscalationId, NoteId, Solved
from tests.readmodel.town import DIRECTOR, GARDENER, MEMBER, RESIDENT
from tests.workflows.living import Referral, Town, at_work
from tests.workflows.replaying import histories_of
from workflows.ports import Answer
from workflows.referrals import NotRunning, start_case

TASK = AssignmentId("a1")
NOTE = NoteId("n1")
AT_ONCE = 8


async def lived(town: Town) -> Referral:
    """A case that has come to its end."""
    referral = await town.begin()
    await referral.does(Resolve(TASK, NOTE), MEMBER)
    await referral.does(GiveFeedback(Solved.YES), RESIDENT, id="the-last-word")
    await referral.ends()
    return referral


async def test_of_many_who_act_on_the_same_version_exactly_one_wins(town: Town) -> None:
    referral = await town.begin()
    version = referral.case.version
    results = await asyncio.gather(
        *(referral.does(Comment(NOTE, public=False), MEMBER, version=version) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )
    won = [result for result in results if isinstance(result, Answer)]
    lost = [result for result in results if isinstance(result, Refused)]
    assert [answer.version for answer in won] == [version + 1]
    assert [refused.code for refused in lost] == ["stale"] * (AT_ONCE - 1)
    assert referral.case.version == version + 1


async def test_of_many_who_accept_only_the_first_does(town: Town) -> None:
    referral = await town.begin()
    results = await asyncio.gather(
        *(referral.does(Accept(TASK), MEMBER) for _ in range(AT_ONCE)), return_exceptions=True
    )
    assert sum(isinstance(result, Answer) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == AT_ONCE - 1
    assert referral.kinds.count("assignment_accepted") == 1


async def test_what_many_say_at_once_is_all_kept_in_some_order(town: Town) -> None:
    referral = await town.begin()
    first = referral.case.version + 1
    answers = await asyncio.gather(*(referral.does(Support(), RESIDENT) for _ in range(AT_ONCE)))
    assert sorted(answer.version for answer in answers) == list(range(first, first + AT_ONCE))
    assert referral.case.supporters == AT_ONCE


async def test_one_command_sent_many_times_at_once_has_one_effect_and_one_answer(town: Town) -> None:
    referral = await town.begin()
    id = str(uuid4())
    answers = await asyncio.gather(*(referral.does(Support(), RESIDENT, id) for _ in range(AT_ONCE)))
    assert len(set(answers)) == 1
    assert referral.case.supporters == 1
    await referral.does(Comment(NOTE, public=False), MEMBER)
    assert await referral.does(Support(), RESIDENT, id) == answers[0], "and later too"
    assert referral.case.supporters == 1


async def test_commands_that_come_before_the_first_step_of_the_workflow_are_followed(idle_town: Town) -> None:
    referral = await idle_town.begin()
    early = [asyncio.create_task(referral.does(Support(), RESIDENT)) for _ in range(AT_ONCE)]
    async with at_work(idle_town.client, idle_town.activities()):
        assert len({answer.version for answer in await asyncio.gather(*early)}) == AT_ONCE


async def test_what_is_refused_leaves_nothing_in_history_and_nothing_in_the_records(town: Town) -> None:
    referral = await town.begin()
    await referral.does(Accept(TASK), MEMBER)
    [before] = await histories_of(town.client, referral.id)
    recorded = referral.events
    for command, by in (
        (Accept(TASK), MEMBER),
        (Accept(AssignmentId("a9")), MEMBER),
        (Resolve(TASK, NOTE), GARDENER),
        (Acknowledge(EscalationId("e1")), DIRECTOR),
        (GiveFeedback(Solved.YES), RESIDENT),
    ):
        with pytest.raises(Refused) as refused:
            await referral.does(command, by)
        assert refused.value.reason
        assert refused.value.code
    [after] = await histories_of(town.client, referral.id)
    assert len(after.events) == len(before.events)
    assert referral.events == recorded


async def test_what_is_asked_of_a_case_that_ended_is_not_followed(town: Town) -> None:
    referral = await lived(town)
    recorded = referral.events
    with pytest.raises(NotRunning):
        await referral.does(Comment(NOTE, public=False), MEMBER)
    assert referral.events == recorded


async def test_a_case_that_ended_is_not_started_again(town: Town) -> None:
    referral = await lived(town)
    [before] = await histories_of(town.client, referral.id)
    await start_case(town.client, referral.accepted.case, referral.rules)
    assert [run.run_id for run in await histories_of(town.client, referral.id)] == [before.run_id]


async def test_a_case_that_was_never_started_does_not_run(town: Town) -> None:
    report = town.take_in()
    town.referrals.remove(report)
    with pytest.raises(NotRunning):
        await report.does(Accept(TASK), MEMBER)


async def test_a_case_waits_for_its_terms_without_a_stir(town: Town) -> None:
    referral = await town.begin()
    await referral.does(Accept(TASK), MEMBER)
    await referral.passes(timedelta(days=2))
    before = await steps(town, referral)
    await referral.passes(timedelta(days=2))
    assert await steps(town, referral) == before


async def steps(town: Town, referral: Referral) -> int:
    """How often the workflow was woken."""
    [history] = await histories_of(town.client, referral.id)
    return sum(event.HasField("workflow_task_started_event_attributes") for event in history.events)
