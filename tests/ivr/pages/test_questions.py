"""However many wait and however many messages lie there, a page asks the database as often as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from booking import Wish
from ivr.house import House
from ivr.records.messages import LEFT
from prompts import mulaw_wav

A_HANDFUL = 10
"""Questions for all cards together."""


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def call(number: int) -> str:
    return f"CA{number:032x}"


@pytest.fixture
def asked(pamina: Any, house: House) -> Callable[[str], int]:
    """How many statements a page takes."""

    def count(path: str) -> int:
        pamina.text(path)  # whatever is remembered from page to page is
        with counted(house.engine) as seen:
            pamina.text(path)
        return len(seen)

    return count


@pytest.fixture
def queue(waits: Callable[..., str], house: House, on_sale: Any) -> Callable[[range], None]:
    """So many wait, most with seats held and a name, some with neither number nor seats."""

    def fill(numbers: range) -> None:
        for number in numbers:
            phone = f"+336123456{number:02}" if number % 4 else ""
            waits(call(number), phone)
            if phone:
                house.booking.change_customer(house.booking.customer(phone).id, name=f"Mimì {number}")
                clerk = house.booking.clerk("phone", call(number))
                clerk.hold_best(on_sale.id, Wish(quantity=1), request=f"{number}")

    return fill


def test_the_queue_is_read_in_a_handful_of_questions(
    asked: Callable[[str], int], queue: Callable[[range], None], pamina: Any
) -> None:
    nobody = asked("/desk")
    queue(range(1, 3))
    two = asked("/desk")
    queue(range(3, 11))

    assert asked("/desk") == two <= nobody + A_HANDFUL
    page = pamina.text("/desk")
    assert all(f">Mimì {number}<" in page for number in (1, 2, 3, 5, 6, 7, 9, 10))
    assert page.count('number">Numéro masqué') == 2 and page.count('class="held-line"') == 8


def test_messages_are_read_in_a_handful_of_questions(
    asked: Callable[[str], int], queue: Callable[[range], None], house: House, pamina: Any
) -> None:
    def leave(numbers: range) -> None:
        queue(numbers)
        for number in numbers:
            phone = f"+336123456{number:02}" if number % 4 else ""
            for kind, name in (("message", f"RE{number:032x}"), ("name", f"RE{number + 99:032x}")):
                house.messages.note(f"/Recordings/{name}", kind, call(number), phone, "", "fr")
                house.messages.book.settle(name, LEFT)
                house.messages.book.fetched(name, house.messages.sounds.keep(name, mulaw_wav.wrapped(b"\x20" * 800)))

    nothing = asked("/desk/messages")
    leave(range(1, 3))
    two = asked("/desk/messages")
    leave(range(3, 11))

    assert asked("/desk/messages") == two <= nothing + A_HANDFUL
    page = pamina.text("/desk/messages")
    assert page.count("<li class=\"card letter\"") == 10 and page.count("deux places") == 10
    assert all(f">Mimì {number}<" in page for number in (1, 2, 3, 5, 6, 7, 9, 10))
