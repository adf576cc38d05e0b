"""An agenda in the reader's words: what each item is about, and why it is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.teams.agenda import Reason, Why
from domain.words import DepartmentId
from readmodel.agendas import Item
from web.context import WebContext
from web.pages.languages import Language

LATE = frozenset({Reason.TO_PLACE, Reason.ESCALATED, Reason.OVERDUE})
"""What has gone wrong already; the others may yet."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words."""

    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An item as pages show it."""

    item: Item
    title: str
    beginning: str
    """Of what was reported."""
    departments: str
    whys: tuple[Said, ...]


def row_of(context: WebContext, reader: Language, item: Item, *, texts: bool) -> Row:
    """Without what people wrote where the reader does without `texts`."""
    case = item.case
    whys = _whys(context, reader, item)
    if case is None and item.hot_spot:
        theme = reader.named(item.title or "", "themes")
        return Row(item, reader.say("a_hot_spot", "agenda_reasons", theme=theme), "", "", whys)
    if case is None:
        return Row(item, (item.title or "") if texts else "", "", "", whys)
    service = context.city.services.get(case.service)
    named = [_department(context, reader, department) for department in case.departments]
    name = reader.of(service.name) if service is not None else case.service
    return Row(
        item,
        item.title if texts and item.title else name,
        " ".join(case.description.split())[:160] if texts else "",
        ", ".join(named),
        whys,
    )


def _whys(context: WebContext, reader: Language, item: Item) -> tuple[Said, ...]:
    return tuple(Said(_said(context, reader, why), why.reason in LATE) for why in item.whys)


def _said(context: WebContext, reader: Language, why: Why) -> str:
    values: Mapping[str, str | int] = {
        "day": reader.day(context.local(why.at).date()) if why.at is not None else "",
        "to": reader.say(why.to, "rungs") if why.to is not None else "",
        "reason": reader.say(why.escalated, "reasons") if why.escalated is not None else "",
        "times": why.times or 0,
    }
    key = why.reason.value
    if why.reason is Reason.BOUNCING:
        key = "bouncing_too_often" if not why.times else "bouncing_once" if why.times == 1 else "bouncing"
    return reader.say(key, "agenda_reasons", **values)


def _department(context: WebContext, reader: Language, id: DepartmentId) -> str:
    found = context.city.departments.get(id)
    return reader.of(found.name) if found is not None else id
