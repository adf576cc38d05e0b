"""What a reader of the board asked for, read from its address and written into it again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from domain.actor import Actor
from domain.city import City
from domain.words import DepartmentId, EscalationReason, NeighbourhoodId, Role, Rung
from readmodel.board import BoardFilter, BoardSort
from web.pages.kept_views import lasting

ADDRESS = "/escalations"
DAYS = (2, 5, 10)
"""How many working days one may look ahead; the first is what the count at the top says."""
RUNGS = {
    Role.DEPARTMENT_HEAD: Rung.DEPARTMENT_HEAD,
    Role.NEIGHBOURHOOD_MANAGER: Rung.NEIGHBOURHOOD_MANAGER,
    Role.LEADERSHIP: Rung.CITY_LEADERSHIP,
}
"""On which rung each role stands."""

Word = TypeVar("Word", bound=StrEnum)


class Tab(StrEnum):
    """The parts of the board."""

    MINE = "mine"
    ALL = "all"
    PLACE = "place"
    COMING = "coming"
    TAKEN = "taken"


CLIMBED = frozenset({Tab.MINE, Tab.ALL, Tab.TAKEN})
"""Those that list what has escalated."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of the board, narrowed and ordered."""

    tab: Tab
    department: DepartmentId | None = None
    neighbourhood: NeighbourhoodId | None = None
    reason: EscalationReason | None = None
    rung: Rung | None = None
    acknowledged: bool | None = None
    sort: BoardSort = BoardSort.LONGEST
    days: int = DAYS[0]
    cursor: str | None = None
    open: str | None = None
    """The row whose forms are shown."""

    @property
    def narrowed(self) -> bool:
        """Whether anything was filtered out."""
        return self.first_page != Asked(self.tab, sort=self.sort, days=self.days)

    @property
    def first_page(self) -> "Asked":
        """The same from its beginning, every row closed."""
        return replace(self, cursor=None, open=None)

    @property
    def query(self) -> str:
        """What a view of this keeps."""
        return lasting(self.first_page._told())

    def address(self, **changes: Any) -> str:
        """Of this board, with some of it changed."""
        changed = replace(self, **changes)
        passing = [(name, value) for name in ("cursor", "open") if (value := getattr(changed, name))]
        return f"{ADDRESS}?{'&'.join(filter(None, (changed.query, urlencode(passing))))}"

    def _told(self) -> list[tuple[str, str]]:
        """What was not asked for is left out."""
        plain = Asked(self.tab)
        told = [("tab", self.tab.value)]
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value != getattr(plain, field.name):
                told.append((field.name, ("yes" if value else "no") if isinstance(value, bool) else str(value)))
        return told

    def other(self, tab: Tab) -> str:
        """The address of another part, narrowed to the same place and department."""
        return Asked(tab, self.department, self.neighbourhood).address()


def asked(params: Mapping[str, str], role: Role, city: City) -> Asked:
    """What the address asks for; what it does not know in it is passed over."""
    first = Tab.MINE if role in RUNGS else Tab.ALL
    tab = _word(Tab, params.get("tab")) or first
    department = DepartmentId(params.get("department", ""))
    neighbourhood = NeighbourhoodId(params.get("neighbourhood", ""))
    climbed = tab in CLIMBED
    days = params.get("days", "")
    return Asked(
        tab=first if tab is Tab.MINE else tab,
        department=department if tab is not Tab.PLACE and department in city.departments else None,
        neighbourhood=neighbourhood if neighbourhood in city.neighbourhoods else None,
        reason=_word(EscalationReason, params.get("reason")) if climbed else None,
        rung=_word(Rung, params.get("rung")) if climbed else None,
        acknowledged={"yes": True, "no": False}.get(params.get("acknowledged", "")) if tab is Tab.ALL else None,
        sort=(_word(BoardSort, params.get("sort")) if climbed else None) or BoardSort.LONGEST,
        days=int(days) if tab is Tab.COMING and days in map(str, DAYS) else DAYS[0],
        cursor=params.get("cursor", "")[:500] or None,
        open=params.get("open", "")[:100] or None,
    )


def mine(actor: Actor) -> BoardFilter | None:
    """What was raised to this person and asks for them now; None for those to whom nothing is ever raised."""
    rung = RUNGS.get(actor.role)
    if rung is None:
        return None
    heads = actor.department if actor.role is Role.DEPARTMENT_HEAD else None
    return BoardFilter(department=heads, raised_to=rung, acknowledged=False)


def filter_of(asked: Asked, actor: Actor) -> BoardFilter:
    """What the part of the board that lists escalations is narrowed to."""
    start = (mine(actor) or BoardFilter()) if asked.tab is Tab.MINE else BoardFilter(acknowledged=asked.acknowledged)
    if asked.tab is Tab.TAKEN:
        start = BoardFilter(acknowledged=True)
    return replace(
        start,
        department=start.department or asked.department,
        neighbourhood=asked.neighbourhood,
        reason=asked.reason,
        to=asked.rung,
    )


def _word(words: type[Word], text: str | None) -> Word | None:
    return words(text) if text in set(words) else None
