"""What is kept and never happened: steps that were recorded, and that the case's workflow has no memory of.

A worker records a step before Temporal hears of it. Where the worker is lost in between, the workflow decides anew, and
that is what happened: other events take the places of those that are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, delete, select

from domain.case import Case
from domain.city import City
from domain.events import Happened
from domain.words import CaseId
from readmodel import figures, limits
from readmodel.action_links import remove_links
from readmodel.eventlog import happened_in
from readmodel.letters import LetterStatus
from readmodel.schema import ASSIGNMENTS, CASE_PARTIES, COMMITMENTS, ESCALATIONS, EVENT_LOG, FEEDBACK, LETTERS, OFFERS
from readmodel.steps import Gap, Step, fold

log = structlog.get_logger(__name__)

_NOT_SENT = tuple(
    s.value for s in (LetterStatus.WAITING, LetterStatus.KEPT, LetterStatus.FAILED, LetterStatus.UNWANTED)
)


class Outdated(Exception):
    """What was brought was decided before what is kept, and Temporal may never have heard of it."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The kept story of a case as far as it holds, and what of it never happened."""

    kept: tuple[Step, ...]
    gone: tuple[Step, ...]

    @property
    def case(self) -> Case:
        return self.kept[-1].after


def rewriting(connection: Connection, case_id: CaseId, events: Sequence[Happened], certain: bool) -> Rewriting | None:
    """What the events show never to have happened; None where they agree with what is kept.

    Where they are not `certain` to be in the workflow's history, what was decided last stands: raises Outdated. Raises
    Gap where not even the opening is the same.
    """
    of_case = select(EVENT_LOG).where(EVENT_LOG.c.case_id == case_id).order_by(EVENT_LOG.c.seq)
    brought = {happened.seq: happened for happened in events}
    for row in connection.execute(of_case.where(EVENT_LOG.c.seq.between(min(brought), max(brought)))):
        kept = happened_in(row)
        if kept.seq in brought and not _same(kept, brought[kept.seq]):
            break
    else:
        return None
    if kept.seq == 1:
        raise Gap(f"case {case_id} was opened by another event")
    if not certain and brought[kept.seq].at < kept.at:
        raise Outdated(f"event {kept.seq} was decided anew after this")
    steps = fold(None, [happened_in(row) for row in connection.execute(of_case)])
    return Rewriting(tuple(steps[: kept.seq - 1]), tuple(steps[kept.seq - 1 :]))


def take_back(connection: Connection, city: City, theme: str, wrong: Rewriting) -> None:
    """Removes the events that never happened and all that followed from them, but not the letters that left.

    The caller writes the case's row, and all its assignments, escalations, offers and parties, anew. A commitment that
    became a case leads to the same case when it is made again. Money is not taken back: it moves only on what is in the
    workflow's history.
    """
    case_id, kept = wrong.case.case_id, wrong.case.version
    counted = [row for s in wrong.gone for row in figures.rows(city, theme, s.before, s.happened, s.after)]
    figures.remove_rows(connection, counted)
    limits.tell_anew(connection, case_id, theme, wrong.kept)
    for table in (EVENT_LOG, FEEDBACK, COMMITMENTS):
        connection.execute(delete(table).where(table.c.case_id == case_id, table.c.seq > kept))
    letters = (LETTERS.c.case_id == case_id, LETTERS.c.seq > kept, LETTERS.c.status.in_(_NOT_SENT))
    connection.execute(delete(LETTERS).where(*letters))
    remove_links(connection, case_id, kept)
    for table in (ASSIGNMENTS, ESCALATIONS, OFFERS, CASE_PARTIES):
        connection.execute(delete(table).where(table.c.case_id == case_id))
    log.warning("rewritten", case=case_id, first=kept + 1, last=kept + len(wrong.gone))


def _same(kept: Happened, brought: Happened) -> bool:
    """Whether both tell the same; of who did it only what is kept counts."""
    return _told(kept) == _told(brought)


def _told(happened: Happened) -> tuple[object, ...]:
    by = happened.by
    who = (by.role, by.id, by.department) if by is not None else None
    return happened.at, happened.event, who, happened.rule, happened.command_id
