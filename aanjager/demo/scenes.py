"""The scenes in which the live cases of the demonstration are met: every stage, every reason to escalate."""

from dataclasses import dataclass, replace

from aanjager.demo.habits import STILL, Habits
from domain.case import Case
from domain.escalation import ladder
from domain.policy import Policy
from domain.words import EscalationReason as Reason
from domain.words import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """A case in mid-life: how its people are, and what shows that it has come to this point."""

    stage: Stage
    habits: Habits
    reason: Reason | None = None
    """What it is escalated for; absent: nothing asks for attention."""
    level: int = 0
    acknowledged: bool = False
    with_residents: str | None = None
    """Offered to residents: `open`, or `adopted`."""
    round: int = 1
    version: int = 0
    """At least this much has happened."""

    def fits(self, case: Case, policy: Policy) -> bool:
        raised = case.open_escalations()
        if case.stage is not self.stage or case.round < self.round or case.version < self.version:
            return False
        offer = case.offer
        if self.with_residents != (None if offer is None else "adopted" if offer.adopted else "open"):
            return False
        if self.reason is None:
            return not raised
        top = next((e for e in reversed(raised) if e.reason is self.reason), None)
        level = min(self.level, len(ladder(policy, self.reason)))
        return top is not None and top.level == level and (top.acknowledged_at is not None) == self.acknowledged


def _scene(
    stage: Stage, habits: Habits, reason: Reason | None = None, level: int = 1, acknowledged: bool = False
) -> Scene:
    return Scene(stage, replace(habits, acknowledges=float(acknowledged)), reason, level, acknowledged)


ANSWERING = replace(STILL, answers=1.0, plans=0.4)
TELLING = replace(ANSWERING, reports=1.0)
DECLINING = replace(STILL, answers=1.0, declines=1.0)
PASSING_ON = replace(STILL, answers=1.0, transfers=1.0)
WORKING = replace(TELLING, finishes=1.0, slowness=0.6)
DISPUTING = replace(WORKING, feedback=1.0, dissatisfied=1.0, slowness=0.4)

OFFERING = replace(ANSWERING, offers=1.0)
ADOPTING = replace(OFFERING, adopts=1.0)

SCENES = (
    Scene(Stage.ASSIGNED, STILL),
    Scene(Stage.IN_PROGRESS, ANSWERING),
    Scene(Stage.WAITING, replace(ANSWERING, pauses=1.0, slowness=0.5)),
    _scene(Stage.TRIAGE, DECLINING),
    Scene(Stage.RESOLVED, WORKING),
    _scene(Stage.ASSIGNED, STILL, Reason.NO_RESPONSE),
    _scene(Stage.IN_PROGRESS, ANSWERING, Reason.STALLED),
    Scene(Stage.WAITING, replace(STILL, answers=1.0, asks=1.0)),
    _scene(Stage.TRIAGE, PASSING_ON, Reason.BOUNCED),
    Scene(Stage.RESOLVED, replace(WORKING, answers=0.0, wakes=1.0)),
    _scene(Stage.ASSIGNED, STILL, Reason.NO_RESPONSE, 2, acknowledged=True),
    _scene(Stage.IN_PROGRESS, TELLING, Reason.OVERDUE),
    _scene(Stage.TRIAGE, DISPUTING, Reason.DISPUTED),
    Scene(Stage.WAITING, replace(TELLING, pauses=1.0)),
    _scene(Stage.ASSIGNED, STILL, Reason.NO_RESPONSE, 3),
    _scene(Stage.TRIAGE, DECLINING, Reason.UNASSIGNED),
    _scene(Stage.IN_PROGRESS, ANSWERING, Reason.STALLED, 2, acknowledged=True),
    Scene(Stage.IN_PROGRESS, TELLING, version=8),
    Scene(Stage.RESOLVED, WORKING, version=8),
    _scene(Stage.TRIAGE, PASSING_ON, Reason.BOUNCED, 2, acknowledged=True),
    _scene(Stage.IN_PROGRESS, TELLING, Reason.OVERDUE, 2, acknowledged=True),
    _scene(Stage.ASSIGNED, STILL, Reason.NO_RESPONSE, 3, acknowledged=True),
    _scene(Stage.TRIAGE, DECLINING, Reason.UNASSIGNED, 2, acknowledged=True),
    Scene(Stage.WAITING, ADOPTING, with_residents="adopted"),
    _scene(Stage.TRIAGE, DISPUTING, Reason.DISPUTED, 2, acknowledged=True),
    _scene(Stage.IN_PROGRESS, TELLING, Reason.OVERDUE, 3),
    Scene(Stage.IN_PROGRESS, DISPUTING, round=2),
    Scene(Stage.RESOLVED, WORKING),
    _scene(Stage.ASSIGNED, STILL, Reason.NO_RESPONSE, 1, acknowledged=True),
    Scene(Stage.WAITING, OFFERING, with_residents="open"),
)
