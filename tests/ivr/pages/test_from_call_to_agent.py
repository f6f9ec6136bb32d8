"""From the caller’s «conseiller» to the agent’s voice: real webhooks, TwiML and REST, on the local network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from twilio.rest import Client

from ivr.app import create_app
from ivr.desk import Line as CarrierLine
from ivr.house import House
from ivr.settings import Settings
from ivr.simulator import Line, Network
from ivr.simulator.body import FarEnd
from ivr.simulator.rest import official_client

AGENT_PHONE = "+33199000123"


class AgentsTelephone(FarEnd):
    """An agent who picks up, hears the whisper, and presses a key."""

    def __init__(self, key: str, outcome: str = "answer", talk: float | None = None) -> None:
        super().__init__(outcome, after=3, talk=talk, from_bridge=True)
        self.key, self.heard = key, ""

    async def play(self, call: Any, piece: Any) -> None:
        """The whisper."""
        self.heard += piece.text
        await super().play(call, piece)
        call.press(self.key)


@dataclass(frozen=True)
class _NetworkLine(CarrierLine):
    """The line to the network in this process."""

    carrier: Any = None

    def client(self) -> Client:
        """The official client, as ever."""
        return official_client(self.carrier)


class _Later:
    """The network wants the product, the product the network: the app is put in when it is there."""

    app: Flask

    def __call__(self, environ: Any, start: Any) -> Any:
        """A WSGI application."""
        return self.app(environ, start)


@pytest.fixture
def network(settings: Settings) -> Iterator[Network]:
    """A telephone network in front of the house."""
    with Network(settings.base_url, auth_token=settings.auth_token, http=_Later(), seed="desk") as network:
        yield network


@pytest.fixture
def app(settings: Settings, house: House, accounts: Any, network: Network) -> Flask:
    """The house, with its line to the network."""
    line = _NetworkLine("", network.carrier.account_sid, settings.auth_token, "+33199000111", network.carrier)
    app = create_app(settings, replace(house, line=line))
    _Later.app = app
    return app


@pytest.fixture
def caller(app: Flask, network: Network, settings: Settings) -> Line:
    """A caller who wants a person and hears the music."""
    line = Line(settings.base_url, caller="+33612345678", network=network)
    line.dial()
    for _ in range(4):
        if line.now().queued:
            break
        line.press("0")
    assert line.now().queued, line.now()
    return line


def test_the_agent_hears_who_it_is_presses_1_and_talks(
    caller: Line, network: Network, pamina: Any, house: House
) -> None:
    telephone = AgentsTelephone("1", talk=60)
    network.carrier.connect(AGENT_PHONE, telephone)
    assert "+33 6 12 34 56 78" in pamina.text("/desk")

    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(10)

    assert caller.now().bridged
    assert "Demande un conseiller" in telephone.heard
    assert "Vous êtes en ligne" in pamina.text("/desk")

    network.wait(120)
    assert caller.now().ended
    assert "L’appelant a raccroché" in pamina.text("/desk")
    pamina.post(f"/desk/caller/{caller.call_sid}/done", reason="book", outcome="informed")
    assert "Votre appel" not in pamina.text("/desk")


@pytest.mark.parametrize(("key", "outcome"), [("2", "answer"), ("1", "no-answer"), ("1", "busy")])
def test_who_is_not_reached_or_declines_leaves_the_caller_in_the_queue(
    caller: Line, network: Network, pamina: Any, house: House, key: str, outcome: str
) -> None:
    network.carrier.connect(AGENT_PHONE, AgentsTelephone(key, outcome))

    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(40)

    moment = caller.now()
    assert moment.queued and not moment.ended
    assert house.room.position(caller.call_sid) == 1
    assert "Prendre l’appel" in pamina.text("/desk")


def test_a_caller_who_hangs_up_while_it_rings_is_rung_about_no_more(
    caller: Line, network: Network, pamina: Any, house: House
) -> None:
    telephone = AgentsTelephone("1", "no-answer")
    network.carrier.connect(AGENT_PHONE, telephone)
    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(5)

    caller.hang_up()
    network.wait(5)

    assert house.room.find(caller.call_sid) is None
    legs = [call for call in network.carrier.calls.values() if call.sid != caller.call_sid]
    assert legs and all(call.is_over for call in legs), "the agent's telephone has stopped ringing"


def test_a_caller_who_hangs_up_while_waiting_disappears(caller: Line, pamina: Any) -> None:
    caller.hang_up()

    assert "Personne n’attend" in pamina.text("/desk")


def test_a_caller_put_back_hears_the_music_again_and_can_be_taken_again(
    caller: Line, network: Network, pamina: Any
) -> None:
    telephone = AgentsTelephone("1")
    network.carrier.connect(AGENT_PHONE, telephone)
    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(10)

    pamina.post(f"/desk/back/{caller.call_sid}")
    network.wait(10)
    assert caller.now().queued

    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(10)
    assert caller.now().bridged


@pytest.fixture
def evening(house: House) -> Any:
    """A performance that the desk and the telephone sell."""
    clerk = house.booking.clerk("phone", "nobody")
    return next(each for each in clerk.performances("la-boheme", on_sale=True) if each.kind == "normal")


def talks(caller: Line, network: Network, pamina: Any) -> str:
    """Agent and caller are talking; where her page is."""
    network.carrier.connect(AGENT_PHONE, AgentsTelephone("1"))
    pamina.post(f"/desk/take/{caller.call_sid}")
    network.wait(10)
    assert caller.now().bridged
    return f"/desk/caller/{caller.call_sid}"


def test_an_agent_finds_the_seats_and_the_machine_sells_them(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", section="BAL1", request="a")
    (hold,) = house.booking.clerk("agent", f"desk:{caller.call_sid}").holds()

    for _ in range(2):
        pamina.post(f"{page}/voice/{hold.id}")
    network.wait(20)

    moment = caller.now()
    assert not moment.bridged and moment.listens
    seats = hold.seats
    assert house.booking.clerk("phone", caller.call_sid).holds()[0].seats == seats
    assert "avec le serveur vocal" in pamina.text(page)
    heard = caller.press("1")
    assert "billet" in heard.said
    sold = caller.press("2")
    assert "référence" in sold.said.lower()
    customer = house.booking.customer("+33612345678")
    (order,) = house.booking.orders_of(customer.id)
    assert {line.seat for line in order.sold} == {seat.id for seat in seats} and order.channel == "phone"

    pamina.post(f"{page}/done", reason="book", outcome="voice", request="b")
    assert "Votre appel" not in pamina.text("/desk") and not caller.now().ended


def test_a_caller_given_back_may_ask_for_a_person_again_with_her_seats(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="a")
    (hold,) = house.booking.clerk("agent", f"desk:{caller.call_sid}").holds()
    pamina.post(f"{page}/voice/{hold.id}")
    network.wait(20)

    caller.press("0")
    network.wait(5)

    assert caller.now().queued
    assert "Prendre l’appel" in pamina.text("/desk")
    assert len(house.booking.clerk("phone", caller.call_sid).holds()) == 1


def test_seats_the_machine_cannot_sell_stay_with_the_agent(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page = talks(caller, network, pamina)
    clerk = house.booking.clerk("agent", f"desk:{caller.call_sid}")
    reduced = next(each for each in clerk.performances(on_sale=True) if "under40" in each.tariffs)
    pamina.post(f"{page}/hold/{reduced.id}", quantity="2", tariff="under40", eligible="under40", request="a")
    (hold,) = clerk.holds()

    pamina.post(f"{page}/voice/{hold.id}")
    assert "ne connaît pas ce tarif" in pamina.text(page)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="b")
    pamina.post(f"{page}/voice/{clerk.holds()[0].id}")
    assert "une représentation à la fois" in pamina.text(page)

    assert len(clerk.holds()) == 2 and caller.now().bridged


def test_a_caller_who_has_hung_up_cannot_be_given_back_and_her_seats_stay(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="a")
    clerk = house.booking.clerk("agent", f"desk:{caller.call_sid}")
    caller.hang_up()
    network.wait(2)

    pamina.post(f"{page}/voice/{clerk.holds()[0].id}")

    assert "Les places restent retenues chez vous" in pamina.text(page) and len(clerk.holds()) == 1


def given_back(caller: Line, network: Network, pamina: Any, house: House, evening: Any) -> tuple[str, Any]:
    """Seats were found, and the button «back to the voice line» is pressed; the page, and what was held."""
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="a")
    (hold,) = house.booking.clerk("agent", f"desk:{caller.call_sid}").holds()
    pamina.post(f"{page}/voice/{hold.id}")
    network.wait(20)
    return page, hold


def test_when_the_carrier_refuses_caller_and_seats_stay_with_the_agent_who_may_try_again(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="a")
    clerk = house.booking.clerk("agent", f"desk:{caller.call_sid}")
    (hold,) = clerk.holds()
    seats, talks_before = hold.seats, house.room.usual_talk()
    network.carrier.asks_per_second = 0

    for _ in range(2):
        pamina.post(f"{page}/voice/{clerk.holds()[0].id}")
        assert "L’opérateur téléphonique n’a pas repassé l’appel" in pamina.text(page)
        found = house.room.find(caller.call_sid)
        assert found and (found.state, found.left) == ("talking", "") and caller.now().bridged
        assert [taken.call_id for taken in house.room.taken()] == [caller.call_sid]
    assert clerk.holds()[0].seats == seats and house.room.usual_talk() == talks_before
    network.carrier.asks_per_second = None

    pamina.post(f"{page}/voice/{clerk.holds()[0].id}")
    network.wait(20)
    moment = caller.now()
    assert not moment.bridged and moment.listens
    assert house.booking.clerk("phone", caller.call_sid).holds()[0].seats == seats


def test_a_caller_the_carrier_would_not_give_back_can_still_be_put_back_into_the_queue(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    """And does not hear the offer there: her call is again what it was."""
    page = talks(caller, network, pamina)
    pamina.post(f"{page}/hold/{evening.id}", quantity="2", request="a")
    network.carrier.asks_per_second = 0
    pamina.post(f"{page}/voice/{house.booking.clerk('agent', f'desk:{caller.call_sid}').holds()[0].id}")
    network.carrier.asks_per_second = None

    pamina.post(f"/desk/back/{caller.call_sid}")
    network.wait(10)

    assert caller.now().queued and house.room.position(caller.call_sid) == 1


def test_seats_given_back_are_no_longer_shown_as_the_agent_s(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page, hold = given_back(caller, network, pamina, house, evening)
    shown = pamina.text(page)
    assert hold.id not in shown and 'id="evening-title"' not in shown and "Places retenues" not in shown
    assert "Vendre : " not in pamina.text(f"{page}/now")

    caller.press("2")

    shown = pamina.text(page)
    assert "Ces places ont été prises" not in shown, "she declined them herself"


def test_after_back_to_the_voice_line_the_agent_s_buttons_do_nothing(
    caller: Line, network: Network, pamina: Any, house: House, evening: Any
) -> None:
    page, _ = given_back(caller, network, pamina, house, evening)
    (hers,) = house.booking.clerk("phone", caller.call_sid).holds()
    buttons = {
        f"{page}/seats/{hers.id}/release": {}, f"{page}/sell": {"hold": hers.id, "collection": "post"},
        f"{page}/hold/{evening.id}": {"quantity": "1"}, f"/desk/back/{caller.call_sid}": {},
    }  # fmt: skip

    for path, fields in buttons.items():
        pamina.post(path, request="late", **fields)
        assert "L’appelant est de nouveau avec le serveur vocal, qui" in pamina.text("/desk"), path

    assert house.booking.clerk("phone", caller.call_sid).holds() == (hers,) and caller.now().listens
    assert house.booking.clerk("agent", f"desk:{caller.call_sid}").holds() == ()
