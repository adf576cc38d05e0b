"""The budgets of neighbourhoods for what residents do themselves: reserved, spent or returned, and never overdrawn.

Amounts are whole euro cents. A budget holds for a neighbourhood and a calendar year by the city's clocks.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, ForeignKey, Index, Table, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.case import Case
from domain.events import Happened
from domain.initiatives.events import OfferAccounted, OfferAdopted, OfferReturned
from domain.words import CaseId, NeighbourhoodId, OfferId
from readmodel.base import Base
from readmodel.tables import CaseRow

Row = dict[str, Any]


class Money(StrEnum):
    """Where an amount is."""

    RESERVED = "reserved"
    SPENT = "spent"
    RETURNED = "returned"
    RELEASED = "released"
    """It was never needed: the adoption that it was reserved for was refused after all."""


class BudgetRow(Base):
    """A neighbourhood's budget of a year; whoever reserves holds this row until it is done."""

    __tablename__ = "budgets"

    neighbourhood: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int]
    """What the city's files said when something was last asked of it."""


class ReservationRow(Base):
    """What was set aside for one adoption of an offer, and what became of it."""

    __tablename__ = "reservations"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.case_id), primary_key=True)
    offer: Mapped[str] = mapped_column(primary_key=True)
    command_id: Mapped[str] = mapped_column(primary_key=True)
    """The adoption's; what was released stays, so that an attempt that comes late cannot reserve it again."""
    neighbourhood: Mapped[str]
    year: Mapped[int]
    amount: Mapped[int]
    spent: Mapped[int | None]
    """Present once it was accounted for."""
    state: Mapped[str]
    reserved_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_reservations_neighbourhood", "neighbourhood", "year"),)


BUDGETS = cast(Table, BudgetRow.__table__)
RESERVATIONS = cast(Table, ReservationRow.__table__)

_SETTLE = update(RESERVATIONS).where(
    RESERVATIONS.c.case_id == bindparam("of_case"),
    RESERVATIONS.c.offer == bindparam("of_offer"),
    RESERVATIONS.c.state == Money.RESERVED.value,
)
_SAME_YEAR = ["neighbourhood", "year"]
_hold_sqlite, _hold_postgresql = sqlite.insert(BUDGETS), postgresql.insert(BUDGETS)
_HOLD: dict[str, Any] = {
    "sqlite": _hold_sqlite.on_conflict_do_update(
        index_elements=_SAME_YEAR, set_={"amount": _hold_sqlite.excluded.amount}
    ),
    "postgresql": _hold_postgresql.on_conflict_do_update(
        index_elements=_SAME_YEAR, set_={"amount": _hold_postgresql.excluded.amount}
    ),
}
_RESERVE: dict[str, Any] = {
    "sqlite": sqlite.insert(RESERVATIONS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(RESERVATIONS).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """An amount to be set aside for one adoption of an offer."""

    case_id: CaseId
    offer: OfferId
    neighbourhood: NeighbourhoodId
    year: int
    amount: int
    command_id: str


@dataclass(frozen=True, slots=True)
class Balance:
    """How a budget stands."""

    budget: int
    reserved: int = 0
    spent: int = 0
    returned: int = 0
    """Set aside once, and free again: what was not needed is in it."""

    @property
    def free(self) -> int:
        """What can still be reserved; nothing where the budget was lowered below what is reserved and spent."""
        return max(0, self.budget - self.reserved - self.spent)


def year_of(timezone: str, at: datetime) -> int:
    """The year whose budget counts at that moment."""
    return at.astimezone(ZoneInfo(timezone)).year


def reserve(session: Session, wish: Wish, budget: int, now: datetime) -> bool:
    """Whether the amount is set aside for this adoption, now or before. Two at once come one after the other."""
    connection = session.connection()
    _hold(connection, wish.neighbourhood, wish.year, budget)
    if (kept := _kept(connection, wish)) is not None:
        return kept is Money.RESERVED
    if wish.amount > balance(session, wish.neighbourhood, wish.year, budget).free:
        return False
    row = {
        "case_id": wish.case_id,
        "offer": wish.offer,
        "command_id": wish.command_id,
        "neighbourhood": wish.neighbourhood,
        "year": wish.year,
        "amount": wish.amount,
        "state": Money.RESERVED.value,
        "reserved_at": now,
    }
    connection.execute(_RESERVE[connection.dialect.name], row)
    return True


def release(session: Session, wish: Wish, now: datetime) -> None:
    """What was reserved for an adoption that the rules refused after all is free again."""
    released = {"state": Money.RELEASED.value, "settled_at": now}
    session.connection().execute(
        update(RESERVATIONS).where(*_of(wish), RESERVATIONS.c.state == Money.RESERVED.value).values(released)
    )


def balance(session: Session, neighbourhood: NeighbourhoodId, year: int, budget: int) -> Balance:
    """How the budget of that year stands, where it is this much."""
    reserved, spent = RESERVATIONS.c.state == Money.RESERVED.value, RESERVATIONS.c.state == Money.SPENT.value
    amount, cost = RESERVATIONS.c.amount, func.coalesce(RESERVATIONS.c.spent, 0)
    query = select(
        func.coalesce(func.sum(case((reserved, amount), else_=0)), 0).label("reserved"),
        func.coalesce(func.sum(case((spent, cost), else_=0)), 0).label("spent"),
        func.coalesce(func.sum(case((reserved, 0), else_=amount - cost)), 0).label("returned"),
    ).where(
        RESERVATIONS.c.neighbourhood == neighbourhood,
        RESERVATIONS.c.year == year,
        RESERVATIONS.c.state != Money.RELEASED.value,
    )
    sums = session.connection().execute(query).one()
    return Balance(budget, int(sums.reserved), int(sums.spent), int(sums.returned))


def years_of(session: Session, neighbourhood: NeighbourhoodId) -> dict[int, int]:
    """The years in which anything was asked of the budget, and how much it was then."""
    query = select(BUDGETS.c.year, BUDGETS.c.amount).where(BUDGETS.c.neighbourhood == neighbourhood)
    return {row.year: row.amount for row in session.connection().execute(query)}


@dataclass(slots=True)
class Movements:
    """What recorded events do to the ledger. Writing them again changes nothing."""

    reserved: list[Row] = field(default_factory=list)
    settled: list[Row] = field(default_factory=list)

    def add(self, of_case: Case, happened: Happened, timezone: str) -> None:
        """An adoption finds its amount reserved already; a story from elsewhere brings it.

        An offer that returns before it was adopted leaves alone what is being reserved for it in that instant.
        """
        event = happened.event
        if isinstance(event, OfferAdopted):
            self.reserved.append(
                {
                    "case_id": of_case.case_id,
                    "offer": event.offer,
                    "command_id": happened.command_id or "",
                    "neighbourhood": of_case.neighbourhood,
                    "year": year_of(timezone, happened.at),
                    "amount": event.amount,
                    "state": Money.RESERVED.value,
                    "reserved_at": happened.at,
                }
            )
        elif isinstance(event, OfferAccounted | OfferReturned) and _was_adopted(of_case, event.offer):
            spent = event.spent if isinstance(event, OfferAccounted) else None
            self.settled.append(
                {
                    "of_case": of_case.case_id,
                    "of_offer": event.offer,
                    "state": (Money.RETURNED if spent is None else Money.SPENT).value,
                    "spent": spent,
                    "settled_at": happened.at,
                }
            )

    def write(self, connection: Connection) -> None:
        if self.reserved:
            connection.execute(_RESERVE[connection.dialect.name], self.reserved)
        if self.settled:
            connection.execute(_SETTLE, self.settled)


def _hold(connection: Connection, neighbourhood: NeighbourhoodId, year: int, budget: int) -> None:
    """SQLite lets one writer in at a time; elsewhere the row is held until the transaction ends."""
    connection.execute(_HOLD[connection.dialect.name], {"neighbourhood": neighbourhood, "year": year, "amount": budget})


def _kept(connection: Connection, wish: Wish) -> Money | None:
    state = connection.execute(select(RESERVATIONS.c.state).where(*_of(wish))).scalar_one_or_none()
    return Money(state) if state is not None else None


def _was_adopted(of_case: Case, id: OfferId) -> bool:
    return any(offer.adopted_at is not None for offer in of_case.offers if offer.id == id)


def _of(wish: Wish) -> tuple[ColumnElement[bool], ...]:
    return (
        RESERVATIONS.c.case_id == wish.case_id,
        RESERVATIONS.c.offer == wish.offer,
        RESERVATIONS.c.command_id == wish.command_id,
    )
