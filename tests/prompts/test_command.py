"""`souffleur prompts`: what operators type."""

import json

import pytest
from click.testing import CliRunner

from ivr.commands.prompts import check_prompts, command, used_keys
from ivr.database import upgrade
from prompts.mulaw_wav import unwrapped


@pytest.fixture
def souffleur(tmp_path, monkeypatch):
    """Runs a subcommand in a house of its own."""
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words, code=0):
        done = CliRunner().invoke(command, words)
        assert done.exit_code == code, done.output
        return done

    return run


def test_the_wording_of_the_house_has_nothing_to_mend(souffleur):
    assert "all can be said" in souffleur("check").stdout


def test_a_key_that_nobody_wrote_is_found():
    assert [fault.key for fault in check_prompts(["no.such.key"]) if fault.severe] == ["no.such.key"] * 2


def test_the_engine_and_the_queue_count_as_use():
    assert "general.one_moment" in used_keys()


def test_coverage_counts_and_lists(souffleur):
    told = json.loads(souffleur("coverage", "--json").stdout)

    assert set(told["counts"]) == {"en", "fr"}
    assert told["counts"]["fr"]["recorded"] == 0
    assert {line["state"] for line in told["prompts"]} <= {"spoken", "missing", "unused"}


def test_the_script_is_what_the_speaker_reads(souffleur):
    assert "«Je ne vous entends pas.»" in souffleur("script", "--lang", "fr").stdout


def test_a_prompt_is_said_in_words_and_as_sound(souffleur, tmp_path):
    out = tmp_path / "said.wav"

    assert "I cannot hear you." in souffleur("say", "general.silence", "--lang", "en", "--out", str(out)).stdout
    assert len(unwrapped(out.read_bytes())) > 4_000


@pytest.mark.parametrize(
    "words", [("say", "no.such.key"), ("say", "general.silence", "--lang", "xx"), ("say", "general.silence", "price")]
)
def test_a_slip_is_explained(souffleur, words):
    assert "Error" in souffleur(*words, code=2).stderr


def test_a_file_is_taken_published_and_then_heard(souffleur, tmp_path, studio):
    upgrade(f"sqlite:///{tmp_path / 'souffleur.sqlite'}")
    file = tmp_path / "take.wav"
    file.write_bytes(studio.wav(studio.recording()))

    told = souffleur("import", str(file), "--key", "general.silence", "--publish").stdout

    assert "published as revision 1" in told
    assert "/takes/" in souffleur("say", "general.silence").stdout
    assert "«Je ne vous entends pas.»" not in souffleur("script").stdout
    assert "all can be said" in souffleur("check").stdout


def test_a_published_recording_that_is_lost_is_found(souffleur, tmp_path, studio):
    upgrade(f"sqlite:///{tmp_path / 'souffleur.sqlite'}")
    file = tmp_path / "take.wav"
    file.write_bytes(studio.wav(studio.recording()))
    souffleur("import", str(file), "--key", "general.silence", "--publish")

    for sound in (tmp_path / "takes").iterdir():
        sound.unlink()

    assert "its sound is lost" in souffleur("check", code=1).stderr


def test_a_bad_file_is_refused_by_name(souffleur, tmp_path, studio):
    upgrade(f"sqlite:///{tmp_path / 'souffleur.sqlite'}")
    file = tmp_path / "take.wav"
    file.write_bytes(studio.wav(studio.silence(2)))

    assert "refused: silent" in souffleur("import", str(file), "--key", "general.silence", code=1).stderr
    assert "unknown_prompt" in souffleur("import", str(file), "--key", "no.such", code=1).stderr
