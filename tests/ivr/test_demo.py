"""The whole demonstration as its reader has it: by the printed addresses, accounts and telephones, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from types import TracebackType
from typing import Any

import pytest
import requests
from simple_websocket import Client, ConnectionClosed

from ivr.demo.preparing import NotPossible, free_port, local
from ivr.demo.processes import Processes
from ivr.settings import Settings

DEMO = [sys.executable, "-c", "from ivr.commands import main; main()", "demo"]
PATIENCE = 120
"""Seconds after which what has not come never will."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, quiet_port: Callable[[], int]) -> dict[str, str]:
    """A house of its own, on ports of its own, with nothing else from outside; without a place for media streams."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    folder = tmp_path_factory.mktemp("demo") / "var"
    return {**kept, "SOUFFLEUR_DATA": str(folder), "PORT": str(quiet_port()), "MEDIA_PORT": "99999", "COLUMNS": "80"}


@pytest.fixture(scope="module")
def demo(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`souffleur demo`, until the module is through with it."""
    process = subprocess.Popen(DEMO, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def printed(demo: subprocess.Popen[str]) -> str:
    """Everything it says until it serves."""
    assert demo.stdout is not None
    lines = []
    for line in demo.stdout:
        lines.append(line)
        if "Serving until" in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


@pytest.fixture(scope="module")
def telephone(printed: str) -> str:
    """The address of the browser's telephone."""
    return found(r"Telephone +(http://\S+)", printed)


class Handset:
    """One line of the browser's telephone, without the browser."""

    def __init__(self, telephone: str, number: str) -> None:
        self._socket = Client(telephone.replace("http:", "ws:") + "/line")
        self.captions: list[str] = []
        self.does("register", number=number)
        self.until(lambda told: told["is"] == "ready")

    def does(self, deed: str, **facts: str) -> None:
        """What a button of the page does."""
        self._socket.send(json.dumps({"do": deed, **facts}))

    def until(self, arrived: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is waited for."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            message = self._socket.receive(timeout=PATIENCE)
            told = json.loads(message) if isinstance(message, str) else {"is": "sound"}
            if told["is"] == "caption":
                self.captions.append(told["text"])
            if arrived(told):
                return told
        raise AssertionError(f"it did not come; heard so far: {self.captions}")

    def __enter__(self) -> Handset:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._socket.close()


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def signed_in(printed: str) -> tuple[requests.Session, str]:
    """The agent's own window, and where the desk is."""
    desk, agent = found(r"Agents +(http://\S+)", printed), requests.Session()
    door = agent.get(desk, timeout=PATIENCE)
    fields = {"name": "demo agent", "password": found(r"demo agent +password (\S+)", printed)}
    page = agent.post(door.url, {**fields, **hidden(door.text)}, timeout=PATIENCE)
    assert page.url == desk, page.text
    return agent, desk


def hidden(page: str) -> dict[str, str]:
    """What the page's forms carry along unseen."""
    tags = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
    return {found(r'name="([^"]*)"', tag): found(r'value="([^"]*)"', tag) for tag in tags}


def bridged(told: dict[str, Any]) -> bool:
    return bool(told.get("bridged"))


def test_a_caller_asks_for_a_person_and_the_agent_takes_her_at_the_desk_by_what_was_printed(
    printed: str, telephone: str
) -> None:
    number = found(r"rung on (\+\d+)", printed)
    page = requests.get(telephone, timeout=PATIENCE).text
    assert f'data-agent="{number}"' in page
    with Handset(telephone, "+33612345670") as caller, Handset(telephone, number) as agent_s_telephone:
        caller.does("dial", to=found(r'data-called="(\+\d+)"', page))
        caller.until(lambda told: bool(told.get("keys")))
        caller.does("say", words="un conseiller")
        caller.until(lambda told: bool(told.get("queued")))

        agent, desk = signed_in(printed)
        page = agent.get(desk, timeout=PATIENCE).text
        assert "+33 6 12 34 56 70" in page
        take = found(r'action="(/desk/take/\w+)"', page)
        taken = agent.post(desk.removesuffix("/desk") + take, hidden(page), timeout=PATIENCE)
        assert "votre téléphone sonne" in taken.text

        agent_s_telephone.until(lambda told: told["is"] == "ringing")
        agent_s_telephone.does("answer")
        agent_s_telephone.until(lambda told: "Pour le prendre" in told.get("text", ""))
        agent_s_telephone.does("key", key="1")
        caller.until(bridged)
        agent_s_telephone.until(bridged)
        assert "Vous êtes en ligne" in agent.get(desk, timeout=PATIENCE).text


def test_the_last_lines_say_every_door_and_what_is_missing(printed: str) -> None:
    assert re.search(r"Operators +http://\S+/studio", printed)
    assert re.search(r"demo operator +password \S+ +by telephone \d{9}", printed)
    assert "souffleur call" in printed
    assert "souffleur models fetch fr" in printed


def test_without_a_media_process_the_demonstration_goes_on_and_says_so_in_one_line(printed: str) -> None:
    assert re.search(r"The media process is not started: no port from 99999 on is free", printed)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket() as other:
        other.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_after_a_demonstration_was_killed_the_next_one_plays_on_other_ports_and_keeps_what_was_sold(
    demo: subprocess.Popen[str], printed: str, environment: dict[str, str], taken: int
) -> None:
    """`kill -9`: nothing says goodbye, nothing stays behind that is in the next one's way."""
    demo.send_signal(signal.SIGKILL)
    demo.wait(PATIENCE)

    elsewhere = {**environment, "PORT": str(taken)}
    again = subprocess.run([*DEMO, "--once"], env=elsewhere, capture_output=True, text=True, timeout=PATIENCE)

    assert again.returncode == 0, again.stdout + again.stderr
    assert "deux places pour" in printed
    order, other = sold(printed), sold(again.stdout)
    assert order and other
    assert order[1] != other[1]
    assert {order[2], order[3]}.isdisjoint({other[2], other[3]})


def sold(output: str) -> re.Match[str] | None:
    """The order and its two seats, as the demonstration reads them in the database."""
    return re.search(r"In the database: order (\d{7}), seats (\S+), (\S+), ([\d.]+) €", output)


def test_a_process_that_does_not_start_is_found_out_and_its_log_named(tmp_path: Path) -> None:
    with Processes(os.environ, tmp_path) as processes:
        processes.start("no-such-part")
        with pytest.raises(NotPossible, match=r"its own words are in .*no-such-part\.log"):
            processes.wait_for("no-such-part", "http://127.0.0.1:1/")
        assert processes.revive() == {}


def test_a_process_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    with Processes(os.environ, tmp_path) as processes:
        processes.start("no-such-part")
        outcomes: list[bool] = []
        give_up = time.monotonic() + PATIENCE
        while False not in outcomes and time.monotonic() < give_up:
            outcomes += processes.revive().values()

    assert outcomes == [True, True, False]


def test_ports_in_use_are_passed_over_and_no_two_processes_get_the_same(taken: int, tmp_path: Path) -> None:
    ours = local(Settings(data=tmp_path, port=taken, media_port=taken))

    ports = [ours.port, int(ours.carrier_url.rpartition(":")[2]), ours.media_port]
    assert taken not in ports and len(set(ports)) == 3
    assert ours.media_url == f"ws://127.0.0.1:{ours.media_port}/media"
    assert Settings.read({"SOUFFLEUR_DATA": str(tmp_path)}).carrier_url == ours.carrier_url


def test_no_port_at_all_is_one_clear_sentence() -> None:
    with pytest.raises(NotPossible, match=r"^We may listen on no port from 65536 .*: name another with PORT=….$"):
        free_port("127.0.0.1", 65536)
