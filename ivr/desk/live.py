"""Live pages: server-sent events that say «something changed»; the page then asks for the fragment it shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from time import monotonic

from flask import Response

from ivr.desk.queue import Away, WaitingRoom

LONGEST_STREAM_SECONDS = 240
"""The browser comes back by itself; meanwhile a deploy, a sign-out or a changed role takes effect."""


class Live:
    """Streams for open pages, as many as this process has threads to spare; the others poll."""

    def __init__(self, room: WaitingRoom, most: int) -> None:
        self._room, self._places = room, BoundedSemaphore(max(1, most))

    def stream(self, still_here: Callable[[], None]) -> Response:
        """An event stream; 204 when all places are taken, which tells the browser not to try again."""
        if not self._places.acquire(blocking=False):
            return Response(status=204)
        response = Response(self._lines(still_here), mimetype="text/event-stream")
        response.call_on_close(self._places.release)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response

    def _lines(self, still_here: Callable[[], None]) -> Iterator[str]:
        yield "retry: 3000\n\n"
        end = monotonic() + LONGEST_STREAM_SECONDS
        try:
            for event in self._room.events():
                still_here()
                yield f"data: {json.dumps(event)}\n\n" if event else ": still here\n\n"
                if monotonic() > end:
                    return
        except Away:
            return
