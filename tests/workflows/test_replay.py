"""What earlier versions lived is replayed by this one: a case that is open today goes on after an upgrade."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory

from tests.readmodel.town import a_report
from tests.workflows.lives import FORGETFUL_LIVES, LIVES, Life
from tests.workflows.living import Town
from tests.workflows.replaying import as_bytes, replay_all
from tests.workflows.store_histories import HISTORIES
from workflows.case import CaseWorkflow
from workflows.ports import Running

STORED = sorted(HISTORIES.glob("*.json"))


def stored(file: Path) -> WorkflowHistory:
    content = json.loads(file.read_text())
    return WorkflowHistory.from_json(content["id"], content["history"])


@pytest.mark.parametrize("life", [*LIVES, *FORGETFUL_LIVES], ids=lambda life: life.__name__)
def test_every_kind_of_life_is_stored(life: Life) -> None:
    assert [file for file in STORED if f"-{life.__name__}-" in file.name]


async def test_stored_histories_are_replayed_as_they_were_lived() -> None:
    await replay_all([stored(file) for file in STORED])


def test_a_life_that_continued_as_new_is_among_them() -> None:
    last = [stored(file).events[-1] for file in STORED]
    assert any(event.HasField("workflow_execution_continued_as_new_event_attributes") for event in last)
    assert any(event.HasField("workflow_execution_completed_event_attributes") for event in last)


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_stored_histories_hold_no_personal_data(file: Path) -> None:
    written = as_bytes(stored(file))
    report = a_report()
    assert b"heide" in written, "what is no secret is found"
    for secret in (report.description, report.address, report.reporter.name, report.reporter.email, "Peeters"):
        assert secret is not None
        assert secret.encode() not in written


@workflow.defn(name="Case", sandboxed=False)
class Changed(CaseWorkflow):
    """A case workflow that was changed without care for those that run."""

    @workflow.init
    def __init__(self, running: Running) -> None:
        super().__init__(running)

    @workflow.run
    async def run(self, running: Running) -> None:
        await workflow.sleep(timedelta(seconds=1))
        await super().run(running)


async def test_a_change_that_would_wedge_running_cases_is_noticed() -> None:
    with pytest.raises(workflow.NondeterminismError):
        await replay_all([stored(STORED[0])], Changed)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__)
async def test_lives_of_today_are_lived_by_the_rules(life: Life, town: Town) -> None:
    await life(town)
    assert all(referral.case.closed for referral in town.referrals)
