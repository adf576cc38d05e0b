"""What referring a project now would mean: by when each who is asked must advise. Nothing is kept of it."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.actor import Actor
from domain.clocks import time_left
from domain.opening import Opening, open_case
from domain.projects.events import AdviceAsked
from domain.projects.state import AdviceRequest
from domain.refusal import Refused
from domain.words import CaseId
from readmodel.new_projects import referral
from web.context import WebContext
from web.new_case import NewCase, report_of
from web.new_project import within_project
from web.pages.languages import Language
from web.pages.projects.shown import adviser_named
from web.pages.spans import in_words

_NOWHERE = CaseId("ahead")


@dataclass(frozen=True, slots=True)
class Due:
    """Who is asked, and by when; the time is local."""

    who: str
    when: datetime
    left: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """The terms of a project that is referred now."""

    asked: tuple[Due, ...]
    decided: date


def looked_ahead(context: WebContext, reader: Language, actor: Actor, sent: NewCase) -> Ahead:
    """Raises Problem or Refused, as referring it would."""
    report = report_of(context, sent, actor, None)
    assert report.project is not None
    now, rules = context.now(), context.rules_for(report.service, report.neighbourhood)
    opening = Opening(
        case_id=_NOWHERE,
        number="",
        kind=report.kind,
        service=report.service,
        neighbourhood=report.neighbourhood,
        urgent=False,
        departments=(),
        by=actor,
        project=referral(_NOWHERE, report.project),
    )
    try:
        events = [happened.event for happened in open_case(rules, opening, now)]
    except Refused as refused:
        raise within_project(refused) from None

    def due(event: AdviceAsked) -> Due:
        request = AdviceRequest(event.request, event.department, event.neighbourhood, now, event.advise_by)
        left = time_left(rules.calendar(event.department), now, event.advise_by)
        return Due(adviser_named(context, reader, request), context.local(event.advise_by), in_words(reader, left))

    return Ahead(tuple(due(event) for event in events if isinstance(event, AdviceAsked)), report.project.decided_on)
