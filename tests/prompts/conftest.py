"""Sounds made on the spot: a voice, a hum, noise, silence; as WAV files or anything else."""

import io
import subprocess
import wave
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg
import numpy as np
import pytest

from ivr.database import engine_for
from ivr.records.takes import SqlTakeBook, metadata
from prompts.mulaw_wav import wrapped
from prompts.takes import Draft, TakeFolder, Takes


class Studio:
    """Makes sounds; the same each time."""

    def __init__(self, rate=48_000):
        self.rate = rate
        self._random = np.random.default_rng(1875)

    def at(self, rate):
        return Studio(rate)

    def time(self, seconds):
        return np.arange(int(seconds * self.rate)) / self.rate

    def voice(self, words=4, level=0.3):
        """Something like speech: bursts of a buzzing tone with formants, and short pauses between them."""
        t = self.time(0.3)
        burst = sum(np.sin(2 * np.pi * 140 * n * t) / n for n in range(1, 12)) * np.hanning(len(t))
        word = np.concatenate([burst, np.zeros(int(0.15 * self.rate))])
        sound = np.tile(word, words)[: -int(0.15 * self.rate)]
        return sound / np.max(np.abs(sound)) * level

    def silence(self, seconds):
        return np.zeros(int(seconds * self.rate))

    def noise(self, seconds, level=0.001):
        return self._random.normal(0, level, int(seconds * self.rate))

    def hum(self, seconds, level=0.03, mains=50):
        t = self.time(seconds)
        return level * (np.sin(2 * np.pi * mains * t) + 0.6 * np.sin(2 * np.pi * 2 * mains * t))

    def recording(self, before=0.7, after=0.9, **voice):
        """A voice in a quiet room, with silence around it."""
        sound = np.concatenate([self.silence(before), self.voice(**voice), self.silence(after)])
        return sound + self.noise(len(sound) / self.rate)[: len(sound)]

    def wav(self, samples, width=2, channels=1):
        file = io.BytesIO()
        whole = np.clip(
            np.round(samples * (2 ** (8 * width - 1) - 1)), -(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1
        )
        with wave.open(file, "wb") as out:
            out.setparams((channels, width, self.rate, 0, "NONE", ""))
            out.writeframes(np.repeat(whole, channels).astype(f"<i{width}").tobytes())
        return file.getvalue()

    def encoded(self, samples, *options):
        """The same through ffmpeg: `encoded(sound, "-f", "mp3")`."""
        with TemporaryDirectory() as folder:
            out = Path(folder) / "sound"
            command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "wav", "-i", "pipe:0", *options, str(out)]
            subprocess.run(command, input=self.wav(samples), check=True)
            return out.read_bytes()


@pytest.fixture(scope="session")
def studio():
    return Studio()


NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def book(tmp_path):
    """A real book of takes in a database of its own."""
    engine = engine_for(f"sqlite:///{tmp_path / 'takes.sqlite'}")
    metadata.create_all(engine)
    yield SqlTakeBook(engine)
    engine.dispose()


@pytest.fixture
def takes(tmp_path, book):
    """Folder and book together, at noon for ever."""
    return Takes(TakeFolder(tmp_path / "takes"), book, lambda: NOON)


@pytest.fixture
def keep(takes):
    """Keeps a take of a prompt: `keep("buy.n", "Combien ?")`; each sounds different."""
    numbers = iter(range(1, 200))

    def kept(key="buy.n", words="Combien de places ?", language="fr"):
        address = takes.folder.keep(wrapped(bytes([next(numbers)]) * 800))
        return takes.book.add(Draft(key, language, words, address, 0.1, -19.0, -3.0, "upload", "Papageno", NOON))

    return kept
