"""The programs of an installation are kept running, and none is left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aanjager.children import Program, kept_running, until_told_to_stop
from tests.processes import is_gone, kill

SLEEPS = "import signal; signal.pause()"


def python(code: str, *arguments: object) -> Program:
    return Program("a program", [sys.executable, "-c", code, *map(str, arguments)])


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A pipe in which a program says one thing; reading waits for it."""
    path = tmp_path / "told"
    os.mkfifo(path)
    return path


async def heard(told: Path) -> str:
    return await asyncio.to_thread(told.read_text)


async def test_a_program_that_ends_is_started_again_and_again() -> None:
    async with kept_running(python("raise SystemExit(3)")) as (child,):
        assert await child.ended(times=2) == 3
        assert len(set(child.pids)) == len(child.pids)


async def test_a_program_that_is_killed_is_started_again() -> None:
    async with kept_running(python(SLEEPS)) as (child,):
        first = await child.started()
        os.kill(first, signal.SIGKILL)
        second = await child.started(times=2)
        assert child.exits == [-signal.SIGKILL]
        assert child.pid == second != first


async def test_a_program_that_cannot_be_found_is_tried_again() -> None:
    async with kept_running(Program("no program", ["/no/such/program"], log=Path(os.devnull))) as (child,):
        assert await child.ended() == 127


async def test_stopping_gives_a_program_time_to_finish(tmp_path: Path, told: Path) -> None:
    code = """
import pathlib, signal, sys
def finish(*_):
    pathlib.Path(sys.argv[2]).write_text("finished")
    raise SystemExit(0)
signal.signal(signal.SIGTERM, finish)
pathlib.Path(sys.argv[1]).write_text("ready")
signal.pause()
"""
    async with kept_running(python(code, told, tmp_path / "finished")) as (child,):
        assert await heard(told) == "ready"
    assert (tmp_path / "finished").read_text() == "finished"
    assert is_gone(child.pids[0])
    assert len(child.pids) == 1


async def test_a_program_that_does_not_listen_is_killed(told: Path) -> None:
    code = """
import pathlib, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text("deaf")
while True:
    signal.pause()
"""
    async with kept_running(python(code, told), grace=0.1) as (child,):
        await heard(told)
    assert is_gone(child.pids[0], within=0)


async def test_what_a_program_started_itself_is_not_left_behind(told: Path) -> None:
    code = f"""
import pathlib, signal, subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", {SLEEPS!r}])
pathlib.Path(sys.argv[1]).write_text(str(grandchild.pid))
signal.pause()
"""
    async with kept_running(python(code, told)):
        grandchild = int(await heard(told))
    assert is_gone(grandchild)


async def test_ctrl_c_in_the_terminal_reaches_only_the_parent() -> None:
    async with kept_running(python(SLEEPS)) as (child,):
        pid = await child.started()
        assert os.getsid(pid) == pid


async def test_programs_are_stopped_side_by_side() -> None:
    async with kept_running(python(SLEEPS), python(SLEEPS)) as children:
        pids = [await child.started() for child in children]
    assert all(is_gone(pid, within=0) for pid in pids)


def test_programs_die_with_a_parent_that_is_killed(told: Path) -> None:
    code = f"""
import asyncio, pathlib, sys
from aanjager.children import Program, kept_running
async def main():
    async with kept_running(Program("a program", [sys.executable, "-c", {SLEEPS!r}])) as (child,):
        pathlib.Path(sys.argv[1]).write_text(str(await child.started()))
        await asyncio.Event().wait()
asyncio.run(main())
"""
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", code, str(told)], cwd=root) as parent:
        child = int(told.read_text())
        kill(parent.pid, signal.SIGKILL)
    assert is_gone(child)


@pytest.mark.parametrize("told_by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_work_that_is_told_to_stop_closes_what_it_holds_open(told_by: signal.Signals) -> None:
    steps: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), told_by)
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), told_by)
            await asyncio.wait_for(asyncio.to_thread(steps.append, "closing"), timeout=10)
            steps.append("closed")

    await until_told_to_stop(work())
    assert steps == ["closing", "closed"]


async def test_work_that_fails_says_so() -> None:
    async def work() -> None:
        raise LookupError("no city")

    with pytest.raises(LookupError, match="no city"):
        await until_told_to_stop(work())
