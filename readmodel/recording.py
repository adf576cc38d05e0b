"""Recording what happened: events, the rows that follow from them, and the letters they cause, in one transaction.

Recording the same events again changes nothing. Nothing is committed here; the caller's transaction holds it all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select
from sqlalchemy.orm import Session

from domain.case import Case
from domain.city import City
from domain.events import AssignmentResolved, CaseOpened, FeedbackAsked, Happened
from domain.words import CaseId
from readmodel.batch import Batch
from readmodel.codec import case_from_json, event_from_json
from readmodel.letters import Follower, FollowerRole, concerns_followers
from readmodel.origin import Origin
from readmodel.rewriting import Outdated, Rewriting, rewriting, take_back
from readmodel.rows import escalates_at
from readmodel.rulebooks import rules_of
from readmodel.schema import CASES, EVENT_LOG, FOLLOWERS, SILENCED
from readmodel.steps import Gap, Step, fold

_LOCK = (
    select(CASES.c.case_id, CASES.c.state, CASES.c.theme, CASES.c.rules, CASES.c.escalates_at)
    .where(CASES.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(CASES.c.case_id)
    .with_for_update(key_share=True)
)
_REACHABLE = and_(FOLLOWERS.c.email.is_not(None), SILENCED.c.follower.is_(None))
_FOLLOWERS = (
    select(FOLLOWERS.c.case_id, FOLLOWERS.c.id, FOLLOWERS.c.role, FOLLOWERS.c.language, _REACHABLE.label("reachable"))
    .outerjoin(SILENCED, SILENCED.c.follower == FOLLOWERS.c.id)
    .where(FOLLOWERS.c.case_id.in_(bindparam("ids", expanding=True)))
)
_LAST_RESOLUTION = (
    select(EVENT_LOG.c.body)
    .where(EVENT_LOG.c.case_id == bindparam("case_id"), EVENT_LOG.c.kind == "assignment_resolved")
    .order_by(EVENT_LOG.c.seq.desc())
    .limit(1)
)


class UnknownCase(Exception):
    """No case has this id."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Events of one case, in their order, as its workflow decided them."""

    case_id: CaseId
    events: Sequence[Happened]
    certain: bool = True
    """They are in the workflow's history; else the workflow may still decide anew, and what was decided last stands."""


@dataclass(slots=True)
class _Going:
    """A case that goes on, from where it stood."""

    theme: str
    rules: str
    before: Case
    escalates_at: datetime | None
    """By what was recorded before."""
    steps: list[Step]
    wrong: Rewriting | None

    @property
    def after(self) -> Case:
        return self.steps[-1].after if self.steps else self.before


def record(session: Session, city: City, case_id: CaseId, events: Sequence[Happened], *, certain: bool = True) -> Case:
    """The case after the events; those already recorded are skipped, and those that never happened are taken back.

    Holds the case's row until the transaction ends. Raises Gap, UnknownCase or Outdated, all having changed nothing.
    """
    [after] = record_together(session.connection(), city, [Brought(case_id, events, certain)])
    if isinstance(after, Exception):
        raise after
    return after


def record_together(
    connection: Connection, city: City, brought: Sequence[Brought]
) -> list[Case | Gap | UnknownCase | Outdated]:
    """As `record`, for several cases, each brought once; what is refused leaves the others alone."""
    kept = {row.case_id: row for row in connection.execute(_LOCK, {"ids": sorted(one.case_id for one in brought)})}
    results: list[Case | Gap | UnknownCase | Outdated] = []
    going: list[_Going] = []
    for one in brought:
        row = kept.get(one.case_id)
        if row is None:
            results.append(UnknownCase(one.case_id))
            continue
        try:
            case = _go_on(connection, case_from_json(row.state), row, one)
        except (Gap, Outdated) as refusal:
            results.append(refusal)
            continue
        results.append(case.after)
        if case.steps:
            going.append(case)
    if going:
        _record(connection, city, going)
    return results


def open_record(session: Session, city: City, origin: Origin, events: Sequence[Happened]) -> Case:
    """The case that the events begin, the first being `case_opened`; its rulebook must be kept already."""
    return record_many(session, city, [(origin, events)])[0]


def record_many(session: Session, city: City, stories: Sequence[tuple[Origin, Sequence[Happened]]]) -> list[Case]:
    """The cases that these stories begin (and perhaps end), recorded together.

    Raises IntegrityError where a case, a number or a source reference is taken already.
    """
    connection = session.connection()
    batch = Batch()
    told: list[tuple[Origin, CaseOpened, list[Step]]] = []
    for origin, events in stories:
        steps, opening = fold(None, events), events[0].event
        assert isinstance(opening, CaseOpened), opening
        told.append((origin, opening, steps))
    cases = [steps[-1].after for _, _, steps in told]
    alerts = _alerts(connection, zip(cases, (opening.rules for _, opening, _ in told), strict=True))
    for (origin, opening, steps), case in zip(told, cases, strict=True):
        service = city.services.get(case.service)
        theme = service.theme if service is not None else ""
        batch.begin(case, origin, opening, theme, alerts.get(case.case_id))
        batch.happen(steps, city, theme)
        if not origin.imported:
            followers = tuple(Follower(f.id, f.role, f.email is not None, f.language) for f in origin.followers)
            batch.tell(steps, city, followers, None)
    batch.write(connection)
    return cases


def _go_on(connection: Connection, case: Case, row: Row[Any, *tuple[Any, ...]], brought: Brought) -> _Going:
    overlaps = bool(brought.events) and brought.events[0].seq <= case.version
    wrong = rewriting(connection, case.case_id, brought.events, brought.certain) if overlaps else None
    before = wrong.case if wrong is not None else case
    new = [happened for happened in brought.events if happened.seq > before.version]
    return _Going(row.theme, row.rules, before, row.escalates_at, fold(before, new), wrong)


def _record(connection: Connection, city: City, going: Sequence[_Going]) -> None:
    batch = Batch()
    followers = _followers(connection, going)
    alerts = _alerts(connection, ((case.after, case.rules) for case in going))
    for case in going:
        if case.wrong is not None:
            take_back(connection, city, case.theme, case.wrong)
        before = (case.before, case.escalates_at) if case.wrong is None else None
        batch.go_on(before, case.after, alerts.get(case.after.case_id))
        batch.happen(case.steps, city, case.theme)
        told = followers[case.after.case_id]
        batch.tell(case.steps, city, told, _last_resolution(connection, case.steps))
    batch.write(connection)


def _alerts(connection: Connection, cases: Iterable[tuple[Case, str]]) -> dict[CaseId, datetime | None]:
    """When each case that is open escalates next, by its version of the rules."""
    still_open = [(case, version) for case, version in cases if not case.closed]
    rules = rules_of(connection, {version for _, version in still_open})
    return {case.case_id: escalates_at(case, rules[version]) for case, version in still_open}


def _followers(connection: Connection, going: Sequence[_Going]) -> dict[str, list[Follower]]:
    """Of the cases where something happened that is told to them."""
    ids = [c.after.case_id for c in going if any(concerns_followers(step.happened.event) for step in c.steps)]
    found: dict[str, list[Follower]] = defaultdict(list)
    if ids:
        for r in connection.execute(_FOLLOWERS, {"ids": ids}):
            found[r.case_id].append(Follower(r.id, FollowerRole(r.role), bool(r.reachable), r.language))
    return found


def _last_resolution(connection: Connection, steps: Sequence[Step]) -> str | None:
    """The note of the last resolution recorded before, looked up only where a letter needs it."""
    for step in steps:
        event = step.happened.event
        if isinstance(event, AssignmentResolved):
            return None
        if isinstance(event, FeedbackAsked):
            body = connection.execute(_LAST_RESOLUTION, {"case_id": step.after.case_id}).scalar()
            resolved = event_from_json(body) if body is not None else None
            return resolved.note if isinstance(resolved, AssignmentResolved) else None
    return None
