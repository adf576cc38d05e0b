"""What the logs tell: where it went wrong, and nothing of what people wrote."""

import json
import subprocess
import sys

import pytest

FAILS = """
import logging
from workers.logs import set_up_logs
set_up_logs({form!r}, "web")
def read(token):
    raise RuntimeError("cannot be read")
try:
    read("se" + "cret")
except RuntimeError:
    logging.getLogger("aanjager.web").exception("POST /cases")
"""


def logged(form: str) -> str:
    program = FAILS.format(form=form)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_tells_the_place_but_no_values(form: str) -> None:
    told = logged(form)
    assert "cannot be read" in told
    assert "RuntimeError" in told
    assert "secret" not in told


def test_a_log_that_is_no_terminal_has_no_colours() -> None:
    assert "\x1b" not in logged("console")


def test_a_log_for_machines_is_one_object_a_line() -> None:
    [line] = logged("json").splitlines()
    assert json.loads(line)["process"] == "web"
