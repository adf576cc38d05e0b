"""What a page may offer: what the rules would accept now, and why the rest has to wait."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain.actor import Actor
from domain.commands import Accept, Acknowledge, Close, Command, Decline, PauseAssignment, Resolve, Submitted
from domain.decide import decide
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.initiatives.rules import MOST
from domain.inspections.commands import Inspect
from domain.inspections.state import Found
from domain.joining.commands import Split
from domain.options import (
    Option,
    assign_targets,
    extension_after,
    furthest,
    latest_offer,
    latest_pause,
    options,
    transfer_targets,
)
from domain.refusal import Refused
from domain.teams.commands import RecordDecision
from domain.words import AssignmentId, CaseId, Cause, EscalationId, NoteId, Outcome, Role, Solved
from tests.asking import endings, of_departments, of_managers, of_residents, spans
from tests.cases import (
    A1,
    A2,
    DEPARTMENTS,
    E1,
    GREEN,
    HOUSING,
    NOTE,
    POLICE,
    ROADS,
    Story,
    administrator,
    at,
    clock,
    green,
    green_head,
    housing,
    leadership,
    manager,
    manager_elsewhere,
    police,
    resident,
    roads,
    roads_head,
    rulebook,
    warden,
)

EVERYBODY = (
    roads, roads_head, green, green_head, housing, police, manager, manager_elsewhere, warden, leadership,
    administrator, resident,
)  # fmt: skip


def offered(story: Story, by: Actor) -> tuple[Option, ...]:
    return options(story.rules, story.case, by, story.now)


def allowed(story: Story, by: Actor) -> set[str]:
    return {option.command for option in offered(story, by) if option.allowed}


def refused(story: Story, by: Actor) -> dict[str, str]:
    return {option.command: option.refused for option in offered(story, by) if option.refused is not None}


@pytest.fixture
def story() -> Story:
    return Story().opened(ROADS, on="2026-03-02 09:00")


def test_a_department_that_has_not_answered_may_do_all_but_wait(story: Story) -> None:
    assert allowed(story, roads) == {
        "accept", "report_progress", "resolve", "ask_resident", "transfer", "decline", "comment",
    }  # fmt: skip
    assert refused(story, roads) == {
        "pause": "The assignment was not accepted yet.",
        "resume": "The assignment is not paused.",
    }


def test_another_department_may_only_remark_something(story: Story) -> None:
    assert offered(story, green) == (Option("comment"),)


def test_a_task_that_waits_can_go_on(story: Story) -> None:
    story.does(Accept(A1), by=roads).does(PauseAssignment(A1, Cause.OTHER, at("2026-03-09 09:00"), NOTE), by=roads)
    assert "resume" in allowed(story, roads)
    assert refused(story, roads)["report_progress"] == "The assignment is paused: resume it first."


def test_the_manager_decides_over_the_case_and_each_of_its_tasks() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00")
    of_task = [(o.command, o.assignment) for o in offered(story, manager) if o.assignment is not None]
    assert of_task == [(kind, id) for id in (A1, A2) for kind in ("ask_resident", "extend", "assign")]
    assert allowed(story, manager) == {
        "ask_resident", "extend", "assign", "set_urgent", "inspect", "record_decision", "comment", "merge_into",
        "close", "offer_to_residents",
    }  # fmt: skip


def test_elsewhere_a_manager_decides_nothing(story: Story) -> None:
    assert allowed(story, manager_elsewhere) == {"comment"}


def test_whoever_was_told_may_take_it_up_once(story: Story) -> None:
    story.until("2026-03-04 10:00")
    assert Option("acknowledge", escalation=E1) in offered(story, roads_head)
    assert "acknowledge" not in allowed(story, manager)
    story.does(Acknowledge(E1), by=roads_head)
    assert refused(story, roads_head)["acknowledge"] == "This escalation was acknowledged before."


def test_a_department_that_a_manager_chose_for_good_cannot_pass_it_on() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    for department, by, id in ((GREEN, roads, A1), (HOUSING, green, A2)):
        story.does(c.Transfer(id, department, NOTE), by=by)
    a3 = AssignmentId("a3")
    story.does(c.Transfer(a3, ROADS, NOTE), by=housing).does(c.Assign((GREEN,)), by=manager)
    assert refused(story, green) == {
        "pause": "The assignment was not accepted yet.",
        "resume": "The assignment is not paused.",
        "transfer": "A manager placed this here for good: it cannot be transferred.",
        "decline": "A manager placed this here for good: it cannot be declined.",
    }


def test_a_task_goes_to_departments_that_do_not_work_on_the_case() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00")
    assert transfer_targets(story.rules, story.case, roads, A1, story.now) == (HOUSING, POLICE)
    assert assign_targets(story.rules, story.case, manager, story.now) == (HOUSING, POLICE)
    assert assign_targets(story.rules, story.case, manager, story.now, A1) == (HOUSING, POLICE)
    assert transfer_targets(story.rules, story.case, green, A1, story.now) == ()


def test_what_awaits_placing_may_go_to_any_department() -> None:
    story = Story().opened(ROADS, GREEN, on="2026-03-02 09:00").does(Decline(A1, Cause.NOT_OURS, NOTE), by=roads)
    assert assign_targets(story.rules, story.case, manager, story.now) == DEPARTMENTS


def test_where_every_department_works_on_it_already_there_is_nobody_to_add() -> None:
    story = Story().opened(*DEPARTMENTS, on="2026-03-02 09:00")
    assert refused(story, manager)["assign"] == "These departments already work on this case."
    assert refused(story, roads)["transfer"] == 'Department "green" already works on this case.'


def test_a_pause_may_last_as_long_as_the_policy_allows(story: Story) -> None:
    story.does(Accept(A1), by=roads)
    latest = latest_pause(story.rules, story.case, A1, story.now)
    assert clock(latest) == "2026-04-01 10:00"
    story.refused(PauseAssignment(A1, Cause.OTHER, latest + timedelta(seconds=1), NOTE), by=roads)
    story.does(PauseAssignment(A1, Cause.OTHER, latest, NOTE), by=roads)


def test_a_promise_moves_to_a_moment_later_than_it_has_now(story: Story) -> None:
    after = extension_after(story.case, A1, story.now)
    assert clock(after) == "2026-03-23 09:00"
    assert after is not None
    story.refused(c.Extend(A1, after, NOTE), by=manager)
    story.refused(c.Extend(A1, furthest(story.now) + timedelta(seconds=1), NOTE), by=manager)
    story.does(c.Extend(A1, after + timedelta(seconds=1), NOTE), by=manager)
    assert extension_after(story.case, AssignmentId("a9"), story.now) is None


def test_a_closed_case_explains_why_nothing_can_be_done(story: Story) -> None:
    story.does(Close(Outcome.EXPLAINED, NOTE), by=manager)
    assert allowed(story, manager) == set()
    assert set(refused(story, manager).values()) == {"The case is closed."}


def test_the_resident_says_whether_it_is_solved_once_it_is_reported_done(story: Story) -> None:
    assert refused(story, resident)["give_feedback"] == "Feedback is asked once the work is reported done."
    story.does(Resolve(A1, NOTE), by=roads)
    assert allowed(story, resident) == {"give_feedback", "support", "withdraw"}


@st.composite
def lives(draw: st.DrawFn) -> Story:
    """A case as far as people and time have brought it."""
    story = Story().opened(
        *draw(st.lists(st.sampled_from(DEPARTMENTS), max_size=2, unique=True)),
        on="2026-03-02 09:00",
        urgent=draw(st.booleans()),
    )
    for _ in range(draw(st.integers(0, 8))):
        story.until(story.now + draw(spans))
        now = story.now
        command = draw(st.one_of(of_departments(now), of_departments(now), of_managers(now), of_residents(), endings()))
        for by in (manager, resident, *(Actor(Role.DEPARTMENT_HEAD, "x", d) for d in DEPARTMENTS)):
            try:
                story.does(command, by=by)
                break
            except Refused:
                continue
    return story


def filled_in(option: Option, story: Story, by: Actor) -> Iterator[Command]:
    """The command with the fields that people might choose from what is offered to them."""
    rules, case, now = story.rules, story.case, story.now
    task, note, soon = option.assignment or AssignmentId(""), NoteId("n"), story.now + timedelta(days=1)
    match option.command:
        case "accept":
            yield from (Accept(task), Accept(task, soon, note), Accept(task, furthest(now)))
        case "decline":
            yield from (Decline(task, cause, note) for cause in Cause)
        case "transfer":
            yield from (c.Transfer(task, d, note) for d in transfer_targets(rules, case, by, task, now))
        case "report_progress":
            yield from (c.ReportProgress(task, note), c.ReportProgress(task, note, soon))
        case "pause":
            yield from (PauseAssignment(task, Cause.CAPACITY, until, note) for until in _pauses(story, task))
        case "resume":
            yield c.Resume(task)
        case "ask_resident":
            yield c.AskResident(task, note)
        case "resolve":
            yield Resolve(task, note)
        case "inspect":
            yield from (Inspect(found, note) for found in Found)
        case "record_decision":
            yield from (RecordDecision(note, public=public) for public in (True, False))
        case "comment":
            yield from (c.Comment(note, public) for public in (True, False))
        case "assign":
            targets = assign_targets(rules, case, by, now, option.assignment)
            yield from (c.Assign((d,), note, option.assignment) for d in targets)
            yield c.Assign(targets, None, option.assignment)
        case "set_urgent":
            yield c.SetUrgent(not case.urgent, note)
        case "extend":
            yield c.Extend(task, _later(story, task), note)
        case "acknowledge":
            yield Acknowledge(option.escalation or EscalationId(""), note)
        case "close":
            yield from (Close(outcome, note) for outcome in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.DECLINED))
        case "merge_into":
            yield c.MergeInto(CaseId("c2"))
        case "split":
            yield Split(note)
        case "offer_to_residents":
            latest = latest_offer(rules, case, now)
            yield from (OfferToResidents(amount, note, until) for amount in (0, MOST) for until in (None, latest))
        case "withdraw_offer":
            yield WithdrawOffer(note)
        case "adopt":
            yield Adopt()
        case "account":
            most = case.offer.amount if case.offer is not None else 0
            yield from (Account(spent, note) for spent in (0, most))
        case "hand_back":
            yield from (HandBack(), HandBack(note))
        case "give_feedback":
            yield from (c.GiveFeedback(solved, rating) for solved in Solved for rating in (None, 1, 5))
        case "answer":
            yield c.Answer(note)
        case "support":
            yield c.Support()
        case "withdraw":
            yield c.Withdraw()
        case "split":
            yield Split(note)
        case other:
            raise AssertionError(other)


def _pauses(story: Story, task: AssignmentId) -> Iterator[datetime]:
    try:
        latest = latest_pause(story.rules, story.case, task, story.now)
    except Refused:
        return
    yield from (latest, min(latest, story.now + timedelta(days=1)))


def _later(story: Story, task: AssignmentId) -> datetime:
    after = extension_after(story.case, task, story.now)
    assert after is not None
    return after + timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(lives())
def test_what_is_offered_is_accepted_and_what_is_refused_is_refused(story: Story) -> None:
    for by in EVERYBODY:
        found = offered(story, by)
        assert len({(o.command, o.assignment, o.escalation) for o in found}) == len(found)
        for option in found:
            commands = list(filled_in(option, story, by))
            assert commands or not option.allowed
            for command in commands:
                assert _accepts(story, by, command) == option.allowed, (option, command)


@settings(max_examples=60, deadline=None)
@given(lives(), st.data())
def test_what_is_not_offered_is_not_to_be_had(story: Story, data: st.DataObject) -> None:
    now = story.now
    command = data.draw(st.one_of(of_departments(now), of_managers(now), of_residents(), endings()))
    by = data.draw(st.sampled_from(EVERYBODY))
    if _accepts(story, by, command):
        named = getattr(command, "assignment", None) or getattr(command, "instead_of", None)
        found = {(o.command, o.assignment, o.escalation) for o in offered(story, by) if o.allowed}
        wanted = (command.kind, named, getattr(command, "escalation", None))
        assert wanted in found or (command.kind, None, None) in found


def _accepts(story: Story, by: Actor, command: Command) -> bool:
    try:
        decide(story.rules, story.case, Submitted("x", by, command), story.now)
    except Refused:
        return False
    return True


def test_the_only_department_of_a_city_has_nobody_to_pass_it_on_to() -> None:
    alone = Story(replace(rulebook(), hours={ROADS: "city"})).opened(ROADS, on="2026-03-02 09:00")
    assert "transfer" not in {option.command for option in offered(alone, roads)}
