"""How far a report is, in one or two plain sentences, and what was promised."""

from dataclasses import dataclass

from domain.case import Case
from domain.words import Cause, DepartmentId, Stage
from web.context import WebContext
from web.pages.languages import Language


@dataclass(frozen=True, slots=True)
class Status:
    """`text` says how far it is; `promise`, where one stands, what to count on; `late`: that did not work out."""

    text: str
    promise: str | None
    late: bool
    step: int
    """Of the four that every report goes through; 5 once it is closed."""


def status_of(context: WebContext, reader: Language, case: Case, follower: str | None = None) -> Status:
    """As it is told to this follower, where one reads it."""
    late = case.promised_by is not None and case.promised_by < context.now() and case.stage is not Stage.RESOLVED
    promise = None
    if case.promised_by is not None and not case.closed and case.stage is not Stage.RESOLVED:
        promise = reader.say("promise", "status", when=reader.when(context.local(case.promised_by)))
    return Status(_text(context, reader, case, follower), promise, late and promise is not None, _STEPS[case.stage])


_STEPS = {
    Stage.RECEIVED: 1,
    Stage.TRIAGE: 1,
    Stage.ASSIGNED: 2,
    Stage.IN_PROGRESS: 3,
    Stage.WAITING: 3,
    Stage.RESOLVED: 4,
    Stage.CLOSED: 5,
}


def _text(context: WebContext, reader: Language, case: Case, follower: str | None) -> str:
    match case.stage:
        case Stage.ASSIGNED:
            return reader.say("assigned", "status", departments=_departments(context, reader, case))
        case Stage.IN_PROGRESS:
            return _in_progress(context, reader, case)
        case Stage.WAITING:
            return _waiting(context, reader, case, follower)
        case Stage.CLOSED if case.outcome is not None:
            return reader.say(f"closed_{case.outcome}", "status")
        case _:
            return reader.say(case.stage, "status")


def _in_progress(context: WebContext, reader: Language, case: Case) -> str:
    text = reader.say("in_progress", "status", departments=_departments(context, reader, case))
    planned = [a.planned_for for a in case.live if a.planned_for is not None and a.planned_for >= context.now()]
    if not planned:
        return text
    return f"{text} {reader.say('planned', 'status', when=reader.when(context.local(min(planned))))}"


def _waiting(context: WebContext, reader: Language, case: Case, follower: str | None) -> str:
    if case.offer is not None:
        yours = case.offer.adopter is not None and case.offer.adopter == follower
        key = "taken_on_yours" if yours else "taken_on" if case.offer.adopted else "offered"
        until = case.offer.account_by or case.offer.until
        return reader.say(key, "status", when=reader.when(context.local(until)))
    pauses = [a.pause for a in case.live if a.pause is not None]
    if any(pause.question for pause in pauses):
        return reader.say("waiting_answer", "status")
    if not pauses:
        return reader.say("waiting", "status")
    last = max(pauses, key=lambda pause: pause.until)
    cause = reader.say(last.cause or Cause.OTHER, "causes")
    return reader.say("waiting_until", "status", when=reader.when(context.local(last.until)), cause=cause)


def _departments(context: WebContext, reader: Language, case: Case) -> str:
    """Those at work, as people list names."""
    names = [_name(context, reader, id) for id in dict.fromkeys(a.department for a in case.live)]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {reader.say('and', 'status')} {names[-1]}"


def _name(context: WebContext, reader: Language, id: DepartmentId) -> str:
    department = context.city.departments.get(id)
    return reader.of(department.name) if department is not None else id
