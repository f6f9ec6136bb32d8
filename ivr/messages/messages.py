"""Messages: what the dialogue may do with what a caller records."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from booking import BookingError, BookingService
from ivr.desk.bridge import Line
from ivr.messages.sounds import Sounds, is_recording, recording_in
from ivr.records.messages import DRAFT, DROPPED, LEFT, MessageBook
from ivr.studio.fetching import LONGEST_FETCH_SECONDS, TRIES, NotFetched, fetch_recording
from prompts.incoming import Refused

PATH = "/heard-again/"
"""Under this path a caller's own recording is played to her, by an address that is good for minutes."""
GOOD_FOR = timedelta(minutes=10)
MOST_IN_A_CALL, MOST_IN_A_DAY = 3, 10
"""Messages of one call, and of one number: more fill the desk with noise."""

QUICKLY = (2, 2.5)
"""Tries and seconds while a caller waits to hear herself."""

_log = logging.getLogger(__name__)


class Messages:
    """Notes recordings, keeps or drops them, plays them back; `days` is how long they are kept, 0 takes none."""

    def __init__(
        self, book: MessageBook, sounds: Sounds, booking: BookingService, clock: Callable[[], datetime], *, days: int,
        line: Line | None = None, secret: Callable[[], str] = lambda: "", tell: Callable[[str], object] = str,
    ) -> None:  # fmt: skip
        self.book, self.sounds, self.days, self.line = book, sounds, days, line
        self._booking, self._clock, self._secret, self._tell = booking, clock, secret, tell

    # -- callflows.tools.Messages ----------------------------------------------------------------------------------

    def may_leave(self, call: str, caller: str) -> bool:
        """May one more be left, in this call and by this number?"""
        if self.book.count(call=call) >= MOST_IN_A_CALL:
            return False
        return not caller or self.book.count(caller=caller, since=self._clock() - timedelta(days=1)) < MOST_IN_A_DAY

    def knows_name(self, caller: str) -> bool:
        """Is there a name in the profile of this number?"""
        try:
            return any(customer.name for customer in self._booking.customers_among(phones=(caller,) if caller else ()))
        except BookingError:
            return False

    def note(self, recording: str, kind: str, call: str, caller: str, customer: str, language: str) -> str:
        """A recording was just made: a draft until `keep`, `drop` or the call's end.

        Its name; "" if it is none of the carrier's, or if the carrier has told already that it is empty.
        """
        name = recording_in(recording)
        if not name:
            return ""
        about = {"call": call, "caller": caller, "customer": customer or "", "language": language}
        if not self.book.note(name, kind=kind, **about):
            known = self.book.get(name)
            if known is None or known.state == DROPPED:
                return ""
        self.book.drop_drafts(call, kind, but=name)
        return name

    def keep(self, recording: str) -> None:
        """The caller leaves it; the desk is told."""
        self.book.settle(recording, LEFT)
        self.announce()

    def drop(self, recording: str) -> None:
        """The caller thought better of it: housekeeping erases it, here and at the carrier."""
        self.book.settle(recording, DROPPED)

    def erase_of(self, customer: str, caller: str) -> None:
        """Everything a person has recorded: sound and words at once; housekeeping asks the carrier until it is done."""
        for message in self.book.of_person(customer, caller):
            self.sounds.erase(message.id)
            self.book.erased_here(message.id)
        self.announce()

    def playable(self, recording: str) -> str:
        """The address under which it is played for the next minutes; "" when the carrier has it not ready yet."""
        return self.address(recording) if self.sounds.has(recording) or self.fetch(recording, quickly=True) else ""

    # -- told by the carrier, asked by others ----------------------------------------------------------------------

    def told(
        self, recording: str, kind: str, call: str, language: str, seconds: float, caller: str, customer: str
    ) -> None:
        """The carrier has a recording, whatever became of the call meanwhile; of no length, it is dropped."""
        if not is_recording(recording) or kind not in ("message", "name"):
            return
        about = {"caller": caller, "customer": customer, "language": language, "seconds": seconds}
        state = DRAFT if seconds > 0 else DROPPED
        if not self.book.note(recording, kind=kind, call=call, state=state, **about) and state == DROPPED:
            self.book.nothing_said(recording)

    def announce(self) -> None:
        """Open pages look again."""
        self._tell("messages")

    def fetch(self, recording: str, *, quickly: bool = False) -> bool:
        """Bring the sound into our folder; False when it cannot be had just now."""
        if self.sounds.has(recording):  # somebody died between keeping it and saying so
            self.book.fetched(recording, round(self.sounds.seconds(recording), 1))
            return True
        tries, seconds = QUICKLY if quickly else (TRIES, LONGEST_FETCH_SECONDS)
        try:
            original = fetch_recording(self.line, f"/Recordings/{recording}", tries=tries, seconds=seconds)
            self.book.fetched(recording, round(self.sounds.keep(recording, original), 1))
        except (NotFetched, Refused, OSError) as why:
            _log.warning("recording %s was not fetched: %s", recording, type(why).__name__)
            return False
        return True

    def address(self, recording: str) -> str:
        """A path that whoever knows it may play until it grows old."""
        until = int((self._clock() + GOOD_FOR).timestamp())
        return f"{PATH}{recording}-{until}-{self._seal(recording, until)}.wav"

    def behind(self, address: str) -> str:
        """The recording that such a path means; "" when it is old or nobody of ours has made it."""
        recording, _, rest = address.removeprefix(PATH).removesuffix(".wav").partition("-")
        until, _, seal = rest.partition("-")
        if not (is_recording(recording) and until.isascii() and until.isdigit() and len(until) < 12):
            return ""
        good = hmac.compare_digest(seal.encode(), self._seal(recording, int(until)).encode())
        return recording if good and self._clock().timestamp() <= int(until) else ""

    def _seal(self, recording: str, until: int) -> str:
        told = f"heard-again {recording} {until}".encode()
        return hmac.new(self._secret().encode(), told, hashlib.sha256).hexdigest()[:40]
