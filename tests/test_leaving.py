"""How the program leaves: with the exit code of what it did, and nothing done after that."""

import subprocess
import sys
from pathlib import Path

FAREWELL = """
import atexit, sys
from aanjager.__main__ import run
atexit.register(print, "Python takes itself apart")
sys.argv = ["aanjager", *{words}]
run()
"""


def left(*words: str) -> "subprocess.CompletedProcess[str]":
    program = FAREWELL.format(words=list(words))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_it_leaves_before_threads_of_temporals_client_can_crash_it() -> None:
    done = left("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "aanjager up" in done.stdout
    assert "takes itself apart" not in done.stdout


def test_the_exit_code_is_that_of_the_command() -> None:
    assert left("city", "check", "nowhere").returncode == 1
    assert left("city").returncode == 2


def test_output_that_cannot_be_written_is_a_failure() -> None:
    with Path("/dev/full").open("w") as full:
        program = FAREWELL.format(words=["--help"])
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
