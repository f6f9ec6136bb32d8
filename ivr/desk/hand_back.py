"""Back to the voice line: the seats an agent has found are offered by the machine, which sells them."""

from __future__ import annotations

from typing import Any

from booking import Hold
from callflows import CallState, Heard, Listen, Tools, advance
from ivr.desk.seats import DeskSeats

OFFER = "buy.offer"
RESUMED_AT = ["main_menu.menu", "buy_seats.best_seats"]
"""The very seats are held once more for the call itself, in one transaction, and then offered as ever."""


class CannotResume(Exception):
    """The machine cannot go on with this: `why` is forgotten, tariff, several or refused."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class HandBack:
    """Puts a call at the offer of seats that the desk holds; the carrier is told by whoever calls this."""

    def __init__(self, seats: DeskSeats, calls: Any, tools: Tools | None) -> None:
        self._seats, self._calls, self._tools = seats, calls, tools

    def resume(self, call_id: str, hold_id: str) -> CallState:
        """The seats are the call's again, and its next reply is the offer. Raises CannotResume; then all is as it was.

        Nothing is sold by this: the caller hears row, seats and price, and says yes or no. What the call was before is
        given back, for `undo`.
        """
        state, hold = self._state(call_id), self._hold(call_id, hold_id)
        self._seats.give_back(call_id)
        following = advance(_at_the_offer(state, hold), Heard(), self._tools)  # type: ignore[arg-type]  # see _state
        put = following.asked["prompt"] if following.asked else ""
        is_offered = put == OFFER and isinstance(following.answer.then, Listen)
        if not is_offered or not self._calls.save(following.to_json(), after=state.turn):
            self._seats.take_over(call_id)
            raise CannotResume("refused")
        return state

    def undo(self, call_id: str, before: CallState) -> bool:
        """The carrier could not do it: the seats are the desk's again, the call is what it was; False if it is over.

        The turn goes on by one: an answer to the offer, should she have heard it all the same, is none to what stands.
        """
        resumed = before.turn + 1
        stands = bool(self._calls.save({**before.to_json(), "turn": resumed + 1}, after=resumed))
        self._seats.take_over(call_id)
        return stands

    def _state(self, call_id: str) -> CallState:
        saved = self._calls.load(call_id) if self._calls is not None and self._tools is not None else None
        if saved is None:
            raise CannotResume("forgotten")
        return CallState.from_json(saved)

    def _hold(self, call_id: str, hold_id: str) -> Hold:
        holds = self._seats.of(call_id)
        hold: Hold | None = next((hold for hold in holds if hold.id == hold_id), None)
        if hold is None:
            raise CannotResume("refused")
        if len(holds) > 1:
            raise CannotResume("several")
        if hold.tariff not in ("", "full", hold.performance.tariffs[0]):
            raise CannotResume("tariff")
        return hold


def _at_the_offer(state: CallState, hold: Hold) -> CallState:
    """The call as if the caller had asked for these very seats; what was said before no longer counts."""
    evening = hold.performance
    said = {
        "intent": "book", "production": evening.production, "performance": evening.id,
        "date": evening.local.date().isoformat(), "quantity": len(hold.seats),
        "named": [seat.id for seat in hold.seats],
    }  # fmt: skip
    changed = {"said": said, "data": {}, "where": list(RESUMED_AT), "asked": None, "tries": 0, "history": [], "why": ""}
    return CallState.from_json({**state.to_json(), **changed})
