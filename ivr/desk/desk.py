"""Desk: what an agent can do with a caller; it speaks to the queue, the seats, the carrier and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from booking import BookingError
from ivr.desk.after_sales import AfterSales
from ivr.desk.basket import Baskets
from ivr.desk.bridge import Bridge, CarrierRefused
from ivr.desk.conversation import Conversations
from ivr.desk.duty import Duty
from ivr.desk.figures import Figures, figures
from ivr.desk.glance import Glance, Glances
from ivr.desk.hand_back import CannotResume, HandBack
from ivr.desk.people import People
from ivr.desk.queue import Waiting, WaitingRoom
from ivr.desk.search import Search
from ivr.desk.seats import DeskSeats
from ivr.desk.till import Till
from ivr.pages.parts import Parts
from ivr.records.accounts import Account, Accounts, StaffAudit
from ivr.records.notes import Notes

Outcome = TypeVar("Outcome")
log = logging.getLogger(__name__)


class NotYours(Exception):
    """This caller is with another agent, or gone."""


class WithVoiceLine(NotYours):
    """She was given back to the voice line, which has her seats and is selling them."""


class AlreadyTaken(Exception):
    """Another agent was quicker, the caller has hung up, or you have a caller already."""


class NoTelephone(Exception):
    """There is no number to ring, or no line to ring it with."""


class Desk:
    """One door for everything an agent does."""

    def __init__(self, parts: Parts) -> None:
        self.room = WaitingRoom(parts.redis, parts.clock)
        self.duty = Duty(parts.redis, parts.clock, self.room)
        self.booking, self.seats = parts.booking, DeskSeats(parts.booking)
        self.conversations = Conversations(parts.journal, parts.voice)
        self.notes = Notes(parts.engine, parts.clock)
        self.people = People(parts.booking, self.conversations, self.notes, parts.regions[0], parts.messages)
        self.glances = Glances(self.conversations, self.seats, parts.booking, self.people, parts.clock)
        self.till, self.after_sales = Till(self.seats, parts.booking), AfterSales(self.seats, parts.booking)
        self.baskets = Baskets(parts.redis)
        self.search = Search(parts.tools) if parts.tools else None
        self._hand_back = HandBack(self.seats, parts.calls, parts.tools)
        self.accounts = Accounts(parts.engine, parts.clock)
        self._audit = StaffAudit(parts.engine, parts.clock)
        self._bridge = Bridge(parts.line, parts.public_url) if parts.line else None

    def waiting(self) -> tuple[Glance, ...]:
        """The cards of everybody who waits, in order."""
        return self.glances.several(self.room.list())

    def mine(self, agent: Account) -> Glance | None:
        """The card of the caller this agent has, with the whole conversation."""
        caller = self.room.with_agent(agent.name)
        return self.glances.of(caller, lines=200) if caller else None

    def take(self, call_id: str, agent: Account) -> None:
        """Claim and ring; her seats stay hers until they talk. Raises NoTelephone, AlreadyTaken or CarrierRefused."""
        if self._bridge is None or not agent.phone:
            raise NoTelephone
        if not self.room.claim(call_id, agent.name):
            raise AlreadyTaken
        try:
            self._bridge.ring(call_id, agent.phone)
        except CarrierRefused as refused:
            self.room.release(call_id, agent.name)
            self._audit.note(agent.name, "ringing_failed", call_id, code=refused.code)
            raise
        self._audit.note(agent.name, "took_caller", call_id)

    def answered(self, call_id: str) -> None:
        """They talk: from now on a lost line loses no seats. Whoever hung up while it rang has let hers go."""
        self.room.answered(call_id)
        try:
            self.seats.take_over(call_id)
        except (BookingError, SQLAlchemyError) as error:
            log.warning("seats stay with the call for now: %s", type(error).__name__)

    def back_to_queue(self, call_id: str, agent: Account) -> None:
        """The caller waits again, at the old place. Raises NotYours, WithVoiceLine or CarrierRefused."""
        if self._mine(call_id, agent).left == "voice":
            raise WithVoiceLine
        if self._bridge is None:
            raise NoTelephone
        self._bridge.back(call_id)
        self.not_reached(call_id)
        self._audit.note(agent.name, "put_back", call_id)

    def done(self, call_id: str, agent: Account, reason: str, outcome: str, words: str, request: str) -> None:
        """The caller has been served: why she rang and what came of it is kept; unsold seats are free again.

        Raises NotYours; then what was written is kept all the same, as a note about the call.
        """
        caller = self.room.find(call_id)
        customer = self.people.of_call(caller) if caller else None
        about = {"customer": customer.id if customer else "", "call": call_id}
        self.notes.add(agent.name, request=request, reason=reason, outcome=outcome, words=words, **about)
        self._mine(call_id, agent)
        self.seats.let_go(call_id)
        self.room.done(call_id)
        self.baskets.forget(call_id)
        self._audit.note(agent.name, "done", call_id, reason=reason, outcome=outcome)

    def to_voice(self, call_id: str, hold_id: str, agent: Account) -> None:
        """The voice line goes on with these seats, at the offer. Raises NotYours, CannotResume or CarrierRefused."""
        caller = self._mine(call_id, agent)
        if caller.left == "voice":
            return  # pressed twice
        if self._bridge is None or caller.state != "talking":
            raise CannotResume("hung_up")
        if not self.room.leave(call_id, "voice"):
            return  # pressed twice at the same moment
        try:
            self._give_back(call_id, hold_id, self._bridge)
        except Exception as error:
            self.room.talks_on(call_id)
            if isinstance(error, CannotResume) and error.why == "hung_up":
                self.room.leave(call_id, "hung_up")
            raise
        self.baskets.forget(call_id)
        self._audit.note(agent.name, "gave_to_voice", call_id)

    def _give_back(self, call_id: str, hold_id: str, bridge: Bridge) -> None:
        """To the offer, and then out of the talk; if either fails, all is as it was."""
        before = self._hand_back.resume(call_id, hold_id)
        try:
            bridge.back(call_id)
        except CarrierRefused as refused:
            if not self._hand_back.undo(call_id, before):
                raise CannotResume("hung_up") from refused
            raise

    def not_reached(self, call_id: str) -> None:
        """The agent's telephone did not answer, or she declined."""
        self.seats.give_back(call_id)
        self.room.release(call_id)

    def name_caller(self, number: str, name: str, agent: Account) -> None:
        """What this caller is called from now on; raises BookingError, BadWish if there is no number to name."""
        profile = self.booking.customer(number)
        self.booking.change_customer(profile.id, name=name)
        self._audit.note(agent.name, "named_caller", profile.id)

    def deed(self, did: str, call_id: str, agent: Account, work: Callable[[], Outcome]) -> Outcome:
        """Something is done for the caller this agent serves, and written down. Raises NotYours or BookingError."""
        if self._mine(call_id, agent).left == "voice":
            raise WithVoiceLine
        try:
            outcome = work()
        except BookingError as error:
            self._audit.note(agent.name, f"{did}_failed", call_id, why=type(error).__name__)
            raise
        self._audit.note(agent.name, did, call_id, reference=getattr(outcome, "reference", ""))
        self.room.tell("seats")
        return outcome

    def noted(self, agent: Account, did: str, what: str) -> None:
        """One line in the log of who did what."""
        self._audit.note(agent.name, did, what)

    def figures(self) -> Figures:
        """The queue in numbers."""
        return figures(self.room, self.duty)

    @property
    def can_ring(self) -> bool:
        """Is there a line to ring agents with?"""
        return self._bridge is not None

    def change_phone(self, agent: Account, number: str) -> None:
        """The telephone on which this agent is rung from now on."""
        self.accounts.set_phone(agent.name, number)
        self._audit.note(agent.name, "changed_phone")

    def language_of(self, agent: str) -> str:
        """The language an agent is spoken to."""
        return self.accounts.named(agent).language

    def _mine(self, call_id: str, agent: Account) -> Waiting:
        caller = self.room.find(call_id)
        if caller is None or caller.agent != agent.name:
            raise NotYours
        return caller
