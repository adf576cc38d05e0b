"""Structural work on a real server: the weekly look for hot spots, and a structural case in the same durable loop."""

from datetime import timedelta
from uuid import uuid4

from temporalio.worker import Worker

from activities.hot_spots.reviewing import HotSpotReviews
from domain.commands import Submitted
from domain.durations import WorkingDays
from domain.structural.commands import Bundle, PlanAction
from domain.words import CaseId, NoteId, Stage
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.structural.bundles import part_of
from readmodel.structural.hot_spots import last_review
from readmodel.structural.opening import Wanted, open_case
from tests.readmodel.town import CITY, DIRECTOR, HEIDE, MORNING, OTHER, ROADS, rules_for
from tests.workflows.living import Town
from workers.runners import sandboxed
from workflows.referrals import start_case, submit
from workflows.reviews import HotSpotReviewWorkflow

WITHIN = timedelta(seconds=20)


async def test_a_review_is_kept_though_there_was_nothing_to_find(idle_town: Town) -> None:
    queue, reviews = f"reviews-{uuid4()}", HotSpotReviews(idle_town.database, CITY)
    async with Worker(
        idle_town.client,
        task_queue=queue,
        workflows=[HotSpotReviewWorkflow],
        activities=[reviews.find],
        workflow_runner=sandboxed(),
    ):
        found = await idle_town.client.execute_workflow(HotSpotReviewWorkflow.run, id=queue, task_queue=queue)
    with reading(idle_town.database) as session:
        assert found == 0 and last_review(session) is not None


async def test_a_structural_case_lives_in_the_loop_of_any_case(town: Town) -> None:
    wanted = Wanted(OTHER, HEIDE, "space", "Dark path", WorkingDays(20), (), None, DIRECTOR)
    with writing(town.database) as session:
        opened = open_case(session, CITY, rules_for, wanted, MORNING)
    case_id, issue = opened.case.case_id, CaseId("issue")
    await start_case(town.client, opened.case, opened.rules)
    await submit(town.client, case_id, Submitted(str(uuid4()), DIRECTOR, Bundle((issue,))), WITHIN)
    plan = Submitted(str(uuid4()), DIRECTOR, PlanAction(ROADS, NoteId("light")))
    answer = await submit(town.client, case_id, plan, WITHIN)
    assert await submit(town.client, case_id, plan, WITHIN) == answer
    with reading(town.database) as session:
        state, part = case_state(session, case_id), part_of(session, issue)
    assert state is not None and state[0].stage is answer.stage and state[0].stage is not Stage.RECEIVED
    assert [task.task for task in state[0].assignments] == [NoteId("light")]
    assert part is not None and part.case_id == case_id
