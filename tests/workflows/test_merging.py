"""A report that joins another case is counted there, whenever that case begins to live."""

from domain.commands import GiveFeedback, MergeInto, Resolve
from domain.words import AssignmentId, NoteId, Outcome, Solved
from tests.readmodel.town import DIRECTOR, MEMBER, RESIDENT
from tests.workflows.living import Town

TASK = AssignmentId("a1")


async def test_a_report_that_joins_a_case_which_is_not_started_yet_is_counted_once_it_is(town: Town) -> None:
    into, merged = town.take_in(), await town.begin()
    await merged.does(MergeInto(into.id), DIRECTOR)
    await merged.has_in_its_history("activity_task_scheduled_event_attributes")
    await town.start(into)
    await merged.passes_until_it_ends()
    assert merged.case.outcome is Outcome.MERGED
    assert into.case.supporters == 1


async def test_a_report_that_joins_a_case_which_is_closed_meanwhile_ends_all_the_same(town: Town) -> None:
    into, merged = await town.begin(), await town.begin()
    await into.does(Resolve(TASK, NoteId("n1")), MEMBER)
    await into.does(GiveFeedback(Solved.YES), RESIDENT)
    await into.ends()
    await merged.does(MergeInto(into.id), DIRECTOR)
    await merged.ends()
    assert merged.case.merged_into == into.id
    assert into.case.supporters == 0


async def test_two_reports_that_join_each_other_both_end(town: Town) -> None:
    one, other = await town.begin(), await town.begin()
    await one.does(MergeInto(other.id), DIRECTOR)
    await other.does(MergeInto(one.id), DIRECTOR)
    await one.ends()
    await other.ends()
