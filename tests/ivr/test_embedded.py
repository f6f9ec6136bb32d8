"""The private Redis: there when it is needed, gone when its program is, and no call lost by `kill -9`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.callstore import CallStore
from ivr.embedded import is_awake, private_redis, socket_path, surroundings
from ivr.redis_links import link
from ivr.settings import Settings


def test_it_lives_as_long_as_its_program(tmp_path: Path) -> None:
    with private_redis(tmp_path) as url:
        assert is_awake(url)

    assert not is_awake(url)
    with private_redis(tmp_path) as url:
        assert is_awake(url)


def test_a_second_program_shares_it_and_leaves_it_running(tmp_path: Path) -> None:
    with private_redis(tmp_path) as url:
        with private_redis(tmp_path) as shared:
            assert shared == url
        assert is_awake(url)


def test_nobody_else_may_use_it(tmp_path: Path) -> None:
    with private_redis(tmp_path):
        assert socket_path(tmp_path).stat().st_mode & 0o077 == 0


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_one(tmp_path: Path) -> None:
    data = tmp_path / ("a-very-long-name" * 8)

    with private_redis(data) as url:
        assert is_awake(url)
        assert len(str(socket_path(data))) < 100


STAY = """
import sys, pathlib
from ivr.callstore import CallStore
from ivr.embedded import private_redis
from ivr.redis_links import link
with private_redis(pathlib.Path(sys.argv[1])) as url:
    CallStore(link(url)).save({"call": "CA1", "turn": 3}, after=None)
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A data folder whose program was killed without a farewell, in the middle of a call."""
    program = subprocess.Popen(
        [sys.executable, "-c", STAY, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout and program.stdin and program.stdout.readline() == "up\n"
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    program.stdin.close()
    return tmp_path


def test_after_kill_9_the_next_program_goes_on_with_its_calls_and_ends_it(killed: Path) -> None:
    with private_redis(killed) as url:
        assert CallStore(link(url)).load("CA1") == {"call": "CA1", "turn": 3}

    assert not is_awake(url)


def test_calls_survive_even_kill_9_of_redis_itself(tmp_path: Path) -> None:
    with private_redis(tmp_path) as url:
        CallStore(link(url)).save({"call": "CA1", "turn": 3}, after=None)
        os.kill(int(link(url).info("server")["process_id"]), signal.SIGKILL)

    with private_redis(tmp_path) as url:
        assert CallStore(link(url)).load("CA1") == {"call": "CA1", "turn": 3}


def test_surroundings_start_what_no_setting_names(tmp_path: Path) -> None:
    with surroundings(Settings(data=tmp_path)) as settings:
        assert is_awake(settings.redis_url)
        assert (tmp_path / "souffleur.sqlite").exists()


def test_surroundings_use_the_redis_that_is_named(tmp_path: Path, redis_url: str) -> None:
    with surroundings(Settings(data=tmp_path, redis_url=redis_url)) as settings:
        assert settings.redis_url == redis_url
        assert not (tmp_path / "redis").exists()


def test_when_the_program_whose_redis_is_shared_goes_ours_takes_its_place(tmp_path):
    """A server that starts while another one stops must not be left without Redis."""
    first, second = private_redis(tmp_path), private_redis(tmp_path)
    url = first.__enter__()
    second.__enter__()
    link(url).set("call", "in flight")

    first.__exit__(None, None, None)

    assert _soon(lambda: is_awake(url))
    assert link(url).get("call") == "in flight"
    second.__exit__(None, None, None)
    assert not is_awake(url)


def _soon(is_true):
    """Ask until it is true, ten seconds at most."""
    give_up = time.monotonic() + 10
    while not is_true() and time.monotonic() < give_up:
        pass
    return is_true()
