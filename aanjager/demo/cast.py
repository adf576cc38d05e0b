"""Those who act in the demonstration: on hearing what happened they plan what to do about it, true to their habits."""

from collections.abc import Callable
from functools import cache
from math import log
from random import Random

from aanjager.demo.acts import Acts, policy_of
from aanjager.demo.habits import Habits
from aanjager.demo.story import Story
from aanjager.demo.texts import Voice
from domain.city import City
from domain.durations import Duration
from domain.events import (
    AssignmentAccepted,
    AssignmentPaused,
    AssignmentResumed,
    CaseOpened,
    DepartmentAssigned,
    EscalationRaised,
    FeedbackAsked,
    Happened,
    PlacementNeeded,
    ProgressReported,
    ResidentAsked,
)
from domain.initiatives.events import OfferAdopted, OfferMade
from domain.words import AssignmentId, CaseId, DepartmentId, EscalationId, EscalationReason

SPREAD = 0.6
"""Of the logarithm of a delay: most are near what is usual, some take several times as long."""


class Cast:
    """Departments, managers, heads, leadership and residents of one story."""

    def __init__(
        self, city: City, habits: Habits, rng: Random, resident: Voice, duplicate_of: CaseId | None = None
    ) -> None:
        self._habits = habits
        self._rng = rng
        self._duplicate_of = duplicate_of
        self._acts = Acts(city, habits, rng, resident)

    def react(self, story: Story, happened: Happened) -> None:
        event, policy = happened.event, policy_of(story)
        match event:
            case CaseOpened():
                self._notice(story)
            case DepartmentAssigned():
                self._consider(story, event.assignment, event.binding)
            case AssignmentAccepted(assignment=id) | AssignmentResumed(assignment=id):
                self._work(story, id)
            case ProgressReported(assignment=id):
                self._keep_reporting(story, id)
            case AssignmentPaused(assignment=id):
                if self._chance(self._habits.resumes):
                    self._plan(story, self._acts.resume, id, policy.pause_at_most, 0.15)
            case ResidentAsked():
                if self._chance(self._habits.replies):
                    self._later(story, policy.pause_at_most, 0.12, self._acts.answer)
            case PlacementNeeded():
                if self._chance(self._habits.places):
                    self._later(story, policy.triage_within, 0.6, self._acts.place)
            case EscalationRaised(escalation=raised):
                self._take_up(story, raised)
            case OfferMade():
                if self._chance(self._habits.adopts):
                    self._later(story, policy.pause_at_most, 0.15, self._acts.adopt)
            case OfferAdopted():
                if self._chance(self._habits.accounts):
                    self._later(story, policy.resolve_within, 0.4, self._acts.account)
            case FeedbackAsked():
                if self._chance(self._habits.feedback):
                    self._later(story, policy.feedback_within, 0.2, self._acts.judge)
            case _:
                pass

    def _notice(self, story: Story) -> None:
        policy, habits = policy_of(story), self._habits
        if self._chance(habits.supported):
            for _ in range(self._rng.randint(1, 4)):
                self._later(story, policy.resolve_within, 0.2, self._acts.support)
        if self._chance(habits.withdraws):
            self._later(story, policy.resolve_within, 0.1, self._acts.withdraw)
        if self._chance(habits.hurries):
            self._later(story, policy.resolve_within, 0.1, self._acts.hurry)
        if self._chance(habits.remarks):
            public = self._chance(0.4)
            self._later(story, policy.resolve_within, 0.3, lambda s: self._acts.remark(s, public))
        if habits.offers and self._chance(habits.offers):
            self._later(story, policy.resolve_within, 0.1, self._acts.offer)
        if self._duplicate_of is not None:
            into = self._duplicate_of
            self._later(story, policy.respond_within, 0.2, lambda s: self._acts.merge(s, into))

    def _consider(self, story: Story, id: AssignmentId, binding: bool) -> None:
        if not self._chance(self._habits.answers):
            return
        act = self._acts.accept
        if not binding and self._chance(self._habits.declines):
            act = self._acts.decline
        elif not binding and self._chance(self._habits.transfers):
            act = self._acts.transfer
        elif self._chance(self._habits.asks):
            act = self._acts.ask
        self._plan(story, act, id, policy_of(story).respond_within, 0.33)

    def _work(self, story: Story, id: AssignmentId) -> None:
        self._keep_reporting(story, id)
        if self._chance(self._habits.pauses):
            self._plan(story, self._acts.pause, id, policy_of(story).resolve_within, 0.12)
        if self._chance(self._habits.finishes):
            self._plan(story, self._acts.resolve, id, policy_of(story).resolve_within, 0.3)

    def _keep_reporting(self, story: Story, id: AssignmentId) -> None:
        if self._chance(self._habits.reports):
            share = self._rng.uniform(0.4, 0.85)
            at = story.within(policy_of(story).stalled_after, share, _department(story, id))
            story.plan(at, lambda: self._acts.report(story, id))

    def _take_up(self, story: Story, id: EscalationId) -> None:
        raised = next(e for e in story.case.escalations if e.id == id)
        task, every = raised.assignment, policy_of(story).escalate_every
        department = _department(story, task) if task is not None else None
        if self._chance(self._habits.acknowledges):
            at = story.within(every, self._rng.uniform(0.05, 0.4), department)
            story.plan(at, lambda: self._acts.acknowledge(story, raised))
        surely = raised.climbs_at is None and self._habits.wakes > 0
        if surely or self._chance(self._habits.wakes):
            at = story.within(every, self._rng.uniform(0.2, 0.9), department)
            story.plan(at, lambda: self._acts.move(story, raised))
            if task is not None and raised.reason in (EscalationReason.STALLED, EscalationReason.OVERDUE):
                self._plan(story, self._acts.resolve, task, every, 1.5)

    def _plan(
        self,
        story: Story,
        act: Callable[[Story, AssignmentId], None],
        id: AssignmentId,
        term: Duration,
        usually: float,
    ) -> None:
        self._later(story, term, usually, lambda s: act(s, id), _department(story, id))

    def _later(
        self,
        story: Story,
        term: Duration,
        usually: float,
        act: Callable[[Story], None],
        department: DepartmentId | None = None,
    ) -> None:
        """After what is usually this share of the term; slow departments take longer."""
        slowness = _slowness(department) if department is not None else 1.0
        share = usually * slowness * self._habits.slowness * self._rng.lognormvariate(-log(1.2), SPREAD)
        story.plan(story.within(term, min(share, 5.0), department), lambda: act(story))

    def _chance(self, of: float) -> bool:
        return self._rng.random() < of


@cache
def _slowness(department: DepartmentId) -> float:
    return Random(department).uniform(0.5, 1.5)


def _department(story: Story, id: AssignmentId) -> DepartmentId | None:
    task = story.case.assignment(id)
    return task.department if task is not None else None
