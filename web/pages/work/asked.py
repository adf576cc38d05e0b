"""What someone asks of their department's inbox: a tab, filters, an order, a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from domain.city import City
from domain.words import NeighbourhoodId, ServiceCode
from readmodel.inbox import InboxFilter, InboxGroup, InboxSort, Span
from web.context import WebContext
from web.pages.kept_views import lasting, link_to
from web.times import start_of_day

Tab = Literal["to_answer", "in_progress", "waiting", "late", "planned_today", "escalated", "all"]
TABS: tuple[Tab, ...] = get_args(Tab)
FIELDS = ("tab", "q", "neighbourhood", "service", "urgent", "late", "escalated", "planned_from", "planned_to", "sort")
LONGEST_SEARCH = 200
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 30)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown. What makes no sense is passed over, as if it had not been asked."""

    tab: Tab
    sort: InboxSort
    values: Mapping[str, str]
    """Every field as it is filled in, blank where it is not."""
    cursor: str | None

    @property
    def query(self) -> str:
        """What a view of this keeps."""
        return lasting(self.values)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab and the order was asked."""
        return any(value for name, value in self.values.items() if name not in ("tab", "sort"))

    def link(self, path: str = "/inbox", **changes: str | None) -> str:
        """The address with these changes; blank or None leaves a field out. A page begins at its first row."""
        return link_to(path, self.values, changes)

    def filter(self, context: WebContext) -> InboxFilter:
        group = InboxGroup(self.tab) if self.tab in list(InboxGroup) else InboxGroup.ALL
        return InboxFilter(
            group=group,
            neighbourhood=NeighbourhoodId(self.values["neighbourhood"]) if self.values["neighbourhood"] else None,
            service=ServiceCode(self.values["service"]) if self.values["service"] else None,
            urgent=True if self.values["urgent"] else None,
            late=True if self.tab == "late" or self.values["late"] else None,
            escalated=True if self.tab == "escalated" or self.values["escalated"] else None,
            planned_on=today_of(context) if self.tab == "planned_today" else self._planned(context),
            q=self.values["q"] or None,
        )

    def _planned(self, context: WebContext) -> Span | None:
        since, until = self.values["planned_from"], self.values["planned_to"]
        if not since and not until:
            return None
        first = date.fromisoformat(since) if since else _FIRST
        last = date.fromisoformat(until) if until else _LAST
        return _span(context, first, last)


def asked_of(params: Mapping[str, str], city: City) -> Asked:
    values = {name: params.get(name, "").strip() for name in FIELDS}
    values["q"] = "".join(c if c.isprintable() else " " for c in values["q"])[:LONGEST_SEARCH].strip()
    known: Mapping[str, object] = {"neighbourhood": city.neighbourhoods, "service": city.services}
    for name, words in known.items():
        values[name] = values[name] if values[name] in words else ""  # type: ignore[operator]
    for name in ("urgent", "late", "escalated"):
        values[name] = "yes" if values[name] in ("yes", "true") else ""
    for name in ("planned_from", "planned_to"):
        values[name] = day_or_blank(values[name])
    tab: Tab = next((known for known in TABS if known == values["tab"]), "to_answer")
    sort = next((known for known in InboxSort if known.value == values["sort"]), InboxSort.DUE)
    values["tab"] = tab if tab != "to_answer" else ""
    values["sort"] = sort.value if sort is not InboxSort.DUE else ""
    cursor = params.get("cursor", "")[:500]
    return Asked(tab, sort, values, cursor if cursor and cursor.isprintable() else None)


def today_of(context: WebContext) -> Span:
    """The bounds of the local day."""
    today = context.local(context.now()).date()
    return _span(context, today, today)


def day_or_blank(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return text if _FIRST <= day <= _LAST else ""


def _span(context: WebContext, first: date, last: date) -> tuple[datetime, datetime]:
    return start_of_day(first, context.zone), start_of_day(last + timedelta(days=1), context.zone)
