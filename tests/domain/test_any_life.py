"""Any life that a case can have: whatever people ask, whenever, the rules keep their word."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import TypeAdapter

from domain import commands as c
from domain.actor import Actor
from domain.case import Case
from domain.commands import Command
from domain.decide import pass_time
from domain.durations import parse
from domain.escalation import ladder
from domain.events import EscalationCleared, EscalationRaised, Happened
from domain.forecast import HORIZON, forecast
from domain.initiatives.commands import Adopt, OfferToResidents
from domain.refusal import Refused
from domain.time_rules import next_due
from domain.words import (
    AssignmentId,
    AssignmentState,
    Cause,
    DepartmentId,
    EscalationId,
    EscalationReason,
    Stage,
)
from readmodel import codec
from tests.asking import (
    endings,
    escalations,
    of_departments,
    of_joining,
    of_managers,
    of_plans,
    of_projects,
    of_residents,
    spans,
    splits,
)
from tests.cases import (
    DEPARTMENTS,
    NOTE,
    ROADS,
    STANDARD,
    URGENT,
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
    replay,
    resident,
    roads,
    roads_head,
    rulebook,
    warden,
)
from tests.projects import referred

OF_DEPARTMENTS = (roads, roads_head, green, green_head, housing, police)
ACTORS = (*OF_DEPARTMENTS, manager, manager_elsewhere, warden, leadership, administrator, resident)
RULEBOOKS = (
    rulebook(),
    rulebook(replace(STANDARD, max_transfers=0, max_reopens=0, stalled_after=parse("1 working hour"))),
    rulebook(
        replace(URGENT, id="plain", max_transfers=1),
        replace(URGENT, ladder=URGENT.ladder[1:], escalate_every=parse("1 working hour")),
    ),
)
RULES_WITH_A_NAME = {
    "actions_done", "advice_complete", "answered", "crossed", "decision", "decision_moved", "escalate_every",
    "feedback_within", "intake", "max_reopens", "max_transfers", "offer_ended", "offered_until", "participation_until",
    "pause_ended", "remind_before", "resolve_within", "respond_within", "review_every", "routing", "split",
    "stalled_after", "triage_within",
    "urgent_policy",
}  # fmt: skip
MOVES_THE_PROMISE_LATER = {"promise_extended", "assignment_paused", "assignment_rested", "resident_asked"}
MOVES_THE_PROMISE_EARLIER = {
    "assignment_declined", "assignment_replaced", "assignment_resumed", "assignment_transferred", "placement_settled",
    "terms_moved", "urgency_set",
}  # fmt: skip
"""Most of them because a pause ends before its time."""

happened_as_json = TypeAdapter(Happened)


class AnyLife(RuleBasedStateMachine):
    """People act in any order and at any time; sometimes the engine sleeps and wakes up late."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.checked = 0
        self.promised: datetime | None = None
        self.open_levels: dict[tuple[AssignmentId | None, EscalationReason], list[EscalationId]] = defaultdict(list)

    @initialize(
        rules=st.integers(0, len(RULEBOOKS) - 1),
        routed=st.lists(st.sampled_from(DEPARTMENTS), max_size=3, unique=True),
        urgent=st.booleans(),
        structural=st.integers(0, 3),
        after=spans,
        project=st.integers(0, 3),
    )
    def a_case_begins(
        self, rules: int, routed: list[DepartmentId], urgent: bool, after: timedelta, project: int, structural: int
    ) -> None:
        start = at("2026-03-02 09:00") + after
        if project == 0:
            advisers = (one for one in routed if one != ROADS)
            day = (start + timedelta(days=60)).date().isoformat()
            self.story = referred(*advisers, on=clock(start) or "", decided_on=day, rules=RULEBOOKS[rules])
            return
        self.story = Story(RULEBOOKS[rules])
        if structural == 0:
            self.story.begun("issue-0", on=clock(start) or "")
        else:
            self.story.opened(*routed, on=clock(start) or "", urgent=urgent)

    @rule(data=st.data())
    def a_department_acts_on_its_task(self, data: st.DataObject) -> None:
        command = data.draw(of_departments(self.story.now))
        task = self.story.case.assignment(getattr(command, "assignment", AssignmentId("")))
        holder = {"roads": roads, "green": green, "housing": housing, "police": police}
        self._ask(command, holder[task.department] if task is not None else roads)

    @rule(data=st.data())
    def the_manager_decides(self, data: st.DataObject) -> None:
        self._ask(data.draw(of_managers(self.story.now)), manager)

    @precondition(lambda self: self.story.case.structure is not None)
    @rule(data=st.data())
    def the_manager_works_on_the_plan(self, data: st.DataObject) -> None:
        self._ask(data.draw(of_plans(self.story.now)), manager)

    @rule(data=st.data())
    def a_resident_reacts(self, data: st.DataObject) -> None:
        self._ask(data.draw(of_residents()), replace(resident, id=data.draw(st.sampled_from(["r", "s1", "s2"]))))

    @rule(command=of_joining())
    def other_reports_join_and_part(self, command: Command) -> None:
        self._ask(command, resident)

    @precondition(lambda self: self.story.case.merged_into is not None)
    @rule(split=splits())
    def a_wrong_merge_is_split(self, split: Command) -> None:
        before = self.story.case
        self._ask(split, manager)
        after = self.story.case
        if not after.closed:
            assert after.assignments == before.assignments
            assert after.merge is None and before.merge is not None and after.placements == before.merge.placements

    @precondition(lambda self: self.story.case.project is not None)
    @rule(data=st.data())
    def somebody_does_their_part_of_a_project(self, data: st.DataObject) -> None:
        command = data.draw(of_projects(self.story.now))
        for actor in (roads, green, police, administrator, resident):
            self._ask(command, actor)

    @precondition(lambda self: self.story.case.stage not in {Stage.RESOLVED, Stage.CLOSED})
    @rule()
    def all_the_work_gets_done(self) -> None:
        for task in self.story.case.live:
            self._ask(c.Resolve(task.id, NOTE), Actor(roads.role, "x", task.department))

    @rule(data=st.data())
    def anybody_asks_anything(self, data: st.DataObject) -> None:
        now = self.story.now
        command = data.draw(
            st.one_of(of_departments(now), of_managers(now), of_residents(), of_projects(now), of_plans(now), endings())
        )
        version = data.draw(st.none() | st.integers(0, self.story.case.version + 1))
        self._ask(command, data.draw(st.sampled_from(ACTORS)), version)

    @precondition(lambda self: any(a.state is AssignmentState.IN_PROGRESS for a in self.story.case.live))
    @rule(days=st.integers(1, 14))
    def what_is_going_on_waits_for_some_days(self, days: int) -> None:
        until = self.story.now + timedelta(days=days)
        for task in self.story.case.live:
            self._ask(c.PauseAssignment(task.id, Cause.CAPACITY, until, NOTE), Actor(roads.role, "x", task.department))

    @precondition(lambda self: bool(self.story.case.live))
    @rule(chance=st.integers(0, 3))
    def residents_may_take_it_on(self, chance: int) -> None:
        if self.story.case.offer is None and chance == 0:
            self._ask(OfferToResidents(5_000, NOTE), manager)
        elif self.story.case.offer is not None:
            self._ask(Adopt(), resident)

    @precondition(lambda self: bool(self.story.case.open_escalations()))
    @rule(ending=endings(), chance=st.integers(0, 9))
    def what_was_escalated_may_end(self, ending: Command, chance: int) -> None:
        if chance == 0:
            self._ask(ending, manager if not isinstance(ending, c.Withdraw) else resident)

    @rule(escalation=escalations)
    def whoever_was_told_takes_it_up(self, escalation: EscalationId) -> None:
        for actor in (roads_head, green_head, manager, leadership):
            self._ask(c.Acknowledge(escalation), actor)

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.story.until(self.story.now + span)
        self._comes_to_rest_now()

    @rule(span=spans)
    def the_engine_sleeps_and_wakes_up(self, span: timedelta) -> None:
        self.story.now += span
        self.story.until(self.story.now)
        self._comes_to_rest_now()

    @rule(span=spans)
    def somebody_will_be_ahead_of_the_engine(self, span: timedelta) -> None:
        self.story.now += span

    @invariant()
    def the_state_is_what_the_events_tell(self) -> None:
        events = self.story.events
        assert [h.seq for h in events] == list(range(1, len(events) + 1))
        assert all(one.at <= other.at for one, other in pairwise(events))
        assert replay(events) == self.story.case

    @invariant()
    def everything_reads_back_from_json(self) -> None:
        for happened in self.story.events[self.checked :]:
            assert codec.event_from_json(codec.event_to_json(happened.event)) == happened.event
            assert happened_as_json.validate_json(happened_as_json.dump_json(happened)) == happened
        assert codec.case_from_json(codec.case_to_json(self.story.case)) == self.story.case

    @invariant()
    def somebody_did_it_or_a_rule(self) -> None:
        for happened in self.story.events[self.checked :]:
            assert (happened.by is None) != (happened.rule is None), happened
            assert happened.rule is None or happened.rule in RULES_WITH_A_NAME, happened

    @invariant()
    def the_stage_is_true(self) -> None:
        case = self.story.case
        expected = (
            {Stage.CLOSED}
            if case.closed_at is not None
            else {Stage.IN_PROGRESS}
            if case.project is not None and case.project.gathering
            else {Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.WAITING}
            if case.live
            else {Stage.TRIAGE}
            if case.placements
            else {Stage.RESOLVED}
            if case.structure is None
            else {Stage.RESOLVED, Stage.RECEIVED}
        )
        assert case.stage in expected
        assert (case.outcome is not None) == case.closed
        assert (case.feedback_until is not None) == (case.stage is Stage.RESOLVED and case.structure is None)
        assert (case.stage is Stage.WAITING) <= all(a.pause is not None for a in case.live)

    @invariant()
    def each_task_is_consistent(self) -> None:
        live = self.story.case.live
        assert len({a.department for a in live}) == len(live) or self.story.case.structure is not None
        for task in self.story.case.assignments:
            assert (task.pause is not None) == (task.state is AssignmentState.WAITING)
            assert (task.responded_at is not None) >= (task.state is AssignmentState.IN_PROGRESS)
            assert (task.stalled_at is not None) == (task.state is AssignmentState.IN_PROGRESS)

    @invariant()
    def every_task_rests_while_the_case_is_with_residents(self) -> None:
        case = self.story.case
        for task in case.live:
            rests = task.pause is not None and task.pause.with_residents
            assert rests == (case.offer is not None) or case.closed
        assert not any(offer.running for offer in case.offers[:-1])
        assert case.offer is None or (case.live and not case.placements and not case.closed)
        assert all(0 <= offer.spent <= offer.amount for offer in case.offers if offer.spent is not None)

    @invariant()
    def every_rung_is_reached_once_and_in_order(self) -> None:
        for happened in self.story.events[self.checked :]:
            match happened.event:
                case EscalationRaised(escalation=id, assignment=assignment, reason=reason, level=level):
                    reached = self.open_levels[assignment, reason]
                    assert level == len(reached) + 1
                    reached.append(id)
                case EscalationCleared(escalation=id):
                    (reached,) = (levels for levels in self.open_levels.values() if id in levels)
                    reached.remove(id)
                case _:
                    pass
        assert {e.id for e in self.story.case.open_escalations()} == {
            id for levels in self.open_levels.values() for id in levels
        }

    @invariant()
    def everyone_who_came_along_is_counted(self) -> None:
        case = self.story.case
        assert case.supporters >= sum(companion.supporters for companion in case.companions)
        assert (case.merge is not None) <= (case.merged_into is not None) <= case.closed
        assert len({companion.case_id for companion in case.companions}) == len(case.companions)

    @invariant()
    def a_closed_case_is_at_rest(self) -> None:
        case = self.story.case
        if case.closed:
            assert not case.open_escalations()
            assert next_due(self.story.rules, case, self.story.now) is None
            assert pass_time(self.story.rules, case, self.story.now) == ()

    @invariant()
    def the_promise_survives(self) -> None:
        case, kinds = self.story.case, {h.event.kind for h in self.story.events[self.checked :]}
        before, after = self.promised, case.promised_by
        if before is not None and case.structure is None:
            assert after is not None
            assert after <= before or kinds & MOVES_THE_PROMISE_LATER, kinds
            assert after == before or kinds & (MOVES_THE_PROMISE_LATER | MOVES_THE_PROMISE_EARLIER), kinds

    @invariant()
    def nothing_is_forgotten(self) -> None:
        story = self.story
        if not story.case.closed and next_due(story.rules, story.case, story.now) is None:
            assert story.case.stage is not Stage.RESOLVED or story.case.structure is not None
            self._everyone_was_told()

    @invariant()
    def zz_the_step_is_over(self) -> None:
        self.checked, self.promised = len(self.story.events), self.story.case.promised_by

    def teardown(self) -> None:
        """Nobody acts any more: what was foretold happens, and then the case rests."""
        story = self.story
        if not story.events:
            return
        foretold = [max(due.at, story.now) for due in forecast(story.rules, story.case, story.now)]
        lived: list[datetime] = []
        for _ in range(300):
            due = next_due(story.rules, story.case, story.now)
            if due is None:
                break
            before = len(story.events)
            story.until(max(due, story.now))
            assert len(story.events) > before
            lived += [
                h.at for h in story.events[before:] if (h.event.kind, h.rule) not in FOLLOWS and h.event.kind in TOLD
            ]
        else:
            raise AssertionError("the case never comes to rest")
        assert foretold == lived[:HORIZON]
        if not story.case.closed:
            self._everyone_was_told()

    def _ask(self, command: Command, by: Actor, version: int | None = None) -> None:
        story, before = self.story, self.story.case
        try:
            story.does(command, by, version=version)
        except Refused as refused:
            spoken = refused.reason
        else:
            assert (not before.closed or before.merge is not None) and version in {None, before.version}
            assert story.case.version > before.version
            assert {h.command_id for h in story.events[before.version :]} == {f"command-{before.version}"}
            return
        assert spoken.endswith(".")
        assert story.case is before

    def _comes_to_rest_now(self) -> None:
        story = self.story
        assert pass_time(story.rules, story.case, story.now) == ()
        due = next_due(story.rules, story.case, story.now)
        assert due is None or due > story.now

    def _everyone_was_told(self) -> None:
        """Where the engine has nothing left to do, every ladder was climbed to its top."""
        case: Case = self.story.case
        policy = self.story.rules.urgent_policy if case.urgent else self.story.rules.policy
        told = {(e.assignment, e.reason): e.level for e in case.open_escalations()}
        for task in case.live:
            assert told[task.id, EscalationReason.OVERDUE] >= len(policy.ladder)
        assert case.project is None or not case.project.gathering, "the advice leaves at the decision"
        for need in case.placements:
            assert told[need.assignment, need.reason] >= len(ladder(policy, need.reason))
        if case.structure is not None:
            assert case.structure.review_by is not None
            assert told[None, EscalationReason.STALLED] >= len(ladder(policy, EscalationReason.STALLED, owned=False))


TOLD = {
    "adopter_reminded", "adviser_reminded", "advice_sent", "assignment_resumed", "case_closed", "department_reminded",
    "escalation_raised", "offer_returned", "participation_closed", "review_due",
}  # fmt: skip
"""What an act of the engine is known by…"""
FOLLOWS = {
    ("advice_sent", "advice_complete"), ("assignment_resumed", "offer_ended"), ("case_closed", "advice_complete"),
    ("case_closed", "decision"), ("case_closed", "offer_ended"), ("participation_closed", "decision"),
}  # fmt: skip
"""…and what may follow from another in the same instant."""

TestAnyLife = pytest.mark.slow(AnyLife.TestCase)
TestAnyLife.settings = settings(
    max_examples=70, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
