"""What a neighbourhood's budget of a year went to, line by line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_, select
from sqlalchemy.orm import Session

from domain.words import CaseId, NeighbourhoodId, ServiceCode
from readmodel.ledger import RESERVATIONS, Money
from readmodel.offers import OFFERS
from readmodel.photos import PhotoId, PhotoRow
from readmodel.tables import CaseRow, NoteRow

_CASES = cast(Table, CaseRow.__table__)
_NOTES = cast(Table, NoteRow.__table__)
_PHOTOS = cast(Table, PhotoRow.__table__)


@dataclass(frozen=True, slots=True)
class Line:
    """One adoption, and what became of its money; amounts are whole euro cents."""

    case_id: CaseId
    number: str
    service: ServiceCode
    state: Money
    amount: int
    spent: int | None
    reserved_at: datetime
    settled_at: datetime | None
    account: str | None
    """What its adopter told; absent where it was not accounted for, or erased."""
    photo: PhotoId | None
    """The first that came with it."""


def lines_of(session: Session, neighbourhood: NeighbourhoodId, year: int) -> tuple[Line, ...]:
    """The latest first."""
    of_offer = and_(OFFERS.c.case_id == RESERVATIONS.c.case_id, OFFERS.c.offer == RESERVATIONS.c.offer)
    of_account = and_(_PHOTOS.c.note_id == OFFERS.c.account, _PHOTOS.c.position == 0)
    query = (
        select(RESERVATIONS, _CASES.c.number, _CASES.c.service, _NOTES.c.text, _PHOTOS.c.id.label("photo"))
        .join(_CASES, _CASES.c.case_id == RESERVATIONS.c.case_id)
        .outerjoin(OFFERS, of_offer)
        .outerjoin(_NOTES, and_(_NOTES.c.note_id == OFFERS.c.account, RESERVATIONS.c.state == Money.SPENT.value))
        .outerjoin(_PHOTOS, and_(of_account, RESERVATIONS.c.state == Money.SPENT.value))
        .where(
            RESERVATIONS.c.neighbourhood == neighbourhood,
            RESERVATIONS.c.year == year,
            RESERVATIONS.c.state != Money.RELEASED.value,
        )
        .order_by(RESERVATIONS.c.reserved_at.desc(), RESERVATIONS.c.case_id)
    )
    return tuple(map(_line, session.connection().execute(query)))


def _line(row: Row[Any]) -> Line:
    return Line(
        case_id=CaseId(row.case_id),
        number=row.number,
        service=ServiceCode(row.service),
        state=Money(row.state),
        amount=row.amount,
        spent=row.spent,
        reserved_at=row.reserved_at,
        settled_at=row.settled_at,
        account=row.text,
        photo=PhotoId(row.photo) if row.photo is not None else None,
    )
