"""What someone looks for among the cases: words, filters, an order, a page; or the cases behind a figure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.city import City
from domain.limits import Limit
from domain.measures import Measure
from domain.words import Cause, DepartmentId, NeighbourhoodId, ServiceCode, Stage
from readmodel.cases import CaseFilter, CaseSort
from readmodel.counted import Counted
from readmodel.held import UNNAMED, Held
from web.context import WebContext
from web.pages.kept_views import lasting, link_to
from web.pages.work.asked import LONGEST_SEARCH, day_or_blank
from web.times import start_of_day

ANY = "any"
"""Whatever the cause."""
WORDS = ("reason", "cause", "outcome", "solved")
"""What a figure may be narrowed to; each is a word of its own list."""
HELD = ("held", "held_by", "held_from", "held_to")
"""The limit whose cases these are; `held_by`: in what way it showed."""
DAYS = ("opened_from", "opened_to", "closed_from", "closed_to", "counted_from", "counted_to", "held_from", "held_to")
FLAGS = ("open", "escalated", "overdue", "failed")
FIELDS = (
    *("q", "stage", "department", "neighbourhood", "service", "theme", "counted", "held", "held_by", "sort"),
    *(*WORDS, *DAYS, *FLAGS),
)
A_NUMBER = re.compile(r"\d{4}(-\d{0,9})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown. What makes no sense is passed over, as if it had not been asked."""

    values: Mapping[str, str]
    """Every field as it is filled in, blank where it is not."""
    sort: CaseSort
    cursor: str | None

    @property
    def query(self) -> str:
        """What a view of this keeps."""
        return lasting(self.values)

    @property
    def narrowed(self) -> bool:
        """Whether something was asked beyond the tabs, the words and the order."""
        plain = ("q", "sort", "open", "overdue", "escalated", "counted", "failed", *WORDS, *HELD)
        return any(value for name, value in self.values.items() if name not in plain)

    def link(self, **changes: str | None) -> str:
        """The address with these changes; a page begins at its first row."""
        return link_to("/cases", self.values, changes)

    @property
    def uncounted(self) -> str:
        """The address without the figure."""
        return self.link(**dict.fromkeys(("counted", "counted_from", "counted_to", "failed", *WORDS, *HELD)))

    def filter(self, context: WebContext) -> CaseFilter:
        v = self.values
        return CaseFilter(
            stages=(Stage(v["stage"]),) if v["stage"] else None,
            open=_flag(v["open"]),
            department=DepartmentId(v["department"]) if v["department"] else None,
            neighbourhood=NeighbourhoodId(v["neighbourhood"]) if v["neighbourhood"] else None,
            service=ServiceCode(v["service"]) if v["service"] else None,
            theme=v["theme"] or None,
            escalated=_flag(v["escalated"]),
            overdue=_flag(v["overdue"]),
            opened_from=_start(context, v["opened_from"]),
            opened_before=_end(context, v["opened_to"]),
            closed_from=_start(context, v["closed_from"]),
            closed_before=_end(context, v["closed_to"]),
            counted=self._counted(),
            held=self._held(context),
            q=v["q"] or None,
        )

    def _counted(self) -> Counted | None:
        v = self.values
        if not v["counted"]:
            return None
        return Counted(
            (Measure(v["counted"]),),
            date.fromisoformat(v["counted_from"]) if v["counted_from"] else None,
            date.fromisoformat(v["counted_to"]) if v["counted_to"] else None,
            next((v[name] for name in WORDS if v[name]), None),
            failed=v["failed"] == "true",
        )

    def _held(self, context: WebContext) -> Held | None:
        v = self.values
        if not v["held"]:
            return None
        return Held(
            None if v["held"] == ANY else v["held"],
            Limit(v["held_by"]) if v["held_by"] else None,
            _start(context, v["held_from"]),
            _end(context, v["held_to"]),
        )


def asked_of(params: Mapping[str, str], city: City) -> Asked:
    values = {name: params.get(name, "").strip() for name in FIELDS}
    values["q"] = "".join(c if c.isprintable() else " " for c in values["q"])[:LONGEST_SEARCH].strip()
    known: Mapping[str, frozenset[str]] = {
        "stage": frozenset(Stage),
        "department": frozenset(city.departments),
        "neighbourhood": frozenset(city.neighbourhoods),
        "service": frozenset(city.services),
        "theme": frozenset(service.theme for service in city.services.values()),
        "counted": frozenset(Measure),
        "held": frozenset({*Cause, UNNAMED, ANY}),
        "held_by": frozenset(Limit),
    }
    for name, words in known.items():
        values[name] = values[name] if values[name] in words else ""
    for name in WORDS:
        values[name] = values[name] if values["counted"] and re.fullmatch(r"[a-z_]{1,40}", values[name]) else ""
    for name in DAYS:
        values[name] = day_or_blank(values[name])
    for name in FLAGS:
        values[name] = values[name] if values[name] in ("true", "false") else ""
    sort = next((one for one in CaseSort if one.value == values["sort"]), CaseSort.NEWEST)
    values["sort"] = sort.value if sort is not CaseSort.NEWEST else ""
    cursor = params.get("cursor", "")[:500]
    return Asked(values, sort, cursor if cursor and cursor.isprintable() else None)


def _flag(text: str) -> bool | None:
    return text == "true" if text else None


def _start(context: WebContext, day: str) -> datetime | None:
    return start_of_day(date.fromisoformat(day), context.zone) if day else None


def _end(context: WebContext, day: str) -> datetime | None:
    """The first moment after that day."""
    return start_of_day(date.fromisoformat(day) + timedelta(days=1), context.zone) if day else None
