"""The media process as it is served: strangers who hold connections open take no thread from callers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from socket import create_connection, socket

import pytest
import requests

from ivr.bench.speech_callers import HungUp, Socket, payloads
from ivr.bench.speech_load import media_process
from ivr.speech.engines import Choice
from ivr.speech.mulaw import SILENCE
from ivr.speech.recogniser import Question

SERVE = """if True:
    import sys
    from pathlib import Path
    from flask import Flask
    from ivr.media_server import MediaServer
    from ivr.settings import Settings

    app = Flask("silent")
    app.add_url_rule("/media/health", "health", lambda: "well")
    settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), log_level="CRITICAL")
    MediaServer(settings, lambda: app, lines=0).run()
"""


@pytest.fixture
def port(tmp_path, quiet_port: Callable[[], int]) -> Iterator[int]:
    """A media server with as few threads as there are."""
    port = quiet_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path), str(port)])
    try:
        give_up = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def answers(port: int, seconds: float = 1) -> bool:
    """Does the server answer a whole request?"""
    try:
        return requests.get(f"http://127.0.0.1:{port}/media/health", timeout=seconds).text == "well"
    except requests.RequestException:
        return False


def test_half_a_request_holds_no_thread_for_long(port):
    """Twenty strangers send the head of a handshake and fall silent; eight threads are all there are."""
    strangers = [half_a_request(port) for _ in range(20)]

    assert answers(port, 60)
    for each in strangers:
        each.close()


@pytest.mark.sound
def test_on_sigterm_a_caller_is_bidden_good_bye_in_order():
    """The served process, as a deploy ends it: not torn off when its patience ends."""
    question = Question("en", ("yes", "no"))
    with media_process("en", Choice("pocketsphinx"), [question], SILENCE * 3) as (port, measured):
        caller = Socket(port, "CA-0")
        while not (about := measured())["decoders"]:
            caller.frame(*payloads([SILENCE]))
            time.sleep(0.02)
        worker = about["media"]["pid"]
        os.kill(worker, signal.SIGTERM)

        with pytest.raises(HungUp):
            give_up = time.monotonic() + 30
            while time.monotonic() < give_up:
                for _ in caller.came():
                    pass
                time.sleep(0.02)
        caller.close()


def half_a_request(port: int) -> socket:
    """A connection that says no more than this."""
    line = create_connection(("127.0.0.1", port))
    line.sendall(b"GET /media HTTP/1.1\r\nHost: house.exa")
    return line
