"""Recording: a sound file becomes the draft take of a prompt; the one way for studio, telephone and command line."""

from __future__ import annotations

from datetime import datetime

from prompts.audio import prepare
from prompts.catalogue import Catalogue
from prompts.incoming import Refused
from prompts.recordable import recordable
from prompts.takes import Draft, Take, Takes

__all__ = ["Refused", "record"]


def record(
    takes: Takes, catalogue: Catalogue, key: str, language: str, data: bytes, *, by: str, source: str, at: datetime
) -> Take:
    """Judge, trim, level and keep a recording; raises Refused, for an unknown key too (unknown_prompt)."""
    one = recordable(catalogue, key, language)
    if one is None:
        raise Refused("unknown_prompt", key=key, language=language)
    ready = prepare(data)
    address = takes.folder.keep(ready.telephone, ready.master)
    return takes.book.add(
        Draft(
            key=one.key,
            language=language,
            words=one.words,
            address=address,
            seconds=ready.seconds,
            loudness=ready.loudness,
            peak=ready.peak,
            source=source,
            recorded_by=by,
            recorded_at=at,
        )
    )
