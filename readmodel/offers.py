"""What is or was offered to residents: the rows that follow from the cases, and the lists that are read from them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, Table, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.case import Case
from domain.initiatives.state import Offer
from domain.words import CaseId, NeighbourhoodId, OfferId, ServiceCode
from readmodel.base import Base
from readmodel.tables import CaseRow, NoteRow

OPEN, ADOPTED = "open", "adopted"
_IS_OPEN = text(f"state = '{OPEN}'")


class OfferRow(Base):
    """One offer of a case, and what became of it; amounts are whole euro cents."""

    __tablename__ = "offers"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    offer: Mapped[str] = mapped_column(primary_key=True)
    neighbourhood: Mapped[str]
    """That of the case."""
    state: Mapped[str]
    """`open`, `adopted`, `accounted`, or why it returned."""
    amount: Mapped[int]
    spent: Mapped[int | None]
    note: Mapped[str]
    account: Mapped[str | None]
    """The note in which its adopter told what was done."""
    offered_at: Mapped[datetime]
    until: Mapped[datetime]
    adopted_at: Mapped[datetime | None]
    account_by: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_offers_open", "neighbourhood", "until", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )


OFFERS = cast(Table, OfferRow.__table__)
_CASES = cast(Table, CaseRow.__table__)
_NOTES = cast(Table, NoteRow.__table__)


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as residents may read it: nothing of it was written by a resident, or tells who one is."""

    case_id: CaseId
    number: str
    service: ServiceCode
    neighbourhood: NeighbourhoodId
    lat: float | None
    lon: float | None
    offer: OfferId
    state: str
    amount: int
    offered_at: datetime
    until: datetime
    account_by: datetime | None
    about: str
    """What there is to do; empty where the text was erased."""


def offer_rows(case: Case) -> dict[str, dict[str, Any]]:
    return {offer.id: _row(case, offer) for offer in case.offers}


def open_offers(session: Session) -> tuple[Offered, ...]:
    """Those that can be taken on; the one that stands the shortest first."""
    return _offered(session, OFFERS.c.state == OPEN)


def last_offer(session: Session, case_id: CaseId) -> Offered | None:
    """Of this case, whatever became of it."""
    found = _offered(session, OFFERS.c.case_id == case_id)
    return max(found, key=lambda one: one.offered_at, default=None)


def not_taken_up(session: Session, neighbourhood: NeighbourhoodId) -> int:
    """What the open offers of the neighbourhood amount to."""
    here = OFFERS.c.state == OPEN, OFFERS.c.neighbourhood == neighbourhood
    return int(
        session.connection().execute(select(func.coalesce(func.sum(OFFERS.c.amount), 0)).where(*here)).scalar_one()
    )


def _offered(session: Session, which: ColumnElement[bool]) -> tuple[Offered, ...]:
    cases = (_CASES.c[name] for name in ("number", "service", "lat", "lon"))
    query = (
        select(OFFERS, *cases, _NOTES.c.text)
        .join(_CASES, _CASES.c.case_id == OFFERS.c.case_id)
        .outerjoin(_NOTES, _NOTES.c.note_id == OFFERS.c.note)
        .where(which)
        .order_by(OFFERS.c.until, OFFERS.c.case_id)
    )
    return tuple(map(_read, session.connection().execute(query)))


def _read(row: Row[Any]) -> Offered:
    return Offered(
        case_id=CaseId(row.case_id),
        number=row.number,
        service=ServiceCode(row.service),
        neighbourhood=NeighbourhoodId(row.neighbourhood),
        lat=row.lat,
        lon=row.lon,
        offer=OfferId(row.offer),
        state=row.state,
        amount=row.amount,
        offered_at=row.offered_at,
        until=row.until,
        account_by=row.account_by,
        about=row.text or "",
    )


def _row(case: Case, offer: Offer) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "offer": offer.id,
        "neighbourhood": case.neighbourhood,
        "state": _state(offer),
        "amount": offer.amount,
        "spent": offer.spent,
        "note": offer.note,
        "account": offer.account,
        "offered_at": offer.offered_at,
        "until": offer.until,
        "adopted_at": offer.adopted_at,
        "account_by": offer.account_by,
    }


def _state(offer: Offer) -> str:
    if offer.ending is not None:
        return offer.ending.value
    if offer.spent is not None:
        return "accounted"
    return ADOPTED if offer.adopted_at is not None else OPEN
