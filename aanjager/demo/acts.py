"""What those who act in the demonstration do when their moment has come, if it still makes sense by then."""

from collections.abc import Sequence
from random import Random
from uuid import NAMESPACE_OID, uuid5

from aanjager.demo.habits import Habits
from aanjager.demo.story import Story
from aanjager.demo.texts import Voice
from domain import commands as do
from domain.actor import RESIDENT, Actor
from domain.case import Escalation
from domain.city import City
from domain.initiatives.commands import Account, Adopt, OfferToResidents
from domain.limits import cause_of
from domain.policy import Policy
from domain.words import (
    AssignmentId,
    AssignmentState,
    CaseId,
    Cause,
    DepartmentId,
    EscalationReason,
    Outcome,
    Role,
    Rung,
    Solved,
    Stage,
)

CAUSES = {
    Cause.NOT_OURS: 5,
    Cause.CAPACITY: 4,
    Cause.THIRD_PARTY: 3,
    Cause.NO_BUDGET: 3,
    Cause.NO_REGULATION: 2,
    Cause.INDIVIDUAL_CIRCUMSTANCES: 2,
    Cause.OTHER: 1,
}
BEHIND_SILENCE = {Cause.CAPACITY: 6, Cause.THIRD_PARTY: 5, Cause.NO_BUDGET: 2, Cause.NO_REGULATION: 1}
NAMED = 0.75
"""How likely whoever takes up an escalation without a cause finds one."""
RATINGS = {Solved.YES: (5, 5, 4, 4, 3), Solved.PARTLY: (3, 3, 2), Solved.NO: (2, 1, 1)}
NEW = (AssignmentState.ASSIGNED,)
AT_WORK = (AssignmentState.IN_PROGRESS,)
LIVELY = (*NEW, *AT_WORK)
BY_HAND = ("cleanliness", "greenery")
"""The themes of what neighbours can do together on an afternoon."""


def policy_of(story: Story) -> Policy:
    return story.rules.urgent_policy if story.case.urgent else story.rules.policy


class Acts:
    """Commands with the texts that go with them."""

    def __init__(self, city: City, habits: Habits, rng: Random, resident: Voice) -> None:
        self._city = city
        self._habits = habits
        self._rng = rng
        self._resident = resident
        self._staff = Voice(city.languages[0])

    def accept(self, story: Story, id: AssignmentId) -> None:
        if (by := self._member(story, id, NEW)) is None:
            return
        planned = None
        if self._chance(self._habits.plans):
            share = self._rng.uniform(0.1, 0.3)
            planned = story.within(policy_of(story).resolve_within, share, by.department)
        if self._chance(0.5):
            story.say(by, lambda note: do.Accept(id, planned, note), self._staff.note(self._rng, "accept"))
        else:
            story.submit(by, do.Accept(id, planned))

    def decline(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, NEW):
            cause = self._cause()
            story.say(by, lambda note: do.Decline(id, cause, note), self._staff.note(self._rng, "decline"))

    def transfer(self, story: Story, id: AssignmentId) -> None:
        others = self._others(story)
        if not others:
            self.accept(story, id)
        elif by := self._member(story, id, NEW):
            to = self._rng.choice(others)
            story.say(by, lambda note: do.Transfer(id, to, note), self._staff.note(self._rng, "transfer"))

    def report(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, LIVELY):
            story.say(by, lambda note: do.ReportProgress(id, note), self._staff.note(self._rng, "progress"))

    def pause(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, AT_WORK):
            until = story.within(policy_of(story).pause_at_most, self._rng.uniform(0.2, 0.9), by.department)
            cause, text = self._cause(), self._staff.note(self._rng, "pause")
            story.say(by, lambda note: do.PauseAssignment(id, cause, until, note), text)

    def resume(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, (AssignmentState.WAITING,)):
            story.submit(by, do.Resume(id))

    def ask(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, LIVELY):
            story.say(by, lambda note: do.AskResident(id, note), self._staff.note(self._rng, "ask"), public=True)

    def resolve(self, story: Story, id: AssignmentId) -> None:
        if by := self._member(story, id, LIVELY):
            story.say(by, lambda note: do.Resolve(id, note), self._staff.note(self._rng, "resolve"), public=True)

    def place(self, story: Story) -> None:
        if not story.case.placements:
            return
        by = self._manager(story)
        if self._chance(self._habits.closes):
            outcome = self._rng.choice((Outcome.EXPLAINED, Outcome.EXPLAINED, Outcome.DECLINED))
            story.say(by, lambda note: do.Close(outcome, note), self._staff.note(self._rng, "close"), public=True)
            return
        before = {a.department for a in story.case.assignments}
        others = self._others(story)
        if fresh := [d for d in others if d not in before] or others:
            to = self._rng.choice(fresh)
            story.say(by, lambda note: do.Assign((to,), note), self._staff.note(self._rng, "assign"))

    def extend(self, story: Story, id: AssignmentId) -> None:
        task = story.case.assignment(id)
        if task is not None and task.live:
            until = story.within(policy_of(story).resolve_within, self._rng.uniform(0.2, 0.5), task.department)
            text = self._staff.note(self._rng, "extend")
            story.say(self._manager(story), lambda note: do.Extend(id, until, note), text, public=True)

    def acknowledge(self, story: Story, raised: Escalation) -> None:
        if is_open(story, raised):
            cause = None
            if cause_of(story.case, raised) is None and self._chance(NAMED):
                cause = self._rng.choices(list(BEHIND_SILENCE), list(BEHIND_SILENCE.values()))[0]
            text = self._staff.note(self._rng, "acknowledge")
            story.say(self._told(story, raised), lambda note: do.Acknowledge(raised.id, note, cause), text)

    def move(self, story: Story, raised: Escalation) -> None:
        """Whoever was late does what the escalation was raised for."""
        id = raised.assignment
        if not is_open(story, raised):
            return
        match raised.reason:
            case EscalationReason.NO_RESPONSE if id is not None:
                self.accept(story, id)
            case EscalationReason.STALLED if id is not None:
                self.report(story, id)
            case EscalationReason.OVERDUE if id is not None:
                if self._chance(self._habits.extends):
                    self.extend(story, id)
            case _:
                self.place(story)

    def hurry(self, story: Story) -> None:
        text = self._staff.note(self._rng, "urgent")
        story.say(self._manager(story), lambda note: do.SetUrgent(True, note), text)

    def remark(self, story: Story, public: bool) -> None:
        by = Actor(Role.WARDEN, "demo:warden")
        story.say(by, lambda note: do.Comment(note, public), self._staff.note(self._rng, "comment"), public)

    def merge(self, story: Story, into: CaseId) -> None:
        story.submit(self._manager(story), do.MergeInto(into))

    def offer(self, story: Story) -> None:
        """A sum that leaves something of the budget, for what neighbours can do with their own hands."""
        case = story.case
        service = self._city.services[case.service]
        if service.theme in BY_HAND and not service.private:
            amount = self._rng.choice((0, 2, 3, 5)) * self._city.neighbourhoods[case.neighbourhood].budget
            text = self._staff.note(self._rng, "offer")
            story.say(self._manager(story), lambda note: OfferToResidents(amount, note), text, public=True)

    def adopt(self, story: Story) -> None:
        story.submit(_reporter(story), Adopt())

    def account(self, story: Story) -> None:
        if (offer := story.case.offer) is not None:
            spent = round(offer.amount * self._rng.uniform(0.6, 1.0) / 100) * 100
            text = self._resident.note(self._rng, "account")
            story.say(_reporter(story), lambda note: Account(spent, note), text, public=True)

    def answer(self, story: Story) -> None:
        story.say(RESIDENT, do.Answer, self._resident.note(self._rng, "answer"))

    def support(self, story: Story) -> None:
        story.submit(RESIDENT, do.Support())

    def withdraw(self, story: Story) -> None:
        story.submit(RESIDENT, do.Withdraw())

    def judge(self, story: Story) -> None:
        if story.case.stage is not Stage.RESOLVED:
            return
        content = self._rng.choices((Solved.YES, Solved.PARTLY), (8, 1))[0]
        solved = Solved.NO if self._chance(self._habits.dissatisfied) else content
        rating = self._rng.choice(RATINGS[solved]) if self._chance(0.8) else None
        if self._chance(0.6):
            text = self._resident.note(self._rng, solved.value)
            story.say(RESIDENT, lambda note: do.GiveFeedback(solved, rating, note), text)
        else:
            story.submit(RESIDENT, do.GiveFeedback(solved, rating))

    def _chance(self, of: float) -> bool:
        return self._rng.random() < of

    def _cause(self) -> Cause:
        return self._rng.choices(list(CAUSES), list(CAUSES.values()))[0]

    def _others(self, story: Story) -> Sequence[DepartmentId]:
        at_work = {a.department for a in story.case.live}
        return [d for d in self._city.departments if d not in at_work]

    def _member(self, story: Story, id: AssignmentId, states: Sequence[AssignmentState]) -> Actor | None:
        """Someone of the department, as long as its task is in one of these states."""
        task = story.case.assignment(id)
        if task is None or task.state not in states:
            return None
        partner = self._city.departments[task.department].partner
        return Actor(Role.PARTNER if partner else Role.DEPARTMENT, f"demo:{task.department}", task.department)

    def _manager(self, story: Story) -> Actor:
        place = story.case.neighbourhood
        return Actor(Role.NEIGHBOURHOOD_MANAGER, f"demo:manager:{place}", None, (place,))

    def _told(self, story: Story, raised: Escalation) -> Actor:
        task = story.case.assignment(raised.assignment) if raised.assignment is not None else None
        if raised.to is Rung.DEPARTMENT_HEAD and task is not None:
            return Actor(Role.DEPARTMENT_HEAD, f"demo:head:{task.department}", task.department)
        if raised.to is Rung.CITY_LEADERSHIP:
            return Actor(Role.LEADERSHIP, "demo:leadership")
        return self._manager(story)


def reporter_id(case_id: CaseId) -> str:
    """Of the case's reporter, as its follower."""
    return str(uuid5(NAMESPACE_OID, f"{case_id}/reporter"))


def _reporter(story: Story) -> Actor:
    return Actor(Role.RESIDENT, reporter_id(story.case.case_id))


def is_open(story: Story, raised: Escalation) -> bool:
    return any(e.id == raised.id and e.open for e in story.case.escalations)
