"""The synthetic voice: real Pico, one loudness, one cache for threads and processes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from prompts import Catalogue, Voice, mulaw
from prompts.audio import LOUDNESS
from prompts.levels import measured
from prompts.synthetic import NoSyntheticVoice, SyntheticVoice

pytestmark = pytest.mark.sound


@pytest.fixture
def speaker(tmp_path):
    return SyntheticVoice(tmp_path / "voice")


@pytest.mark.parametrize(
    ("text", "language"), [("Combien de places ?", "fr"), ("How many seats?", "en"), ("How many seats?", "en-US")]
)
def test_it_speaks_at_the_loudness_of_the_house(speaker, text, language):
    levels = measured(mulaw.decoded(speaker.speak(text, language)), 8_000)

    assert 0.5 < levels.seconds < 3
    assert levels.loudness == pytest.approx(LOUDNESS, abs=2.5)


def test_the_same_words_are_rendered_once(speaker):
    first = speaker.speak("Bonjour", "fr")
    (file,) = speaker.folder.iterdir()
    file.write_bytes(b"from the cache")

    assert first != b"from the cache"
    assert speaker.speak("Bonjour", "fr") == b"from the cache"
    assert speaker.speak("Bonjour", "en") != b"from the cache"


def test_many_threads_may_speak_at_once(speaker):
    texts = [f"Rang {n % 4}" for n in range(24)]

    with ThreadPoolExecutor(8) as pool:
        sounds = list(pool.map(lambda text: speaker.speak(text, "fr"), texts))

    assert all(len(sound) > 2_000 for sound in sounds)
    assert len(list(speaker.folder.iterdir())) == 4


@pytest.mark.parametrize(
    "text", ["", "?!…", "🎭", "<volume level='0'>chut</volume>", "&amp;", "a\x00b", "日本", "Káťa"]
)
def test_odd_text_does_not_break_it(speaker, text):
    assert isinstance(speaker.speak(text, "fr"), bytes)


def test_a_language_it_does_not_speak_is_named(speaker):
    with pytest.raises(NoSyntheticVoice):
        speaker.speak("Dobrý den", "cs")


def test_a_prompt_with_slots_is_heard_on_the_stream(speaker):
    voice = Voice(Catalogue.load(), speaker=speaker)

    assert len(voice.sound("general.help", {}, "fr")) > 3 * 8_000
