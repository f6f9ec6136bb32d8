"""Recordings: refused with a reason, trimmed with margins, brought to one loudness, made telephone sound."""

import audioop
import io
import wave

import numpy as np
import pytest

from prompts import mulaw, mulaw_wav
from prompts.audio import LOUDNESS, PEAK, prepare
from prompts.incoming import MOST_BYTES, MOST_SECONDS, Refused, read
from prompts.levels import measured


def reason(data):
    with pytest.raises(Refused) as refused:
        prepare(data)
    return refused.value.reason


def test_a_good_recording_is_trimmed_levelled_and_made_telephone_sound(studio):
    ready = prepare(studio.wav(studio.recording(before=0.7, after=0.9)))

    raw = mulaw_wav.unwrapped(ready.telephone)
    assert len(raw) / 8_000 == pytest.approx(1.65 + 0.08 + 0.16, abs=0.2)
    assert ready.loudness == pytest.approx(LOUDNESS, abs=1.5)
    assert ready.peak <= PEAK + 0.6


@pytest.mark.parametrize("level", [0.02, 0.1, 0.5, 0.9])
def test_loud_and_soft_speakers_come_out_equally_loud(studio, level):
    quiet_room = studio.recording(level=level) - studio.noise(0.0).sum()

    assert prepare(studio.wav(quiet_room)).loudness == pytest.approx(LOUDNESS, abs=1.5)


def test_the_master_keeps_what_the_telephone_cannot(studio):
    ready = prepare(studio.wav(studio.recording()))

    with wave.open(io.BytesIO(ready.master)) as master:
        assert (master.getframerate(), master.getnchannels(), master.getsampwidth()) == (48_000, 1, 2)


def test_a_recording_from_the_telephone_is_taken_too(studio):
    phone = studio.at(8_000)
    ready = prepare(mulaw_wav.wrapped(mulaw.encoded(phone.recording().astype(np.float32))))

    with wave.open(io.BytesIO(ready.master)) as master:
        assert master.getframerate() == 16_000
    assert ready.loudness == pytest.approx(LOUDNESS, abs=1.5)


def test_the_first_and_last_sound_keep_a_margin(studio):
    ready = prepare(studio.wav(studio.recording(before=2, after=2)))

    samples = mulaw.decoded(mulaw_wav.unwrapped(ready.telephone))
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    assert 0.04 <= loud[0] / 8_000 <= 0.2
    assert 0.1 <= (len(samples) - loud[-1]) / 8_000 <= 0.3


def test_a_short_yes_is_enough(studio):
    assert prepare(studio.wav(studio.recording(words=1))).seconds < 0.8


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("silent", lambda s: s.silence(2)),
        ("silent", lambda s: s.noise(2, 0.0003)),
        ("clipped", lambda s: np.clip(s.recording(level=0.9) * 4, -1, 1)),
        ("clipped", lambda s: np.clip(s.recording(level=0.9) * 4, -1, 1) * 0.975),
        ("hum", lambda s: s.recording() + s.hum(len(s.recording()) / 48_000)),
        ("hum", lambda s: s.recording() + s.hum(len(s.recording()) / 48_000, mains=60)),
        ("noisy", lambda s: s.recording() + s.noise(len(s.recording()) / 48_000, 0.05)),
        ("noisy", lambda s: s.noise(3, 0.2)),
        ("too_short", lambda s: s.voice(words=1)[:4_000]),
        ("gaps", lambda s: np.concatenate([s.voice(), s.noise(4), s.voice()])),
        ("too_long", lambda s: np.concatenate([s.voice(words=210) + 0])),
    ],
)
def test_what_callers_should_not_hear_is_refused_by_name(studio, name, sound):
    assert reason(studio.wav(sound(studio))) == name


def test_a_loud_recording_that_touches_the_top_is_not_clipped(studio):
    prepare(studio.wav(studio.recording(level=0.999)))


@pytest.mark.parametrize(
    "options",
    [
        ("-f", "mp3"), ("-f", "flac"), ("-f", "ogg", "-c:a", "libopus"), ("-f", "webm", "-c:a", "libopus"),
        ("-f", "aiff"), ("-f", "wav", "-c:a", "adpcm_ms"),
    ],
)  # fmt: skip
def test_what_browsers_and_studios_make_can_be_read(studio, options):
    data = studio.encoded(studio.recording(), *options)

    assert read(data).seconds == pytest.approx(3.25, abs=0.2)
    assert prepare(data).loudness == pytest.approx(LOUDNESS, abs=1.5)


@pytest.mark.parametrize(("width", "channels"), [(2, 1), (2, 2), (4, 1), (4, 2)])
def test_plain_wav_of_every_width_is_read_alike(studio, width, channels):
    sound = read(studio.wav(studio.recording(level=0.5), width, channels))

    assert np.max(np.abs(sound.samples)) == pytest.approx(0.5, abs=0.01)
    assert (sound.rate, round(sound.seconds, 1)) == (48_000, 3.2)


def odd_files(studio):
    wav = studio.wav(studio.recording())
    return {
        "empty": b"",
        "unknown_format": b"hello, this is no sound",
        "unreadable": b"RIFF\x24\x00\x00\x00WAVEjunk" + bytes(24),
        "polyglot": wav + b"PK\x03\x04 something else",
    }


@pytest.mark.parametrize("name", ["empty", "unknown_format", "unreadable", "polyglot"])
def test_odd_files_are_refused_by_name(studio, name):
    assert reason(odd_files(studio)[name]) == name


@pytest.mark.parametrize(
    "data",
    [
        b"ID3" + bytes(30), b"fLaC" + bytes(100), b"OggS" + bytes(100), b"\x1aE\xdf\xa3" + bytes(50),
        bytes(4) + b"ftypM4A " + bytes(50), b"RIFF", b"RIFF\x00\x00\x00\x00WAVE", b"FORM" + bytes(40),
    ],
)  # fmt: skip
def test_broken_files_of_every_kind_are_unreadable(data):
    assert reason(data) in ("unreadable", "unknown_format")


@pytest.mark.parametrize(
    "stowaway", [b"%PDF-1.7", b"<script>alert(1)</script>", b"<?php ?>", b"PK\x05\x06" + bytes(18)]
)
def test_a_file_that_is_two_things_is_refused(studio, stowaway):
    mp3 = studio.encoded(studio.recording(), "-f", "mp3")

    assert reason(mp3 + stowaway) == "polyglot"


def test_a_playlist_opens_no_other_file(tmp_path):
    """ffmpeg would follow the addresses in it; here it is not even asked."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")

    assert reason(b"#EXTM3U\n#EXTINF:1,\nfile://" + str(secret).encode()) == "unknown_format"


def test_too_big_and_too_long_are_refused_before_much_work(studio):
    slow = studio.at(8_000)

    assert reason(b"RIFF" + bytes(MOST_BYTES)) == "too_big"
    assert reason(slow.wav(slow.silence(MOST_SECONDS + 5))) == "too_long"


def test_a_wav_whose_length_was_not_yet_known_is_read(studio):
    """A carrier that streams a recording writes 0 or all ones where the length belongs."""
    wav = bytearray(studio.wav(studio.recording()))
    wav[4:8] = b"\xff\xff\xff\xff"

    assert read(bytes(wav)).seconds == pytest.approx(3.25, abs=0.1)


def test_mulaw_is_that_of_the_standard_library():
    every = np.arange(-32_768, 32_768, dtype=np.int16)
    codes = bytes(range(256))

    assert mulaw.encoded(mulaw.as_floats(every)) == audioop.lin2ulaw(every.tobytes(), 2)
    assert mulaw.as_int16(mulaw.decoded(codes)).tobytes() == audioop.ulaw2lin(codes, 2)


def test_a_telephone_wav_is_read_back_byte_for_byte():
    for size in (0, 1, 160, 8_001):
        raw = bytes(range(256)) * 40
        assert mulaw_wav.unwrapped(mulaw_wav.wrapped(raw[:size])) == raw[:size]


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WAVE", b"nothing of the kind, but long enough"])
def test_what_is_no_telephone_wav_says_so(data):
    with pytest.raises(mulaw_wav.NotTelephoneSound):
        mulaw_wav.unwrapped(data)


def test_a_pcm_wav_is_no_telephone_wav(studio):
    with pytest.raises(mulaw_wav.NotTelephoneSound):
        mulaw_wav.unwrapped(studio.wav(studio.voice()))


def test_levels_of_nothing_are_the_floor():
    levels = measured(np.zeros(0, dtype=np.float32), 8_000)

    assert (levels.peak, levels.loudness, levels.hum, levels.clipped) == (-100, -100, -100, 0)
