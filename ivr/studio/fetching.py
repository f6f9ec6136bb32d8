"""Fetching a recording from the carrier, or having it erased there: at its own address only, built from the id."""

from __future__ import annotations

import re
import time

import requests

from ivr.desk.bridge import Line

LARGEST_SOUND = 20_000_000
LONGEST_FETCH_SECONDS = 6.0
TRIES, PAUSE_SECONDS = 3, 0.7
"""The carrier calls us before its file is ready (Twilio docs, Recordings: a short delay is normal)."""
_RECORDING = re.compile(r"/Recordings/(RE[0-9a-zA-Z]{32})(?:\.(?:wav|mp3|json))?\Z")


class NotFetched(Exception):
    """Not a recording of our carrier's, not there yet, or too big."""


def fetch_recording(
    line: Line | None, address: str, *, tries: int = TRIES, seconds: float = LONGEST_FETCH_SECONDS
) -> bytes:
    """The sound of a recording. Only its id is taken from the address: host, account and path are our own."""
    found = _RECORDING.search(address.partition("?")[0])
    if line is None or found is None:
        raise NotFetched
    own = f"{line.api_url.rstrip('/')}/2010-04-01/Accounts/{line.account_sid}/Recordings/{found[1]}"
    for attempt in range(tries):
        sound = _get(f"{own}.wav", (line.account_sid, line.auth_token), seconds)
        if sound is not None:
            return sound
        if attempt < tries - 1:
            time.sleep(PAUSE_SECONDS)
    raise NotFetched


def erase_recording(line: Line, recording: str) -> bool:
    """Let the carrier erase a recording; True when it has none (any more), False when it could not be asked."""
    own = f"{line.api_url.rstrip('/')}/2010-04-01/Accounts/{line.account_sid}/Recordings/{recording}.json"
    try:
        answer = requests.delete(
            own, auth=(line.account_sid, line.auth_token), timeout=LONGEST_FETCH_SECONDS, allow_redirects=False
        )
    except requests.RequestException:
        return False
    return answer.status_code in (204, 404)


def _get(address: str, credentials: tuple[str, str], seconds: float) -> bytes | None:
    """The body; None when it is not there yet. Redirects are not followed: they could lead inside our own network."""
    try:
        with requests.get(
            address, auth=credentials, timeout=seconds, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code == 404:
                return None
            if answer.status_code != 200:
                raise NotFetched
            return _limited(answer)
    except requests.RequestException as error:
        raise NotFetched from error


def _limited(answer: requests.Response) -> bytes:
    sound = bytearray()
    for part in answer.iter_content(65_536):
        sound += part
        if len(sound) > LARGEST_SOUND:
            raise NotFetched
    return bytes(sound)
