"""Ties a program's life to its parent's: it ends with the parent even when that is killed without warning.

Run as a script in the child, which it then replaces by the program: the process id stays the same, and nothing of ours
runs between fork and exec in a parent with threads.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def tied(command: Sequence[str], ending: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command line that runs `command`, which gets the signal `ending` when the thread that starts it is gone.

    Start it from a thread that lives as long as the program. Linux only; elsewhere the program is simply run.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(ending)), *command]


def _become(parent: int, ending: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, ending)
    if os.getppid() != parent:
        sys.exit(f"{command[0]}: its parent is gone already")
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: cannot be started: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
