"""What was promised about a project becomes cases at once; the intake round sees to those that could not."""

import logging

from fastapi.concurrency import run_in_threadpool

from domain.words import CaseId
from readmodel.commitments import open_commitment, to_open
from readmodel.database import reading, writing
from readmodel.intake import Accepted
from web.context import WebContext
from web.engine import EngineUnavailable
from web.handing_over import hand_over

log = logging.getLogger("aanjager.web")

AT_ONCE = 20


async def open_promised(context: WebContext, project: CaseId) -> None:
    """Every commitment of the project is a case when this returns; whether the engine is there or not."""
    for accepted in await run_in_threadpool(_opened, context, project):
        try:
            await hand_over(context, accepted.case, accepted.rules)
        except EngineUnavailable as error:
            log.warning("case %s waits for the intake round: %s", accepted.number, error)


def _opened(context: WebContext, project: CaseId) -> list[Accepted]:
    with reading(context.database) as session:
        waiting = to_open(session, AT_ONCE, project)
    found = []
    for case_id, commitment in waiting:
        with writing(context.database) as session:
            now = context.now()
            accepted = open_commitment(session, context.city, context.rules_for, case_id, commitment, now)
        if accepted is not None:
            found.append(accepted)
    return found
