"""Taking a report in: kept and opened in one transaction, once, however often it is brought."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from domain.actor import RESIDENT, Actor
from domain.case import Case
from domain.city import City
from domain.opening import Opening, open_case
from domain.questions import Answers
from domain.routing import route
from domain.rulebook import Rulebook
from domain.words import CaseId, DepartmentId, Kind, NeighbourhoodId, Role, ServiceCode
from readmodel.codec import case_from_json, rulebook_from_json, rulebook_to_json
from readmodel.counters import advance, case_numbers
from readmodel.letters import FollowerRole
from readmodel.new_projects import NewProject, referral, texts_of
from readmodel.notes import put_notes
from readmodel.origin import NewFollower, Origin
from readmodel.photos import Picture, put_photos
from readmodel.recognising import Known
from readmodel.recording import open_record
from readmodel.reporters import Reported, note_reporter
from readmodel.schema import CASES, FOLLOWERS, IDEMPOTENCY_KEYS, RULEBOOKS

RulesFor = Callable[[ServiceCode, NeighbourhoodId], Rulebook]

_CASE = select(CASES.c.case_id, CASES.c.number, CASES.c.state, RULEBOOKS.c.body).join(RULEBOOKS)
_BY_ID = _CASE.where(CASES.c.case_id == bindparam("case_id"))
_BY_SOURCE = _CASE.where(CASES.c.source == bindparam("source"), CASES.c.source_ref == bindparam("source_ref"))
_BY_KEY = select(IDEMPOTENCY_KEYS.c.case_id, IDEMPOTENCY_KEYS.c.body_hash).where(
    IDEMPOTENCY_KEYS.c.key == bindparam("key")
)
_TOKEN = select(FOLLOWERS.c.token).where(
    FOLLOWERS.c.case_id == bindparam("case_id"), FOLLOWERS.c.role == FollowerRole.REPORTER.value
)
_KEEP_RULES = text("INSERT INTO rulebooks (version, body) VALUES (:version, :body) ON CONFLICT (version) DO NOTHING")


class KeyReused(Exception):
    """The same `Idempotency-Key` came with another report."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever reports, as far as they tell."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """An `Idempotency-Key`, scoped by whoever sends it, and a digest of what was sent with it."""

    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it came in, validated against the city."""

    kind: Kind
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    description: str
    lat: float | None = None
    lon: float | None = None
    address: str | None = None
    urgent: bool = False
    reporter: Reporter = Reporter()
    known: Known | None = None
    """By what the reporter is recognised, where they left anything."""
    source: str | None = None
    source_ref: str | None = None
    by: Actor | None = None
    once: Once | None = None
    photos: tuple[Picture, ...] = ()
    departments: tuple[DepartmentId, ...] = ()
    """Those that get it, where it is not for the service to say."""
    project: NewProject | None = None
    answers: Answers = field(default_factory=dict)
    """To the questions of the service."""
    media_url: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The case that a report became; `fresh`: just now, by this very report."""

    case_id: CaseId
    number: str
    token: str
    """Of the reporter's secret link; empty where the contact was erased."""
    fresh: bool
    case: Case
    rules: Rulebook


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose workflow is not known to run, with what it starts from."""

    case: Case
    rules: Rulebook
    imported: bool


def accept(session: Session, city: City, rules_for: RulesFor, report: NewReport, now: datetime) -> Accepted:
    """Opens a case for the report; the same source and reference, or the same key, give the case there is.

    Kept once the caller's transaction is committed, its photos as well; those of a repeat are not.
    Raises KeyReused when the key came with another report, TooManyPhotos, and Refused where a project cannot
    be referred like this.
    """
    connection = session.connection()
    year = now.astimezone(ZoneInfo(city.timezone)).year
    repeat = _repeated(session, report)
    if repeat is None and (report.once is not None or report.source_ref is not None):
        advance(connection, f"cases-{year}", 0)
        repeat = _repeated(session, report)
    if repeat is not None:
        return repeat
    rules = rules_for(report.service, report.neighbourhood)
    keep_rules(session, rules)
    [number] = case_numbers(connection, year, 1)
    case_id = new_case_id(now)
    reporter = NewFollower(
        id=str(_ordered_uuid(now)),
        role=FollowerRole.REPORTER,
        token=secrets.token_urlsafe(16),
        name=report.reporter.name,
        email=report.reporter.email,
        phone=report.reporter.phone,
        language=report.reporter.language,
    )
    origin = Origin(
        description=report.description,
        accepted_at=now,
        address=report.address,
        lat=report.lat,
        lon=report.lon,
        source=report.source,
        source_ref=report.source_ref,
        followers=(reporter,),
        answers=report.answers,
        media_url=report.media_url,
    )
    opening = Opening(
        case_id=case_id,
        number=number,
        kind=report.kind,
        service=report.service,
        neighbourhood=report.neighbourhood,
        urgent=report.urgent,
        departments=report.departments or route(city.services[report.service], report.neighbourhood),
        by=report.by,
        project=referral(case_id, report.project) if report.project is not None else None,
    )
    case = open_record(session, city, origin, open_case(rules, opening, now))
    if report.project is not None:
        put_notes(session, texts_of(case_id, report.project, report.by or RESIDENT, now))
    if report.known is not None:
        service = city.services.get(report.service)
        theme = service.theme if service is not None else ""
        note_reporter(session, Reported(case_id, now, report.neighbourhood, report.service, theme), report.known)
    put_photos(session, case_id, report.photos, _photographer(report, reporter), now)
    if report.once is not None:
        connection.execute(
            IDEMPOTENCY_KEYS.insert(),
            {"key": report.once.key, "body_hash": report.once.body_hash, "case_id": case_id, "at": now},
        )
    return Accepted(case_id, number, reporter.token, True, case, rules)


def waiting(session: Session, limit: int, accepted_before: datetime | None = None) -> list[Waiting]:
    """Cases not known to have a running workflow, those accepted first in front; `accepted_before` is inclusive."""
    query = (
        select(CASES.c.state, CASES.c.imported, RULEBOOKS.c.body)
        .join(RULEBOOKS)
        .where(CASES.c.workflow_started_at.is_(None), CASES.c.closed_at.is_(None))
        .order_by(CASES.c.accepted_at)
        .limit(limit)
    )
    if accepted_before is not None:
        query = query.where(CASES.c.accepted_at <= accepted_before)
    return [
        Waiting(case_from_json(row.state), rulebook_from_json(row.body), row.imported)
        for row in session.connection().execute(query)
    ]


def mark_started(session: Session, case_ids: list[CaseId], at: datetime) -> None:
    """These cases have their workflow; repeating it changes nothing."""
    session.connection().execute(
        update(CASES)
        .where(CASES.c.case_id.in_(case_ids), CASES.c.workflow_started_at.is_(None))
        .values(workflow_started_at=at)
    )


def keep_rules(session: Session, rules: Rulebook) -> None:
    """Keeps the rulebook for the cases that travel with it; repeating it changes nothing."""
    session.connection().execute(_KEEP_RULES, {"version": rules.version, "body": rulebook_to_json(rules)})


def taken_refs(session: Session, source: str, refs: list[str]) -> dict[str, CaseId]:
    """Those of the source's references that are cases already."""
    rows = session.connection().execute(
        select(CASES.c.source_ref, CASES.c.case_id).where(CASES.c.source == source, CASES.c.source_ref.in_(refs))
    )
    return {row.source_ref: CaseId(row.case_id) for row in rows}


def new_case_id(now: datetime) -> CaseId:
    """A UUID of version 7 (RFC 9562): later cases sort after earlier ones, which keeps the indexes compact."""
    return CaseId(str(_ordered_uuid(now)))


def _photographer(report: NewReport, reporter: NewFollower) -> Actor:
    """The reporter, known by their link, unless someone of the staff took the report down."""
    if report.by is None or report.by == RESIDENT:
        return Actor(Role.RESIDENT, reporter.id)
    return report.by


def _ordered_uuid(now: datetime) -> UUID:
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | random & ((1 << 62) - 1))


def _repeated(session: Session, report: NewReport) -> Accepted | None:
    connection = session.connection()
    found = None
    if report.once is not None:
        before = connection.execute(_BY_KEY, {"key": report.once.key}).one_or_none()
        if before is not None:
            if before.body_hash != report.once.body_hash:
                raise KeyReused("this Idempotency-Key came with another report before")
            found = connection.execute(_BY_ID, {"case_id": before.case_id}).one()
    if found is None and report.source is not None and report.source_ref is not None:
        wanted = {"source": report.source, "source_ref": report.source_ref}
        found = connection.execute(_BY_SOURCE, wanted).one_or_none()
    if found is None:
        return None
    token = connection.execute(_TOKEN, {"case_id": found.case_id}).scalar() or ""
    case, rules = case_from_json(found.state), rulebook_from_json(found.body)
    return Accepted(CaseId(found.case_id), found.number, token, False, case, rules)
