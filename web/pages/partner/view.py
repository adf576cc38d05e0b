"""What the page of a task shows to a partner: the case around it, and a form for each answer that the rules allow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from starlette.datastructures import FormData

from domain.options import furthest, latest_pause, options, transfer_targets
from web.answering import Opened
from web.case_view import text_of
from web.context import WebContext
from web.pages.languages import Language
from web.pages.refusals import explained
from web.times import end_of_day

ANSWERS = ("accept", "report_progress", "resolve", "resume", "pause", "ask_resident", "transfer", "decline")
"""What may be answered, in this order on the page."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """One answer that may be given now; or why it may not."""

    command: str
    refused: str | None = None
    departments: tuple[tuple[str, str], ...] = ()
    """Those to choose from, by id and name."""
    first: date | None = None
    last: date | None = None
    """The days to choose from, inclusive."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What was filled in before."""

    def value(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Said:
    """A text that someone wrote about the case."""

    at: datetime
    role: str
    text: str


def answer_forms(
    context: WebContext, reader: Language, found: Opened, form: FormData | None = None
) -> list[AnswerForm]:
    """Only what the rules have nothing against comes first; `form` is what was filled in and not followed."""
    case, rules, task, now = found.detail.case, found.detail.rules, found.task, context.now()
    today, last = context.local(now).date(), _last_day(context, furthest(now))
    filled = {name: value for name, value in (form or {}).items() if isinstance(value, str)}
    forms: dict[str, AnswerForm] = {}
    for option in options(rules, case, found.actor, now):
        command = option.command
        if option.assignment != task.id or command not in ANSWERS:
            continue
        why = explained(context, reader, option.refusal) if option.refusal is not None else None
        departments: tuple[tuple[str, str], ...] = ()
        latest = last
        if why is None and command == "transfer":
            targets = transfer_targets(rules, case, found.actor, task.id, now)
            names = {d: context.city.departments.get(d) for d in targets}
            departments = tuple((d, reader.of(n.name) if n is not None else d) for d, n in names.items())
        if why is None and command == "pause":
            latest = max(today, _last_day(context, latest_pause(rules, case, task.id, now)))
        values = filled if filled.get("command") == command else {}
        forms[command] = AnswerForm(command, why, departments, today, latest, values)
    return [forms[command] for command in ANSWERS if command in forms]


def said_so_far(context: WebContext, found: Opened) -> list[Said]:
    """What was written about the case until now, oldest first."""
    said = []
    for happened in found.detail.timeline:
        named = text_of(happened)
        note = found.detail.notes.get(named) if named is not None else None
        if note is not None and note.text:
            said.append(Said(context.local(happened.at), note.author_role.value, note.text))
    return said


def _last_day(context: WebContext, latest: datetime) -> date:
    """The last day that ends by then: a day is meant until its last second."""
    day = context.local(latest).date()
    return day if end_of_day(day, context.zone) <= latest else day - timedelta(days=1)
