"""Waiting for processes that are not children of the test."""

import os
import select
from contextlib import suppress


def is_gone(pid: int, within: float = 10.0) -> bool:
    """Whether the process ends in time; waits on the process itself, without polling."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], within)[0])
    finally:
        os.close(descriptor)


def kill(pid: int, signal: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal)
