"""Tools: the parts of the house that a dialogue may use, handed in by whoever puts the house together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from booking import Clerk
from callflows.language import Flow
from callflows.understanding import Meaning, Programme

PARIS = ZoneInfo("Europe/Paris")


class Understand(Protocol):
    """Words to slots; `callflows.understanding.understand` has this shape."""

    def __call__(
        self,
        words: str,
        *,
        language: str,
        context: str,
        programme: Programme,
        today: date,
        options: Sequence[Mapping[str, Any]] = (),
        confidence: float | None = None,
    ) -> Meaning:
        """What these words mean as an answer to the question named by `context`."""


class Studio(Protocol):
    """What operators need to record a prompt by telephone."""

    def sign_in_by_pin(self, pin: str, caller: str) -> str | None:
        """The operator's name, or None for a wrong PIN or a locked line."""

    def prompt_by_number(self, number: int) -> str | None:
        """The key of the prompt with this number, or None."""

    def wording(self, key: str, language: str) -> str:
        """The text that the speaker should read."""

    def keep_recording(self, key: str, language: str, recording: str, who: str) -> str:
        """Fetch, trim and level a recording; the address of the draft take. Raises ValueError with its reason."""

    def publish(self, key: str, language: str, who: str) -> None:
        """Let callers hear the latest draft from the next call on."""


@dataclass(frozen=True)
class Tools:
    """The box office (for a holder, a clerk of one turn), the understanding, the programme, flows, clock, time zone."""

    clerk: Callable[[str], Clerk]
    understand: Understand
    programme: Callable[[], Programme]
    flows: dict[str, Flow]
    has_prompt: Callable[[str], bool]
    clock: Callable[[], datetime]
    languages: tuple[str, ...] = ("fr", "en")
    zone: ZoneInfo = PARIS
    studio: Studio | None = None
