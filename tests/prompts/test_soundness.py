"""Published takes are listened to again: lost, spoilt, soft or full of holes."""

from datetime import UTC, datetime

import numpy as np
import pytest

from prompts import Catalogue, mulaw
from prompts.mulaw_wav import wrapped
from prompts.recording import record
from prompts.soundness import faults_of_takes
from prompts.takes import Draft

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def publish(takes):
    """Publishes a raw sound past all checks, as an older version of ours might have."""

    def published(samples):
        address = takes.folder.keep(wrapped(mulaw.encoded(np.asarray(samples, dtype=np.float32))))
        draft = Draft("a", "fr", "a", address, 1.0, -19.0, -3.0, "upload", "Papageno", NOW)
        takes.publish(takes.book.add(draft).id, "Pamina")
        return takes.folder.file(address)

    return published


def found(takes):
    return [fault.what for fault in faults_of_takes(takes.at())]


def test_a_take_made_by_the_studio_is_sound(takes, studio):
    data = studio.wav(studio.recording())

    take = record(takes, Catalogue.load(), "general.silence", "fr", data, by="Papageno", source="upload", at=NOW)
    takes.publish(take.id, "Pamina")

    assert found(takes) == []


def test_lost_and_spoilt_takes_are_found(takes, publish, studio):
    file = publish(studio.at(8_000).voice())

    file.write_bytes(b"RIFF and so on")
    assert found(takes) == ["no telephone sound: no RIFF WAVE header"]
    file.unlink()
    assert found(takes) == ["its sound is lost"]


def test_soft_takes_are_found(takes, publish, studio):
    publish(studio.at(8_000).voice(level=0.02))

    assert "LUFS instead of -19" in found(takes)[0]


def test_takes_with_holes_are_found(takes, publish, studio):
    phone = studio.at(8_000)
    publish(np.concatenate([phone.voice(level=0.5), phone.silence(4), phone.voice(level=0.5)]))

    assert any("s of silence inside" in what for what in found(takes))
