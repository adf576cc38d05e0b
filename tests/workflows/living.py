"""A town whose cases live on a real Temporal server: everything that happens to them is decided and kept for real."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from sqlalchemy import Engine, text
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import GrpcCompression
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import WorkflowRunner

from activities.cases import CaseActivities
from domain.actor import Actor
from domain.case import Case
from domain.commands import Command, Submitted
from domain.events import Happened
from domain.rulebook import Rulebook
from domain.words import CaseId
from readmodel.case_detail import case_state
from readmodel.database import connect, reading, writing
from readmodel.eventlog import timeline
from readmodel.intake import Accepted, NewReport, RulesFor, accept
from readmodel.migrate import migrate
from tests.readmodel.town import CITY, a_report, rules_for
from tests.workflows.by_the_rules import as_the_rules_decide
from tests.workflows.replaying import histories_of, replay_all
from tests.workflows.server import Server
from workers.cases import case_worker
from workers.runners import sandboxed
from workflows.conversion import domain_data_converter
from workflows.ports import Answer
from workflows.referrals import start_case, submit, workflow_id
from workflows.standing import arrange

T = TypeVar("T")

PATIENCE = timedelta(seconds=40)
BETWEEN_LOOKS = 0.02
_REFUSE = "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room'); END"


class Town:
    """A namespace and a database of its own."""

    def __init__(self, client: Client, database: Engine) -> None:
        self.clock = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        self.client = self.clock.client
        self.database = database
        self.referrals: list[Referral] = []

    def take_in(
        self, report: NewReport | None = None, rules: RulesFor = rules_for, at: datetime | None = None
    ) -> "Referral":
        """A report is kept, and its case opened; nothing runs yet."""
        with writing(self.database) as session:
            accepted = accept(session, CITY, rules, report or a_report(), at or datetime.now(UTC))
        referral = Referral(self, accepted)
        self.referrals.append(referral)
        return referral

    async def begin(
        self, report: NewReport | None = None, rules: RulesFor = rules_for, at: datetime | None = None
    ) -> "Referral":
        """A report is kept, and its case's workflow started."""
        referral = self.take_in(report, rules, at)
        await self.start(referral)
        return referral

    async def start(self, referral: "Referral") -> None:
        await start_case(self.client, referral.accepted.case, referral.rules)

    def refuses_events(self, refuses: bool = True) -> None:
        """The database takes no events until it is told otherwise."""
        with writing(self.database) as session:
            session.execute(text(_REFUSE if refuses else "DROP TRIGGER refuse"))

    def activities(self) -> CaseActivities:
        return CaseActivities(self.database, CITY, self.client)

    async def was_lived_by_the_rules(self) -> None:
        """All that was recorded is what the rules decide, and every history replays as it was lived."""
        for referral in self.referrals:
            referral.was_lived_by_the_rules()
        await replay_all([run for referral in self.referrals for run in await histories_of(self.client, referral.id)])

    async def elsewhere(self) -> Client:
        """A connection of one's own, as another process has."""
        return await _connect(self.client.service_client.config.target_host, self.client.namespace)


class Referral:
    """One case of the town, and all that was asked of it."""

    def __init__(self, town: Town, accepted: Accepted) -> None:
        self.accepted = accepted
        self.id: CaseId = accepted.case_id
        self.rules: Rulebook = accepted.rules
        self.sent: dict[str, Submitted] = {}
        self._town = town

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """Of the run that is current."""
        return self._town.client.get_workflow_handle(workflow_id(self.id))

    @property
    def events(self) -> list[Happened]:
        """What is recorded."""
        with reading(self._town.database) as session:
            return list(timeline(session, self.id))

    @property
    def kinds(self) -> list[str]:
        return [happened.event.kind for happened in self.events]

    @property
    def case(self) -> Case:
        """The case as it is recorded."""
        with reading(self._town.database) as session:
            state = case_state(session, self.id)
        assert state is not None
        return state[0]

    async def does(self, command: Command, by: Actor, id: str | None = None, version: int | None = None) -> Answer:
        """Somebody acts. Raises Refused, NotRunning or EngineUnavailable."""
        submitted = Submitted(id or str(uuid4()), by, command, version)
        self.sent.setdefault(submitted.command_id, submitted)
        return await submit(self._town.client, self.id, submitted, PATIENCE)

    async def passes(self, time: timedelta) -> None:
        """Time passes on this case's own clock."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await self._town.clock.fast_forward(self.handle, time)

    async def until(self, moment: datetime) -> None:
        """Time passes up to that moment."""
        await self.passes(moment - await self._town.clock.get_current_time(self.handle))

    async def has_in_its_history(self, attributes: str) -> None:
        """Waits for an event with these attributes in the current run."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            async for event in self.handle.fetch_history_events(wait_new_event=True):
                if event.HasField(attributes):  # type: ignore[arg-type]
                    return

    async def ends(self) -> None:
        """Waits for the end of the workflow."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await self.handle.result()

    async def passes_until_it_ends(self) -> None:
        """Time passes until nothing more happens."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await self._town.clock.fast_forward(self.handle)

    def was_lived_by_the_rules(self) -> None:
        """Every event is in its place, and is what the rules decide at that moment."""
        recorded = self.events
        assert [happened.seq for happened in recorded] == list(range(1, len(recorded) + 1))
        assert recorded == as_the_rules_decide(self.rules, self.accepted.case.version, self.sent, recorded)


@asynccontextmanager
async def town(server: Server, folder: Path, database_url: str | None = None) -> AsyncIterator[Town]:
    """A new town, arranged and empty, on SQLite where no other database is named."""
    namespace = f"town-{uuid4().hex[:12]}"
    retention = Duration()
    retention.FromTimedelta(timedelta(days=30))
    client = await _connect(server.address, namespace)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=retention)
    )
    await arrange(client)
    url = database_url or f"sqlite:///{folder / 'aanjager.db'}"
    migrate(url)
    database = connect(url)
    yield Town(client, database)
    database.dispose()


@asynccontextmanager
async def at_work(
    client: Client, activities: CaseActivities, runner: WorkflowRunner | None = None
) -> AsyncIterator[None]:
    """A worker for the cases lives and records them."""
    async with activities, case_worker(client, activities, runner or sandboxed()):
        yield


async def eventually(look: Callable[[], T | None]) -> T:
    """The first answer that is neither None nor False; fails where it does not come."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while True:
            found = look()
            if found is not None and found is not False:
                return found
            await asyncio.sleep(BETWEEN_LOOKS)


async def _connect(address: str, namespace: str) -> Client:
    return await Client.connect(
        address,
        namespace=namespace,
        data_converter=domain_data_converter,
        grpc_compression=GrpcCompression.NONE,
        identity="aanjager",
    )
