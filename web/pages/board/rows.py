"""The rows of the board in the reader's words: what is stuck with its ladder, what will be, what waits to be placed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.case import Case
from domain.clocks import time_left
from domain.durations import Elapsed
from domain.escalation import WITHOUT_DEPARTMENT
from domain.opening_hours import Calendar, always
from domain.rulebook import Rulebook
from domain.words import CaseId, Cause, DepartmentId, EscalationId, Kind, NeighbourhoodId, Rung, Tier
from readmodel.board import ComingItem, PlaceItem, StuckItem
from readmodel.cases import CaseItem
from web.context import WebContext
from web.pages.board.ladders import Step, steps
from web.pages.cases.recipients import recipient
from web.pages.languages import Language
from web.pages.projects.shown import adviser_named
from web.pages.spans import time_in_words


@dataclass(frozen=True, slots=True)
class Subject:
    """The case that a row is about; times are local."""

    case_id: CaseId
    number: str
    service: str
    """A project is called by its title."""
    project: bool
    neighbourhood: str
    attention: bool
    urgent: bool
    departments: str
    description: str | None
    """None where it is not this reader's to see."""
    promised_by: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the board."""

    key: str
    """By which it is opened, also once it climbed on; begins with the number of its case."""
    subject: Subject
    why: str
    limit: str
    """The cause behind it, or that it is not named yet."""
    since: datetime
    span: str
    """How long that is, in the time that counts for it."""
    steps: tuple[Step, ...]
    held: bool
    escalations: frozenset[EscalationId]
    pick: str | None
    """By which it is ticked to be taken up; None where that is not the reader's to do."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What escalates if nobody acts."""

    key: str
    subject: Subject
    at: datetime
    why: str
    level: int
    to: str
    prevent: str

    @property
    def day(self) -> date:
        """Under which it is listed."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class ToPlace:
    """What a manager has to place, and why."""

    key: str
    subject: Subject
    since: datetime
    why: tuple[str, ...]
    place_by: datetime | None
    decides: str


RowOf = Row | Coming | ToPlace


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the rows for one reader at one moment."""

    context: WebContext
    reader: Language
    with_texts: bool
    now: datetime
    rung: Rung | None = None
    """On which the reader stands."""
    titles: Mapping[CaseId, str] = field(default_factory=dict)
    """Of the cases that are projects."""

    def stuck(
        self,
        items: Sequence[StuckItem],
        states: Mapping[CaseId, tuple[Case, Rulebook]],
        names: Mapping[str, str],
    ) -> list[Row]:
        return [self._stuck(item, *states[item.case.case_id], names) for item in items]

    def coming(self, items: Sequence[ComingItem]) -> list[Coming]:
        return [self._coming(item) for item in items]

    def to_place(self, items: Sequence[PlaceItem]) -> list[ToPlace]:
        return [
            ToPlace(
                key=item.case.number,
                subject=self._subject(item.case),
                since=self.context.local(item.since),
                why=tuple(dict.fromkeys(self.reader.say(p.reason, "reasons") for p in item.placements)),
                place_by=min((self.context.local(p.place_by) for p in item.placements if p.place_by), default=None),
                decides=self.told(Rung.NEIGHBOURHOOD_MANAGER, None, item.case.neighbourhood),
            )
            for item in items
        ]

    def told(self, rung: Rung, department: DepartmentId | None, neighbourhood: NeighbourhoodId) -> str:
        """Whom the rung reaches, as a letter to them would say."""
        match rung:
            case Rung.DEPARTMENT_HEAD if department is not None:
                return recipient(self.context, self.reader, f"head:{department}")
            case Rung.CITY_LEADERSHIP:
                return recipient(self.context, self.reader, "leadership")
            case _:
                return recipient(self.context, self.reader, f"manager:{neighbourhood}")

    def _stuck(self, item: StuckItem, case: Case, rules: Rulebook, names: Mapping[str, str]) -> Row:
        span = time_left(_hours(rules, case, item), self.now, item.since)
        return Row(
            key=f"{item.case.number}.{item.rungs[0].escalation}",
            subject=self._late(item, case),
            why=self.reader.say(item.reason, "reasons"),
            limit=self._limit(item.rungs[-1].cause),
            since=self.context.local(item.since),
            span=time_in_words(self.reader, span),
            steps=tuple(steps(self, item, case, rules, names)),
            held=item.held_until(self.now) is not None,
            escalations=frozenset(rung.escalation for rung in item.rungs),
            pick=next((f"{case.case_id}.{r.escalation}" for r in reversed(item.rungs) if r.to is self.rung), None),
        )

    def _late(self, item: StuckItem, case: Case) -> Subject:
        """Of a project that waits for a manager's advice, it says whose."""
        subject, project = self._subject(item.case, item.department), case.project
        request = project.request(item.assignment) if project is not None and item.assignment is not None else None
        if request is None:
            return subject
        return replace(subject, departments=adviser_named(self.context, self.reader, request))

    def _coming(self, item: ComingItem) -> Coming:
        reason, to = item.due.reason, item.due.to
        assert reason is not None and to is not None, "only escalations are looked ahead to"
        department = None if reason in WITHOUT_DEPARTMENT else item.department
        prevent = self.reader.say(reason, "board_prevents", department=self._department(department))
        if item.due.level > 1:
            prevent = f"{prevent} {self.reader.say('take_up', 'board_prevents')}"
        return Coming(
            key=item.case.number,
            subject=self._subject(item.case, department),
            at=self.context.local(max(item.at, self.now)),
            why=self.reader.say(reason, "reasons"),
            level=item.due.level,
            to=self.told(to, department, item.case.neighbourhood),
            prevent=prevent,
        )

    def _subject(self, item: CaseItem, department: DepartmentId | None = None) -> Subject:
        city = self.context.city
        service = city.services.get(item.service)
        neighbourhood = city.neighbourhoods.get(item.neighbourhood)
        return Subject(
            case_id=item.case_id,
            number=item.number,
            service=self.titles.get(item.case_id)
            or (self.reader.of(service.name) if service is not None else item.service),
            project=item.kind is Kind.PROJECT,
            neighbourhood=neighbourhood.name if neighbourhood is not None else item.neighbourhood,
            attention=neighbourhood is not None and neighbourhood.tier is Tier.ATTENTION,
            urgent=item.urgent,
            departments=", ".join(self._names([department] if department is not None else item.departments)),
            description=item.description if self.with_texts else None,
            promised_by=self.context.local(item.promised_by) if item.promised_by is not None else None,
            overdue=item.overdue(self.now),
        )

    def _limit(self, cause: Cause | None) -> str:
        if cause is None:
            return self.reader.say("limit_unnamed", "case")
        return self.reader.say("limit", "case", cause=self.reader.say(cause, "causes"))

    def _names(self, departments: Sequence[DepartmentId]) -> Iterator[str]:
        return (self._department(id) for id in departments)

    def _department(self, id: DepartmentId | None) -> str:
        found = self.context.city.departments.get(id) if id is not None else None
        return self.reader.of(found.name) if found is not None else str(id or "")


def opened(rows: Sequence[RowOf], key: str | None) -> RowOf | None:
    """The row with this key, or the first one of the case with this number or id."""
    return next((row for row in rows if key in (row.key, row.subject.number, row.subject.case_id)), None)


def _hours(rules: Rulebook, case: Case, item: StuckItem) -> Calendar:
    """Those in which the ladder climbs: the department's, or the city's; day and night where it climbs at night."""
    policy = rules.urgent_policy if case.urgent else rules.policy
    calendar = rules.calendar(None if item.reason in WITHOUT_DEPARTMENT else item.department)
    return always(calendar.timezone) if isinstance(policy.escalate_every, Elapsed) else calendar
