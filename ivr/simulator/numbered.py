"""The carrier's number for a value that an attribute does not allow (Twilio docs, «Error and Warning Dictionary»)."""

from __future__ import annotations

SCHEMA = 12200

WARNED = {
    "Conference": {
        "beep": 13235,
        "endConferenceOnExit": 13231,
        "muted": 13230,
        "startConferenceOnEnter": 13232,
        "trim": 13239,
        "waitMethod": 13234,
    },
    "Dial": {
        "answerOnBridge": 13219,
        "callerId": 13214,
        "hangupOnStar": 13213,
        "method": 13210,
        "record": 13217,
        "recordingStatusCallbackEvent": 13621,
        "recordingTrack": 13622,
        "sequential": 13218,
        "timeLimit": 13216,
        "timeout": 13212,
        "trim": 13699,
    },
    "Gather": {
        "actionOnEmptyResult": 13338,
        "bargeIn": 13332,
        "finishOnKey": 13310,
        "hints": 13330,
        "input": 13326,
        "maxSpeechTime": 13328,
        "method": 13312,
        "numDigits": 13314,
        "partialResultCallbackMethod": 13329,
        "profanityFilter": 13333,
        "speechTimeout": 13327,
        "timeout": 13313,
    },
    "Number": {"method": 13221, "sendDigits": 13222},
    "Pause": {"length": 13910},
    "Play": {"digits": 13430, "loop": 13410},
    "Record": {
        "finishOnKey": 13613,
        "maxLength": 13612,
        "method": 13610,
        "playBeep": 13616,
        "recordingStatusCallbackEvent": 13621,
        "timeout": 13611,
        "transcribe": 13614,
        "trim": 13699,
    },
    "Redirect": {"method": 13710},
    "Reject": {"reason": 13810},
    "Say": {"loop": 13510, "voice": 13511},
    "Sip": {"method": 13241},
}

VALUES = frozenset(number for attributes in WARNED.values() for number in attributes.values())
"""All of them: each is a breach of the schema as well, which some tools only report as 12200."""


def number_of(element: str, attribute: str) -> int:
    """The number for a wrong value there; 12200 where there is none of its own."""
    return WARNED.get(element, {}).get(attribute, SCHEMA)
