"""The tasks of a department as rows: what, where, how long still, and what is likely to be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from domain.clocks import counting, time_left
from domain.rulebook import Rulebook
from domain.words import AssignmentState, Kind, Term
from domain.working_time import start_of
from readmodel.inbox import InboxItem
from readmodel.photos import PhotoId, report_photos
from readmodel.projects_list import titles_of
from readmodel.rulebooks import rules_of
from readmodel.structural.actions import actions_of, title_of
from web.context import WebContext
from web.pages.languages import Language
from web.pages.spans import in_words

BEGINNING = 140
"""Characters of the description in a row."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task, in the reader's words."""

    item: InboxItem
    pick: str
    """What stands for it in forms."""
    service: str
    neighbourhood: str
    beginning: str
    """The first words of what is to be done, or of the description."""
    action: str | None
    """What is to be done, in full, where it is not what was reported."""
    left: str
    """How much time there is still, or how much too late it is."""
    due: datetime
    """Local, and so are the others."""
    promised: datetime
    planned: datetime | None
    mood: str
    """`late`, `soon` or nothing."""
    photo: PhotoId | None
    project: bool
    """Its advice is to be answered, on a page of its own."""
    likely: str | None
    """The command that is given at the press of one button."""
    then: str | None
    """The command that needs words, and comes next most often."""

    def open(self, next: str, command: str | None = None) -> str:
        """The address where everything can be done with it; coming back to `next`."""
        query = {"do": command, "next": next} if command else {"next": next}
        return f"/inbox/{self.item.case.case_id}/{self.item.assignment}?{urlencode(query)}"


def rows_of(context: WebContext, reader: Language, session: Session, items: Sequence[InboxItem]) -> list[TaskRow]:
    rules = rules_of(session.connection(), {item.rules for item in items})
    photos = report_photos(session, {item.case.case_id for item in items})
    titles = titles_of(session, [item.case for item in items])
    actions = actions_of(session, [item.case for item in items])
    return [
        _row(
            context,
            reader,
            item,
            rules[item.rules],
            photos.get(item.case.case_id),
            titles.get(item.case.case_id),
            actions.get((item.case.case_id, item.assignment)),
        )
        for item in items
    ]


def _row(
    context: WebContext,
    reader: Language,
    item: InboxItem,
    rules: Rulebook,
    photo: PhotoId | None,
    title: str | None,
    action: str | None,
) -> TaskRow:
    """A project has a title, and is answered on its own page; a structural case has one too, and actions."""
    case, now = item.case, context.now()
    service = context.city.services.get(case.service)
    neighbourhood = context.city.neighbourhoods.get(case.neighbourhood)
    likely, then = {
        AssignmentState.ASSIGNED: ("accept", "decline"),
        AssignmentState.IN_PROGRESS: (None, "resolve"),
        AssignmentState.WAITING: ("resume", None),
    }.get(item.state, (None, None))
    project = title is not None
    if project:
        likely, then = None, None
    if case.kind is Kind.STRUCTURAL:
        title = title_of(case.description)
    return TaskRow(
        item=item,
        pick=f"{case.case_id}.{item.assignment}",
        service=title or (reader.of(service.name) if service is not None else case.service),
        neighbourhood=neighbourhood.name if neighbourhood is not None else case.neighbourhood,
        beginning=beginning(action or case.description),
        action=action,
        left=_left(context, reader, item, rules, now),
        due=context.local(item.due_at),
        promised=context.local(item.resolve_by),
        planned=context.local(item.planned_for) if item.planned_for is not None else None,
        mood=_mood(item, rules, now),
        photo=photo,
        project=project,
        likely=likely,
        then=then,
    )


def beginning(text: str, longest: int = BEGINNING) -> str:
    """The text on one line, cut after a word where it is long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def _left(context: WebContext, reader: Language, item: InboxItem, rules: Rulebook, now: datetime) -> str:
    if item.state is AssignmentState.WAITING:
        return reader.say("waits_until", "work", when=reader.day(context.local(item.due_at).date()))
    term = Term.RESPOND if item.state is AssignmentState.ASSIGNED else Term.RESOLVE
    calendar = counting(rules, item.case.urgent, item.department, term)
    return in_words(reader, time_left(calendar, now, item.due_at))


def _mood(item: InboxItem, rules: Rulebook, now: datetime) -> str:
    """`soon` is when the department is reminded."""
    if item.late(now):
        return "late"
    if item.state is AssignmentState.WAITING:
        return ""
    policy = rules.urgent_policy if item.case.urgent else rules.policy
    reminded = start_of(rules.calendar(item.department), item.due_at, policy.remind_before)
    return "soon" if reminded <= now else ""
