"""What is asked again and again is learnt by the nursery, so that decoders are born with its grammar.

A question of two thousand phrases takes 60 ms and some megabytes to be made ready, and composing its graph takes as
long again as hearing a short answer; without this, in every decoder anew.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable

from ivr.speech.recogniser import Question

TIMES = 2
"""A question asked so often will be asked again; lists that are read out to one caller are not."""
AGAIN = 50
"""And is taught anew after so many times more: the nursery may have let it go for something else."""
MOST_REMEMBERED = 512
MOST_WAITING = 32
"""Lessons that wait for a busy nursery; more are dropped, and given when the question comes again."""


class Teaching:
    """Counts questions and passes on what comes again; never waits for the nursery. For any thread."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._asked: OrderedDict[int, int] = OrderedDict()
        self._lessons: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None

    def asked(self, question: Question) -> None:
        """This question is being put to a caller."""
        if question.open or not question.phrases:
            return
        with self._lock:
            key = _key(question)
            times = self._asked[key] = self._asked.pop(key, 0) + 1
            if len(self._asked) > MOST_REMEMBERED:
                self._asked.popitem(last=False)
        if times % AGAIN == TIMES:
            self._teach(question)

    def expected(self, question: Question) -> None:
        """This question will be put to many callers."""
        with self._lock:
            known = self._asked.get(_key(question), 0) >= TIMES
            self._asked[_key(question)] = TIMES
        if not known:
            self._teach(question)

    def forget(self) -> None:
        """Another nursery begins, which knows nothing yet."""
        with self._lock:
            self._asked.clear()

    def _teach(self, question: Question) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._go_on, name="teaching", daemon=True)
                self._thread.start()
        try:
            self._lessons.put_nowait(json.dumps([question.language, question.phrases], ensure_ascii=False))
        except queue.Full:
            with self._lock:
                self._asked.pop(_key(question), None)

    def _go_on(self) -> None:
        while True:
            lesson = self._lessons.get()
            with contextlib.suppress(OSError, ValueError):  # it died; the next one begins anew
                self._tell(lesson)


def _key(question: Question) -> int:
    return hash((question.language, question.phrases))
