"""The desk: who waits, taking a caller, the seats, and the carrier's questions about the bridge."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from ivr.desk.bridge import BadNumber, dialable
from ivr.desk.desk import Desk
from ivr.house import House
from ivr.pages.parts import REGIONS
from ivr.records.accounts import StaffAudit

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
CALLER = "+33612345678"


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk behind the pages."""
    found: Desk = app.view_functions["desk.desk"].__wrapped__.__self__._desk  # type: ignore[attr-defined]
    return found


def test_at_a_glance_who_why_what_and_which_seats(pamina: Any, waits: Any, holds: Any, on_sale: Any) -> None:
    hold = holds(waits(quantity=2, production=on_sale.production))

    page = pamina.text("/desk")

    assert "+33 6 12 34 56 78" in page and "deux places" in page
    assert "2 places, La Bayadère, ven. 4 déc., au parterre" in page and "<dt>Places</dt><dd>2</dd>" in page
    assert hold.seats[0].section_name("fr") in page and "Prendre l’appel" in page
    assert page.count(on_sale.title or "La Bayadère") >= 2, "as a wish and as a hold, both by title"


def test_a_caller_who_hides_her_number_is_served_too(pamina: Any, waits: Any) -> None:
    waits(caller="")

    assert "Numéro masqué" in pamina.text("/desk")


def test_what_callers_say_is_text_and_nothing_else(pamina: Any, waits: Any) -> None:
    waits(words="<script>alert(1)</script><img src=x onerror=alert(2)>", production="</dd><script>alert(3)</script>")

    for path in ("/desk", f"/calls/{CALL}"):
        page = pamina.text(path)
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_taking_rings_the_agent_and_talking_keeps_the_seats(
    pamina: Any, waits: Any, holds: Any, house: House, ear: Any, carrier: Any
) -> None:
    hold = holds(waits())

    pamina.post(f"/desk/take/{CALL}")

    (asked,) = ear.heard
    assert asked.path == f"/2010-04-01/Accounts/AC{'0' * 32}/Calls/{CALL}.json"
    number = ElementTree.fromstring(asked.form["Twiml"]).find("Dial/Number")
    assert number is not None and number.text == "+33199000123"
    assert [kept.id for kept in house.booking.clerk("phone", CALL).holds()] == [hold.id]
    carrier.answer(f"/voice/desk/answer/{CALL}", Digits="1")
    assert house.booking.clerk("phone", CALL).holds() == (), "a lost call must not lose them"
    (kept,) = house.booking.clerk("agent", f"desk:{CALL}").holds()
    assert kept.seats == hold.seats
    assert "Votre appel" in pamina.text("/desk")
    assert "Vendre : " in pamina.text(f"/desk/caller/{CALL}")


def test_a_second_agent_is_told_that_somebody_was_quicker(pamina: Any, signed_in: Any, waits: Any, ear: Any) -> None:
    waits()
    sarastro = signed_in("Sarastro")

    pamina.post(f"/desk/take/{CALL}")
    sarastro.post(f"/desk/take/{CALL}")

    assert "Cet appel vient d’être pris" in sarastro.text("/desk").replace("&#39;", "’")
    assert len(ear.heard) == 1


def test_when_the_carrier_refuses_the_caller_keeps_place_and_seats(
    pamina: Any, waits: Any, holds: Any, house: House, ear: Any
) -> None:
    hold = holds(waits())
    waits(OTHER)
    ear.status = 400

    pamina.post(f"/desk/take/{CALL}")

    assert house.room.position(CALL) == 1
    assert [kept.id for kept in house.booking.clerk("phone", CALL).holds()] == [hold.id]


def test_without_a_telephone_nobody_is_taken(pamina: Any, waits: Any, accounts: Any, ear: Any) -> None:
    waits()
    accounts.set_phone("Pamina", "")

    assert "Prendre l’appel" not in pamina.text("/desk")
    pamina.post(f"/desk/take/{CALL}")

    assert ear.heard == []


def test_the_agent_hears_who_it_is_and_takes_the_call_with_1(
    pamina: Any, waits: Any, carrier: Any, house: House, on_sale: Any
) -> None:
    waits(production=on_sale.production, quantity=2)
    pamina.post(f"/desk/take/{CALL}")

    whisper = carrier.answer(f"/voice/desk/whisper/{CALL}")
    gather = whisper.find("Gather")
    assert gather is not None and gather.get("numDigits") == "1" and whisper[-1].tag == "Hangup"
    said = gather.findtext("Say") or ""
    assert "Demande un conseiller" in said and "Places : 2" in said

    connected = carrier.answer(f"/voice/desk/answer/{CALL}", Digits="1")
    assert list(connected) == [], "an empty document connects the two"
    found = house.room.find(CALL)
    assert found and found.state == "talking"
    assert "Vous êtes en ligne" in pamina.text("/desk")


def test_an_agent_who_declines_leaves_the_caller_at_the_head_of_the_queue(
    pamina: Any, waits: Any, holds: Any, carrier: Any, house: House
) -> None:
    holds(waits())
    waits(OTHER)
    pamina.post(f"/desk/take/{CALL}")

    assert carrier.answer(f"/voice/desk/answer/{CALL}", Digits="2")[0].tag == "Hangup"
    after = carrier.answer(f"/voice/desk/after/{CALL}", DialCallStatus="completed")

    assert (after.findtext("Redirect") or "").endswith("/voice/again")
    assert house.room.position(CALL) == 1
    assert len(house.booking.clerk("phone", CALL).holds()) == 1


def test_an_agent_who_does_not_answer_leaves_the_caller_at_the_head_too(
    pamina: Any, waits: Any, carrier: Any, house: House
) -> None:
    waits(), waits(OTHER)
    pamina.post(f"/desk/take/{CALL}")

    after = carrier.answer(f"/voice/desk/after/{CALL}", DialCallStatus="no-answer")

    assert after.find("Redirect") is not None
    assert house.room.position(CALL) == 1


def test_after_the_talk_the_call_is_over_and_the_agent_free(
    pamina: Any, waits: Any, carrier: Any, house: House
) -> None:
    waits()
    pamina.post(f"/desk/take/{CALL}")
    carrier.answer(f"/voice/desk/answer/{CALL}", Digits="1")

    after = carrier.answer(f"/voice/desk/after/{CALL}", DialCallStatus="completed")

    assert after[0].tag == "Hangup"
    assert house.room.taken() == ()
    assert "a raccroché" in pamina.text("/desk")


def test_seats_can_be_sold_after_the_caller_has_hung_up_and_are_free_when_the_agent_is_done(
    pamina: Any, waits: Any, holds: Any, carrier: Any, desk: Desk, house: House
) -> None:
    holds(waits())
    pamina.post(f"/desk/take/{CALL}")
    carrier.answer(f"/voice/desk/answer/{CALL}", Digits="1")

    carrier.post("/voice/ended", CallSid=CALL, CallStatus="completed")

    assert "Vendre : " in pamina.text(f"/desk/caller/{CALL}") and len(desk.seats.of(CALL)) == 1
    pamina.post(f"/desk/caller/{CALL}/done", reason="book", outcome="nothing")
    assert desk.seats.of(CALL) == ()


def test_held_seats_stay_held_while_their_caller_waits(waits: Any, holds: Any, settings: Any, on_sale: Any) -> None:
    """The house's clock goes on here: ten minutes are over, and the music has been asked for meanwhile."""
    from datetime import timedelta

    from ivr.desk import keep_seats
    from ivr.house import put_together

    hold = holds(waits())
    later = hold.held_until - timedelta(minutes=1)
    house = put_together(settings, lambda: later)

    keep_seats(house.booking, CALL, later)

    (kept,) = house.booking.clerk("phone", CALL).holds()
    assert kept.held_until > hold.held_until
    house.engine.dispose()
    house.redis.close()


def test_a_caller_who_hangs_up_while_it_rings_lets_her_seats_go(
    pamina: Any, waits: Any, holds: Any, carrier: Any, desk: Desk
) -> None:
    holds(waits())
    pamina.post(f"/desk/take/{CALL}")

    carrier.post("/voice/ended", CallSid=CALL, CallStatus="completed")

    assert desk.seats.of(CALL) == ()


def test_a_caller_who_has_gone_is_not_whispered_about(waits: Any, carrier: Any, house: House, app: Flask) -> None:
    waits()
    house.room.leave(CALL, "hangup")

    assert carrier.answer(f"/voice/desk/whisper/{CALL}")[0].tag == "Hangup"


@pytest.mark.parametrize("step", ["whisper", "answer", "after"])
def test_a_stranger_cannot_play_the_carrier(app: Flask, carrier: Any, step: str) -> None:
    assert carrier.post_signed(f"/voice/desk/{step}/{CALL}", {"Digits": "1"}, "forged").status_code == 403


def test_an_agent_puts_a_caller_back_in_her_place(pamina: Any, waits: Any, holds: Any, house: House, ear: Any) -> None:
    holds(waits())
    waits(OTHER)
    pamina.post(f"/desk/take/{CALL}")

    pamina.post(f"/desk/back/{CALL}")

    assert ear.heard[-1].form["Url"].endswith("/voice/again")
    assert house.room.position(CALL) == 1
    assert len(house.booking.clerk("phone", CALL).holds()) == 1


def test_nobody_touches_another_agent_s_caller(
    signed_in: Any, pamina: Any, waits: Any, holds: Any, house: House, desk: Desk
) -> None:
    hold = holds(waits())
    pamina.post(f"/desk/take/{CALL}")
    desk.answered(CALL)
    sarastro = signed_in("Sarastro")

    for path in (f"/desk/back/{CALL}", f"/desk/caller/{CALL}/seats/{hold.id}/release", f"/desk/caller/{CALL}/sell"):
        sarastro.post(path, hold=hold.id, collection="post")
        assert "Cet appel n’est plus le vôtre" in sarastro.text("/desk")
    sarastro.post(f"/desk/caller/{CALL}/done", reason="book", outcome="nothing")

    assert len(house.booking.clerk("agent", f"desk:{CALL}").holds()) == 1


def test_an_agent_sells_the_held_seats_and_reads_out_the_reference(
    pamina: Any, waits: Any, holds: Any, house: House, desk: Desk
) -> None:
    hold = holds(waits())
    pamina.post(f"/desk/take/{CALL}")

    pamina.post(f"/desk/caller/{CALL}/sell", request="once", hold=hold.id, collection="box_office")

    deed = StaffAudit(house.engine, house.clock).latest(1)[0]
    assert (deed.who, deed.did) == ("Pamina", "sell_seats")
    assert deed.facts["reference"] in pamina.text(f"/desk/caller/{CALL}")
    assert desk.seats.of(CALL) == ()


def test_seats_that_were_let_go_say_so(pamina: Any, waits: Any, holds: Any, desk: Desk) -> None:
    hold = holds(waits())
    pamina.post(f"/desk/take/{CALL}")

    pamina.post(f"/desk/caller/{CALL}/seats/{hold.id}/release")
    assert desk.seats.of(CALL) == ()

    pamina.post(f"/desk/caller/{CALL}/sell", hold=hold.id, collection="box_office")
    assert "quelqu’un a pris une de ces places" in pamina.text(f"/desk/caller/{CALL}")


def test_a_call_reads_as_a_conversation(pamina: Any, waits: Any) -> None:
    waits(words="deux places pour samedi")

    page = pamina.text(f"/calls/{CALL}")

    assert page.index("Je ne vous entends pas.") < page.index("deux places pour samedi") < page.index("Un instant")
    assert pamina.get("/calls/CA-unknown").status_code == 404


def test_all_calls_of_one_caller_stand_on_her_page(pamina: Any, waits: Any) -> None:
    waits(), waits(OTHER), waits("CA" + "3" * 32, caller="+33698765432")

    page = pamina.text(f"/calls/{CALL}/caller")

    assert f"/calls/{OTHER}" in page and "CA333" not in page
    assert "612345678" not in page.replace(" ", "").replace("+33612345678", ""), "shown as people write it"


def test_operators_see_numbers_shortened(papageno: Any, pamina: Any, waits: Any) -> None:
    waits()

    assert "+33 6 •• •• •• 78" in papageno.text("/calls")
    assert "+33 6 12 34 56 78" in pamina.text("/calls")


def test_an_open_page_is_told_when_somebody_comes(pamina: Any, waits: Any) -> None:
    lines = pamina.get("/desk/live", buffered=False, headers={"Accept": "text/event-stream"}).response
    first, heartbeat = next(lines), next(lines)

    waits()

    assert b"retry" in first and heartbeat.startswith(b":")
    assert b'"entered"' in next(lines)
    lines.close()


def test_only_so_many_streams_are_open_at_once_and_a_closed_one_makes_room(pamina: Any) -> None:
    streams = [pamina.get("/desk/live", buffered=False) for _ in range(5)]

    assert [stream.status_code for stream in streams] == [200] * 4 + [204]
    for stream in streams:
        stream.close()
    again = pamina.get("/desk/live", buffered=False)
    assert again.status_code == 200
    again.close()


def test_a_pause_is_shown_to_the_team(pamina: Any, desk: Desk) -> None:
    pamina.text("/desk")
    pamina.post("/desk/pause", paused="yes")

    assert [agent.state for agent in desk.duty.agents()] == ["paused"]
    assert "en pause" in pamina.text("/desk")


@pytest.mark.parametrize("good", ["01 99 00 01 23", "+33199000123", "+44 1632 960001"])
def test_telephones_that_may_be_rung(good: str) -> None:
    assert dialable(good, REGIONS).startswith("+")


@pytest.mark.parametrize(
    "bad",
    ["", "0899 12 34 56", "+33 892 89 90 90", "+882 13 300 655", "sip:a@b", "+33199000123;ext=9", "٠١٢٣", "12",
     "+1 900 555 0123"],
)
def test_telephones_that_would_cost_the_house_are_refused(pamina: Any, accounts: Any, bad: str) -> None:
    with pytest.raises(BadNumber):
        dialable(bad, REGIONS)

    pamina.post("/desk/phone", phone=bad)

    assert accounts.named("Pamina").phone == "+33199000123"


def test_a_caller_s_page_shows_name_and_orders(
    pamina: Any, papageno: Any, waits: Any, holds: Any, house: House
) -> None:
    hold = holds(waits())
    customer = house.booking.customer(CALLER)
    order = house.booking.clerk("phone", CALL).confirm(hold.id, customer=customer.id, request="sold")

    pamina.post(f"/calls/{CALL}/caller", name="Mimì")

    page = pamina.text(f"/calls/{CALL}/caller")
    assert 'value="Mimì"' in page and order.reference in page and "2 places" in page
    assert "Mimì · +33 6 12 34 56 78" in pamina.text("/desk")
    seen_by_operator = papageno.text(f"/calls/{CALL}/caller")
    assert "Mimì" not in seen_by_operator and order.reference not in seen_by_operator
    assert papageno.post(f"/calls/{CALL}/caller", name="x").status_code == 403
