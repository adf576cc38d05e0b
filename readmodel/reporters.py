"""Reporters who come back: known by digests of what they left, to those only who must speak with them.

Erasing a case erases its row, and with it everything by which its reporter was recognised there.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.orm import Session, aliased

from domain.words import CaseId
from readmodel.recognising import Known, Recogniser
from readmodel.reporter_table import ReporterRow
from readmodel.sight import Sight, reached
from readmodel.tables import CaseRow, FollowerRow


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
    session.execute(
        insert(ReporterRow).values(
            case_id=report.case_id,
            email=known.email,
            phone=known.phone,
            person=before if before is not None else int((known.email or known.phone or "")[:15], 16),
            again=before is not None,
            opened_at=report.opened_at,
            neighbourhood=report.neighbourhood,
            service=report.service,
            theme=report.theme,
        )
    )


def renew_reporter(session: Session, case_id: CaseId, known: Known | None) -> None:
    """The reporter left more than before."""
    row = session.get_one(CaseRow, case_id)
    if known is not None:
        note_reporter(session, Reported(case_id, row.opened_at, row.neighbourhood, row.service, row.theme), known)


def note_earlier_reporters(session: Session, recogniser: Recogniser) -> None:
    """Those who reported before this was noted, in the order in which they did; whoever is noted stays as they are."""
    unnoted = (
        select(CaseRow, FollowerRow.email, FollowerRow.phone)
        .join(FollowerRow, and_(FollowerRow.case_id == CaseRow.case_id, FollowerRow.role == "reporter"))
        .outerjoin(ReporterRow, ReporterRow.case_id == CaseRow.case_id)
        .where(ReporterRow.case_id.is_(None), or_(FollowerRow.email.is_not(None), FollowerRow.phone.is_not(None)))
        .order_by(CaseRow.opened_at, CaseRow.case_id)
    )
    for row, email, phone in session.execute(unnoted).all():
        known = recogniser.known(email, phone)
        if known is not None:
            note_reporter(
                session,
                Reported(row.case_id, row.opened_at, row.neighbourhood, row.service, row.theme),
                known,
            )


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
    ways = [
        column == digest
        for column, digest in ((ReporterRow.email, known.email), (ReporterRow.phone, known.phone))
        if digest is not None
    ]
    return or_(*ways)
