"""Hundreds of terms end in the same second."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.events import EscalationRaised
from readmodel.schema import ESCALATIONS
from tests.readmodel.town import rows
from tests.workflows.living import Town, at_work, eventually
from workers.runners import unsandboxed

CASES = 200
RESPOND_WITHIN = timedelta(days=2)
AHEAD = timedelta(seconds=8)


@pytest.mark.slow
async def test_terms_that_end_in_the_same_second_are_each_raised_once(idle_town: Town) -> None:
    ends = datetime.now(UTC) + AHEAD
    referrals = [idle_town.take_in(at=ends - RESPOND_WITHIN) for _ in range(CASES)]
    async with at_work(idle_town.client, idle_town.activities(), unsandboxed()):
        await asyncio.gather(*(idle_town.start(referral) for referral in referrals))
        await eventually(lambda: len(rows(idle_town.database, ESCALATIONS)) >= CASES)
    for referral in referrals:
        raised = [h.at for h in referral.events if isinstance(h.event, EscalationRaised)]
        assert len(raised) == 1
        assert raised[0] >= ends
