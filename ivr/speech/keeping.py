"""Keeping what was heard, to improve it: off unless the house says so, only with the caller's consent, for a time.

A file pair per answer: `<day>/<call's hash>-<turn>-<caller's hash>.ulaw` and `.json` (what was understood, in which
context). A secret answer (card, PIN) is never kept. `forget_old` is for housekeeping; `forget` erases one call on
request, `forget_caller` everything of one caller who has taken her consent back.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.speech.ears import Ears

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Keeper:
    """Keeps answers under `folder` for `days`; `consents` says which customer, calling here, has agreed; "" if none."""

    folder: Path
    days: int
    consents: Callable[[str], str]
    clock: Callable[[], datetime]

    def keep(self, call_id: str, turn: int, ears: Ears) -> Path | None:
        """Keep the answer just heard, if it may be kept; gives where."""
        question, sound = ears.answered, ears.answer_sound
        if self.days <= 0 or question is None or question.secret or not sound:
            return None
        caller = self.consents(call_id)
        if not caller:
            return None
        about = {
            "language": question.language,
            "context": question.context,
            "heard": ears.guess.text,
            "believed": ears.matched.words,
            "confidence": ears.matched.confidence,
        }
        try:
            return self._write(f"{_name(call_id)}-{turn:03}-{_name(caller)}", sound, about)
        except OSError as error:
            _log.error("an answer could not be kept: %s", error)
            return None

    def _write(self, name: str, sound: bytes, about: dict[str, Any]) -> Path:
        folder = self.folder / self.clock().date().isoformat()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{name}.ulaw"
        path.write_bytes(sound)
        path.with_suffix(".json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        return path

    def forget(self, call_id: str) -> int:
        """Erase what was kept of one call; gives how many files."""
        return _erase(self.folder.glob(f"*/{_name(call_id)}-*"))

    def forget_caller(self, customer: str) -> int:
        """Erase everything that was kept of one customer; gives how many files."""
        return _erase(self.folder.glob(f"*/*-{_name(customer)}.*"))

    def forget_old(self) -> int:
        """Erase what is older than `days`, all of it when nothing is to be kept; gives how many files."""
        first = (self.clock().date() - timedelta(days=self.days)).isoformat() if self.days > 0 else "9999-99-99"
        return sum(_erase(day.iterdir()) for day in sorted(self.folder.glob("????-??-??")) if day.name < first)


def _name(call_id: str) -> str:
    return hashlib.sha256(call_id.encode()).hexdigest()[:24]


def _erase(paths: Any) -> int:
    gone = [path.unlink(missing_ok=True) for path in list(paths)]
    return len(gone)


def keeper_in(settings: Settings, clock: Callable[[], datetime], who: Callable[[str], str] = lambda call: "") -> Keeper:
    """Keeps in `heard` in the data folder for KEEP_HEARD_DAYS; without `who`, for whoever only erases."""
    return Keeper(settings.data / "heard", settings.keep_heard_days, who, clock)
