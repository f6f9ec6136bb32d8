"""A call spoken from this machine, with sound files where the sound card would be."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from speech_callers import spoken
from speech_templates import TemplateLines

from ivr.commands.call import command
from ivr.incoming import Incoming
from ivr.media_app import media_parts
from ivr.speech.microphone import PAUSE_FRAMES, HungUp, SoundFiles, talk
from ivr.speech.mulaw import SILENCE
from prompts import mulaw_wav

LOUD = b"\x00" * 160
PERSON = "un conseiller s'il vous plaît"


def test_a_caller_of_files_waits_for_the_end_of_the_prompt_and_for_an_answer_to_hers():
    """A short silence is a breath of the house; after her last answer she hears one more prompt and hangs up."""
    caller = SoundFiles([b"\x01" * 320])

    for heard in (SILENCE, LOUD, *[SILENCE] * (PAUSE_FRAMES - 1), LOUD, *[SILENCE] * PAUSE_FRAMES):
        assert caller.record() == SILENCE
        caller.play(heard)
    said = [caller.record() for _ in range(3)]
    caller.play(LOUD)
    for _ in range(PAUSE_FRAMES):
        caller.play(SILENCE)

    assert said == [b"\x01" * 160, b"\x01" * 160, SILENCE]
    with pytest.raises(HungUp):
        caller.record()


@pytest.mark.sound
def test_a_call_of_sound_files_is_heard_as_on_a_line(house):
    """A person is asked for in spoken French: the call leaves the stream for the agents' queue."""
    lines = TemplateLines((PERSON, "oui"))
    caller = SoundFiles([b"".join(spoken(PERSON, "fr", speed=1.04))])

    talk(media_parts(house, lines).voices, lines, Incoming("CA1", "+33612345678", "", "fr"), caller)

    assert house.calls.load("CA1")["reply"]["then"][0] == "Transfer"
    assert len(caller.heard) > 8000


@pytest.mark.sound
def test_the_command_says_files_and_keeps_the_call(tmp_path, house):
    """French without a model: said so, and the silence of ears that are not there is answered by the house."""
    (tmp_path / "answer.wav").write_bytes(mulaw_wav.wrapped(b"".join(spoken("deux places", "fr"))))
    settings = house.settings
    environment = {
        "SOUFFLEUR_DATA": str(settings.data), "DATABASE_URL": settings.database, "REDIS_URL": settings.redis_url,
    }  # fmt: skip
    words = ["--say", str(tmp_path / "answer.wav"), "--keep", str(tmp_path / "call.wav")]

    told = CliRunner(env=environment).invoke(command, words)

    assert told.exit_code == 0, told.output
    assert "Nobody hears «fr»: souffleur models fetch fr" in told.output
    assert "Je ne vous entends pas" in told.output
    assert len(mulaw_wav.unwrapped((tmp_path / "call.wav").read_bytes())) > 80_000
