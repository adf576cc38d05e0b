"""`python -m aanjager` is the `aanjager` command."""

import os
import sys
from typing import NoReturn

from aanjager.cli import main


def run() -> NoReturn:
    """The command as a program of its own, which leaves without Python's farewell.

    Temporal's client has threads that outlive the last line; while Python 3.11 takes itself apart they sometimes end
    the process by SIGABRT, though all was done.
    """
    code: object = None
    try:
        main()
    except SystemExit as ending:
        code = ending.code
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    run()
