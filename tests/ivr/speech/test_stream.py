"""Twilio's media messages, read and written; what no network sends is refused by name."""

from __future__ import annotations

import base64
import json

import pytest

from ivr.telephony import stream

START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"ticket": "abc"},
    },
}


def said(**fields: object) -> str:
    """One message as the network writes it."""
    return json.dumps({"sequenceNumber": "2", "streamSid": "MZ1", **fields})


def test_the_messages_of_a_call_are_read():
    payload = base64.b64encode(b"\xff" * 160).decode()
    media = {"track": "inbound", "chunk": "1", "timestamp": "20", "payload": payload}

    assert stream.read('{"event":"connected","protocol":"Call","version":"1.0.0"}') == stream.Connected()
    assert stream.read(json.dumps(START)) == stream.Started("MZ1", "CA1", "AC1", {"ticket": "abc"})
    assert stream.read(said(event="media", media=media)) == stream.Sound(b"\xff" * 160, 20)
    assert stream.read(said(event="dtmf", dtmf={"track": "inbound_track", "digit": "5"})) == stream.KeyPressed("5")
    assert stream.read(said(event="mark", mark={"name": "m"})) == stream.MarkReached("m")
    assert stream.read(said(event="stop", stop={"accountSid": "AC1", "callSid": "CA1"})) == stream.Stopped()
    assert stream.read(said(event="tomorrow")) == stream.Unknown("tomorrow")


@pytest.mark.parametrize(
    ("garbage", "reason"),
    [
        (b"\x00\x01", "binary"),
        ("x" * 30_000, "too long"),
        ("{", "not JSON"),
        ("[" * 15_000, "not JSON"),
        ("[]", "not an object"),
        (said(event="media"), "no media"),
        (said(event="media", media={"payload": "%%%"}), "not base64"),
        (said(event="media", media={"payload": "A" * 12_000}), "payload too long"),
        (said(event="media", media={"payload": 5}), "bad payload"),
        (said(event="dtmf", dtmf={"digit": "55"}), "no key"),
        (said(event="dtmf", dtmf={"digit": None}), "bad digit"),
        (said(event="mark", mark="m"), "no mark"),
        (said(event="start", start={"callSid": "CA1"}), "not µ-law at 8 kHz"),
    ],
)
def test_garbage_is_refused_by_name(garbage, reason):
    """The reason names the fault and never carries the content."""
    with pytest.raises(stream.GarbageFrame) as refused:
        stream.read(garbage)

    assert refused.value.reason == reason


def test_sound_of_another_track_is_not_the_caller():
    """A two-way stream carries only the inbound track; anything else is our own voice."""
    assert stream.read(said(event="media", media={"track": "outbound", "payload": ""})) == stream.Unknown(
        "media on another track"
    )


def test_what_we_send_is_what_twilio_documents():
    assert json.loads(stream.sound("MZ1", b"\x7f\xff")) == {
        "event": "media",
        "streamSid": "MZ1",
        "media": {"payload": "f/8="},
    }
    assert json.loads(stream.mark("MZ1", "t3")) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": "t3"}}
    assert json.loads(stream.clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}
