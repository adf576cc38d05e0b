"""Rows gathered from what happened to one case or many, and written together, table by table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.case import Case
from domain.city import City
from domain.events import (
    AssignmentAccepted,
    AssignmentResolved,
    CaseOpened,
    FeedbackGiven,
    ProgressReported,
)
from domain.projects.events import CommitmentMade
from readmodel import figures
from readmodel.action_links import insert_links, link_row
from readmodel.counters import EVENTS, advance
from readmodel.ledger import Movements
from readmodel.letters import Follower, LetterKind, letters_for
from readmodel.limits import Changes
from readmodel.offers import offer_rows
from readmodel.origin import Origin
from readmodel.parties import party_rows
from readmodel.project_letters import letters_of_project
from readmodel.rows import (
    Row,
    assignment_rows,
    case_row,
    commitment_row,
    escalation_rows,
    event_row,
    feedback_row,
    follower_row,
    letter_row,
    opening_row,
    report_row,
)
from readmodel.schema import (
    ASSIGNMENTS,
    CASE_PARTIES,
    CASES,
    COMMITMENTS,
    ESCALATIONS,
    EVENT_LOG,
    FEEDBACK,
    FOLLOWERS,
    LETTERS,
    OFFERS,
    REPORTS,
)
from readmodel.steps import Step
from readmodel.structural.bundles import keep_bundles
from readmodel.words import CASE_WORDS, words_row

_CHANGE_CASE = update(CASES).where(CASES.c.case_id == bindparam("id"))
_CHANGE_ASSIGNMENT = update(ASSIGNMENTS).where(
    ASSIGNMENTS.c.case_id == bindparam("id"), ASSIGNMENTS.c.assignment == bindparam("part")
)
_CHANGE_ESCALATION = update(ESCALATIONS).where(
    ESCALATIONS.c.case_id == bindparam("id"), ESCALATIONS.c.escalation == bindparam("part")
)
_CHANGE_OFFER = update(OFFERS).where(OFFERS.c.case_id == bindparam("id"), OFFERS.c.offer == bindparam("part"))
_INSERT = {
    table: insert(table)
    for table in (
        CASES, REPORTS, CASE_WORDS, FOLLOWERS, ASSIGNMENTS, ESCALATIONS, FEEDBACK, OFFERS, CASE_PARTIES, COMMITMENTS,
        EVENT_LOG,
    )
}  # fmt: skip
_INSERT_LETTERS = {
    "sqlite": sqlite.insert(LETTERS).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(LETTERS).on_conflict_do_nothing(),
}
"""Of one cause there is one letter, even where what left for it was followed by another story."""


@dataclass(slots=True)
class Batch:
    """The rows to be written, by table."""

    cases: list[Row] = field(default_factory=list)
    changed_cases: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    words: list[Row] = field(default_factory=list)
    followers: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    changed_assignments: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    changed_escalations: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    commitments: list[Row] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    changed_offers: list[Row] = field(default_factory=list)
    money: Movements = field(default_factory=Movements)
    letters: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    limits: Changes = field(default_factory=Changes)
    events: list[Row] = field(default_factory=list)
    bundling: list[Case] = field(default_factory=list)
    """The structural cases whose issues are others than before."""

    def begin(self, case: Case, origin: Origin, opening: CaseOpened, theme: str, escalates_at: datetime | None) -> None:
        """A case that is new, as its story has left it."""
        self.cases.append({**opening_row(case, opening, origin, theme), "escalates_at": escalates_at})
        self.reports.append(report_row(case.case_id, origin))
        self.words.append(words_row(case.case_id, case.opened_at, origin.description, origin.address))
        self.followers += (follower_row(case.case_id, f, origin.accepted_at) for f in origin.followers)
        self.assignments += assignment_rows(case, escalates_at).values()
        self.escalations += escalation_rows(case).values()
        self.parties += party_rows(case).values()
        self.offers += offer_rows(case).values()
        self._bundle(None, case)

    def go_on(self, before: tuple[Case, datetime | None] | None, after: Case, escalates_at: datetime | None) -> None:
        """A case that is known, and when it would have escalated next; None where all its tasks were removed."""
        self.changed_cases.append({"id": after.case_id, **case_row(after), "escalates_at": escalates_at})
        old = assignment_rows(*before) if before is not None else {}
        _renew(old, assignment_rows(after, escalates_at), self.assignments, self.changed_assignments)
        old = escalation_rows(before[0]) if before is not None else {}
        _renew(old, escalation_rows(after), self.escalations, self.changed_escalations)
        known = party_rows(before[0]) if before is not None else {}
        self.parties += (row for key, row in party_rows(after).items() if key not in known)
        old = offer_rows(before[0]) if before is not None else {}
        _renew(old, offer_rows(after), self.offers, self.changed_offers)
        self._bundle(before[0] if before is not None else None, after)

    def _bundle(self, before: Case | None, after: Case) -> None:
        known = before.structure.issues if before is not None and before.structure is not None else None
        if after.structure is not None and after.structure.issues != known:
            self.bundling.append(after)

    def happen(self, steps: Sequence[Step], city: City, theme: str) -> None:
        """The events, and what counts of them."""
        self.limits.follow(steps, theme)
        for step in steps:
            self.figures += figures.rows(city, theme, step.before, step.happened, step.after)
            self.events.append(event_row(step.after, step.happened))
            self.money.add(step.after, step.happened, city.timezone)
            if isinstance(step.happened.event, FeedbackGiven):
                self.feedback.append(feedback_row(step.after, step.happened, step.happened.event))
            if isinstance(step.happened.event, CommitmentMade):
                self.commitments.append(commitment_row(step.after, step.happened, step.happened.event))

    def tell(
        self, steps: Sequence[Step], city: City, followers: Sequence[Follower], last_resolution: str | None
    ) -> None:
        """The letters that the events cause; `last_resolution` is the note of the one before them."""
        for step in steps:
            if isinstance(step.happened.event, AssignmentResolved):
                last_resolution = step.happened.event.note
            causes = letters_for(step.before, step.happened, step.after, followers, last_resolution)
            for letter in (*causes, *letters_of_project(step.happened, step.after, followers)):
                if letter.kind is LetterKind.CONTINUED and _reports_as_well(step, steps):
                    continue
                language = letter.language if letter.language in city.languages else city.languages[0]
                self.letters.append(letter_row(step.after, step.happened, letter, language))
                if (link := link_row(city, step.after, step.happened, letter)) is not None:
                    self.links.append(link)

    def write(self, connection: Connection) -> None:
        """Events come last: whoever holds their counter commits before the next one, so positions appear in order."""
        for statement, rows in (
            (_INSERT[CASES], self.cases),
            (_CHANGE_CASE, self.changed_cases),
            (_INSERT[REPORTS], self.reports),
            (_INSERT[CASE_WORDS], self.words),
            (_INSERT[FOLLOWERS], self.followers),
            (_CHANGE_ASSIGNMENT, self.changed_assignments),
            (_INSERT[ASSIGNMENTS], self.assignments),
            (_CHANGE_ESCALATION, self.changed_escalations),
            (_INSERT[ESCALATIONS], self.escalations),
            (_INSERT[FEEDBACK], self.feedback),
            (_INSERT[CASE_PARTIES], self.parties),
            (_INSERT[COMMITMENTS], self.commitments),
            (_CHANGE_OFFER, self.changed_offers),
            (_INSERT[OFFERS], self.offers),
            (_INSERT_LETTERS[connection.dialect.name], self.letters),
        ):
            if rows:
                connection.execute(statement, rows)
        self.money.write(connection)
        insert_links(connection, self.links)
        keep_bundles(connection, self.bundling)
        figures.insert_rows(connection, self.figures)
        self.limits.write(connection)
        first = advance(connection, EVENTS, len(self.events)) - len(self.events) + 1
        for position, row in enumerate(self.events, first):
            row["position"] = position
        connection.execute(_INSERT[EVENT_LOG], self.events)


def _reports_as_well(step: Step, steps: Sequence[Step]) -> bool:
    """A first report of progress accepts the task, too: one letter tells of both."""
    accepted = step.happened
    next_one = next((s.happened for s in steps if s.happened.seq == accepted.seq + 1), None)
    return (
        isinstance(accepted.event, AssignmentAccepted)
        and next_one is not None
        and next_one.command_id == accepted.command_id
        and isinstance(next_one.event, ProgressReported)
    )


def _renew(before: dict[str, Row], after: dict[str, Row], fresh: list[Row], changed: list[Row]) -> None:
    for key, row in after.items():
        if key not in before:
            fresh.append(row)
        elif before[key] != row:
            changed.append({"id": row["case_id"], "part": key, **row})
