"""The messages' page: agents only, every button with its token, one agent a message; and how the desk is to callers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ivr.app import create_app
from ivr.desk.duty import Duty
from ivr.incoming import Incoming
from ivr.records.messages import LEFT
from prompts import mulaw_wav

RECORDING, NAME = "RE" + "7" * 32, "RE" + "8" * 32


@pytest.fixture
def message(house: Any) -> str:
    """A message lies on the desk."""
    for kind, name in (("message", RECORDING), ("name", NAME)):
        house.messages.note(f"/Recordings/{name}", kind, "CA1", "+33612345678", "", "fr")
        house.messages.book.settle(name, LEFT)
        house.messages.book.fetched(name, house.messages.sounds.keep(name, mulaw_wav.wrapped(b"\x20\x90" * 8_000)))
    return RECORDING


def test_agents_see_it_and_hear_it(pamina: Any, message: str) -> None:
    page, sound = pamina.text("/desk/messages"), pamina.get(f"/desk/messages/{message}.wav")

    assert "+33 6 12 34 56 78" in page and "La transcription arrive" in page
    assert "1 message à traiter" in pamina.text("/desk")
    assert (sound.status_code, sound.data[:4], sound.headers["Cache-Control"]) == (200, b"RIFF", "no-store")
    part = pamina.get(f"/desk/messages/{message}.wav", headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)


@pytest.mark.parametrize("path", ["/desk/messages", f"/desk/messages/{RECORDING}.wav"])
def test_nobody_else_does(visitor: Any, papageno: Any, message: str, path: str) -> None:
    assert visitor().get(path).status_code == 302
    assert papageno.get(path).status_code == 403


@pytest.mark.parametrize("path", [
    f"/desk/messages/{RECORDING}/take", f"/desk/messages/{RECORDING}/name", "/desk/messages/consent/c1",
])  # fmt: skip
def test_every_button_needs_its_token(pamina: Any, visitor: Any, house: Any, message: str, path: str) -> None:
    assert pamina.post(path, token="").status_code == 400
    assert visitor().post(path).status_code == 401
    assert house.messages.book.get(message).taken_by == ""


@pytest.mark.parametrize("name", ["RE" + "9" * 32, "..%2F..%2Fsecret_key", "RE" + "7" * 31])
def test_there_is_no_sound_but_of_messages(pamina: Any, message: str, name: str) -> None:
    assert pamina.get(f"/desk/messages/{name}.wav").status_code == 404


def test_a_draft_is_nobody_s_to_hear_yet(pamina: Any, house: Any) -> None:
    """The caller may still erase it."""
    house.messages.note(f"/Recordings/{RECORDING}", "message", "CA1", "+33612345678", "", "fr")
    house.messages.book.fetched(RECORDING, house.messages.sounds.keep(RECORDING, mulaw_wav.wrapped(b"\x20" * 8_000)))

    assert pamina.get(f"/desk/messages/{RECORDING}.wav").status_code == 404
    assert RECORDING not in pamina.text("/desk/messages")


def test_one_agent_takes_it_and_another_is_told(pamina: Any, signed_in: Callable[[str], Any], message: str) -> None:
    sarastro = signed_in("Sarastro")
    pamina.post(f"/desk/messages/{message}/take")

    sarastro.post(f"/desk/messages/{message}/done")

    assert "chez quelqu’un d’autre" in sarastro.text("/desk/messages")
    pamina.post(f"/desk/messages/{message}/done")
    assert message not in pamina.text("/desk/messages")
    assert "traité par Pamina" in pamina.text("/desk/messages?done=yes")
    assert {"message_take", "message_done"} <= set(pamina_deeds(sarastro))


def pamina_deeds(supervisor: Any) -> list[str]:
    page = supervisor.text("/staff/log")
    return [deed for deed in ("message_take", "message_done") if deed in page]


def test_what_callers_say_is_text_and_nothing_else(pamina: Any, house: Any, message: str) -> None:
    house.messages.book.wrote(message, "written", words="<script>alert(1)</script>", confidence=0.5, engine="vosk")
    house.messages.book.wrote(NAME, "written", words='"><img src=x>', engine="vosk")

    page = pamina.text("/desk/messages")

    assert "<script>alert" not in page and "<img src=x" not in page.lower()


def test_a_name_goes_into_the_profile_only_from_a_known_number(pamina: Any, house: Any, message: str) -> None:
    assert pamina.post(f"/desk/messages/{message}/name", name="Claire Dupont").status_code == 303
    assert house.booking.customer("+33612345678").name == "Claire Dupont"
    assert pamina.post(f"/desk/messages/{'RE' + '9' * 32}/name", name="x").status_code == 404


def test_a_name_that_cannot_be_kept_is_not_said_to_be(pamina: Any, house: Any) -> None:
    """The carrier has told a number that is none."""
    house.messages.note(f"/Recordings/{RECORDING}", "message", "CA1", "anonymous", "", "fr")
    house.messages.book.settle(RECORDING, LEFT)

    pamina.post(f"/desk/messages/{RECORDING}/name", name="Claire Dupont")

    page = pamina.text("/desk/messages")
    assert "Nom enregistré" not in page and "Ce souhait ne se lit pas : le numéro" in page


def test_a_look_at_a_page_makes_no_profile(pamina: Any, house: Any, message: str, clock: Any) -> None:
    """Of somebody who was erased, or whom an old release of ours did not know."""
    house.room.enter("CA1", "+33612345678", "agent", {}, "fr")
    house.room.claim("CA1", "Pamina")
    house.room.answered("CA1")
    house.calls.forget("nobody", after=None, told=[house.journal.begun(Incoming("CA1", "+33612345678"))])
    house.journal.flush()

    for path in ("/desk", "/desk/messages", "/desk/caller/CA1", "/desk/caller/CA1/now", "/calls/CA1/caller"):
        assert "+33 6 12 34 56 78" in pamina.text(path), path
    pamina.text("/desk/people?q=0612345678")

    assert house.booking.find_customers("612345678") == ()


def test_who_is_erased_leaves_no_word_behind(signed_in: Any, house: Any, message: str) -> None:
    """Neither messages nor spoken names, nor whose her calls were; what others left is theirs."""
    other = "RE" + "5" * 32
    house.messages.note(f"/Recordings/{other}", "message", "CA5", "+33698765432", "", "fr")
    house.messages.book.settle(other, LEFT)
    house.messages.book.wrote(message, "written", words="rappelez-moi", engine="vosk")
    customer = house.booking.customer("+33612345678", name="Mimì")
    begun = house.journal.begun(Incoming("CA1", "+33612345678"), customer.id)
    house.calls.forget("nobody", after=None, told=[begun])
    house.journal.flush()
    sarastro = signed_in("Sarastro")

    sarastro.post(f"/desk/people/{customer.id}/erase")

    book = house.messages.book
    for name in (RECORDING, NAME):
        gone = book.get(name)
        assert (gone.caller, gone.customer, gone.words, gone.state) == ("", "", "", "dropped")
        assert not house.messages.sounds.has(name) and sarastro.get(f"/desk/messages/{name}.wav").status_code == 404
    assert {one.id for one in book.to_erase(house.clock(), 9)} == {RECORDING, NAME}, "the carrier is asked next"
    book.wrote(message, "written", words="too late", engine="vosk")
    assert book.get(message).words == "", "a decoder that was at it is not listened to"
    page = sarastro.text("/desk/messages")
    assert [letter.id for letter in book.left()] == [other] and "+33 6 12 34 56 78" not in page
    assert "+33 6 12" not in sarastro.text("/calls") and house.booking.find_customers("612345678") == ()


def test_a_consent_can_be_taken_back_of_a_customer_we_know(pamina: Any, house: Any) -> None:
    customer = house.booking.customer("+33612345678")
    house.consents.answered("+33612345678", "yes", "CA1", "fr")

    assert pamina.post(f"/desk/messages/consent/{customer.id}").status_code == 303
    assert house.booking.customer("+33612345678").consent == {"recording": False}
    assert house.consents.of(customer.id).by == "Pamina"
    assert pamina.post("/desk/messages/consent/nobody").status_code == 404


def test_a_house_that_takes_no_messages_shows_no_count(settings: Any, house: Any, accounts: Any) -> None:
    from ivr.house import put_together

    none = replace(settings, keep_messages_days=0)
    app = create_app(none, put_together(none, house.clock))
    with app.test_request_context():
        context: dict[str, Any] = {}
        app.update_template_context(context)

        assert context["messages_waiting"]() is None


def test_how_the_desk_is(house: Any, clock: Any) -> None:
    """Never opened: unknown. Open; with a long line, busy; all paused or signed out, away; a minute unseen, away."""
    duty = Duty(house.redis, house.clock, house.room)
    assert duty.condition() == "unused"
    duty.seen("Pamina")
    assert duty.condition() == "open"
    duty.pause("Pamina", True)
    assert duty.condition() == "away"
    duty.pause("Pamina", False)
    for number in range(4):
        house.room.enter(f"CA{number}", "", "agent", {}, "fr")
    assert duty.condition() == "busy"
    clock.forward(seconds=61)
    assert duty.condition() == "away"
    duty.seen("Pamina")
    duty.gone("Pamina")
    assert duty.condition() == "away"
    assert duty.agents() == ()
