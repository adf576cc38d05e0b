"""A case with a long history goes on in a new run, and nobody notices."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from temporalio.common import SearchAttributeKey

from domain.actor import RESIDENT, Actor
from domain.commands import Accept, Comment, GiveFeedback, Resolve, Support
from domain.words import AssignmentId, NoteId, Role, Solved
from tests.readmodel.town import MEMBER, ROADS
from tests.workflows.living import Referral, Town
from tests.workflows.replaying import histories_of
from workflows.case import CaseWorkflow
from workflows.ports import CASES, Answer, Running
from workflows.referrals import workflow_id
from workflows.visibility import STAGE

TASK = AssignmentId("a1")
NOTE = NoteId("n1")
PEOPLE = [Actor(Role.DEPARTMENT, f"user:{n}", ROADS) for n in range(8)]
EACH = 10


async def remarks(referral: Referral, by: Actor) -> dict[str, Answer]:
    """One after the other; the answers by command id."""
    answers: dict[str, Answer] = {}
    for _ in range(EACH):
        id = str(uuid4())
        answers[id] = await referral.does(Comment(NOTE, public=False), by, id)
    return answers


async def test_continuing_as_new_under_many_hands_loses_and_doubles_nothing(forgetful_town: Town) -> None:
    referral = await forgetful_town.begin()
    each = await asyncio.gather(*(remarks(referral, by) for by in PEOPLE))
    answers = {id: answer for some in each for id, answer in some.items()}
    assert len(await histories_of(forgetful_town.client, referral.id)) > 3, "it continued as new on the way"

    opening = referral.accepted.case.version
    assert sorted(answer.version for answer in answers.values()) == list(
        range(opening + 1, opening + 1 + EACH * len(PEOPLE))
    )
    placed = {happened.command_id: happened.seq for happened in referral.events if happened.command_id}
    assert placed == {id: answer.version for id, answer in answers.items()}

    before = referral.events
    repeated = {id: await referral.does(Comment(NOTE, public=False), PEOPLE[0], id) for id in answers}
    assert repeated == answers, "a repeat is answered as it was, by whichever run"
    assert referral.events == before


async def test_a_case_that_only_hears_from_people_continues_as_new_too(forgetful_town: Town) -> None:
    referral = await forgetful_town.begin()
    for _ in range(30):
        await referral.does(Support(), RESIDENT)
    runs = await histories_of(forgetful_town.client, referral.id)
    assert len(runs) > 2
    assert max(len(run.events) for run in runs) < 80


async def test_terms_run_on_in_the_new_run(forgetful_town: Town) -> None:
    referral = await forgetful_town.begin()
    for _ in range(12):
        await referral.does(Support(), RESIDENT)
    assert len(await histories_of(forgetful_town.client, referral.id)) > 1
    await referral.passes(timedelta(days=4, hours=1))
    assert [f"{e.reason} {e.level}" for e in referral.case.open_escalations()] == ["no_response 1", "no_response 2"]
    for command, by in ((Resolve(TASK, NOTE), MEMBER), (GiveFeedback(Solved.YES), RESIDENT)):
        await referral.does(command, by)
    await referral.ends()


async def test_search_attributes_are_carried_along_as_the_case_stands(forgetful_town: Town) -> None:
    referral = await forgetful_town.begin()
    await referral.does(Accept(TASK), MEMBER)
    for _ in range(12):
        await referral.does(Support(), RESIDENT)
    assert len(await histories_of(forgetful_town.client, referral.id)) > 1
    description = await referral.handle.describe()
    assert description.typed_search_attributes[SearchAttributeKey.for_keyword(STAGE.name)] == "in_progress"


async def test_time_does_not_run_back_in_the_new_run_whatever_the_clocks_say(town: Town) -> None:
    referral = town.take_in()
    latest = referral.accepted.case.opened_at + timedelta(hours=1)
    await town.client.start_workflow(
        CaseWorkflow.run,
        Running(referral.accepted.case, referral.rules, latest=latest),
        id=workflow_id(referral.id),
        task_queue=CASES,
    )
    await referral.does(Accept(TASK), MEMBER)
    assert referral.events[-1].at == latest
