"""The durable life of one case: something happens, or a term ends; the rules decide; it is recorded."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, TypedSearchAttributes
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from domain.actor import RESIDENT
    from domain.commands import Submitted
    from domain.decide import decide, pass_time
    from domain.events import Happened
    from domain.evolve import evolve
    from domain.initiatives.commands import Adopt
    from domain.initiatives.events import MovesMoney
    from domain.joining.commands import Uncross
    from domain.joining.events import CaseSplit
    from domain.refusal import Refused
    from domain.time_rules import next_due
    from domain.words import CaseId
    from workflows.ports import (
        COMMAND,
        JOIN,
        PART,
        RECORD,
        RELEASE,
        RESERVE,
        Answer,
        Joining,
        Parting,
        Recording,
        Reserving,
        Running,
        crossing,
    )
    from workflows.visibility import attributes, details

ANSWERS_KEPT = 200
"""How many command ids a case remembers; Temporal itself remembers those of the current run."""
SETTLING = timedelta(seconds=5)
"""A case's first seconds change its search attributes with the next step after them, not with each."""


@workflow.defn(name="Case")
class CaseWorkflow:
    """One case, from its opening to its end."""

    @workflow.init
    def __init__(self, running: Running) -> None:
        self._case = running.case
        self._rules = running.rules
        self._outbox: list[Happened] = list(running.outbox)
        self._answers = dict(running.answers)
        self._recorded = self._outbox[0].seq - 1 if self._outbox else self._case.version
        self._latest = max([running.latest or self._case.opened_at, *(h.at for h in self._outbox)])
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        self._rang = False
        self._adopting = asyncio.Lock()
        self._shown = attributes(self._case)
        self._lingers = False
        """It joined another case, and may be split from it."""
        self._joined: int | None = None
        """The merge of which its followers know."""
        self._split: Happened | None = None
        """The other case does not know of it yet."""
        self._parting: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, running: Running) -> None:
        """Goes on until the case is closed for good and everything about it is recorded."""
        workflow.set_current_details(details(self._case))
        while True:
            self._happen(pass_time(self._rules, self._case, self._now()))
            if self._outbox:
                await self._record()
                self._part()
            elif self._case.closed:
                if await self._ends():
                    return
            elif self._history_is_long():
                workflow.continue_as_new(
                    self._running(), search_attributes=TypedSearchAttributes(list(attributes(self._case)))
                )
            else:
                await self._something_happens()

    @workflow.update(name=COMMAND)
    async def command(self, submitted: Submitted) -> Answer:
        """Follows a command, and answers once what it led to can be read back."""
        if isinstance(submitted.command, Adopt):
            async with self._adopting:
                answer = await self._adopt(submitted)
        else:
            answer = self._follow(submitted)
        version = answer.version
        await workflow.wait_condition(lambda: self._recorded >= version)
        return answer

    @command.validator
    def _judge(self, submitted: Submitted) -> None:
        """What the rules refuse never enters history."""
        if submitted.command_id not in self._answers:
            self._decide(submitted)

    def _follow(self, submitted: Submitted) -> Answer:
        """Decides and follows without a pause between them; what was followed before is answered as it was then."""
        answer = self._answers.get(submitted.command_id)
        if answer is None:
            self._happen(self._decide(submitted))
            answer = Answer(self._case.case_id, self._case.version, self._case.stage)
            self._remember(submitted.command_id, answer)
        return answer

    def _decide(self, submitted: Submitted) -> tuple[Happened, ...]:
        try:
            return decide(self._rules, self._case, submitted, self._now())
        except Refused as refused:
            raise _refusal(refused) from refused

    async def _adopt(self, submitted: Submitted) -> Answer:
        """The money is set aside first, and released again where the rules refuse after all; one adoption at a time."""
        if submitted.command_id in self._answers:
            return self._follow(submitted)
        self._decide(submitted)
        offer = self._case.offer
        assert offer is not None
        reserving = Reserving(
            self._case.case_id,
            offer.id,
            self._case.neighbourhood,
            offer.amount,
            submitted.command_id,
            self._now(),
        )
        if not await self._until_done(RESERVE, reserving, bool):
            raise _refusal(Refused("The neighbourhood's budget has not enough left for this.", rule="budget"))
        try:
            return self._follow(submitted)
        except ApplicationError:
            await self._until_done(RELEASE, reserving)
            raise

    def _now(self) -> datetime:
        """The time of this step; never before what happened last, whatever the machines' clocks say."""
        return max(workflow.now(), self._latest)

    def _happen(self, events: tuple[Happened, ...]) -> None:
        for happened in events:
            self._case = evolve(self._case, happened)
            self._outbox.append(happened)
            self._latest = happened.at
            if isinstance(happened.event, CaseSplit):
                self._split = happened

    def _remember(self, command_id: str, answer: Answer) -> None:
        self._answers[command_id] = answer
        while len(self._answers) > ANSWERS_KEPT:
            del self._answers[next(iter(self._answers))]

    async def _record(self) -> None:
        batch = tuple(self._outbox)
        recording = Recording(self._case.case_id, batch)
        if any(isinstance(happened.event, MovesMoney) for happened in batch) or not await self._recorded_at_once(
            recording
        ):
            await self._until_done(RECORD, recording, summary=f"record up to event {batch[-1].seq}")
        del self._outbox[: len(batch)]
        self._recorded = batch[-1].seq
        self._show()

    async def _recorded_at_once(self, recording: Recording) -> bool:
        """Tries the quick way, before the step is in history: what moves money must wait until it is certain."""
        try:
            await workflow.execute_local_activity(
                RECORD,
                recording,
                start_to_close_timeout=timedelta(seconds=3),
                retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2),
            )
        except FailureError:  # a local activity's own failure comes without an ActivityError around it
            return False
        return True

    async def _until_done(
        self, activity: str, argument: object, result: type | None = None, summary: str | None = None
    ) -> Any:
        """However long the database is away; what an activity is asked twice, it does once."""
        return await workflow.execute_activity(
            activity,
            argument,
            result_type=result,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
            ),
            summary=summary,
        )

    def _show(self) -> None:
        """Temporal's own pages follow the case."""
        workflow.set_current_details(details(self._case))
        shown = attributes(self._case)
        settled = workflow.now() - self._case.opened_at >= SETTLING
        if shown != self._shown and settled and (self._lingers or not self._case.closed):
            changed = [pair.key.value_set(pair.value) for pair in shown if pair not in self._shown]
            workflow.upsert_search_attributes(changed)
            self._shown = shown

    async def _something_happens(self) -> None:
        """Waits for a command or for the next due time, with one timer that only ever moves forward in haste."""
        due = self._next_due()
        if due is not None and (self._alarm_at is None or due < self._alarm_at):
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm_at = due
            self._alarm = asyncio.create_task(self._ring(due))
        await workflow.wait_condition(lambda: bool(self._outbox) or self._rang or self._history_is_long())
        self._rang = False

    def _history_is_long(self) -> bool:
        """Whether a new run should take over, and nobody waits for an answer of this one."""
        suggested = workflow.info().is_continue_as_new_suggested()
        return suggested and self._parting is None and workflow.all_handlers_finished()

    def _next_due(self) -> datetime | None:
        return next_due(self._rules, self._case, self._now())

    async def _ring(self, due: datetime) -> None:
        await workflow.sleep(max(due - workflow.now(), timedelta(0)), summary="next due time")
        self._alarm = self._alarm_at = None
        self._rang = True

    async def _ends(self) -> bool:
        """Whether nothing can happen any more; what joined another case waits until it cannot be split from it."""
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() and self._parting is None)
        if self._case.merged_into is not None:
            await self._join(self._case.merged_into)
        merge = self._case.merge
        if merge is not None and not self._outbox and workflow.patched("split"):
            self._lingers = True
            self._show()
            with contextlib.suppress(TimeoutError):
                left = max(merge.until - workflow.now(), timedelta(0))
                await workflow.wait_condition(lambda: bool(self._outbox), timeout=left, timeout_summary="may be split")
        return not self._outbox and self._case.closed and workflow.all_handlers_finished()

    async def _join(self, into: CaseId) -> None:
        """Once for each time that it joins; of reports that joined each other at the same instant, one goes on."""
        merge = self._case.merge.seq if self._case.merge is not None else 0
        if self._joined == merge:
            return
        crossed: bool | None = await workflow.execute_activity(
            JOIN, Joining(self._case.case_id, into, merge), start_to_close_timeout=timedelta(seconds=30)
        )
        self._joined = merge
        if crossed and self._case.merge is not None and self._case.merge.seq == merge:
            uncross = Submitted(crossing(self._case.case_id, merge), RESIDENT, Uncross())
            self._happen(decide(self._rules, self._case, uncross, self._now()))

    def _part(self) -> None:
        """Once it is recorded that this case goes on, those who came along leave the other; nothing waits for that."""
        split = self._split
        if split is not None and split.seq <= self._recorded and self._parting is None:
            self._split = None
            self._parting = asyncio.create_task(self._leave(split))

    async def _leave(self, split: Happened) -> None:
        assert isinstance(split.event, CaseSplit)
        parting = Parting(self._case.case_id, split.event.apart_from, split.event.merge)
        await workflow.execute_activity(PART, parting, start_to_close_timeout=timedelta(minutes=2))
        self._parting = None
        self._part()

    def _running(self) -> Running:
        return Running(self._case, self._rules, tuple(self._outbox), tuple(self._answers.items()), self._latest)


def _refusal(refused: Refused) -> ApplicationError:
    details = refused.code, refused.field, refused.rule, dict(refused.values)
    return ApplicationError(refused.reason, *details, type="Refused", non_retryable=True)
