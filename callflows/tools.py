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


class Messages(Protocol):
    """What a caller needs to leave a message; recordings go by name."""

    days: int
    """How long a message is kept; 0: none is taken."""

    def may_leave(self, call: str, caller: str) -> bool:
        """May one more be left?"""

    def knows_name(self, caller: str) -> bool:
        """Does the house know what the caller is called?"""

    def note(self, recording: str, kind: str, call: str, caller: str, customer: str, language: str) -> str:
        """A recording («message» or «name») was made, at this address: a draft, left unless it is dropped.

        Gives its name; "" if the address is not the carrier's.
        """

    def keep(self, recording: str) -> None:
        """The caller leaves it."""

    def drop(self, recording: str) -> None:
        """The caller thought better of it."""

    def playable(self, recording: str) -> str:
        """Where it can be played just now; "" if it cannot be had yet."""


class Consents(Protocol):
    """What callers are asked once: may the house keep what it hears?"""

    days: int
    """How long it would be kept."""

    def is_due(self, caller: str) -> bool:
        """Should this caller be asked?"""

    def answered(self, caller: str, answer: str, call: str, language: str) -> bool:
        """«yes», «no» or «none»; False if it could not be written down."""

    def withdraw(self, caller: str, *, call: str = "") -> bool:
        """What was kept is erased, and nothing kept any more; False for a caller nobody knows."""


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
    messages: Messages | None = None
    consents: Consents | None = None
    desk: Callable[[], str] | None = None
    """How the people at the desk are: «open», «away» when nobody is there, «busy» when it takes long, or «unused»."""
