"""A worker is lost after it recorded a step and before Temporal heard of it: the case takes that step anew."""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails

from domain.case import Case
from domain.commands import Accept, Command, GiveFeedback, ReportProgress, Resolve
from domain.events import Happened
from domain.words import AssignmentId, NoteId, Solved
from readmodel.schema import LETTERS
from tests.readmodel.town import MEMBER, RESIDENT, rows
from tests.workflows.living import Referral, Town, at_work
from tests.workflows.replaying import histories_of
from workflows.case import CaseWorkflow
from workflows.conversion import domain_data_converter

TASK, NOTE = AssignmentId("a1"), NoteId("n1")


class Lossy(UnsandboxedWorkflowRunner):
    """Loses as many steps as it is told, each right after it was recorded."""

    def __init__(self, referral: Referral) -> None:
        self.to_lose = 0
        self.lost: list[Happened] = []
        self._referral = referral

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance = super().create_instance(det)
        activate = instance.activate

        def lose(act: WorkflowActivation) -> WorkflowActivationCompletion:
            if self.to_lose and any(job.HasField("resolve_activity") for job in act.jobs):
                self.to_lose -= 1
                self.lost.append(self._referral.events[-1])
                raise ConnectionError("the worker is lost")
            return activate(act)

        setattr(instance, "activate", lose)  # noqa: B010 - mypy takes no assignment to a method
        return instance


class Watching(UnsandboxedWorkflowRunner):
    """Shows the case of the workflow that it ran last."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        self._instance = super().create_instance(det)
        return self._instance

    @property
    def case(self) -> Case:
        case: Case = self._instance._object._case  # type: ignore[attr-defined]
        return case


async def as_history_has_it(town: Town, referral: Referral) -> Case:
    """The case that a replay of its history arrives at."""
    [history] = await histories_of(town.client, referral.id)
    runner = Watching()
    replayer = Replayer(workflows=[CaseWorkflow], data_converter=domain_data_converter, workflow_runner=runner)
    await replayer.replay_workflow(history)
    return runner.case


async def test_a_step_that_temporal_never_heard_of_is_taken_anew(idle_town: Town) -> None:
    referral = idle_town.take_in()
    runner = Lossy(referral)
    async with at_work(idle_town.client, idle_town.activities(), runner):
        await idle_town.start(referral)
        life: tuple[Command, ...] = (Accept(TASK), ReportProgress(TASK, NOTE), Resolve(TASK, NOTE))
        for command in life:
            runner.to_lose = 1
            await referral.does(command, MEMBER)
        await referral.does(GiveFeedback(Solved.YES), RESIDENT)
        await referral.ends()
    assert len(runner.lost) == len(life)
    assert not {(h.seq, h.at) for h in runner.lost} & {(h.seq, h.at) for h in referral.events}
    assert referral.case == await as_history_has_it(idle_town, referral)
    causes = [(row["seq"], row["kind"], row["recipient"]) for row in rows(idle_town.database, LETTERS)]
    assert len(causes) == len(set(causes)) > 2
