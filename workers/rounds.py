"""The worker that keeps intake and letters going round."""

from activities.letters_round import LettersRound
from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.intake import Intake
from workflows.ports import ROUNDS
from workflows.rounds import RoundWorkflow


def rounds_worker(client: Client, intake: Intake, letters: LettersRound, runner: WorkflowRunner) -> Worker:
    """Serves the queue of the rounds; apart from the cases, so that neither waits for the other."""
    return Worker(
        client,
        task_queue=ROUNDS,
        workflows=[RoundWorkflow],
        activities=[intake.keep_going, letters.keep_going],
        workflow_runner=runner,
        max_concurrent_activities=4,
    )
