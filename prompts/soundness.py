"""Soundness: published takes are there, telephone sound, as loud as the house wants, without long silences."""

from __future__ import annotations

from collections.abc import Iterator

from prompts.audio import LONGEST_GAP, LOUDNESS
from prompts.faults import Fault
from prompts.levels import measured
from prompts.mulaw import decoded
from prompts.mulaw_wav import RATE, NotTelephoneSound, unwrapped
from prompts.takes import Published, Take, UnknownTake

TOLERANCE = 6.0
"""LU between a take and the house: a voice with sharp peaks is softer, none is louder."""


def faults_of_takes(published: Published) -> tuple[Fault, ...]:
    """What is wrong with the takes that callers hear now; a lost one is spoken, so nothing here ends a call."""
    return tuple(fault for take in published.takes.values() for fault in _faults(published, take))


def _faults(published: Published, take: Take) -> Iterator[Fault]:
    place = f"take {take.id} ({take.language})"
    try:
        raw = unwrapped(published.archive.folder.file(take.address).read_bytes())
    except UnknownTake:
        yield Fault(place, take.key, "its sound is lost", "bring the folder of takes back, or record it again")
        return
    except NotTelephoneSound as error:
        yield Fault(place, take.key, f"no telephone sound: {error}", "record it again")
        return
    levels = measured(decoded(raw), RATE)
    if abs(levels.loudness - LOUDNESS) > TOLERANCE:
        found = f"{levels.loudness:.0f} LUFS instead of {LOUDNESS:.0f}"
        yield Fault(place, take.key, found, "record it again, steadier", severe=False)
    if levels.longest_gap > LONGEST_GAP:
        found = f"{levels.longest_gap:.1f} s of silence inside"
        yield Fault(place, take.key, found, "record it again, or cut it", severe=False)
