"""Handing a case to the engine, and noting that it has it."""

from fastapi.concurrency import run_in_threadpool

from domain.case import Case
from domain.rulebook import Rulebook
from domain.words import CaseId
from readmodel.database import writing
from readmodel.intake import mark_started
from web.context import WebContext


async def hand_over(context: WebContext, case: Case, rules: Rulebook) -> None:
    """The case's workflow runs when this returns; the intake round need not start it. Raises EngineUnavailable."""
    await context.engine.start(case, rules)
    await run_in_threadpool(_mark_started, context, case.case_id)


def _mark_started(context: WebContext, case_id: CaseId) -> None:
    with writing(context.database) as session:
        mark_started(session, [case_id], context.now())
