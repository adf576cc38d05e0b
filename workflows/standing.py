"""What stands ready in Temporal for every case: search attributes, and the schedules of the rounds and reviews."""

from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows.ports import (
    KEEP_FIGURES_GOING,
    KEEP_INTAKE_GOING,
    KEEP_LETTERS_GOING,
    KEEP_MEETINGS_GOING,
    KEEP_WEBHOOKS_GOING,
    ROUNDS,
)
from workflows.reviews import HotSpotReviewWorkflow
from workflows.rounds import RoundWorkflow
from workflows.visibility import KEYS

ROUNDS_BY_NAME = {
    "intake": KEEP_INTAKE_GOING,
    "letters": KEEP_LETTERS_GOING,
    "figures": KEEP_FIGURES_GOING,
    "meetings": KEEP_MEETINGS_GOING,
    "webhooks": KEEP_WEBHOOKS_GOING,
}
HOT_SPOTS = "review/hot-spots"
MONDAY = 1
"""As Temporal counts the days of the week, from Sunday on, in UTC."""


async def arrange(client: Client) -> None:
    """Brings search attributes and schedules up to date; safe to repeat.

    Raises RPCError where the server is out of reach or does not allow it.
    """
    await _register_search_attributes(client)
    for name, activity in ROUNDS_BY_NAME.items():
        await _keep_going_round(client, name, activity)
    await _keep_reviewing_hot_spots(client)


async def _register_search_attributes(client: Client) -> None:
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        key.name: IndexedValueType.ValueType(int(key.indexed_value_type))
        for key in KEYS
        if key.name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


async def _keep_going_round(client: Client, name: str, activity: str) -> None:
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(RoundWorkflow.run, activity, id=f"round/{name}", task_queue=ROUNDS),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(seconds=10))]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=timedelta(seconds=10)),
        state=ScheduleState(note=f"keeps the {name} round going: when one ends, the next begins"),
    )

    await _keep(client, f"round/{name}", schedule)


async def _keep_reviewing_hot_spots(client: Client) -> None:
    """Once a week, in the night to Monday, and once when the city begins."""
    night = ScheduleCalendarSpec(day_of_week=[ScheduleRange(MONDAY)], hour=[ScheduleRange(2)])
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(HotSpotReviewWorkflow.run, id=HOT_SPOTS, task_queue=ROUNDS),
        spec=ScheduleSpec(calendars=[night]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(days=6)),
        state=ScheduleState(note="looks for hot spots once a week"),
    )
    await _keep(client, HOT_SPOTS, schedule)


async def _keep(client: Client, id: str, schedule: Schedule) -> None:
    """The schedule as it is meant now; a new one begins at once."""

    def renewed(_: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(id, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(id).update(renewed)
