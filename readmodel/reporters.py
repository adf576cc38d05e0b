"""Reporters who come back: known by digests of what they left, to those only who must speak with them.

Erasing a case erases its row, and with it everything by which its reporter was recognised there.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.orm import Session, aliased

from domain.words import CaseId
from readmodel.counters import advance
from readmodel.letters import FollowerRole
from readmodel.recognising import Known, Recogniser
from readmodel.reporter_table import ReporterRow
from readmodel.sight import Sight, reached
from readmodel.tables import CaseRow, FollowerRow

NOTED = "reporters-noted"
"""The counter that is 1 once the reports of before are noted."""
_AT_ONCE = 2000
_UNNOTED = (
    select(
        CaseRow.case_id,
        CaseRow.opened_at,
        CaseRow.neighbourhood,
        CaseRow.service,
        CaseRow.theme,
        FollowerRow.email,
        FollowerRow.phone,
    )
    .join(FollowerRow, and_(FollowerRow.case_id == CaseRow.case_id, FollowerRow.role == FollowerRole.REPORTER.value))
    .outerjoin(ReporterRow, ReporterRow.case_id == CaseRow.case_id)
    .where(ReporterRow.case_id.is_(None), or_(FollowerRow.email.is_not(None), FollowerRow.phone.is_not(None)))
    .order_by(CaseRow.opened_at, CaseRow.case_id)
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, as far as recognising its reporter goes."""

    case_id: str
    opened_at: datetime
    neighbourhood: str
    service: str
    theme: str


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """What a case is called, by programs and by people."""

    case_id: CaseId
    number: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same reporter reported before."""

    count: int = 0
    cases: tuple[EarlierReport, ...] = ()
    """Those within the reader's sight, the latest first."""


def note_reporter(session: Session, report: Reported, known: Known) -> None:
    """Repeating it, or telling more, replaces what was noted before."""
    session.execute(delete(ReporterRow).where(ReporterRow.case_id == report.case_id))
    before = session.scalar(
        select(ReporterRow.person)
        .where(_same(known), ReporterRow.opened_at <= report.opened_at)
        .order_by(ReporterRow.opened_at)
        .limit(1)
    )
    person = before if before is not None else known.new_person
    session.execute(insert(ReporterRow).values(_row(report, known, person, again=before is not None)))


def renew_reporter(session: Session, case_id: CaseId, known: Known | None) -> None:
    """The reporter left more than before."""
    row = session.get_one(CaseRow, case_id)
    if known is not None:
        note_reporter(session, Reported(case_id, row.opened_at, row.neighbourhood, row.service, row.theme), known)


def note_earlier_reporters(session: Session, recogniser: Recogniser) -> None:
    """Those who reported before an upgrade; once in an installation's life."""
    connection = session.connection()
    if not advance(connection, NOTED, 0):
        advance(connection, NOTED, 1)
        note_all_reporters(session, recogniser)


def note_all_reporters(session: Session, recogniser: Recogniser) -> None:
    """Those who are not noted yet, in the order in which they reported; whoever does so at once waits for the other."""
    advance(session.connection(), NOTED, 0)
    people: dict[str, int] = {}
    for row in session.execute(select(ReporterRow.email, ReporterRow.phone, ReporterRow.person)):
        people |= {digest: row.person for digest in (row.email, row.phone) if digest is not None}
    met: set[int] = set()
    for some in session.execute(_UNNOTED.execution_options(yield_per=_AT_ONCE)).partitions():
        found = []
        for case_id, opened_at, neighbourhood, service, theme, email, phone in some:
            known = recogniser.known(email, phone)
            if known is not None:
                person = next((people[d] for d in known.digests if d in people), known.new_person)
                people |= dict.fromkeys(known.digests, person)
                report = Reported(case_id, opened_at, neighbourhood, service, theme)
                found.append(_row(report, known, person, again=person in met))
                met.add(person)
        if found:
            session.execute(insert(ReporterRow), found)


def earlier_reports(session: Session, case_id: CaseId, sight: Sight) -> Earlier:
    """Of whoever reported this case; for those only who may know who that is."""
    own, other = aliased(ReporterRow), aliased(ReporterRow)
    same = or_(other.email == own.email, other.phone == own.phone)
    found = session.scalars(
        select(other.case_id)
        .join(own, same)
        .where(own.case_id == case_id, other.opened_at <= own.opened_at, other.case_id != own.case_id)
    ).all()
    if not found:
        return Earlier()
    table = CaseRow.__table__
    seen = (
        select(CaseRow.case_id, CaseRow.number)
        .where(CaseRow.case_id.in_(found), *reached(session, sight, table))
        .order_by(CaseRow.opened_at.desc())
    )
    return Earlier(len(found), tuple(EarlierReport(CaseId(row.case_id), row.number) for row in session.execute(seen)))


def _same(known: Known) -> ColumnElement[bool]:
    ways = ((ReporterRow.email, known.email), (ReporterRow.phone, known.phone))
    return or_(*(column == digest for column, digest in ways if digest is not None))


def _row(report: Reported, known: Known, person: int, *, again: bool) -> dict[str, object]:
    return {"email": known.email, "phone": known.phone, "person": person, "again": again, **asdict(report)}
