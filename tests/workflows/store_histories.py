"""Lives the lives and stores their histories, to be replayed by every later version.

`python -m tests.workflows.store_histories VERSION`, once for each version that is released.
"""

import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.workflows import living
from tests.workflows.lives import FORGETFUL_LIVES, LIVES, Life
from tests.workflows.living import at_work
from tests.workflows.replaying import histories_of
from tests.workflows.server import Server, temporal

HISTORIES = Path(__file__).parent / "histories"


async def store(version: str) -> None:
    """Writes `VERSION-LIFE-RUN.json` for every run of every case."""
    HISTORIES.mkdir(exist_ok=True)
    for lives, config in ((LIVES, ()), (FORGETFUL_LIVES, ("limit.historyCount.suggestContinueAsNew=40",))):
        with TemporaryDirectory() as folder:
            async with temporal(Path(folder), *config) as server:
                for life in lives:
                    await _store(server, life, version)


async def _store(server: Server, life: Life, version: str) -> None:
    with TemporaryDirectory() as folder:
        async with living.town(server, Path(folder)) as town:
            async with at_work(town.client, town.activities()):
                await life(town)
            runs = [run for referral in town.referrals for run in await histories_of(town.client, referral.id)]
    for number, run in enumerate(runs, start=1):
        file = HISTORIES / f"{version}-{life.__name__}-{number}.json"
        history = {"id": run.workflow_id, "history": _without_traces(run.to_json_dict())}
        file.write_text(json.dumps(history, separators=(",", ":"), sort_keys=True) + "\n")
        print(f"{file.name}: {len(run.events)} events")


def _without_traces(stored: Any) -> Any:
    """Stack traces name folders of the machine on which the history was made; replay does not read them."""
    match stored:
        case dict():
            return {key: "" if key == "stackTrace" else _without_traces(value) for key, value in stored.items()}
        case list():
            return [_without_traces(value) for value in stored]
        case _:
            return stored


if __name__ == "__main__":
    asyncio.run(store(sys.argv[1]))
