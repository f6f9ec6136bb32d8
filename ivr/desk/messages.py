"""Messages as agents see them: who, when, what was said in the call before, the sound, its transcript, what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booking import Customer
from ivr.desk.conversation import Conversation, Conversations, Line
from ivr.desk.glance import Glances
from ivr.messages import Messages
from ivr.messages.names import name_from
from ivr.messages.sounds import NoSuchSound
from ivr.records.accounts import Account, StaffAudit
from ivr.records.messages import DRAFT, LEFT, Message

DEEDS = ("take", "give_back", "called", "done", "undo")
LAST_WORDS = 4
LAST_TURNS = 12
"""So far back those words are looked for."""
POOR_ENGINES = ("pocketsphinx",)
"""Half of what they write is wrong; agents are told."""


@dataclass(frozen=True)
class Letter:
    """One message, and whatever helps to deal with it."""

    message: Message
    profile: Customer | None
    name: str
    """From the profile; empty when the house does not know it."""
    heard_name: str
    """What the caller seems to have said her name was."""
    spoken_name: Message | None
    """The recording of her name."""
    said: dict[str, Any]
    lines: tuple[Line, ...]

    @property
    def is_poor(self) -> bool:
        """Was the transcript made by an engine that is half wrong?"""
        return self.message.engine in POOR_ENGINES


class MessageDesk:
    """What agents do with messages."""

    def __init__(
        self, messages: Messages | None, conversations: Conversations, glances: Glances, audit: StaffAudit
    ) -> None:
        self._messages, self._conversations, self._glances, self._audit = messages, conversations, glances, audit

    def waiting(self) -> int | None:
        """How many nobody has dealt with; None where no messages are taken."""
        if self._messages is None or self._messages.days <= 0:
            return None
        return self._messages.book.waiting()

    def letters(self, *, done: bool = False) -> tuple[Letter, ...]:
        """Those to be dealt with, oldest first; or those done, the latest first."""
        if self._messages is None:
            return ()
        found = self._messages.book.left(done=done)
        calls = {message.call for message in found}
        told, names = self._conversations.several(calls, last=LAST_TURNS), self._messages.book.names_of(calls)
        profiles = self._glances.profiles_of({message.caller for message in found})
        return tuple(
            _letter(message, told[message.call], names.get(message.call), profiles.get(message.caller))
            for message in found
        )

    def mark(self, recording: str, deed: str, agent: Account) -> bool:
        """One of DEEDS; False when another agent was quicker, or there is no such message."""
        if self._messages is None or not self._messages.book.mark(recording, agent.name, deed):
            return False
        self._audit.note(agent.name, f"message_{deed}", recording)
        return True

    def wav(self, recording: str) -> bytes:
        """The sound of a message that was left, or of a name, for a browser; raises NoSuchSound."""
        message = self._messages.book.get(recording) if self._messages else None
        heard = message is not None and message.state in ((LEFT,) if message.kind == "message" else (LEFT, DRAFT))
        if self._messages is None or not heard:
            raise NoSuchSound(recording)
        return self._messages.sounds.wav(recording)

    def of(self, recording: str) -> Message | None:
        """One message."""
        return self._messages.book.get(recording) if self._messages else None


def _letter(message: Message, call: Conversation, spoken: Message | None, profile: Customer | None) -> Letter:
    told = tuple(line for line in call.lines if line.who == "caller" and line.text)
    return Letter(
        message=message, profile=profile, name=profile.name if profile else "",
        heard_name=name_from(spoken.words, spoken.language) if spoken else "", spoken_name=spoken,
        said=call.said, lines=told[-LAST_WORDS:],
    )  # fmt: skip
