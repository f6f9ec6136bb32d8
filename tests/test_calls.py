"""Every written call: straight, with every delivery made twice, with a new worker for every turn, and over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from booking import Wish, read_hall
from callflows import Heard, Reply
from ivr.app import create_app
from ivr.desk.duty import Duty
from ivr.house import House
from ivr.incoming import Incoming
from ivr.messages import care
from ivr.simulator.bodies import Body, Direct, Moment
from ivr.simulator.over_http import OverHttp
from ivr.simulator.written import Line, WrittenCall, read_call

CALLS = sorted((Path(__file__).parent / "calls").glob("*.call"))
CALL_ID = "CA" + "0" * 32


class Twice:
    """A switchboard whose every delivery arrives twice; both must be answered alike."""

    def __init__(self, house: House) -> None:
        self._switchboard = house.switchboard

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        first = self._switchboard.take_turn(incoming, turn, heard)
        second = self._switchboard.take_turn(incoming, turn, heard)
        assert first == second, "the second delivery was answered otherwise"
        return first

    def hang_up(self, call_id: str) -> None:
        self._switchboard.hang_up(call_id)
        self._switchboard.hang_up(call_id)


class EachTurnAnotherWorker:
    """A switchboard that dies after every turn: the next turn finds only Redis and the database."""

    def __init__(self, make: Callable[[], House]) -> None:
        self._make = make

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        house = self._make()
        try:
            return house.switchboard.take_turn(incoming, turn, heard)
        finally:
            house.journal.flush()
            house.engine.dispose()

    def hang_up(self, call_id: str) -> None:
        self._make().switchboard.hang_up(call_id)


class Player:
    """Plays a written call against a body and holds what is heard against its lines."""

    def __init__(self, call: WrittenCall, body: Body, house: House) -> None:
        self._call, self._body, self._house = call, body, house
        self._moment = Moment((), "listen")
        self._heard: list[tuple[str, dict[str, object]]] = []
        self._reference = ""

    def play(self) -> None:
        """From the first ring to the last line."""
        self._hear(self._body.dial())
        for line in self._call.lines:
            getattr(self, "_" + line.word.replace(" ", "_"))(line)

    def _hear(self, moment: Moment) -> None:
        self._moment, self._heard = moment, list(moment.prompts)
        for prompt, slots in moment.prompts:
            if prompt == "buy.sold":
                self._reference = str(slots["reference"])

    def _hears(self, line: Line) -> None:
        """The prompt comes next among what was said in this turn (others may come before it)."""
        key, *expected = line.rest.split()
        if not self._moment.prompts:  # over HTTP the last word of all is known by its sound only
            assert self._house.voice_at(None).text(key, {}, "fr") in self._moment.text
            return
        keys = [prompt for prompt, _ in self._heard]
        assert key in keys, f"line {line.number}: expected {key}, heard {keys}"
        at = keys.index(key)
        slots = self._heard[at][1]
        del self._heard[: at + 1]
        for pair in expected:
            slot, _, value = pair.partition("=")
            assert str(slots.get(slot)) == value, f"line {line.number}: {slot} is {slots.get(slot)!r}"

    def _presses(self, line: Line) -> None:
        self._hear(self._body.does(Heard(keys=line.rest)))

    def _says(self, line: Line) -> None:
        self._hear(self._body.does(Heard(words=line.rest)))

    def _records(self, line: Line) -> None:
        """What is said is known by its length; over HTTP the network makes the recording."""
        name = hashlib.md5(f"{line.number} {line.rest}".encode(), usedforsecurity=False).hexdigest()
        self._hear(self._body.does(Heard(recording=f"https://carrier.invalid/Recordings/RE{name}")))

    def _is_silent(self, line: Line) -> None:
        self._hear(self._body.does(Heard()))

    def _hangs_up(self, line: Line) -> None:
        self._body.hang_up()

    def _is_hung_up(self, line: Line) -> None:
        assert self._moment.then == "hang up", f"line {line.number}: still {self._moment.then}"
        self._body.hang_up()

    def _is_transferred(self, line: Line) -> None:
        assert self._moment.then == "transfer", f"line {line.number}: {self._moment.then}"
        assert not line.rest or line.rest == self._moment.reason, (
            f"line {line.number}: because of {self._moment.reason}"
        )

    def _meanwhile(self, line: Line) -> None:
        words = line.rest.split()
        if words[0] == "nobody":  # the last agent has signed out
            duty = Duty(self._house.redis, self._house.clock, self._house.room)
            duty.seen("Pamina")
            duty.gone("Pamina")
        elif words[0] in ("category", "everything"):
            _sell_out(self._house, "la-boheme_20261215s", words[1] if words[0] == "category" else "")
        else:
            _let_others_take(self._house, self._body.call_id)

    def _sold(self, line: Line) -> None:
        sold = len(self._house.tools.clerk(self._body.call_id).order(self._reference).sold) if self._reference else 0
        assert sold == int(line.rest.split()[0]), f"line {line.number}: {sold} sold"

    def _left(self, line: Line) -> None:
        self._house.journal.flush()
        care(self._house.messages, self._house.clock())
        left = [message.call for message in self._house.messages.book.left()]
        assert left == [self._body.call_id] * int(line.rest.split()[0]), f"line {line.number}: {len(left)} left"

    def _held(self, line: Line) -> None:
        held = sum(len(hold.seats) for hold in self._house.tools.clerk(self._body.call_id).holds())
        assert held == int(line.rest.split()[0]), f"line {line.number}: {held} held"


def _sell_out(house: House, performance: str, category: str) -> None:
    """Every seat of one category, or of the house, is taken by the house itself: nobody can buy one."""
    seats = [s.id for s in read_hall("BAS").seats if s.category == (category or s.category) and s.kind == "seat"]
    house.booking.clerk("box_office", "the house").block(performance, seats, reason="guests", request="guests")


def _let_others_take(house: House, call_id: str) -> None:
    """The ten minutes pass, and somebody else holds the same seats."""
    (hold,) = house.tools.clerk(call_id).holds()
    house.clock.forward(minutes=11)  # type: ignore[attr-defined]
    seats = tuple(seat.id for seat in hold.seats)
    house.booking.clerk("web", "somebody").hold_best(
        hold.performance.id, Wish(len(seats), named=seats), request="taken"
    )


def _direct(house: House, make: Callable[[], House], incoming: Incoming) -> Body:
    return Direct(house.switchboard, house.voice_at(None), incoming)


def _twice(house: House, make: Callable[[], House], incoming: Incoming) -> Body:
    return Direct(Twice(house), house.voice_at(None), incoming)


def _other_workers(house: House, make: Callable[[], House], incoming: Incoming) -> Body:
    return Direct(EachTurnAnotherWorker(make), house.voice_at(None), incoming)


def _http(house: House, make: Callable[[], House], incoming: Incoming, *, twice: bool = False) -> Body:
    settings = house.settings
    return OverHttp(
        settings.base_url, settings.auth_token, incoming.caller, incoming.called, create_app(settings, house),
        twice=twice, language=incoming.language, peek=house.switchboard.again,
    )  # fmt: skip


def _http_twice(house: House, make: Callable[[], House], incoming: Incoming) -> Body:
    return _http(house, make, incoming, twice=True)


BODIES = {
    "direct": _direct,
    "twice": _twice,
    "other workers": _other_workers,
    "http": _http,
    "http twice": _http_twice,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_a_written_call_goes_as_it_is_written(
    path: Path, body: Callable[..., Body], make_house: Callable[[], House]
) -> None:
    call, house = read_call(path), make_house()
    incoming = Incoming(CALL_ID, call.caller, "+33199000111", call.language)

    caller = body(house, make_house, incoming)

    with closing(caller):
        Player(call, caller, house).play()
