"""The forms by which staff act on a case: which there are for whom, and what each has to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from domain.case import Assignment, Case
from domain.options import (
    Option,
    assign_targets,
    extension_after,
    furthest,
    latest_offer,
    latest_pause,
    options,
    transfer_targets,
)
from domain.projects.state import Project
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.words import (
    AssignmentId,
    CaseId,
    DepartmentId,
    EscalationId,
    NeighbourhoodId,
    PointId,
    ReactionId,
    RequestId,
)
from web.context import WebContext
from web.pages.languages import Language
from web.pages.money import money_left
from web.pages.refusals import explained
from web.signin.viewer import Viewer
from web.times import end_of_day

ORDER = (
    "advise",
    "summarise",
    "answer_point",
    "moderate",
    "accept",
    "acknowledge",
    "resume",
    "report_progress",
    "resolve",
    "pause",
    "ask_resident",
    "transfer",
    "decline",
    "review",
    "plan_action",
    "bundle",
    "unbundle",
    "assign",
    "extend",
    "offer_to_residents",
    "withdraw_offer",
    "set_urgent",
    "merge_into",
    "split",
    "commit",
    "ask_advice",
    "open_participation",
    "move_decision",
    "close",
    "inspect",
    "record_decision",
    "comment",
)
"""The commands that staff give, as their forms stand beside one another."""
OF_PROJECTS = frozenset(
    {
        "advise",
        "summarise",
        "answer_point",
        "moderate",
        "commit",
        "ask_advice",
        "open_participation",
        "move_decision",
    }
)
"""What is done on the page of a project, where all of it can be read."""
WITH_PHOTOS = frozenset({"report_progress", "resolve", "comment", "inspect"})
ON_THIS_VERSION = frozenset({"merge_into", "close"})
"""What ends a case is judged on the case as it was read."""
OF_A_PLAN = {"close": "finish", "resolve": "complete", "extend": "postpone"}
"""What no resident reads along with is said in other words."""


@dataclass(frozen=True, slots=True)
class Act:
    """One command as a form; `acting/forms.html` draws it."""

    command: str
    case_id: CaseId
    next: str
    """Where to go when it is done: an address of ours."""
    assignment: AssignmentId | None = None
    """Of `assign`: the task that is taken away."""
    escalation: EscalationId | None = None
    request: RequestId | None = None
    point: PointId | None = None
    reaction: ReactionId | None = None
    shown: bool = False
    """Of `moderate`: whether the reaction would be shown."""
    department: DepartmentId | None = None
    """Whose task it is, where it is one of several; a department knows which is its own."""
    about: str = ""
    """For whom advice is given, where it is asked of several."""
    departments: tuple[DepartmentId, ...] = ()
    """Those to choose from."""
    neighbourhoods: tuple[NeighbourhoodId, ...] = ()
    """Those to choose from."""
    points: tuple[tuple[PointId, str], ...] = ()
    """Of `commit`: what may be promised for, in words."""
    first: date | None = None
    last: date | None = None
    """The days to choose from, inclusive."""
    structural: bool = False
    """Nobody reported the case: no resident reads along."""
    place: int | None = None
    """Which action of the plan it is about, from 1 on."""
    urgent: bool = False
    """Of `set_urgent`: what the case would be."""
    version: int | None = None
    """The version of the case that it was read at, where it must be so still."""
    money: str | None = None
    """Of `offer_to_residents`: how the budget stands."""
    refused: str | None = None
    """Why the rules forbid it now, in the reader's words."""
    command_id: str = field(default_factory=lambda: str(uuid4()))
    """The same form sent twice acts once."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What was filled in before."""
    chosen: frozenset[str] = frozenset()
    """The departments that were ticked before."""
    ticked: frozenset[str] = frozenset()
    """The neighbourhoods that were ticked before."""
    listed: tuple[str, ...] = ()
    """The points that were written before."""
    mistakes: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with it, by field."""

    @property
    def key(self) -> str:
        """Unique on a page."""
        about = (self.assignment, self.escalation, self.request, self.point, self.reaction)
        return "-".join(filter(None, (self.word if self.reaction else self.command, self.case_id, *about)))

    @property
    def word(self) -> str:
        """What its texts are kept under."""
        if self.command == "assign" and self.assignment is not None:
            return "reassign"
        if self.command == "moderate":
            return "show_reaction" if self.shown else "hide_reaction"
        if self.structural and self.command in OF_A_PLAN:
            return OF_A_PLAN[self.command]
        return "calm" if self.command == "set_urgent" and not self.urgent else self.command

    @property
    def photos(self) -> bool:
        """Whether photos may come with it."""
        return self.command in WITH_PHOTOS

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def lines(self, count: int) -> tuple[str, ...]:
        """So many of the points that were written, blank where there are fewer."""
        return (*self.listed, *("",) * count)[:count]


def acts(
    context: WebContext, reader: Language, viewer: Viewer, rules: Rulebook, case: Case, next: str
) -> tuple[Act, ...]:
    """What this viewer may do with the case, in the order of `ORDER`, and what the rules forbid now and why."""
    now = context.now()
    found = [
        _act(context, reader, viewer, rules, case, option, next, now)
        for option in options(rules, case, viewer.actor, now)
        if option.command in ORDER and _sensible(context, case, option)
    ]
    return tuple(sorted(found, key=lambda act: ORDER.index(act.command)))


def act(
    context: WebContext,
    reader: Language,
    viewer: Viewer,
    rules: Rulebook,
    case: Case,
    command: str,
    next: str,
    assignment: AssignmentId | None = None,
    escalation: EscalationId | None = None,
    request: RequestId | None = None,
    point: PointId | None = None,
) -> Act:
    """One of them, whether the rules allow it or not."""
    option = Option(command, assignment, escalation, request, point)
    return _act(context, reader, viewer, rules, case, option, next, context.now())


def _act(
    context: WebContext,
    reader: Language,
    viewer: Viewer,
    rules: Rulebook,
    case: Case,
    option: Option,
    next: str,
    now: datetime,
) -> Act:
    task = case.assignment(option.assignment) if option.assignment is not None else None
    own = viewer.actor.department is not None
    bare = Act(
        command=option.command,
        case_id=case.case_id,
        next=next,
        assignment=option.assignment,
        escalation=option.escalation,
        request=option.request,
        point=option.point,
        department=task.department if task is not None and len(case.live) > 1 and not own else None,
        structural=case.structure is not None,
        place=_place(case, task) if task is not None and len(case.live) > 1 else None,
        urgent=option.command == "set_urgent" and not case.urgent,
        version=case.version if option.command in ON_THIS_VERSION else None,
        refused=explained(context, reader, option.refusal) if option.refusal is not None else option.refused,
    )
    try:
        return _furnished(context, reader, viewer, rules, case, bare, now) if bare.refused is None else bare
    except Refused:
        return bare


def _place(case: Case, task: Assignment) -> int | None:
    """The place of an action in the plan; tasks that took it over have places of their own."""
    planned = [a.id for a in case.assignments]
    return planned.index(task.id) + 1 if case.structure is not None else None


def _sensible(context: WebContext, case: Case, option: Option) -> bool:
    """What is about people is not offered to residents, and what is not offered is not taken back."""
    if option.command == "withdraw_offer":
        return option.allowed
    service = context.city.services.get(case.service)
    return option.command != "offer_to_residents" or service is None or not service.private


def _furnished(
    context: WebContext, reader: Language, viewer: Viewer, rules: Rulebook, case: Case, bare: Act, now: datetime
) -> Act:
    today, last = context.local(now).date(), _last_day(context, furthest(now))
    task = bare.assignment
    if bare.command in ("accept", "report_progress"):
        return replace(bare, first=today, last=last)
    if bare.command == "pause" and task is not None:
        longest = _last_day(context, latest_pause(rules, case, task, now))
        return replace(bare, first=today, last=max(today, longest))
    if bare.command == "extend" and task is not None:
        after = extension_after(case, task, now)
        return replace(bare, first=context.local(after).date() if after is not None else today, last=last)
    if bare.command == "transfer" and task is not None:
        return replace(bare, departments=transfer_targets(rules, case, viewer.actor, task, now))
    if bare.command == "offer_to_residents":
        longest = _last_day(context, latest_offer(rules, case, now))
        return replace(
            bare, first=today, last=max(today, longest), money=money_left(context, reader, case.neighbourhood)
        )
    if bare.command == "plan_action":
        return replace(bare, departments=tuple(rules.hours), first=today, last=last)
    if bare.command == "review":
        return replace(bare, first=today + timedelta(days=1), last=last)
    if bare.command == "assign":
        return replace(bare, departments=assign_targets(rules, case, viewer.actor, now, task))
    if case.project is not None:
        return _of_project(context, reader, rules, case.project, bare, today, last)
    return bare


def _of_project(
    context: WebContext, reader: Language, rules: Rulebook, project: Project, bare: Act, today: date, last: date
) -> Act:
    decided = context.local(project.decided_at).date()
    match bare.command:
        case "ask_advice":
            asked = {project.referred_by, *(r.department for r in project.requests)}
            there = {r.neighbourhood for r in project.requests}
            return replace(
                bare,
                departments=tuple(d for d in rules.hours if d not in asked),
                neighbourhoods=tuple(n for n in _by_name(context) if n not in there),
            )
        case "open_participation":
            return replace(bare, first=today, last=max(today, decided))
        case "move_decision":
            return replace(bare, first=today, last=last)
        case "commit":
            named = ((p.id, reader.say("point", "project", number=n)) for n, p in enumerate(project.points, 1))
            return replace(bare, neighbourhoods=project.neighbourhoods, points=tuple(named))
        case _:
            return bare


def _by_name(context: WebContext) -> list[NeighbourhoodId]:
    return [n.id for n in sorted(context.city.neighbourhoods.values(), key=lambda n: n.name.casefold())]


def _last_day(context: WebContext, latest: datetime) -> date:
    """The last day that ends by then: a day is meant until its last second."""
    day = context.local(latest).date()
    return day if end_of_day(day, context.zone) <= latest else day - timedelta(days=1)
