"""Views that people keep of a page: its filters and order, under a name of their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Text, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.refusal import Refused
from readmodel.base import Base

AT_MOST = 50
NAME_AT_MOST = 80
QUERY_AT_MOST = 2_000


class SavedViewRow(Base):
    """A view, and whose it is."""

    __tablename__ = "saved_views"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    """The id of a user."""
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("owner", "page", "name"),)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A page's query string under a name."""

    id: str
    page: str
    name: str
    query: str


def save_view(session: Session, owner: str, page: str, name: str, query: str, now: datetime) -> SavedView:
    """A name that the owner gave before on this page stands for the new query from now on.

    Raises Refused for a name or query that is empty or too long, and beyond 50 views of one page.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused("Give the view a name.", "invalid", "name", "view_name")
    if len(name) > NAME_AT_MOST:
        raise Refused(f"A name has at most {NAME_AT_MOST} characters.", "invalid", "name", "view_name_long")
    if len(query) > QUERY_AT_MOST:
        raise Refused("This view has too many filters to be kept.", "invalid", "query", "view_long")
    mine = (SavedViewRow.owner == owner, SavedViewRow.page == page)
    row = session.scalar(select(SavedViewRow).where(*mine, SavedViewRow.name == name))
    if row is not None:
        row.query = query
    else:
        if session.execute(select(func.count()).select_from(SavedViewRow).where(*mine)).scalar_one() >= AT_MOST:
            raise Refused(f"At most {AT_MOST} views of a page are kept: remove one first.", rule="views_full")
        row = SavedViewRow(id=str(uuid4()), owner=owner, page=page, name=name, query=query, created_at=now)
        session.add(row)
    session.flush()
    return _view(row)


def views_of(session: Session, owner: str, page: str) -> tuple[SavedView, ...]:
    """In alphabetical order."""
    rows = session.scalars(select(SavedViewRow).where(SavedViewRow.owner == owner, SavedViewRow.page == page))
    return tuple(sorted((_view(row) for row in rows), key=lambda view: (view.name.casefold(), view.name)))


def drop_view(session: Session, owner: str, id: str) -> bool:
    """Whether the owner had such a view."""
    gone = delete(SavedViewRow).where(SavedViewRow.id == id, SavedViewRow.owner == owner).returning(SavedViewRow.id)
    return session.execute(gone).first() is not None


def _view(row: SavedViewRow) -> SavedView:
    return SavedView(row.id, row.page, row.name, row.query)
