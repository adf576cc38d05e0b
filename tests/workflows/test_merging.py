"""A report that joins a case is counted there, whenever that case begins to live; what was wrong is split again."""

from datetime import timedelta

import pytest

from domain.commands import Accept, GiveFeedback, MergeInto, Resolve
from domain.joining.commands import Split
from domain.refusal import Refused
from domain.words import AssignmentId, NoteId, Outcome, Solved, Stage
from readmodel.database import reading
from readmodel.followers import followers_of
from tests.readmodel.town import DIRECTOR, MEMBER, RESIDENT
from tests.workflows.living import Referral, Town, eventually
from workflows.referrals import NotRunning

TASK, NOTE = AssignmentId("a1"), NoteId("n1")


def follow(town: Town, case: Referral) -> int:
    with reading(town.database) as session:
        return len(followers_of(session, case.id))


async def test_a_report_that_joins_a_case_which_is_not_started_yet_is_counted_once_it_is(town: Town) -> None:
    into, merged = town.take_in(), await town.begin()
    await merged.does(MergeInto(into.id), DIRECTOR)
    await merged.has_in_its_history("activity_task_scheduled_event_attributes")
    await town.start(into)
    await merged.passes_until_it_ends()
    assert merged.case.outcome is Outcome.MERGED
    assert into.case.supporters == 1
    with pytest.raises(NotRunning):
        await merged.does(Split(NOTE), DIRECTOR)


async def test_a_report_that_joins_a_case_which_is_closed_meanwhile_ends_all_the_same(town: Town) -> None:
    into, merged = await town.begin(), await town.begin()
    await into.does(Resolve(TASK, NOTE), MEMBER)
    await into.does(GiveFeedback(Solved.YES), RESIDENT)
    await into.ends()
    await merged.does(MergeInto(into.id), DIRECTOR)
    await merged.passes_until_it_ends()
    assert merged.case.merged_into == into.id
    assert into.case.supporters == 0


async def test_of_two_reports_that_join_each_other_the_oldest_goes_on_with_both_reporters(town: Town) -> None:
    one, other = await town.begin(), await town.begin()
    await one.does(MergeInto(other.id), DIRECTOR)
    await other.does(MergeInto(one.id), DIRECTOR)
    await eventually(lambda: not one.case.closed and one.case.supporters == 1)
    await eventually(lambda: other.case.supporters == 0 and follow(town, other) == 1)
    assert (one.case.stage, other.case.merged_into, follow(town, one)) == (Stage.ASSIGNED, one.id, 2)


async def test_what_joins_a_case_that_joins_another_is_counted_where_the_work_is(town: Town) -> None:
    first, second, third = await town.begin(), await town.begin(), await town.begin()
    await first.does(MergeInto(second.id), DIRECTOR)
    await eventually(lambda: second.case.supporters == 1)
    await second.does(MergeInto(third.id), DIRECTOR)
    await eventually(lambda: third.case.supporters == 2)
    assert follow(town, third) == 3
    await first.does(Split(NOTE), DIRECTOR)
    await eventually(lambda: third.case.supporters == 1 and second.case.supporters == 0)
    assert [follow(town, case) for case in (first, second, third)] == [1, 1, 2]


async def test_a_wrong_merge_is_split_and_both_cases_go_on(town: Town) -> None:
    into, merged = await town.begin(), await town.begin()
    await merged.does(Accept(TASK), MEMBER)
    before = merged.case
    await merged.does(MergeInto(into.id), DIRECTOR)
    await eventually(lambda: into.case.supporters == 1)
    assert follow(town, into) == 2
    await merged.passes(timedelta(days=20))
    await merged.does(Split(NOTE), DIRECTOR, id="split")
    assert (merged.case.stage, merged.case.promised_by) == (Stage.IN_PROGRESS, before.promised_by)
    await eventually(lambda: into.case.supporters == 0)
    assert (follow(town, into), follow(town, merged)) == (1, 1)
    with pytest.raises(Refused):
        await merged.does(Split(NOTE), DIRECTOR)
    await merged.does(MergeInto(into.id), DIRECTOR)
    await eventually(lambda: into.case.supporters == 1)
    await merged.does(Split(NOTE), DIRECTOR)
    for case in (into, merged):
        await case.does(Resolve(TASK, NOTE), MEMBER)
        await case.does(GiveFeedback(Solved.YES), RESIDENT)
        await case.ends()
