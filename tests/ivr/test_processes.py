"""The processes as they are started: the Procfile's lines, and `kill -9` between two turns."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket

import pytest
import requests

from ivr.simulator import Line

ROOT = Path(__file__).parent.parent.parent
LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() if line)
TOKEN = "a-token-that-nobody-knows"
SOUFFLEUR = [sys.executable, "-c", "from ivr.commands import main; main()"]

PATIENCE = 90
"""Seconds after which a process that has not started never will."""
A_MOMENT = 0.05
"""Seconds between two looks: whoever looks without a pause takes the processor from whom it waits for."""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def environment(tmp_path: Path, new_database: Callable[[], str], quiet_port: Callable[[], int]) -> dict[str, str]:
    """A house of its own, on a port of its own, with nothing else from outside."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {"SOUFFLEUR_DATA": str(tmp_path / "var"), "PORT": str(quiet_port()), "MEDIA_PORT": str(quiet_port())}
    return {**kept, **ours, "DATABASE_URL": new_database(), "TWILIO_AUTH_TOKEN": TOKEN, "COLUMNS": "120"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts `souffleur …` and ends it with the test."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*SOUFFLEUR, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def wait_until_it_answers(url: str, process: subprocess.Popen[str], status: int = 200) -> None:
    """Real processes take real time to start, on a busy machine a lot of it."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        assert process.poll() is None, process.communicate()[0]
        try:
            if requests.get(url, timeout=2).status_code == status:
                return
        except requests.RequestException:
            pass
        time.sleep(A_MOMENT)
    raise AssertionError(f"{url} does not answer")


def base(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['PORT']}"


def test_every_line_of_the_procfile_is_a_souffleur_command() -> None:
    assert set(LINES) == {"web", "media", "worker", "release"}
    assert all(shlex.split(line)[0] == "souffleur" for line in LINES.values())


def test_web_answers_once_release_has_run(start: Start, environment: dict[str, str]) -> None:
    assert start(*shlex.split(LINES["release"])[1:]).wait(PATIENCE) == 0

    web = start(*shlex.split(LINES["web"])[1:])

    wait_until_it_answers(f"{base(environment)}/health", web)


def test_media_listens(start: Start, environment: dict[str, str]) -> None:
    media = start(*shlex.split(LINES["media"])[1:])

    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and media.poll() is None:
        with socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(environment["MEDIA_PORT"]))) == 0:
                return
        time.sleep(A_MOMENT)
    media.terminate()
    raise AssertionError(f"nobody listens on MEDIA_PORT: {media.communicate()[0]}")


def test_worker_does_its_round(start: Start) -> None:
    assert start(*shlex.split(LINES["worker"])[1:], "--once").wait(PATIENCE) == 0


def test_a_port_in_use_is_one_clear_sentence(start: Start, environment: dict[str, str]) -> None:
    with socket() as taken:
        taken.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()

        web = start("serve")

        assert web.wait(PATIENCE) == 1
        said = web.communicate()[0]
        assert re.fullmatch(r"Port \d+ is in use by another program: give another with --port or PORT\.\n", said)


def served(start: Start, environment: dict[str, str]) -> subprocess.Popen[str]:
    web = start("serve")
    wait_until_it_answers(f"{base(environment)}/health", web)
    return web


def wait_until_nobody_listens(port: int) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(A_MOMENT)
    raise AssertionError(f"somebody still listens on {port}")


def workers_of(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the worker in /proc")
def test_kill_9_between_turns_loses_nothing(start: Start, environment: dict[str, str]) -> None:
    """First the worker is killed, then everything: master, worker, and with them the private Redis."""
    web = served(start, environment)
    with Line(base(environment), TOKEN) as line:
        line.dial()
        asked = line.press("1").said

        worker = [pid for pid in workers_of(web.pid) if b"redis" not in Path(f"/proc/{pid}/comm").read_bytes()]
        os.kill(worker[0], signal.SIGKILL)
        wait_until_it_answers(f"{base(environment)}/health", web)
        again = line.silence().said
        assert asked in again

        os.kill(web.pid, signal.SIGKILL)
        web.wait()
        wait_until_nobody_listens(int(environment["PORT"]))
        served(start, environment)
        assert "Quel jour" in line.press("112").said


def demo(environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    changed = {**environment, "DATABASE_URL": "", "TWILIO_AUTH_TOKEN": "", **more}
    once = [*SOUFFLEUR, "demo", "--once"]
    return subprocess.run(once, env=changed, capture_output=True, text=True, timeout=2 * PATIENCE)


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    told = demo(environment, SOUFFLEUR_DATA=str(tmp_path / "file" / "var"))

    assert told.returncode == 1
    assert re.fullmatch(r"Nothing can be written to .* \(not a directory\): name another .*\n", told.stderr)


def test_the_bench_of_turns_places_whole_calls_and_tells_its_floor(environment: dict[str, str]) -> None:
    bench = [*SOUFFLEUR, "bench", "turns", "--calls", "4", "--rounds", "1"]

    told = subprocess.run(bench, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE)

    result = json.loads(told.stdout)
    assert result["turns"]["requests"] == result["floor"]["requests"] == 4 * 9
    assert told.returncode == (0 if result["ratio"] >= result["goal"] else 1)
