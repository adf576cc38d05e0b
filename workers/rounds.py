"""The worker that keeps intake, letters, figures, meetings and webhooks going round, and reviews hot spots."""

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.figures import FiguresRound
from activities.hot_spots.reviewing import HotSpotReviews
from activities.intake import Intake
from activities.letters_round import LettersRound
from activities.meetings import Meetings
from activities.webhooks.gathering import WebhooksRound
from workflows.meeting import MeetingWorkflow
from workflows.ports import ROUNDS
from workflows.reviews import HotSpotReviewWorkflow
from workflows.rounds import RoundWorkflow


def rounds_worker(
    client: Client,
    intake: Intake,
    letters: LettersRound,
    figures: FiguresRound,
    hot_spots: HotSpotReviews,
    meetings: Meetings,
    webhooks: WebhooksRound,
    runner: WorkflowRunner,
) -> Worker:
    """Serves the queue of the rounds; apart from the cases, so that neither waits for the other."""
    return Worker(
        client,
        task_queue=ROUNDS,
        workflows=[RoundWorkflow, HotSpotReviewWorkflow, MeetingWorkflow],
        activities=[
            intake.keep_going,
            letters.keep_going,
            figures.keep_going,
            hot_spots.find,
            meetings.keep_going,
            meetings.advance,
            webhooks.keep_going,
        ],
        workflow_runner=runner,
        max_concurrent_activities=10,
    )
