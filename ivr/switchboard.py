"""The switchboard: take_turn, again, hang_up; the one door through which every call passes, however it is heard."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from callflows import CallState, Heard, Reply, Say, Tools, Transfer, advance, begin
from ivr.incoming import BEGINNING, Incoming

if TYPE_CHECKING:
    from ivr.callstore import CallStore
    from ivr.journal import Journal
    from ivr.profiles import Profiles

_log = logging.getLogger(__name__)


class Switchboard:
    """Takes each turn of each call exactly once, and says the same again when it is asked again."""

    def __init__(
        self,
        calls: CallStore,
        tools: Tools,
        journal: Journal,
        profiles: Profiles,
        *,
        language: str = "fr",
        studio_number: str = "",
    ) -> None:
        self._calls, self._tools, self._journal, self._language = calls, tools, journal, language
        self._profiles, self._studio_number = profiles, studio_number

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        """Answer what the caller did in `turn` (BEGINNING: dial); gives the reply and the turn that may answer it.

        A turn is taken once: a repetition, early, late or at the same moment, hears the reply that was given.
        """
        started = time.perf_counter()
        saved = self._calls.load(incoming.call_id)
        if saved is None:
            return self._answer(self._begin(incoming, interrupted=turn != BEGINNING))
        state = CallState.from_json(saved)
        if turn != state.turn:
            return self._answer(state)
        following = self._advanced(state, heard)
        reply, turn = self._answer(following)
        line = self._line(state, following, reply, heard, started)
        if not self._calls.save(following.to_json(), after=state.turn, told=[line]):
            return self._answer(self._standing(incoming.call_id) or self._too_late(following))
        return reply, turn

    def again(self, call_id: str) -> tuple[Reply, int] | None:
        """The last reply once more, taking no turn; None for a call that nobody remembers."""
        state = self._standing(call_id)
        return self._answer(state) if state else None

    def hang_up(self, call_id: str) -> None:
        """The call is over: what was only held is let go. Harmless when repeated.

        A turn that is kept after its seats were let go makes another round: what it has held is let go as well. And one
        that comes after the last round finds no call to be kept in (see `_too_late`).
        """
        while True:
            state = self._standing(call_id)
            turn = state.turn if state else None
            self._tools.clerk(call_id).release_all(request=f"{call_id}:ended:{turn}")
            if state and state.caller.get("customer") and state.language != state.caller.get("language"):
                self._profiles.speaks(state.caller["customer"], state.language)
            if self._calls.forget(call_id, after=turn, told=[self._journal.ended(call_id)]):
                return

    def _begin(self, incoming: Incoming, *, interrupted: bool) -> CallState:
        started = time.perf_counter()
        profile = self._profiles.of(incoming.caller)
        customer, spoken = (profile.id, profile.language) if profile else ("", "")
        language = incoming.language or spoken or self._language
        caller = {"phone": incoming.caller, "called": incoming.called, "customer": customer, "language": language}
        first = {"first": "record_prompts.pin"} if self._is_studio(incoming.called) else {}
        state = begin(incoming.call_id, caller, self._tools, interrupted=interrupted, **first)
        line = self._line(None, state, state.answer, Heard(), started)
        if not self._calls.save(state.to_json(), after=None, told=[self._journal.begun(incoming, customer), line]):
            return self._standing(incoming.call_id) or state
        return state

    def _is_studio(self, called: str) -> bool:
        return bool(self._studio_number) and called == self._studio_number

    def _advanced(self, state: CallState, heard: Heard) -> CallState:
        """The next state; our own mistakes lead to a person, a lost database is the edge's to tell."""
        try:
            return advance(state, heard, self._tools)
        except DBAPIError:
            raise
        except Exception:
            _log.exception("call %s, turn %s: a mistake of ours; a person takes over", state.call, state.turn)
            return _rescued(state)

    def _too_late(self, state: CallState) -> CallState:
        """The caller hung up while we worked: what this turn has held is let go."""
        self._tools.clerk(state.call).release_all(request=f"{state.call}:{state.turn}:too late")
        return state

    def _standing(self, call_id: str) -> CallState | None:
        saved = self._calls.load(call_id)
        return CallState.from_json(saved) if saved else None

    def _answer(self, state: CallState) -> tuple[Reply, int]:
        return state.answer, state.turn

    def _line(self, before: CallState | None, after: CallState, reply: Reply, heard: Heard, started: float) -> str:
        return self._journal.answered(
            call=after.call,
            turn=after.turn,
            step=before.asked["step"] if before and before.asked else "",
            heard=heard,
            reply=reply,
            outcome=after.where[-1] if after.where else "",
            milliseconds=round((time.perf_counter() - started) * 1000, 2),
            said=after.said,
            secret=before is not None and before.asks_a_secret,
        )


def _rescued(state: CallState) -> CallState:
    """A person takes over, with everything that was said."""
    following = state.next_turn()
    following.why, following.asked = "trouble", None
    says = (Say("general.sorry"), Say("agent.connecting"))
    then = Transfer("trouble", following.summary())
    following.reply = Reply(says, then, state.language, state.pace).to_json()
    return following
