"""Which cases are worth a look in the field, why, and by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.case import Case
from domain.words import EscalationReason, Kind, Stage

NOT_BEGUN = frozenset({Stage.RECEIVED, Stage.TRIAGE, Stage.ASSIGNED})


class Worth(StrEnum):
    """Why a case is worth a look; the first weighs most."""

    SAID_DONE = "said_done"
    LATE = "late"
    STANDING_STILL = "standing_still"
    NO_PHOTO = "no_photo"


@dataclass(frozen=True, slots=True)
class Look:
    """A reason to go and look."""

    worth: Worth
    since: datetime
    due: datetime
    """A look after this moment comes late, or the promise has."""


def worth_a_look(case: Case, now: datetime, *, photo: bool) -> Look | None:
    """The weightiest reason that arose since somebody last looked; nothing where there is none.

    `photo`: whether the report came with one.
    """
    if case.kind is not Kind.ISSUE or case.closed:
        return None
    last = case.inspection.at if case.inspection is not None else None
    return next((look for look in _looks(case, now, photo=photo) if last is None or look.since > last), None)


def _looks(case: Case, now: datetime, *, photo: bool) -> Iterator[Look]:
    if case.stage is Stage.RESOLVED:
        done = max((a.resolved_at for a in case.assignments if a.resolved_at is not None), default=case.opened_at)
        yield Look(Worth.SAID_DONE, done, case.feedback_until or done)
        return
    if case.promised_by is not None and case.promised_by < now:
        yield Look(Worth.LATE, case.promised_by, case.promised_by)
    still = [e.raised_at for e in case.open_escalations(reason=EscalationReason.STALLED)]
    if still:
        yield Look(Worth.STANDING_STILL, min(still), case.promised_by or min(still))
    if not photo and case.stage in NOT_BEGUN:
        yield Look(Worth.NO_PHOTO, case.opened_at, case.promised_by or case.opened_at)
